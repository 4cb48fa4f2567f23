//! Which names are believed, depending on where they stand.
//!
//! The tagger was trained on prose. In code, data and logs nearly every capital is part of an
//! identifier, and a name replaced there breaks what was written. So names in such lines are
//! believed only when lists know them, and nowhere may a name look like an identifier.

mod class;
mod evidence;
mod form;
mod lines;
mod pairs;
mod place;
mod rows;
mod shell;
mod terms;
mod words;

use super::lists::Lists;
use super::title;
use crate::{Finding, FindingKind};
use class::{Class, is_dense};
pub(super) use evidence::is_of_trade;
use evidence::{Around, is_prose, suffices};
use form::{is_identifier, is_spelt_otherwise};
pub(super) use lines::Lines;
use place::{Place, place_behind};
use rows::{cell, is_whole};
use shell::is_command;
use terms::{is_label, is_of_code, is_office, is_office_alone, is_product};
pub(super) use terms::{is_number_label, is_of_computing};

/// How far around a name its line is looked at, in bytes.
const REACH: usize = 160;

/// Keeps the findings that are believed.
pub(super) fn retain(text: &str, lines: &Lines, lists: &Lists, findings: &mut Vec<Finding>) {
    findings.retain(|finding| is_believed(text, lines, lists, finding));
}

fn is_believed(text: &str, lines: &Lines, lists: &Lists, finding: &Finding) -> bool {
    let name = text.get(finding.start..finding.end).unwrap_or_default();
    let before = text.get(..finding.start).and_then(|text| text.chars().next_back());
    let after = text.get(finding.end..).unwrap_or_default();
    let is_letter = name.chars().filter(|c| c.is_alphanumeric()).nth(1).is_none();
    let is_titled = || text.get(..finding.start).and_then(title::before).is_some();
    if (is_letter && !is_titled()) || is_identifier(name, before, after) || is_product(name, lists)
    {
        return false;
    }
    // Numbers in a row are a table.
    let is_table = name.contains(',') && !has_letters(name);
    if is_table || is_label(name, after) {
        return false;
    }
    let is_person = finding.kind == FindingKind::Person;
    let is_number = name.starts_with(|c: char| c.is_ascii_digit());
    let is_place = finding.kind == FindingKind::Location;
    if (is_person && (is_number || is_office(name))) || (is_place && is_office_alone(name)) {
        return false;
    }
    if is_of_code(name, is_person) {
        return false;
    }
    let line = line_around(text, finding);
    if is_spelt_otherwise(line, name, finding, lists) {
        return false;
    }
    is_believed_in_code(text, lines, lists, finding).unwrap_or(true)
}

/// The same where the text is code or data; `None` elsewhere.
fn is_believed_in_code(
    text: &str,
    lines: &Lines,
    lists: &Lists,
    finding: &Finding,
) -> Option<bool> {
    let (from, to, class) = lines.line(finding.start);
    let near = |at: usize| text.floor_char_boundary(at);
    let head = text.get(near(from.max(finding.start.saturating_sub(REACH)))..finding.start)?;
    let tail =
        text.get(finding.end..near(to.min(finding.end.saturating_add(REACH))).max(finding.end))?;
    let name = text.get(finding.start..finding.end)?;
    if place_behind(head) == Place::Bare && is_command(text.get(from..to)?) {
        return Some(false);
    }
    let is_near = finding.start.saturating_sub(from) <= REACH;
    if class != Class::Data
        && let Some(key) = pairs::key_before(head, tail).filter(|_| is_near)
        && !pairs::is_value(key, name, lists)
    {
        return Some(false);
    }
    let is_row = class == Class::Row;
    let (beside, behind) = if is_row { cell(head, tail) } else { (head, tail) };
    let is_cell = is_row && is_whole(beside, behind);
    let around = Around { name, head: beside, tail: behind, is_cell };
    let is_program = lines.are_fenced(finding.start) || lines.are_code(finding.start);
    let is_data = is_row || (class == Class::Data && !is_program);
    if !is_program && !is_data && !is_dense(line_around(text, finding)) {
        return None;
    }
    if is_data && is_prose(&around) {
        return None;
    }
    if is_program && class == Class::Code && place_behind(head) == Place::Bare {
        return Some(false);
    }
    Some(suffices(&around, finding.kind, is_data, lists))
}

/// Whether a name holds a letter before what may be a comment.
fn has_letters(name: &str) -> bool {
    name.split('#').next().is_some_and(|part| part.contains(char::is_alphabetic))
}

/// The line that a name stands in, as far as it matters. In JSON, `\n` in a string ends a line.
fn line_around<'t>(text: &'t str, finding: &Finding) -> &'t str {
    let from = text.floor_char_boundary(finding.start.saturating_sub(REACH));
    let to = text.floor_char_boundary(finding.end.saturating_add(REACH));
    let head = text.get(from..finding.start).unwrap_or_default();
    let tail = text.get(finding.end..to).unwrap_or_default();
    let begins = ["\n", "\\n"].iter().filter_map(|mark| Some(head.rfind(mark)? + mark.len())).max();
    let ends = ["\n", "\\n"].iter().filter_map(|mark| tail.find(mark)).min();
    let start = from.saturating_add(begins.unwrap_or(0));
    let end = finding.end.saturating_add(ends.unwrap_or(tail.len()));
    text.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::lists::{COMMON, FAMILY, GIVEN, PLACE, hash};
    use super::*;
    use crate::Why;

    fn lists() -> Lists {
        let mut lists = Lists::of(vec![0; 64]);
        for (word, flag) in
            [("hannah", GIVEN), ("whitfield", FAMILY), ("lisbon", PLACE), ("mark", GIVEN | COMMON)]
        {
            lists.add(hash(word), flag);
        }
        lists
    }

    /// Whether the name between `«` and `»` is kept.
    fn keeps(marked: &str, kind: FindingKind) -> bool {
        let start = marked.find('«').unwrap();
        let end = marked.find('»').unwrap() - '«'.len_utf8();
        let text = marked.replace(['«', '»'], "");
        let finding =
            Finding { start, end, kind, score: 0.9, why: Why::Model, rule: "name-tagger".into() };
        let mut findings = vec![finding];
        retain(&text, &Lines::of(&text, false), &lists(), &mut findings);
        !findings.is_empty()
    }

    #[test]
    fn prose_is_believed() {
        for text in [
            "I met «Zarquon Blee» (from the office) yesterday.",
            "> «Zarquon Blee» wrote:",
            "**«Zarquon Blee»**, 34, of Lisbon.",
            "Dear «McKay», dear «",
            "- «Jean-Luc O'Brien»: yes; and so on; or so.",
        ] {
            assert!(keeps(text.trim_end_matches('«'), FindingKind::Person), "{text}");
        }
    }

    #[test]
    fn identifiers_are_no_names() {
        for text in [
            "Then «baseCommit» is read.",
            "The «HttpServer» starts.",
            "Call «Hannah»() first.",
            "In `«Hannah»` and",
            "Set «Base_Commit» to",
            "use «Hannah»::new to",
            "see /usr/«Hannah»/x",
            "ask «Claude» for it",
        ] {
            assert!(!keeps(text, FindingKind::Person), "{text}");
        }
    }

    #[test]
    fn labels_and_headers_are_no_names() {
        for text in ["My «DOB» is", "«SSN»: 1", "«X-Auth-Token»: a", "«Cookie»: b", "«Subject»: c"]
        {
            assert!(!keeps(text, FindingKind::Organisation), "{text}");
        }
        assert!(keeps("«Jean-Luc»: yes", FindingKind::Person));
    }

    #[test]
    fn prose_in_data_is_prose() {
        let text = |name: &str| format!(r#"{{"text": "I met {name} there and we had lunch."}}"#);
        assert!(keeps(&text("«Zarquon Blee»"), FindingKind::Person));
        assert!(!keeps(r#"{"text": "«Zarquon Blee»"}"#, FindingKind::Person));
    }

    #[test]
    fn offices_and_months_are_no_persons() {
        for name in ["Fundamental Freedoms", "Legal Adviser", "June", "Court"] {
            assert!(!keeps(&format!("So the «{name}» said."), FindingKind::Person), "{name}");
        }
        assert!(keeps("So «Zarquon May» said.", FindingKind::Person));
        assert!(keeps("So the «Ministry» said.", FindingKind::Organisation));
    }

    #[test]
    fn words_of_the_language_need_more() {
        let mut lists = lists();
        lists.add(hash("compare"), COMMON);
        let text = "Compare it. See compare.";
        let at = |start: usize, score| {
            let finding = Finding {
                start,
                end: start + 7,
                kind: FindingKind::Person,
                score,
                why: Why::Model,
                rule: "t".into(),
            };
            let mut findings = vec![finding];
            retain(text, &Lines::of(text, false), &lists, &mut findings);
            !findings.is_empty()
        };
        assert!(!at(0, 0.85) && at(0, 0.95));
        // In small letters, where the line has capitals, never.
        assert!(!at(16, 0.95));
    }

    #[test]
    fn code_and_data_hold_names_that_lists_know() {
        let text =
            |name: &str| format!("{{\"owner\": \"«{name}»\", \"tags\": [\"a\"], \"n\": {{}}}}");
        assert!(keeps(&text("Hannah Whitfield"), FindingKind::Person));
        assert!(keeps(&text("Lisbon"), FindingKind::Location));
        assert!(!keeps(&text("Phase Transitions"), FindingKind::Person));
        assert!(!keeps(&text("Mark Whitfield"), FindingKind::Person));
        assert!(!keeps(&text("Hannah"), FindingKind::Person));
        assert!(!keeps(&text("Session Stop"), FindingKind::Organisation));
    }

    #[test]
    fn capitals_tickets_and_letters_are_no_names() {
        for text in ["The phase is «IDLE» now.", "See «ABC-123» for it.", "It is «X» there."]
        {
            assert!(!keeps(text, FindingKind::Location), "{text}");
        }
        assert!(keeps("WE MET IN «ZARQUON»", FindingKind::Location));
        assert!(keeps("It is in «D-10115» there.", FindingKind::Location));
    }

    #[test]
    fn a_line_among_lines_of_code_is_code() {
        let text = "class A:\n    def f(self, x):\n        if x == 1:\n            return «Zarquon Blee»\n    def g(self, y):\n";
        assert!(!keeps(text, FindingKind::Person));
        for name in ["None", "OSError", "elif x"] {
            assert!(!keeps(&format!("It is «{name}» here"), FindingKind::Person), "{name}");
        }
        assert!(!keeps("It is «False, None» here", FindingKind::Location));
        assert!(keeps("It is «9 Mill Path» here", FindingKind::Location));
        let letter = "Dear all:\n    so it goes\n    and on\nyours, «Zarquon Blee»\nof here";
        assert!(keeps(letter, FindingKind::Person));
    }

    #[test]
    fn fences_make_code_of_what_looks_like_prose() {
        assert!(!keeps("so\n```\nPhase «Transitions Two»\n```\n", FindingKind::Person));
        assert!(keeps("so\n```\nlet it = be;\n```\nPhase «Transitions Two»", FindingKind::Person));
        assert!(Lines::of("so\n```\nlet", false).end_fenced());
        assert!(!Lines::of("it be\n```\nso", true).end_fenced());
        assert!(Lines::of("it be", true).end_fenced());
    }
}
