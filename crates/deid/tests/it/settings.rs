//! Settings: what is refused, what is never found, and patterns of one's own.

use crate::properties::{check_json, composed, soup};
use consentry_deid::{Engine, FindingKind, Operator, Scope, Settings};
use proptest::prelude::*;
use std::sync::LazyLock;

const OWN: &str = r#"
[[pattern]]
name = "employee-number"
kind = "national_id"
regex = '\bEMP-[0-9]{6}\b'
matches = ["EMP-123456", "of EMP-000000."]
rejects = ["EMP-1234567", "TEMP-123456"]

[[pattern]]
name = "word"
kind = "handle"
regex = '[a-z]{4,9}'
matches = ["zygote"]
"#;

fn engine(settings: &str) -> Engine {
    Engine::structured().with_settings(Settings::parse(settings).unwrap())
}

/// What is found in a text, with its rule.
fn found(settings: &str, text: &str) -> Vec<(String, String)> {
    let findings = engine(settings).findings(text);
    findings.iter().map(|f| (text[f.start..f.end].to_owned(), f.rule.to_string())).collect()
}

#[test]
fn mistakes_are_told_with_their_line() {
    let pattern = "[[pattern]]\nname = \"a\"\nkind = \"email\"\n";
    for (settings, line, says) in [
        ("[kinds", 1, ""),
        ("\n[kind]\nemail = \"mask\"", 2, "`kind`"),
        ("default = \"mask\"", 1, "`default`"),
        ("[kinds]\n\nemial = \"mask\"", 3, "there is no kind `emial`; there are person, "),
        ("[kinds]\nip = \"off\"\nemail = \"masks\"", 3, "there is no operator `masks`; "),
        ("[kinds]\nemail = \"Mask\"", 2, "surrogate, mask, tag, hash, drop, off"),
        ("[kinds]\nemail = 1", 2, "string"),
        ("[kinds]\nemail = \"mask\"\nemail = \"tag\"", 3, "duplicate key"),
        ("[allow]\nvalue = []", 2, "`value`"),
        ("[allow]\nvalues = [\n\"a\",\n\"\"]", 4, "is empty"),
        ("[allow]\ndomains = [\"@corp.io\"]", 2, "`@corp.io` of `allow.domains` is no domain"),
        ("[allow]\ndomains = [\"corp.\"]", 2, "is no domain"),
        (&format!("{pattern}regex = 'x'"), 2, "`a` needs an example of what it `matches`"),
        (&format!("{pattern}regex = 'x'\nmatches = []"), 2, "needs an example"),
        (&format!("{pattern}regex = 'x'\nmatches = ['x']\nscore = 1"), 6, "`score`"),
        (&format!("{pattern}regex = '(x'\nmatches = ['x']"), 4, "unclosed group"),
        (&format!("{pattern}regex = 'x?'\nmatches = ['x']"), 4, "`a` matches the empty text"),
        (&format!("{pattern}regex = '\\w{{500}}{{50}}'\nmatches = ['x']"), 4, "when compiled"),
        (&format!("{pattern}regex = 'x'\nmatches = ['x',\n'y']"), 6, "`a` does not match `y`"),
        (&format!("{pattern}regex = 'x'\nmatches = ['x']\nrejects = ['yx']"), 6, "matches `yx`"),
        ("[[pattern]]\nname = \"A b\"\nkind = \"email\"\nregex = 'x'\nmatches = ['x']", 2, "`A b`"),
        ("[[pattern]]\nname = \"a\"\nkind = \"x\"\nregex = 'x'\nmatches = ['x']", 3, "no kind `x`"),
        (&OWN.repeat(2), 16, "two patterns have the name `employee-number`"),
    ] {
        let error = Settings::parse(settings).unwrap_err();
        assert_eq!(error.line(), line, "{error}\n{settings}");
        assert!(error.to_string().starts_with(&format!("line {line}: ")), "{error}");
        assert!(error.to_string().contains(says), "{error}\n{settings}");
    }
}

#[test]
fn nothing_said_is_the_default() {
    let text = "grace@corp.io";
    let (plain, empty) = (Engine::structured(), engine(""));
    let redact = |engine: &Engine| engine.redact(text, &mut Scope::new([5; 32])).text.into_owned();
    assert_eq!(redact(&plain), redact(&empty));
}

#[test]
fn kinds_are_set_and_turned_off() {
    let text = "grace@corp.io, 10.0.0.17, 00:1a:2b:3c:4d:5e";
    let settings = "[kinds]\nip = \"off\"\nmac = \"mask\"\ndefault = \"tag\"";
    let redacted = engine(settings).redact(text, &mut Scope::new([5; 32])).text.into_owned();
    assert_eq!(redacted, "[EMAIL_1], 10.0.0.17, **:**:**:**:**:**");
    let only = found("[kinds]\ndefault = \"off\"\nemail = \"mask\"", text);
    assert_eq!(only, [("grace@corp.io".to_owned(), "email".to_owned())]);
}

#[test]
fn allowed_values_are_never_found_however_they_are_written() {
    let settings = "[allow]\nvalues = [\"grace@corp.io\", \"+1 415 555 0134\", \"10.0.0.17\"]";
    assert_eq!(found(settings, "Grace@Corp.io, (415) 555-0134 or 10.0.0.17"), []);
    for other in ["grace@corp.io.de", "grac@corp.io", "415-555-0135", "10.0.0.1"] {
        assert_eq!(found(settings, other).len(), 1, "{other}");
    }
}

#[test]
fn addresses_at_allowed_domains_are_never_found() {
    let settings = "[allow]\ndomains = [\"Corp.io\"]";
    assert_eq!(found(settings, "grace@corp.io, grace@CORP.IO, grace@mail.corp.io"), []);
    for other in ["grace@xcorp.io", "grace@corp.io.de", "grace@io.corp.com"] {
        assert_eq!(found(settings, other).len(), 1, "{other}");
    }
    // A domain says nothing of what else stands near it.
    assert_eq!(found(settings, "x://grace:s3cret@corp.io").len(), 1);
}

#[test]
fn patterns_find_and_their_findings_take_part_in_everything_else() {
    let own = OWN.split("[[pattern]]\nname = \"word\"").next().unwrap();
    let text = "EMP-004711 and (EMP-004711) but TEMP-004711";
    let employee = ("EMP-004711".to_owned(), "employee-number".to_owned());
    assert_eq!(found(own, text), [employee.clone(), employee]);

    let tags = format!("{own}[kinds]\nnational_id = \"tag\"");
    let redacted = engine(&tags).redact(text, &mut Scope::new([5; 32])).text.into_owned();
    assert_eq!(redacted, "[NATIONAL_ID_1] and ([NATIONAL_ID_1]) but TEMP-004711");

    assert_eq!(found(&format!("{own}[kinds]\nnational_id = \"off\""), text), []);
    assert_eq!(found(&format!("{own}[allow]\nvalues = [\"emp-004711\"]"), text), []);

    // The longer of two wins, and of two that are as long the own one.
    let host = "[[pattern]]\nname = \"host\"\nkind = \"handle\"\nregex = 'corp\\.io'\nmatches = ['corp.io']";
    assert_eq!(found(host, "grace@corp.io")[0].1, "email");
    let address = "[[pattern]]\nname = \"box\"\nkind = \"email\"\nregex = '\\w+@corp\\.io'\nmatches = ['a@corp.io']";
    assert_eq!(found(address, "grace@corp.io")[0].1, "box");
    let json = serde_json::to_value(&engine(address).findings("grace@corp.io")[0]).unwrap();
    assert_eq!((&json["rule"], &json["why"]), (&"box".into(), &"rule".into()));
}

#[test]
fn surrogates_are_no_matches_of_later_passes() {
    let sample =
        "[[pattern]]\nname = \"own\"\nkind = \"KIND\"\nregex = 'REGEX'\nmatches = ['TEXT']";
    for (kind, regex, text) in [
        ("national_id", r"\b\d{7}\b", "4711471"),
        ("passport", r"\b[A-Z]{2}\d{6}\b", "AB471147"),
        ("handle", r"\b[a-z]+\b", "zygote"),
        ("secret", r"\b[a-z0-9]+\b", "k7q2"),
        ("phone", r"[\d-]{7,}", "4711-4711"),
        ("ip", r"\d+\.\d+\.\d+\.\d+", "127.0.0.1"),
        ("email", r"\S+@\S+", "root@machine"),
        ("us_ssn", r"\d{3}-\d{2}-\d{4}", "000-12-3456"),
    ] {
        let settings = sample.replace("KIND", kind).replace("REGEX", regex).replace("TEXT", text);
        let engine = engine(&settings);
        for key in 0..20 {
            let once = engine.redact(text, &mut Scope::new([key; 32])).text.into_owned();
            assert_ne!(once, text, "{kind}");
            assert_eq!(engine.redact(&once, &mut Scope::new([99; 32])).text, once, "{kind}");
        }
    }
}

/// Engines with patterns of one's own, one for each operator.
static ENGINES: LazyLock<Vec<Engine>> = LazyLock::new(|| {
    let engine =
        |operator: &Operator| engine(&format!("{OWN}[kinds]\ndefault = \"{}\"", operator.as_str()));
    Operator::ALL.iter().map(engine).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn json_stays_json(text in prop_oneof![soup(), composed()]) {
        for engine in ENGINES.iter() {
            check_json(engine, &text);
        }
    }

    #[test]
    fn findings_are_sorted_apart_and_off_kinds_are_absent(text in prop_oneof![soup(), composed()]) {
        let off = engine(&format!("{OWN}[kinds]\nemail = \"off\"\nphone = \"off\""));
        let mut end = 0;
        for finding in off.findings(&text) {
            prop_assert!(finding.start >= end && finding.end > finding.start);
            prop_assert!(!matches!(finding.kind, FindingKind::Email | FindingKind::Phone));
            end = finding.end;
        }
    }
}

#[test]
fn allowed_domains_cover_the_names_in_their_addresses() {
    let settings = Settings::parse("[allow]\ndomains = [\"corp.io\"]").unwrap();
    let engine = Engine::fast().with_settings(settings);
    for text in [
        "Write to hannah.whitfield@corp.io today.",
        "Write to Hannah.Whitfield@mail.corp.io today.",
        "Write to hannah [at] corp [dot] io today.",
    ] {
        assert_eq!(engine.findings(text), [], "{text}");
    }
    assert_eq!(engine.findings("Hannah Whitfield <hannah@corp.io>").len(), 1);
    assert_eq!(engine.findings("Write to hannah [at] corp [dot] com today.").len(), 1);
}
