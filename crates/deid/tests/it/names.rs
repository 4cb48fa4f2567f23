//! The name tagger, with the weights that come with it.

use consentry_deid::FindingKind::{Location, Organisation, Person};
use consentry_deid::names::{Names, NamesError, Trainer};
use consentry_deid::{FindingKind, Why};
use proptest::prelude::*;
use std::sync::LazyLock;

static NAMES: LazyLock<Names> =
    LazyLock::new(|| Names::load(include_bytes!("../../data/names.bin")).unwrap());

fn found(text: &str) -> Vec<(&str, FindingKind)> {
    let findings = NAMES.find(text);
    findings.iter().map(|finding| (&text[finding.start..finding.end], finding.kind)).collect()
}

#[test]
fn persons_places_and_organisations() {
    assert_eq!(
        found("My colleague Hannah Whitfield moved from Toronto to Lisbon in May."),
        [("Hannah Whitfield", Person), ("Toronto", Location), ("Lisbon", Location)]
    );
    assert_eq!(found("Dear Mr. Ferguson,\nthank you."), [("Mr. Ferguson", Person)]);
    let names = found("Tomás Quintero has worked for Blackwood Systems Ltd since 2011.");
    assert_eq!(names[0], ("Tomás Quintero", Person));
    assert_eq!(names[1].1, Organisation);
}

#[test]
fn text_without_names() {
    for text in [
        "Please explain how to sort a list in place.",
        "The build failed: cannot find function `main` in this crate.",
        "fn main() {\n    let total = 0;\n}",
        "",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn an_address_of_several_lines_is_one_finding() {
    let address = "418 Larkspur Lane\nBurlington, VT 05401";
    let text = format!("Please ship it to\n{address}\nbefore Friday.");
    assert_eq!(found(&text), [(address, Location)]);
}

#[test]
fn sentences_cover_every_token_and_say_how_sure() {
    let text = "Hannah Whitfield lives here. Is it raining?\n\nSo it is";
    let tagged = NAMES.tag(text);
    let sentences: Vec<&str> =
        tagged.sentences.iter().map(|sentence| text[sentence.start..sentence.end].trim()).collect();
    assert_eq!(sentences, ["Hannah Whitfield lives here.", "Is it raining?", "So it is"]);
    assert!(tagged.sentences.iter().all(|sentence| sentence.margin > 0));
    assert!(tagged.findings.iter().all(|finding| finding.why == Why::Model));
}

#[test]
fn weights_that_are_none_are_refused() {
    assert_eq!(Names::load(b"").unwrap_err(), NamesError::Form);
    let whole = include_bytes!("../../data/names.bin");
    let error = Names::load(&whole[..whole.len() - 1]).unwrap_err();
    assert!(error.to_string().contains("get the file again"), "{error}");
}

#[test]
fn what_is_trained_is_found() {
    let mut trainer = Trainer::new(64, 1);
    for _ in 0..20 {
        trainer.add("ask Zorblat now", &[(4, 11, Person)]);
        trainer.add("ask them now", &[]);
    }
    for _ in 0..5 {
        trainer.pass();
    }
    let names = Names::load(&trainer.weights()).unwrap();
    let found = names.find("ask Zorblat now");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].start, found[0].end, found[0].kind), (4, 11, Person));
    assert!(names.find("ask them now").is_empty());
}

/// Repeated work would take minutes here.
#[test]
fn long_and_odd_texts_take_linear_time() {
    for seed in
        ["a", "A", "A ", "Bob", "Bob ", "a-", "O'", "\n", "1 ", "12 Oak St, ", "é", "Berlin, "]
    {
        let text = seed.repeat(400_000 / seed.len());
        assert!(NAMES.find(&text).iter().all(|finding| finding.end <= text.len()));
    }
}

proptest! {
    #[test]
    fn findings_are_in_order_on_characters_and_apart(
        text in "(\\PC|\n|Anna |Smith|, |12 Oak Street |Paris|Mr\\. |Acme Ltd ){0,60}",
    ) {
        let mut end = 0;
        for finding in NAMES.find(&text) {
            prop_assert!(finding.start >= end && finding.start < finding.end);
            prop_assert!(text.get(finding.start..finding.end).is_some());
            prop_assert!((0.0..=1.0).contains(&finding.score));
            end = finding.end;
        }
    }
}

#[test]
fn persons_in_six_languages_more() {
    for (text, person) in [
        ("Ich heiße Wolfgang Obermüller und wohne in Stuttgart.", "Wolfgang Obermüller"),
        ("Je m'appelle Élodie Charpentier et j'habite à Grenoble.", "Élodie Charpentier"),
        ("Ayer hablé con Marisol Etxeberria sobre el contrato.", "Marisol Etxeberria"),
        ("Mi chiamo Ginevra Brambilla e abito a Bologna.", "Ginevra Brambilla"),
        ("Kun je Femke Dijkstra vragen of ze morgen kan?", "Femke Dijkstra"),
        ("O meu nome é Joaquim Figueiredo e moro no Porto.", "Joaquim Figueiredo"),
    ] {
        let names = found(text);
        assert!(names.contains(&(person, Person)), "{text}: {names:?}");
    }
}

#[test]
fn every_line_of_a_list_of_addresses_is_its_own() {
    let text = "Hannah Whitfield, 9 Elm Street, Lisbon\nMartin Keller, 8 Oak Road, Porto\n\
        Tomás Quintero, 12 Main Street, Dublin";
    assert_eq!(
        found(text),
        [
            ("Hannah Whitfield", Person),
            ("9 Elm Street, Lisbon", Location),
            ("Martin Keller", Person),
            ("8 Oak Road, Porto", Location),
            ("Tomás Quintero", Person),
            ("12 Main Street, Dublin", Location)
        ]
    );
}

#[test]
fn german_nouns_and_pronouns_are_no_part_of_names() {
    assert_eq!(found("Bitte rufen Sie Herrn Müller an."), [("Herrn Müller", Person)]);
    assert_eq!(found("Können Sie Frau Obermüller Bescheid geben?"), [("Frau Obermüller", Person)]);
}
