//! Tokens that carry their issuer's prefix.

use super::Rule;
use super::text::{Text, is_word};
use super::vendors;
use crate::finding::{Finding, FindingKind};
use crate::surrogate;

/// How sure a prefix with the right length and alphabet makes.
const SCORE: f32 = 0.98;

/// A prefix, and what follows it.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) prefix: &'static str,
    pub(super) rule: &'static str,
    pub(super) alphabet: fn(u8) -> bool,
    /// The fewest and the most characters after the prefix.
    pub(super) length: (usize, usize),
    /// Whether digits, capitals and small letters must all occur, for prefixes that words share.
    pub(super) mixed: bool,
}

impl Token {
    /// The token whose prefix stands from `start` to `after`.
    pub(super) fn at(&self, text: Text<'_>, start: usize, after: usize) -> Option<Finding> {
        // Inside a longer run of its own alphabet it is not a prefix.
        let before = text.back(start, 1);
        if !text.is_fresh(start) || (before == b'-' && (self.alphabet)(b'-')) {
            return None;
        }
        let (least, most) = self.length;
        let end = text.run(after, most.saturating_add(1), self.alphabet);
        let length = end.saturating_sub(after);
        if !(least..=most).contains(&length) || is_word(text.at(end)) {
            return None;
        }
        let body = text.slice(after, end);
        if !is_random(body) || (self.mixed && !is_mixed(body)) {
            return None;
        }
        if surrogate::is_token(text.slice(start, end)) {
            return None;
        }
        Some(Rule::new(FindingKind::Secret, SCORE, self.rule).finds(start, end))
    }
}

/// Whether a token is more than a placeholder: `xxxxxxxx`, `****`. A random one of sixteen
/// characters has eight different ones but for a chance of one in many thousands.
pub(super) fn is_random(body: &str) -> bool {
    let mut seen = [false; 128];
    let mut different = 0_usize;
    for byte in body.bytes() {
        if let Some(slot) = seen.get_mut(usize::from(byte))
            && !*slot
        {
            *slot = true;
            different = different.saturating_add(1);
        }
    }
    different >= 7
}

/// Whether digits, capitals and small letters all occur.
pub(super) fn is_mixed(body: &str) -> bool {
    let any = |of: fn(&u8) -> bool| body.as_bytes().iter().any(of);
    any(u8::is_ascii_digit) && any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase)
}

/// How many bytes of a secret are its public prefix, which a surrogate keeps.
pub(crate) fn fixed_prefix(secret: &str) -> usize {
    vendors::tokens()
        .map(|token| token.prefix)
        .chain(["eyJ"])
        .filter(|prefix| secret.starts_with(prefix))
        .map(str::len)
        .max()
        .unwrap_or(0)
}
