//! What operators write, and what a later pass makes of it.

use crate::properties::{check_json, composed, soup};
use consentry_deid::{Engine, FindingKind, Operator, Scope, Settings};
use proptest::prelude::*;
use std::sync::LazyLock;

/// An engine for each operator.
static ENGINES: LazyLock<Vec<(Operator, Engine)>> = LazyLock::new(|| {
    let engine = |&operator| {
        let settings = Settings::default().with_default(operator);
        (operator, Engine::structured().with_settings(settings))
    };
    Operator::ALL.iter().map(engine).collect()
});

const TEXT: &str = "Mail grace@corp.io, Grace@corp.io or linus@corp.io, call 415-555-0134.";

fn redact(settings: Settings) -> String {
    let engine = Engine::structured().with_settings(settings);
    engine.redact(TEXT, &mut Scope::new([5; 32])).text.into_owned()
}

#[test]
fn each_kind_has_its_operator() {
    assert_eq!(
        redact(Settings::default().with_default(Operator::Tag)),
        "Mail [EMAIL_1], [EMAIL_1] or [EMAIL_2], call [PHONE_1]."
    );
    let settings = Settings::default().with(FindingKind::Email, Operator::Drop);
    assert_eq!(
        redact(settings.clone().with(FindingKind::Phone, Operator::Mask)),
        "Mail ,  or , call ***-***-****."
    );
    let hashed = redact(settings.with(FindingKind::Email, Operator::Hash));
    let words: Vec<&str> = hashed.split(' ').collect();
    assert_eq!(words[1].trim_end_matches(','), words[2]);
    assert_ne!(words[2], words[4].trim_end_matches(','));
    assert!(words[2].len() == 24 && words[2].bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(!hashed.contains("415-555-0134"));
}

#[test]
fn a_kind_that_is_off_is_neither_found_nor_in_the_way_of_others() {
    let engine = Engine::structured();
    let text = "x://linus:10.20.30.40@corp.io/";
    assert_eq!(engine.findings(text)[0].kind, FindingKind::UrlCredentials);
    let engine = engine.with_settings(Settings::default().without(FindingKind::UrlCredentials));
    assert_eq!(engine.findings(text)[0].kind, FindingKind::Ip);
    assert_eq!(
        redact(Settings::default().without(FindingKind::Email).without(FindingKind::Phone)),
        TEXT
    );
}

#[test]
fn a_path_holds_what_was_written_and_it_is_left_alone() {
    for (operator, engine) in ENGINES.iter() {
        let mut scope = Scope::new([5; 32]);
        let text = "/home/grace/x and -Users-grace-x; Server=db;Password=Zq7Kx2W9;";
        let once = engine.redact(text, &mut scope).text.into_owned();
        assert!(!once.contains("grace") && !once.contains("Zq7"), "{once}");
        for (other, engine) in ENGINES.iter() {
            let twice = engine.redact(&once, &mut Scope::new([6; 32])).text;
            assert_eq!(twice, once, "{operator:?}, then {other:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn json_stays_json(text in prop_oneof![soup(), composed()]) {
        for (_, engine) in ENGINES.iter() {
            check_json(engine, &text);
        }
    }

    #[test]
    fn a_second_pass_changes_nothing(text in composed()) {
        for (operator, engine) in ENGINES.iter() {
            let mut scope = Scope::new([5; 32]);
            let once = engine.redact(&text, &mut scope).text;
            prop_assert_eq!(&engine.redact(&once, &mut scope).text, &once, "{:?}", operator);
            // Nor one that does something else, with another key.
            let (_, other) = &ENGINES[0];
            let mut scope = Scope::new([6; 32]);
            prop_assert_eq!(&other.redact(&once, &mut scope).text, &once, "{:?}", operator);
        }
    }
}
