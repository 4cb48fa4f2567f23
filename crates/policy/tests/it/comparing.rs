//! Comparing sets: what is found is so, and what is not found is not there.

use consentry_model::facts::Resource;
use consentry_policy::{
    Against, CedarEngine, Comparing, Confirming, Differences, Engine, Kind, PolicySet, Request,
    Sources, compare,
};
use std::sync::Arc;

fn differences(first: &Arc<PolicySet>, second: &Arc<PolicySet>, comparing: &Comparing) -> Differences {
    let one = CedarEngine::new(Arc::clone(first));
    let other = CedarEngine::new(Arc::clone(second));
    let confirming = [Confirming { name: "cedar", first: &one, second: &other }];
    compare(first, second, comparing, &confirming).unwrap()
}

fn shipped() -> Arc<PolicySet> {
    Arc::new(PolicySet::shipped("claude-consumer").unwrap())
}

/// The shipped set with one text in one of its files replaced, once.
fn edited(from: &str, to: &str) -> Arc<PolicySet> {
    let sources = Sources::shipped("claude-consumer").unwrap();
    let mut done = false;
    let files: Vec<_> = sources
        .iter()
        .map(|(name, text)| {
            let text = if done || !name.ends_with(".cedar") || !text.contains(from) {
                text.to_owned()
            } else {
                done = true;
                text.replacen(from, to, 1)
            };
            (name.to_owned(), text)
        })
        .collect();
    assert!(done, "{from}");
    Arc::new(PolicySet::load(&Sources::new(files)).unwrap())
}

#[test]
fn a_set_agrees_with_itself() {
    let found = differences(&shipped(), &shipped(), &Comparing { reasons: true, ..Comparing::default() });
    assert!(found.are_equivalent(), "{found:?}");
    assert!(found.questions > 10);
    assert_eq!(found.questions, found.equal);
}

#[test]
fn an_edit_is_found_at_its_limit() {
    let found = differences(
        &shipped(),
        &edited("resource.last_activity >= resource.choice_since", "resource.last_activity > resource.choice_since"),
        &Comparing { action: Some("train".into()), ..Comparing::default() },
    );
    assert_eq!(found.incomplete, [""; 0]);
    for group in &found.groups {
        println!("{group:#?}");
        println!("{}", group.witness.sentence());
    }
}
