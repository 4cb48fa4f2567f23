//! Passwords that people tell in a sentence or behind a label, in the languages that they speak.

use super::value::{self, Place, Writing};
use super::{Strength, Text, bare_name, finding, name};
use crate::finding::Finding;

/// Forms of the verb between the word for a password and the password: English and Dutch, German,
/// French, Spanish, Italian, Portuguese.
const TELLING: &[&str] = &["is", "ist", "lautet", "est", "es", "è", "é"];

/// The password that somebody tells: `the password is …`, `das Passwort lautet …`. The noun and its
/// space end at `after`.
pub(in crate::detect) fn told(text: Text<'_>, _start: usize, after: usize) -> Option<Finding> {
    let end = text.run(after, 6, |byte| byte.is_ascii_lowercase() || !byte.is_ascii());
    if !TELLING.contains(&text.slice(after, end)) {
        return None;
    }
    let noun = after.saturating_sub(1);
    let named = || name::promise(bare_name(text, noun).map(|(from, to)| text.slice(from, to))?);
    let is_password = name::spoken(text, noun).is_some()
        || named().is_some_and(|promise| promise.strength == Strength::Password);
    let colon = text.run(text.run(end, 1, |byte| byte == b' '), 1, |byte| byte == b':');
    let colon = if text.back(colon, 1) == b':' { colon } else { end };
    let after = text.run(colon, 2, |byte| matches!(byte, b' ' | b'*'));
    if !is_password || after == colon {
        return None;
    }
    let (start, end) = told_value(text, after)?;
    // A mark that ends the sentence makes no password of its last word.
    let value = text.slice(start, end);
    let word = value.trim_end_matches(['!', '?', ')', ';']);
    let place = |end: usize| Place { start, end, writing: Writing::Loose };
    finding(text, &name::PASSWORD, &place(start.saturating_add(word.len())))?;
    finding(text, &name::PASSWORD, &place(end))
}

/// Where the value that is told from `at` on stands, without the quotes of any language around it
/// and without what ends its sentence.
fn told_value(text: Text<'_>, at: usize) -> Option<(usize, usize)> {
    const OPENING: [char; 6] = ['«', '»', '„', '“', '‘', '”'];
    const CLOSING: [char; 6] = ['«', '»', '“', '”', '’', '\u{a0}'];
    if let Some(place) = value::quoted(text, at) {
        return Some((place.start, place.end));
    }
    let open = OPENING.iter().find(|mark| text.starts_with(at, mark.encode_utf8(&mut [0; 4])));
    let inner = at.saturating_add(open.map_or(0, |mark| mark.len_utf8()));
    let space = [" ", "\u{a0}", "\u{202f}"].iter().find(|space| text.starts_with(inner, space));
    let start = inner.saturating_add(space.map_or(0, |space| space.len()));
    let written = text.slice(start, value::argument(text, start)?.end);
    let closed = open.and_then(|_| written.find(CLOSING)).unwrap_or(written.len());
    let value = written.get(..closed)?.trim_end_matches('.');
    Some((start, start.saturating_add(value.len())))
}

/// The password behind words for it that are no name of a program, which end before `end`; the value
/// stands from `after` on. Labels of forms are written so too, so that letters alone are none.
pub(super) fn spoken(text: Text<'_>, end: usize, after: usize) -> Option<Finding> {
    let end = text.run_back(end, 2, |byte| byte == b' ');
    let end = text.run_back(end, 4, |byte| matches!(byte, b'"' | b'\'' | b'*' | b'\\' | b'`'));
    let start = name::spoken(text, end)?;
    let place = value::after(text, after, start)?;
    let place = Place { writing: Writing::Loose, ..place };
    finding(text, &name::PASSWORD, &place)
}

/// The same behind a colon of East Asia at `at`.
pub(super) fn wide(text: Text<'_>, at: usize) -> Option<Finding> {
    let ends = |word: &&&str| text.starts_with(at.saturating_sub(word.len()), word);
    ["码", "碼", "ード", "번호"].iter().find(ends)?;
    spoken(text, at, at.saturating_add('：'.len_utf8()))
}
