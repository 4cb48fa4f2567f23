//! Names that a text holds more than once.

use super::RULE;
use super::lists::{COMMON, FAMILY, GIVEN, Lists, hash};
use super::tokens::{Shape, Token};
use crate::{Finding, FindingKind, Why};
use std::collections::HashMap;

/// The score from which a name speaks for its other occurrences.
const SURE: f32 = 0.75;

/// Adds the words in capitals that no finding covers, when the last word of a person, or a place
/// of one word, that was found with more certainty elsewhere in the text is the same.
pub(super) fn add(text: &str, tokens: &[Token], lists: &Lists, findings: &mut Vec<Finding>) {
    let sure = known(text, findings, lists);
    if sure.is_empty() {
        return;
    }
    let mut more = Vec::new();
    let mut covered = findings.iter().peekable();
    for token in tokens.iter().filter(|token| is_name_like(token)) {
        while covered.next_if(|finding| finding.end <= token.start).is_some() {}
        if covered.peek().is_some_and(|finding| finding.start < token.end) {
            continue;
        }
        let word = text.get(token.start..token.end).unwrap_or_default();
        if let Some(&kind) = sure.get(&word) {
            let (start, end) = (token.start, token.end);
            more.push(Finding { start, end, kind, score: SURE, why: Why::Model, rule: RULE });
        }
    }
    findings.extend(more);
    findings.sort_by_key(|finding| finding.start);
}

const fn is_name_like(token: &Token) -> bool {
    matches!(token.shape, Shape::Capital | Shape::Mixed)
}

/// The words that speak for other occurrences, each with its kind.
fn known<'t>(text: &'t str, findings: &[Finding], lists: &Lists) -> HashMap<&'t str, FindingKind> {
    let mut words: HashMap<&str, FindingKind> = HashMap::new();
    let mut torn: Vec<&str> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.score >= SURE) {
        let name = text.get(finding.start..finding.end).unwrap_or_default();
        let word = match finding.kind {
            FindingKind::Person => name.rsplit(char::is_whitespace).next().unwrap_or_default(),
            FindingKind::Location if !name.contains(char::is_whitespace) => name,
            _ => continue,
        };
        let flags = lists.flags(hash(word));
        let is_common = flags & COMMON != 0 && flags & (GIVEN | FAMILY) == 0;
        if word.chars().nth(3).is_none() || is_common || !word.chars().all(char::is_alphabetic) {
            continue;
        }
        if *words.entry(word).or_insert(finding.kind) != finding.kind {
            torn.push(word);
        }
    }
    for word in torn {
        words.remove(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::tokens::cut;
    use super::*;

    fn person(text: &str, name: &str, score: f32) -> Finding {
        let start = text.find(name).unwrap();
        let (end, kind) = (start.saturating_add(name.len()), FindingKind::Person);
        Finding { start, end, kind, score, why: Why::Model, rule: RULE }
    }

    fn echoes(text: &str, findings: &[Finding]) -> Vec<usize> {
        let mut all = findings.to_vec();
        add(text, &cut(text), &Lists::default(), &mut all);
        all.iter().filter(|one| !findings.contains(one)).map(|one| one.start).collect()
    }

    #[test]
    fn a_sure_name_speaks_for_its_last_word() {
        let text = "Brack sued. Ada Brack lost. brack, Bracket, Ada Brack.";
        assert_eq!(echoes(text, &[person(text, "Ada Brack", 0.9)]), [0, 48]);
        assert!(echoes(text, &[person(text, "Ada Brack", 0.6)]).is_empty());
    }

    #[test]
    fn words_of_the_language_and_kinds_in_doubt_speak_for_nothing() {
        let text = "A Green and Green, Green";
        let sure = person(text, "A Green", 0.9);
        let place = Finding { kind: FindingKind::Location, ..person(text, "Green", 0.9) };
        let place = Finding { start: 12, end: 17, ..place };
        assert!(echoes(text, &[sure, place]).is_empty());
        let mut lists = Lists::of(vec![0; 64]);
        lists.add(hash("green"), COMMON);
        let mut all = vec![sure];
        add(text, &cut(text), &lists, &mut all);
        assert_eq!(all, [sure]);
    }
}
