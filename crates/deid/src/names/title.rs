//! Titles of persons: which announce names, which belong to them, and which stay.

use crate::{Finding, FindingKind};
use Form::{Capital, Pointed, Short, Small};
use Role::{Degree, GivenName, Opens, Plain};
use Use::{Before, Stays, Sure, UnlessWord};

/// What a title says of the word behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// It is a name.
    Sure,
    /// It is a name, unless it is a word of the language.
    UnlessWord,
    /// Nothing: the title belongs to a name that was found. `Father` and `Don` are words, and
    /// `Justice` is an authority.
    Before,
    /// Nothing. Within a name that was found it is no part that tells who it is.
    Stays,
}

/// How a title is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// With a capital.
    Capital,
    /// With a capital, and in running text in small letters.
    Small,
    /// With a capital, and with a point behind it in any case.
    Short,
    /// With a point alone: without one it is something else.
    Pointed,
}

/// What else a title is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Plain,
    /// It begins a name wherever it stands: in German and Dutch words that are none stand before.
    Opens,
    /// It may follow a title.
    Degree,
    /// With a capital it may be a given name.
    GivenName,
}

struct Title {
    /// In small letters, without a point.
    word: &'static str,
    says: Use,
    form: Form,
    role: Role,
}

const fn title(word: &'static str, says: Use, form: Form, role: Role) -> Title {
    Title { word, says, form, role }
}

/// Common forms of address in English, French, German, Spanish, Italian, Dutch and Portuguese, and
/// what else stands before or behind names: what RFC 6350, section 6.2.2, calls honorific prefixes
/// and suffixes, without listing them. Sorted.
const TITLES: &[Title] = &[
    title("capt", Stays, Capital, Plain),
    title("captain", Stays, Capital, Plain),
    title("col", Stays, Capital, Plain),
    title("dame", Before, Capital, Plain),
    title("dhr", Sure, Pointed, Plain),
    title("docteur", UnlessWord, Capital, Plain),
    title("doctor", Stays, Capital, Plain),
    title("doktor", UnlessWord, Capital, Degree),
    title("dom", Before, Small, GivenName),
    title("don", Before, Small, GivenName),
    title("dona", Before, Small, GivenName),
    title("dott", Sure, Short, Plain),
    title("dottor", Sure, Small, Plain),
    title("dottoressa", Sure, Small, Plain),
    title("doutor", Sure, Small, Plain),
    title("doutora", Sure, Small, Plain),
    title("doña", Sure, Small, Plain),
    title("dr", Sure, Short, Degree),
    title("dra", Sure, Pointed, Plain),
    title("esq", Stays, Capital, Plain),
    title("father", Before, Capital, Plain),
    title("frau", Sure, Capital, Opens),
    title("fru", Stays, Capital, Plain),
    title("fräulein", Sure, Capital, Opens),
    title("gen", Stays, Capital, Plain),
    title("herr", Sure, Capital, Opens),
    title("herrn", Sure, Capital, Opens),
    title("hon", Stays, Capital, Plain),
    title("ii", Stays, Capital, Plain),
    title("iii", Stays, Capital, Plain),
    title("ing", Before, Capital, Degree),
    title("iv", Stays, Capital, Plain),
    title("jr", Stays, Capital, Plain),
    title("judge", UnlessWord, Capital, Plain),
    title("justice", Before, Capital, Plain),
    title("lady", Before, Capital, Plain),
    title("lord", Before, Capital, Plain),
    title("lt", Stays, Capital, Plain),
    title("madame", Sure, Small, Plain),
    title("maj", Stays, Capital, Plain),
    title("major", Stays, Capital, Plain),
    title("maître", Sure, Small, Plain),
    title("md", Stays, Capital, Plain),
    title("meneer", Sure, Small, Opens),
    title("messrs", Stays, Capital, Plain),
    title("mevr", Sure, Pointed, Plain),
    title("mevrouw", Sure, Small, Opens),
    title("miss", UnlessWord, Capital, Plain),
    title("mister", Stays, Capital, Plain),
    title("mlle", Sure, Short, Plain),
    title("mme", Sure, Short, Plain),
    title("monsieur", Sure, Small, Plain),
    title("mr", Sure, Short, Plain),
    title("mrs", Sure, Short, Plain),
    title("ms", Sure, Short, Plain),
    title("mw", Sure, Pointed, Plain),
    title("mx", Sure, Capital, Plain),
    title("phd", Stays, Capital, Plain),
    title("president", Stays, Capital, Plain),
    title("prof", Sure, Short, Degree),
    title("professor", UnlessWord, Capital, Degree),
    title("rev", Before, Capital, Plain),
    title("reverend", Before, Capital, Plain),
    title("sen", Stays, Capital, Plain),
    title("senhor", Sure, Small, Plain),
    title("senhora", Sure, Small, Plain),
    title("sergeant", Stays, Capital, Plain),
    title("señor", Sure, Small, Plain),
    title("señora", Sure, Small, Plain),
    title("señorita", Sure, Small, Plain),
    title("sgt", Stays, Capital, Plain),
    title("sig", Sure, Pointed, Plain),
    title("signor", Sure, Small, Plain),
    title("signora", Sure, Small, Plain),
    title("signorina", Sure, Small, Plain),
    title("sir", UnlessWord, Capital, Plain),
    title("sister", Before, Capital, Plain),
    title("sr", UnlessWord, Short, Plain),
    title("sra", UnlessWord, Short, Plain),
    title("srta", UnlessWord, Short, Plain),
];
/// No title has more bytes.
pub(super) const LENGTH_MAX: usize = 10;

/// The title that `word` is, whatever its case.
fn title_of(word: &str) -> Option<&'static Title> {
    if word.len() > LENGTH_MAX {
        return None;
    }
    let small = word.to_lowercase();
    let place = TITLES.binary_search_by(|title| title.word.cmp(&small)).ok()?;
    TITLES.get(place)
}

/// The title that `word` is, if it is written as titles before names are.
fn title_before_name(word: &str, has_point: bool) -> Option<&'static Title> {
    let title = title_of(word)?;
    let is_small = word.starts_with(char::is_lowercase);
    let is_cased = !word.chars().skip(1).any(char::is_uppercase);
    let is_written = match title.form {
        Capital => is_cased && !is_small,
        Small => is_cased,
        Short => has_point || (is_cased && !is_small),
        Pointed => has_point,
    };
    (is_written && title.says != Stays).then_some(title)
}

/// Whether `word`, which stands behind `before`, is a title behind which a name stands: certainly,
/// or unless the word that follows is one of the language. `has_point` tells what follows it.
pub(super) fn announces(before: &str, word: &str, has_point: bool) -> Option<bool> {
    match word {
        "heer" | "Heer" => return before.eq_ignore_ascii_case("de").then_some(true),
        "M" => return has_point.then_some(false),
        _ => {}
    }
    match title_before_name(word, has_point)?.says {
        Sure => Some(true),
        UnlessWord => Some(false),
        Before | Stays => None,
    }
}

/// Whether a word is a title that begins a name wherever it stands.
pub(super) fn opens(word: &str) -> bool {
    title_before_name(word, false).is_some_and(|title| title.role == Opens)
}

/// Whether a word is a title that may follow another: `Frau Dr. …`.
pub(super) fn is_degree(word: &str) -> bool {
    let bare = word.trim_end_matches('.');
    title_before_name(bare, bare.len() < word.len()).is_some_and(|title| title.role == Degree)
}

/// Whether a word within a name stays when the name is replaced. `small` is the word in small
/// letters, `is_small` whether it was written so.
pub(crate) fn stays(small: &str, is_small: bool) -> bool {
    title_of(small).is_some_and(|title| title.role != GivenName || is_small)
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

/// Drops persons that are titles and nothing else.
pub(super) fn drop_alone(text: &str, findings: &mut Vec<Finding>) {
    findings.retain(|finding| {
        let name = text.get(finding.start..finding.end).unwrap_or_default();
        finding.kind != FindingKind::Person || !is_title(name)
    });
}

fn is_title(text: &str) -> bool {
    before(text).is_some_and(|start| start == 0) || title_before_name(text, false).is_some()
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
    title_before_name(word, has_point).map(|_| start)
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
    fn a_title_alone_is_no_person() {
        let (text, kind) = ("Mr F. Brack, Frau", FindingKind::Person);
        let of = |name: &str| {
            let start = text.find(name).unwrap();
            let (end, rule) = (start + name.len(), "name-tagger".into());
            Finding { start, end, kind, score: 0.9, why: Why::Model, rule }
        };
        let mut findings = vec![of("Mr"), of("F. Brack"), of("Frau")];
        drop_alone(text, &mut findings);
        assert_eq!(findings, [of("F. Brack")]);
    }

    #[test]
    fn titles_are_sorted_and_in_small_letters() {
        assert!(TITLES.is_sorted_by(|one, two| one.word < two.word));
        for title in TITLES {
            assert!(title.word.len() <= LENGTH_MAX, "{}", title.word);
            assert_eq!(title.word.to_lowercase(), title.word);
        }
    }

    #[test]
    fn a_title_means_the_same_everywhere() {
        for word in ["Herrn", "mevrouw", "Senhora", "senhora", "signorina", "Maître", "doña"] {
            assert_eq!(announces("", word, false), Some(true), "{word}");
            assert_eq!(before(&format!("so {word} ")), Some(3), "{word}");
            assert!(stays(&word.to_lowercase(), false), "{word}");
        }
        for word in ["dhr", "mevr", "mw", "dott", "sig"] {
            assert_eq!(announces("", word, true), Some(true), "{word}");
            assert_eq!(announces("", word, false), None, "{word}");
            assert!(stays(word, true), "{word}");
        }
        assert!(opens("Mevrouw") && opens("herrn") == opens("mr") && is_degree("Prof."));
        assert!(
            stays("don", true) && !stays("don", false) && announces("", "Don", false).is_none()
        );
        assert!(stays("jr", false) && before("so Jr ").is_none());
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
