//! Patterns of `like`: literal characters and `*`.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A pattern. `*` stands for any number of characters, none included.
///
/// # Example
///
/// ```
/// use consentry_columnar::pattern::{Piece, Pattern};
/// let pattern = Pattern::new([Piece::Text("mcp:".into()), Piece::Anything]);
/// assert!(pattern.matches("mcp:github"));
/// assert!(!pattern.matches("gmail"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pattern(Vec<Piece>);

/// One piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Piece {
    /// These characters.
    Text(Arc<str>),
    /// Any number of characters.
    Anything,
}

impl Pattern {
    /// A pattern of these pieces, one after another.
    #[must_use]
    pub fn new(pieces: impl IntoIterator<Item = Piece>) -> Self {
        Self(pieces.into_iter().collect())
    }

    /// Whether the whole text matches. Takes time proportional to the product of the lengths at
    /// worst.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let mut pieces = self.0.as_slice();
        let mut rest = text;
        // Literal pieces before the first `*` must stand at the beginning.
        while let [Piece::Text(literal), after @ ..] = pieces {
            let Some(stripped) = rest.strip_prefix(literal.as_ref()) else { return false };
            rest = stripped;
            pieces = after;
        }
        if pieces.is_empty() {
            return rest.is_empty();
        }
        // Those behind the last one at the end.
        while let [before @ .., Piece::Text(literal)] = pieces {
            let Some(stripped) = rest.strip_suffix(literal.as_ref()) else { return false };
            rest = stripped;
            pieces = before;
        }
        // Each of the others is taken where it first occurs, which leaves most for those behind it.
        // Neighbouring literals between two `*` belong together.
        let stretches = pieces.split(|piece| *piece == Piece::Anything);
        for stretch in stretches {
            let literal: String = stretch
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Text(literal) => Some(literal.as_ref()),
                    Piece::Anything => None,
                })
                .collect();
            let Some((_, behind)) = rest.split_once(literal.as_str()) else { return false };
            rest = behind;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(text.chars().map(|c| match c {
            '*' => Piece::Anything,
            c => Piece::Text(c.to_string().into()),
        }))
    }

    /// By trying every way of cutting the text.
    fn naive(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], rest) => rest.is_empty(),
            (['*', after @ ..], rest) => (0..=rest.len()).any(|taken| naive(after, &rest[taken..])),
            ([one, after @ ..], [first, rest @ ..]) => one == first && naive(after, rest),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn matches_as_trying_every_way_does(shape in "[aé*]{0,8}", text in "[aé]{0,8}") {
            let chars: Vec<char> = shape.chars().collect();
            let all: Vec<char> = text.chars().collect();
            prop_assert_eq!(pattern(&shape).matches(&text), naive(&chars, &all));
        }
    }

    #[test]
    fn the_end_is_not_taken_twice() {
        assert!(!pattern("ab*b").matches("ab"));
        assert!(pattern("a*b*b").matches("abb"));
        assert!(pattern("").matches(""));
        assert!(!pattern("").matches("a"));
    }
}
