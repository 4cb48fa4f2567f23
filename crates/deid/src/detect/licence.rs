//! Numbers of passports and driving licences, which have no form that all countries share: a word
//! announces them.

use super::national_id::{begins, ends, is_day};
use super::text::{Text, is_word};
use super::{Claim, Rule};
use crate::finding::FindingKind;
use crate::surrogate;

const PASSPORT: Rule = Rule::new(FindingKind::Passport, 0.85, "passport");
const LICENCE: Rule = Rule::new(FindingKind::DrivingLicence, 0.85, "driving-licence");
const BRITISH: Rule = Rule::new(FindingKind::DrivingLicence, 0.9, "gb-driving-licence");

/// What announces the number of a passport.
pub(super) const PASSPORT_WORDS: &[&str] = &[
    "passport",
    "travel document",
    "reisepass",
    "passnummer",
    "pass-nr",
    "passeport",
    "pasaporte",
    "passaporto",
    "passaporte",
    "paspoort",
    "paszport",
    "passnr",
    "pasaport",
    "паспорт",
    "διαβατήριο",
    "护照",
    "護照",
    "旅券",
    "パスポート",
    "여권",
    "جواز",
];
/// What announces the number of a driving licence.
pub(super) const LICENCE_WORDS: &[&str] = &[
    "driver's license",
    "driver's licence",
    "driver’s license",
    "driver’s licence",
    "drivers license",
    "drivers licence",
    "driver license",
    "driver licence",
    "driver_license",
    "drivers_license",
    "driverlicense",
    "driving license",
    "driving licence",
    "driving_licence",
    "driving_license",
    "dl#",
    "dl #",
    "dl:",
    "dl no",
    "dl number",
    "dln",
    "führerschein",
    "permis de conduire",
    "carnet de conducir",
    "permiso de conducir",
    "licencia de conducir",
    "patente di guida",
    "rijbewijs",
    "carta de condução",
    "cnh",
    "prawo jazdy",
    "prawa jazdy",
    "körkort",
    "førerkort",
    "водительск",
    "驾驶证",
    "駕照",
    "運転免許",
    "운전면허",
];

/// Six to nine capitals and digits, mostly digits (ICAO Doc 9303-4 leaves nine places).
pub(super) fn passport(text: Text<'_>, start: usize) -> Option<Claim> {
    if !begins(text, start) {
        return None;
    }
    let end = text.run(start, 10, |byte| byte.is_ascii_alphanumeric());
    let number = text.window(start, end);
    let digits = number.iter().filter(|byte| byte.is_ascii_digit()).count();
    let small = number.iter().any(u8::is_ascii_lowercase);
    let fits = (6..=9).contains(&number.len()) && digits >= 5 && !small;
    (fits && ends(text, end)).then(|| claim(PASSPORT, text, start, end))
}

/// Five to nineteen letters and digits in one piece, in groups joined by dashes, or in groups of
/// digits (AAMVA, Card Design Standard; Directive 2006/126/EC, annex I, says nothing of a form).
pub(super) fn licence(text: Text<'_>, start: usize) -> Option<Claim> {
    const MOST: usize = 19;
    let (mut at, mut length, mut digits) = (start, 0, 0);
    // The day on which it ends, or another.
    if !begins(text, start) || is_date(text, start) {
        return None;
    }
    let end = loop {
        let end = text.run(at, MOST + 1, |byte| byte.is_ascii_alphanumeric());
        let group = text.window(at, end);
        // People write the letter in front small; more small letters are hexadecimal.
        if group.iter().filter(|byte| byte.is_ascii_lowercase()).count() > 1 {
            return None;
        }
        length += group.len();
        digits += group.iter().filter(|byte| byte.is_ascii_digit()).count();
        let next = text.at(end + 1);
        let goes_on = match text.at(end) {
            b'-' => next.is_ascii_alphanumeric(),
            b' ' => {
                let behind = text.run(end + 1, MOST, |byte| byte.is_ascii_digit());
                behind > end + 2 && !is_word(text.at(behind))
            }
            _ => false,
        };
        if !goes_on || length > MOST {
            break end;
        }
        at = end + 1;
    };
    let fits = (5..=MOST).contains(&length) && digits >= 4;
    (fits && ends(text, end)).then(|| claim(LICENCE, text, start, end))
}

/// Whether a date in digits stands at `start`.
pub(super) fn is_date(text: Text<'_>, start: usize) -> bool {
    let first = text.run(start, 5, |byte| byte.is_ascii_digit());
    let second = text.run(first + 1, 3, |byte| byte.is_ascii_digit());
    let joined = matches!(text.at(first), b'-' | b'.' | b'/') && text.at(second) == text.at(first);
    let third = text.run(second + 1, 5, |byte| byte.is_ascii_digit());
    let widths = (first - start, second - first, third - second);
    joined && matches!(widths, (4, 3, 3) | (2, 3, 5))
}

/// A British licence, whose sixteen places hold five letters of the name, the date of birth and
/// initials: `MORGA657054SM9IJ` (DVLA).
pub(super) fn british(text: Text<'_>, start: usize) -> Option<Claim> {
    const LENGTH: usize = 16;
    let end = start + LENGTH;
    let number = text.window(start, end);
    let value = |at: usize| {
        let two = text.slice(start + at, start + at + 2);
        two.parse::<u64>().unwrap_or(0)
    };
    let class = |byte: u8| if byte.is_ascii_digit() { b'9' } else { byte };
    let fits = number.len() == LENGTH
        && number.iter().enumerate().all(|(place, &byte)| match place {
            0..=4 => byte.is_ascii_uppercase() || byte == b'9',
            5..=10 | 13 => class(byte) == b'9',
            11 | 14 | 15 => byte.is_ascii_uppercase(),
            _ => byte.is_ascii_uppercase() || byte == b'9',
        });
    // 50 is added to the month of women.
    let born = is_day(value(6) % 50, value(8));
    (fits && born && begins(text, start) && ends(text, end))
        .then(|| claim(BRITISH, text, start, end))
}

/// A finding, unless it is one of our surrogates.
fn claim(rule: Rule, text: Text<'_>, start: usize, end: usize) -> Claim {
    if surrogate::is_sealed(text.slice(start, end)) {
        return Claim::Harmless(end);
    }
    Claim::Found(rule.finds(start, end))
}
