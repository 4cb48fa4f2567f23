//! Names that what stands before them announces: titles, keys, headers of mail, introductions.

mod introduction;
mod keys;
mod mail;

use super::guard::Lines;
use super::lists::{COMMON, FAMILY, GIVEN, Lists, hash};
use super::title;
use super::tokens::{Shape, Token};
use crate::{Finding, FindingKind, Why};

pub(super) use keys::is_announcing;

const RULE: &str = "announced-name";
const SCORE: f32 = 0.8;
/// The most words and points of a name behind a title.
const WORDS_MAX: usize = 8;
/// Small words within a name behind a title.
const SMALL: &[&str] =
    &["van", "von", "de", "der", "den", "del", "di", "da", "dos", "du", "la", "le", "ten", "ter"];

/// Adds what is announced. What stands within a value that a key announces is part of it.
pub(super) fn add(
    text: &str,
    tokens: &[Token],
    lines: &Lines,
    lists: &Lists,
    findings: &mut Vec<Finding>,
) {
    let values = keys::values(text, lines, lists, findings);
    replace(findings, values);
    let introduced = introduction::introduced(text, tokens, lines, lists);
    let whole = without_parts(introduced, findings);
    replace(findings, whole);
    let mut more = titled(text, tokens, lines, lists, findings);
    if !more.is_empty() {
        let mut ahead = more.iter().peekable();
        findings.retain_mut(|finding| {
            while ahead.next_if(|person| person.end <= finding.start).is_some() {}
            // Of an organisation that begins with the person, the rest stays.
            if let Some(person) = ahead.peek().filter(|person| person.start < finding.end) {
                finding.start = finding.start.max(person.end);
            }
            finding.start < finding.end
        });
        findings.append(&mut more);
        findings.sort_by_key(|finding| finding.start);
    }
}

/// Adds findings in the place of what stands there. Both are in order.
pub(super) fn replace(findings: &mut Vec<Finding>, mut more: Vec<Finding>) {
    if more.is_empty() {
        return;
    }
    let mut ahead = more.iter().peekable();
    findings.retain(|finding| {
        while ahead.next_if(|value| value.end <= finding.start).is_some() {}
        ahead.peek().is_none_or(|value| value.start >= finding.end)
    });
    findings.append(&mut more);
    findings.sort_by_key(|finding| finding.start);
}

/// Without those of which findings hold more than they do.
fn without_parts(mut more: Vec<Finding>, findings: &[Finding]) -> Vec<Finding> {
    let mut ahead = findings.iter().peekable();
    more.retain(|one| {
        while ahead.next_if(|finding| finding.end <= one.start).is_some() {}
        let mut inside = ahead.clone().take_while(|finding| finding.start < one.end);
        inside.all(|finding| one.start <= finding.start && finding.end <= one.end)
            && ahead.peek().is_none_or(|same| (same.start, same.end) != (one.start, one.end))
    });
    more
}

fn announced(start: usize, end: usize, kind: FindingKind) -> Finding {
    Finding { start, end, kind, score: SCORE, why: Why::Rule, rule: RULE.into() }
}

/// The words in capitals behind titles that no finding covers, but for organisations.
fn titled(
    text: &str,
    tokens: &[Token],
    lines: &Lines,
    lists: &Lists,
    findings: &[Finding],
) -> Vec<Finding> {
    let mut more = Vec::new();
    let mut ahead = findings.iter().peekable();
    let word = |at: usize| word_at(text, tokens, at);
    for (at, token) in tokens.iter().enumerate() {
        if token.end.saturating_sub(token.start) > title::LENGTH_MAX {
            continue;
        }
        let has_point = word(at.saturating_add(1)) == ".";
        let mut next = at.saturating_add(if has_point { 2 } else { 1 });
        if has_point && word(next) == "ra" {
            next = next.saturating_add(1);
        }
        let Some((start, end)) = name_at(text, tokens, lists, next) else { continue };
        let before = at.checked_sub(1).map(word).unwrap_or_default();
        let Some(is_sure) = title::announces(before, word(at), has_point) else { continue };
        let is_word = is_word(lists, word(next));
        while ahead.next_if(|finding| finding.end <= token.start).is_some() {}
        // Brands are called `Dr`, but nothing is called `Mr` and `Herr`.
        let may_be_firm = !is_sure || title::is_degree(word(at));
        let is_covered = ahead.peek().is_some_and(|finding| {
            let is_firm = finding.kind == FindingKind::Organisation;
            finding.start < end && (may_be_firm || !is_firm || finding.start < token.start)
        });
        if !is_covered && (is_sure || !is_word) && !lines.are_code(start) {
            more.push(announced(start, end, FindingKind::Person));
        }
    }
    more
}

fn word_at<'t>(text: &'t str, tokens: &[Token], at: usize) -> &'t str {
    tokens.get(at).and_then(|token| text.get(token.start..token.end)).unwrap_or_default()
}

/// Whether a word is one of the language and no name.
fn is_word(lists: &Lists, word: &str) -> bool {
    let flags = lists.flags(hash(word));
    flags & COMMON != 0 && flags & (GIVEN | FAMILY) == 0
}

/// The name from the token `at` on, in one line: initials, and a word in capitals with the small
/// words before it, unless it begins a sentence behind them.
fn name_at(text: &str, tokens: &[Token], lists: &Lists, at: usize) -> Option<(usize, usize)> {
    let first = tokens.get(at)?;
    let is_name = |token: &Token| matches!(token.shape, Shape::Capital | Shape::Mixed);
    let before = text.get(..first.start)?;
    let word = text.get(first.start..first.end)?;
    let is_first = is_name(first) || first.shape == Shape::Initial || SMALL.contains(&word);
    if !is_first || !before.ends_with([' ', '.', '\u{a0}']) || title::is_office(word) {
        return None;
    }
    let mut end = None;
    // One name: in German the noun that follows it has a capital too.
    for token in tokens.iter().skip(at).take(WORDS_MAX) {
        let word = text.get(token.start..token.end)?;
        // Another person, or the speaker, begins the next sentence.
        let is_next = end.is_some() && (word == "I" || title::announces("", word, true).is_some());
        if is_next {
            break;
        }
        if is_name(token) {
            return end.filter(|_| is_word(lists, word)).or(Some((first.start, token.end)));
        }
        match token.shape {
            Shape::Initial => end = Some((first.start, token.end)),
            Shape::Mark if matches!(word, "." | "-") && end.is_some() => {}
            _ if SMALL.contains(&word) => {}
            _ => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::super::tokens::cut;
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut lists = Lists::of(vec![0; 64]);
        lists.add(hash("engineer"), COMMON);
        lists.add(hash("hannah"), GIVEN);
        let mut findings = Vec::new();
        add(text, &cut(text), &Lines::of(text, false), &lists, &mut findings);
        findings.iter().map(|one| text.get(one.start..one.end).unwrap().to_owned()).collect()
    }

    #[test]
    fn names_behind_titles() {
        for (text, name) in [
            ("I saw Mrs Zarquon there.", "Zarquon"),
            ("by Mrs Z. Engineer work", "Z"),
            ("Mr Z. I told", "Z"),
            ("by Mr Z.B. de Zarquon, a", "Z.B. de Zarquon"),
            ("by Mr Z.-B. Zarquon, a", "Z.-B. Zarquon"),
            ("of Mrs Z., that", "Z"),
            ("Bitte rufen Sie Herrn Zarquon an.", "Zarquon"),
            ("la Sig.ra Zarquon e la", "Zarquon"),
            ("de heer van der Zarquon komt", "van der Zarquon"),
            ("met dhr. Zarquon en", "Zarquon"),
            ("avec M. Zarquon et", "Zarquon"),
            ("a señora Zarquon y", "Zarquon"),
        ] {
            assert_eq!(found(text), [name], "{text}");
        }
        for text in ["Sr Engineer wanted", "Mr President, no", "Dear Sir, Zarquon", "een heer Zo"] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn who_has_a_title_is_no_organisation() {
        let text = "by Mr Z. Zarquon, Ministry of Vex, and Dr Blee Ltd";
        let of = |name: &str| {
            let start = text.find(name).unwrap();
            announced(start, start + name.len(), FindingKind::Organisation)
        };
        let mut findings = vec![of("Z. Zarquon, Ministry of Vex"), of("Blee Ltd")];
        let lists = Lists::of(vec![0; 64]);
        add(text, &cut(text), &Lines::of(text, false), &lists, &mut findings);
        let names: Vec<(FindingKind, &str)> =
            findings.iter().map(|one| (one.kind, text.get(one.start..one.end).unwrap())).collect();
        let (person, firm) = (FindingKind::Person, FindingKind::Organisation);
        let expected = [(person, "Z. Zarquon"), (firm, ", Ministry of Vex"), (firm, "Blee Ltd")];
        assert_eq!(names, expected);
    }

    #[test]
    fn values_of_keys() {
        for (text, value) in [
            (r#"{"first_name": "zarquon"}"#, "zarquon"),
            (r#"{\"lastName\":\"Zarquon\"}"#, "Zarquon"),
            ("user(surname='Zarquon')", "Zarquon"),
            ("Nachname: Zarquon", "Zarquon"),
            ("Prénom : Zarquon-Blee\n", "Zarquon-Blee"),
            ("Full Name: Zarquon van Blee\nAge", "Zarquon van Blee"),
            (r#""author": "Hannah Zarquon","#, "Hannah Zarquon"),
            ("From: Zarquon Blee <z@b.io>", "Zarquon Blee"),
            ("From: \"Zarquon, Blee\" <z@b.io>", "Zarquon, Blee"),
            ("Cc: Zarquon, Hannah;", "Zarquon, Hannah"),
            (r#""street": "9 Zarquon Rd","#, "9 Zarquon Rd"),
            (r#""zip":"75001""#, "75001"),
            ("<city>Zarquon</city>", "Zarquon"),
            ("?first_name=Zarquon&x=1", "Zarquon"),
        ] {
            assert_eq!(found(text), [value], "{text}");
        }
    }

    #[test]
    fn keys_without_values_that_are_names() {
        for text in [
            "first_name: str,",
            "lastName: String;",
            r#""first_name": "Vorname""#,
            "surname = get_surname(x)",
            r#""name": "Phase Transitions""#,
            r#""author": "platform-team""#,
            "address: 0x7fff",
            "From: noreply@b.io",
            "city: null",
            "to: 5",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
