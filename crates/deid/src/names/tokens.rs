//! Cutting a text into words, numbers, marks and line breaks.

/// What a token looks like; part of every feature that asks for its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Shape {
    Lower,
    Capital,
    Upper,
    Mixed,
    Initial,
    Digits,
    LongDigits,
    DigitsAndLetters,
    Identifier,
    Mark,
    Break,
}

impl Shape {
    pub(super) const fn is_capital(self) -> bool {
        matches!(self, Self::Capital | Self::Upper | Self::Mixed | Self::Initial)
    }
}

/// A word, a number, a mark or a line break.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) shape: Shape,
    /// Nothing stands between it and the token before it.
    pub(super) is_glued: bool,
}

/// Whether a character continues a word.
fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether a mark between two letters belongs to the word: `O'Brien`, `Jean-Luc`.
const fn joins(character: char) -> bool {
    matches!(character, '\'' | '’' | '-')
}

/// The tokens of a text, in order. White space is no token, a line break is one.
pub(super) fn cut(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 5);
    let mut characters = text.char_indices().peekable();
    while let Some((start, first)) = characters.next() {
        let mut end = start.saturating_add(first.len_utf8());
        let shape = if first == '\n' {
            Shape::Break
        } else if first.is_whitespace() {
            continue;
        } else if is_word(first) {
            let mut form = Form::default();
            form.add(first);
            while let Some(&(at, next)) = characters.peek() {
                let goes_on = is_word(next) || (joins(next) && joins_here(text, at, next));
                if !goes_on {
                    break;
                }
                form.add(next);
                end = at.saturating_add(next.len_utf8());
                characters.next();
            }
            form.shape()
        } else {
            Shape::Mark
        };
        let is_glued = tokens.last().is_some_and(|before| before.end == start);
        tokens.push(Token { start, end, shape, is_glued });
    }
    tokens
}

/// Whether the mark at `at` stands between letters and does not begin the `'s` of a possessive.
fn joins_here(text: &str, at: usize, mark: char) -> bool {
    let rest = text.get(at.saturating_add(mark.len_utf8())..).unwrap_or_default();
    let mut after = rest.chars();
    let is_letter = after.next().is_some_and(char::is_alphabetic);
    let is_one_letter = !after.next().is_some_and(char::is_alphanumeric);
    is_letter && (mark == '-' || !is_one_letter)
}

/// What has been seen of a word.
#[derive(Default)]
struct Form {
    letters: usize,
    digits: usize,
    upper: usize,
    is_first_upper: bool,
    has_underscore: bool,
}

impl Form {
    fn add(&mut self, character: char) {
        if character.is_ascii_lowercase() {
            self.letters = self.letters.saturating_add(1);
        } else if character.is_numeric() {
            self.digits = self.digits.saturating_add(1);
        } else if character == '_' {
            self.has_underscore = true;
        } else if character.is_alphabetic() {
            if character.is_uppercase() {
                self.is_first_upper |= self.letters == 0 && self.digits == 0;
                self.upper = self.upper.saturating_add(1);
            }
            self.letters = self.letters.saturating_add(1);
        }
    }

    const fn shape(&self) -> Shape {
        if self.has_underscore {
            Shape::Identifier
        } else if self.digits > 0 && self.letters > 0 {
            Shape::DigitsAndLetters
        } else if self.digits > 3 {
            Shape::LongDigits
        } else if self.digits > 0 {
            Shape::Digits
        } else if self.upper == 0 {
            Shape::Lower
        } else if self.letters == 1 {
            Shape::Initial
        } else if self.upper == self.letters {
            Shape::Upper
        } else if self.is_first_upper && self.upper == 1 {
            Shape::Capital
        } else {
            Shape::Mixed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        cut(text).iter().map(|token| text.get(token.start..token.end).unwrap()).collect()
    }

    #[test]
    fn words_marks_and_breaks() {
        assert_eq!(
            words("Dear Ann-Marie O'Neil,\nBob's  5th"),
            ["Dear", "Ann-Marie", "O'Neil", ",", "\n", "Bob", "'", "s", "5th"]
        );
        assert_eq!(words("Élodie’s café"), ["Élodie", "’", "s", "café"]);
        assert!(words(" \t").is_empty());
    }

    #[test]
    fn shapes() {
        let shapes: Vec<Shape> =
            cut("a Bob USA McKay J 12 94110 5th my_x ! \n").iter().map(|t| t.shape).collect();
        assert_eq!(
            shapes,
            [
                Shape::Lower,
                Shape::Capital,
                Shape::Upper,
                Shape::Mixed,
                Shape::Initial,
                Shape::Digits,
                Shape::LongDigits,
                Shape::DigitsAndLetters,
                Shape::Identifier,
                Shape::Mark,
                Shape::Break
            ]
        );
    }
}
