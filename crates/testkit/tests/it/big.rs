//! The large history is valid, as long as was asked for, and the same for the same seed.

use consentry_testkit::generate::{Big, Limit, Written, big};
use consentry_testkit::twin::{self, Action};
use serde_json::Value;
use std::collections::BTreeMap;

#[expect(clippy::panic, reason = "a vector takes every byte")]
fn write(options: Big) -> (Written, String) {
    let mut bytes = Vec::new();
    match big(&options, &mut bytes) {
        Ok(written) => (written, String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn it_is_valid_and_counted_rightly() {
    let options = Big { limit: Limit::Bytes(1_000_000), ..Big::default() };
    let (written, text) = write(options);
    assert_eq!(written.bytes, text.len() as u64);
    assert_eq!(written.lines, text.lines().count() as u64);
    let history = twin::check(&[("big".to_owned(), text)]).expect("no line is in error");
    assert_eq!(written.lines - written.redeliveries, history.events.len() as u64);
    let count = |kind: &str| history.events.iter().filter(|e| e.kind == kind).count() as u64;
    assert_eq!(written.accounts, count("account.opened"));
    assert_eq!(written.conversations, count("conversation.started"));
    assert_eq!(written.messages, count("message.added"));
    let parts = history.events.iter().filter_map(|event| event.data.get("parts"));
    let parts: usize = parts.filter_map(Value::as_array).map(Vec::len).sum();
    assert_eq!(written.parts, parts as u64);
}

#[test]
fn it_has_everything_that_a_real_history_has() {
    let options = Big { limit: Limit::Conversations(1500), ..Big::default() };
    let (written, text) = write(options);
    assert_eq!(written.conversations, 1500);
    assert_eq!(written.accounts, 30);
    assert!(written.redeliveries > 0);
    let mut types: BTreeMap<String, usize> = BTreeMap::new();
    let mut origins: BTreeMap<String, usize> = BTreeMap::new();
    let mut longest = 0;
    for line in text.lines() {
        let event: Value = serde_json::from_str(line).expect("JSON");
        *types.entry(event["type"].as_str().expect("a type").to_owned()).or_default() += 1;
        for part in event["data"]["parts"].as_array().into_iter().flatten() {
            let origin = part["origin"].as_str().expect("an origin").to_owned();
            *origins.entry(origin).or_default() += 1;
            longest = longest.max(part["text"].as_str().map_or(0, str::len));
        }
    }
    for kind in [
        "account.opened",
        "notice.published",
        "choice.recorded",
        "conversation.started",
        "message.added",
        "feedback.given",
        "safety.flagged",
        "conversation.deleted",
    ] {
        assert!(types.contains_key(&format!("consentry.{kind}")), "{kind} of {types:?}");
    }
    let expected = ["assistant", "browser", "connector", "file", "system", "tool", "user"];
    assert_eq!(origins.keys().collect::<Vec<_>>(), expected, "{origins:?}");
    assert!((50_000..=100_200).contains(&longest), "{longest}");
}

#[test]
fn it_is_about_as_long_as_was_asked_for() {
    for bytes in [0, 1, 10_000, 3_000_000] {
        let (written, _) = write(Big { limit: Limit::Bytes(bytes), ..Big::default() });
        let most = bytes + 500_000;
        assert!((bytes..most).contains(&written.bytes), "{bytes}: {}", written.bytes);
    }
}

/// Of thirty conversations. A change here changes what earlier figures were measured on.
const FINGERPRINT: u64 = 972_675_476_515_906_795;

#[test]
fn the_seed_decides_and_the_window_only_shuffles() {
    let options = Big { limit: Limit::Conversations(30), ..Big::default() };
    let (_, text) = write(options);
    assert_eq!(text, write(options).1);
    assert_eq!(crate::fnv(&text), FINGERPRINT, "the large history has changed");
    assert_ne!(text, write(Big { seed: 2, ..options }).1);
    for window in [0, 1, 1_000_000] {
        let (written, text) = write(Big { window, ..options });
        assert_eq!(written.lines, text.lines().count() as u64);
        assert!(twin::check(&[("big".to_owned(), text)]).is_ok(), "window {window}");
    }
}

#[test]
fn its_rows_differ() {
    let options = Big { limit: Limit::Conversations(60), ..Big::default() };
    let (written, text) = write(options);
    let history = twin::check(&[("big".to_owned(), text)]).expect("no line is in error");
    let now = twin::instant("2026-06-01T00:00:00Z").expect("a time");
    let mut reasons: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for row in twin::decide(&history, now, Action::Recall, "") {
        *reasons.entry(row.reasons).or_default() += 1;
    }
    assert_eq!(reasons.values().sum::<usize>() as u64, written.conversations);
    assert!(reasons.len() > 1, "{reasons:?}");
}
