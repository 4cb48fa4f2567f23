//! The form in which texts are compared.

use std::ops::Range;

/// A text in plain form, and where each byte of it comes from.
pub(super) struct Plain {
    pub(super) bytes: Vec<u8>,
    /// For each byte the offset of what it was made of, and at last the length of the text.
    offsets: Vec<usize>,
}

impl Plain {
    pub(super) fn of(text: &str) -> Self {
        let mut plain = Self {
            bytes: Vec::with_capacity(text.len()),
            offsets: Vec::with_capacity(text.len().saturating_add(1)),
        };
        read(text, |byte, offset| {
            plain.bytes.push(byte);
            plain.offsets.push(offset);
        });
        plain.offsets.push(text.len());
        plain
    }

    /// What a stretch of the plain form was made of: whole characters and whole escapes.
    pub(super) fn source(&self, text: &str, stretch: &Range<usize>) -> Range<usize> {
        let offset = |at: usize| self.offsets.get(at).copied().unwrap_or(text.len());
        let inside = |at: usize| (0x80..0xc0).contains(self.bytes.get(at).unwrap_or(&0));
        let (mut start, mut end) = (stretch.start, stretch.end);
        while start < end && inside(start) {
            start = start.saturating_add(1);
        }
        while end > start && inside(end) {
            end = end.saturating_sub(1);
        }
        offset(start)..offset(end)
    }
}

/// Appends the plain form of a text.
pub(super) fn append(text: &str, plain: &mut Vec<u8>) {
    read(text, |byte, _| plain.push(byte));
}

/// Gives the bytes of the plain form, each with the offset of what it was made of.
fn read(text: &str, mut give: impl FnMut(u8, usize)) {
    let bytes = text.as_bytes();
    let (mut at, mut spaced) = (0, false);
    while let Some(&byte) = bytes.get(at) {
        let (unit, width) = match byte {
            b'\\' => escape(bytes, at),
            0 | b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | b' ' => (Unit::Space, 1),
            byte => (Unit::Byte(byte), 1),
        };
        match unit {
            Unit::Space if spaced => {}
            Unit::Space => give(b' ', at),
            Unit::Byte(byte) => give(byte, at),
            Unit::Character(character) => {
                let mut buffer = [0; 4];
                character.encode_utf8(&mut buffer).bytes().for_each(|byte| give(byte, at));
            }
        }
        spaced = matches!(unit, Unit::Space);
        at = at.saturating_add(width);
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Space,
    Byte(u8),
    Character(char),
}

/// What a run of backslashes and the letter after it stand for, and how many bytes that takes. How
/// many backslashes there are depends on how often the text was quoted, and does not matter.
fn escape(bytes: &[u8], at: usize) -> (Unit, usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
    let one_more = slashes.saturating_add(1);
    match rest.get(slashes) {
        Some(b'n' | b'r' | b't') => (Unit::Space, one_more),
        Some(&quote @ (b'"' | b'\'' | b'/')) => (Unit::Byte(quote), one_more),
        Some(b'u') => match unicode(rest, one_more) {
            Some((character, width)) if character.is_whitespace() || character == '\0' => {
                (Unit::Space, width)
            }
            Some((character, width)) => (Unit::Character(character), width),
            None => (Unit::Byte(b'\\'), slashes),
        },
        _ => (Unit::Byte(b'\\'), slashes),
    }
}

/// The character whose four digits begin at `at`, a pair of surrogates included, and where it ends.
fn unicode(rest: &[u8], at: usize) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = rest.get(at..at.saturating_add(4))?;
        let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let first = unit(at)?;
    let end = at.saturating_add(4);
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first)?, end));
    }
    let slashes = rest.get(end..)?.iter().take_while(|byte| **byte == b'\\').count();
    let letter = end.saturating_add(slashes);
    if slashes == 0 || rest.get(letter) != Some(&b'u') {
        return None;
    }
    let second = unit(letter.saturating_add(1))?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    let code = 0x1_0000 + ((first - 0xd800) << 10) + second;
    Some((char::from_u32(code)?, letter.saturating_add(5)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_does_not_matter() {
        let plain = |text: &str| String::from_utf8(Plain::of(text).bytes).unwrap();
        for (text, expected) in [
            ("a \n\t b", "a b"),
            (r"a\nb", "a b"),
            (r"a\\nb", "a b"),
            ("a\\n\n b", "a b"),
            (r#"say \"no\""#, r#"say "no""#),
            (r#"say \\\"no\\\""#, r#"say "no""#),
            (r"\u003cb\u003e", "<b>"),
            (r"\ud83d\ude00 \u00e9", "😀 é"),
            (r"\\ud83d\\ude00", "😀"),
            (r"\ud83d", r"\ud83d"),
            (r"\ud83d\u0041", r"\ud83dA"),
            (r"C:\Dir", r"C:\Dir"),
            (r"C:\\Dir", r"C:\Dir"),
            ("\u{0}\u{0}", " "),
            ("end\\", "end\\"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn a_stretch_is_of_whole_characters_and_escapes() {
        let text = r"xé\u00e9y";
        let plain = Plain::of(text);
        // x, two bytes, two bytes, y
        assert_eq!(plain.bytes.len(), 6);
        assert_eq!(plain.source(text, &(2..6)), 3..text.len());
        assert_eq!(plain.source(text, &(0..4)), 0..3);
        assert_eq!(plain.source(text, &(3..5)), 3..9);
        assert_eq!(plain.source(text, &(0..6)), 0..text.len());
    }
}
