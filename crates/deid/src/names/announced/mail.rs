//! Headers of mail that name persons: RFC 5322, section 3.4, and lists as Outlook writes them, with
//! the family name first and semicolons between.

use super::announced;
use super::keys::is_name;
use crate::names::lists::{COMMON, COUNTRY, GIVEN, Lists, PLACE, hash};
use crate::{Finding, FindingKind};

/// Of a list of recipients so much is read, in bytes.
const LIST_MAX: usize = 2_000;

/// Adds the names of `From: Name <address>, "Family, Given" <address>; Family, Given`, which begin
/// at `after`, and tells how far it has read.
pub(super) fn names(text: &str, after: usize, lists: &Lists, found: &mut Vec<Finding>) -> usize {
    let to = text.floor_char_boundary(after.saturating_add(LIST_MAX));
    let Some(line) = text.get(after..to).and_then(|rest| rest.split('\n').next()) else {
        return after;
    };
    let line = line_of(line);
    let mark = if cut(line, ';').nth(1).is_some() { ';' } else { ',' };
    // Without semicolons a comma may stand between two names or within one.
    let is_one = mark == ';' || cut(line, ',').count() == 2;
    if is_one && !line.contains('@') {
        for (at, part) in cut(line, ';') {
            let at = after.saturating_add(at);
            add(at, part, found, |name| has_family_first(name, lists));
        }
        return after.saturating_add(line.len());
    }
    for (at, part) in cut(line, mark) {
        let at = after.saturating_add(at);
        let Some((name, address)) = part.split_once('<') else {
            add(at, part, found, |name| mark == ';' && has_family_first(name, lists));
            continue;
        };
        if address.contains('@') {
            let is_quoted = name.contains('"');
            add(at, name, found, |name| {
                is_full(name, lists) || ((is_quoted || mark == ';') && is_inverted(name))
            });
        }
    }
    after.saturating_add(line.len())
}

/// A line of a header, to its end or to the end of the string that holds it: a backslash stands
/// before a line break, or before a quotation mark within the line.
fn line_of(line: &str) -> &str {
    let end = line.match_indices('\\').find(|(at, _)| {
        !line.get(at.saturating_add(1)..).is_some_and(|rest| rest.starts_with('"'))
    });
    end.and_then(|(at, _)| line.get(..at)).unwrap_or(line)
}

/// The parts of a line between marks that stand outside quotation marks, and where they begin. In
/// JSON a backslash stands before a quotation mark, and one without ends the header.
fn cut(line: &str, mark: char) -> impl Iterator<Item = (usize, &str)> {
    let is_escaped = line.contains("\\\"");
    let (mut is_quoted, mut before, mut next) = (false, ' ', 0_usize);
    let parts = line.split(move |c: char| {
        is_quoted ^= c == '"' && is_escaped == (before == '\\');
        before = c;
        !is_quoted && c == mark
    });
    parts.map(move |part| {
        let at = next;
        next = at.saturating_add(part.len()).saturating_add(mark.len_utf8());
        (at, part)
    })
}

/// Adds the name in a part of a line, which begins at `at`, if it is one. A comment in parentheses
/// may stand behind it.
fn add(at: usize, part: &str, found: &mut Vec<Finding>, is_person: impl Fn(&str) -> bool) {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\');
    let bare = part.trim_start_matches(is_mark);
    let name = bare.split('(').next().unwrap_or_default().trim_end_matches(is_mark);
    if is_person(name) {
        let start = at.saturating_add(part.len().saturating_sub(bare.len()));
        found.push(announced(start, start.saturating_add(name.len()), FindingKind::Person));
    }
}

/// Whether what stands before an address is a name: of two words or more, or a given name.
fn is_full(name: &str, lists: &Lists) -> bool {
    let is_long = name.contains(' ') && name.starts_with(char::is_uppercase);
    is_name(name) && (is_long || lists.flags(hash(name)) & GIVEN != 0)
}

/// The family name and the given names of `Family, Given`.
fn inverted(name: &str) -> Option<(&str, &str)> {
    let (family, given) = name.split_once(',')?;
    let given = given.trim_start();
    let is_part = |part: &str| is_name(part) && part.contains(char::is_uppercase);
    (is_part(family) && is_part(given) && given.starts_with(char::is_uppercase))
        .then_some((family, given))
}

fn is_inverted(name: &str) -> bool {
    inverted(name).is_some()
}

/// Whether a name without an address is `Family, Given`, and lists know the given name as such.
fn has_family_first(name: &str, lists: &Lists) -> bool {
    let Some((family, given)) = inverted(name) else { return false };
    let first = given.split([' ', '-']).next().unwrap_or_default();
    let flags = lists.flags(hash(first));
    let is_place = lists.flags(hash(family)) & COUNTRY != 0;
    flags & GIVEN != 0 && flags & (COMMON | PLACE | COUNTRY) == 0 && !is_place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<&str> {
        let mut lists = Lists::of(vec![0; 64]);
        for (word, flags) in [("hannah", GIVEN), ("karl", GIVEN), ("paris", GIVEN | PLACE)] {
            lists.add(hash(word), flags);
        }
        let mut all = Vec::new();
        let read = names(line, 0, &lists, &mut all);
        assert!(read <= line.len());
        all.iter().map(|one| line.get(one.start..one.end).unwrap()).collect()
    }

    #[test]
    fn names_with_the_family_first() {
        for (line, expected) in [
            (" \"Zarquon, Oxo\" <z@b.io>", vec!["Zarquon, Oxo"]),
            (" \\\"Zarquon, Oxo\\\" <z@b.io>\\nTo: Blee", vec!["Zarquon, Oxo"]),
            ("\"\\\"Zarquon, Oxo\\\" <z@b.io>\"}", vec!["Zarquon, Oxo"]),
            (" \"Zarquon, Oxo (HR)\" <z@b.io>", vec!["Zarquon, Oxo"]),
            (" Zarquon, Hannah; Blee, Karl", vec!["Zarquon, Hannah", "Blee, Karl"]),
            (" Zarquon, Hannah", vec!["Zarquon, Hannah"]),
            (" Zarquon, Oxo <z@b.io>; Vex Blee <v@b.io>", vec!["Zarquon, Oxo", "Vex Blee"]),
            (" Zarquon Oxo <z@b.io>, \"Vex, Blee\" <v@b.io>", vec!["Zarquon Oxo", "Vex, Blee"]),
        ] {
            assert_eq!(found(line), expected, "{line}");
        }
    }

    #[test]
    fn other_lists_hold_none() {
        for line in [
            " Zarquon, Oxo",
            " Blee, Paris",
            " red, Hannah; blue, karl",
            " a@b.io, c@d.io; e@f.io",
            " Zarquon, Hannah, Karl",
            " 5;",
        ] {
            assert!(found(line).is_empty(), "{line}: {:?}", found(line));
        }
    }
}
