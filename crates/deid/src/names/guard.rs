//! Which names are believed, depending on where they stand.
//!
//! The tagger was trained on prose. In code, data and logs nearly every capital is part of an
//! identifier, and a name replaced there breaks what was written. So names in such lines are
//! believed only when lists know them, and nowhere may a name look like an identifier.

mod words;

use super::lists::{COMMON, COUNTRY, FAMILY, GIVEN, Lists, PLACE, hash};
use crate::{Finding, FindingKind};
use words::{CODE, MONTHS, OFFICES, PARTICLES, PRODUCTS, TERMS};

/// How far around a name its line is looked at, in bytes.
const REACH: usize = 160;
/// In a line of code, one byte in so many is a sign of code, or more.
const SIGN_EVERY: usize = 14;
/// The fewest signs in a line of code.
const FEWEST_SIGNS: usize = 3;
/// What the tagger has to be sure of in code.
const SURE: f32 = 0.8;
/// How far around a name the lines beside its own are looked at, in bytes.
const AROUND: usize = 300;
/// The fewest lines by which that is judged.
const FEWEST_LINES: usize = 3;
/// The longest name of a person, in words.
const WORDS_MAX: usize = 6;
/// Begins and ends a block of code in Markdown.
const FENCE: &str = "```";
/// What the tagger has to be sure of when all words of a name are words of the language.
const SURE_OF_A_WORD: f32 = 0.9;
/// The fewest digits of a hash, as the number of a commit is.
const HASH_MIN: usize = 7;

/// Keeps the findings that are believed. `is_fenced` says whether the text begins within a block
/// of code; the answer is whether it ends within one.
pub(super) fn retain(
    text: &str,
    lists: &Lists,
    mut is_fenced: bool,
    findings: &mut Vec<Finding>,
) -> bool {
    let mut fences = memchr::memmem::find_iter(text.as_bytes(), FENCE).peekable();
    findings.retain(|finding| {
        while fences.next_if(|fence| *fence < finding.start).is_some() {
            is_fenced = !is_fenced;
        }
        is_believed(text, lists, is_fenced, finding)
    });
    is_fenced ^ (fences.count() % 2 == 1)
}

fn is_believed(text: &str, lists: &Lists, is_fenced: bool, finding: &Finding) -> bool {
    let name = text.get(finding.start..finding.end).unwrap_or_default();
    let before = text.get(..finding.start).and_then(|text| text.chars().next_back());
    let after = text.get(finding.end..).unwrap_or_default();
    if is_identifier(name, before, after) || is_product(name, lists) {
        return false;
    }
    let is_person = finding.kind == FindingKind::Person;
    if (is_person && is_office(name)) || is_of_code(name, is_person) {
        return false;
    }
    let line = line_around(text, finding);
    if is_spelt_otherwise(line, name, finding, lists) {
        return false;
    }
    if !is_fenced && !is_code(line) && !is_among_code(text, finding) {
        return true;
    }
    finding.score >= SURE && is_listed(name, finding.kind, lists)
}

/// Whether a name has the form, or the surroundings, of something in a program.
fn is_identifier(name: &str, before: Option<char>, after: &str) -> bool {
    const NEVER: &[char] =
        &['_', '{', '}', '=', '<', '>', '|', '\\', '`', '→', '\t', '$', '[', ']', '*', '~', '^'];
    let name = &name.trim_end_matches('\\').replace("\n>", "\n");
    if name.contains(NEVER) || name.split(char::is_whitespace).any(is_camel) {
        return true;
    }
    let mut following = after.chars();
    let (next, later) = (following.next(), following.next());
    // `object.Method`, `Type::new`, `Name(`, `Name_x`, `path/Name/x`, `@Name`, `` `Name` ``.
    let bound_before = matches!(before, Some('_' | '`' | '$' | '@' | '#' | '/' | '\\'));
    let bound_after = match next {
        Some('(' | '_' | '`' | '[' | '{' | '=' | '/') => true,
        Some('\\') => later.is_some_and(char::is_alphanumeric) && later != Some('n'),
        Some('.' | ':' | '-') => later.is_some_and(|c| c.is_lowercase() || c == ':' || c == '_'),
        _ => false,
    };
    bound_before || bound_after
}

/// Whether a name is not written as names are: small letters in a line that has capitals, where no
/// list holds the word; or a word of the language, or of computing, alone.
fn is_spelt_otherwise(line: &str, name: &str, finding: &Finding, lists: &Lists) -> bool {
    let listed = match finding.kind {
        FindingKind::Person => GIVEN | FAMILY,
        FindingKind::Location => PLACE | COUNTRY | GIVEN | FAMILY,
        _ => 0,
    };
    let is_organisation = finding.kind == FindingKind::Organisation;
    let is_cased = is_organisation || line.chars().any(char::is_uppercase);
    let is_address = finding.kind == FindingKind::Location && name.contains(char::is_numeric);
    let (mut words, mut small, mut plain, mut capitals) = (0_usize, 0_usize, 0_usize, 0_usize);
    for word in name.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-')) {
        let Some(first) = word.chars().next().filter(|first| first.is_alphabetic()) else {
            if word.split('-').any(is_hash) {
                return true;
            }
            continue;
        };
        words = words.saturating_add(1);
        let lower = word.to_lowercase();
        let flags = lists.flags(hash(&lower));
        let is_known = flags & listed != 0 && flags & COMMON == 0;
        if first.is_uppercase() {
            capitals = capitals.saturating_add(1);
        } else if !is_known && !PARTICLES.contains(&lower.as_str()) && !is_address {
            small = small.saturating_add(1);
        }
        let is_term = TERMS.contains(&lower.as_str());
        if is_term || (flags & COMMON != 0 && flags & listed == 0) {
            plain = plain.saturating_add(1);
        }
    }
    let is_small = is_cased && (small > 0 || (is_address && capitals == 0));
    let is_plain = words > 0 && plain == words;
    is_small || (is_plain && (finding.score < SURE_OF_A_WORD || words == 1 && is_term(name)))
}

/// Whether what was taken for a person is an office, an institution or a term of law: its last word
/// is one. A month is no person either, but may be the end of a name.
fn is_office(name: &str) -> bool {
    let is_month = |name: &str| MONTHS.iter().any(|month| month.eq_ignore_ascii_case(name));
    let last = name.split_whitespace().next_back().unwrap_or_default();
    let last = last.trim_matches(|c: char| !c.is_alphanumeric());
    is_month(name) || OFFICES.iter().any(|office| office.eq_ignore_ascii_case(last))
}

fn is_hash(word: &str) -> bool {
    word.len() >= HASH_MIN
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn is_term(name: &str) -> bool {
    TERMS.contains(&name.to_lowercase().as_str())
}

/// Whether a word changes from small letters to capitals twice, or once in a way that names do
/// not: `baseCommit`, `HttpServer`, but not `McKay`, `DeLuca`, `O'Brien` or `Jean-Luc`.
fn is_camel(word: &str) -> bool {
    /// The longest beginning of a name that a capital follows.
    const PARTICLE_MAX: usize = 3;
    let mut lower = 0_usize;
    let mut length = 0_usize;
    let mut is_capital_first = false;
    for character in word.chars() {
        if !character.is_alphabetic() {
            (lower, length) = (0, 0);
            continue;
        }
        if length == 0 {
            is_capital_first = character.is_uppercase();
        }
        if character.is_uppercase() && lower > 0 && (length > PARTICLE_MAX || !is_capital_first) {
            return true;
        }
        lower = if character.is_lowercase() { lower.saturating_add(1) } else { 0 };
        length = length.saturating_add(1);
    }
    false
}

/// Whether a name is that of an assistant, alone or before words such as `Code` and `CLI`.
fn is_product(name: &str, lists: &Lists) -> bool {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    PRODUCTS.iter().any(|product| product.eq_ignore_ascii_case(first))
        && words.all(|word| is_term(word) || lists.flags(hash(word)) & COMMON != 0)
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

/// Whether a line has as many signs of code as code has.
fn is_code(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ', '*', '-', '#', '|']);
    let mut signs = 0_usize;
    let mut before = ' ';
    for character in line.chars() {
        let is_sign = match character {
            '{' | '}' | '[' | ']' | '<' | '>' | '=' | ';' | '|' | '_' | '$' | '&' | '^' | '~'
            | '→' | '\t' | '`' => true,
            '(' => before.is_alphanumeric() || before == '_',
            '.' | '/' => before == character || before == ')',
            _ if character.is_alphabetic() && before == '.' => true,
            ':' => before == ':' || before == '"',
            '"' => before == ':' || before == ',' || before == '{',
            _ if character.is_uppercase() => before.is_lowercase(),
            _ => false,
        };
        signs = signs.saturating_add(usize::from(is_sign));
        before = character;
    }
    signs >= FEWEST_SIGNS && signs.saturating_mul(SIGN_EVERY) >= line.len()
}

/// Whether any word of a name, or else every one, is of programming languages: `None`, `OSError`,
/// `elif x`. Streets and towns hold some of these words: `Mill Path`.
fn is_of_code(name: &str, any: bool) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words = words.map(|word| {
        let is_fault = ["Error", "Exception", "Warning"].iter().any(|end| word.ends_with(end));
        is_fault || CODE.iter().any(|code| code.eq_ignore_ascii_case(word))
    });
    if any { words.any(|is_code| is_code) } else { words.all(|is_code| is_code) }
}

/// Whether most of the lines around a name look like code, though its own may not.
fn is_among_code(text: &str, finding: &Finding) -> bool {
    let mut from = text.floor_char_boundary(finding.start.saturating_sub(AROUND));
    let mut to = text.floor_char_boundary(finding.end.saturating_add(AROUND));
    // What is in another block, or in none, says nothing.
    let head = text.get(from..finding.start).unwrap_or_default();
    from = head.rfind(FENCE).map_or(from, |at| from.saturating_add(at));
    let tail = text.get(finding.end..to).unwrap_or_default();
    to = tail.find(FENCE).map_or(to, |at| finding.end.saturating_add(at));
    let around = text.get(from..to).unwrap_or_default();
    let (mut lines, mut code) = (0_usize, 0_usize);
    // The first and the last may be cut.
    let mut rest = around.split('\n').skip(usize::from(from > 0)).peekable();
    while let Some(line) = rest.next() {
        let is_cut = rest.peek().is_none() && to < text.len();
        if line.trim().is_empty() || is_cut {
            continue;
        }
        lines = lines.saturating_add(1);
        let is_indented = line.starts_with("    ") || line.starts_with('\t');
        let ends = line.trim_end().ends_with([':', '{', '}', ';', ')']);
        let is_comment = ["#", "//", "--"].iter().any(|mark| line.trim_start().starts_with(mark));
        let looks = is_code(line) || (is_indented && (ends || is_comment)) || line.ends_with('{');
        code = code.saturating_add(usize::from(looks));
    }
    lines >= FEWEST_LINES && code.saturating_mul(3) >= lines
}

/// Whether lists hold a name: the first and the last word of a person of two words or more, every
/// word of a place. Nothing lists organisations.
fn is_listed(name: &str, kind: FindingKind, lists: &Lists) -> bool {
    let words: Vec<u8> = name
        .split_whitespace()
        .map(|word| lists.flags(hash(word.trim_matches(|c: char| !c.is_alphanumeric()))))
        .collect();
    let is_name = |flags: &u8, list: u8| flags & list != 0 && flags & COMMON == 0;
    match kind {
        FindingKind::Person => {
            (2..=WORDS_MAX).contains(&words.len())
                && words.first().is_some_and(|flags| is_name(flags, GIVEN))
                && words.last().is_some_and(|flags| is_name(flags, FAMILY | GIVEN))
        }
        FindingKind::Location => {
            !words.is_empty() && words.iter().all(|flags| is_name(flags, PLACE | COUNTRY))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
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
        retain(&text, &lists(), false, &mut findings);
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
            retain(text, &lists, false, &mut findings);
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
        assert!(retain("so\n```\nlet", &lists(), false, &mut Vec::new()));
        assert!(!retain("it be\n```\nso", &lists(), true, &mut Vec::new()));
    }
}
