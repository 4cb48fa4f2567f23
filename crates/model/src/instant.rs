//! Instants: whole milliseconds, as Cedar's `datetime` has them.

use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z; negative before. Years 0000 to 9999 can be written.
///
/// # Example
///
/// ```
/// use consentry_model::Instant;
/// let t = Instant::parse("2026-01-31T23:59:59.9999+01:00")?;
/// assert_eq!(t.to_string(), "2026-01-31T22:59:59.999Z");
/// # Ok::<(), consentry_model::instant::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A day is 24 hours, whatever a calendar says.
pub const MILLIS_PER_DAY: i64 = 86_400_000;

/// A text that is not an RFC 3339 time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a time like `2026-06-01T12:00:00Z` (RFC 3339), found `{found}`")]
pub struct TimeError {
    found: String,
}

impl Instant {
    /// The instant this many milliseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The instant `millis` later (earlier if negative); `None` when it leaves the range of `i64`.
    #[must_use]
    pub fn checked_add_millis(self, millis: i64) -> Option<Self> {
        self.0.checked_add(millis).map(Self)
    }

    /// Reads an RFC 3339 time. Digits beyond milliseconds are cut, not rounded. `t` and `z` may be
    /// lower case, as section 5.6 of RFC 3339 allows. A leap second (`:60`) is the instant that
    /// follows `:59`.
    ///
    /// # Errors
    ///
    /// When the text is anything else: no offset, a day that the month does not have, an hour 24.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        parse_rfc3339(text.as_bytes())
            .map(Self)
            .ok_or_else(|| TimeError { found: text.chars().take(64).collect() })
    }

    /// The calendar date in UTC as year, month (1–12) and day (1–31).
    #[must_use]
    pub fn date(self) -> (i64, u8, u8) {
        civil_from_days(self.0.div_euclid(MILLIS_PER_DAY))
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC with milliseconds: `2026-06-01T00:00:00.000Z`. Years outside 0000–9999 get
    /// a sign, as ISO 8601 writes them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let of_day = self.0.rem_euclid(MILLIS_PER_DAY);
        let (second, millis) = (of_day / 1000, of_day % 1000);
        if (0..=9999).contains(&year) {
            write!(f, "{year:04}")?;
        } else {
            write!(f, "{year:+07}")?;
        }
        write!(
            f,
            "-{month:02}-{day:02}T{:02}:{:02}:{:02}.{millis:03}Z",
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }
}

impl serde::Serialize for Instant {
    /// As text where people read, as a number in binary formats.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i64(self.0)
        }
    }
}

impl<'de> serde::Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
            Self::parse(&text).map_err(serde::de::Error::custom)
        } else {
            i64::deserialize(deserializer).map(Self)
        }
    }
}

fn digits(bytes: &[u8], from: usize, count: usize) -> Option<i64> {
    bytes.get(from..from + count)?.iter().try_fold(0, |value, byte| {
        byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0'))
    })
}

fn byte_is(bytes: &[u8], at: usize, wanted: &[u8]) -> Option<()> {
    bytes.get(at).is_some_and(|byte| wanted.contains(byte)).then_some(())
}

/// `date-time` of RFC 3339, section 5.6, to milliseconds since the epoch.
fn parse_rfc3339(bytes: &[u8]) -> Option<i64> {
    let (year, month, day) = (digits(bytes, 0, 4)?, digits(bytes, 5, 2)?, digits(bytes, 8, 2)?);
    let (hour, minute, second) =
        (digits(bytes, 11, 2)?, digits(bytes, 14, 2)?, digits(bytes, 17, 2)?);
    byte_is(bytes, 4, b"-")?;
    byte_is(bytes, 7, b"-")?;
    byte_is(bytes, 10, b"Tt")?;
    byte_is(bytes, 13, b":")?;
    byte_is(bytes, 16, b":")?;
    if !(1..=12).contains(&month) || !(1..=days_in_month(year, month)).contains(&day) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (millis, offset_at) = parse_fraction(bytes)?;
    let offset_minutes = parse_offset(bytes, offset_at)?;
    let of_day = ((hour * 60 + minute) - offset_minutes) * 60;
    if second == 60 && of_day.rem_euclid(86_400) != 86_340 {
        // A leap second is only ever the last second of a UTC day.
        return None;
    }
    Some((days_from_civil(year, month, day) * 86_400 + of_day + second) * 1000 + millis)
}

/// Milliseconds of an optional fraction, and where the offset begins.
fn parse_fraction(bytes: &[u8]) -> Option<(i64, usize)> {
    if bytes.get(19) != Some(&b'.') {
        return Some((0, 19));
    }
    let fraction = bytes.get(20..)?;
    let count = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 {
        return None;
    }
    let millis = digits(fraction, 0, count.min(3))?;
    let scale = match count {
        1 => 100,
        2 => 10,
        _ => 1,
    };
    Some((millis * scale, 20 + count))
}

/// Minutes east of UTC; the offset must be the end of the text.
fn parse_offset(bytes: &[u8], at: usize) -> Option<i64> {
    let offset = bytes.get(at..)?;
    match offset.first()? {
        b'Z' | b'z' if offset.len() == 1 => Some(0),
        sign @ (b'+' | b'-') if offset.len() == 6 => {
            byte_is(offset, 3, b":")?;
            let (hours, minutes) = (digits(offset, 1, 2)?, digits(offset, 4, 2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let east = hours * 60 + minutes;
            Some(if *sign == b'+' { east } else { -east })
        }
        _ => None,
    }
}

const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar. Counts in 400-year eras that
/// begin on the first of March, so that the leap day is the last day of its year.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    // Both are in 1..=31 by construction.
    (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn millis(text: &str) -> Option<i64> {
        Instant::parse(text).ok().map(Instant::millis)
    }

    #[test]
    fn reads_what_rfc_3339_allows() {
        assert_eq!(millis("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(millis("1970-01-01t00:00:00.0019z"), Some(1));
        assert_eq!(millis("1969-12-31T23:59:59.9999Z"), Some(-1));
        assert_eq!(millis("2000-02-29T12:00:00+05:30"), Some(951_805_800_000));
        assert_eq!(millis("1970-01-01T00:00:00.5-00:00"), Some(500));
        assert_eq!(millis("2016-12-31T23:59:60Z"), millis("2017-01-01T00:00:00Z"));
        assert_eq!(millis("0000-01-01T00:00:00Z"), Some(-62_167_219_200_000));
    }

    #[test]
    fn refuses_what_it_does_not() {
        for text in [
            "",
            "2026-06-01",
            "2026-06-01T00:00:00",
            "2026-06-01 00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-06-01T24:00:00Z",
            "2026-06-01T00:60:00Z",
            "2026-06-01T12:00:60Z",
            "2026-06-01T00:00:00.Z",
            "2026-06-01T00:00:00+0100",
            "2026-06-01T00:00:00+24:00",
            "2026-06-01T00:00:00Zz",
            "2026-6-1T00:00:00Z",
            "+2026-06-01T00:00:00Z",
            "1900-02-29T00:00:00Z",
        ] {
            assert_eq!(millis(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn writing_and_reading_agree(ms in -62_167_219_200_000i64..253_402_300_800_000) {
            let instant = Instant::from_millis(ms);
            prop_assert_eq!(Instant::parse(&instant.to_string()), Ok(instant));
        }

        #[test]
        fn never_panics(text in "\\PC{0,40}", ms: i64) {
            let _ = Instant::parse(&text);
            let _ = Instant::from_millis(ms).to_string();
        }
    }
}
