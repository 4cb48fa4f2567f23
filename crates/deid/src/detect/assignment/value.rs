//! What is assigned, and whether it is a secret.

mod words;

use super::name::Strength;
use super::wording::words_over_chance;
use super::{GAP, NAME_LIMIT, Text, is_word};
use crate::detect::credentials::is_placeholder;
use crate::detect::token::{is_mixed, is_random};
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;
use words::{NOT_CHOSEN, STANDING};

/// The longest value.
pub(super) const LIMIT: usize = 256;
/// The fewest and the most characters of a password.
const PASSWORD: (usize, usize) = (4, 128);
/// The fewest characters of a key: in quotes with digits among letters, and otherwise.
const KEY: (usize, usize) = (8, 16);
/// The fewest characters of what a weaker name announces: in quotes, and otherwise.
const WEAK: (usize, usize) = (12, 16);
/// Bits a character that random keys of letters exceed and words do not; of hexadecimal digits.
const BITS: (f64, f64) = (2.8, 2.5);
/// From how many bits of [`words_over_chance`] on a value reads like words: names of abbreviations
/// are below 0, of draws of twenty characters one in two hundred is above this.
const WORDED: f64 = -3.0;
/// Below how many it is drawn beyond doubt, so that it needs no digit.
const DRAWN: f64 = -10.0;
/// The fewest characters of base64 that may begin with what begins a path.
const ENCODED: usize = 20;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// In quotes, or alone in an element.
    Quoted,
    /// Without quotes, to the end of a line that holds the name and nothing else.
    Line,
    /// Without quotes, among other text.
    Loose,
}

/// Where a value stands.
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) writing: Writing,
}

/// The value whose sign ends at `after`, behind a name from `start` on.
pub(super) fn after(text: Text<'_>, after: usize, start: usize) -> Option<Place> {
    // `**Password:** …`
    let marks = text.run(after, 2, |byte| byte == b'*');
    let after = if text.at(marks) == b' ' { marks } else { after };
    let at = text.run(after, GAP, |byte| matches!(byte, b' ' | b'\t'));
    if let Some(place) = quoted(text, at) {
        return Some(place);
    }
    // `r"…"`, `b'…'`, `@"…"`, `Some("…")`, `String::from("…")`.
    for lead in ["r", "b", "u", "L", "@", "N", "Some(", "String::from("] {
        if text.starts_with(at, lead) {
            let inner = quoted(text, at.saturating_add(lead.len()));
            if inner.is_some() {
                return inner;
            }
        }
    }
    bare(text, at, start)
}

/// The value in the quotes that open at `at`, escaped or not.
pub(super) fn quoted(text: Text<'_>, at: usize) -> Option<Place> {
    let escape = text.run(at, 3, |byte| byte == b'\\');
    let quote = text.at(escape);
    if !matches!(quote, b'"' | b'\'' | b'`') {
        return None;
    }
    let start = escape.saturating_add(1);
    let end = text.run(start, LIMIT, |byte| byte != quote && byte != b'\n' && byte != b'\\');
    let closes = if escape > at { text.at(end) == b'\\' } else { text.at(end) == quote };
    (closes && end > start).then_some(Place { start, end, writing: Writing::Quoted })
}

/// The value without quotes from `at` on, to which the name from `name` on belongs.
fn bare(text: Text<'_>, at: usize, name: usize) -> Option<Place> {
    let is_value = |byte: u8| byte > b' ' && !b"\"'`\\".contains(&byte);
    let limit = text.before_assignment(at, LIMIT);
    let stop = text.run(at, limit, is_value);
    let rest = text.run(stop, GAP, |byte| matches!(byte, b' ' | b'\t' | b'\r'));
    let comment = rest > stop && text.at(rest) == b'#';
    let ends = matches!(text.at(rest), 0 | b'\n') || comment || text.starts_with(rest, "\\n");
    if ends && begins_line(text, name) && !text.slice(at, stop).ends_with([';', ',', ')']) {
        return (stop > at).then_some(Place { start: at, end: stop, writing: Writing::Line });
    }
    let is_part = |byte: u8| is_value(byte) && !b",;<>(){}[]|&".contains(&byte);
    let stop = text.run(at, limit, is_part);
    // A call, an index, a list, a template or a comparison is code and no value, and a name is none.
    let code = matches!(text.at(stop), b'(' | b'[' | b'{' | b'<' | b'`' | b'=')
        || text.at(stop) == b'\\' && !is_escape(text, stop)
        // `KEY: Type = …`
        || text.starts_with(stop, " =");
    let end = at.saturating_add(without_stop(text.slice(at, stop)).len());
    (!code && end > at).then_some(Place { start: at, end, writing: Writing::Loose })
}

/// Whether the backslashes at `at` begin an escape that ends a value: of a line break, a tab or a
/// quote (RFC 8259, section 7), or the same in JSON within JSON.
pub(super) fn is_escape(text: Text<'_>, at: usize) -> bool {
    matches!(text.at(text.run(at, 3, |byte| byte == b'\\')), b'n' | b'r' | b't' | b'"')
}

/// A value without the mark that ends its sentence or a part of it. The marks of East Asia need no
/// space behind them; an ellipsis stays, as it tells messages from passwords.
fn without_stop(value: &str) -> &str {
    let value = value.split(['。', '，']).next().unwrap_or_default();
    if value.ends_with("..") { value } else { value.trim_end_matches('.') }
}

/// The argument of a command at `at`.
pub(super) fn argument(text: Text<'_>, at: usize) -> Option<Place> {
    let end = text.run(at, LIMIT, |byte| byte > b' ' && !b"\"'`\\,;<>(){}[]|&".contains(&byte));
    (end > at).then_some(Place { start: at, end, writing: Writing::Loose })
}

/// Whether nothing but an indentation, a mark of a list or comment, or `export` stands before
/// `name` in its line.
fn begins_line(text: Text<'_>, name: usize) -> bool {
    let from = text.run_back(name, NAME_LIMIT, |byte| byte != b'\n');
    if from > 0 && text.back(from, 1) != b'\n' {
        return false;
    }
    let lead = text.slice(from, name).trim_matches([' ', '\t', '-', '#', '/', '*', '"', '\'']);
    matches!(lead, "" | "export" | "set" | "ENV" | "ARG" | "env")
        || lead.ends_with("\\n") && !lead.contains(' ')
}

/// Whether a value is what a name of some strength promises.
pub(super) fn fits(value: &str, strength: Strength, writing: Writing) -> bool {
    // `!vault`, `!Ref`: tags of YAML.
    let tag = writing != Writing::Quoted && value.starts_with('!');
    if tag || stands_for_one(value) || (writing != Writing::Quoted && is_constant(value)) {
        return false;
    }
    match strength {
        Strength::Password => is_password(value, writing),
        Strength::Secret => {
            (!looks_named(value) && is_key(value, writing))
                || (writing == Writing::Quoted && is_password(value, writing))
        }
        Strength::Key => !is_worded(value) && is_key(value, writing),
        Strength::Weak => {
            let least = if writing == Writing::Quoted { WEAK.0 } else { WEAK.1 };
            value.len() >= least && !is_worded(value) && is_key(value, writing) && !is_uuid(value)
        }
    }
}

fn any(value: &str, of: fn(&u8) -> bool) -> bool {
    value.as_bytes().iter().any(of)
}

/// Whether a value is a password: no word of a program, identifier, path or prose.
fn is_password(value: &str, writing: Writing) -> bool {
    let length = value.chars().count();
    if !(PASSWORD.0..=PASSWORD.1).contains(&length) || value.contains(char::is_whitespace) {
        return false;
    }
    // Labels and messages: `Password:`, `Wrong password!`, in any language.
    if value.ends_with([':', '?', '…']) || value.ends_with("...") {
        return false;
    }
    let digit = any(value, u8::is_ascii_digit);
    let letter = value.chars().any(char::is_alphabetic);
    let sign = any(value, |byte| byte.is_ascii_punctuation() && !b"_-.:/".contains(byte));
    match writing {
        Writing::Quoted if digit || sign => !is_path(value),
        Writing::Quoted => is_chosen(value),
        Writing::Line if digit || sign => !is_path(value) && !is_code(value),
        Writing::Line => is_chosen(value),
        Writing::Loose => {
            let cases = any(value, u8::is_ascii_uppercase) && any(value, u8::is_ascii_lowercase);
            length >= 6
                && letter
                && (sign || (digit && (cases || !looks_named(value))))
                && !is_path(value)
                && !is_code(value)
        }
    }
}

/// Whether letters alone may be a password: small ones, or capitals among them as nobody writes
/// names.
fn is_chosen(value: &str) -> bool {
    let small = value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let mixed = any(value, u8::is_ascii_uppercase) && any(value, u8::is_ascii_lowercase);
    let letters = value.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    letters && (small || (mixed && !is_camel(value))) && !NOT_CHOSEN_WORDS.is_match(value)
}

/// Whether capitals begin the words of a value, as in names of types and variables.
fn is_camel(value: &str) -> bool {
    let mut length = 2_usize;
    for byte in value.bytes() {
        if byte.is_ascii_uppercase() && length < 2 {
            return false;
        }
        length = if byte.is_ascii_uppercase() { 0 } else { length.saturating_add(1) };
    }
    length >= 2
}

/// Whether a value that is no name is a key: long, and as random as keys are.
fn is_key(value: &str, writing: Writing) -> bool {
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-.~:!@#$%^&*".contains(&byte);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let least = if writing == Writing::Quoted { KEY.0 } else { KEY.1 };
    if value.len() < least
        || !value.bytes().all(alphabet)
        || (digits == 0 && words_over_chance(value) > DRAWN)
        || !any(value, u8::is_ascii_alphabetic)
        || is_path(value)
        || is_code(value)
    {
        return false;
    }
    if value.len() < KEY.1 {
        // Dashes stand in names, dates and numbers of versions.
        let joined = value.contains('-');
        return digits >= 2
            && value.bytes().all(|byte| is_word(byte) || byte == b'-')
            && (!joined || words_over_chance(value) < DRAWN)
            && is_random(value);
    }
    let hexadecimal = value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_random(value) && bits(value) >= if hexadecimal { BITS.1 } else { BITS.0 }
}

static STANDING_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| search(STANDING));
static NOT_CHOSEN_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| search(NOT_CHOSEN));

#[expect(
    clippy::expect_used,
    reason = "the words are constants of this crate, and every test builds them"
)]
fn search(words: &[&str]) -> AhoCorasick {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(words)
        .expect("a short list of words makes an automaton")
}

/// Whether a value stands for one, or is a header whose scheme has a rule of its own.
pub(super) fn stands_for_one(value: &str) -> bool {
    const SCHEMES: [&[u8]; 2] = [b"bearer", b"basic"];
    let scheme = |name: &[u8]| {
        value.as_bytes().get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
    };
    is_placeholder(value)
        || SCHEMES.into_iter().any(scheme)
        || value.starts_with(['&', '@', '#', '.', '~', '?', '<', '[', '(', ':', '|', '='])
        || (value.starts_with('/') && !is_encoded(value))
        || STANDING_WORDS.is_match(value)
}

/// Whether a value is base64 (RFC 4648) and drawn beyond doubt, one in 64 of which begins like a
/// path.
fn is_encoded(value: &str) -> bool {
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    value.len() >= ENCODED
        && value.bytes().all(base64)
        && is_mixed(value)
        && words_over_chance(value) < DRAWN
}

/// Whether a value is a path, a URL or a name with dots.
fn is_path(value: &str) -> bool {
    let slashes = value.bytes().filter(|&byte| byte == b'/').count();
    let dots = value.split('.').count() > 1
        && value.split('.').all(|part| !part.is_empty() && part.bytes().all(is_word))
        && value.bytes().filter(u8::is_ascii_digit).count() < 4;
    value.contains("://") || dots || (slashes >= 2 && looks_named(value))
}

/// Whether a value is an expression: a call, an index, a path of a language, an operator.
fn is_code(value: &str) -> bool {
    let bytes = value.as_bytes();
    let calls = bytes.windows(2).any(|two| matches!(two, [name, b'(' | b'['] if is_word(*name)));
    calls || value.contains("::") || value.contains("->") || value.contains("&&")
}

/// Whether a value is written as names of constants are: capitals and digits in words that
/// underscores join.
fn is_constant(value: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    value.bytes().all(fits) && value.trim_matches('_').contains('_')
}

/// Whether a value is a universally unique identifier (RFC 9562).
fn is_uuid(value: &str) -> bool {
    value.len() == 36
        && value.bytes().enumerate().all(|(place, byte)| {
            if matches!(place, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() }
        })
}

/// Whether a value reads like a name: words joined by dots, dashes, underscores or capitals, with
/// hardly a digit; or a version.
fn looks_named(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let longest =
        value.split(|c: char| !c.is_ascii_alphabetic()).map(str::len).max().unwrap_or_default();
    (digits.saturating_mul(8) < letters && longest >= 4 && is_worded(value))
        || (letters <= 2 && value.contains('.'))
}

/// Whether a value reads like words, with numbers among them or without. Hexadecimal digits have so
/// few letters that they make words by chance.
fn is_worded(value: &str) -> bool {
    let hexadecimal = value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    !(hexadecimal && any(value, u8::is_ascii_digit)) && words_over_chance(value) > WORDED
}

/// Shannon's entropy of the characters, in bits for each.
fn bits(value: &str) -> f64 {
    let mut counts = [0_u32; 128];
    for byte in value.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count = count.saturating_add(1);
        }
    }
    let all = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let of = |count: &u32| f64::from(*count) / all;
    counts.iter().filter(|count| **count > 0).map(|count| -of(count) * of(count).log2()).sum()
}
