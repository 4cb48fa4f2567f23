//! What is assigned, and whether it is a secret.

use super::Text;
use crate::detect::credentials::is_placeholder;
use crate::detect::token::is_random;

/// The longest value.
const LIMIT: usize = 256;
/// The fewest characters of a password, quoted and not.
const PASSWORD: (usize, usize) = (5, 6);
/// The fewest characters of a key.
const KEY: usize = 16;
/// Bits a character that random keys exceed and words do not.
const KEY_BITS: f64 = 3.2;

/// Where a value stands.
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
}

/// The value that is assigned behind a name.
pub(super) fn after(text: Text<'_>, name: usize, flag: bool, element: bool) -> Option<Place> {
    let mut at = text.run(name, 3, |byte| matches!(byte, b'\\' | b'"' | b'\'' | b']'));
    let spaced = text.run(at, 8, |byte| matches!(byte, b' ' | b'\t'));
    let signed = text.run(spaced, 2, |byte| matches!(byte, b'=' | b':' | b'>'));
    let sign = text.slice(spaced, signed);
    let assigns = matches!(sign, "=" | ":" | ":=" | "=>") || (element && sign == ">");
    if !assigns && !(flag && sign.is_empty() && spaced > at) {
        return None;
    }
    at = text.run(signed, 8, |byte| matches!(byte, b' ' | b'\t'));
    let escape = text.run(at, 3, |byte| byte == b'\\');
    let quote = text.at(escape);
    if matches!(quote, b'"' | b'\'' | b'`') {
        let start = escape.saturating_add(1);
        let end = text.run(start, LIMIT, |byte| byte != quote && byte != b'\n' && byte != b'\\');
        let closes = text.at(end) == quote || (escape > at && text.at(end) == b'\\');
        return closes.then_some(Place { start, end, quoted: true });
    }
    let is_value = |byte: u8| byte > b' ' && !b"\"'`,;<>(){}[]\\|".contains(&byte);
    let end = text.run(at, LIMIT, is_value);
    // A call, an index, a list, a template or a comparison is code and no value.
    let code = matches!(text.at(end), b'(' | b'[' | b'{' | b'\\' | b'<' | b'`');
    let closes = !code || (element && text.at(end) == b'<');
    (closes && end > at).then_some(Place { start: at, end, quoted: false })
}

/// Whether a value is a password: not a placeholder, a word of a program, or prose.
pub(super) fn is_password(value: &str, quoted: bool) -> bool {
    let least = if quoted { PASSWORD.0 } else { PASSWORD.1 };
    let length = value.chars().count();
    if length < least || stands_for_one(value) || value.contains(' ') {
        return false;
    }
    let any = |of: fn(&u8) -> bool| value.as_bytes().iter().any(of);
    let (digit, letter) = (any(u8::is_ascii_digit), any(u8::is_ascii_alphabetic));
    let sign = any(|byte| byte.is_ascii_punctuation() && !b"_-.:/".contains(byte));
    let cases = any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase);
    // A version, a number or a dotted name is none; neither is an identifier.
    (digit && letter && (quoted || cases || sign || !looks_named(value)))
        || (sign && letter && length >= 8)
        || (digit && !letter && length >= 6 && value.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a value is a key: long, and as random as keys are.
pub(super) fn is_key(value: &str) -> bool {
    let any = |of: fn(&u8) -> bool| value.as_bytes().iter().any(of);
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-.~:!@#$%^&*".contains(&byte);
    value.len() >= KEY
        && value.bytes().all(alphabet)
        && any(u8::is_ascii_digit)
        && any(u8::is_ascii_alphabetic)
        && !stands_for_one(value)
        && !looks_named(value)
        && is_random(value)
        && bits(value) >= KEY_BITS
}

/// Placeholders, and what programs write where no secret is.
fn stands_for_one(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "example",
        "changeme",
        "change_me",
        "change-me",
        "placeholder",
        "your",
        "xxx",
        "dummy",
        "redacted",
        "<",
        "...",
        "null",
        "undefined",
        "none",
        "process.env",
        "os.environ",
        "getenv",
        "secrets.",
        "env.",
        "config.",
        "self.",
        "this.",
        "props.",
        "params.",
        "args.",
        "request.",
        "string",
        "boolean",
        "insert",
        "todo",
        "replace",
        "hidden",
        "sample",
        "test-",
        "test_",
        "fake",
        "not-a-",
        "lorem",
        "12345678",
        "abcdefgh",
        "://",
        "$(",
        "%(",
        "#{",
        "vault:",
        "arn:",
        "password",
        "passwd",
        "secret",
        "mypass",
        "foobar",
    ];
    let lower = value.to_ascii_lowercase();
    is_placeholder(value)
        || value.starts_with(['&', '@', '#', '/', '.', '~', '?', '!'])
        || WORDS.iter().any(|word| lower.contains(word))
}

/// Whether a value reads like a name: words joined by dots, dashes, underscores or capitals, with
/// hardly a digit; or a version.
fn looks_named(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let longest =
        value.split(|c: char| !c.is_ascii_alphabetic()).map(str::len).max().unwrap_or_default();
    digits.saturating_mul(8) < letters && longest >= 4 || letters <= 2 && value.contains('.')
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
