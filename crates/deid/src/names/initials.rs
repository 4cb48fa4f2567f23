//! Initials of persons: `Mr S. Esmer`, `J.-P. Blee`, `Mrs G.`
//!
//! A point ends sentences too, so that the tagger takes initials for their ends at times.

use super::title;
use crate::{Finding, FindingKind};

/// What may stand, once, between an initial's point and what follows.
const GAPS: [char; 3] = [' ', '\u{a0}', '-'];
/// Abbreviations of capitals and points that are no initials.
const ABBREVIATIONS: [&str; 16] = [
    "U.S.", "U.K.", "U.N.", "E.U.", "U.A.E.", "A.M.", "P.M.", "D.C.", "B.C.", "A.D.", "N.Y.",
    "L.A.", "M.A.", "B.A.", "P.S.", "N.B.",
];
/// The most initials before a name.
const COUNT_MAX: usize = 4;
/// Words behind a name whose point is theirs.
const SUFFIXES: [&str; 3] = ["Jr", "Sr", "Esq"];

/// Widens persons to the initials before them, where these are several or stand behind a title.
pub(super) fn add(text: &str, findings: &mut [Finding]) {
    let mut last = 0;
    for finding in findings {
        if finding.kind == FindingKind::Person {
            let before = text.get(last..finding.start).unwrap_or_default();
            if let Some(start) = first_initial(before) {
                finding.start = last.saturating_add(start);
            }
        }
        last = finding.end;
    }
}

/// Where the initials at the end of `before` begin, if they are those of what follows.
fn first_initial(before: &str) -> Option<usize> {
    let (mut count, mut rest) = (0, before);
    while count < COUNT_MAX {
        let near = rest.strip_suffix(GAPS).unwrap_or(rest);
        let Some(point) = near.strip_suffix('.') else { break };
        let Some(bare) = point.strip_suffix(char::is_uppercase) else { break };
        if bare.ends_with(char::is_alphanumeric) {
            break;
        }
        (count, rest) = (count.saturating_add(1), bare);
    }
    let initials = before.get(rest.len()..).unwrap_or_default().trim_end();
    let is_other = ABBREVIATIONS.contains(&initials);
    let is_taken = !is_other && (count > 1 || (count == 1 && title::before(rest).is_some()));
    is_taken.then_some(rest.len())
}

/// The length of the point at the beginning of `after`, if it belongs to the initial or suffix that
/// `name` ends with: 1 or 0.
pub(crate) fn point_of(name: &str, after: &str) -> usize {
    let is_apart = |c: char| c.is_whitespace() || c == '.';
    let Some((before, word)) = name.rsplit_once(is_apart) else { return 0 };
    let mut letters = word.chars();
    let is_initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    let is_taken = !before.is_empty() && (is_initial || SUFFIXES.contains(&word));
    usize::from(is_taken && after.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Why;

    fn widened(text: &str, name: &str) -> String {
        let start = text.find(name).unwrap();
        let (end, kind) = (start.saturating_add(name.len()), FindingKind::Person);
        let rule = "name-tagger".into();
        let mut findings = [Finding { start, end, kind, score: 0.9, why: Why::Model, rule }];
        add(text, &mut findings);
        text.get(findings[0].start..findings[0].end).unwrap().to_owned()
    }

    #[test]
    fn initials_belong_to_the_name() {
        for (text, name, expected) in [
            ("by Mr S. Brack, here", "Brack", "S. Brack"),
            ("by Mr\u{a0}S.\u{a0}Brack", "Brack", "S.\u{a0}Brack"),
            ("by L.-E. Brack, J.M. Vex", "Brack", "L.-E. Brack"),
            ("by L.-E. Brack, J.M. Vex", "Vex", "J.M. Vex"),
        ] {
            assert_eq!(widened(text, name), expected, "{text}");
        }
    }

    #[test]
    fn ends_of_sentences_do_not() {
        for (text, name) in [
            ("This is plan B. Brack agreed.", "Brack"),
            ("He has HIV. Brack agreed.", "Brack"),
            ("In the U.K. Brack spoke.", "Brack"),
            ("At 5 P.M. Brack left.", "Brack"),
            ("Team A. - B. - Brack won.", "Brack"),
            ("I met Oxo Brack.", "Oxo Brack"),
        ] {
            assert_eq!(widened(text, name), name, "{text}");
        }
    }

    #[test]
    fn points_of_initials_and_suffixes_are_theirs() {
        for name in ["Mrs G", "Mr D.R", "Oxo B", "Oxo Brack Jr"] {
            assert_eq!(point_of(name, ". That"), 1, "{name}");
            assert_eq!(point_of(name, ", that"), 0, "{name}");
        }
        for name in ["Oxo Brack", "Oxo g", "B", "", " B"] {
            assert_eq!(point_of(name, "."), 0, "{name}");
        }
    }
}
