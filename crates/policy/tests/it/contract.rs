//! The shipped set against its tables in the contract, restated here in plain Rust, one line of the
//! tables after the other.

use crate::rows::{Row, asked_about};
use consentry_model::Instant;
use consentry_model::facts::{Attribute as A, Facts, Resource, Value};
use consentry_policy::{CedarEngine, Engine, PolicySet, Request, Until};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

static ENGINE: LazyLock<CedarEngine> =
    LazyLock::new(|| CedarEngine::new(Arc::new(PolicySet::shipped("claude-consumer").unwrap())));

const DAY: i64 = 86_400_000;

/// What the tables speak of.
struct Tables<'a> {
    row: Facts<'a>,
    now: i64,
}

impl Tables<'_> {
    fn time(&self, attribute: A) -> Option<i64> {
        self.row.time(attribute).map(Instant::millis)
    }

    fn has(&self, attribute: A) -> bool {
        self.row.get(attribute).is_some()
    }

    fn word(&self, attribute: A) -> &str {
        match self.row.get(attribute) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    fn yes(&self, attribute: A) -> bool {
        self.row.get(attribute) == Some(Value::Bool(true))
    }

    fn consumer(&self) -> bool {
        ["free", "pro", "max"].contains(&self.word(A::Plan))
    }

    fn commercial(&self) -> bool {
        ["team", "enterprise", "work", "gov", "education", "api"].contains(&self.word(A::Plan))
    }

    fn active_since(&self, since: A) -> bool {
        let since = self.time(since);
        since.is_some_and(|since| self.time(A::LastActivity).unwrap() >= since)
    }

    fn within(&self, since: A, days: i64) -> bool {
        self.time(since).is_some_and(|since| self.now < since + days * DAY)
    }

    fn part(&self) -> bool {
        self.row.resource == Resource::Part
    }

    /// (permits, forbids) of `train`.
    fn train(&self, purpose: &str) -> (Vec<&'static str>, Vec<&'static str>) {
        let improvement = purpose == "model-improvement";
        let safeguards = purpose == "safeguards";
        let mut permits = Vec::new();
        let mut forbids = Vec::new();
        if !improvement && !safeguards {
            return (permits, forbids);
        }
        if self.part() {
            if self.consumer() && self.word(A::Choice) == "on" && self.active_since(A::ChoiceSince)
            {
                permits.push("choice-on");
            }
            if safeguards && self.within(A::FlaggedAt, 730) {
                permits.push("safety-flag");
            }
            if self.consumer() && self.active_since(A::TrustedTesterSince) {
                permits.push("trusted-tester");
            }
            if self.word(A::Plan) == "api" && self.active_since(A::DevelopmentPartnerSince) {
                permits.push("development-partner");
            }
            if self.word(A::Origin) == "connector" {
                forbids.push("raw-connector-content");
            }
            if improvement && self.yes(A::Incognito) {
                forbids.push("incognito");
            }
            if self.has(A::DeletedAt) {
                forbids.push("deleted");
            }
            if self.has(A::AccountClosedAt) {
                forbids.push("account-closed");
            }
            if self.yes(A::AccountHeld) || self.yes(A::ConversationHeld) {
                forbids.push("legal-hold");
            }
            if !self.yes(A::Adult) {
                forbids.push("under-age");
            }
            let is_partner = self.word(A::Plan) == "api" && self.has(A::DevelopmentPartnerSince);
            if self.commercial() && !is_partner {
                forbids.push("commercial");
            }
        } else if self.within(A::FeedbackAt, 1826) {
            permits.push("feedback");
        }
        (permits, forbids)
    }

    /// (permits, forbids) of `analyze`: whatever the purpose, those of `train` for the safeguards,
    /// of the permits three.
    fn analyze(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let (mut permits, forbids) = self.train("safeguards");
        permits.retain(|id| ["choice-on", "safety-flag", "feedback"].contains(id));
        (permits, forbids)
    }

    /// (permits, forbids) of `recall`.
    fn recall(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let mut forbids = Vec::new();
        if self.has(A::DeletedAt) {
            forbids.push("deleted");
        }
        if self.yes(A::Incognito) {
            forbids.push("incognito");
        }
        if self.has(A::AccountClosedAt) {
            forbids.push("account-closed");
        }
        (vec!["recall"], forbids)
    }

    /// (permits, forbids) of `converse`.
    fn converse(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let deadline = self.time(A::EarliestDeadline);
        let is_overdue = self.consumer()
            && self.word(A::Choice) == "unset"
            && deadline.is_some_and(|deadline| self.now >= deadline);
        let forbids = if is_overdue { vec!["choice-overdue"] } else { Vec::new() };
        (vec!["converse"], forbids)
    }

    /// The satisfied permits of `retain`, each with its end; `None` is no end.
    fn retain(&self) -> Vec<(&'static str, Option<i64>)> {
        let mut ends: Vec<(&'static str, Option<i64>)> = Vec::new();
        if !self.part() {
            ends.push(("keep-feedback", Some(self.time(A::FeedbackAt).unwrap() + 1826 * DAY)));
        } else {
            let last = self.time(A::LastActivity).unwrap();
            let gone = self.has(A::DeletedAt) || self.has(A::AccountClosedAt);
            let choice = self.word(A::Choice);
            if self.consumer()
                && choice == "on"
                && self.active_since(A::ChoiceSince)
                && !self.yes(A::Incognito)
                && !gone
            {
                ends.push(("keep-training", Some(last + 1826 * DAY)));
            }
            if self.consumer() && !gone {
                let mut from = last;
                if let (Some(since), "off") = (self.time(A::ChoiceSince), choice) {
                    from = from.max(since);
                }
                ends.push(("keep-standard", Some(from + 30 * DAY)));
            }
            if self.commercial() && !gone {
                ends.push(("keep-commercial", None));
            }
            for (id, since, days) in [
                ("keep-deleted", A::DeletedAt, 30),
                ("keep-closed", A::AccountClosedAt, 30),
                ("keep-flagged", A::FlaggedAt, 730),
            ] {
                ends.extend(self.time(since).map(|since| (id, Some(since + days * DAY))));
            }
            if self.yes(A::AccountHeld) || self.yes(A::ConversationHeld) {
                ends.push(("keep-held", None));
            }
        }
        ends.retain(|(_, end)| end.is_none_or(|end| self.now < end));
        ends
    }
}

fn strings(reasons: &[Arc<str>]) -> Vec<&str> {
    reasons.iter().map(AsRef::as_ref).collect()
}

fn holds(
    row: &Row,
    now: Instant,
    action: &str,
    purpose: &str,
    (permits, forbids): (Vec<&'static str>, Vec<&'static str>),
) {
    let request = Request { action, purpose, now };
    let decision = &ENGINE.decide_all(&request, &[row.facts()]).unwrap()[0];
    let permit = !permits.is_empty() && forbids.is_empty();
    let expected: BTreeSet<_> = if permit { permits } else { forbids }.into_iter().collect();
    assert_eq!(decision.permit, permit, "{request:?} {row:?} {decision:?}");
    assert_eq!(strings(&decision.reasons), Vec::from_iter(expected), "{request:?} {row:?}");
}

fn purposes() -> impl Strategy<Value = &'static str> {
    select(vec!["model-improvement", "safeguards", "safeguards", "advertising", ""])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(700))]

    #[test]
    fn parts((row, now) in asked_about(Resource::Part), purpose in purposes()) {
        part_or_copy(&row, now, purpose);
    }

    #[test]
    fn copies((row, now) in asked_about(Resource::FeedbackPart), purpose in purposes()) {
        part_or_copy(&row, now, purpose);
    }

    #[test]
    fn conversations((row, now) in asked_about(Resource::Conversation), purpose in purposes()) {
        let tables = Tables { row: row.facts(), now: now.millis() };
        holds(&row, now, "recall", purpose, tables.recall());
    }

    #[test]
    fn accounts((row, now) in asked_about(Resource::Account), purpose in purposes()) {
        let tables = Tables { row: row.facts(), now: now.millis() };
        holds(&row, now, "converse", purpose, tables.converse());
    }
}

fn part_or_copy(row: &Row, now: Instant, purpose: &str) {
    let tables = Tables { row: row.facts(), now: now.millis() };
    holds(row, now, "train", purpose, tables.train(purpose));
    holds(row, now, "analyze", purpose, tables.analyze());
    holds(row, now, "sell", purpose, (Vec::new(), Vec::new()));

    let kept = tables.retain();
    let ids: Vec<_> = kept.iter().map(|(id, _)| *id).collect();
    holds(row, now, "retain", purpose, (ids.clone(), Vec::new()));
    let retention = &ENGINE.retain_all(purpose, now, &[row.facts()]).unwrap()[0];
    let until = if kept.is_empty() {
        Until::Due
    } else if kept.iter().any(|(_, end)| end.is_none()) {
        Until::NoEnd
    } else {
        let latest = kept.iter().filter_map(|(_, end)| *end).max().unwrap();
        Until::At(Instant::from_millis(latest))
    };
    assert_eq!(retention.until, until, "{row:?} {now}");
    let expected: BTreeSet<_> = ids.into_iter().collect();
    assert_eq!(strings(&retention.reasons), Vec::from_iter(expected), "{row:?} {now}");
    assert!(retention.against.is_empty());
}
