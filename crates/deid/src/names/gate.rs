//! Which sentences are worth asking the slower model about.

use super::lists::{COMMON, FAMILY, GIVEN, Lists, hash};
use super::tagger::Tag;
use super::tokens::{Shape, Token};

/// How much of a text is left to the neural model. The more, the slower, and the fewer names are
/// missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ask {
    /// Sentences in which the tagger found a person or a location, or nearly did.
    #[default]
    Found,
    /// Also sentences with a word that may be a name: one in capitals that is none of the common
    /// words, or one of the listed names.
    Possible,
    /// Every sentence, code too.
    All,
}

/// Tells which tokens make their sentence worth reading, by the margins of the tagger.
pub(super) struct Gate<'l> {
    ask: Ask,
    lists: &'l Lists,
}

/// Below this margin, a label other than the best one is nearly as good.
const NEAR: i32 = 25;
/// Below this margin, the model may well think otherwise of a word that looks like a name …
const NEAR_CAPITAL: i32 = 150;
/// … or is on a list of names, but in small letters.
const NEAR_LISTED: i32 = 100;

impl<'l> Gate<'l> {
    pub(super) const fn new(ask: Ask, lists: &'l Lists) -> Self {
        Self { ask, lists }
    }

    /// How much of a text the model sees at a time when its sentences are shorter, in bytes. It
    /// was trained on messages and does better with some context, which costs time.
    pub(super) const fn unit(&self) -> usize {
        match self.ask {
            Ask::Found => 60,
            Ask::Possible | Ask::All => 200,
        }
    }

    /// Whether a sentence is passed over whatever its words. The model was trained on prose.
    pub(super) fn passes_over(&self, sentence: &str) -> bool {
        self.ask != Ask::All && is_code(sentence)
    }

    /// The tokens of a stretch that make their sentence worth reading.
    pub(super) fn wanted<'t>(
        &self,
        text: &str,
        tokens: &'t [Token],
        tags: &[Tag],
    ) -> Vec<&'t Token> {
        let mut is_first = true;
        let mut wanted = Vec::new();
        for (token, tag) in tokens.iter().zip(tags) {
            let word = text.get(token.start..token.end).unwrap_or_default();
            if self.ask == Ask::All || self.asks(word, token.shape, *tag, is_first) {
                wanted.push(token);
            }
            is_first = match token.shape {
                Shape::Break => true,
                // A quotation, a heading or a list begins with a capital too.
                Shape::Mark => is_first || !matches!(word, "," | ";" | "'" | "’"),
                _ => false,
            };
        }
        wanted
    }

    fn asks(&self, word: &str, shape: Shape, tag: Tag, is_first: bool) -> bool {
        if matches!(shape, Shape::Break | Shape::Mark) {
            return false;
        }
        // The model knows no organisations.
        let is_found = (1..=4).contains(&tag.label);
        if is_found || (tag.margin < NEAR && shape != Shape::Identifier) {
            return true;
        }
        if self.ask == Ask::Found {
            return false;
        }
        let flags = || self.lists.flags(hash(word));
        match shape {
            Shape::Capital | Shape::Mixed if tag.margin < NEAR_CAPITAL => {
                let flags = flags();
                flags & (GIVEN | FAMILY) != 0 || (!is_first && flags & COMMON == 0)
            }
            Shape::Lower if tag.margin < NEAR_LISTED => {
                let flags = flags();
                flags & (GIVEN | FAMILY) != 0 && flags & COMMON == 0
            }
            _ => false,
        }
    }
}

/// Whether a sentence is code or data rather than prose: one in twelve of its bytes, or more, is a
/// mark that prose hardly has.
fn is_code(sentence: &str) -> bool {
    let is_mark = |byte: &u8| b"{}()[]<>=;_/\\|$\"`+*#@~^".contains(byte);
    sentence.bytes().filter(|byte| is_mark(byte)).count().saturating_mul(12) > sentence.len()
}

#[cfg(test)]
mod tests {
    use super::super::tokens::cut;
    use super::*;

    /// The words of a text, all with one label and margin, that are worth a question.
    fn wanted(ask: Ask, text: &str, label: usize, margin: i32) -> Vec<&str> {
        let mut lists = Lists::of(vec![0; 64]);
        lists.add(hash("today"), COMMON);
        lists.add(hash("brack"), FAMILY);
        let tokens = cut(text);
        let tags = vec![Tag { label, margin }; tokens.len()];
        let wanted = Gate::new(ask, &lists).wanted(text, &tokens, &tags);
        wanted.iter().map(|token| text.get(token.start..token.end).unwrap()).collect()
    }

    #[test]
    fn what_was_found_or_nearly_found_is_asked_about() {
        let text = "saw one_two.";
        assert_eq!(wanted(Ask::Found, text, 0, NEAR - 1), ["saw"]);
        assert_eq!(wanted(Ask::Found, text, 0, NEAR), [""; 0]);
        assert_eq!(wanted(Ask::Found, text, 3, 500), ["saw", "one_two"]);
        assert_eq!(wanted(Ask::Found, text, 5, 500), [""; 0]);
    }

    #[test]
    fn what_may_be_a_name_is_asked_about() {
        let text = "Yesterday Today, Ulm saw brack";
        assert_eq!(wanted(Ask::Possible, text, 0, NEAR_LISTED - 1), ["Ulm", "brack"]);
        assert_eq!(wanted(Ask::Possible, text, 0, NEAR_CAPITAL - 1), ["Ulm"]);
        assert_eq!(wanted(Ask::Possible, "Brack", 0, NEAR_CAPITAL - 1), ["Brack"]);
        assert_eq!(wanted(Ask::Possible, text, 0, NEAR_CAPITAL), [""; 0]);
        assert_eq!(wanted(Ask::All, "a.", 0, 900), ["a", "."]);
    }

    #[test]
    fn code_is_passed_over() {
        let code = "let brack = names[0].first(&ulm);";
        assert!(Gate::new(Ask::Possible, &Lists::default()).passes_over(code));
        assert!(!Gate::new(Ask::All, &Lists::default()).passes_over(code));
        let prose = "Ask Ada Brack (of Ulm) about the \"second\" half of it, please.";
        assert!(!Gate::new(Ask::Found, &Lists::default()).passes_over(prose));
    }
}
