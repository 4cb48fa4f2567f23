//! What is written so that machines do not read it: full-width digits and signs, characters of no
//! width inside a word, `name [at] host [dot] com`.

use super::context::Contexts;
use super::email::exists;
use super::marks::Marks;
use super::text::{Text, is_word};
use super::{Rule, email, number};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;
use std::borrow::Cow;

const ENCODED: Rule = Rule::new(FindingKind::Email, 0.9, "email-encoded");
const SPELLED: Rule = Rule::new(FindingKind::Email, 0.85, "email-spelled");

/// How far around a character that is undone the text is read again.
const REACH: usize = 96;
/// The longest part of a spelled address.
const PART_LIMIT: usize = 64;
/// The most parts of its host.
const MOST_PARTS: usize = 6;

/// Words that stand before ` dot com` in sentences about something else.
const ARTICLES: &[&str] = &["a", "an", "all", "any", "my", "our", "the", "this", "that", "your"];

/// `@` as it stands in the parameters of URLs (RFC 3986, 2.1).
const ENCODED_AT: &str = "%40";
/// The most pieces of a local part that are written apart.
const MOST_PIECES: usize = 4;

/// The spelled address whose `at` stands in the brackets that open at `open`.
pub(super) fn bracketed(text: Text<'_>, open: usize) -> Option<Finding> {
    let end = open.saturating_add("[at]".len());
    let framed = matches!(
        text.window(open, end),
        [b'[', b'a' | b'A', b't' | b'T', b']']
            | [b'(', b'a' | b'A', b't' | b'T', b')']
            | [b'{', b'a' | b'A', b't' | b'T', b'}']
    );
    framed.then(|| spelled(text, open, end)).flatten()
}

/// The spelled address whose `at` in brackets, or whose first ` dot `, stands from `start` to
/// `end`.
pub(super) fn spelled(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let (local_end, host) = if text.at(start) == b' ' {
        let host = text.run_back(start, PART_LIMIT, is_host);
        let at = host.checked_sub(4)?;
        let said = text.slice(at, host).eq_ignore_ascii_case(" at ");
        let named = !ARTICLES.contains(&text.slice(host, start).to_ascii_lowercase().as_str());
        (said && named && host < start).then_some((at, host))?
    } else {
        let local_end = text.run_back(start, 1, |byte| byte == b' ');
        (local_end, text.run(end, 1, |byte| byte == b' '))
    };
    let mut local = local_start(text, local_end);
    for _ in 1..MOST_PIECES {
        let Some(before) = dot_before(text, local, text.at(start) == b' ') else {
            break;
        };
        let piece = local_start(text, before);
        if piece == before {
            break;
        }
        local = piece;
    }
    let last = host_end(text, host)?;
    (local < local_end && text.is_fresh(local)).then(|| SPELLED.finds(local, last))
}

/// Where the piece of a local part that ends at `end` begins.
fn local_start(text: Text<'_>, end: usize) -> usize {
    let is_local = |byte: u8| is_word(byte) || matches!(byte, b'.' | b'+' | b'-');
    text.skip_escape(text.run_back(end, PART_LIMIT, is_local)).min(end)
}

/// Before the spelled dot that ends at `at`: in brackets, or, where the whole is spelled so, between
/// `spaces`.
fn dot_before(text: Text<'_>, at: usize, spaces: bool) -> Option<usize> {
    let close = text.run_back(at, 1, |byte| byte == b' ');
    let bracket = usize::from(matches!(text.back(close, 1), b']' | b')' | b'}'));
    let word = close.checked_sub(3 + bracket)?;
    let said = text.slice(word, word + 3).eq_ignore_ascii_case("dot");
    let open = word.checked_sub(bracket)?;
    let before = text.run_back(open, 1, |byte| byte == b' ');
    let framed = if bracket == 1 {
        matches!(text.at(open), b'[' | b'(' | b'{')
    } else {
        spaces && before < open && close < at
    };
    (said && framed).then_some(before)
}

/// The address whose encoded sign is at `at`. A plus sign of its local part is encoded as well.
pub(super) fn encoded_at(text: Text<'_>, at: usize) -> Option<Finding> {
    if !text.starts_with(at, ENCODED_AT) {
        return None;
    }
    let is_local = |byte: u8| is_word(byte) || matches!(byte, b'.' | b'+' | b'-');
    let mut start = text.run_back(at, PART_LIMIT, is_local);
    for _ in 1..MOST_PIECES {
        if text.back(start, 1) != b'%' || !text.slice(start, start + 2).eq_ignore_ascii_case("2b") {
            break;
        }
        start = text.run_back(start - 1, PART_LIMIT, is_local);
    }
    // Another escape ends before the address.
    let start = text.skip_escape(start);
    let host = at + ENCODED_AT.len();
    let end = host_end(text, host)?;
    let ours = surrogate::is_email(text.slice(start, at), text.slice(host, end));
    (start < at && !ours).then(|| ENCODED.finds(start, end))
}

/// The end of the host that begins at `start`, when its last part is a top-level domain.
fn host_end(text: Text<'_>, start: usize) -> Option<usize> {
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let mut at = start;
    let mut last = None;
    for part in 0..MOST_PARTS {
        let end = text.run(at, PART_LIMIT, is_host);
        if end == at {
            break;
        }
        if part > 0 && !is_word(text.at(end)) && exists(text.slice(at, end)) {
            last = Some(end);
        }
        let Some(dot) = dot(text, end) else {
            break;
        };
        at = dot;
    }
    last
}

/// Behind the dot that stands at `at`: `.`, ` dot `, `[dot]`, `(dot)`, with or without spaces.
fn dot(text: Text<'_>, at: usize) -> Option<usize> {
    if text.at(at) == b'.' {
        return Some(at + 1);
    }
    let spaces = |at: usize| text.run(at, 1, |byte| byte == b' ');
    let open = spaces(at);
    let bracket = usize::from(matches!(text.at(open), b'[' | b'(' | b'{'));
    let word = open + bracket;
    let said = text.slice(word, word + 3).eq_ignore_ascii_case("dot");
    let closed = word + 3 + bracket;
    let close = text.at(closed - 1);
    let framed = if bracket == 1 {
        matches!(close, b']' | b')' | b'}')
    } else {
        open > at && text.at(closed) == b' '
    };
    (said && framed).then(|| spaces(closed))
}

/// Reads the text around each disguised character again, without the disguise.
pub(super) fn scan(text: Text<'_>, marks: &Marks, contexts: &Contexts, out: &mut Vec<Finding>) {
    let mut done = 0;
    let mut marks = marks.disguises().iter().filter(|&at| is_mark(text, at)).peekable();
    while let Some(first) = marks.next() {
        let mut last = first;
        while let Some(next) = marks.next_if(|&next| next < last + REACH) {
            last = next;
        }
        let (start, end) = (boundary(text, first.saturating_sub(REACH).max(done)), last + REACH);
        let end = boundary(text, end.min(text.bytes().len()));
        undo_window(text, contexts, start, end, out);
        done = last;
    }
}

/// The first place from `at` on where a character begins.
fn boundary(text: Text<'_>, at: usize) -> usize {
    text.run(at, 3, |byte| byte & 0xc0 == 0x80)
}

fn undo_window(
    text: Text<'_>,
    contexts: &Contexts,
    start: usize,
    end: usize,
    out: &mut Vec<Finding>,
) {
    let window = text.slice(start, end);
    let (mut plain, mut places) = (String::with_capacity(window.len()), Vec::new());
    for (at, character) in window.char_indices() {
        if let Some(undone) = undo(character) {
            plain.push(undone);
            places.resize(plain.len(), start + at);
        }
    }
    places.push(end);
    let mut found = Vec::new();
    let (plain_text, marks) = (Text::new(&plain), Marks::new(plain.as_bytes()));
    email::scan(plain_text, &marks, &mut found);
    number::scan(plain_text, &marks, contexts, &mut found, &mut Vec::new());
    for finding in found {
        let ends = places.get(finding.start).zip(places.get(finding.end.saturating_sub(1)));
        let Some((&first, &last)) = ends else {
            continue;
        };
        // What follows the last character, and is nothing itself, stays outside.
        let width = text.slice(last, end).chars().next().map_or(0, char::len_utf8);
        let written = text.slice(first, last + width);
        if plain.get(finding.start..finding.end) != Some(written) && !written.is_empty() {
            out.push(Finding { start: first, end: last + width, ..finding });
        }
    }
}

/// Whether the character at `at` is one of a disguise: a full-width digit, letter or sign of an
/// address, or one of no width between two letters, digits or signs.
fn is_mark(text: Text<'_>, at: usize) -> bool {
    match (text.at(at), text.at(at + 1), text.at(at + 2)) {
        (0xef, 0xbc, 0x90..=0x99 | 0xa0..=0xba) | (0xef, 0xbd, 0x81..=0x9a) => true,
        (0xe2, 0x80, 0x8b..=0x8d) | (0xe2, 0x81, 0xa0) | (0xef, 0xbb, 0xbf) => {
            let joins = |byte: u8| byte.is_ascii_alphanumeric() || b".@-+_".contains(&byte);
            joins(text.back(at, 1)) && joins(text.at(at + 3))
        }
        _ => false,
    }
}

/// What a character stands for; nothing for one of no width (Unicode, Halfwidth and Fullwidth
/// Forms; General Punctuation).
fn undo(character: char) -> Option<char> {
    match character {
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => None,
        // U+FF01 to U+FF5E are U+0021 to U+007E.
        '\u{ff10}'..='\u{ff19}'
        | '\u{ff20}'..='\u{ff3a}'
        | '\u{ff41}'..='\u{ff5a}'
        | '\u{ff0b}'
        | '\u{ff0d}'
        | '\u{ff0e}'
        | '\u{ff3f}'
        | '\u{ff08}'
        | '\u{ff09}' => char::from_u32(u32::from(character) - 0xfee0),
        other => Some(other),
    }
}

/// A value without its disguise.
pub(crate) fn undisguised(value: &str) -> Cow<'_, str> {
    if value.is_ascii() {
        return Cow::Borrowed(value);
    }
    Cow::Owned(value.chars().filter_map(undo).collect())
}

/// An e-mail address without its disguise; what is spelled has its signs.
pub(crate) fn undisguised_email(value: &str) -> Cow<'_, str> {
    if value.contains('@') {
        return undisguised(value);
    }
    let mut value = undisguised(value).to_lowercase();
    if value.contains(ENCODED_AT) {
        return Cow::Owned(value.replace(ENCODED_AT, "@").replace("%2b", "+"));
    }
    for (word, sign) in [("at", "@"), ("dot", ".")] {
        for (open, close) in [("[", "]"), ("(", ")"), ("{", "}"), (" ", " ")] {
            let spelled = format!("{open}{word}{close}");
            value = value.replace(&spelled, sign);
        }
    }
    Cow::Owned(value.replace(' ', ""))
}
