//! When decisions turn, against asking at every millisecond.

use crate::sets::{set, sources};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use consentry_policy::{
    CedarEngine, Decision, Engine, PolicySet, Request, RequestError, Retention, Until,
};
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::Arc;

fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

fn part(times: [Option<i64>; 4]) -> Facts<'static> {
    let mut facts = Facts::new(Resource::Part);
    facts.set(Attribute::Choice, Some(Value::Text("on")));
    facts.set(Attribute::Adult, Some(Value::Bool(true)));
    facts.set(Attribute::Origin, Some(Value::Text("user")));
    let attributes = [
        Attribute::LastActivity,
        Attribute::DeletedAt,
        Attribute::FlaggedAt,
        Attribute::ChoiceSince,
    ];
    for (attribute, time) in attributes.into_iter().zip(times) {
        facts.set(attribute, time.map(|time| Value::Time(at(time))));
    }
    facts
}

fn ask(engine: &CedarEngine, action: &str, now: i64, row: &Facts<'_>) -> Decision {
    let request = Request { action, purpose: "p", now: at(now) };
    engine.decide(&request, row).unwrap()
}

/// The decision at every millisecond of a stretch is what the turning points say, and `until` is
/// the first deny.
fn holds(set: &Arc<PolicySet>, row: &Facts<'_>, now: i64, end: i64) {
    let truth = CedarEngine::plain(Arc::clone(set));
    let engine = CedarEngine::new(Arc::clone(set));
    let request = Request { action: "retain", purpose: "p", now: at(now) };
    let points = engine.turning_points(&request, row).unwrap();
    let retention = &engine.retain_all("p", at(now), std::slice::from_ref(row)).unwrap()[0];
    let mut denied = None;
    let mut expected = ask(&truth, "retain", now, row);
    let mut rest = points.iter().peekable();
    for t in now..=end {
        if let Some(point) = rest.next_if(|point| point.at == at(t)) {
            assert_ne!(point.decision, expected, "nothing changes at {t}: {points:?}");
            expected = point.decision.clone();
        }
        let found = ask(&truth, "retain", t, row);
        assert_eq!(found, expected, "at {t}; {points:?}");
        if !found.permit && denied.is_none() {
            denied = Some(t);
        }
    }
    // Beyond the stretch: at least where it is said to turn, it does.
    for point in rest {
        let Some(before) = point.at.millis().checked_sub(1) else { continue };
        assert_ne!(ask(&truth, "retain", before, row), point.decision);
        assert_eq!(ask(&truth, "retain", point.at.millis(), row), point.decision);
    }
    match (denied, retention.until) {
        (Some(first), Until::Due) => assert_eq!(first, now),
        (Some(first), Until::At(until)) => assert_eq!(until, at(first)),
        (Some(first), Until::NoEnd) => panic!("denied at {first}, but there is no end"),
        (None, Until::At(until)) => assert!(until > at(end)),
        (None, until) => assert_eq!(until, Until::NoEnd),
    }
}

/// A time attribute with the guard that it may need, or a constant.
fn time() -> impl Strategy<Value = (&'static str, String)> {
    select(vec![
        ("true", "resource.last_activity".to_owned()),
        ("resource has deleted_at", "resource.deleted_at".to_owned()),
        ("resource has flagged_at", "resource.flagged_at".to_owned()),
        ("true", "datetime(\"1970-01-01T00:00:00.010Z\")".to_owned()),
        ("true", "datetime(\"1970-01-01\")".to_owned()),
    ])
}

/// A condition that time may turn: every form that is accepted.
fn atom() -> impl Strategy<Value = String> {
    let compare = select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let edge = select(vec![
        "9223372036854775800ms",
        "9223372036854775807ms",
        "-9223372036854775808ms",
        "-9223372036854775800ms",
    ]);
    let factor = select(vec![-3i64, -1, 0, 1, 2, 7, 4_611_686_018_427_387_904]);
    (time(), compare, -15..15i64, edge, factor, 0..9usize).prop_map(
        |((guard, time), compare, n, edge, factor, form)| {
            let now = "context.now";
            let comparison = match form {
                0 => format!("{now} {compare} {time}.offset(duration(\"{n}ms\"))"),
                1 => format!("{time}.offset(duration(\"{n}ms\")) {compare} {now}"),
                2 => format!("{now}.durationSince({time}) {compare} duration(\"{n}ms\")"),
                3 => format!("duration(\"{n}ms\") {compare} {time}.durationSince({now})"),
                4 => format!("{now}.offset(duration(\"{n}ms\")) {compare} {time}"),
                5 => format!(
                    "{now}.durationSince({time}).toMilliseconds() * {factor} + {n} {compare} 10"
                ),
                6 => format!(
                    "{n} {compare} -({factor} * {time}.durationSince({now}).toMilliseconds()) - 4"
                ),
                7 => format!("{now}.offset(duration(\"{edge}\")) {compare} {time}"),
                _ => format!("{now}.offset({now}.durationSince({time})) {compare} {now}"),
            };
            format!("({guard} && {comparison})")
        },
    )
}

fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        6 => atom(),
        1 => Just("(resource has deleted_at)".to_owned()),
        1 => Just("(resource.choice == \"off\")".to_owned()),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|a| format!("(!{a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} == {b})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("(if {a} then {b} else {c})")),
        ]
    })
}

fn policy(effect: &'static str) -> impl Strategy<Value = String> {
    condition().prop_map(move |condition| {
        let scope = "principal, action == Action::\"retain\", resource is Part";
        format!("{effect}({scope}) when {{ {condition} }}")
    })
}

fn maybe_time() -> impl Strategy<Value = Option<i64>> {
    prop::option::weighted(0.8, -12..12i64)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn turning_points_are_exact(
        permits in prop::collection::vec(policy("permit"), 1..4),
        forbid in prop::option::weighted(0.3, policy("forbid")),
        times in (-12..12i64, maybe_time(), maybe_time(), maybe_time()),
        now in -30..30i64,
    ) {
        let mut policies: Vec<_> = permits.iter().map(String::as_str).collect();
        policies.extend(forbid.as_deref());
        let ids = ["one", "two", "three", "four"];
        let policies: Vec<_> = ids.into_iter().zip(policies).collect();
        // A condition may be impossible by its type alone; such a set is refused, rightly.
        let set = match PolicySet::load(&sources(&policies)) {
            Ok(set) => Arc::new(set),
            Err(error) => {
                prop_assert!(error.problems.iter().all(|problem| problem.kind() == "policy::impossible"), "{error}");
                return Ok(());
            }
        };
        let row = part([Some(times.0), times.1, times.2, times.3]);
        holds(&set, &row, now, now + 70);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whole seconds: a window of a few of them, on both sides of zero, where cutting turns round.
    #[test]
    fn whole_units_are_cut_as_cedar_cuts_them(
        last in -1200..1200i64,
        n in -2..=2i64,
        compare in select(vec!["<", "<=", ">", ">=", "==", "!="]),
        form in 0..3usize,
    ) {
        let condition = match form {
            0 => format!("context.now.durationSince(resource.last_activity).toSeconds() {compare} {n}"),
            1 => format!("{n} {compare} 3 - resource.last_activity.durationSince(context.now).toSeconds() * 2"),
            _ => format!("context.now.durationSince(resource.last_activity).toSeconds() + {n} {compare} 0"),
        };
        let body = format!("permit(principal, action == Action::\"retain\", resource is Part) when {{ {condition} }}");
        let set = set(&[("one", &body)]);
        holds(&set, &part([Some(last), None, None, None]), last - 1100, last + 1100);
    }
}

#[test]
fn dates_begin_at_midnight() {
    let body = "permit(principal, action == Action::\"retain\", resource is Part)
        when { context.now.toDate() <= resource.last_activity.toDate().offset(duration(\"2d\")) }";
    let engine = CedarEngine::new(set(&[("one", body)]));
    let last = Instant::parse("2026-03-10T17:00:00Z").unwrap();
    let row = part([Some(last.millis()), None, None, None]);
    let retention = &engine.retain_all("", last, &[row]).unwrap()[0];
    let end = Instant::parse("2026-03-13T00:00:00Z").unwrap();
    assert_eq!(retention.until, Until::At(end));
}

#[test]
fn days_since_can_be_counted() {
    let body = "permit(principal, action == Action::\"retain\", resource is Part)
        unless { context.now.durationSince(resource.last_activity).toDays() >= 30 }";
    let engine = CedarEngine::new(set(&[("one", body)]));
    let row = part([Some(7), None, None, None]);
    let retention = &engine.retain_all("", at(8), &[row]).unwrap()[0];
    assert_eq!(retention.until, Until::At(at(7 + 30 * 86_400_000)));
}

#[test]
fn a_part_that_is_kept_again_later_is_due_in_between() {
    let body = "permit(principal, action == Action::\"retain\", resource is Part)
        when { context.now < resource.last_activity.offset(duration(\"5ms\"))
            || context.now >= resource.last_activity.offset(duration(\"9ms\")) }";
    let set = set(&[("one", body)]);
    let row = part([Some(0), None, None, None]);
    for (now, until) in [(4, Until::At(at(5))), (5, Until::Due), (8, Until::Due), (9, Until::NoEnd)]
    {
        let engine = CedarEngine::new(Arc::clone(&set));
        let retention = &engine.retain_all("", at(now), std::slice::from_ref(&row)).unwrap()[0];
        assert_eq!(retention.until, until, "{now}");
    }
}

#[test]
fn an_error_ends_the_keeping_when_it_begins() {
    let body = "permit(principal, action == Action::\"retain\", resource is Part)
        when { resource.adult || context.now.offset(duration(\"9223372036854775797ms\")) > context.now }";
    let forbid = "forbid(principal, action == Action::\"retain\", resource is Part)
        when { context.now.offset(duration(\"9223372036854775797ms\")) < context.now }";
    let set = set(&[("keep", body), ("never", forbid)]);
    let row = part([Some(0), None, None, None]);
    let engine = CedarEngine::new(set);
    let asked = |now| -> Retention {
        engine.retain_all("", at(now), std::slice::from_ref(&row)).unwrap()[0].clone()
    };
    let kept = asked(3);
    assert_eq!(kept.until, Until::At(at(11)));
    assert_eq!(kept.reasons.as_ref(), ["keep".into()]);
    assert!(kept.against.is_empty());
    let due = asked(11);
    assert_eq!(due.until, Until::Due);
    assert_eq!(due.reasons.as_ref(), ["keep".into()], "every permit satisfied, even so");
    assert_eq!(due.against.as_ref(), ["policy-error:never".into()]);
}

#[test]
fn editing_the_days_in_the_file_moves_the_date() {
    let row = {
        let mut facts = Facts::new(Resource::FeedbackPart);
        facts.set(Attribute::FeedbackAt, Some(Value::Time(at(0))));
        facts
    };
    for days in [30, 45] {
        let body = format!(
            "permit(principal, action == Action::\"retain\", resource is FeedbackPart)
            when {{ context.now < resource.feedback_at.offset(duration(\"{days}d\")) }}"
        );
        let engine = CedarEngine::new(set(&[("keep", &body)]));
        let retention = &engine.retain_all("", at(0), std::slice::from_ref(&row)).unwrap()[0];
        assert_eq!(retention.until, Until::At(at(days * 86_400_000)));
    }
}

#[test]
fn the_ends_of_the_range_are_answered_too() {
    let body = "permit(principal, action == Action::\"retain\", resource is Part)
        when { context.now >= resource.last_activity }";
    let engine = CedarEngine::new(set(&[("one", body)]));
    // Years 0 to 9999 are written as dates for Cedar, all others otherwise.
    let edges = [-62_167_219_200_000, 253_402_300_800_000].map(|edge| [edge - 1, edge, edge + 1]);
    for last in edges.concat().into_iter().chain([i64::MIN, 0, i64::MAX]) {
        let row = part([Some(last), None, None, None]);
        for now in [i64::MIN, -1, 0, i64::MAX, last, last.saturating_sub(1)] {
            let retention = &engine.retain_all("", at(now), std::slice::from_ref(&row)).unwrap()[0];
            let until = if now >= last { Until::NoEnd } else { Until::Due };
            assert_eq!(retention.until, until, "{last} {now}");
        }
    }
}

#[test]
fn what_cannot_be_derived_is_refused_only_when_asked() {
    let body = "permit(principal, action == Action::\"train\", resource is Part)
        when { context.now.toTime() < duration(\"8h\") }";
    let set = set(&[("early", body)]);
    assert!(set.warnings().iter().any(|problem| problem.kind() == "policy::underivable"));
    let engine = CedarEngine::new(set);
    let row = part([Some(0), None, None, None]);
    assert!(ask(&engine, "train", 1000, &row).permit);
    let request = Request { action: "train", purpose: "", now: at(0) };
    let error = engine.turning_points(&request, &row).unwrap_err();
    assert!(
        matches!(&error, RequestError::Underivable { policy, .. } if policy.as_ref() == "early")
    );
    assert_eq!(engine.decide_all(&request, &[row]).unwrap().len(), 1);
}
