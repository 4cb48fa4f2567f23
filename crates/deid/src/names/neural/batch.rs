//! Which sentences the network reads together: those of nearly the same length, so that little is
//! computed for padding.

use crate::names::wordpiece::Token;

/// How many tokens of a sentence are read at once. The model was trained on short texts, and the
/// cost of attention grows with the square.
const WINDOW: usize = 254;
/// How many tokens the windows of a long sentence share.
const OVERLAP: usize = 32;
/// About how many tokens a batch holds: enough to keep the core busy, and few enough that what lies
/// between two layers stays in its cache.
const BATCH: usize = 512;

/// A part of a sentence that the network reads at once, counted in tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) sentence: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Which of the tokens it answers for; the others are only there to be seen.
    pub(super) keep_from: usize,
    pub(super) keep_to: usize,
}

/// Windows that are read together.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) windows: Vec<Window>,
    /// The tokens of the longest window, with the marks of its beginning and end.
    pub(super) width: usize,
}

impl Batch {
    /// The tokens of the windows and which of them count, row by row.
    pub(super) fn inputs(
        &self,
        encoded: &[Vec<Token>],
        begin: i32,
        end: i32,
    ) -> (Vec<i32>, Vec<i32>) {
        let size = self.windows.len() * self.width;
        let (mut ids, mut mask) = (Vec::with_capacity(size), Vec::with_capacity(size));
        for (row, window) in self.windows.iter().enumerate() {
            let tokens = encoded.get(window.sentence).and_then(|s| s.get(window.start..window.end));
            ids.push(begin);
            ids.extend(tokens.unwrap_or_default().iter().map(|token| token.id));
            ids.push(end);
            mask.resize(ids.len(), 1);
            ids.resize((row + 1) * self.width, 0);
            mask.resize(ids.len(), 0);
        }
        (ids, mask)
    }
}

/// Cuts every sentence into windows and puts those of nearly the same length together.
pub(super) fn plan(encoded: &[Vec<Token>]) -> Vec<Batch> {
    let mut windows: Vec<Window> = encoded
        .iter()
        .enumerate()
        .flat_map(|(sentence, tokens)| cut(sentence, tokens.len()))
        .collect();
    windows.sort_by_key(|window| (window.end - window.start, window.sentence));
    let mut batches: Vec<Batch> = Vec::new();
    for window in windows {
        let width = window.end - window.start + 2;
        match batches.last_mut() {
            Some(batch)
                if (batch.windows.len() + 1) * width <= BATCH
                    && batch
                        .windows
                        .first()
                        .is_some_and(|w| width - (w.end - w.start + 2) <= width / 16) =>
            {
                batch.windows.push(window);
                batch.width = width;
            }
            _ => batches.push(Batch { windows: vec![window], width }),
        }
    }
    batches
}

/// The windows of a sentence of so many tokens. Each token is answered for once.
fn cut(sentence: usize, tokens: usize) -> Vec<Window> {
    let mut windows = Vec::new();
    let (mut start, mut keep_from) = (0, 0);
    while keep_from < tokens {
        let end = tokens.min(start + WINDOW);
        let keep_to = if end == tokens { tokens } else { end - OVERLAP / 2 };
        windows.push(Window { sentence, start, end, keep_from, keep_to });
        keep_from = keep_to;
        start = end.saturating_sub(OVERLAP);
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::{OVERLAP, WINDOW, cut, plan};
    use crate::names::wordpiece::Token;
    use proptest::prelude::*;

    proptest! {
        /// Every token is answered for exactly once, by a window that sees both of its sides.
        #[test]
        fn each_token_has_one_answer(tokens in 0_usize..2_000) {
            let mut next = 0;
            for window in cut(0, tokens) {
                prop_assert!(window.end - window.start <= WINDOW);
                prop_assert_eq!(window.keep_from, next);
                prop_assert!(window.start == 0 || window.keep_from - window.start >= OVERLAP / 2);
                prop_assert!(window.end == tokens || window.end - window.keep_to >= OVERLAP / 2);
                next = window.keep_to;
            }
            prop_assert_eq!(next, tokens);
        }

        /// Every window is in one batch, whose width it fits.
        #[test]
        fn batches_hold_every_window(lengths in prop::collection::vec(0_usize..600, 0..60)) {
            let token = Token { id: 7, start: 0, end: 1, word: 0 };
            let encoded: Vec<_> = lengths.iter().map(|n| vec![token; *n]).collect();
            let mut seen: Vec<usize> = vec![0; lengths.len()];
            for batch in plan(&encoded) {
                let (ids, mask) = batch.inputs(&encoded, 2, 3);
                prop_assert_eq!(ids.len(), batch.width * batch.windows.len());
                prop_assert_eq!(ids.iter().filter(|id| **id != 0).count(), mask.iter().filter(|m| **m == 1).count());
                for window in &batch.windows {
                    seen[window.sentence] += window.keep_to - window.keep_from;
                }
            }
            prop_assert_eq!(seen, lengths);
        }
    }
}
