//! Every row that the product prints, held to the naive twin: content and order.

use crate::setting::{Asked, COPY_KEY, answers, files, options};
use consentry_lake::rows::until_text;
use consentry_model::Instant;
use consentry_model::conversation::opaque_id;
use consentry_model::event::EventKey;
use consentry_policy::Until;
use consentry_testkit::generate::{SmallHistory, moments, small};
use consentry_testkit::twin::{self, Action, Decision, Key};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The row that the product must print for the twin's, without its answer.
fn row(key: &Key) -> Map<String, Value> {
    let row = match key {
        Key::Part { conversation, message, part } => {
            json!({"store": "conversation", "conversation": conversation, "message": message, "part": part})
        }
        Key::Copy { source, id, part } => {
            let copy = opaque_id(&COPY_KEY, &EventKey::new(source, id).0);
            json!({"store": "feedback", "copy": copy, "part": part})
        }
        Key::Account { account } => json!({"account": account}),
        Key::Conversation { conversation } => json!({"conversation": conversation}),
    };
    row.as_object().unwrap().clone()
}

/// Rows of copies come last, by their opaque ids; the twin does not know those.
fn in_order(mut rows: Vec<Value>) -> Vec<Value> {
    let copies = rows.iter().position(|row| row["store"] == "feedback").unwrap_or(rows.len());
    rows[copies..].sort_by(|one, other| one["copy"].as_str().cmp(&other["copy"].as_str()));
    rows
}

fn decided(history: &twin::History, now: Instant, action: Action, purpose: &str) -> Vec<Value> {
    let rows = twin::decide(history, now.millis(), action, purpose);
    in_order(
        rows.into_iter()
            .map(|decided| {
                let mut row = row(&decided.key);
                let permit = decided.decision == Decision::Permit;
                row.insert("decision".into(), json!(if permit { "permit" } else { "deny" }));
                row.insert("reasons".into(), json!(decided.reasons));
                Value::Object(row)
            })
            .collect(),
    )
}

fn retained(history: &twin::History, now: Instant) -> Vec<Value> {
    let rows = twin::retain(history, now.millis());
    in_order(
        rows.into_iter()
            .map(|kept| {
                let mut row = row(&kept.key);
                let until = match kept.until {
                    twin::Until::Due => Until::Due,
                    twin::Until::At(ms) => Until::At(Instant::from_millis(ms)),
                    twin::Until::NoEnd => Until::NoEnd,
                };
                row.insert("until".into(), json!(until_text(until)));
                row.insert("reasons".into(), json!(kept.reasons));
                Value::Object(row)
            })
            .collect(),
    )
}

/// One history, asked everything at one instant; nothing, everything or a part goes to disk.
fn agree(history: &SmallHistory, now: Instant, memory: usize) -> Result<(), TestCaseError> {
    let texts = history.texts();
    let twin = twin::check(&texts).expect("generated histories are valid");
    let files = files(&texts);
    let options = options(false, memory);
    for action in Action::ALL {
        for purpose in ["model-improvement", "safeguards", "advertising"] {
            let asked = Asked { action: action.as_str(), purpose, now, until: false };
            let found = answers(&files.sources, &options, asked).unwrap();
            prop_assert_eq!(found, decided(&twin, now, action, purpose), "{:?}", asked);
        }
    }
    let asked = Asked { action: "retain", purpose: "", now, until: true };
    let found = answers(&files.sources, &options, asked).unwrap();
    prop_assert_eq!(found, retained(&twin, now));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn on_any_valid_history(
        history in small(),
        now in proptest::sample::select(moments()),
        memory in prop_oneof![Just(0usize), Just(2000), Just(1 << 20)],
    ) {
        agree(&history, now, memory)?;
    }
}
