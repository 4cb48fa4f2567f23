//! Numbers of documents that letters may stand in: led by their first digit.

use super::Claim;
use super::national_id::{MOST_LETTERS, NationalIds};
use super::number::Group;
use super::text::Text;

/// The fewest letters and digits in a row that are looked at when no group of digits follows.
const LEAST: usize = 8;
/// The fewest digits in a row that a letter apart may belong to, as in `X-1234567-L`.
const LONG: usize = 6;

/// The detectors of documents, with the words that announce them.
#[derive(Debug)]
pub(super) struct Documents {
    national_ids: NationalIds,
}

impl Documents {
    pub(super) fn new() -> Self {
        Self { national_ids: NationalIds::new() }
    }

    /// The number of a document whose first digits are `first`.
    pub(super) fn find(&self, text: Text<'_>, first: Group) -> Option<Claim> {
        let is_letter = |byte: u8| byte.is_ascii_alphabetic();
        let word = text.run_back(first.start, MOST_LETTERS + 1, is_letter);
        let word = text.skip_escape(word).min(first.start);
        let letters = first.start - word;
        if !text.is_fresh(word) || letters > MOST_LETTERS {
            return None;
        }
        let end = text.run(first.end, LEAST, |byte| byte.is_ascii_alphanumeric());
        let long = first.width() >= LONG && matches!(text.at(end), b' ' | b'-');
        if end - word < LEAST && !long && !goes_on(text, end) {
            return None;
        }
        let digits = first.width();
        // `AB 12 34 56 C`
        let apart = (letters == 0 && matches!(text.back(word, 1), b' ' | b'-'))
            .then(|| text.run_back(word - 1, 3, |byte| byte.is_ascii_uppercase()))
            .filter(|&start| matches!(word - 1 - start, 1 | 2) && text.is_fresh(start));
        apart
            .and_then(|start| self.national_ids.find(text, start, word - 1 - start, digits))
            .or_else(|| self.national_ids.find(text, word, letters, digits))
    }
}

/// Whether a separator stands at `at`, and a digit or a letter behind it.
fn goes_on(text: Text<'_>, at: usize) -> bool {
    match (text.at(at), text.at(at + 1)) {
        (b' ' | b'-' | b'.' | b'/' | b'+', next) => next.is_ascii_digit(),
        (b'(', next) => next.is_ascii_alphanumeric(),
        (0xc2, 0xa0) | (0xe2, 0x80) => true,
        _ => false,
    }
}
