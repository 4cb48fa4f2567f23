//! What a scope keeps, and who can have it back.

use consentry_deid::{Engine, Kept, RevealError, Scope, ScopeKey};

const TEXT: &str = "Grace@corp.io or grace@corp.io, call 415-555-0134 from 10.0.0.17";
const KEY: [u8; 32] = [9; 32];

/// A redacted text and the record of its scope.
fn redacted() -> (String, Kept) {
    let mut scope = Scope::new(KEY).keeping();
    let text = Engine::structured().redact(TEXT, &mut scope).text.into_owned();
    (text, scope.kept().unwrap().clone())
}

#[test]
fn everything_comes_back_with_the_key_and_the_record() {
    let (text, kept) = redacted();
    let stored = serde_json::to_string(&kept).unwrap();
    assert!(!stored.contains("corp.io") && !stored.contains("0134"));
    let kept: Kept = serde_json::from_str(&stored).unwrap();

    assert_eq!(kept.surrogates().count(), 3);
    let mut back = Vec::new();
    for surrogate in kept.surrogates() {
        assert!(text.contains(surrogate), "{surrogate}");
        back.push(kept.reveal(&ScopeKey::new(KEY), surrogate).unwrap());
    }
    back.sort();
    let spellings = ["Grace@corp.io", "grace@corp.io"].map(str::to_owned).to_vec();
    assert_eq!(back, [vec!["10.0.0.17".into()], vec!["415-555-0134".into()], spellings]);
}

#[test]
fn nothing_comes_back_otherwise() {
    let (_, kept) = redacted();
    let key = ScopeKey::new(KEY);
    let surrogates: Vec<&str> = kept.surrogates().collect();
    assert_eq!(kept.reveal(&key, "10.0.0.17"), Err(RevealError::Unknown));
    for surrogate in &surrogates {
        let other = ScopeKey::new([8; 32]);
        assert_eq!(kept.reveal(&other, surrogate), Err(RevealError::Forged));
    }

    // Each change of the record is seen: what is kept for one surrogate is not good for another.
    let stored = serde_json::to_value(&kept).unwrap();
    let mut exchanged = stored.clone();
    exchanged[surrogates[0]] = stored[surrogates[1]].clone();
    let mut cut = stored.clone();
    cut[surrogates[0]] = serde_json::json!(["AAAA"]);
    let mut garbage = stored.clone();
    garbage[surrogates[0]] = serde_json::json!(["not base64"]);
    for changed in [exchanged, cut, garbage] {
        let changed: Kept = serde_json::from_value(changed).unwrap();
        assert_eq!(changed.reveal(&key, surrogates[0]), Err(RevealError::Forged));
    }
}

#[test]
fn a_scope_keeps_only_on_purpose_and_draws_the_same() {
    let mut plain = Scope::new(KEY);
    assert_eq!(Engine::structured().redact(TEXT, &mut plain).text, redacted().0);
    assert!(plain.kept().is_none());
    assert_eq!(format!("{:?}", redacted().1), "Kept { surrogates: 3, .. }");
    assert_eq!(format!("{:?}", ScopeKey::new(KEY)), "ScopeKey { .. }");
}
