//! Small histories are valid, nasty, and the same for the same seed.

use consentry_model::event::Body;
use consentry_testkit::generate::{NOW, SmallHistory, moments, seeded, small};
use consentry_testkit::twin::{self, Action, Decision, Key, Until};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

proptest! {
    #[test]
    fn every_history_is_valid_and_holds_every_event_once(history in small()) {
        let read = twin::check(&history.texts());
        prop_assert_eq!(read.as_ref().err(), None);
        prop_assert_eq!(read.map(|history| history.events.len()), Ok(history.events.len()));
        prop_assert_eq!(twin::quarantine(&history.texts()).1, []);
    }
}

proptest! {
    // Asking the twin takes time.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn delivering_every_event_once_in_plain_spelling_changes_no_row(history in small()) {
        // In line order, so that what happens at one time keeps its order.
        let mut seen = BTreeSet::new();
        let lines = history.files.iter().flat_map(|(_, lines)| lines);
        let plain: String = lines
            .filter_map(|line| line.event)
            .filter(|event| seen.insert(*event))
            .map(|event| history.events[event].to_string() + "\n")
            .collect();
        let spelled = twin::check(&history.texts()).expect("valid");
        let plain = twin::check(&[("plain".to_owned(), plain)]).expect("valid");
        for moment in moments().into_iter().step_by(3).chain([NOW]) {
            let now = moment.millis();
            prop_assert_eq!(
                twin::decide(&spelled, now, Action::Train, "safeguards"),
                twin::decide(&plain, now, Action::Train, "safeguards")
            );
            prop_assert_eq!(twin::retain(&spelled, now), twin::retain(&plain, now));
        }
    }

    #[test]
    fn what_is_kept_until_an_instant_is_due_at_that_instant(history in small()) {
        let history = twin::check(&history.texts()).expect("valid");
        // Nothing happens after the last moment, so the facts stay as they are.
        let last = moments().into_iter().map(|moment| moment.millis()).max().expect("moments");
        let until = |now: i64| -> BTreeMap<Key, Until> {
            twin::retain(&history, now).into_iter().map(|kept| (kept.key, kept.until)).collect()
        };
        for (key, kept) in until(last) {
            if let Until::At(end) = kept {
                prop_assert!(end > last);
                prop_assert_eq!(until(end - 1).remove(&key), Some(kept));
                prop_assert_eq!(until(end).remove(&key), Some(Until::Due));
            }
        }
    }
}

#[test]
fn a_seed_makes_the_same_history_everywhere() {
    assert_eq!(seeded(7).texts(), seeded(7).texts());
    assert_ne!(seeded(7).texts(), seeded(8).texts());
    let all: String =
        (0..100).flat_map(|seed| seeded(seed).texts()).map(|(_, text)| text).collect();
    assert_eq!(crate::fnv(&all), FINGERPRINT, "seeded histories have changed");
}

/// Of the first hundred seeds. A change here changes what every seed in a test or a report means.
const FINGERPRINT: u64 = 15_948_034_692_458_135_013;

/// Enough histories for everything below to occur.
fn many() -> impl Iterator<Item = SmallHistory> {
    (0..400).map(seeded)
}

#[test]
fn every_type_occurs() {
    let mut types: BTreeMap<String, usize> = BTreeMap::new();
    for event in many().flat_map(|history| history.events) {
        *types.entry(event["type"].as_str().expect("a type").to_owned()).or_default() += 1;
    }
    assert_eq!(types.len(), 17, "{types:?}");
    let fewest = types.values().min();
    assert!(fewest >= Some(&40), "{types:?}");
    // One of them spelled out, should the words ever change.
    let closed = Body::AccountClosed { account: "a".into() }.type_word();
    assert!(types.contains_key(&format!("consentry.{closed}")));
}

#[test]
fn every_reason_occurs_and_every_decision() {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for history in many() {
        let history = twin::check(&history.texts()).expect("valid");
        for action in Action::ALL {
            for purpose in ["model-improvement", "safeguards"] {
                for row in twin::decide(&history, NOW.millis(), action, purpose) {
                    if row.reasons.is_empty() {
                        *reasons.entry(format!("{} nothing", action.as_str())).or_default() += 1;
                    }
                    let decision = if row.decision == Decision::Permit { '+' } else { '-' };
                    for reason in row.reasons {
                        let seen = format!("{} {decision}{reason}", action.as_str());
                        *reasons.entry(seen).or_default() += 1;
                    }
                }
            }
        }
    }
    let expected = "
        train +choice-on, train +safety-flag, train +trusted-tester, train +development-partner,
        train +feedback, train -raw-connector-content, train -incognito, train -deleted,
        train -account-closed, train -legal-hold, train -under-age, train -commercial, train nothing,
        analyze +choice-on, analyze +safety-flag, analyze +feedback, analyze -raw-connector-content,
        analyze -deleted, analyze -account-closed, analyze -legal-hold, analyze -under-age,
        analyze -commercial, analyze nothing, sell nothing,
        retain +keep-training, retain +keep-standard, retain +keep-commercial, retain +keep-deleted,
        retain +keep-closed, retain +keep-flagged, retain +keep-feedback, retain +keep-held,
        retain nothing, converse +converse, converse -choice-overdue,
        recall +recall, recall -deleted, recall -incognito, recall -account-closed";
    let expected: BTreeSet<&str> = expected.split(',').map(str::trim).collect();
    let seen: BTreeSet<&str> = reasons.keys().map(String::as_str).collect();
    assert_eq!(seen, expected);
    let rarest = reasons.values().min();
    assert!(rarest >= Some(&30), "{reasons:#?}");
}

#[test]
fn the_nasty_cases_occur() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for history in many() {
        let read = twin::check(&history.texts()).expect("valid");
        let deliveries: Vec<usize> = history
            .files
            .iter()
            .flat_map(|(_, lines)| lines)
            .filter_map(|line| line.event)
            .collect();
        let mut note = |case, happens: bool| *seen.entry(case).or_default() += usize::from(happens);
        note("no event", read.events.is_empty());
        note("redelivery", deliveries.len() > history.events.len());
        note("several files", history.files.len() > 1);
        let later = |first: &str, second: &str| {
            let of = |kind: &str| {
                let kind = kind.to_owned();
                read.events.iter().filter(move |event| event.kind == kind)
            };
            of(first).any(|f| {
                of(second).any(|s| s.subject == f.subject && (s.time, s.at) > (f.time, f.at))
            })
        };
        note("message after deletion", later("conversation.deleted", "message.added"));
        note("message before start", later("message.added", "conversation.started"));
        note("feedback before start", later("feedback.given", "conversation.started"));
        note("feedback after deletion", later("conversation.deleted", "feedback.given"));
        note("choice after closing", later("account.closed", "choice.recorded"));
        note("plan changed before opening", later("account.plan_changed", "account.opened"));
        note("choice repeated", later("choice.recorded", "choice.recorded"));
        note("joined again", later("programme.joined", "programme.joined"));
        note("left before joining", later("programme.left", "programme.joined"));
        note("released before placing", later("hold.released", "hold.placed"));
        note("notice replaced", later("notice.published", "notice.published"));
        let times: BTreeSet<i64> = read.events.iter().map(|event| event.time).collect();
        note("equal times", times.len() < read.events.len());
    }
    assert!(seen.values().all(|count| *count >= 10), "{seen:#?}");
}
