//! Dates of birth: a date behind a word that says so, or before one in its clause.

use super::number::{Gap, Group, Number};
use super::text::{Text, is_word};
use super::triples::Triples;
use super::{Claim, Rule};
use crate::finding::FindingKind;
use std::sync::LazyLock;

const BIRTH: Rule = Rule::new(FindingKind::DateOfBirth, 0.85, "date-of-birth");

/// What announces a date of birth.
pub(super) const WORDS: &[&str] = &[
    "born",
    "birth",
    "birthdate",
    "birthday",
    "b-day",
    "bday",
    "dob",
    "d.o.b",
    "geboren",
    "geb.",
    "geburtsdatum",
    "geburtstag",
    "né le",
    "née le",
    "né(e) le",
    "naissance",
    "nacido",
    "nacida",
    "nací",
    "nació",
    "nacimiento",
    "cumpleaños",
    "né à",
    "née à",
    "nato il",
    "nata il",
    "nato a ",
    "nata a ",
    "nascita",
    "nascido",
    "nascida",
    "nasci",
    "nasceu",
    "nascimento",
    "geboortedatum",
    "urodzon",
    "urodzenia",
    "født",
    "fødselsdato",
    "född",
    "syntynyt",
    "doğum",
    "рожден",
    "родился",
    "родилась",
    "народився",
    "народилася",
    "出生",
    "生年月日",
    "誕生日",
    "生日",
    "생년월일",
    "생일",
];

/// What says the same behind the date, where German, Dutch and others put the verb.
pub(super) const VERBS: &[&str] = &[
    "was born",
    "were born",
    "is born",
    "am born",
    "geboren",
    "est né",
    "est née",
    "naquit",
    "nací",
    "nació",
    "nacido",
    "nacida",
    "è nato",
    "è nata",
    "nacque",
    "nasci",
    "nasceu",
    "nascido",
    "nascida",
    "urodził",
    "urodziła",
    "född",
    "født",
];

/// The longest name of a month, in bytes.
const MONTH_LIMIT: usize = 12;

/// The date of birth in digits that begins with the first group.
pub(super) fn in_digits(number: &Number<'_>) -> Option<Claim> {
    let (text, start) = (number.text, number.start());
    let width = |index: usize| number.groups.get(index).map_or(0, |group| group.width());
    let count = match (width(0), width(1), width(2)) {
        (1 | 2, 1 | 2, 2 | 4) | (4, 1 | 2, 1 | 2) => 3,
        (8, ..) => 1,
        _ => return None,
    };
    let same = [Gap::Dash, Gap::Dot, Gap::Slash, Gap::Space]
        .iter()
        .any(|&gap| number.is_joined_by(count, gap));
    let end = number.end(count);
    let bounded = text.is_fresh(start) && !matches!(text.back(start, 1), b'/' | b'-' | b'.');
    let ended = !is_word(text.at(end)) || text.starts_with(end, "T00:00");
    let longer = matches!(text.at(end), b'-' | b'/') && text.at(end + 1).is_ascii_digit();
    let dated = same && bounded && ended && !longer && is_date(number, count);
    (dated && number.contexts.speaks_of_birth(text, start, end))
        .then(|| Claim::Found(BIRTH.finds(start, end)))
}

/// Whether the first groups are year, month and day in an order that is in use.
fn is_date(number: &Number<'_>, count: usize) -> bool {
    let digits = number.digits(count);
    let read = |from: usize, to: usize| -> u32 {
        digits.get(from..to).and_then(|part| part.parse().ok()).unwrap_or(0)
    };
    let values: Vec<u32> = if count == 3 {
        let groups = number.groups.iter().take(3);
        let parts = groups.map(|group| number.text.slice(group.start, group.end).parse());
        parts.map(|part| part.unwrap_or(0)).collect()
    } else if matches!(read(0, 2), 19 | 20) {
        vec![read(0, 4), read(4, 6), read(6, 8)]
    } else {
        vec![read(0, 2), read(2, 4), read(4, 8)]
    };
    let day = |a: u32, b: u32| {
        let (low, high) = (a.min(b), a.max(b));
        (1..=12).contains(&low) && (1..=31).contains(&high)
    };
    match values.as_slice() {
        [year @ 1850..=2099, month, day_of] => *year > 0 && day(*month, *day_of),
        [first, second, year] => {
            day(*first, *second) && (*year < 100 || (1850..=2099).contains(year))
        }
        _ => false,
    }
}

/// Whether what stands beside a lone number allows it to be of a date with the name of its month.
pub(super) fn may_go_on(text: Text<'_>, first: Group) -> bool {
    match text.at(first.end) {
        b' ' => {
            let after = [1, 2, 3].map(|ahead| text.at(first.end + ahead));
            MAY_BE_MONTH.may_hold(after) || matches!(&after, b"of " | b"de ")
        }
        b',' => {
            let earlier = text.back(first.start, 2);
            is_join(text.back(first.start, 1)) && (is_letter(earlier) || is_join(earlier))
        }
        next => b"-./snrte".contains(&next) || !next.is_ascii(),
    }
}

/// The date of birth with the name of its month whose day, or whose year in Chinese and Japanese,
/// begins with the first group.
pub(super) fn in_words(number: &Number<'_>) -> Option<Claim> {
    let first = *number.groups.first()?;
    let text = number.text;
    let (start, end) = match first.width() {
        4 => (first.start, eastern(text, first.end)?),
        1 | 2 => day_first(text, first.end)
            .map(|end| (first.start, end))
            .or_else(|| month_first(text, first.start, first.end))?,
        _ => return None,
    };
    (text.is_fresh(start) && number.contexts.speaks_of_birth(text, start, end))
        .then(|| Claim::Found(BIRTH.finds(start, end)))
}

/// The end of `12 March 1985`, `12th of March, 1985`, `12. März 1985`, `12 de marzo de 1985`,
/// `12-Mar-85` behind its day.
fn day_first(text: Text<'_>, at: usize) -> Option<usize> {
    let at = match text.at(at) {
        b's' | b'n' | b'r' | b't' | b'e' => skip(text, at, &["st", "nd", "rd", "th", "er"]),
        b'.' => at + 1,
        0xc2 => skip(text, at, &["º", "ª"]),
        _ => at,
    };
    let at = match text.at(at) {
        b' ' => skip(text, at + 1, &["of ", "de "]),
        b'-' | b'/' => at + 1,
        _ => at,
    };
    let end = month(text, at)?;
    let at = skip(text, end, &[".", ","]);
    let at = skip(text, at, &[" de ", " del ", " of ", " ", "-", "/", ", "]);
    year(text, at)
}

/// Whether a byte may stand between the name of a month and the day behind it.
const fn is_join(byte: u8) -> bool {
    matches!(byte, b' ' | b'.' | b'-')
}

const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || !byte.is_ascii()
}

/// `March 12, 1985`, `Mar. 12th 1985`.
fn month_first(text: Text<'_>, first: usize, after: usize) -> Option<(usize, usize)> {
    if !is_join(text.back(first, 1)) {
        return None;
    }
    let word_end = text.run_back(first, 2, is_join);
    let start = text.skip_escape(text.run_back(word_end, MONTH_LIMIT, is_letter));
    if word_end == first || month(text, start)? != word_end {
        return None;
    }
    let at = skip(text, after, &["st", "nd", "rd", "th"]);
    let at = skip(text, at, &[","]);
    let at = skip(text, at, &[" ", "-"]);
    Some((start, year(text, at)?))
}

/// The end of `1985年3月12日` behind its year.
fn eastern(text: Text<'_>, at: usize) -> Option<usize> {
    if text.at(at).is_ascii() {
        return None;
    }
    let mut at = at;
    for marks in [["年", "년"], ["月", "월"], ["日", "일"]] {
        let mark = marks.iter().find(|mark| text.starts_with(at, mark))?;
        let next = skip(text, at + mark.len(), &[" "]);
        let digits = text.run(next, 2, |byte| byte.is_ascii_digit());
        if ["日", "일"].contains(mark) {
            return Some(at + mark.len());
        }
        at = digits;
    }
    None
}

/// Behind the first of `words` that stands at `at`, or `at`.
fn skip(text: Text<'_>, at: usize, words: &[&str]) -> usize {
    words.iter().find(|word| text.starts_with(at, word)).map_or(at, |word| at + word.len())
}

/// What the names of months begin with, in English, German, French, Spanish, Italian, Dutch and
/// Portuguese, in small letters; of letters with a mark, the bytes with the bit of small letters.
#[rustfmt::skip]
const MONTHS: &[[u8; 3]] = &[
    *b"jan", *b"feb", *b"mar", *b"apr", *b"may", *b"jun", *b"jul", *b"aug", *b"sep", *b"oct",
    *b"nov", *b"dec", *b"mae", *b"mai", *b"okt", *b"dez", *b"fev", *b"avr", *b"jui", *b"ene",
    *b"abr", *b"ago", *b"dic", *b"gen", *b"mag", *b"giu", *b"lug", *b"set", *b"ott", *b"maa",
    *b"mrt", *b"mei", *b"out",
    // février, décembre, Jänner, März
    [b'f', 0xe3, 0xa9], [b'd', 0xe3, 0xa9], [b'j', 0xe3, 0xa4], [b'm', 0xe3, 0xa4],
    // août, août with the mark apart
    [b'a', b'o', 0xe3], [b'a', b'o', b'u'],
];
static MAY_BE_MONTH: LazyLock<Triples> = LazyLock::new(|| Triples::new(MONTHS.iter().copied()));

/// The end of the name of a month that begins at `at`.
fn month(text: Text<'_>, at: usize) -> Option<usize> {
    // Small letters have this bit; so has the second byte of small letters with a mark.
    let letters = [0, 1, 2].map(|place| text.at(at + place) | 0x20);
    let named = MAY_BE_MONTH.may_hold(letters) && MONTHS.contains(&letters);
    named.then(|| text.run(at, MONTH_LIMIT, is_letter))
}

/// The end of the year of two or four digits that begins at `at`.
fn year(text: Text<'_>, at: usize) -> Option<usize> {
    let end = text.run(at, 5, |byte| byte.is_ascii_digit());
    let value: u32 = text.slice(at, end).parse().ok()?;
    let fits = match end - at {
        2 => true,
        4 => (1850..=2099).contains(&value),
        _ => false,
    };
    (fits && !is_word(text.at(end))).then_some(end)
}
