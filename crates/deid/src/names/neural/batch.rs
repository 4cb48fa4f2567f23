//! Which parts of sentences the network reads together.

use crate::names::wordpiece::Token;

/// How many tokens of a sentence are read at once. The model was trained on short texts, and the
/// cost of attention grows with the square.
pub(super) const WINDOW: usize = 254;
/// How many tokens the windows of a long sentence share.
const OVERLAP: usize = 32;
/// About how many tokens are read together: enough to keep the core busy, and few enough that what
/// lies between two layers stays in its cache.
const BATCH: usize = 256;

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

/// Cuts every sentence into windows and puts those together that follow each other.
pub(super) fn plan(encoded: &[Vec<Token>]) -> Vec<Vec<Window>> {
    let mut batches: Vec<Vec<Window>> = Vec::new();
    let mut size = BATCH;
    for (sentence, tokens) in encoded.iter().enumerate() {
        for window in cut(sentence, tokens.len()) {
            match batches.last_mut() {
                Some(batch) if size < BATCH => batch.push(window),
                _ => {
                    size = 0;
                    batches.push(vec![window]);
                }
            }
            size += window.end - window.start + 2;
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
    use super::{BATCH, OVERLAP, WINDOW, cut, plan};
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

        /// Every window is in one batch, and no batch is much larger than it should be.
        #[test]
        fn batches_hold_every_window(lengths in prop::collection::vec(0_usize..600, 0..60)) {
            let token = Token { id: 7, start: 0, end: 1, word: 0 };
            let encoded: Vec<_> = lengths.iter().map(|n| vec![token; *n]).collect();
            let mut seen: Vec<usize> = vec![0; lengths.len()];
            for batch in plan(&encoded) {
                let mut size = 0;
                for window in &batch {
                    prop_assert!(size < BATCH);
                    size += window.end - window.start + 2;
                    seen[window.sentence] += window.keep_to - window.keep_from;
                }
            }
            prop_assert_eq!(seen, lengths);
        }
    }
}
