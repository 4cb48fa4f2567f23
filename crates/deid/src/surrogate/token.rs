//! Surrogates of keys, tokens and passwords.
//!
//! A surrogate keeps the length, the public prefix, the separators and the class of every
//! character, so that code, JSON and URLs around it stay intact. The last eight characters that it
//! replaces are a check of the rest: a token whose check holds is one of ours.

use super::words;
use crate::detect::fixed_prefix;
use crate::scope::{Scope, Stream};

/// Characters of the check.
const CHECK: usize = 8;
/// The fewest replaced characters that leave room for the check. Shorter secrets become words.
const LEAST: usize = 16;
/// Characters of a digest, those of its check among them.
const DIGEST: usize = 24;
/// Syllables that make a word of sixteen letters.
const LONGER: u32 = 2;

pub(super) fn secret(original: &str, scope: &mut Scope) -> String {
    scope.assign("secret", original, |stream, width| {
        let mut pattern = Pattern::read(original);
        if pattern.places() < LEAST && original.bytes().all(|byte| byte.is_ascii_digit()) {
            return number(stream, width);
        }
        if pattern.places() < LEAST {
            return Some(words::word(stream, LONGER.saturating_add(width)));
        }
        pattern.lengthen(width);
        pattern.replace(stream);
        pattern.seal();
        let text = pattern.into_text();
        // Rarely the classes read differently in what was drawn.
        is_token(&text).then_some(text)
    })
}

/// What stands for a number that is too short for the check: a longer one, for in JSON a word could
/// not stand in its place. It begins with 1, as no card does.
fn number(stream: &mut Stream, width: u32) -> Option<String> {
    let mut pattern = Pattern::read(&format!("1{}", stream.digits(LEAST.saturating_sub(1))));
    pattern.lengthen(width);
    pattern.seal();
    let text = pattern.into_text();
    is_token(&text).then_some(text)
}

/// A row of hexadecimal digits that stands for the value of `domain` that `identity` is, and in
/// which [`is_token`] sees one of ours. It begins with a letter, so that it is not taken for a number.
pub(crate) fn digest(domain: &'static str, identity: &str, scope: &mut Scope) -> String {
    scope.assign(domain, identity, |stream, width| {
        let mut text = stream.pick(b"abcdef").to_string();
        let count = DIGEST.saturating_add(usize::try_from(width).unwrap_or(usize::MAX));
        text.extend((1..count).map(|_| stream.pick(b"0123456789abcdef")));
        let mut pattern = Pattern::read(&text);
        pattern.seal();
        let text = pattern.into_text();
        is_token(&text).then_some(text)
    })
}

/// An address of a wallet of the same network and length, with a check that does not hold.
pub(super) fn wallet(original: &str, scope: &mut Scope) -> String {
    let network = match original.split_once('1') {
        _ if original.starts_with("0x") => 2,
        Some((name @ ("bc" | "tb" | "bcrt" | "ltc"), _)) => name.len().saturating_add(1),
        _ => original.chars().next().map_or(0, char::len_utf8),
    };
    let (network, rest) = original.split_at_checked(network).unwrap_or(("", original));
    network.to_owned() + &secret(rest, scope)
}

/// Whether a secret is one of ours.
pub(crate) fn is_token(text: &str) -> bool {
    if words::is_word(text) {
        return true;
    }
    let mut pattern = Pattern::read(text);
    if pattern.places() < LEAST {
        return false;
    }
    pattern.seal();
    pattern.into_text() == text
}

/// What may be written in a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Nothing else: the character stays.
    Fixed,
    Digit,
    Small,
    Capital,
}

/// A text with the class of each character.
struct Pattern {
    characters: Vec<(char, Class)>,
    /// Whether all letters that are replaced are hexadecimal digits, and must stay so.
    hexadecimal: bool,
}

impl Pattern {
    fn read(text: &str) -> Self {
        let (first, last) = replaced(text);
        // How many of the next characters belong to an escape, which must stay one.
        let mut escape = 0_u32;
        let mut previous = ' ';
        let mut characters = Vec::with_capacity(text.len());
        for (at, character) in text.char_indices() {
            let class = match character {
                _ if at < first || at >= last || escape > 0 => Class::Fixed,
                c if c.is_ascii_digit() => Class::Digit,
                c if c.is_uppercase() => Class::Capital,
                c if c.is_alphabetic() => Class::Small,
                _ => Class::Fixed,
            };
            escape = match (previous, character) {
                (_, '\\') => 1,
                ('\\', 'u') => 4,
                (_, '%') => 2,
                _ => escape.saturating_sub(1),
            };
            previous = character;
            characters.push((character, class));
        }
        let hexadecimal = characters
            .iter()
            .filter(|(_, class)| *class != Class::Fixed)
            .all(|(character, _)| character.is_ascii_hexdigit());
        Self { characters, hexadecimal }
    }

    fn places(&self) -> usize {
        let replaced = |&&(_, class): &&(char, Class)| class != Class::Fixed;
        self.characters.iter().filter(replaced).count()
    }

    /// Adds `count` small letters.
    fn lengthen(&mut self, count: u32) {
        for _ in 0..count {
            self.characters.push(('a', Class::Small));
        }
    }

    fn alphabet(&self, class: Class) -> &'static [u8] {
        match (class, self.hexadecimal) {
            (Class::Small, false) => b"abcdefghijklmnopqrstuvwxyz",
            (Class::Capital, false) => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            (Class::Small, true) => b"abcdef",
            (Class::Capital, true) => b"ABCDEF",
            (Class::Digit | Class::Fixed, _) => b"0123456789",
        }
    }

    /// Writes another character of its class into every place.
    fn replace(&mut self, stream: &mut Stream) {
        for index in 0..self.characters.len() {
            // A number of JSON begins with no 0.
            let leads = index == 0 && matches!(self.characters.first(), Some(('1'..='9', _)));
            self.write(index, |alphabet| stream.pick(if leads { b"123456789" } else { alphabet }));
        }
    }

    /// Writes the check of the other characters into the last places.
    fn seal(&mut self) {
        let places: Vec<usize> = (0..self.characters.len())
            .rev()
            .filter(|&index| self.class(index) != Class::Fixed)
            .take(CHECK)
            .collect();
        for &index in &places {
            self.write(index, |alphabet| alphabet.first().copied().map_or('0', char::from));
        }
        let text: String = self.characters.iter().map(|(character, _)| character).collect();
        let digest = blake3::hash(text.as_bytes());
        for (&index, &byte) in places.iter().zip(digest.as_bytes()) {
            self.write(index, |alphabet| {
                let letter = alphabet.iter().cycle().nth(usize::from(byte));
                letter.copied().map_or('0', char::from)
            });
        }
    }

    fn class(&self, index: usize) -> Class {
        self.characters.get(index).map_or(Class::Fixed, |&(_, class)| class)
    }

    /// Writes into the place at `index`; does nothing where the character is fixed.
    fn write(&mut self, index: usize, choose: impl FnOnce(&[u8]) -> char) {
        let class = self.class(index);
        if class == Class::Fixed {
            return;
        }
        let chosen = choose(self.alphabet(class));
        if let Some(place) = self.characters.get_mut(index) {
            place.0 = chosen;
        }
    }

    fn into_text(self) -> String {
        self.characters.into_iter().map(|(character, _)| character).collect()
    }
}

/// The bytes that may be replaced: behind the public prefix, and between the lines of an armour.
fn replaced(text: &str) -> (usize, usize) {
    const BEGIN: &str = "-----BEGIN ";
    const DASHES: &str = "-----";
    // A number in hexadecimal digits stays one.
    let number = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    if number.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return ("0x".len(), text.len());
    }
    let Some(label) = text.strip_prefix(BEGIN) else {
        return (fixed_prefix(text), text.len());
    };
    let first = label
        .find(DASHES)
        .map_or(text.len(), |at| at.saturating_add(BEGIN.len()).saturating_add(DASHES.len()));
    let last = text.rfind("-----END ").unwrap_or(text.len());
    (first, last)
}
