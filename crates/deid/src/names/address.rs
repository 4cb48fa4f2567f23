//! Joins the parts of an address that the tagger found one by one.

use super::tokens::{Shape, Token};
use crate::{Finding, FindingKind};

/// The longest label of a line, and the longest number, that are looked at, in bytes.
const LABEL_MAX: usize = 24;
const NUMBER_MAX: usize = 24;
/// The most digits of a postcode: those of ZIP+4.
const POSTCODE_MAX: usize = 9;

/// Cuts locations where they reach over a line break into what is of no address: a date, a time or
/// a longer number, and what follows it, are dropped; of a line with a label, `ZIP: 62704`, the
/// label is.
pub(super) fn cut(text: &str, findings: &mut Vec<Finding>) {
    let mut parts: Vec<Finding> = Vec::with_capacity(findings.len());
    for mut rest in findings.drain(..) {
        let mut from = rest.start;
        while let Some(at) = next_break(text, from, &rest) {
            let below = at.saturating_add(1);
            from = below;
            let is_last = text.get(below..rest.end).is_some_and(|line| !line.contains('\n'));
            if is_other_number(text, below) || (is_last && is_other_number(text, rest.end)) {
                rest.end = at;
            } else if let Some(label) = label_at(text, below) {
                let start = below.saturating_add(label);
                parts.push(Finding { end: at, ..rest.clone() });
                rest.start = start.min(rest.end);
                from = rest.start;
            }
        }
        parts.push(rest);
    }
    parts.retain_mut(|part| {
        let name = text.get(part.start..part.end).unwrap_or_default();
        part.end = part.start.saturating_add(name.trim_end().len());
        part.start < part.end
    });
    *findings = parts;
}

/// Whether `at` stands at or in a number that is neither a postcode nor that of a house: it has
/// two marks or more, as dates have, or a colon, as times have, or too many digits.
fn is_other_number(text: &str, at: usize) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | '/' | '.');
    let from = text.ceil_char_boundary(at.saturating_sub(NUMBER_MAX));
    let to = text.floor_char_boundary(at.saturating_add(NUMBER_MAX));
    let head = text.get(from..at).unwrap_or_default();
    let tail = text.get(at..to).unwrap_or_default();
    let before = head.len().saturating_sub(head.trim_end_matches(is_part).len());
    let after = tail.len().saturating_sub(tail.trim_start_matches(is_part).len());
    let number = text.get(at.saturating_sub(before)..at.saturating_add(after)).unwrap_or_default();
    let number = number.trim_matches(|c: char| !c.is_ascii_digit());
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    digits > POSTCODE_MAX || number.len().saturating_sub(digits) > 1 || number.contains(':')
}

/// How many bytes the label is long that begins at `at`, with the colon and the spaces behind it.
fn label_at(text: &str, at: usize) -> Option<usize> {
    let to = text.floor_char_boundary(at.saturating_add(LABEL_MAX));
    let (label, value) = text.get(at..to)?.split_once(':')?;
    let is_label = label.starts_with(char::is_alphabetic)
        && label.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '_'));
    let spaces = value.len().saturating_sub(value.trim_start_matches(' ').len());
    is_label.then(|| label.len().saturating_add(1).saturating_add(spaces))
}

/// Cuts locations that reach over lines of a list, `Name, 9 Elm St, Town` each, at the ends of the
/// lines. The fields of a line that stood before the first are not of the address there either.
pub(super) fn split(text: &str, findings: &mut Vec<Finding>) {
    let mut parts: Vec<Finding> = Vec::with_capacity(findings.len());
    for mut rest in findings.drain(..) {
        let mut from = rest.start;
        while let Some(at) = next_break(text, from, &rest) {
            let upper = Finding { end: at, ..rest.clone() };
            let below = at.saturating_add(1);
            let lower = Finding { start: below, ..rest.clone() };
            if !are_records(text, &upper, &lower) {
                from = below;
                continue;
            }
            let start = text.get(..upper.start).and_then(|head| head.rfind('\n'));
            let head = text.get(start.map_or(0, |at| at.saturating_add(1))..upper.start);
            let fields = head.unwrap_or_default().matches(',').count();
            let line = text.get(below..rest.end).unwrap_or_default();
            let mut skipped = 0_usize;
            for field in line.split_inclusive(',').take(fields) {
                skipped = skipped.saturating_add(field.len());
            }
            let spaces = |part: &str| part.len().saturating_sub(part.trim_start().len());
            skipped = skipped.saturating_add(line.get(skipped..).map_or(0, spaces));
            let is_person = parts.last().is_some_and(|before| {
                before.kind == FindingKind::Person && before.end <= upper.start
            });
            parts.push(upper);
            if fields == 1 && is_person {
                let name = line.split(',').next().unwrap_or_default().trim_end().len();
                let (start, end) = (below, below.saturating_add(name));
                parts.push(Finding { start, end, kind: FindingKind::Person, ..rest.clone() });
            }
            rest.start = below.saturating_add(skipped).min(rest.end);
            from = rest.start;
        }
        if rest.start < rest.end {
            parts.push(rest);
        }
    }
    parts.retain(|part| part.start < part.end);
    *findings = parts;
}

/// The first line break within a location at `from` or after it.
fn next_break(text: &str, from: usize, finding: &Finding) -> Option<usize> {
    let is_place = finding.kind == FindingKind::Location;
    let found = text.get(from..finding.end).filter(|_| is_place)?.find('\n')?;
    Some(from.saturating_add(found))
}

/// Locations with nothing between them but commas, breaks, marks of quotation and numbers of up to
/// ten characters (postcodes), or one short line, are one address when one of them holds a number
/// or a number stands between them.
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
            _ => joined.push(finding.clone()),
        }
    }
    joined
}

/// The tokens that begin at `start` or after it.
fn from(tokens: &[Token], start: usize) -> &[Token] {
    let passed = tokens.iter().take_while(|token| token.start < start).count();
    tokens.get(passed..).unwrap_or_default()
}

/// The most tokens between two parts of an address.
const BETWEEN_MAX: usize = 10;
/// The most words of a line between two lines of an address.
const LINE_MAX: usize = 4;

fn are_parts(text: &str, ahead: &[Token], before: &Finding, after: &Finding) -> bool {
    if before.kind != FindingKind::Location || after.kind != FindingKind::Location {
        return false;
    }
    let count = ahead.iter().take(BETWEEN_MAX).take_while(|token| token.end <= after.start).count();
    let between = ahead.get(..count).unwrap_or_default();
    let mut follows_break = false;
    let mut words = 0_usize;
    let is_plain = between.iter().all(|token| {
        let word = text.get(token.start..token.end).unwrap_or_default();
        let is_quote = follows_break && matches!(word, ">" | "|" | "*" | "?" | "#");
        follows_break = token.shape == Shape::Break || is_quote;
        match token.shape {
            Shape::Break => true,
            Shape::Mark => is_quote || matches!(word, "," | "-"),
            Shape::Digits | Shape::LongDigits | Shape::DigitsAndLetters => word.len() <= 10,
            Shape::Identifier => false,
            _ => {
                words = words.saturating_add(1);
                true
            }
        }
    });
    // A few words may stand between only as a line of their own.
    let breaks = between.iter().filter(|token| token.shape == Shape::Break).count();
    let is_line = words == 0 || (words <= LINE_MAX && is_own_line(between) && breaks == 2);
    is_plain
        && is_line
        && !(breaks == 1 && are_records(text, before, after))
        && count < BETWEEN_MAX
        && text
            .get(before.start..after.end)
            .is_some_and(|whole| whole.bytes().any(|byte| byte.is_ascii_digit()))
}

/// How far around two lines their ends are looked for, in bytes.
const LINE_REACH: usize = 160;

/// Whether two findings stand in two lines that are built alike, as those of a list of addresses
/// are: both begin with a word, a short or a long number, have as many commas, one
/// at least, and hold a number.
fn are_records(text: &str, before: &Finding, after: &Finding) -> bool {
    let from = text.floor_char_boundary(before.start.saturating_sub(LINE_REACH));
    let to = text.ceil_char_boundary(after.end.saturating_add(LINE_REACH));
    let head = text.get(from..after.start).unwrap_or_default();
    let tail = text.get(after.end..to).unwrap_or_default();
    let Some(cut) = head.rfind('\n') else { return false };
    let upper = head.get(..cut).and_then(|lines| lines.rsplit('\n').next()).unwrap_or_default();
    let Some(lower_head) = head.get(cut.saturating_add(1)..) else { return false };
    let name = text.get(after.start..after.end).unwrap_or_default();
    let lower = [lower_head, name, tail].concat();
    let lower = lower.split('\n').next().unwrap_or_default();
    let form = |line: &str| {
        let bare = line.trim_start_matches(['>', '|', '*', '-', '#', ' ', '\t']);
        let digits =
            bare.len().saturating_sub(bare.trim_start_matches(|c: char| c.is_ascii_digit()).len());
        (digits > 0, digits > 4, line.matches(',').count())
    };
    let has_digit = |line: &str| line.bytes().any(|byte| byte.is_ascii_digit());
    let (upper_form, lower_form) = (form(upper), form(lower));
    upper_form == lower_form && upper_form.2 > 0 && has_digit(upper) && has_digit(lower)
}

/// Whether tokens begin with a line break and hold another behind their last word.
fn is_own_line(between: &[Token]) -> bool {
    let is_word = |token: &Token| !matches!(token.shape, Shape::Break | Shape::Mark);
    let last = between.iter().rposition(is_word).unwrap_or(0);
    between.first().is_some_and(|token| token.shape == Shape::Break)
        && between.iter().skip(last).any(|token| token.shape == Shape::Break)
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
                Finding {
                    start,
                    end,
                    kind,
                    score: 0.9,
                    why: Why::Model,
                    rule: "name-tagger".into(),
                }
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
    fn a_line_between_two_lines_of_an_address_is_part_of_it() {
        let text = "> 9 Elm St\n> Zarquon Vale\n> France 75001.";
        let whole = "9 Elm St\n> Zarquon Vale\n> France 75001";
        assert_eq!(joined(text, &["9 Elm St", "France 75001"]), [whole]);
        for text in ["9 Elm St\nis so far from France", "9 Elm St is\nfar from\nFrance"] {
            assert_eq!(joined(text, &["9 Elm St", "France"]), ["9 Elm St", "France"], "{text}");
        }
    }

    #[test]
    fn lines_of_a_list_stay_apart() {
        for (text, parts) in [
            ("9 Elm St, Paris\n8 Oak Rd, Bonn", ["9 Elm St, Paris", "8 Oak Rd, Bonn"]),
            (
                "- 9 Elm St, Paris 75001\n- 8 Oak Rd, Bonn 53111\n",
                ["9 Elm St, Paris 75001", "8 Oak Rd, Bonn 53111"],
            ),
        ] {
            assert_eq!(joined(text, &parts), parts, "{text}");
        }
    }

    #[test]
    fn places_in_a_row_stay_apart() {
        let text = "Paris, Rome and 9 Elm St or Bonn";
        let parts = ["Paris", "Rome", "9 Elm St", "Bonn"];
        assert_eq!(joined(text, &parts), parts);
    }
}
