//! Reading a text by byte offset, without a position ever being out of range.

/// Whether a byte can stand inside an identifier.
pub(crate) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether `n` in `\n` and its like is part of an escape rather than of a word.
const fn is_escape_letter(byte: u8) -> bool {
    matches!(byte, b'n' | b'r' | b't' | b'b' | b'f' | b'v')
}

/// A text that answers questions about its bytes. Beyond either end it reads as byte 0.
#[derive(Clone, Copy)]
pub(crate) struct Text<'t> {
    whole: &'t str,
}

impl<'t> Text<'t> {
    pub(crate) const fn new(whole: &'t str) -> Self {
        Self { whole }
    }

    pub(crate) const fn bytes(self) -> &'t [u8] {
        self.whole.as_bytes()
    }

    /// The byte at `index`.
    pub(crate) fn at(self, index: usize) -> u8 {
        self.bytes().get(index).copied().unwrap_or(0)
    }

    /// The byte that stands `distance` bytes before `index`.
    pub(crate) fn back(self, index: usize, distance: usize) -> u8 {
        index.checked_sub(distance).map_or(0, |at| self.at(at))
    }

    /// The text from `start` to `end`; empty when that is not a stretch of whole characters.
    pub(crate) fn slice(self, start: usize, end: usize) -> &'t str {
        self.whole.get(start..end).unwrap_or_default()
    }

    /// The bytes from `start` to `end`, cut to the text.
    pub(crate) fn window(self, start: usize, end: usize) -> &'t [u8] {
        let end = end.min(self.whole.len());
        self.bytes().get(start..end).unwrap_or_default()
    }

    pub(crate) fn starts_with(self, index: usize, word: &str) -> bool {
        self.bytes().get(index..).is_some_and(|rest| rest.starts_with(word.as_bytes()))
    }

    /// The end of the stretch from `start` whose bytes `accept` takes, which may remember those
    /// before, of `limit` bytes at most.
    pub(crate) fn run(
        self,
        start: usize,
        limit: usize,
        mut accept: impl FnMut(u8) -> bool,
    ) -> usize {
        let window = self.window(start, start.saturating_add(limit));
        let length = window.iter().position(|&byte| !accept(byte));
        start.saturating_add(length.unwrap_or(window.len()))
    }

    /// The beginning of the stretch that ends before `end` and whose bytes `accept` takes, of
    /// `limit` bytes at most.
    pub(crate) fn run_back(self, end: usize, limit: usize, accept: impl Fn(u8) -> bool) -> usize {
        let window = self.window(end.saturating_sub(limit), end);
        let length = window.iter().rev().position(|&byte| !accept(byte));
        end.saturating_sub(length.unwrap_or(window.len()))
    }

    /// How many bytes from `start` on, of `limit` at most, stand before the name of the next
    /// assignment: what holds another `=` between words is no value of this one. Signs that follow
    /// each other closely so lead to little reading each.
    pub(crate) fn before_assignment(self, start: usize, limit: usize) -> usize {
        let window = self.window(start, start.saturating_add(limit));
        memchr::memchr(b'=', window)
            .filter(|&at| is_word(self.at(start.saturating_add(at).saturating_add(1))))
            .unwrap_or(limit)
    }

    /// Whether a word can begin at `index`: what stands before is no part of a word, or is the
    /// escape of a control character in quoted text, as in `\n` or `\u003c`.
    #[inline]
    pub(crate) fn is_fresh(self, index: usize) -> bool {
        !is_word(self.back(index, 1)) || self.follows_escape(index)
    }

    fn follows_escape(self, index: usize) -> bool {
        (is_escape_letter(self.back(index, 1)) && self.back(index, 2) == b'\\')
            || (self.back(index, 6) == b'\\'
                && self.back(index, 5) == b'u'
                && self.is_hex(index.saturating_sub(4), 4))
    }

    /// Where a word found by walking back to `start` really begins, when its first letters belong
    /// to an escape: `n` of `\n`, `u003c` of `\u003c`, `20` of `%20`.
    pub(crate) fn skip_escape(self, start: usize) -> usize {
        let length = match (self.back(start, 1), self.at(start)) {
            (b'\\', letter) if is_escape_letter(letter) => 1,
            (b'\\', b'u') if self.is_hex(start.saturating_add(1), 4) => 5,
            (b'%', _) if self.is_hex(start, 2) => 2,
            _ => 0,
        };
        start.saturating_add(length)
    }

    fn is_hex(self, start: usize, count: usize) -> bool {
        let window = self.window(start, start.saturating_add(count));
        window.len() == count && window.iter().all(u8::is_ascii_hexdigit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_after_escapes() {
        for (text, fresh) in [
            ("x", true),
            (" x", true),
            ("ax", false),
            (r"\nx", true),
            (r"nx", false),
            (r"\u003cx", true),
            (r"u003cx", false),
            ("\u{e9}x", true),
        ] {
            assert_eq!(Text::new(text).is_fresh(text.len() - 1), fresh, "{text}");
        }
    }

    #[test]
    fn runs_stop_at_the_limit_and_at_the_ends() {
        let text = Text::new("aaab");
        let is_a = |byte| byte == b'a';
        assert_eq!(text.run(0, 9, is_a), 3);
        assert_eq!(text.run(0, 2, is_a), 2);
        assert_eq!(text.run(9, 9, is_a), 9);
        assert_eq!(text.run_back(3, 9, is_a), 0);
        assert_eq!(text.run_back(3, 2, is_a), 1);
        assert_eq!(text.run_back(4, 9, is_a), 4);
    }
}
