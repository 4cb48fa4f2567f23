//! Joins the parts of an address that the tagger found one by one.

use super::tokens::{Shape, Token};
use crate::{Finding, FindingKind};

/// Locations with nothing between them but commas, breaks and numbers of up to ten characters
/// (postcodes) are one address when one of them holds a number or a number stands between them.
pub(super) fn widen(text: &str, tokens: &[Token], findings: &[Finding]) -> Vec<Finding> {
    let mut joined: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut ahead = tokens;
    for finding in findings {
        ahead = from(ahead, joined.last().map_or(0, |before| before.end));
        match joined.last_mut() {
            Some(before) if are_parts(text, ahead, before, finding) => {
                before.end = finding.end;
                before.score = before.score.max(finding.score);
            }
            _ => joined.push(*finding),
        }
    }
    joined
}

/// The tokens that begin at `start` or after it.
fn from(tokens: &[Token], start: usize) -> &[Token] {
    let passed = tokens.iter().take_while(|token| token.start < start).count();
    tokens.get(passed..).unwrap_or_default()
}

fn are_parts(text: &str, ahead: &[Token], before: &Finding, after: &Finding) -> bool {
    if before.kind != FindingKind::Location || after.kind != FindingKind::Location {
        return false;
    }
    let between = || ahead.iter().take_while(|token| token.end <= after.start);
    let is_plain = between().take(8).all(|token| {
        let word = text.get(token.start..token.end).unwrap_or_default();
        match token.shape {
            Shape::Break => true,
            Shape::Mark => matches!(word, "," | "-"),
            Shape::Digits | Shape::LongDigits | Shape::DigitsAndLetters => word.len() <= 10,
            _ => false,
        }
    });
    is_plain
        && between().take(8).count() < 8
        && text
            .get(before.start..after.end)
            .is_some_and(|whole| whole.bytes().any(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::tokens::cut;
    use super::*;
    use crate::Why;

    fn joined(text: &str, parts: &[&str]) -> Vec<String> {
        let findings: Vec<Finding> = parts
            .iter()
            .map(|part| {
                let start = text.find(part).unwrap();
                let (end, kind) = (start.saturating_add(part.len()), FindingKind::Location);
                Finding { start, end, kind, score: 0.9, why: Why::Model, rule: "name-tagger" }
            })
            .collect();
        widen(text, &cut(text), &findings)
            .iter()
            .map(|finding| text.get(finding.start..finding.end).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn the_parts_of_an_address_are_one() {
        let text = "at 9 Elm St,\n75001 Paris\nFrance.";
        assert_eq!(
            joined(text, &["9 Elm St", "Paris", "France"]),
            ["9 Elm St,\n75001 Paris\nFrance"]
        );
    }

    #[test]
    fn places_in_a_row_stay_apart() {
        let text = "Paris, Rome and 9 Elm St or Bonn";
        let parts = ["Paris", "Rome", "9 Elm St", "Bonn"];
        assert_eq!(joined(text, &parts), parts);
    }
}
