//! Numbers of documents that letters may stand in: led by their first digit.

use super::context::Announced;
use super::national_id::{MOST_LETTERS, NationalIds};
use super::number::Group;
use super::text::Text;
use super::{Claim, licence, wallet};

/// The fewest letters and digits in a row that are looked at when no group of digits follows.
const LEAST: usize = 7;
/// The fewest digits in a row that a letter apart may belong to, as in `X-1234567-L`.
const LONG: usize = 6;

/// The detectors of documents, with the words that announce them.
#[derive(Debug)]
pub(super) struct Documents {
    national_ids: NationalIds,
    /// What announces passports, licences and wallets.
    words: Announced,
}

/// The groups of those words.
const PASSPORT: usize = 0;
const LICENCE: usize = 1;
const WALLET: usize = 2;

impl Documents {
    pub(super) fn new() -> Self {
        let words = [licence::PASSPORT_WORDS, licence::LICENCE_WORDS, wallet::WORDS];
        Self { national_ids: NationalIds::new(), words: Announced::new(&words) }
    }

    /// The number of a document whose first digits are `first`.
    pub(super) fn find(&self, text: Text<'_>, first: Group) -> Option<Claim> {
        // Most numbers are told apart by the bytes beside them.
        let hidden = match text.back(first.start, 1) {
            b'-' => !text.back(first.start, 2).is_ascii_uppercase(),
            b'/' | b'_' | b'$' | b'@' | b'+' | b'%' => true,
            _ => false,
        };
        let dated = first.width() == 4 && matches!(text.at(first.end), b'-' | b'.' | b'/');
        if hidden || (dated && licence::is_date(text, first.start)) {
            return None;
        }
        let end = text.run(first.end, LEAST, |byte| byte.is_ascii_alphanumeric());
        let long = first.width() >= LONG && matches!(text.at(end), b' ' | b'-');
        let lone = !long && !goes_on(text, end);
        if lone && end - first.start < LEAST && !text.back(first.start, 1).is_ascii_alphabetic() {
            return None;
        }
        let is_letter = |byte: u8| byte.is_ascii_alphabetic();
        let word = text.run_back(first.start, MOST_LETTERS + 1, is_letter);
        let word = text.skip_escape(word).min(first.start);
        let letters = first.start - word;
        if letters > MOST_LETTERS || (lone && end - word < LEAST) || !text.is_fresh(word) {
            return None;
        }
        let digits = (first.start, first.end);
        // `AB 12 34 56 C`
        let apart = (letters == 0 && matches!(text.back(word, 1), b' ' | b'-'))
            .then(|| text.run_back(word - 1, 3, |byte| byte.is_ascii_uppercase()))
            .filter(|&start| matches!(word - 1 - start, 1 | 2) && text.is_fresh(start));
        apart
            .and_then(|start| self.national_ids.find(text, start, word - 1 - start, digits))
            .or_else(|| self.national_ids.find(text, word, letters, digits))
            .or_else(|| {
                let long = end - word >= LEAST || matches!(text.at(end), b' ' | b'-');
                long.then(|| self.announced(text, word, letters)).flatten()
            })
            .or_else(|| {
                let long = end - first.start >= LEAST;
                long.then(|| self.wallet(text, word)).flatten()
            })
    }

    fn wallet(&self, text: Text<'_>, word: usize) -> Option<Claim> {
        wallet::find(text, word, || self.words.before(text, word).contains(&WALLET))
    }

    /// The passport or licence whose number begins at `word`.
    fn announced(&self, text: Text<'_>, word: usize, letters: usize) -> Option<Claim> {
        if letters > 0
            && let Some(british) = licence::british(text, word)
        {
            return Some(british);
        }
        // The form is cheaper to look at than the words.
        let (passport, licence) = (licence::passport(text, word), licence::licence(text, word));
        if passport.is_none() && licence.is_none() {
            return None;
        }
        match self.words.leading_to(text, word)? {
            PASSPORT => passport,
            LICENCE => licence,
            _ => None,
        }
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
