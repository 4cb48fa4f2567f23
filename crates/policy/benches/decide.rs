//! Decisions and retentions a second: `cargo bench -p consentry-policy`.
//!
//! Rows are parts under the shipped set: of conversations that are all different, and of
//! conversations of which every twenty parts are alike.

use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use consentry_policy::{CedarEngine, Engine, PolicySet, Request};
use std::hint::black_box;
use std::sync::Arc;

const DAY: i64 = 86_400_000;
const NOW: i64 = 20_600 * DAY;

fn rows(count: i64, alike: i64) -> Vec<Facts<'static>> {
    let time = |millis| Some(Value::Time(Instant::from_millis(millis)));
    let row = |index: i64| {
        let conversation = index / alike;
        let last = NOW - (conversation * 7919) % (40 * DAY);
        let mut facts = Facts::new(Resource::Part);
        let plan = if conversation % 10 == 0 { "team" } else { "pro" };
        facts.set(Attribute::Plan, Some(Value::Text(plan)));
        facts.set(Attribute::Choice, Some(Value::Text("on")));
        facts.set(Attribute::ChoiceSince, time(last - 3 * DAY));
        facts.set(Attribute::Adult, Some(Value::Bool(true)));
        facts.set(Attribute::AccountHeld, Some(Value::Bool(false)));
        facts.set(Attribute::Surface, Some(Value::Text("chat")));
        facts.set(Attribute::Incognito, Some(Value::Bool(false)));
        facts.set(Attribute::StartedAt, time(last - 5 * DAY));
        facts.set(Attribute::LastActivity, time(last));
        facts.set(Attribute::ConversationHeld, Some(Value::Bool(false)));
        facts.set(Attribute::At, time(last - index % 100));
        facts.set(Attribute::Role, Some(Value::Text("user")));
        facts.set(Attribute::Kind, Some(Value::Text("text")));
        facts.set(Attribute::Origin, Some(Value::Text("user")));
        if conversation % 20 == 0 {
            facts.set(Attribute::FlaggedAt, time(last - DAY));
        }
        if conversation % 15 == 0 {
            facts.set(Attribute::DeletedAt, time(last + 1000));
        }
        facts
    };
    (0..count).map(row).collect()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is what the clock is for")]
fn measure(what: &str, rows: usize, run: impl FnOnce()) {
    let start = std::time::Instant::now();
    run();
    let seconds = start.elapsed().as_secs_f64();
    let rate = f64::from(u32::try_from(rows).unwrap_or(u32::MAX)) / seconds;
    println!("{what:<52} {rate:>12.0} rows/s");
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let set = Arc::new(PolicySet::shipped("claude-consumer")?);
    let now = Instant::from_millis(NOW);
    let request = Request { action: "train", purpose: "model-improvement", now };
    let (different, alike) = (rows(20_000, 1), rows(200_000, 20));
    for (name, rows) in [("all different", &different), ("twenty alike", &alike)] {
        let plain = CedarEngine::plain(Arc::clone(&set));
        let engine = CedarEngine::new(Arc::clone(&set));
        let few = rows.get(..20_000).unwrap_or(rows);
        measure(&format!("train, {name}, all facts, no memory"), few.len(), || {
            drop(black_box(plain.decide_all(&request, few)));
        });
        for round in ["first", "again"] {
            measure(&format!("train, {name}, {round}"), rows.len(), || {
                drop(black_box(engine.decide_all(&request, rows)));
            });
        }
        for round in ["first", "again"] {
            measure(&format!("retain, {name}, {round}"), rows.len(), || {
                drop(black_box(engine.retain_all(request.purpose, now, rows)));
            });
        }
    }
    Ok(())
}
