//! Ages: a number of at most three digits among words that make it one.

use super::Rule;
use super::number::Group;
use super::text::{Text, is_word};
use crate::finding::{Finding, FindingKind};

const AGE: Rule = Rule::new(FindingKind::Age, 0.8, "age");

/// The highest age.
const HIGHEST: u32 = 120;
/// The longest word before a number that is read.
const WORD_LIMIT: usize = 12;

/// What behind a number makes it an age, whatever stands before.
const AFTER: &[&str] = &[
    "years old",
    "years-old",
    "year old",
    "year-old",
    "yrs old",
    "yr old",
    "yrs. old",
    "years of age",
    "y/o",
    "y.o",
    "yo",
    "jahre alt",
    "Jahre alt",
    "Jahren alt",
    "jährig",
    "Jährig",
    "jaar oud",
    "jarig",
    "años de edad",
    "anni d'età",
    "anos de idade",
    "ans révolus",
    "enne",
    "歳",
    "岁",
    "歲",
    "세",
];
/// Years, which are an age behind words that speak of somebody.
const YEARS: &[&str] = &["years", "ans", "Jahre", "años", "anni", "anos", "jaar"];
/// Two words before years, or before a number that nothing counted follows.
const OWNERS: &[(&str, &str)] = &[
    ("i", "am"),
    ("i", "m"),
    ("he", "is"),
    ("she", "is"),
    ("ich", "bin"),
    ("er", "ist"),
    ("sie", "ist"),
    ("ik", "ben"),
    ("hij", "is"),
    ("zij", "is"),
];
/// The same where the number is always one of years.
const HAVERS: &[(&str, &str)] =
    &[("j", "ai"), ("il", "a"), ("elle", "a"), ("âgé", "de"), ("âgée", "de")];
const HAVES: &[&str] = &["tengo", "tiene", "cumplí", "cumplió", "ho", "tenho", "tem"];
/// Words before a number that make it an age.
const BEFORE: &[&str] = &[
    "age", "aged", "turned", "turning", "turns", "alter", "edad", "âge", "età", "Âge", "idade",
    "leeftijd",
];

/// The age that `first` is.
pub(super) fn find(text: Text<'_>, first: Group) -> Option<Finding> {
    // Most numbers are told apart by the bytes beside them.
    let (before, next) = (text.back(first.start, 1), text.at(first.end));
    let apart = b" :=\"'(-\n\0n".contains(&before) || !before.is_ascii();
    let unit = matches!(next, b'y' | b'e') || !next.is_ascii();
    let silent = !unit && (next.is_ascii_alphanumeric() || b"%:/(_#*+=<>&|".contains(&next));
    if !apart {
        return None;
    }
    if first.width() > 3 || silent || !text.is_fresh(first.start) {
        return None;
    }
    // `18-30 year olds` are a group.
    if text.back(first.start, 1) == b'-' && text.back(first.start, 2).is_ascii_digit() {
        return None;
    }
    let value = text.slice(first.start, first.end).parse();
    if !value.is_ok_and(|value: u32| value <= HIGHEST) {
        return None;
    }
    let behind = first.end + usize::from(matches!(text.at(first.end), b' ' | b'-'));
    if starts_with(text, behind, AFTER) && is_whole(text, behind) {
        return Some(AGE.finds(first.start, first.end));
    }
    let years = starts_with(text, behind, YEARS);
    // `I am 34` and `I am 34 years`, but not `I am 34 minutes late`.
    let worded = |byte: u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let near = [2, 3, 4].iter().any(|&distance| worded(text.back(first.start, distance)));
    if !near || (!years && !stops(text, first.end)) {
        return None;
    }
    let (before, word) = word_before(text, first.start)?;
    let is_in = |list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(word));
    let follows = |list: &[(&str, &str)]| {
        let mut pairs = list.iter().filter(|(_, second)| second.eq_ignore_ascii_case(word));
        pairs.any(|(first, _)| {
            word_before(text, before).is_some_and(|(_, word)| word.eq_ignore_ascii_case(first))
        })
    };
    let found = is_in(BEFORE)
        || (first.width() == 2 && follows(OWNERS))
        || (years && (is_in(HAVES) || follows(HAVERS)));
    found.then(|| AGE.finds(first.start, first.end))
}

/// Whether one of `words` stands at `at`.
fn starts_with(text: Text<'_>, at: usize, words: &[&str]) -> bool {
    let first = text.at(at);
    if first.is_ascii() && !matches!(first, b'y' | b'j' | b'J' | b'a' | b'e') {
        return false;
    }
    words.iter().any(|word| word.as_bytes().first() == Some(&first) && text.starts_with(at, word))
}

/// Whether `yo` is a word of its own and not the beginning of another, and `year old` of one person.
fn is_whole(text: Text<'_>, at: usize) -> bool {
    let whole = |word: &str| !text.starts_with(at, word) || !is_word(text.at(at + word.len()));
    whole("yo") && whole("year old") && whole("year-old")
}

/// The word before `at`, and where it begins. Between them stand at most three
/// spaces, quotes, colons, equals signs or apostrophes.
fn word_before(text: Text<'_>, at: usize) -> Option<(usize, &str)> {
    let is_join = |byte: u8| b" :=\"'".contains(&byte) || byte == 0xc2 || byte == 0xa0;
    let end = text.run_back(at, 4, is_join);
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte > 0x7f;
    let start = text.run_back(end, WORD_LIMIT, is_letter);
    // `I’m`
    let end_of_quote = text.slice(start, end).rfind('’').map_or(start, |quote| start + quote + 3);
    let word = text.slice(end_of_quote, end);
    let whole = at > end && !word.is_empty() && !text.back(end_of_quote, 1).is_ascii_alphanumeric();
    let start = if end_of_quote > start { end_of_quote - 3 } else { start };
    whole.then_some((start, word))
}

/// Whether a number that ends at `end` counts nothing that follows: the sentence or its clause ends
/// there.
fn stops(text: Text<'_>, end: usize) -> bool {
    let next = text.at(end);
    let later = text.at(end + 1);
    match next {
        b'.' | b',' => !later.is_ascii_digit(),
        b' ' => {
            ["and ", "now", "years", "but ", "today"].iter().any(|w| text.starts_with(end + 1, w))
        }
        b'\\' => true,
        _ => matches!(next, 0 | b';' | b'!' | b'?' | b')' | b'\n' | b'\r' | b'"' | b'}' | b'\''),
    }
}
