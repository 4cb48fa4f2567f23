//! What a set says of what is published: its switch, and what is not.

use crate::sets::{SCHEMA, SET};
use consentry_policy::{Decision, PolicySet, Sources};
use std::sync::Arc;

#[test]
fn what_is_not_published_needs_no_provision() {
    let forbid = "forbid(principal, action == Action::\"train\", resource is Part)";
    let text = format!("@id(\"a\") @title(\"A\")\n@unknown(\" when it ends \")\n{forbid};");
    let files = [SET, ("schema.cedarschema", SCHEMA), ("p.cedar", text.as_str())];
    let set = PolicySet::load(&Sources::new(files)).unwrap();
    assert!(set.warnings().is_empty());
    assert_eq!(set.policies()[0].unknown.as_deref(), Some("when it ends"));
}

#[test]
fn the_control_of_a_set_is_optional_but_never_empty() {
    let with = |control: &str| {
        let named = format!("{}{control}", SET.1);
        let policy = "@id(\"a\") @title(\"A\")
            permit(principal, action == Action::\"train\", resource is Part);";
        let files =
            [("set.toml", named.as_str()), ("schema.cedarschema", SCHEMA), ("p.cedar", policy)];
        PolicySet::load(&Sources::new(files))
    };
    assert_eq!(with("").unwrap().control(), None);
    assert_eq!(with("control = \"A switch\"\n").unwrap().control(), Some("A switch"));
    let problems = with("control = \" \"\n").unwrap_err().problems;
    assert!(problems.iter().any(|problem| problem.kind() == "set::empty"), "{problems:?}");
}

#[test]
fn a_denial_rests_on_silence_only_if_nothing_published_forbids() {
    let set = PolicySet::shipped("grok").unwrap();
    let decision = |permit, reasons: &[&str]| Decision {
        permit,
        reasons: reasons.iter().map(|id| Arc::from(*id)).collect(),
    };
    for (permit, reasons, rests) in [
        (false, &["under-age"][..], true),
        (false, &["private-mode", "under-age"], true),
        (false, &["business", "under-age"], false),
        (false, &["business"], false),
        (false, &["policy-error:under-age", "private-mode"], false),
        (false, &[], false),
        (true, &["choice-on"], false),
    ] {
        assert_eq!(set.rests_on_unknown(&decision(permit, reasons)), rests, "{reasons:?}");
    }
    let reasons = decision(false, &["business", "review", "under-age"]).reasons;
    let told: Vec<_> = set.unknown(reasons.iter()).collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0], "whether people study conversations");
}
