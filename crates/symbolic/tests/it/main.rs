//! The solver and the search answer alike. `CVC5` names the solver; without it, nothing is asked,
//! and the tests say so.

use consentry_model::facts::Resource;
use consentry_policy::{CedarEngine, Comparing, PolicySet, Sources, compare};
use consentry_symbolic::{Proof, Prover};
use std::path::Path;
use std::sync::Arc;

fn prover() -> Option<Prover> {
    let path = std::env::var_os("CVC5");
    if path.is_none() {
        eprintln!("skipped: CVC5 names no solver");
    }
    path.map(|path| Prover::new(Path::new(&path)))
}

fn shipped() -> Arc<PolicySet> {
    Arc::new(PolicySet::shipped("claude-consumer").unwrap())
}

/// The shipped set with a text replaced wherever it stands in policies.
fn edited(from: &str, to: &str) -> Arc<PolicySet> {
    let sources = Sources::shipped("claude-consumer").unwrap();
    let files = sources.iter().map(|(name, text)| {
        let text = if name.ends_with(".cedar") { text.replace(from, to) } else { text.to_owned() };
        (name.to_owned(), text)
    });
    Arc::new(PolicySet::load(&Sources::new(files)).unwrap())
}

const QUESTIONS: [(&str, Resource); 6] = [
    ("train", Resource::Part),
    ("train", Resource::FeedbackPart),
    ("retain", Resource::Part),
    ("analyze", Resource::Part),
    ("recall", Resource::Conversation),
    ("converse", Resource::Account),
];

#[test]
fn the_solver_and_the_search_agree() {
    let Some(prover) = prover() else { return };
    let first = shipped();
    let mut seen = [0, 0];
    for (from, to) in [
        ("\"free\", \"pro\", \"max\"", "\"max\", \"free\", \"pro\""),
        ("duration(\"30d\")", "duration(\"720h\")"),
        ("duration(\"730d\")", "duration(\"731d\")"),
        ("resource.last_activity >= resource.choice_since", "resource.at >= resource.choice_since"),
        ("resource.origin == \"connector\"", "resource.kind == \"image\""),
        ("context.now >= resource.earliest_deadline", "context.now > resource.earliest_deadline"),
        (
            "resource is Conversation) && resource has deleted_at",
            "resource is Conversation) && resource.incognito",
        ),
    ] {
        let second = edited(from, to);
        let engines = [&first, &second].map(|set| CedarEngine::new(Arc::clone(set)));
        for (action, resource) in QUESTIONS {
            let comparing = Comparing { action: Some(action.to_owned()), ..Comparing::default() };
            let found = compare(&first, &second, &comparing, &[]).unwrap();
            let is_found = found.groups.iter().any(|group| group.resource == resource);
            match prover.compare(&first, &second, action, resource).unwrap() {
                Proof::Equivalent => {
                    assert!(!is_found, "{action} {resource:?}: {from} → {to}");
                    seen[0] += 1;
                }
                Proof::Differ(witness) => {
                    assert!(is_found, "{action} {resource:?}: {from} → {to}: {witness:?}");
                    let [one, other] = &engines;
                    let answers = witness.answers(action, one, other).unwrap();
                    assert_ne!(answers.first.permit, answers.second.permit, "{witness:?}");
                    seen[1] += 1;
                }
                Proof::Undecided(reason) => panic!("{action} {resource:?}: {reason}"),
            }
        }
    }
    assert!(seen[0] > 10 && seen[1] > 5, "{seen:?}");
}

#[test]
fn a_policy_that_can_err_leaves_it_undecided() {
    let Some(prover) = prover() else { return };
    let erring = edited("duration(\"730d\")", "duration(\"9223372036854775807ms\")");
    let proof = prover.compare(&erring, &erring, "train", Resource::Part).unwrap();
    assert!(
        matches!(&proof, Proof::Undecided(reason) if reason.contains("safety-flag")),
        "{proof:?}"
    );
}

#[test]
fn a_solver_that_is_not_there_is_an_error() {
    let error = Prover::new(Path::new("/nowhere/cvc5"))
        .compare(&shipped(), &shipped(), "train", Resource::Part)
        .unwrap_err();
    assert!(error.to_string().contains("/nowhere/cvc5"), "{error}");
}
