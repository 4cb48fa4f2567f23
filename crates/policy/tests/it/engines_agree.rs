//! Every engine gives Cedar's answers, row by row, on generated policies and facts.

use crate::sets::SET;
use consentry_model::facts::Facts;
use consentry_policy::{CedarEngine, ColumnarEngine, Engine, PolicySet, Request, Sources};
use consentry_testkit::generate::Chance;
use consentry_testkit::generate::facts::{instant, row};
use consentry_testkit::generate::policies::{ABOUT, About, SCHEMA, policy};
use std::sync::Arc;

/// How many rows each set is asked about.
const ROWS: usize = 2000;

/// How many rows are compared in all; more with `CONSENTRY_ROWS`.
fn rows_wanted() -> usize {
    let wanted = std::env::var("CONSENTRY_ROWS").ok().and_then(|rows| rows.parse().ok());
    wanted.unwrap_or(1_000_000)
}

/// A set of generated policies about one action: those that can be loaded, of a few.
fn generated(chance: &mut Chance, about: &About) -> Option<(Arc<PolicySet>, String)> {
    let load = |policies: &[String]| {
        let text: String = policies
            .iter()
            .enumerate()
            .map(|(index, body)| format!("@id(\"p{index}\") @title(\"Policy {index}\")\n{body};\n"))
            .collect();
        let sources = Sources::new([SET, ("schema.cedarschema", SCHEMA), ("p.cedar", &text)]);
        (PolicySet::load(&sources), text)
    };
    let mut policies = Vec::new();
    for _ in 0..chance.below(5) + 2 {
        let policy = policy(chance, about);
        match load(std::slice::from_ref(&policy)).0 {
            Ok(_) => policies.push(policy),
            // Everything that Cedar's type check lets through must be lowered.
            Err(error) => assert!(
                error.problems.iter().all(|problem| problem.kind() != "policy::unlowerable"),
                "{error}\n{policy}"
            ),
        }
    }
    let (set, text) = load(&policies);
    set.ok().map(|set| (Arc::new(set), text))
}

struct Tally {
    rows: usize,
    permits: usize,
    errors: usize,
    kept: usize,
}

fn compare(chance: &mut Chance, about: &About, tally: &mut Tally) {
    let Some((set, text)) = generated(chance, about) else { return };
    let (truth, columns) = (CedarEngine::plain(Arc::clone(&set)), ColumnarEngine::new(set));
    let rows: Vec<Facts<'_>> = (0..ROWS)
        .map(|_| {
            let resource = chance.pick(about.resources);
            row(chance, resource)
        })
        .collect();
    let purpose = chance.pick(&["model-improvement", "", "é"]);
    let request = Request { action: about.action, purpose, now: instant(chance) };
    let expected = truth.decide_all(&request, &rows).unwrap();
    let found = columns.decide_all(&request, &rows).unwrap();
    for ((row, expected), found) in rows.iter().zip(&expected).zip(&found) {
        assert_eq!(found, expected, "{request:?}\n{row:?}\n{text}");
        tally.permits += usize::from(expected.permit);
        tally.errors +=
            usize::from(expected.reasons.iter().any(|reason| reason.starts_with("policy-error:")));
    }
    tally.rows += rows.len();
    if about.is_derivable {
        // Asking at many instants is slow, one at a time; so a few rows, but at several instants.
        for rows in rows.chunks(ROWS / 40).take(4) {
            let now = instant(chance);
            let expected = truth.retain_all(purpose, now, rows).unwrap();
            let found = columns.retain_all(purpose, now, rows).unwrap();
            for ((row, expected), found) in rows.iter().zip(&expected).zip(&found) {
                assert_eq!(found, expected, "{purpose} {now}\n{row:?}\n{text}");
                tally.kept += usize::from(matches!(expected.until, consentry_policy::Until::At(_)));
            }
        }
    }
}

/// One half of the seeds; the other half runs beside it.
fn half(first: u64) {
    let mut tally = Tally { rows: 0, permits: 0, errors: 0, kept: 0 };
    let mut seed = first;
    while tally.rows < rows_wanted() / 2 {
        let mut chance = Chance::new(seed);
        for about in &ABOUT {
            compare(&mut chance, about, &mut tally);
        }
        seed += 2;
    }
    println!(
        "{} rows: {} permits, {} with errors, {} kept until an instant",
        tally.rows, tally.permits, tally.errors, tally.kept
    );
    // The comparison would say little if every answer were the same.
    assert!(tally.permits > tally.rows / 20 && tally.errors > tally.rows / 50);
    assert!(tally.kept > tally.rows / 2000);
}

#[test]
fn columns_give_cedars_answers_even_seeds() {
    half(0);
}

#[test]
fn columns_give_cedars_answers_odd_seeds() {
    half(1);
}

#[test]
fn the_shipped_set_agrees_for_every_action_kind_of_resource_and_purpose() {
    let set = Arc::new(PolicySet::shipped("claude-consumer").unwrap());
    let truth = CedarEngine::plain(Arc::clone(&set));
    let columns = ColumnarEngine::new(Arc::clone(&set));
    let mut chance = Chance::new(7);
    for (action, resources) in set.actions() {
        for resource in resources {
            for purpose in ["model-improvement", "safeguards", "x"] {
                for _ in 0..5 {
                    let rows: Vec<_> = (0..60).map(|_| row(&mut chance, *resource)).collect();
                    let request = Request { action, purpose, now: instant(&mut chance) };
                    assert_eq!(
                        columns.decide_all(&request, &rows).unwrap(),
                        truth.decide_all(&request, &rows).unwrap()
                    );
                }
            }
        }
    }
}
