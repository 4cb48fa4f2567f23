//! Own patterns.

use crate::escapes;
use crate::finding::{Finding, FindingKind, Why};
use crate::surrogate;
use regex_automata::Input;
use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;
use std::borrow::Cow;
use std::error::Error as _;

/// The longest match, in bytes. What would be longer is cut here.
const LONGEST: usize = 512;
/// How much is searched at a time, in bytes. A search from every place to the end of the text
/// would take time with the square of its length for some patterns.
const WINDOW: usize = 4 * LONGEST;
/// The most bytes that a compiled pattern may take.
const COMPILED_BYTES_MAX: usize = 1 << 20;
/// The most bytes of the automaton that is built while searching.
const CACHE_BYTES: usize = 1 << 19;
/// How deep groups may lie in each other.
const NESTING_MAX: u32 = 50;
/// Whoever writes a pattern knows what it is for.
const SCORE: f32 = 1.0;

/// A rule of the settings.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    name: String,
    kind: FindingKind,
    regex: Regex,
}

impl Pattern {
    /// Compiles `regex`, or says why that cannot be done.
    pub(super) fn new(name: String, kind: FindingKind, regex: &str) -> Result<Self, String> {
        let limits = Config::new()
            .nfa_size_limit(Some(COMPILED_BYTES_MAX))
            .onepass_size_limit(Some(COMPILED_BYTES_MAX))
            .hybrid_cache_capacity(CACHE_BYTES)
            .dfa(false);
        let syntax = syntax::Config::new().nest_limit(NESTING_MAX);
        let regex = Regex::builder().configure(limits).syntax(syntax).build(regex).map_err(
            |error| match (error.size_limit(), error.source()) {
                (Some(limit), _) => format!("takes more than {limit} bytes when compiled"),
                (None, Some(source)) => source.to_string(),
                (None, None) => error.to_string(),
            },
        )?;
        if regex.is_match("") {
            return Err("matches the empty text".to_owned());
        }
        Ok(Self { name, kind, regex })
    }

    /// Whether anything is found in `text`.
    pub(super) fn finds(&self, text: &str) -> bool {
        let mut found = Vec::new();
        self.scan(text, &mut found);
        !found.is_empty()
    }

    /// Adds what matches, from left to right, none over another; nothing that is a surrogate.
    pub(super) fn scan(&self, text: &str, out: &mut Vec<Finding>) {
        let mut at = 0;
        while at < text.len() {
            let end = text.floor_char_boundary(at.saturating_add(WINDOW));
            let is_last = end == text.len();
            // A match that begins here may go on behind the window.
            let safe = end.saturating_sub(LONGEST);
            let Some(found) = self.regex.search(&Input::new(text).range(at..end)) else {
                at = if is_last { end } else { text.floor_char_boundary(safe) };
                continue;
            };
            if !is_last && found.start() > safe {
                at = found.start();
                continue;
            }
            let longest = text.floor_char_boundary(found.start().saturating_add(LONGEST));
            let stops = found.end().min(longest);
            self.add(text, found.start(), stops, out);
            let next = stops.max(at.saturating_add(1));
            at = text.ceil_char_boundary(next);
        }
    }

    fn add(&self, text: &str, start: usize, end: usize, out: &mut Vec<Finding>) {
        let Some((start, end)) = escapes::untorn(text, start, end) else {
            return;
        };
        let is_surrogate =
            text.get(start..end).is_some_and(|found| surrogate::is_known(self.kind, found));
        if !is_surrogate {
            let rule = Cow::Owned(self.name.clone());
            out.push(Finding { start, end, kind: self.kind, score: SCORE, why: Why::Rule, rule });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(regex: &str, text: &str) -> Vec<(usize, usize)> {
        let pattern = Pattern::new("own".to_owned(), FindingKind::NationalId, regex).unwrap();
        let mut found = Vec::new();
        pattern.scan(text, &mut found);
        found.iter().map(|finding| (finding.start, finding.end)).collect()
    }

    #[test]
    fn windows_hide_no_match_and_make_none() {
        // Wherever a match lies with regard to the windows, and with regard to characters.
        for before in (0..3 * WINDOW).step_by(509).chain(WINDOW - LONGEST - 9..WINDOW + 9) {
            let text = format!("{}é EMP-123456 é", ".".repeat(before));
            let start = before + 3;
            assert_eq!(spans(r"\bEMP-\d{6}\b", &text), [(start, start + 10)], "{before}");
        }
        let text = "EMP-1 ".repeat(5_000);
        assert_eq!(spans(r"\bEMP-\d\b", &text).len(), 5_000);
        assert_eq!(spans(r"(?m)^x$", &format!("{}x", "é\n".repeat(WINDOW))).len(), 1);
        assert_eq!(spans("^x", &"x".repeat(3 * WINDOW)), [(0, 1)]);
    }

    #[test]
    fn matches_are_cut_at_the_longest() {
        let text = "a".repeat(10 * WINDOW);
        let found = spans("a+", &text);
        assert!(found.iter().all(|(start, end)| end - start == LONGEST));
        assert_eq!(found.len(), 10 * WINDOW / LONGEST);
        assert_eq!(spans("(?s)x.*", &format!("x{}", "é".repeat(WINDOW))), [(0, LONGEST - 1)]);
    }

    #[test]
    fn takes_linear_time() {
        // Every search looks for an `x` to the end of what it may see.
        let text = "a".repeat(200_000);
        assert_eq!(spans(".*x|a", &text).len(), 200_000);
        assert_eq!(spans(r"\b", &text), []);
    }

    #[test]
    fn what_cannot_be_a_pattern_is_refused() {
        let refused =
            |regex: &str| Pattern::new("own".to_owned(), FindingKind::Email, regex).unwrap_err();
        assert!(refused("(a").contains("unclosed group"), "{}", refused("(a"));
        assert!(refused("a*").contains("the empty text"));
        assert!(refused(r"\w{500}{50}").contains("when compiled"), "{}", refused(r"\w{500}{50}"));
        assert!(refused(&("(".repeat(99) + "a" + &")".repeat(99))).contains("nest"));
        assert!(refused("(?=a)").contains("look-around"));
    }
}
