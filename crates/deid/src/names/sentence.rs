//! Sentences that were taken for a place, in languages that the tagger learned little of.

use super::lists::{COUNTRY, Lists, PLACE, hash};
use super::{everyday, title};
use crate::{Finding, FindingKind};

/// The fewest small letters of a word that digits behind it make no place: `Soleil2024`. Postcodes
/// and blocks have capitals alone or fewer.
const LETTERS_MIN: usize = 3;

/// Of locations that hold a verb, keeps the person with a title before it, or the place that lists
/// hold, and what begins with a capital or a digit behind it. Words with a number glued to them are
/// no places.
pub(super) fn split(text: &str, lists: &Lists, findings: &mut Vec<Finding>) {
    let mut parts: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings.drain(..) {
        if finding.kind != FindingKind::Location {
            parts.push(finding);
            continue;
        }
        let words = words(text, &finding);
        let is_verb = |word: &Word| {
            let begins = word.start == finding.start && everyday::is_first_verb(word.text);
            begins || everyday::is_verb(word.text)
        };
        let verbs = (words.iter().position(is_verb), words.iter().rposition(is_verb));
        let (Some(first), Some(last)) = verbs else {
            parts.extend(Some(finding).filter(|_| !is_glued(&words)));
            continue;
        };
        let (before, rest) = words.split_at_checked(first).unwrap_or_default();
        let behind = rest.get(last.saturating_add(1).saturating_sub(first)..).unwrap_or_default();
        parts.extend(subject(before, lists, &finding));
        parts.extend(place(behind, &finding).filter(|_| !is_glued(behind)));
    }
    *findings = parts;
}

struct Word<'t> {
    start: usize,
    text: &'t str,
}

impl Word<'_> {
    const fn end(&self) -> usize {
        self.start.saturating_add(self.text.len())
    }

    fn is_capital(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }
}

fn words<'t>(text: &'t str, finding: &Finding) -> Vec<Word<'t>> {
    let mut at = finding.start;
    let whole = text.get(finding.start..finding.end).unwrap_or_default();
    let parts = whole.split_inclusive(char::is_whitespace).map(|part| {
        let start = at;
        at = at.saturating_add(part.len());
        Word { start, text: part.trim_end() }
    });
    parts.filter(|word| !word.text.is_empty()).collect()
}

/// The person or the place at the beginning of a sentence.
fn subject(before: &[Word], lists: &Lists, finding: &Finding) -> Option<Finding> {
    let first = before.first()?;
    let last = before.iter().rfind(|word| word.is_capital())?;
    let has_point = first.text.ends_with('.');
    let name = first.text.trim_end_matches('.');
    if last.start > first.start && title::announces("", name, has_point).is_some() {
        let kind = FindingKind::Person;
        return Some(Finding { kind, end: last.end(), ..finding.clone() });
    }
    let is_place = |word: &Word| lists.flags(hash(word.text)) & (PLACE | COUNTRY) != 0;
    let is_listed = before.iter().filter(|word| word.is_capital()).all(is_place);
    (is_listed && first.is_capital()).then(|| Finding { end: last.end(), ..finding.clone() })
}

/// What begins with a capital or a digit behind the verb of a sentence.
fn place(behind: &[Word], finding: &Finding) -> Option<Finding> {
    let is_first = |word: &&Word| word.is_capital() || word.text.starts_with(char::is_numeric);
    let first = behind.iter().find(is_first)?;
    behind.iter().any(Word::is_capital).then(|| Finding { start: first.start, ..finding.clone() })
}

/// Whether words hold one that digits are glued to, and no other capital.
fn is_glued(words: &[Word]) -> bool {
    let is_one = |word: &&Word| {
        let letters = word.text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let small = letters.chars().filter(|c| c.is_lowercase()).count();
        letters.len() < word.text.trim_end_matches('.').len()
            && small >= LETTERS_MIN
            && letters.chars().all(char::is_alphabetic)
    };
    words.iter().filter(is_one).count() > 0
        && !words.iter().any(|word| word.is_capital() && !is_one(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Why;
    use FindingKind::{Location, Person};

    fn parts(text: &str) -> Vec<(FindingKind, &str)> {
        let mut lists = Lists::of(vec![0; 64]);
        lists.add(hash("lisbon"), PLACE);
        let (start, end, kind) = (0, text.len(), Location);
        let rule = "t".into();
        let mut all = vec![Finding { start, end, kind, score: 0.9, why: Why::Model, rule }];
        split(text, &lists, &mut all);
        all.iter().map(|one| (one.kind, text.get(one.start..one.end).unwrap())).collect()
    }

    #[test]
    fn a_sentence_is_cut_at_its_verb() {
        for (text, expected) in [
            (
                "Mevrouw de Zarquon woont op de Oxostraat 12",
                vec![(Person, "Mevrouw de Zarquon"), (Location, "Oxostraat 12")],
            ),
            ("Le mot de passe est Zarquon2024", vec![]),
            ("Habita en la Calle de Oxo 12", vec![(Location, "Calle de Oxo 12")]),
            ("Lisbon est", vec![(Location, "Lisbon")]),
            ("Dr. Zarquon vive en Blee", vec![(Person, "Dr. Zarquon"), (Location, "Blee")]),
            ("Zarquon2024", vec![]),
            ("12 rue de la Paix", vec![(Location, "12 rue de la Paix")]),
            ("Block4 Oxo", vec![(Location, "Block4 Oxo")]),
            ("W1A 1HQ", vec![(Location, "W1A 1HQ")]),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
    }
}
