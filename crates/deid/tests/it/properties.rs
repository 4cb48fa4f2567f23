//! What holds for every text.

use consentry_deid::{Engine, Finding, Scope};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::structured);
/// What stands before a number and says what it is, and how many digits it has.
const NUMBERS: &[(&str, &str)] = &[
    ("passport ", "[1-9][0-9]{8}"),
    ("driving licence ", "[1-9][0-9]{7}"),
    ("phone: ", "[2-9][0-9]{9}"),
    ("{\"phone\": ", "49[1-9][0-9]{10}"),
    ("card ", "4111111111111111"),
    ("ssn: ", "[1-6][1-9][1-9]4[1-9]6789"),
    ("{\"token\": ", "[1-9][0-9]{29}"),
];

static FAST: LazyLock<Engine> = LazyLock::new(Engine::fast);

/// What detectors look for.
const PIECES: &[&str] = &[
    "@",
    ".",
    "-",
    ":",
    "/",
    "://",
    " ",
    "\n",
    "\\",
    "\\n",
    "\\u003c",
    "%20",
    "(",
    ")",
    "+",
    "#",
    "x",
    "ext",
    "a",
    "corp",
    "io",
    "com",
    "example.com",
    "é",
    "用户",
    "。",
    "\u{a0}",
    "\u{2011}",
    "0",
    "00",
    "1",
    "415",
    "555",
    "0134",
    "20",
    "7946",
    "4111",
    "1111",
    "GB82",
    "WEST",
    "DE89",
    "123",
    "45",
    "6789",
    "10.0.0.",
    "2001:db8::",
    "fe80::",
    "1a",
    "5e:",
    "tel ",
    "card ",
    "SSN ",
    "/home/",
    "/Users/",
    "C:\\Users\\",
    "-Users-",
    "grace",
    "Bearer ",
    "Basic ",
    "eyJ",
    "AKIA",
    "ghp_",
    "sk-ant-",
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "Password=",
    "Server=db;",
    ";",
    "user:pass@",
    "aws_secret_access_key=",
    "Zq7Kx2",
    "W9mB4tYc8LpV3nHd6GsF",
];

/// Pieces that detectors look for, in any order: mostly near misses.
pub fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(PIECES);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

/// Something that is found, with values of all sorts, of every kind but dates of birth and ages:
/// what is written for those is a date or an age again, which a second pass cannot tell.
fn sensitive() -> impl Strategy<Value = String> {
    let token = "[a-z]{12}[A-Z]{12}[0-9]{12}";
    prop_oneof![
        "[a-z]{1,9}[.+_]?[a-z0-9]{1,9}@[a-z]{3,9}\\.(com|io|de|co\\.uk)",
        "\\+44 20 [2-9][0-9]{3} [0-9]{4}",
        // Not in the ranges that surrogates have.
        "\\+49(30|40|69|89)[1-9][0-9]{5,7}",
        "[2-8][1-8][0-9]-[2-9][0-9]{2}-[0-9]{4}",
        "\\([2-8][1-8][0-9]\\) [2-9][0-9]{2}-[0-9]{4}( ext\\. [0-9]{2,4}|x[0-9]{3})?",
        "0[1-5] [1-9][0-9] [0-9]{2} [0-9]{2} [0-9]{2}",
        "[1-5][0-9]{2}-[1-9][0-9]-[1-9][0-9]{3}",
        "(10|86|172)\\.[1-9][0-9]\\.1[0-9]{2}\\.[1-9]{2}",
        "2a00:[1-9a-f]{4}:[1-9a-f]{4}::[1-9a-f]{1,4}",
        "00:1a:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}",
        "postgres://[a-z]{3,9}:[a-z][A-Z0-9]{3,12}@db",
        "https://corp\\.io/x\\?access_token=[a-z]{8}[0-9]{8}[A-Z]{4}",
        "[a-z]{3,9}[0-9]{2} \\[at\\] [a-z]{3,9} \\[dot\\] (com|io)",
        "https://corp\\.io/x\\?a=b&sig=[a-z]{4}[0-9]{4}",
        "https://github\\.com/[a-z]{3,9}[0-9]{2}",
        "as @[a-z]{3,9}_[0-9]{2} said",
        "/(home|Users)/[a-z]{2,3}[0-9]{0,2}zz/x",
        token.prop_map(|body| format!("ghp_{body}")),
        token.prop_map(|body| format!("Bearer {body}")),
        "[A-Z0-9]{13}B7Q".prop_map(|body| format!("AKIA{body}")),
        checked("", "4[0-9]{14}", "card"),
        documents(),
    ]
}

/// Numbers of documents, with the words that announce them.
fn documents() -> impl Strategy<Value = String> {
    prop_oneof![
        "9[0-9]{2}-7[0-9]-[0-9]{4}",
        "[ABCEHJ][ABCEHJ] [0-9]{2} [0-9]{2} [0-9]{2} [A-D]",
        "[A-Z]{3}P[A-Z][0-9]{4}[A-Z]",
        "passport [A-Z][0-9]{8}",
        "passport C[0-9]{2}X[0-9]{2}T[0-9]{2}",
        "driver's license [A-Z][0-9]{3}-[0-9]{4}-[0-9]{4}",
        "DL# [0-9]{9}",
        "wallet 0x[0-9a-f]{38}a1",
        checked("", "[0-9]{8}", "es-dni"),
        checked("RUT ", "8[0-9]{6}-", "cl-rut"),
        checked("", "756\\.[0-9]{4}\\.[0-9]{4}\\.[0-9]", "ch-ahv"),
        checked("", "110105(19|20)[0-9]{2}0[1-9]1[0-9]{4}", "cn-resident-id"),
        checked("", "[0-9]{2}0[1-9]1[0-9]-[0-9]{3}", "se-personnummer"),
        checked("BSN ", "[1-9][0-9]{7}", "nl-bsn"),
        checked("SIN ", "[2-7][0-9]{2} [0-9]{3} [0-9]{2}", "ca-sin"),
        checked("NHS ", "[4-7][0-9]{2} [0-9]{3} [0-9]{3}", "gb-nhs"),
        checked("Aadhaar ", "[2-9][0-9]{3} [0-9]{4} [0-9]{3}", "in-aadhaar"),
    ]
}

/// Numbers behind a word, each with the last character that makes `rule` find it.
fn checked(word: &'static str, head: &'static str, rule: &'static str) -> BoxedStrategy<String> {
    let number = head.prop_filter_map("no character is its check", move |head| {
        let is_found = |text: &String| ENGINE.findings(text).iter().any(|f| f.rule == rule);
        let ends = ('0'..='9').chain('A'..='Z');
        ends.map(|end| format!("{word}{head}{end}")).find(is_found)
    });
    number.boxed()
}

/// Sensitive values in a text, on lines of their own or between words.
pub fn composed() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-zé]{1,8}",
        Just("it is".to_owned()),
        Just("\"quoted\"".to_owned()),
        Just("用户".to_owned()),
        "[0-9]{1,4}",
    ];
    let line = (word.clone(), sensitive(), word).prop_map(|(a, b, c)| format!("{a}: {b}, {c}\n"));
    prop::collection::vec(line, 0..6).prop_map(|lines| lines.concat())
}

/// Names and what stands around them, in any order.
fn named() -> impl Strategy<Value = String> {
    let pieces = [
        "Hannah Whitfield",
        "Dr. Brack",
        "Lisbon",
        "418 Larkspur Lane",
        "Burlington, VT 05401",
        "My name is ",
        "Dear ",
        ", ",
        "\n",
        "\t",
        "\"",
        "\\",
        "\\n",
        "é",
        "O'Brien",
        "Whitfield",
        " and ",
        " ",
        "Blackwood Systems Ltd",
        "> ",
        ".",
        "\u{8}",
        "/",
        "Kind regards,\n",
        "grace@corp.io",
        "zip code ",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..16)
        .prop_map(|pieces| pieces.concat())
}

fn scope() -> Scope {
    Scope::new([5; 32])
}

/// Checks what every list of findings promises.
fn check_findings(text: &str, findings: &[Finding]) {
    let mut end = 0;
    for finding in findings {
        assert!(finding.start >= end && finding.end > finding.start, "{finding:?}");
        assert!(text.get(finding.start..finding.end).is_some(), "{finding:?}");
        assert!((0.0..=1.0).contains(&finding.score), "{finding:?}");
        end = finding.end;
    }
}

/// Checks that what stands outside the findings comes out as it went in, in the same order.
fn check_outside(text: &str, findings: &[Finding], redacted: &str) {
    let starts = findings.iter().map(|f| f.start).chain([text.len()]);
    let ends = [0].into_iter().chain(findings.iter().map(|f| f.end));
    let outside: Vec<&str> = ends.zip(starts).map(|(end, start)| &text[end..start]).collect();
    assert!(redacted.starts_with(outside[0]) && redacted.ends_with(outside[findings.len()]));
    let mut rest = redacted;
    for part in outside {
        let at = rest.find(part).expect("the text outside findings is unchanged");
        rest = &rest[at + part.len()..];
    }
}

/// Checks that JSON which holds `text` is JSON when it has been redacted, and so is JSON in a
/// string of JSON.
#[track_caller]
pub fn check_json(engine: &Engine, text: &str) {
    let json = serde_json::to_string(&[text]).unwrap();
    let redacted = engine.redact(&json, &mut scope()).text;
    let parsed: Result<[String; 1], _> = serde_json::from_str(&redacted);
    assert!(parsed.is_ok(), "{json} became {redacted}");
    let outer = serde_json::to_string(&json).unwrap();
    let redacted = engine.redact(&outer, &mut scope()).text;
    let inner: Result<String, _> = serde_json::from_str(&redacted);
    let parsed = inner.map(|inner| serde_json::from_str::<[String; 1]>(&inner));
    assert!(matches!(parsed, Ok(Ok(_))), "{outer} became {redacted}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A bare number of JSON may not begin with 0.
    #[test]
    fn no_surrogate_of_a_number_begins_with_a_nought_that_was_not_there(
        (before, number) in prop::sample::select(NUMBERS).prop_flat_map(|(before, form)| {
            (Just(before), prop::string::string_regex(form).unwrap())
        }),
        key in any::<[u8; 32]>(),
    ) {
        let text = format!("{before}{number}");
        let redacted = ENGINE.redact(&text, &mut Scope::new(key));
        let rest = redacted.text.strip_prefix(before).unwrap();
        prop_assert!(!rest.starts_with('0'), "{before}{number} became {}", redacted.text);
    }

    /// A number in hexadecimal digits stays one.
    #[test]
    fn hexadecimal_keys_stay_numbers(digits in "[1-9a-f]{64}", key in any::<[u8; 32]>()) {
        let text = format!("PRIVATE_KEY=0x{digits}");
        let once = ENGINE.redact(&text, &mut Scope::new(key)).text.into_owned();
        let rest = once.strip_prefix("PRIVATE_KEY=0x").unwrap();
        prop_assert!(rest != digits && rest.len() == 64, "{once}");
        prop_assert!(rest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{once}");
        prop_assert_eq!(&ENGINE.redact(&once, &mut Scope::new([1; 32])).text, &once);
    }

    #[test]
    fn findings_are_sorted_apart_and_on_character_boundaries(
        text in prop_oneof![soup(), "\\PC{0,80}", any::<String>(), composed()],
    ) {
        let findings = ENGINE.findings(&text);
        check_findings(&text, &findings);
        let redacted = ENGINE.redact(&text, &mut scope());
        prop_assert_eq!(&redacted.findings, &findings);
        check_outside(&text, &findings, &redacted.text);
        // Nothing depends on anything but the text and the key.
        prop_assert_eq!(ENGINE.redact(&text, &mut scope()), redacted.clone());
    }

    #[test]
    fn a_second_pass_changes_nothing(text in composed()) {
        let mut scope = scope();
        let once = ENGINE.redact(&text, &mut scope).text;
        prop_assert!(text.is_empty() || once != text);
        prop_assert_eq!(&ENGINE.redact(&once, &mut scope).text, &once);
        // Nor with another key: surrogates are recognised without one.
        let mut other = Scope::new([6; 32]);
        prop_assert_eq!(&ENGINE.redact(&once, &mut other).text, &once);
    }

    #[test]
    fn a_bare_telephone_number_is_replaced_once(
        text in prop_oneof!["phone: [1-9][0-9]{8,12}", "\\{\"phone\": \"[1-9][0-9]{9,11}\"\\}", "tel 0[1-9][0-9]{7,11}"],
    ) {
        let once = ENGINE.redact(&text, &mut scope()).text;
        prop_assert_eq!(&ENGINE.redact(&once, &mut Scope::new([6; 32])).text, &once, "{}", text);
    }

    #[test]
    fn json_stays_json(text in prop_oneof![soup(), composed()]) {
        check_json(&ENGINE, &text);
    }

    #[test]
    fn json_with_names_stays_json(text in named()) {
        check_json(&FAST, &text);
        let outer = serde_json::to_string(&serde_json::to_string(&[&text]).unwrap()).unwrap();
        check_findings(&outer, &FAST.findings(&outer));
    }

    #[test]
    fn values_and_surrogates_correspond(values in prop::collection::vec(sensitive(), 1..40)) {
        let mut scope = scope();
        let mut surrogates = BTreeMap::new();
        for value in values {
            let redacted = ENGINE.redact(&value, &mut scope);
            prop_assert_eq!(redacted.findings.len(), 1, "{}", value);
            let finding = &redacted.findings[0];
            let outside = value.len() - (finding.end - finding.start);
            prop_assert!(redacted.text.len() >= outside);
            let known = surrogates.insert(redacted.text.into_owned(), value.clone());
            prop_assert!(known.is_none_or(|known| known == value));
        }
    }

    #[test]
    fn surrogates_bring_no_new_punctuation(text in prop_oneof![soup(), sensitive()]) {
        let redacted = ENGINE.redact(&text, &mut scope());
        for character in redacted.text.chars() {
            // Dots, colons and the at sign are part of what an address is.
            let plain = character.is_ascii_alphanumeric() || ".:@".contains(character);
            prop_assert!(plain || text.contains(character), "{:?} in {}", character, redacted.text);
        }
    }
}
