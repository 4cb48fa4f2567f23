//! Five articles tell one product's rules in five ways. For each point on which they disagree there
//! is a row of facts that their sets decide differently.

use consentry_model::Instant;
use consentry_model::facts::{Attribute as A, Facts, Resource, Value};
use consentry_policy::{CedarEngine, Engine, PolicySet, Request};
use std::sync::Arc;

const HELP: &str = "claude-article-help";
const EXPLAINER: &str = "claude-article-explainer";
const MONITOR: &str = "claude-article-monitor";
const GUIDE: &str = "claude-article-guide";
const NEWS: &str = "claude-article-news";

fn at(text: &str) -> Option<Value<'static>> {
    Some(Value::Time(Instant::parse(&format!("{text}T00:00:00Z")).unwrap()))
}

const fn text(text: &'static str) -> Option<Value<'static>> {
    Some(Value::Text(text))
}

type Change = (A, Option<Value<'static>>);

fn permits(set: &str, action: &str, purpose: &str, resource: Resource, changes: &[Change]) -> bool {
    let mut row = Facts::new(resource);
    let usual = [
        (A::Plan, text("pro")),
        (A::Choice, text("on")),
        (A::ChoiceSince, at("2026-05-01")),
        (A::Adult, Some(Value::Bool(true))),
        (A::AccountHeld, Some(Value::Bool(false))),
        (A::Surface, text("chat")),
        (A::Incognito, Some(Value::Bool(false))),
        (A::StartedAt, at("2026-06-01")),
        (A::LastActivity, at("2026-06-10")),
        (A::ConversationHeld, Some(Value::Bool(false))),
        (A::At, at("2026-06-01")),
        (A::Role, text("user")),
        (A::Kind, text("text")),
        (A::Origin, text("user")),
        (A::FeedbackAt, at("2026-06-10")),
        (A::Rating, text("up")),
    ];
    let carried = |attribute| match resource {
        Resource::Conversation => {
            !matches!(attribute, A::At | A::Role | A::Kind | A::Origin | A::FeedbackAt | A::Rating)
        }
        Resource::FeedbackPart => {
            matches!(attribute, A::Role | A::Kind | A::Origin | A::FeedbackAt | A::Rating)
        }
        Resource::Part | Resource::Account => !matches!(attribute, A::FeedbackAt | A::Rating),
    };
    for (attribute, value) in usual.iter().chain(changes) {
        if carried(*attribute) {
            row.set(*attribute, *value);
        }
    }
    let engine = CedarEngine::new(Arc::new(PolicySet::shipped(set).unwrap()));
    let now = Instant::parse("2026-06-20T00:00:00Z").unwrap();
    engine.decide_all(&Request { action, purpose, now }, &[row]).unwrap()[0].permit
}

/// The articles that permit it, in the order of the list.
fn permitting(
    action: &str,
    purpose: &str,
    resource: Resource,
    changes: &[Change],
) -> Vec<&'static str> {
    let mut sets = vec![HELP, EXPLAINER, MONITOR, GUIDE, NEWS];
    sets.retain(|set| permits(set, action, purpose, resource, changes));
    sets
}

fn training(changes: &[Change]) -> Vec<&'static str> {
    permitting("train", "model-improvement", Resource::Part, changes)
}

fn off(since: &str) -> [Change; 2] {
    [(A::Choice, text("off")), (A::ChoiceSince, at(since))]
}

#[test]
fn what_holds_before_a_choice() {
    let unset = [(A::Choice, text("unset")), (A::ChoiceSince, None)];
    assert_eq!(training(&unset), [EXPLAINER, MONITOR, NEWS]);
}

#[test]
fn whether_switching_off_turns_the_history_off() {
    let shown = permitting("recall", "", Resource::Conversation, &off("2026-05-01"));
    assert_eq!(shown, [HELP, MONITOR, GUIDE, NEWS]);
}

#[test]
fn whether_switching_off_reaches_back() {
    let mut changes = off("2026-06-15").to_vec();
    changes.extend([(A::StartedAt, at("2026-04-01")), (A::At, at("2026-04-01"))]);
    changes.push((A::LastActivity, at("2026-04-02")));
    assert_eq!(training(&changes), [EXPLAINER]);
}

#[test]
fn from_when_a_choice_counts() {
    let resumed = [(A::ChoiceSince, at("2026-06-05"))];
    assert_eq!(training(&resumed), [HELP, MONITOR, GUIDE, NEWS]);
    let not_resumed = [(A::ChoiceSince, at("2026-06-15"))];
    assert_eq!(training(&not_resumed), [MONITOR, NEWS]);
}

#[test]
fn what_becomes_of_those_who_opted_out() {
    assert_eq!(training(&off("2026-05-01")), [NEWS]);
    let mut older = off("2026-04-01").to_vec();
    older.extend([(A::StartedAt, at("2026-05-01")), (A::LastActivity, at("2026-05-21"))]);
    assert_eq!(training(&older), [""; 0], "thirty days are over");
}

#[test]
fn what_goes_round_the_switch_and_for_which_models() {
    let feedback = permitting("train", "model-improvement", Resource::FeedbackPart, &[]);
    assert_eq!(feedback, [HELP, MONITOR]);
    let mut flagged = off("2026-03-01").to_vec();
    flagged.extend([(A::StartedAt, at("2026-04-01")), (A::LastActivity, at("2026-05-01"))]);
    flagged.push((A::FlaggedAt, at("2026-05-01")));
    let sets = |purpose| permitting("train", purpose, Resource::Part, &flagged);
    assert_eq!(sets("safeguards"), [HELP, MONITOR]);
    assert_eq!(sets("model-improvement"), [MONITOR]);
    assert_eq!(sets("safety-research"), [MONITOR]);
}

#[test]
fn what_holds_for_business_plans() {
    let joined = (A::DevelopmentPartnerSince, at("2026-01-01"));
    let team = (A::Plan, text("team"));
    assert_eq!(training(&[team, joined]), [EXPLAINER, NEWS]);
    assert_eq!(training(&[team]), [EXPLAINER]);
    let mut declined = off("2026-05-01").to_vec();
    declined.push(team);
    assert_eq!(training(&declined), [""; 0]);
    declined.push(joined);
    assert_eq!(training(&declined), [NEWS]);
}

#[test]
fn which_routes_only_one_of_them_tells() {
    let mut tester = off("2026-03-01").to_vec();
    tester.extend([(A::StartedAt, at("2026-04-01")), (A::LastActivity, at("2026-05-01"))]);
    assert_eq!(training(&tester), [""; 0]);
    tester.push((A::TrustedTesterSince, at("2026-01-01")));
    assert_eq!(training(&tester), [HELP]);
    let connector = [(A::Origin, text("connector")), (A::Connector, text("google-drive"))];
    assert_eq!(training(&connector), [EXPLAINER, MONITOR, GUIDE, NEWS]);
}
