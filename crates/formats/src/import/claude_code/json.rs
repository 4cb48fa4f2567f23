//! A lenient look into JSON objects: each field stays raw text until someone asks for it.
//!
//! Session files differ from release to release, so no field has a type that reading relies on; a
//! field of another type counts as absent. Raw text is skipped without recursion, which is why
//! nesting of any depth is safe.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// A JSON object as its fields in order. Of a repeated name the last counts, as in JavaScript.
#[derive(Debug)]
pub(super) struct Object<'a>(Vec<(Text<'a>, &'a RawValue)>);

/// A string that borrows where it holds no escapes.
#[derive(Debug, Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Object<'a> {
    /// The object in `raw`; `None` if it is another kind of value.
    pub(super) fn new(raw: &'a RawValue) -> Option<Self> {
        read(raw, '{')
    }

    /// The field as raw text; `None` if it is absent or null.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let found = self.0.iter().rev().find(|(known, _)| known.0 == name);
        found.map(|(_, raw)| *raw).filter(|raw| raw.get() != "null")
    }

    /// The field as a string; `None` if it is absent or anything else.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        text(self.get(name)?)
    }

    /// The field as a string that is not empty.
    pub(super) fn id(&self, name: &str) -> Option<Cow<'a, str>> {
        self.text(name).filter(|text| !text.is_empty())
    }

    /// The field as an object; `None` if it is absent or anything else.
    pub(super) fn object(&self, name: &str) -> Option<Self> {
        Self::new(self.get(name)?)
    }

    /// Whether the field is `true`.
    pub(super) fn is(&self, name: &str) -> bool {
        self.get(name).is_some_and(|raw| raw.get() == "true")
    }

    /// All fields that are not null, in order, with their raw text.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &'a str)> {
        let all = self.0.iter().map(|(name, raw)| (&*name.0, raw.get()));
        all.filter(|(_, raw)| *raw != "null")
    }
}

/// The string in `raw`; `None` if it is another kind of value.
pub(super) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    read::<Text<'_>>(raw, '"').map(|text| text.0)
}

/// The items of the array in `raw`; `None` if it is another kind of value.
pub(super) fn items(raw: &RawValue) -> Option<Vec<&RawValue>> {
    read::<Items<'_>>(raw, '[').map(|items| items.0)
}

/// What `raw` holds if it begins as such a value does. Other values are told apart here, as an error
/// would repeat them whole in its message.
fn read<'a, T: Deserialize<'a>>(raw: &'a RawValue, begins: char) -> Option<T> {
    let json = raw.get();
    json.starts_with(begins).then(|| serde_json::from_str(json).ok())?
}

struct Items<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Items<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Items<'de>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Items(items))
            }
        }
        deserializer.deserialize_seq(Collect)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// Replaces escapes of lone surrogates (`\ud83d` without its other half) by that of U+FFFD, in
/// place. JavaScript writes them when it cuts a string in two; no UTF-8 string can hold them.
pub(super) fn repair_surrogates(line: &mut [u8]) {
    let mut at = 0;
    while let Some(step) =
        line.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\'))
    {
        at += step;
        match escaped_unit(line, at) {
            Some(0xD800..=0xDBFF) => {
                if matches!(escaped_unit(line, at + 6), Some(0xDC00..=0xDFFF)) {
                    at += 12;
                } else {
                    replace_unit(line, at);
                    at += 6;
                }
            }
            Some(0xDC00..=0xDFFF) => {
                replace_unit(line, at);
                at += 6;
            }
            Some(_) => at += 6,
            None => at += 2,
        }
    }
}

/// The code unit that `\uXXXX` at this place stands for.
fn escaped_unit(line: &[u8], at: usize) -> Option<u32> {
    let digits = line.get(at..at.checked_add(6)?)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(unit * 16 + digit)
    })
}

fn replace_unit(line: &mut [u8], at: usize) {
    if let Some(escape) = line.get_mut(at..at + 6) {
        escape.copy_from_slice(b"\\ufffd");
    }
}

/// The size of what base64 text stands for, without decoding it: padding and line breaks aside,
/// four characters are three bytes.
pub(super) fn decoded_bytes(base64: &str) -> u64 {
    let digits =
        base64.bytes().filter(|byte| !matches!(byte, b'=' | b'\n' | b'\r' | b' ')).count() as u64;
    digits / 4 * 3 + (digits % 4).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    #[test]
    fn a_field_of_another_type_is_absent() {
        let raw = raw(r#"{"a":1,"b":"x","c":null,"d":true,"b":"y","e":[1,{}],"f":{"g":"h"}}"#);
        let object = Object::new(&raw).unwrap();
        assert_eq!(object.text("a"), None);
        assert_eq!(object.text("b").as_deref(), Some("y"));
        assert!(object.get("c").is_none() && object.get("z").is_none());
        assert!(object.is("d") && !object.is("a"));
        assert_eq!(items(object.get("e").unwrap()).unwrap().len(), 2);
        assert_eq!(object.object("f").unwrap().text("g").as_deref(), Some("h"));
        assert!(object.object("e").is_none());
        assert_eq!(object.fields().count(), 6);
    }

    #[test]
    fn nesting_of_any_depth_is_skipped() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        let deep = raw(&deep);
        assert!(Object::new(&deep).unwrap().get("a").is_some());
    }

    #[test]
    fn only_lone_surrogates_are_replaced() {
        for (before, after) in [
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\uDE00x""#, r#""\ufffdx""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\\\ud83d\n""#, r#""\\\ufffd\n""#),
            (r#""\u00e9\"""#, r#""\u00e9\"""#),
            (r#""\ud8"#, r#""\ud8"#),
        ] {
            let mut line = before.as_bytes().to_vec();
            repair_surrogates(&mut line);
            assert_eq!(String::from_utf8(line).unwrap(), after, "{before}");
        }
    }

    proptest! {
        #[test]
        fn whatever_units_a_string_holds_it_reads_after_repair(
            units in proptest::collection::vec(
                prop_oneof![0u16..=0xFFFF, 0xD7F0u16..0xE010], 0..40)
        ) {
            let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let mut line = format!("\"{escaped}\"").into_bytes();
            repair_surrogates(&mut line);
            let read: String = serde_json::from_slice(&line).unwrap();
            prop_assert_eq!(read, String::from_utf16_lossy(&units));
        }

        #[test]
        fn decoded_bytes_agrees_with_the_definition(length in 0u64..200) {
            // RFC 4648: each started group of three bytes takes four characters with padding.
            let digits = (length * 8).div_ceil(6);
            let text = "A".repeat(usize::try_from(digits).unwrap())
                + &"=".repeat(usize::try_from((4 - digits % 4) % 4).unwrap());
            prop_assert_eq!(decoded_bytes(&text), length);
        }
    }
}
