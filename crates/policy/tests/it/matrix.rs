//! A matrix is found from the policies: editing one moves the cells that it decides, and no other
//! thing does.

use consentry_model::Instant;
use consentry_policy::matrix::{Answer, Cell, Matrix};
use consentry_policy::{CedarEngine, PolicySet, Sources};
use std::sync::Arc;

const AS_OF: &str = "2026-11-01T00:00:00Z";

fn matrix(sources: &Sources) -> Matrix {
    let set = PolicySet::load(sources).unwrap();
    Matrix::of(&[CedarEngine::new(Arc::new(set))], Instant::parse(AS_OF).unwrap()).unwrap()
}

fn cell<'m>(matrix: &'m Matrix, aspect: &str) -> &'m Cell {
    let line = matrix.aspects.iter().find(|line| line.aspect == aspect).unwrap();
    &line.cells[0]
}

fn edited(id: &str, file: &str, from: &str, to: &str) -> Sources {
    let shipped = Sources::shipped(id).unwrap();
    assert!(shipped.get(file).unwrap().contains(from), "{id}/{file} has {from}");
    Sources::new(shipped.iter().map(|(name, text)| {
        let text = if name == file { text.replace(from, to) } else { text.to_owned() };
        (name.to_owned(), text)
    }))
}

#[test]
fn the_reference_in_words() {
    let matrix = matrix(&Sources::shipped("claude-consumer").unwrap());
    for (aspect, answer, policies) in [
        ("default", "no", &[][..]),
        ("choice-required", "no", &["choice-overdue"]),
        ("control", "Help Improve our AI models", &[]),
        ("switched-on", "new and resumed ones", &["choice-on"]),
        ("switched-off", "none", &[]),
        ("history", "yes", &["recall"]),
        ("connector", "no", &["raw-connector-content"]),
        ("files", "yes", &["choice-on"]),
        ("feedback", "yes", &["feedback"]),
        ("safety", "safety models only", &["safety-flag"]),
        ("trusted-tester", "yes", &["trusted-tester"]),
        ("private-mode", "no", &["incognito"]),
        ("private-history", "no", &["incognito"]),
        ("private-retention", "30 days", &["keep-standard"]),
        ("retention-on", "1826 days", &["keep-standard", "keep-training"]),
        ("retention-off", "30 days", &["keep-standard"]),
        ("retention-feedback", "1826 days", &["keep-feedback"]),
        ("retention-flagged", "730 days", &["keep-deleted", "keep-flagged"]),
        ("deletion", "30 days", &["keep-deleted"]),
        ("closing", "30 days", &["keep-closed"]),
        ("business", "no", &["commercial"]),
        ("business-retention", "until deleted", &["keep-commercial"]),
        ("partner", "yes", &["development-partner"]),
        ("minors", "no", &["under-age"]),
        ("sale", "no", &[]),
    ] {
        let cell = cell(&matrix, aspect);
        let found: Vec<_> = cell.policies.iter().map(AsRef::as_ref).collect();
        assert_eq!(
            (cell.answer.to_string().as_str(), found.as_slice()),
            (answer, policies),
            "{aspect}"
        );
    }
}

/// Set, file, what stands there, what is put there; aspect, answer before and after.
type Edit = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const EDITS: &[Edit] = &[
    (
        "claude-consumer",
        "retain.cedar",
        "\"730d\"",
        "\"731d\"",
        "retention-flagged",
        "730 days",
        "731 days",
    ),
    ("chatgpt", "retain.cedar", "\"30d\"", "\"45d\"", "deletion", "30 days", "45 days"),
    ("chatgpt", "use.cedar", "choice != \"off\"", "choice == \"on\"", "default", "yes", "no"),
    (
        "chatgpt",
        "use.cedar",
        "resource.started_at <",
        "resource.at <",
        "switched-off",
        "those begun before",
        "what was written before",
    ),
    (
        "gemini",
        "never.cedar",
        "Action::\"recall\", resource is Conversation",
        "Action::\"analyze\", resource is Part",
        "history",
        "no",
        "yes",
    ),
    ("claude-article-news", "use.cedar", "\"30d\"", "\"7d\"", "switched-off", "30 days", "7 days"),
    (
        "claude-article-guide",
        "use.cedar",
        "last_activity >=",
        "started_at >=",
        "switched-on",
        "new and resumed ones",
        "new ones",
    ),
    (
        "claude-article-help",
        "use.cedar",
        "context.purpose == \"safeguards\"",
        "context.purpose != \"\"",
        "safety",
        "safety models only",
        "any model",
    ),
    (
        "grok",
        "set.toml",
        "Improve the model",
        "Learn from me",
        "control",
        "Improve the model",
        "Learn from me",
    ),
    (
        "perplexity",
        "unknown.cedar",
        "unless { resource.adult }",
        "when { resource.adult }",
        "minors",
        "not published",
        "yes",
    ),
];

#[test]
fn editing_a_policy_moves_its_cell() {
    for (id, file, from, to, aspect, before, after) in EDITS {
        let shipped = matrix(&Sources::shipped(id).unwrap());
        assert_eq!(cell(&shipped, aspect).answer.to_string(), *before, "{id}: {aspect}");
        let edited = matrix(&edited(id, file, from, to));
        assert_eq!(cell(&edited, aspect).answer.to_string(), *after, "{id}: {aspect}");
    }
}

/// Taking away any policy that a cell names changes that cell, in every set.
#[test]
fn every_named_policy_matters() {
    let mut taken = 0;
    for id in Sources::shipped_ids() {
        let shipped = Sources::shipped(id).unwrap();
        let whole = matrix(&shipped);
        let set = PolicySet::load(&shipped).unwrap();
        for policy in set.policies() {
            let naming = |line: &&consentry_policy::matrix::Line| {
                line.cells[0].policies.contains(&policy.id)
            };
            let named: Vec<_> = whole.aspects.iter().filter(naming).collect();
            if named.is_empty() {
                continue;
            }
            let text = shipped.get(&policy.file).unwrap();
            let (before, rest) = text.split_once(&format!("@id(\"{}\")", policy.id)).unwrap();
            let without = format!("{before}{}", rest.split_once(";\n").unwrap().1);
            let Ok(set) = PolicySet::load(&Sources::new(shipped.iter().map(|(name, text)| {
                (name, if name == policy.file.as_ref() { without.as_str() } else { text })
            }))) else {
                panic!("{id}: without {} the set does not load", policy.id);
            };
            let engine = CedarEngine::new(Arc::new(set));
            let less = Matrix::of(&[engine], whole.as_of).unwrap();
            for line in named {
                assert_ne!(cell(&less, line.aspect), &line.cells[0], "{id}: {}", policy.id);
            }
            taken += 1;
        }
    }
    assert!(taken > 150, "{taken}");
}

#[test]
fn what_is_not_published_is_told_with_its_words() {
    let matrix = matrix(&Sources::shipped("meta-ai").unwrap());
    let kept = cell(&matrix, "retention-on");
    assert_eq!(kept.answer, Answer::NotPublished);
    assert_eq!(
        kept.not_published,
        ["how long conversations are kept; the terms decide case by case"]
    );
}

#[test]
fn an_action_that_a_set_lacks_is_told() {
    let set = crate::sets::sources(&[(
        "keep",
        "permit(principal, action == Action::\"retain\", resource)",
    )]);
    let matrix = matrix(&set);
    assert_eq!(cell(&matrix, "sale").answer, Answer::NoAction);
    assert_eq!(cell(&matrix, "control").answer, Answer::NoLabel);
    assert_eq!(cell(&matrix, "retention-on").answer, Answer::NoEnd);
}

#[test]
fn an_end_that_cannot_be_derived_is_not_taken_for_none() {
    let set = |condition: &str| {
        crate::sets::sources(&[(
            "train",
            &format!(
                "permit(principal, action == Action::\"train\", resource) when {{ {condition} }}"
            ),
        )])
    };
    let always = matrix(&set("context.purpose != \"none\""));
    assert_eq!(cell(&always, "switched-off").answer, Answer::Everything);
    let in_the_morning = matrix(&set("context.now.toTime() < duration(\"8h\")"));
    assert_eq!(cell(&in_the_morning, "switched-off").answer, Answer::NotDerived);
}
