//! Joins words of one kind into names and addresses.

use super::{Coarse, Piece};
use crate::finding::{Finding, FindingKind, Why};
use crate::names::MODEL;

/// A stretch that grows word by word.
#[derive(Clone, Copy)]
struct Stretch {
    start: usize,
    end: usize,
    kind: Coarse,
    sum: f32,
    words: f32,
}

/// The names and addresses among the words of a sentence, as [`Neural::tag`](super::Neural::tag)
/// gives them for `sentence`, in order and without overlap.
///
/// Given names and family names that follow each other are one person, also over a hyphen, an
/// apostrophe or the point of an initial; house number, street, town and postcode are one address,
/// also over commas and line ends. A score is the mean chance of the words. Marks at either end and
/// the `'s` of a possessive belong to no name.
#[must_use]
pub fn spans(sentence: &str, pieces: &[Piece]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut open: Option<Stretch> = None;
    for piece in pieces {
        let (kind, chance) = match piece.kind() {
            Coarse::Person => (Coarse::Person, piece.person),
            Coarse::Location => (Coarse::Location, piece.location),
            Coarse::Other | Coarse::None => continue,
        };
        if !has_word(sentence, piece) {
            continue;
        }
        if let Some(stretch) = &mut open
            && stretch.kind == kind
            && sentence.get(stretch.end..piece.start).is_some_and(|gap| joins(kind, gap))
        {
            stretch.end = piece.end;
            stretch.sum += chance;
            stretch.words += 1.0;
            continue;
        }
        findings.extend(open.take().and_then(|stretch| finding(sentence, stretch)));
        open = Some(Stretch { start: piece.start, end: piece.end, kind, sum: chance, words: 1.0 });
    }
    findings.extend(open.and_then(|stretch| finding(sentence, stretch)));
    findings
}

/// Whether a piece is more than a mark.
fn has_word(sentence: &str, piece: &Piece) -> bool {
    sentence.get(piece.start..piece.end).is_some_and(|text| text.chars().any(char::is_alphanumeric))
}

/// Whether two words of one kind with `gap` between them belong together.
fn joins(kind: Coarse, gap: &str) -> bool {
    let blank = gap.chars().all(char::is_whitespace);
    if kind == Coarse::Location {
        let mark = gap.trim();
        return (blank
            || matches!(mark, "," | "." | "-" | "/" | "#" | ".," | ", #" | "'" | "\u{2019}"))
            && gap.matches('\n').count() < 2;
    }
    !gap.contains('\n') && (blank || matches!(gap.trim_end(), "." | "-" | "'" | "\u{2019}"))
}

fn finding(sentence: &str, stretch: Stretch) -> Option<Finding> {
    let Stretch { start, mut end, kind, sum, words } = stretch;
    let text = sentence.get(start..end)?;
    for possessive in ["'s", "\u{2019}s"] {
        if let Some(bare) = text.strip_suffix(possessive)
            && !bare.is_empty()
        {
            end = start + bare.len();
        }
    }
    let kind = if kind == Coarse::Person { FindingKind::Person } else { FindingKind::Location };
    Some(Finding { start, end, kind, score: sum / words, why: Why::Model, rule: MODEL.into() })
}

#[cfg(test)]
mod tests {
    use super::spans;
    use crate::finding::FindingKind;
    use crate::names::neural::Piece;

    /// Words that begin with `P` are persons, those with `L` places.
    fn found(text: &str) -> Vec<(&str, FindingKind)> {
        let mut pieces = Vec::new();
        for word in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            let sure = |is: bool| if is { 0.75 } else { 0.0 };
            let (person, location) = (sure(bare.starts_with('P')), sure(bare.starts_with('L')));
            let none = 1.0 - person - location;
            if !bare.is_empty() {
                pieces.push(Piece {
                    start,
                    end: start + bare.len(),
                    person,
                    location,
                    other: 0.0,
                    none,
                });
            }
        }
        spans(text, &pieces).iter().map(|f| (text.get(f.start..f.end).unwrap(), f.kind)).collect()
    }

    #[test]
    fn names_join_and_lists_do_not() {
        let person = |name| (name, FindingKind::Person);
        assert_eq!(found("Pa P. Pe-Pi spoke"), [person("Pa P. Pe-Pi")]);
        assert_eq!(found("Pa, Pe and Pi\nPo"), ["Pa", "Pe", "Pi", "Po"].map(person));
        assert_eq!(found("nothing here"), []);
    }

    #[test]
    fn an_address_joins_over_commas_and_one_line_end() {
        let place = |name| (name, FindingKind::Location);
        assert_eq!(found("at L1 Lane,\nL2 Ltown."), [place("L1 Lane,\nL2 Ltown")]);
        assert_eq!(found("L1\n\nL2"), [place("L1"), place("L2")]);
        assert_eq!(found("L1 Pa"), [place("L1"), ("Pa", FindingKind::Person)]);
    }
}
