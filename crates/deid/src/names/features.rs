//! What the tagger sees of a token: hashes of the word, its form, its neighbours and the lists.

use super::lists::{COUNTRY, Lists, PLACE_OF_WORDS, chain, hash};
use super::tokens::{Shape, Token};

/// Features of one token.
pub(super) const COUNT: usize = 30;
/// The first of these look at the letters of the token itself. Training hides them at times, so
/// that a name that no text of the training holds is found by what stands around it.
pub(super) const OF_THE_WORD: usize = 7;

/// One token, read once.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    word: u64,
    head: u64,
    tails: [u64; 3],
    form: u64,
    flags: u64,
}

/// The tokens of a stretch, read for tagging.
#[derive(Debug, Default)]
pub(super) struct Features {
    seen: Vec<Seen>,
    /// Whether the stretch has any word in lower case: without one, capitals say nothing.
    case: u64,
}

/// The first `count` characters of a word, or the last.
fn head(word: &str, count: usize) -> &str {
    let end = word.char_indices().nth(count).map_or(word.len(), |(at, _)| at);
    word.get(..end).unwrap_or(word)
}

fn tail(word: &str, count: usize) -> &str {
    let start = word.char_indices().rev().nth(count.saturating_sub(1)).map_or(0, |(at, _)| at);
    word.get(start..).unwrap_or(word)
}

impl Features {
    /// Reads the tokens of a stretch of `text` in place of what was read before.
    pub(super) fn read(&mut self, text: &str, tokens: &[Token], lists: &Lists, use_lists: bool) {
        self.seen.clear();
        let (mut lower, mut capital) = (0_usize, 0_usize);
        for token in tokens {
            let word = text.get(token.start..token.end).unwrap_or_default();
            match token.shape {
                Shape::Lower => lower = lower.saturating_add(1),
                shape if shape.is_capital() => capital = capital.saturating_add(1),
                _ => {}
            }
            self.seen.push(read_one(word, *token, lists, use_lists));
        }
        self.case = match (lower, capital) {
            (0, _) => 1,
            (_, 0) => 2,
            (lower, capital) if capital > lower => 3,
            _ => 4,
        };
        if use_lists {
            self.mark_places(tokens, lists);
        }
    }

    /// Marks the tokens of places of two and three words.
    fn mark_places(&mut self, tokens: &[Token], lists: &Lists) {
        for start in 0..self.seen.len() {
            if tokens.get(start).is_none_or(|token| !token.shape.is_capital()) {
                continue;
            }
            let mut together = self.at(start).word;
            let (mut length, mut flags) = (0, 0);
            for ahead in 1..3 {
                together = chain(together, self.at(start.saturating_add(ahead)).word);
                let listed = lists.flags(together) & (PLACE_OF_WORDS | COUNTRY);
                if listed != 0 {
                    (length, flags) = (ahead, listed);
                }
            }
            if length > 0 {
                for seen in self.seen.iter_mut().skip(start).take(length.saturating_add(1)) {
                    seen.flags |= u64::from(flags);
                }
            }
        }
    }

    fn at(&self, index: usize) -> Seen {
        self.seen.get(index).copied().unwrap_or_default()
    }

    fn back(&self, index: usize, distance: usize) -> Seen {
        index.checked_sub(distance).map(|at| self.at(at)).unwrap_or_default()
    }

    /// The features of the token at `index`, always in the same order.
    pub(super) fn of(&self, index: usize) -> [u64; COUNT] {
        let [before2, before, here, after, after2] = [
            self.back(index, 2),
            self.back(index, 1),
            self.at(index),
            self.at(index.saturating_add(1)),
            self.at(index.saturating_add(2)),
        ];
        let [tail2, tail3, tail4] = here.tails;
        let mut features = [
            here.word,
            here.head,
            tail2,
            tail3,
            tail4,
            chain(before.word, here.word),
            chain(here.word, after.word),
            // What follows looks past the letters of the token.
            before.word,
            before2.word,
            after.word,
            after2.word,
            here.form,
            chain(before.form, here.form),
            chain(here.form, after.form),
            chain(chain(before.form, here.form), after.form),
            here.flags,
            chain(here.flags, here.form),
            chain(before.flags, here.flags),
            chain(here.flags, after.flags),
            chain(chain(before.flags, here.flags), after.flags),
            chain(before.word, here.form),
            chain(before.word, here.flags),
            chain(after.word, here.form),
            chain(after.word, here.flags),
            chain(chain(before2.word, before.word), here.form),
            chain(before.word, after.word),
            chain(chain(here.flags, here.form), self.case),
            chain(chain(before2.form, before.form), chain(here.form, here.flags)),
            chain(chain(here.form, here.flags), chain(after.form, after2.form)),
            chain(chain(after.word, after2.word), here.form),
        ];
        for (place, feature) in (1_u64..).zip(&mut features) {
            *feature = chain(*feature, place);
        }
        features
    }
}

fn read_one(word: &str, token: Token, lists: &Lists, use_lists: bool) -> Seen {
    let length = token.end.saturating_sub(token.start).min(12);
    let glue = u64::from(token.is_glued);
    let form = (token.shape as u64) << 1 | glue;
    let form = match token.shape {
        Shape::Digits | Shape::LongDigits => form | (length as u64) << 8,
        Shape::Mark => form | hash(word) << 8,
        _ => form,
    };
    // Numbers are told apart by their length alone.
    let is_number = matches!(token.shape, Shape::Digits | Shape::LongDigits);
    let whole = if is_number { length as u64 } else { hash(word) };
    let (head, tails) = if is_number || token.shape == Shape::Mark {
        (0, [0; 3])
    } else {
        (hash(head(word, 3)), [2, 3, 4].map(|count| hash(tail(word, count))))
    };
    let flags = if use_lists && !is_number { u64::from(lists.flags(whole)) } else { 0 };
    Seen { word: whole, head, tails, form: form.wrapping_add(1), flags }
}
