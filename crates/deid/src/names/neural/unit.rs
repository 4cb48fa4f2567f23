//! What the model is given to read at a time.

use std::ops::Range;

/// Cuts a text into stretches of whole sentences, each as long as it can be with no more than
/// `most` bytes; with 0, every sentence is one. A longer sentence is a stretch by itself. The
/// stretches are the text, in order, without the white space around them.
///
/// A sentence ends at a line end, and at `.`, `!`, `?` or `…` before white space that no small
/// letter follows.
///
/// ```
/// use consentry_deid::names::neural::stretches;
///
/// let text = "Hello Ada. Is it v. 2?\nYes!";
/// let read = |most| stretches(text, most).into_iter().map(|s| &text[s]).collect::<Vec<_>>();
/// assert_eq!(read(0), ["Hello Ada.", "Is it v.", "2?", "Yes!"]);
/// assert_eq!(read(22), ["Hello Ada. Is it v. 2?", "Yes!"]);
/// ```
#[must_use]
pub fn stretches(text: &str, most: usize) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for end in ends(text) {
        let piece = text.get(start..end).unwrap_or_default();
        let from = start + (piece.len() - piece.trim_start().len());
        let to = from + piece.trim().len();
        start = end;
        if from == to {
            continue;
        }
        match joined.last_mut() {
            Some(last) if to - last.start <= most => last.end = to,
            _ => joined.push(from..to),
        }
    }
    joined
}

/// The byte offsets after each sentence.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let mut after_mark = false;
    let mut blank = false;
    text.char_indices()
        .filter_map(move |(at, c)| {
            if c == '\n' {
                (after_mark, blank) = (false, false);
                return Some(at + 1);
            }
            if c.is_whitespace() {
                blank = true;
                return None;
            }
            let ends = after_mark && blank && !c.is_lowercase();
            let closes = matches!(c, '"' | '\'' | ')' | ']' | '\u{201d}' | '\u{2019}');
            after_mark = matches!(c, '.' | '!' | '?' | '…') || (after_mark && !blank && closes);
            blank = false;
            ends.then_some(at)
        })
        .chain([text.len()])
}

#[cfg(test)]
mod tests {
    use super::stretches;
    use proptest::prelude::*;

    proptest! {
        /// Nothing but white space is left out, and only single sentences are longer than asked.
        #[test]
        fn stretches_are_the_text(text in "([a-zA-Z.!?\"é]|[ \n\u{a0}]|\\PC){0,80}", most in 0_usize..60) {
            let mut end = 0;
            let single = stretches(&text, 0);
            for stretch in stretches(&text, most) {
                prop_assert!(text.get(end..stretch.start).unwrap().trim().is_empty());
                prop_assert!(!text.get(stretch.clone()).unwrap().is_empty());
                prop_assert!(stretch.len() <= most || single.contains(&stretch));
                end = stretch.end;
            }
            prop_assert!(text.get(end..).unwrap().trim().is_empty());
        }
    }
}
