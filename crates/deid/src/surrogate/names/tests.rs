//! What names become.

use super::*;
use crate::FindingKind;
use crate::surrogate::of;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn scope() -> Scope {
    Scope::new([4; 32])
}

/// Checks that each word of `drawn` is as `expected` says: `Aa`, `A` and `a` a new word written in
/// that way, `#` the same row of digits and letters with other ones, anything else itself.
fn check(original: &str, drawn: &str, expected: &str) {
    let pieces = |text| cut(text).len();
    assert_eq!(pieces(drawn), pieces(original), "{original} became {drawn}");
    let (originals, drawns) = (cut(original), cut(drawn));
    let words = expected.split([' ', ',', '.', '\'', '-', '&']).filter(|word| !word.is_empty());
    let both = texts(&originals).zip(texts(&drawns));
    assert_eq!(texts(&drawns).count(), words.clone().count(), "{original} became {drawn}");
    for ((was, is), expected) in both.zip(words) {
        let shape = |text: &str| -> Vec<_> {
            text.chars().map(|c| (c.is_ascii_digit(), c.is_uppercase())).collect()
        };
        let fits = match expected {
            "Aa" => is.case() == Case::Capital && is.text.len() > 1 && is.text != was.text,
            "A" => is.text.chars().all(char::is_uppercase) && is.text != was.text,
            "a" => is.case() == Case::Small && is.text != was.text,
            "#" => shape(&is.text) == shape(&was.text) && is.text != was.text,
            exact => is.text == exact,
        };
        assert!(fits, "{} of {original} became {} of {drawn}", was.text, is.text);
    }
    let between = |pieces: &[Piece<'_>]| -> Vec<String> {
        let between = pieces.iter().filter_map(|piece| match piece {
            Piece::Between(between) => Some((*between).to_owned()),
            Piece::Word(_) => None,
        });
        between.collect()
    };
    assert_eq!(between(&originals), between(&drawns));
}

#[test]
fn titles_stay_in_every_language() {
    let mut scope = scope();
    for (name, expected) in [
        ("senhora Zarquon", "senhora Aa"),
        ("Herrn Zarquon", "Herrn Aa"),
        ("Maître Zarquon", "Maître Aa"),
        ("signorina Zarquon", "signorina Aa"),
        ("mevr. de Zarquon", "mevr de Aa"),
        ("don Zarquon", "don Aa"),
        // With a capital it may be a given name.
        ("Don Zarquon", "Aa Aa"),
    ] {
        check(name, &of(FindingKind::Person, name, &mut scope), expected);
    }
}

#[test]
fn the_parts_of_a_person_fit_the_whole() {
    let mut scope = scope();
    let whole = of(FindingKind::Person, "Anna Berg", &mut scope);
    let (first, last) = whole.split_once(' ').unwrap();
    assert!(invented::GIVEN.contains(&first.to_lowercase().as_str()), "{whole}");
    assert!(invented::FAMILY.contains(&last.to_lowercase().as_str()), "{whole}");
    assert_eq!(of(FindingKind::Person, "Anna", &mut scope), first);
    assert_eq!(of(FindingKind::Person, "BERG", &mut scope), last.to_uppercase());
    assert_eq!(of(FindingKind::Person, "anna berg", &mut scope), whole.to_lowercase());
    assert_eq!(
        of(FindingKind::Person, "Dr. A. Berg-Anna", &mut scope).rsplit('-').next(),
        Some(first)
    );
    assert_eq!(of(FindingKind::Person, r"Jos\u00e9", &mut scope), {
        of(FindingKind::Person, "José", &mut scope)
    });
}

#[test]
fn names_keep_their_form() {
    let mut scope = scope();
    for (kind, original, expected) in [
        (FindingKind::Person, "Prof. Anna M. van der Berg", "Prof. Aa A. van der Aa"),
        (FindingKind::Person, "ANNA O'NEIL, Jr.", "A O'A, Jr."),
        (FindingKind::Person, "anna berg's", "a a's"),
        (FindingKind::Person, r"Anna\nBerg", "Aa Aa"),
        (FindingKind::Person, "李伟", "Aa"),
        (FindingKind::Location, "12b Elm Street, Springfield, VT 05401", "# Aa Street, Aa, A #"),
        (FindingKind::Location, "Berkastraße 7, 10969 Berka", "Aa #, # Aa"),
        (FindingKind::Location, "4 rue des Lilas", "# rue des Aa"),
        (FindingKind::Location, "LONDON SW1A 1AA", "A # #"),
        (FindingKind::Location, "12 ELM ST", "# A ST"),
        (FindingKind::Location, "P.O. Box 12", "P.O. Box #"),
        (FindingKind::Organisation, "Bank of Springfield Inc.", "Bank of Aa Inc."),
        (FindingKind::Organisation, "Grün & Blau GmbH", "Aa & Aa GmbH"),
        (FindingKind::Organisation, "BBC 4", "A #"),
        (FindingKind::Organisation, "springfield.com", "a.a"),
    ] {
        check(original, &of(kind, original, &mut scope), expected);
    }
    assert_eq!(of(FindingKind::Organisation, "BBC", &mut scope).len(), 3);
    assert!(of(FindingKind::Location, "Lindenstraße", &mut scope).ends_with("straße"));
    let state = of(FindingKind::Location, "VT", &mut scope).to_lowercase();
    assert!(invented::STATES.contains(&state.as_str()) && state != "vt");
}

#[test]
fn ordinals_stay_ordinals() {
    let mut scope = scope();
    for number in 1..300 {
        let drawn = of(FindingKind::Location, &format!("{number}th Avenue"), &mut scope);
        let (number, street) = drawn.split_at(drawn.find(char::is_alphabetic).unwrap());
        let end = match number.as_bytes() {
            [.., b'1', _] => "th",
            [.., b'1'] => "st",
            [.., b'2'] => "nd",
            [.., b'3'] => "rd",
            _ => "th",
        };
        assert_eq!(street, format!("{end} Avenue"), "{drawn}");
    }
}

#[test]
fn no_name_is_in_its_surrogate() {
    for key in 0..200 {
        for name in ["rob", "bob", "alexandra"] {
            let drawn = of(FindingKind::Person, name, &mut Scope::new([key; 32]));
            assert!(!drawn.contains(name) && !name.contains(&drawn), "{drawn}");
        }
    }
}

#[test]
fn what_would_stay_as_a_whole_is_replaced_as_a_whole() {
    let mut scope = scope();
    for (kind, original) in [
        (FindingKind::Person, "Dr"),
        (FindingKind::Person, "s"),
        (FindingKind::Location, "Park Avenue"),
        (FindingKind::Organisation, "National Museum of Technology"),
    ] {
        let drawn = of(kind, original, &mut scope);
        for word in original.split(' ') {
            assert!(!drawn.contains(word) || word == "s", "{original} became {drawn}");
        }
    }
}

#[test]
fn different_names_never_share_one() {
    let mut scope = scope();
    let mut seen = BTreeSet::new();
    for number in 0..2_000_u32 {
        let digits = number.to_string();
        let letters: String = digits.bytes().map(|digit| char::from(digit + 49)).collect();
        let name = format!("X{letters}");
        let kind = [FindingKind::Person, FindingKind::Location, FindingKind::Organisation];
        for kind in kind {
            assert!(seen.insert((kind, of(kind, &name, &mut scope))), "{name}");
        }
    }
    let mut numbers = BTreeSet::new();
    for number in 0..2_000 {
        assert!(numbers.insert(of(FindingKind::Location, &format!("Elm {number}"), &mut scope)));
    }
}

proptest! {
    /// The inside of a JSON string stays one, also of JSON within JSON, and nothing but letters
    /// and digits comes new.
    #[test]
    fn json_stays_json(
        text in prop::collection::vec(
            prop::sample::select(&["Anna", "é", " ", "\n", "\\", "\"", "/", "7", "b", "%20", "&amp;", "u00e9"]),
            1..12,
        ),
    ) {
        let once = serde_json::to_string(&text.concat()).unwrap();
        let twice = serde_json::to_string(&once).unwrap();
        for kind in [FindingKind::Person, FindingKind::Location, FindingKind::Organisation] {
            for (json, begin, end) in [(&once, "\"", "\""), (&twice, "\"\\\"", "\\\"\"")] {
                let inside = json.strip_prefix(begin).and_then(|rest| rest.strip_suffix(end));
                let inside = inside.unwrap();
                let drawn = of(kind, inside, &mut scope());
                let text = format!("{begin}{drawn}{end}");
                let inner: String = serde_json::from_str(&text).unwrap();
                if json == &twice {
                    prop_assert!(serde_json::from_str::<String>(&inner).is_ok(), "{}", inner);
                }
                let is_old = |c: char| c.is_ascii_alphanumeric() || inside.contains(c);
                prop_assert!(drawn.chars().all(is_old), "{} became {}", inside, drawn);
            }
        }
    }
}
