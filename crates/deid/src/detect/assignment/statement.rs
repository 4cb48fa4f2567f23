//! Passwords in statements of SQL, and of other languages in which a word and a quote are enough.

use super::value;
use super::{FIELD_REACH, NAME_LIMIT, finding, name, told};
use crate::detect::text::{Text, is_word};
use crate::finding::Finding;

/// The password of `IDENTIFIED BY '…'` in SQL, and of `IDENTIFIED WITH plugin BY '…'`; the first
/// word and its space end at `end`.
pub(in crate::detect) fn statement(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let says = |at: usize, word: &str| {
        let after = at.saturating_add(word.len());
        text.slice(at, after).eq_ignore_ascii_case(word).then_some(after)
    };
    let by = says(end, "with ").map_or(end, |plugin| text.run(plugin, NAME_LIMIT, is_word) + 1);
    let after = says(by, "by ")?;
    let at = says(after, "password ").unwrap_or(after);
    // In prose a word in backquotes stands behind these two.
    if text.at(at) == b'`' || (text.at(at) == b'"' && !speaks_of_user(text, start)) {
        return None;
    }
    finding(text, &name::PASSWORD, &value::quoted(text, at)?)
}

/// Whether a statement before `at` is about a user: in prose anything is identified by something.
fn speaks_of_user(text: Text<'_>, at: usize) -> bool {
    let before = text.window(at.saturating_sub(FIELD_REACH), at).to_ascii_lowercase();
    memchr::memmem::find(&before, b"user").is_some()
}

/// What stands behind a word for a password whose last letter is at `last`: a value that is told, or
/// the quote of a statement.
pub(in crate::detect) fn password(text: Text<'_>, start: usize, last: usize) -> Option<Finding> {
    let end = last.saturating_add(2);
    match (text.at(last), text.at(last.saturating_add(1)), text.at(end)) {
        (b'd', b' ', b'\'' | b'"') => statement_password(text, start, end.saturating_add(1)),
        (b'd' | b't', b' ', b'i' | b'l' | 0xc3) => told::told(text, start, end),
        _ => None,
    }
}

/// The password of `PASSWORD '…'` in SQL, and of other commands in which the word stands so; the
/// quote stands before `end`.
pub(in crate::detect) fn statement_password(
    text: Text<'_>,
    _start: usize,
    end: usize,
) -> Option<Finding> {
    finding(text, &name::PASSWORD, &value::quoted(text, end.saturating_sub(1))?)
}

/// The password of `ConvertTo-SecureString "…"` in PowerShell, with `-String` before it or not.
pub(in crate::detect) fn secure_string(
    text: Text<'_>,
    _start: usize,
    end: usize,
) -> Option<Finding> {
    const OPTION: &str = "-String ";
    let skipped = if text.starts_with(end, OPTION) { OPTION.len() } else { 0 };
    let place = value::quoted(text, end.saturating_add(skipped))?;
    finding(text, &name::PASSWORD, &place)
}
