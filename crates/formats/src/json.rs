//! JSON as exports hold it: one value at a time, strings borrowed where they need no unescaping,
//! and object keys in the order of the file.

mod scanner;

pub(crate) use scanner::{ScanError, Scanner};

use consentry_model::Instant;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
use std::fmt;

/// A JSON value that borrows from the bytes it was read from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number below zero.
    Signed(i64),
    /// A whole number from zero on.
    Unsigned(u64),
    /// Any other number, as the nearest binary fraction.
    Float(f64),
    /// A string.
    String(Cow<'a, str>),
    /// A list.
    Array(Vec<Value<'a>>),
    /// An object, in the order of the file. Of a key that stands twice, the last counts.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

/// Reads one value. An escaped surrogate without its partner, which no text can hold, becomes
/// U+FFFD in `bytes` first: exports contain strings that were cut in the middle of a character.
///
/// # Errors
///
/// When `bytes` is not exactly one JSON value, or nests deeper than 128 levels.
pub(crate) fn parse(bytes: &mut [u8]) -> Result<Value<'_>, serde_json::Error> {
    replace_lone_surrogates(bytes);
    serde_json::from_slice(bytes)
}

impl<'a> Value<'a> {
    /// A field of an object. `None` as well when the value is no object, or the field is `null`,
    /// which exports write for what is not there.
    pub(crate) fn get(&self, key: &str) -> Option<&Value<'a>> {
        let Self::Object(fields) = self else {
            return None;
        };
        let found = fields.iter().rev().find(|(name, _)| name == key);
        found.map(|(_, value)| value).filter(|value| !matches!(value, Self::Null))
    }

    /// The string itself.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Value<'a>] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// The fields of an object; none for anything else.
    pub(crate) fn fields(&self) -> &[(Cow<'a, str>, Value<'a>)] {
        match self {
            Self::Object(fields) => fields,
            _ => &[],
        }
    }

    /// Whether this is an object.
    pub(crate) const fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// A string field.
    pub(crate) fn str(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::as_str)
    }

    /// A string field that says something: more than white space.
    pub(crate) fn filled(&self, key: &str) -> Option<&str> {
        self.str(key).filter(|text| !text.trim().is_empty())
    }

    /// The elements of a list field; none when it is absent or no list.
    pub(crate) fn list(&self, key: &str) -> &[Value<'a>] {
        self.get(key).map_or(&[], Value::items)
    }

    /// Whether a field is `true`.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Self::Bool(true)))
    }

    /// A field that is a whole number from zero on.
    pub(crate) fn u64(&self, key: &str) -> Option<u64> {
        match self.get(key) {
            Some(Self::Unsigned(number)) => Some(*number),
            _ => None,
        }
    }

    /// A field that is an instant, in any of the ways of [`Value::instant`].
    pub(crate) fn time(&self, key: &str) -> Option<Instant> {
        self.get(key).and_then(Value::instant)
    }

    /// An instant: RFC 3339, the same without an offset (then in UTC) or with a space for the `T`,
    /// or seconds since 1970 (milliseconds from 10¹¹ on), as a number or as its text. `None` for
    /// anything else and outside the years 0000 to 9999, which a history cannot write.
    pub(crate) fn instant(&self) -> Option<Instant> {
        let instant = match self {
            Self::String(text) => instant_of_text(text.trim()),
            #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are small")]
            Self::Unsigned(number) => instant_of_number(*number as f64),
            #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are small")]
            Self::Signed(number) => instant_of_number(*number as f64),
            Self::Float(number) => instant_of_number(*number),
            Self::Null | Self::Bool(_) | Self::Array(_) | Self::Object(_) => None,
        };
        instant.filter(|instant| (EARLIEST..=LATEST).contains(instant))
    }

    /// The value as JSON text without white space, keys in the order of the file.
    pub(crate) fn to_json(&self) -> String {
        // Strings, numbers, lists and maps with string keys always serialize.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// 0000-01-01T00:00:00.000Z
const EARLIEST: Instant = Instant::from_millis(-62_167_219_200_000);
/// 9999-12-31T23:59:59.999Z
pub(crate) const LATEST: Instant = Instant::from_millis(253_402_300_799_999);
/// A number of seconds this large would lie in the year 5138; a number of milliseconds, in 1973.
const MILLISECONDS_FROM: f64 = 1e11;

fn instant_of_text(text: &str) -> Option<Instant> {
    if let Ok(instant) = Instant::parse(text) {
        return Some(instant);
    }
    let with_t = text.replacen(' ', "T", 1);
    Instant::parse(&with_t)
        .or_else(|_| Instant::parse(&format!("{with_t}Z")))
        .ok()
        .or_else(|| instant_of_number(text.parse().ok()?))
}

fn instant_of_number(number: f64) -> Option<Instant> {
    let millis = if number.abs() < MILLISECONDS_FROM { number * 1000.0 } else { number };
    #[expect(clippy::cast_possible_truncation, reason = "checked to lie within 10¹⁵")]
    (millis.is_finite() && millis.abs() < 1e15).then(|| Instant::from_millis(millis.floor() as i64))
}

/// Overwrites every `\uD800`–`\uDFFF` that is not half of a pair with `\ufffd`, which is as long.
fn replace_lone_surrogates(bytes: &mut [u8]) {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        let Some(escape) = rest.get_mut(at..) else {
            return;
        };
        let skip = match (escaped_unit(escape), escape.get(6..).and_then(escaped_unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                if let Some(lone) = escape.get_mut(..6) {
                    lone.copy_from_slice(br"\ufffd");
                }
                6
            }
            // `\\`, `\"` and the like: what is escaped begins no escape of its own.
            _ => 2,
        };
        rest = escape.get_mut(skip..).unwrap_or_default();
    }
}

/// The code unit of `\uXXXX` at the beginning of `bytes`.
fn escaped_unit(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(br"\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Value::Signed(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Value::Unsigned(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Value::String(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Value::String(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(key) = access.next_key::<Value<'de>>()? {
            // The keys of a JSON object are strings.
            let Value::String(key) = key else { continue };
            fields.push((key, access.next_value()?));
        }
        Ok(Value::Object(fields))
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Signed(value) => serializer.serialize_i64(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::String(value) => serializer.serialize_str(value),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (key, value) in fields {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests;
