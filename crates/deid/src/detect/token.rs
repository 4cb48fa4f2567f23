//! Tokens that carry their issuer's prefix.

use super::text::{Text, is_word};
use super::{Rule, secret, vendors};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;
use std::sync::LazyLock;

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

/// Every prefix, found by its first bytes. Built once for the process: surrogates ask for it too.
pub(super) static PREFIXES: LazyLock<Prefixes> = LazyLock::new(Prefixes::new);

/// Slots of the index: a power of two, many times the number of prefixes.
const SLOTS: usize = 2048;
/// Bytes that choose a slot; no prefix is shorter.
const HEAD: usize = 3;

/// An index of prefixes by their first bytes.
#[derive(Debug)]
pub(super) struct Prefixes {
    /// Which slots hold anything: small enough to stay in the nearest cache.
    taken: Vec<bool>,
    slots: Vec<Vec<&'static Token>>,
}

impl Prefixes {
    fn new() -> Self {
        let mut slots = vec![Vec::new(); SLOTS];
        let mut taken = vec![false; SLOTS];
        if let Some(web) = taken.get_mut(slot_of(WEB_TOKEN.as_bytes())) {
            *web = true;
        }
        for token in vendors::tokens() {
            if let Some(slot) = slots.get_mut(slot_of(token.prefix.as_bytes())) {
                slot.push(token);
            }
            if let Some(slot) = taken.get_mut(slot_of(token.prefix.as_bytes())) {
                *slot = true;
            }
        }
        Self { taken, slots }
    }

    /// Those whose first bytes may be those of `bytes`.
    fn candidates(&self, bytes: &[u8]) -> &[&'static Token] {
        self.slots.get(slot_of(bytes)).map_or(&[], Vec::as_slice)
    }

    /// Adds the tokens whose prefix stands at `start`.
    pub(super) fn find(&self, text: Text<'_>, start: usize, out: &mut Vec<Finding>) {
        let head = text.window(start, start.saturating_add(HEAD));
        if self.taken.get(slot_of(head)) != Some(&true) {
            return;
        }
        for token in self.candidates(head) {
            if text.starts_with(start, token.prefix) {
                out.extend(token.at(text, start, start.saturating_add(token.prefix.len())));
            }
        }
        if head == WEB_TOKEN.as_bytes() {
            out.extend(secret::json_web_token(text, start));
        }
    }
}

/// The slot of what begins with `bytes`.
fn slot_of(bytes: &[u8]) -> usize {
    let hash = bytes.iter().take(HEAD).fold(0_usize, |hash, &byte| hash * 37 + usize::from(byte));
    hash % SLOTS
}

/// What every web token begins with: the base64 of `{"`.
const WEB_TOKEN: &str = "eyJ";

/// How many bytes of a secret are its public prefix, which a surrogate keeps.
pub(crate) fn fixed_prefix(secret: &str) -> usize {
    let known = PREFIXES.candidates(secret.as_bytes()).iter().map(|token| token.prefix);
    known
        .chain([WEB_TOKEN])
        .filter(|prefix| secret.starts_with(prefix))
        .map(str::len)
        .max()
        .unwrap_or(0)
}
