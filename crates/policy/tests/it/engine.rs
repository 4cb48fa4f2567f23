//! Deciding: errors deny, memory changes nothing, and requests that make no sense are refused.

use crate::rows::{RESOURCES, Row, asked_about, row_about};
use crate::sets::set;
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use consentry_policy::{CedarEngine, Engine, PolicySet, Request, RequestError};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::Arc;

const SCOPE: &str = "(principal, action == Action::\"train\", resource is Part)";
/// Overflows where the conversation was ever active after 1970.
const ERR: &str =
    "resource.last_activity.offset(duration(\"9223372036854775807ms\")) > context.now";

fn part(last_activity: i64) -> Facts<'static> {
    let mut facts = Facts::new(Resource::Part);
    facts.set(Attribute::Choice, Some(Value::Text("on")));
    facts.set(Attribute::Adult, Some(Value::Bool(true)));
    facts.set(Attribute::Origin, Some(Value::Text("user")));
    let last = Instant::from_millis(last_activity);
    facts.set(Attribute::LastActivity, Some(Value::Time(last)));
    facts
}

/// Whether it is a permit, and the reasons, for a part that makes [`ERR`] err or one that does not.
fn decide(policies: &[(&str, String)], errs: bool) -> (bool, Vec<String>) {
    let policies: Vec<_> = policies.iter().map(|(id, body)| (*id, body.as_str())).collect();
    let engine = CedarEngine::new(set(&policies));
    let request = Request { action: "train", purpose: "p", now: Instant::from_millis(5) };
    let decision = engine.decide(&request, &part(i64::from(errs))).unwrap();
    let reasons = decision.reasons.iter().map(ToString::to_string).collect();
    (decision.permit, reasons)
}

fn deny(reasons: &[&str]) -> (bool, Vec<String>) {
    (false, reasons.iter().map(ToString::to_string).collect())
}

#[test]
fn an_erring_policy_denies_whatever_its_effect() {
    let yes = ("yes", format!("permit{SCOPE}"));
    let no = ("no", format!("forbid{SCOPE}"));
    let forbid = ("b", format!("forbid{SCOPE} unless {{ {ERR} }}"));
    let permit = ("a", format!("permit{SCOPE} when {{ {ERR} }}"));
    // Without an error the forbid is not satisfied, and the permit is.
    assert_eq!(decide(&[yes.clone(), forbid.clone()], false), (true, vec!["yes".to_owned()]));
    assert_eq!(
        decide(&[yes.clone(), permit.clone()], false),
        (true, vec!["a".to_owned(), "yes".to_owned()])
    );
    assert_eq!(decide(&[yes.clone(), forbid.clone()], true), deny(&["policy-error:b"]));
    assert_eq!(decide(&[yes.clone(), permit.clone()], true), deny(&["policy-error:a"]));
    assert_eq!(decide(std::slice::from_ref(&permit), true), deny(&["policy-error:a"]));
    assert_eq!(
        decide(&[yes, no, permit, forbid, ("zz", format!("forbid{SCOPE}"))], true),
        deny(&["no", "policy-error:a", "policy-error:b", "zz"])
    );
}

#[test]
fn nothing_permitted_forbade_or_erred() {
    let never = ("yes", format!("permit{SCOPE} unless {{ resource.adult }}"));
    assert_eq!(decide(&[never], false), deny(&[]));
    assert_eq!(decide(&[], false), deny(&[]));
}

#[test]
fn reasons_are_sorted_by_bytes() {
    let permits = ["b", "a-b", "a1", "a", "ab"];
    let policies: Vec<_> = permits.iter().map(|id| (*id, format!("permit{SCOPE}"))).collect();
    let (permit, reasons) = decide(&policies, false);
    assert!(permit);
    assert_eq!(reasons, ["a", "a-b", "a1", "ab", "b"]);
}

fn shipped() -> Arc<PolicySet> {
    Arc::new(PolicySet::shipped("claude-consumer").unwrap())
}

#[test]
fn an_unknown_action_is_refused_with_the_known_ones() {
    let engine = CedarEngine::new(shipped());
    let request = Request { action: "trian", purpose: "p", now: Instant::from_millis(0) };
    let error = engine.decide_all(&request, &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the policy set `claude-consumer` knows no action `trian`: its actions are `analyze`, \
         `converse`, `recall`, `retain`, `sell`, `train`"
    );
}

#[test]
fn an_action_is_refused_for_what_it_does_not_apply_to() {
    let engine = CedarEngine::new(shipped());
    let request = Request { action: "train", purpose: "p", now: Instant::from_millis(0) };
    let account = Facts::new(Resource::Account);
    let error = engine.decide(&request, &account).unwrap_err();
    assert!(matches!(error, RequestError::NotApplicable { .. }));
    assert_eq!(
        error.to_string(),
        "the action `train` does not apply to `Account`, only to `Part`, `FeedbackPart`"
    );
    let applies: Vec<_> = engine.set().actions().collect();
    let parts = [Resource::Part, Resource::FeedbackPart];
    assert_eq!(applies[0], ("analyze", &parts[..]));
    assert_eq!(engine.set().applies_to("converse").unwrap(), [Resource::Account]);
    assert_eq!(engine.set().applies_to("recall").unwrap(), [Resource::Conversation]);
}

#[test]
fn metadata_leads_from_a_reason_to_what_it_implements() {
    let set = shipped();
    let policy = set.policy("safety-flag").unwrap();
    assert_eq!(policy.file.as_ref(), "use.cedar");
    let line = set.files().get("use.cedar").unwrap().lines().nth(policy.line - 1);
    assert_eq!(line, Some("@id(\"safety-flag\")"));
    let obligations: Vec<_> = policy.obligations.iter().map(|o| o.as_str()).collect();
    assert_eq!(obligations, ["deidentify", "delink"]);
    let cited: Vec<_> = set.cited_by("safety-flag").map(|p| p.id.as_ref()).collect();
    assert_eq!(cited, ["flagged-training", "flagged-delinked", "flagged-retention"]);
    assert_eq!(set.cited_by("nothing").count(), 0);
}

/// Rows of a kind, one after the other, as a conversation has them: many alike, and many that differ
/// in a single attribute, whether or not a policy reads it.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    select(RESOURCES.to_vec()).prop_flat_map(|resource| {
        let rows = prop::collection::vec(row_about(resource), 2..4);
        let picks = (any::<Index>(), any::<Index>(), select(Attribute::ALL));
        (rows, prop::collection::vec(picks, 1..12)).prop_map(|(rows, picks)| {
            let vary = |(of, by, attribute): &(Index, Index, Attribute)| {
                let mut row = of.get(&rows).clone();
                row.facts.retain(|(known, _)| known != attribute);
                let other = by.get(&rows).facts.iter().find(|(known, _)| known == attribute);
                row.facts.extend(other.cloned());
                row
            };
            picks.iter().map(vary).collect()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn memory_changes_no_answer(
        rows in rows(),
        (_, now) in asked_about(Resource::Part),
        purposes in prop::collection::vec(select(vec!["model-improvement", "safeguards", "x"]), 1..3),
    ) {
        let set = shipped_once();
        let (engine, truth) = (CedarEngine::new(Arc::clone(&set)), CedarEngine::plain(Arc::clone(&set)));
        let resource = rows[0].resource;
        let rows: Vec<_> = rows.iter().map(Row::facts).collect();
        let actions = set.actions().filter(|(_, applies)| applies.contains(&resource));
        for (action, _) in actions {
            for (later, purpose) in purposes.iter().enumerate() {
                let now = now.checked_add_millis(i64::try_from(later).unwrap()).unwrap();
                let request = Request { action, purpose, now };
                let expected = truth.decide_all(&request, &rows).unwrap();
                // The second time everything is remembered.
                for _ in 0..2 {
                    prop_assert_eq!(&engine.decide_all(&request, &rows).unwrap(), &expected);
                }
                if action == "retain" {
                    let expected = truth.retain_all(purpose, now, &rows).unwrap();
                    for _ in 0..2 {
                        prop_assert_eq!(&engine.retain_all(purpose, now, &rows).unwrap(), &expected);
                    }
                }
            }
        }
    }
}

fn shipped_once() -> Arc<PolicySet> {
    static SET: std::sync::LazyLock<Arc<PolicySet>> = std::sync::LazyLock::new(shipped);
    Arc::clone(&SET)
}
