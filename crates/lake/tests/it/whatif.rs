//! What several sets would do with a history is what each of them does by itself.

use crate::setting::{COPY_KEY, files, options};
use consentry_lake::history::{ReadOptions, Source, scan};
use consentry_lake::progress::Silent;
use consentry_lake::rows::{Asking, Question, write_compared, write_rows};
use consentry_lake::whatif::{Side, Summary};
use consentry_model::Instant;
use consentry_policy::{CedarEngine, Decision, PolicySet, Request};
use consentry_testkit::generate::{SmallHistory, moments, small};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

static ENGINES: LazyLock<Vec<CedarEngine>> = LazyLock::new(|| {
    let ids = ["claude-consumer", "gemini", "grok", "claude-article-explainer"];
    let engine = |id| CedarEngine::new(Arc::new(PolicySet::shipped(id).unwrap()));
    ids.into_iter().map(engine).collect()
});

fn asking<'a>(question: Question<'a>, request: Request<'a>, options: &ReadOptions) -> Asking<'a> {
    let resources = ENGINES[0].set().applies_to(request.action).unwrap();
    Asking { question, request, resources, copy_key: COPY_KEY, spool: options.spool_for("rows") }
}

fn parsed(out: Vec<u8>) -> Vec<Value> {
    let text = String::from_utf8(out).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn compared(
    sources: &[Source],
    request: Request<'_>,
    options: &ReadOptions,
) -> (Vec<Value>, Summary) {
    let side = |engine: &'static CedarEngine| Side { set: engine.set(), engine };
    let sides: Vec<Side<'_>> = ENGINES.iter().map(side).collect();
    let mut history = scan(sources, options, &mut Silent).unwrap();
    let asking = asking(Question::Compare(&sides), request, options);
    let mut out = Vec::new();
    let summary = write_compared(&mut history, &asking, &mut Silent, &mut out).unwrap();
    (parsed(out), summary)
}

fn decided(
    sources: &[Source],
    engine: &CedarEngine,
    request: Request<'_>,
    options: &ReadOptions,
) -> Vec<Value> {
    let mut history = scan(sources, options, &mut Silent).unwrap();
    let asking = asking(Question::Decide(engine), request, options);
    let mut out = Vec::new();
    write_rows(&mut history, &asking, &mut Silent, &mut out).unwrap();
    parsed(out)
}

/// A compared row as the set by itself would print it.
fn of_set(row: &Value, id: &str) -> Value {
    let mut row = row.as_object().unwrap().clone();
    let decisions = row.remove("decisions").unwrap();
    row.insert("decision".into(), decisions[id]["decision"].clone());
    row.insert("reasons".into(), decisions[id]["reasons"].clone());
    Value::Object(row)
}

/// Recounts a summary from the rows.
fn counted(rows: &[Value], engine: &CedarEngine) -> [u64; 4] {
    let mut counts = [0; 4];
    for row in rows {
        let decision = &row["decisions"][engine.set().id()];
        let ids = decision["reasons"].as_array().unwrap().iter();
        let reasons: Vec<Arc<str>> = ids.map(|id| id.as_str().unwrap().into()).collect();
        let permit = decision["decision"] == "permit";
        let unknown = |id: &Arc<str>| engine.set().policy(id).unwrap().unknown.is_some();
        let open = !permit && !reasons.is_empty() && reasons.iter().all(unknown);
        assert_eq!(decision.get("not_published").is_some(), open, "{decision}");
        let decision = Decision { permit, reasons: reasons.clone().into() };
        assert_eq!(engine.set().rests_on_unknown(&decision), open);
        counts[match (permit, reasons.is_empty()) {
            (true, _) => 0,
            (false, true) => 2,
            (false, false) => usize::from(open) * 2 + 1,
        }] += 1;
    }
    counts
}

fn agree(history: &SmallHistory, request: Request<'_>, memory: usize) -> Result<(), TestCaseError> {
    let files = files(&history.texts());
    let options = options(false, memory);
    let (rows, summary) = compared(&files.sources, request, &options);
    prop_assert_eq!(summary.rows, rows.len() as u64);
    let mut patterns: BTreeMap<Vec<bool>, u64> = BTreeMap::new();
    for row in &rows {
        let decisions = row["decisions"].as_object().unwrap().values();
        let permits: Vec<bool> = decisions.map(|one| one["decision"] == "permit").collect();
        prop_assert_eq!(permits.len(), ENGINES.len());
        if permits.iter().any(|one| *one != permits[0]) {
            *patterns.entry(permits).or_default() += 1;
        }
    }
    prop_assert_eq!(summary.differing, patterns.values().sum::<u64>());
    let listed = summary.patterns();
    prop_assert!(listed.is_sorted_by_key(|pattern| std::cmp::Reverse(pattern.rows)));
    let listed = listed
        .iter()
        .map(|pattern| (pattern.decisions.iter().map(|one| one.permits()).collect(), pattern.rows));
    prop_assert_eq!(listed.collect::<BTreeMap<Vec<bool>, u64>>(), patterns);
    for (engine, set) in ENGINES.iter().zip(&summary.sets) {
        let alone = decided(&files.sources, engine, request, &options);
        let id = engine.set().id();
        let of_set: Vec<Value> = rows.iter().map(|row| of_set(row, id)).collect();
        prop_assert_eq!(alone, of_set, "{}", id);
        let told = [set.permitted, set.forbidden, set.unpermitted, set.not_published];
        prop_assert_eq!(told, counted(&rows, engine), "{}", id);
        prop_assert_eq!(set.reasons.values().sum::<u64>(), summary.rows);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn each_set_decides_as_it_does_alone(
        history in small(),
        now in proptest::sample::select(moments()),
        action in proptest::sample::select(vec!["train", "analyze", "retain", "recall", "converse"]),
        purpose in proptest::sample::select(vec!["model-improvement", "safeguards"]),
        memory in prop_oneof![Just(0usize), Just(1 << 20)],
    ) {
        agree(&history, Request { action, purpose, now }, memory)?;
    }
}

#[test]
fn the_example_of_a_pattern_does_not_depend_on_the_order_of_reading() {
    let line = |id: &str, kind: &str, subject: &str, data: &str| {
        format!(
            "{{\"specversion\":\"1.0\",\"source\":\"s\",\"id\":\"{id}\",\"time\":\"2026-05-01T00:00:00Z\",\
             \"type\":\"consentry.{kind}\",\"subject\":\"{subject}\",\"data\":{data}}}\n"
        )
    };
    let mut text = line("a", "account.opened", "account/a", "{\"plan\":\"pro\"}");
    for id in ["c2", "c10", "c1", "c3"] {
        let subject = format!("conversation/{id}");
        text +=
            &line(id, "conversation.started", &subject, "{\"account\":\"a\",\"surface\":\"chat\"}");
        text += &line(
            &format!("m{id}"),
            "message.added",
            &subject,
            "{\"message\":\"m\",\"role\":\"user\",\"parts\":[{\"kind\":\"text\",\"origin\":\"user\"}]}",
        );
    }
    let files = files(&[("h.jsonl".to_owned(), text)]);
    let now = Instant::parse("2026-06-01T00:00:00Z").unwrap();
    let request = Request { action: "train", purpose: "model-improvement", now };
    let (_, summary) = compared(&files.sources, request, &options(false, 1 << 20));
    let patterns = summary.patterns();
    assert_eq!(patterns.len(), 1);
    assert_eq!(patterns[0].rows, 4);
    assert_eq!(patterns[0].example, "conversation c1, message m, part 0");
}
