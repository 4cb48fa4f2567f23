use super::*;
use crate::expr::conditions;
use consentry_model::facts::{Attribute, Resource, Value};

fn derive(condition: &str) -> Result<Vec<Comparison>, Vec<Refusal>> {
    let text = format!("permit(principal, action, resource) when {{ {condition} }};");
    let policy = cedar_policy::Policy::parse(None, text).unwrap();
    let pst = policy.to_pst().unwrap();
    comparisons(&conditions(&pst).unwrap())
}

/// The turns of a condition for a part that was last active at 1000.
fn turns(condition: &str) -> Vec<i64> {
    let mut facts = Facts::new(Resource::Part);
    let last = Value::Time(Instant::from_millis(1000));
    facts.set(Attribute::LastActivity, Some(last));
    let mut turns = BTreeSet::new();
    for comparison in derive(condition).unwrap() {
        comparison.turns(&facts, &mut turns);
    }
    turns.into_iter().map(Instant::millis).collect()
}

#[test]
fn a_comparison_with_the_present_instant_turns_there_and_right_after() {
    assert_eq!(turns("context.now < resource.last_activity"), [1000, 1001]);
    assert_eq!(
        turns("context.now < resource.last_activity.offset(duration(\"-2s\"))"),
        [-1000, -999]
    );
    assert_eq!(turns("datetime(\"1970-01-01T00:00:00.005Z\") == context.now"), [5, 6]);
}

#[test]
fn what_does_not_depend_on_the_present_instant_does_not_turn() {
    assert_eq!(turns("resource.adult && context.purpose == \"x\""), [0; 0]);
    assert_eq!(turns("context has now && context.now == context.now"), [0; 0]);
    assert_eq!(turns("resource has deleted_at && context.now < resource.deleted_at"), [0; 0]);
}

#[test]
fn leaving_the_range_is_a_turn() {
    let edge = "duration(\"9223372036854775800ms\")";
    let found = turns(&format!("context.now.offset({edge}) > resource.last_activity"));
    assert_eq!(found, [1000 - 9_223_372_036_854_775_800, 1001 - 9_223_372_036_854_775_800, 8]);
}

#[test]
fn numbers_need_not_go_at_the_pace_of_time() {
    let since = "context.now.durationSince(resource.last_activity).toMilliseconds()";
    // Three milliseconds a step: at 7 there is none, so that only one instant turns.
    assert!(turns(&format!("{since} * 3 < 7")).contains(&1003));
    assert!(turns(&format!("-({since}) * 3 < 7")).contains(&998));
}

#[test]
fn every_refusal_says_why_and_where() {
    let refused = |condition: &str| {
        let refusals = derive(condition).unwrap_err();
        assert_eq!(refusals.len(), 1, "{condition}: {refusals:?}");
        let refusal = refusals.into_iter().next().unwrap();
        (refusal.reason, refusal.mentions)
    };
    let (reason, mentions) =
        refused("context.now > resource.at && context.now.toTime() < duration(\"8h\")");
    assert_eq!(reason, "the time of the day comes back every day");
    assert_eq!(mentions, Some((1, 1)));
    let (reason, mentions) = refused("[context.now, context.now].contains(resource.at)");
    assert_eq!(reason, "the present instant is not compared with anything");
    assert_eq!(mentions, Some((0, 1)));
    let (reason, mentions) = refused("{now: context.purpose} == context");
    assert_eq!(reason, "the context is used as a whole");
    assert_eq!(mentions, None);
    let (reason, _) = refused("context.now < resource.origin");
    assert_eq!(reason, "`origin` is not an instant");
    let (reason, _) = refused(
        "context.now.durationSince(resource.at).toDays() * resource.at.durationSince(resource.at).toDays() > 1",
    );
    assert_eq!(reason, "neither side of the multiplication is a number");
    let (reason, _) = refused(
        "context.now.durationSince(resource.at).toDays() > context.now.durationSince(resource.at).toHours()",
    );
    assert_eq!(reason, "both sides move, in a way that may turn more than once");
}
