//! Parts a second, one core, facts in memory: `cargo bench -p consentry-policy --bench columns`.
//!
//! The shipped set decides training and retention on generated facts, in batches of 8,192 rows, by
//! columns, and on some of the same rows by Cedar's own evaluator, whose answers must be the same.

use consentry_columnar::{Columns, Instructions, Until};
use consentry_model::Instant;
use consentry_model::facts::{ATTRIBUTE_COUNT, Attribute, Facts, Resource, Value};
use consentry_policy::{CedarEngine, ColumnarEngine, Engine, PolicySet, Request};
use consentry_testkit::generate::Chance;
use std::hint::black_box;
use std::sync::Arc;

const DAY: i64 = 86_400_000;
const NOW: i64 = 20_600 * DAY;
const BATCH: usize = 8192;

/// Facts of parts, twenty a conversation, as they are in life: most accounts on consumer plans, few
/// deletions, few flags, hardly any programme.
fn rows(chance: &mut Chance, count: usize) -> Vec<Facts<'static>> {
    let mut rows = Vec::with_capacity(count);
    while rows.len() < count {
        let conversation = conversation(chance);
        for part in 0..20 {
            let mut facts = conversation.clone();
            let at = conversation.time(Attribute::StartedAt).map_or(0, Instant::millis);
            let at = Instant::from_millis(at + part * 1000);
            facts.set(Attribute::At, Some(Value::Time(at)));
            let origin = chance.pick(&["user", "assistant", "assistant", "tool", "file"]);
            let origin = if chance.percent(3) { "connector" } else { origin };
            facts.set(Attribute::Origin, Some(Value::Text(origin)));
            facts.set(Attribute::Role, Some(Value::Text(chance.pick(&["user", "assistant"]))));
            let kind = chance.pick(&["text", "text", "tool_call", "tool_result"]);
            facts.set(Attribute::Kind, Some(Value::Text(kind)));
            rows.push(facts);
        }
    }
    rows.truncate(count);
    rows
}

fn conversation(chance: &mut Chance) -> Facts<'static> {
    let mut facts = Facts::new(Resource::Part);
    let mut set = |attribute, value| facts.set(attribute, Some(value));
    let ago = |chance: &mut Chance, days: u32| {
        Value::Time(Instant::from_millis(NOW - i64::from(chance.below(days * 86_400)) * 1000))
    };
    let plan = chance.pick(&["free", "free", "free", "pro", "pro", "max", "team", "api"]);
    set(Attribute::Plan, Value::Text(plan));
    set(Attribute::Choice, Value::Text(chance.pick(&["on", "on", "off", "unset"])));
    set(Attribute::ChoiceSince, ago(chance, 400));
    set(Attribute::Adult, Value::Bool(!chance.percent(1)));
    set(Attribute::AccountHeld, Value::Bool(chance.percent(1)));
    set(Attribute::ConversationHeld, Value::Bool(false));
    set(Attribute::Incognito, Value::Bool(chance.percent(5)));
    set(Attribute::Surface, Value::Text(chance.pick(&["chat", "code"])));
    set(Attribute::StartedAt, ago(chance, 2000));
    set(Attribute::LastActivity, ago(chance, 2000));
    for (attribute, percent) in [
        (Attribute::TrustedTesterSince, 1),
        (Attribute::DevelopmentPartnerSince, 1),
        (Attribute::DeletedAt, 5),
        (Attribute::AccountClosedAt, 2),
        (Attribute::FlaggedAt, 2),
    ] {
        if chance.percent(percent) {
            set(attribute, ago(chance, 60));
        }
    }
    facts
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is what the clock is for")]
fn rate(what: &str, rows: usize, mut run: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = std::time::Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let rate = rows as f64 / best;
    println!("{what:<56} {:>12.2} million rows/s", rate / 1e6);
    rate
}

#[expect(clippy::unwrap_used, reason = "a benchmark may end where it fails")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let set = Arc::new(PolicySet::shipped("claude-consumer")?);
    let now = Instant::from_millis(NOW);
    let mut chance = Chance::new(1);
    let facts = rows(&mut chance, 1 << 20);
    for (action, purpose) in
        [("train", "model-improvement"), ("train", "safeguards"), ("analyze", "")]
    {
        let request = Request { action, purpose, now };
        let program = set.program(action)?;
        let reads = program.bind(purpose, now).reads().to_vec();
        let batches: Vec<Columns> =
            facts.chunks(BATCH).map(|rows| Columns::of_rows(rows, &reads)).collect();
        println!("{action} {purpose}: {} attributes of {ATTRIBUTE_COUNT}", reads.len());
        let mut by_columns = 0.0;
        for instructions in Instructions::available() {
            let mut evaluator = program.bind(purpose, now).with(instructions);
            by_columns = rate(
                &format!("by columns, with reasons and errors, {instructions:?}"),
                facts.len(),
                || {
                    for columns in &batches {
                        let votes = evaluator.evaluate_columns(columns).unwrap();
                        for policy in 0..votes.policies().len() {
                            black_box((votes.reasons(policy), votes.errs(policy)));
                        }
                        black_box(votes.permit());
                    }
                },
            );
        }
        let few = facts.get(..20_000).unwrap_or(&facts);
        let cedar = CedarEngine::plain(Arc::clone(&set));
        let mut decided = Vec::new();
        let by_cedar = rate("by Cedar's evaluator", few.len(), || {
            decided = cedar.decide_all(&request, few).unwrap();
        });
        let same = ColumnarEngine::new(Arc::clone(&set)).decide_all(&request, few)? == decided;
        println!(
            "  {:.0} times Cedar's evaluator; the same answers: {same}",
            by_columns / by_cedar
        );
    }
    retention(&set, &facts, now)
}

#[expect(clippy::unwrap_used, reason = "a benchmark may end where it fails")]
fn retention(
    set: &Arc<PolicySet>,
    facts: &[Facts<'_>],
    now: Instant,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut retainer =
        set.program("retain")?.bind_retention("", now).map_err(|id| id.to_string())?;
    let batches: Vec<Columns> =
        facts.chunks(BATCH).map(|rows| Columns::of_rows(rows, &retainer.reads())).collect();
    println!("retain: until when, for every row");
    let mut ending = 0;
    rate("by columns", facts.len(), || {
        ending = 0;
        for columns in &batches {
            let kept = retainer.retain(columns).unwrap();
            ending += kept.until().iter().filter(|until| matches!(until, Until::At(_))).count();
        }
    });
    let few = facts.get(..5_000).unwrap_or(facts);
    let cedar = CedarEngine::plain(Arc::clone(set));
    let mut expected = Vec::new();
    rate("by Cedar's evaluator", few.len(), || {
        expected = cedar.retain_all("", now, few).unwrap();
    });
    let same = ColumnarEngine::new(Arc::clone(set)).retain_all("", now, few)? == expected;
    println!("  {ending} rows with an end; the same answers: {same}");
    Ok(())
}
