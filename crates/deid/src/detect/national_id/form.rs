//! Reading a number by the form that it is written in.

use super::super::text::{Text, is_word};
use std::collections::BTreeSet;

/// Letters and digits of the longest number.
const MOST: usize = 20;

/// A number as it stands in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    characters: [u8; MOST],
    length: usize,
    /// Where it ends in the text.
    pub(super) end: usize,
    /// Whether separators stand in it.
    pub(super) grouped: bool,
    /// How many signs of the form stand for themselves.
    pub(super) signs: usize,
    /// Whether a small letter stands in it.
    pub(super) small: bool,
}

impl Written {
    /// Its letters and digits, letters in capitals.
    pub(super) fn characters(&self) -> &[u8] {
        self.characters.get(..self.length).unwrap_or_default()
    }

    fn push(&mut self, byte: u8) -> Option<()> {
        *self.characters.get_mut(self.length)? = byte.to_ascii_uppercase();
        self.small |= byte.is_ascii_lowercase();
        self.length += 1;
        Some(())
    }
}

/// The number of `form` that begins at `start`. In a form, `9` stands for a digit, `A` for a
/// letter, `*` for either, `~` for a sign or letter that says the century, a space for a space,
/// dash, dot or slash which are written all or not at all, `_` for such a one or nothing, and
/// everything else for itself.
pub(super) fn read(text: Text<'_>, start: usize, form: &str) -> Option<Written> {
    let characters = [0; MOST];
    let mut written =
        Written { characters, length: 0, end: start, grouped: false, signs: 0, small: false };
    let mut at = start;
    // Whether the separators that a space stands for are written.
    let mut separated = None;
    for expected in form.bytes() {
        let byte = text.at(at);
        let separator = separator(text, at);
        match expected {
            b'9' if byte.is_ascii_digit() => written.push(byte)?,
            b'A' if byte.is_ascii_alphabetic() => written.push(byte)?,
            b'*' if byte.is_ascii_alphanumeric() => written.push(byte)?,
            b'~' if b"-+ABCDEFUVWXY".contains(&byte) => {}
            b' ' | b'_' => {
                let here = separator > 0;
                if expected == b' ' && *separated.get_or_insert(here) != here {
                    return None;
                }
                written.grouped |= here;
                at += separator;
                continue;
            }
            _ if expected == byte && !expected.is_ascii_alphanumeric() => {
                written.grouped = true;
                written.signs += 1;
            }
            _ => return None,
        }
        at += 1;
    }
    written.end = at;
    ends(text, at).then_some(written)
}

/// How a form may begin: so many letters, so many digits in a row, and, where a separator must
/// follow them, so many digits in a row again.
pub(super) type Lead = (usize, usize, Option<usize>);

/// Every way in which what a form describes may begin.
pub(super) fn leads(form: &str) -> BTreeSet<Lead> {
    let mut leads = BTreeSet::new();
    for absent in ["", " ", "_", " _"] {
        // What is written without some of its separators.
        let form: Vec<u8> = form.bytes().filter(|&b| !absent.as_bytes().contains(&b)).collect();
        for letters in 0..=form.len() {
            let (head, rest) = form.split_at_checked(letters).unwrap_or_default();
            if !head.iter().all(|byte| matches!(byte, b'A' | b'*')) {
                break;
            }
            let separated = letters > 0 && matches!(rest.first(), Some(b' ' | b'_'));
            let rest = rest.get(usize::from(separated)..).unwrap_or_default();
            for digits in runs(rest) {
                let after = rest.get(digits..).unwrap_or_default();
                let second = match after {
                    [b' ' | b'_' | b'-' | b'.' | b'/', more @ ..] => runs(more).max(),
                    _ => None,
                };
                leads.insert((letters, digits, second));
            }
        }
    }
    leads
}

/// How many digits in a row may begin a form.
fn runs(form: &[u8]) -> std::ops::RangeInclusive<usize> {
    let least = form.iter().take_while(|&&byte| byte == b'9').count();
    let most = form.iter().take_while(|&&byte| matches!(byte, b'9' | b'*')).count();
    least.max(1)..=most
}

/// How many digits stand behind the separator at `at`.
pub(super) fn digits_behind(text: Text<'_>, at: usize) -> usize {
    let first = at + separator(text, at);
    text.run(first, MOST, |byte| byte.is_ascii_digit()) - first
}

/// How many bytes the separator at `at` has.
fn separator(text: Text<'_>, at: usize) -> usize {
    match (text.at(at), text.at(at + 1), text.at(at + 2)) {
        (b' ' | b'-' | b'.' | b'/', ..) => 1,
        (0xc2, 0xa0, _) => 2,           // no-break space
        (0xe2, 0x80, 0x90..=0x93) => 3, // hyphens and dashes
        _ => 0,
    }
}

/// Whether a number can begin at `start`: not within a word, an identifier, a decimal fraction, a
/// time, a path or an amount of money.
pub(in crate::detect) fn begins(text: Text<'_>, start: usize) -> bool {
    let (before, earlier) = (text.back(start, 1), text.back(start, 2));
    match before {
        b'.' | b':' => !earlier.is_ascii_digit(),
        b'-' | b'/' | b'$' | b'@' | b'+' | b'%' => false,
        _ => text.is_fresh(start),
    }
}

/// Whether a number can end at `end`: nothing follows that makes it longer.
pub(in crate::detect) fn ends(text: Text<'_>, end: usize) -> bool {
    let (next, later) = (text.at(end), text.at(end.saturating_add(1)));
    match next {
        b'-' | b'/' => !is_word(later),
        b'.' => !later.is_ascii_digit(),
        b'%' | b'@' => false,
        _ => !is_word(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let compact = |text: &str, form: &str| {
            let written = read(Text::new(text), 0, form)?;
            Some(String::from_utf8(written.characters().to_vec()).unwrap())
        };
        for (text, form, expected) in [
            ("12-34 x", "99 99", Some("1234")),
            ("1234.", "99 99", Some("1234")),
            ("12\u{a0}34", "99 99", Some("1234")),
            ("12 34.5", "99 99", None),
            ("123 4", "99 9 9", None),
            ("123 4", "99_9_9", Some("1234")),
            ("ab12", "AA99", Some("AB12")),
            ("1a", "9A", Some("1A")),
            ("1x", "99", None),
            ("1(2)", "9(9)", Some("12")),
            ("12+3", "99~9", Some("123")),
            ("12", "999", None),
            ("123", "99", None),
        ] {
            assert_eq!(compact(text, form).as_deref(), expected, "{text:?} {form:?}");
        }
    }

    #[test]
    fn leads_of_forms() {
        for (form, expected) in [
            ("999", vec![(0, 3, None)]),
            ("99 9", vec![(0, 2, Some(1)), (0, 3, None)]),
            ("99.999.9", vec![(0, 2, Some(3))]),
            ("9*", vec![(0, 1, None), (0, 2, None)]),
            ("A_99_A", vec![(1, 2, None)]),
            ("AA*9", vec![(2, 1, None), (2, 2, None), (3, 1, None)]),
        ] {
            assert_eq!(leads(form).into_iter().collect::<Vec<_>>(), expected, "{form}");
        }
    }
}
