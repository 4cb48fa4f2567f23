//! Cuts text into the word pieces of an uncased BERT vocabulary, and remembers where each came from.
//!
//! The steps are those of the original BERT tokenizer (Devlin and others 2018, `tokenization.py`):
//! control characters go, every white space is a blank, ideographs stand alone, accents go after
//! canonical decomposition, letters become small, punctuation stands alone, and each word is cut
//! into the longest pieces that the vocabulary has.

use std::collections::HashMap;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// A longer word is unknown as a whole, which also keeps the time linear.
const LONGEST_WORD: usize = 100;

/// One piece of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The row of the vocabulary.
    pub(super) id: i32,
    /// The byte offset at which it begins in the text.
    pub(super) start: usize,
    /// The byte offset after its last byte.
    pub(super) end: usize,
    /// Which word of the text it belongs to, counted from 0.
    pub(super) word: usize,
}

impl Token {
    /// The number of bytes it covers.
    pub(super) const fn width(&self) -> usize {
        self.end.saturating_sub(self.start)
    }
}

/// A vocabulary of word pieces.
#[derive(Debug)]
pub(super) struct WordPiece {
    first: HashMap<Box<str>, i32>,
    later: HashMap<Box<str>, i32>,
    longest: usize,
    unknown: i32,
    /// What a sequence begins with.
    pub(super) begin: i32,
    /// What a sequence ends with.
    pub(super) end: i32,
}

/// A character as the vocabulary spells it, and the bytes of the text that it stands for.
#[derive(Clone, Copy)]
struct Letter {
    at: usize,
    start: usize,
    end: usize,
}

/// The word that is being read.
#[derive(Default)]
struct Word {
    text: String,
    letters: Vec<Letter>,
}

impl WordPiece {
    /// Reads a vocabulary of one piece a line. None when `[UNK]`, `[CLS]` or `[SEP]` is missing.
    pub(super) fn new(vocab: &str) -> Option<Self> {
        let mut first = HashMap::new();
        let mut later = HashMap::new();
        let mut longest = 1;
        for (row, line) in vocab.lines().enumerate() {
            let id = i32::try_from(row).ok()?;
            let (map, piece) = match line.strip_prefix("##") {
                Some(piece) if !piece.is_empty() => (&mut later, piece),
                _ => (&mut first, line),
            };
            longest = longest.max(piece.chars().count());
            map.insert(piece.into(), id);
        }
        let special = |name: &str| first.get(name).copied();
        let (unknown, begin, end) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Some(Self { first, later, longest, unknown, begin, end })
    }

    /// The number of pieces.
    pub(super) fn len(&self) -> usize {
        self.first.len() + self.later.len()
    }

    /// The pieces of a text, in order, without the marks of its beginning and end.
    pub(super) fn encode(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
        let mut word = Word::default();
        let mut words = 0;
        for (start, c) in text.char_indices() {
            let end = start + c.len_utf8();
            if is_dropped(c) {
                continue;
            }
            if c.is_whitespace() {
                self.finish(&mut word, &mut words, &mut tokens);
                continue;
            }
            let alone = is_ideograph(c);
            if alone {
                self.finish(&mut word, &mut words, &mut tokens);
            }
            decompose(c, |part| {
                for small in part.to_lowercase() {
                    let punctuation = is_punctuation(small);
                    if punctuation {
                        self.finish(&mut word, &mut words, &mut tokens);
                    }
                    word.letters.push(Letter { at: word.text.len(), start, end });
                    word.text.push(small);
                    if punctuation {
                        self.finish(&mut word, &mut words, &mut tokens);
                    }
                }
            });
            if alone {
                self.finish(&mut word, &mut words, &mut tokens);
            }
        }
        self.finish(&mut word, &mut words, &mut tokens);
        tokens
    }

    /// Adds the pieces of the word that was read, if there is one, and empties it.
    fn finish(&self, word: &mut Word, words: &mut usize, tokens: &mut Vec<Token>) {
        let (Some(first), Some(last)) = (word.letters.first(), word.letters.last()) else {
            return;
        };
        let before = tokens.len();
        let whole = Token { id: self.unknown, start: first.start, end: last.end, word: *words };
        if word.letters.len() > LONGEST_WORD || !self.cut(word, *words, tokens) {
            tokens.truncate(before);
            tokens.push(whole);
        }
        *words += 1;
        word.text.clear();
        word.letters.clear();
    }

    /// Adds the longest pieces from left to right. False when the vocabulary lacks one.
    fn cut(&self, word: &Word, number: usize, tokens: &mut Vec<Token>) -> bool {
        let mut rest = word.letters.as_slice();
        while let Some(head) = rest.first().copied() {
            let map = if head.at == 0 { &self.first } else { &self.later };
            let most = rest.len().min(self.longest);
            let found = (1..=most).rev().find_map(|count| {
                let to = rest.get(count).map_or(word.text.len(), |next| next.at);
                let id = map.get(word.text.get(head.at..to)?)?;
                Some((count, *id))
            });
            let Some((count, id)) = found else { return false };
            let end = rest.get(count - 1).map_or(head.end, |last| last.end);
            tokens.push(Token { id, start: head.start, end, word: number });
            rest = rest.get(count..).unwrap_or_default();
        }
        true
    }
}

/// Gives the parts of a character that are left when its accents are gone.
fn decompose(c: char, mut give: impl FnMut(char)) {
    if c.is_ascii() {
        give(c);
        return;
    }
    unicode_normalization::char::decompose_canonical(c, |part| {
        if part.general_category() != GeneralCategory::NonspacingMark {
            give(part);
        }
    });
}

/// Whether the tokenizer ignores a character: controls, formats, private and unassigned ones.
fn is_dropped(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r');
    }
    c == char::REPLACEMENT_CHARACTER
        || matches!(
            c.general_category(),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::PrivateUse
                | GeneralCategory::Unassigned
        )
}

/// Whether a character is a word by itself, as every ASCII symbol and all Unicode punctuation is.
fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    matches!(
        c.general_category(),
        GeneralCategory::ConnectorPunctuation
            | GeneralCategory::DashPunctuation
            | GeneralCategory::OpenPunctuation
            | GeneralCategory::ClosePunctuation
            | GeneralCategory::InitialPunctuation
            | GeneralCategory::FinalPunctuation
            | GeneralCategory::OtherPunctuation
    )
}

/// The blocks of CJK ideographs that BERT sets apart.
const fn is_ideograph(c: char) -> bool {
    matches!(
        c as u32,
        0x3400..=0x4DBF
            | 0x4E00..=0x9FFF
            | 0xF900..=0xFAFF
            | 0x2_0000..=0x2_A6DF
            | 0x2_A700..=0x2_CEAF
            | 0x2_F800..=0x2_FA1F
    )
}

#[cfg(test)]
mod tests {
    use super::{Token, WordPiece};
    use proptest::prelude::*;

    const VOCAB: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nzo\n##e\n##ë\n.\nzoe\n##s\n中\n-\nr\n";

    fn ids(text: &str) -> Vec<(i32, usize, usize, usize)> {
        let pieces = WordPiece::new(VOCAB).unwrap().encode(text);
        pieces.iter().map(|t: &Token| (t.id, t.start, t.end, t.word)).collect()
    }

    #[test]
    fn the_longest_piece_wins_and_accents_and_case_go() {
        assert_eq!(ids("ZOËS."), [(8, 0, 4, 0), (9, 4, 5, 0), (7, 5, 6, 1)]);
        // The same letter in two characters: the mark belongs to no piece.
        assert_eq!(ids("zoe\u{308}s"), [(8, 0, 3, 0), (9, 5, 6, 0)]);
    }

    #[test]
    fn a_word_without_a_piece_is_unknown_as_a_whole() {
        assert_eq!(ids("zoex zo"), [(1, 0, 4, 0), (4, 5, 7, 1)]);
        let long = format!("zo{}", "e".repeat(99));
        assert_eq!(ids(&long), [(1, 0, 101, 0)]);
        assert_eq!(ids(long.get(..100).unwrap()).len(), 98);
    }

    #[test]
    fn ideographs_and_marks_stand_alone_and_controls_go() {
        assert_eq!(ids("zo中zo"), [(4, 0, 2, 0), (10, 2, 5, 1), (4, 5, 7, 2)]);
        assert_eq!(
            ids("z\u{200b}o\u{a0}r-r"),
            [(4, 0, 5, 0), (12, 7, 8, 1), (11, 8, 9, 2), (12, 9, 10, 3)]
        );
    }

    #[test]
    fn a_vocabulary_without_its_marks_is_refused() {
        assert!(WordPiece::new("zo\n[UNK]\n[CLS]").is_none());
    }

    proptest! {
        /// Pieces come in order, on character boundaries, and never reach into each other's word.
        #[test]
        fn offsets_lie_in_the_text(text in "(\\PC|zo|zoe|\u{308}|\n){0,60}") {
            let pieces = WordPiece::new(VOCAB).unwrap().encode(&text);
            for token in &pieces {
                prop_assert!(token.start < token.end);
                prop_assert!(text.get(token.start..token.end).is_some());
            }
            for pair in pieces.windows(2) {
                prop_assert!(pair[0].start <= pair[1].start && pair[0].word <= pair[1].word);
            }
        }
    }
}
