//! Surrogates that are made of invented words: e-mail addresses, handles, credentials.
//!
//! A word is a row of syllables, a consonant and a vowel each. Its last two syllables are a check
//! of the others, so that an invented word is told from a real name: of the names that happen to
//! be six such syllables, one in 6,400 passes.

use super::token;
use crate::scope::{Scope, Stream};

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 5] = b"aeiou";
/// Letters of a syllable.
const SYLLABLE: usize = 2;
/// Syllables of the check.
const CHECK: usize = 2;
/// Syllables before the check: 80⁴, or 41 million words.
const FREE: u32 = 4;
/// Letters of the shortest word.
const SHORTEST: usize = 12;
/// Where the dot of an address's local part stands.
const DOT: usize = 6;
/// Domains that nobody can register (RFC 2606, section 3).
const DOMAINS: &[&str] = &["example.com", "example.net", "example.org"];

/// An invented word; each `width` makes it a syllable longer.
pub(super) fn word(stream: &mut Stream, width: u32) -> String {
    let mut word = String::new();
    for _ in 0..FREE.saturating_add(width) {
        word.push(stream.pick(CONSONANTS));
        word.push(stream.pick(VOWELS));
    }
    let check = check(&word);
    word + &check
}

/// Whether `text` is a word that [`word`] makes.
pub(crate) fn is_word(text: &str) -> bool {
    let Some(free) = text.len().checked_sub(CHECK.saturating_mul(SYLLABLE)) else {
        return false;
    };
    let spelt = text.bytes().enumerate().all(|(place, byte)| {
        if place % SYLLABLE == 0 { CONSONANTS.contains(&byte) } else { VOWELS.contains(&byte) }
    });
    spelt
        && text.len() >= SHORTEST
        && text.len().is_multiple_of(SYLLABLE)
        && text.get(..free).zip(text.get(free..)).is_some_and(|(free, end)| check(free) == end)
}

/// The last syllables of the word that begins with `free`.
fn check(free: &str) -> String {
    let mut check = String::new();
    let digest = blake3::hash(free.as_bytes());
    for (place, &byte) in digest.as_bytes().iter().take(CHECK * SYLLABLE).enumerate() {
        let letters: &[u8] = if place % SYLLABLE == 0 { CONSONANTS } else { VOWELS };
        let letter = letters.iter().cycle().nth(usize::from(byte));
        check.push(letter.copied().map_or('a', char::from));
    }
    check
}

pub(super) fn email(original: &str, scope: &mut Scope) -> String {
    scope.assign("email", &original.to_lowercase(), |stream, width| {
        let mut local = word(stream, width);
        local.insert(DOT, '.');
        let index = usize::try_from(stream.below(3)).ok()?;
        Some(format!("{local}@{}", DOMAINS.get(index)?))
    })
}

/// Whether the address `local@domain` is one of ours.
pub(crate) fn is_email(local: &str, domain: &str) -> bool {
    let dotted = local.find('.') == Some(DOT);
    dotted && DOMAINS.contains(&domain) && is_word(&local.replacen('.', "", 1))
}

pub(super) fn handle(original: &str, scope: &mut Scope) -> String {
    scope.assign("handle", &original.to_lowercase(), |stream, width| Some(word(stream, width)))
}

/// `user:password`, without a user where the original has none; a token where there is no colon.
pub(super) fn credentials(original: &str, scope: &mut Scope) -> String {
    if !original.contains(':') {
        return token::secret(original, scope);
    }
    scope.assign("url_credentials", original, |stream, width| {
        let password = word(stream, width);
        if original.starts_with(':') {
            return Some(format!(":{password}"));
        }
        Some(format!("{}:{password}", word(stream, 0)))
    })
}

/// Whether `user:password` is one of ours.
pub(crate) fn is_credentials(text: &str) -> bool {
    text.split_once(':').is_some_and(|(_, password)| is_word(password))
}
