//! Tokens that carry their issuer's prefix.

use super::text::{Text, is_word};
use super::{Rule, secret, shape, vendors};
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
        let inside = match before {
            b'-' => (self.alphabet)(b'-'),
            b'+' | b'/' => (self.alphabet)(b'+'),
            _ => false,
        };
        if inside || !text.is_fresh(start) {
            return None;
        }
        let (least, most) = self.length;
        let end = text.run(after, most.saturating_add(1), self.alphabet);
        if end.saturating_sub(after) > most || is_word(text.at(end)) {
            return None;
        }
        let mut body = text.slice(after, end).to_owned();
        let end = self.unwrap(text, end, &mut body);
        if body.len() < least || !is_random(&body) || (self.mixed && !is_mixed(&body)) {
            return None;
        }
        if surrogate::is_token(text.slice(start, end)) || begins_ours(text, start, end) {
            return None;
        }
        Some(Rule::new(FindingKind::Secret, SCORE, self.rule).finds(start, end))
    }

    /// Adds to `body` what follows on the next lines when the token, whose first line ends at
    /// `end`, is broken over several, and returns where it ends. A line belongs to it when it is
    /// needed, or when it is as long and as random as such lines are, unless something of its own
    /// begins there.
    fn unwrap(&self, text: Text<'_>, mut end: usize, body: &mut String) -> usize {
        let (least, most) = self.length;
        while let Some(next) = after_break(text, end) {
            let stop = text.run(next, most.saturating_sub(body.len()), self.alphabet);
            let line = text.slice(next, stop);
            let needed = body.len() < least;
            let continues = needed || (line.len() >= LINE && is_mixed(line));
            let whole = line.is_empty() || !continues || is_word(text.at(stop));
            if whole || is_another(text, next) {
                break;
            }
            body.push_str(line);
            end = stop;
        }
        end
    }
}

/// Whether what stands from `start` to `end` begins a surrogate of ours that goes on encoded for a
/// URL: the `AKIA…` of `AKIA…%2F20260101%2F…`, the scope of a signed request.
fn begins_ours(text: Text<'_>, start: usize, end: usize) -> bool {
    let is_part = |byte: u8| is_word(byte) || matches!(byte, b'%' | b'-' | b'.' | b'~');
    text.at(end) == b'%' && surrogate::is_token(text.slice(start, text.run(end, NAME, is_part)))
}

/// The fewest characters of a line that a token of no fixed length goes on with.
const LINE: usize = 24;
/// The most spaces before a line that goes on.
const INDENT: usize = 40;

/// Whether the line that goes on at `at` begins with something of its own: the token of any issuer,
/// a key in its armour (RFC 7468), or the name of an assignment.
fn is_another(text: Text<'_>, at: usize) -> bool {
    let run = text.run(at, NAME, |byte| is_word(byte) || matches!(byte, b'-' | b'.'));
    let spaced = text.run(run, 2, |byte| matches!(byte, b' ' | b'\t'));
    let value = text.at(spaced.saturating_add(1));
    // What fills up base64 stands at its end.
    let named = match text.at(spaced) {
        b'=' => value > b' ' && !b"=\"'`\\".contains(&value) || spaced > run,
        b':' => true,
        _ => false,
    };
    named
        || text.starts_with(at, "-----")
        || PREFIXES.begin(text, at)
        || shape::find(text, at, run).is_some()
}

/// The longest name of an assignment that is looked for.
const NAME: usize = 72;

/// Where the text of a broken line goes on behind `end`: past the end of a string, a sign that joins
/// two, the break, an indentation, and the beginning of the next string.
fn after_break(text: Text<'_>, end: usize) -> Option<usize> {
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r');
    let is_quote = |byte: u8| matches!(byte, b'"' | b'\'' | b'`');
    let is_joint = |byte: u8| matches!(byte, b'+' | b'.' | b'&');
    let closed = text.run(end, 1, is_quote);
    let joint = text.run(text.run(closed, 2, is_space), 1, is_joint);
    let parted = text.run(joint, 2, |byte| is_space(byte) || byte == b'\\');
    let line = match (text.at(parted), text.at(joint), text.at(joint.saturating_add(1))) {
        (b'\n', ..) => parted.saturating_add(1),
        // The break of quoted text.
        (_, b'\\', b'n') => joint.saturating_add(2),
        _ => return None,
    };
    let indented = text.run(line, INDENT, is_space);
    let joined = text.run(text.run(indented, 1, is_joint), 2, is_space);
    Some(text.run(joined, 1, is_quote))
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

    /// Whether the prefix of a token stands at `start`.
    fn begin(&self, text: Text<'_>, start: usize) -> bool {
        let head = text.window(start, start.saturating_add(HEAD));
        let mut known = self.candidates(head).iter().map(|token| token.prefix);
        text.starts_with(start, WEB_TOKEN) || known.any(|prefix| text.starts_with(start, prefix))
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
