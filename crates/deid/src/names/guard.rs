//! Which names are believed, depending on where they stand.
//!
//! The tagger was trained on prose. In code, data and logs nearly every capital is part of an
//! identifier, and a name replaced there breaks what was written. So names in such lines are
//! believed only when lists know them, and nowhere may a name look like an identifier.

mod evidence;
mod lines;
mod words;

use super::lists::{COMMON, COUNTRY, FAMILY, GIVEN, Lists, PLACE, hash};
use super::title;
use crate::{Finding, FindingKind};
pub(super) use evidence::is_legal_form;
use evidence::{Around, is_prose, suffices};
pub(super) use lines::Lines;
use lines::{Class, Place, is_command, is_dense, place_behind};
use words::{CODE, HEADERS, LABELS, MONTHS, OFFICES, PARTICLES, PRODUCTS, TERMS};

/// How far around a name its line is looked at, in bytes.
const REACH: usize = 160;
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
    lines: &Lines,
    lists: &Lists,
    mut is_fenced: bool,
    findings: &mut Vec<Finding>,
) -> bool {
    let mut fences = memchr::memmem::find_iter(text.as_bytes(), FENCE).peekable();
    findings.retain(|finding| {
        while fences.next_if(|fence| *fence < finding.start).is_some() {
            is_fenced = !is_fenced;
        }
        is_believed(text, lines, lists, is_fenced, finding)
    });
    is_fenced ^ (fences.count() % 2 == 1)
}

fn is_believed(
    text: &str,
    lines: &Lines,
    lists: &Lists,
    is_fenced: bool,
    finding: &Finding,
) -> bool {
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
    if (is_person && (is_number || is_office(name))) || is_of_code(name, is_person) {
        return false;
    }
    let line = line_around(text, finding);
    if is_spelt_otherwise(line, name, finding, lists) {
        return false;
    }
    is_believed_in_code(text, lines, lists, is_fenced, finding).unwrap_or(true)
}

/// The same where the text is code or data; `None` elsewhere.
fn is_believed_in_code(
    text: &str,
    lines: &Lines,
    lists: &Lists,
    is_fenced: bool,
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
    let around = Around { name, head, tail };
    let is_program = is_fenced || lines.are_code(finding.start);
    let is_data = class == Class::Data && !is_program;
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
    is_small
        || (is_plain && (finding.score < SURE_OF_A_WORD || words == 1 && is_term(name)))
        || is_shouted(line, name, finding.kind, lists.flags(hash(name)) & listed != 0)
        || is_ticket(name)
}

/// The longest such word, in letters. Some write towns so, and few towns are as short.
const SHOUTED_MAX: usize = 6;

/// Whether one word stands in capitals among others that do not, and no list holds it: `IDLE`.
fn is_shouted(line: &str, name: &str, kind: FindingKind, is_listed: bool) -> bool {
    kind != FindingKind::Organisation
        && !is_listed
        && name.chars().all(char::is_uppercase)
        && (3..=SHOUTED_MAX).contains(&name.chars().count())
        && line.chars().any(char::is_lowercase)
}

/// Whether a name is the number of a ticket, such as `ABC-123`. Postcodes have fewer letters.
fn is_ticket(name: &str) -> bool {
    name.split_once('-').is_some_and(|(project, number)| {
        project.len() > 2
            && project.bytes().all(|byte| byte.is_ascii_uppercase())
            && (1..=5).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
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

/// Whether a name holds a letter before what may be a comment.
fn has_letters(name: &str) -> bool {
    name.split('#').next().is_some_and(|part| part.contains(char::is_alphabetic))
}

/// Whether a name is the label of a number, or the name of a header before its colon.
fn is_label(name: &str, after: &str) -> bool {
    let is = |list: &[&str]| list.iter().any(|label| label.eq_ignore_ascii_case(name));
    is(LABELS) || name.starts_with("X-") || (after.starts_with(':') && is(HEADERS))
}

/// Whether a value is a word of programs or of computing.
pub(super) fn is_of_computing(value: &str) -> bool {
    is_term(value) || is_of_code(value, false) || is_camel(value)
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
        && words.all(|word| {
            is_term(word)
                || lists.flags(hash(word)) & COMMON != 0
                || PRODUCTS.iter().any(|product| product.eq_ignore_ascii_case(word))
        })
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
        retain(&text, &Lines::of(&text), &lists(), false, &mut findings);
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
            retain(text, &Lines::of(text), &lists, false, &mut findings);
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
        assert!(retain("so\n```\nlet", &Lines::default(), &lists(), false, &mut Vec::new()));
        assert!(!retain("it be\n```\nso", &Lines::default(), &lists(), true, &mut Vec::new()));
    }
}
