//! Titles before the names of persons.

use crate::{Finding, FindingKind};

/// Common forms of address in English, French, German, Spanish, Italian, Dutch and Portuguese: what
/// RFC 6350, section 6.2.2, calls honorific prefixes, without listing them. Each may end with a
/// point.
const TITLES: [&str; 50] = [
    "Mr",
    "Mrs",
    "Ms",
    "Miss",
    "Mx",
    "Dr",
    "Prof",
    "Professor",
    "Sir",
    "Dame",
    "Lord",
    "Lady",
    "Rev",
    "Reverend",
    "Father",
    "Sister",
    "Judge",
    "Justice",
    "Monsieur",
    "Madame",
    "Mme",
    "Mlle",
    "Herr",
    "Frau",
    "Señor",
    "Señora",
    "Sr",
    "Sra",
    "Don",
    "Doña",
    "Maître",
    "Herrn",
    "Signor",
    "Signora",
    "Signorina",
    "Dott",
    "Dottor",
    "Señorita",
    "señor",
    "señora",
    "Dom",
    "Dona",
    "Senhor",
    "Senhora",
    "senhor",
    "senhora",
    "mevrouw",
    "Mevrouw",
    "meneer",
    "Meneer",
];

/// Titles that are known by their point, also in small letters.
const SHORT: [&str; 12] =
    ["Mr", "Mrs", "Ms", "Dr", "Prof", "Dhr", "Mevr", "Mw", "Sig", "Dra", "Dott", "Mme"];
/// No title has more letters.
pub(super) const LENGTH_MAX: usize = 10;

/// Whether `word`, which stands behind `before`, is a title behind which a name stands: certainly,
/// or unless the word that follows is one of the language. `has_point` tells what follows it.
/// `Father` and `Don`, which are words, and `Justice`, which is an authority, announce nothing.
pub(super) fn announces(before: &str, word: &str, has_point: bool) -> Option<bool> {
    match word {
        "Mr" | "Mrs" | "Ms" | "Mx" | "Dr" | "Prof" | "Monsieur" | "Madame" | "Mme" | "Mlle"
        | "Maître" | "Herr" | "Herrn" | "Frau" | "Señor" | "Señora" | "Señorita" | "señor"
        | "señora" | "Doña" | "Signor" | "Signora" | "Signorina" | "Dottor" | "Senhor"
        | "Senhora" | "senhor" | "senhora" | "mevrouw" | "Mevrouw" | "meneer" | "Meneer" => {
            Some(true)
        }
        "heer" | "Heer" => before.eq_ignore_ascii_case("de").then_some(true),
        "Miss" | "Sir" | "Judge" | "Professor" | "Sr" | "Sra" => Some(false),
        "M" => has_point.then_some(false),
        _ => (has_point && SHORT.iter().any(|title| title.eq_ignore_ascii_case(word)))
            .then_some(true),
    }
}

/// Whether a word behind a title is an office, as in `Mr President`.
pub(super) fn is_office(word: &str) -> bool {
    ["President", "Speaker", "Chairman", "Chair", "Justice", "Doktor", "Professor", "Or", "And"]
        .contains(&word)
}

/// Widens each person to the titles before the name, such as `Mr` or `Prof. Dr.`
pub(super) fn add(text: &str, findings: &mut [Finding]) {
    let mut last = 0;
    for finding in findings {
        if finding.kind == FindingKind::Person {
            while let Some(start) = before(text.get(last..finding.start).unwrap_or_default()) {
                finding.start = last.saturating_add(start);
            }
        }
        last = finding.end;
    }
}

/// Whether a text is a title and nothing else.
pub(super) fn is_title(text: &str) -> bool {
    before(text).is_some_and(|start| start == 0) || TITLES.contains(&text)
}

/// Where the title at the end of a text begins.
pub(super) fn before(text: &str) -> Option<usize> {
    let bare = text.trim_end_matches([' ', '\u{a0}']);
    if bare.len() == text.len() && !bare.ends_with('.') {
        return None;
    }
    let has_point = bare.ends_with('.');
    let bare = bare.strip_suffix('.').unwrap_or(bare);
    // No title has more than ten characters.
    let word = bare.char_indices().rev().take(11).take_while(|(_, c)| c.is_alphabetic()).last();
    let (start, _) = word?;
    let word = bare.get(start..)?;
    let is_short = has_point && SHORT.iter().any(|title| title.eq_ignore_ascii_case(word));
    (is_short || TITLES.contains(&word)).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Why;

    fn widened(text: &str, name: &str) -> String {
        let start = text.find(name).unwrap();
        let (end, kind) = (start.saturating_add(name.len()), FindingKind::Person);
        let finding =
            Finding { start, end, kind, score: 0.9, why: Why::Model, rule: "name-tagger".into() };
        let mut findings = [finding];
        add(text, &mut findings);
        text.get(findings[0].start..findings[0].end).unwrap().to_owned()
    }

    #[test]
    fn titles_belong_to_the_name() {
        assert_eq!(widened("met Mr Brack here", "Brack"), "Mr Brack");
        assert_eq!(widened("Prof. Dr. Brack", "Brack"), "Prof. Dr. Brack");
        assert_eq!(widened("Mrs.Brack", "Brack"), "Mrs.Brack");
        assert_eq!(widened("hi dr. brack, you", "brack"), "dr. brack");
    }

    #[test]
    fn other_words_do_not() {
        for text in
            ["DrBrack", "Mister Brack", "Mr, Brack", "a miss Brack", "a dr Brack", "XMr Brack"]
        {
            assert_eq!(widened(text, "Brack"), "Brack", "{text}");
        }
    }
}
