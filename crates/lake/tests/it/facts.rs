//! Facts in Parquet: what is decided from them is what is decided from their history.

mod golden;
mod warehouse;

use crate::setting::{Asked, COPY_KEY, answers, asking, columnar, engine, files, options};
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, TimestampMillisecondType};
use arrow_array::{Array as _, ArrayRef};
use consentry_lake::bulk::{Ask, Job, count, write_json, write_parquet};
use consentry_lake::facts::{FactsError, FactsFile, Folding, Of, write_facts};
use consentry_lake::history::{ReadOptions, Source, scan};
use consentry_lake::progress::Silent;
use consentry_lake::rows::write_rows_as_parquet;
use consentry_model::Instant;
use consentry_testkit::generate::{SmallHistory, moments, small};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Facts in a temporary folder.
pub struct Folder {
    folder: TempDir,
}

impl Folder {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Folds a history into a file of facts.
pub fn fold(sources: &[Source], options: &ReadOptions, of: Of, as_of: Instant, to: &Path) {
    let spool = options.spool_for("rows");
    let folding = Folding { of, as_of, copy_key: COPY_KEY, spool };
    let mut history = scan(sources, options, &mut Silent).unwrap();
    let out = std::fs::File::create(to).unwrap();
    write_facts(&mut history, &folding, &mut Silent, out).unwrap();
}

/// The rows printed for files of facts.
pub fn printed(
    paths: &[&Path],
    asked: Asked<'_>,
    threads: usize,
) -> Result<Vec<Value>, FactsError> {
    let files: Vec<_> = paths.iter().map(|path| FactsFile::open(path)).collect::<Result<_, _>>()?;
    let job = job(&files, asked, threads);
    let mut out = Vec::new();
    let tally = write_json(&job, &mut Silent, &mut out)?;
    assert_eq!(count(&job, &mut Silent)?, tally);
    let text = String::from_utf8(out).unwrap();
    Ok(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn job<'a>(files: &'a [FactsFile], asked: Asked<'a>, threads: usize) -> Job<'a> {
    Job {
        files,
        program: engine().set().program(asked.action).unwrap(),
        ask: if asked.until { Ask::Retain } else { Ask::Decide },
        purpose: asked.purpose,
        now: asked.now,
        threads,
    }
}

/// In an order that has nothing to do with how they were made.
pub fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_key(Value::to_string);
    rows
}

/// The rows of a Parquet file of answers, as they would be printed.
pub fn answered(path: &Path) -> Vec<Value> {
    let file = std::fs::File::open(path).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    reader.flat_map(|batch| answers_of(&batch.unwrap())).collect()
}

fn text(column: &ArrayRef, row: usize) -> Option<String> {
    let cast = match column.as_dictionary_opt::<Int32Type>() {
        Some(texts) => {
            let key = texts.keys().iter().nth(row).unwrap()?;
            return Some(texts.values().as_string::<i32>().value(key as usize).to_owned());
        }
        None => column.as_string::<i32>(),
    };
    cast.is_valid(row).then(|| cast.value(row).to_owned())
}

fn answers_of(batch: &RecordBatch) -> Vec<Value> {
    let row = |row: usize| {
        let mut members = Map::new();
        for name in ["store", "conversation", "message", "copy", "account", "decision", "kept"] {
            let found = batch.column_by_name(name).and_then(|column| text(column, row));
            if let Some(found) = found {
                let name = if name == "kept" { "until" } else { name };
                members.insert(name.to_owned(), json!(found));
            }
        }
        if let Some(part) = batch.column_by_name("part") {
            members.insert("part".to_owned(), json!(part.as_primitive::<Int32Type>().value(row)));
        }
        if let Some(until) = batch.column_by_name("until")
            && until.is_valid(row)
        {
            assert_eq!(members["until"], "until");
            let millis = until.as_primitive::<TimestampMillisecondType>().value(row);
            let until = Instant::from_millis(millis).to_string();
            members.insert("until".to_owned(), json!(until));
        }
        let reasons = batch.column_by_name("reasons").unwrap().as_list::<i32>().value(row);
        let reasons: Vec<_> = (0..reasons.len()).map(|at| text(&reasons, at).unwrap()).collect();
        members.insert("reasons".to_owned(), json!(reasons));
        Value::Object(members)
    };
    (0..batch.num_rows()).map(row).collect()
}

fn agree(
    history: &SmallHistory,
    now: Instant,
    memory: usize,
    threads: usize,
) -> Result<(), TestCaseError> {
    let files = files(&history.texts());
    let options = options(false, memory);
    let folder = Folder::new();
    for (action, of) in [
        ("train", Of::Parts),
        ("analyze", Of::Parts),
        ("sell", Of::Parts),
        ("retain", Of::Parts),
        ("recall", Of::Conversations),
        ("converse", Of::Accounts),
    ] {
        let facts = folder.file(of.as_str());
        fold(&files.sources, &options, of, now, &facts);
        let question = |purpose, until| Asked { action, purpose, now, until };
        let mut questions =
            vec![question("model-improvement", false), question("safeguards", false)];
        if action == "retain" {
            questions = vec![question("", true)];
        }
        for asked in questions {
            let expected = answers(&files.sources, &options, asked).unwrap();
            let found = printed(&[&facts], asked, threads).unwrap();
            prop_assert_eq!(sorted(found.clone()), sorted(expected.clone()), "{:?}", asked);
            let (own, other) = (folder.file("own"), folder.file("other"));
            let file = [FactsFile::open(&facts).unwrap()];
            let to = std::fs::File::create(&own).unwrap();
            write_parquet(&job(&file, asked, threads), &mut Silent, to).unwrap();
            prop_assert_eq!(answered(&own), found, "{:?}", asked);
            let mut history = scan(&files.sources, &options, &mut Silent).unwrap();
            let to = std::fs::File::create(&other).unwrap();
            let asking = asking(&options, asked, columnar());
            let policy = (engine().set().id(), engine().set().hash());
            write_rows_as_parquet(&mut history, &asking, policy, &mut Silent, to).unwrap();
            prop_assert_eq!(answered(&other), expected, "{:?}", asked);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn give_the_answers_of_their_history(
        history in small(),
        now in proptest::sample::select(moments()),
        memory in prop_oneof![Just(0usize), Just(1 << 20)],
        threads in 1usize..4,
    ) {
        agree(&history, now, memory, threads)?;
    }
}

#[test]
fn copies_come_last_and_in_an_order_that_tells_nothing() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/history.jsonl");
    let now = Instant::parse("2026-06-01T00:00:00Z").unwrap();
    let folder = Folder::new();
    let facts = folder.file("facts.parquet");
    fold(&[Source::Path(path)], &options(false, 0), Of::Parts, now, &facts);
    let asked = Asked { action: "train", purpose: "model-improvement", now, until: false };
    let rows = printed(&[&facts], asked, 1).unwrap();
    let first_copy = rows.iter().position(|row| row["store"] == "feedback").unwrap();
    let (conversations, copies) = rows.split_at(first_copy);
    assert!(conversations.iter().all(|row| row["store"] == "conversation"));
    assert!(copies.iter().all(|row| row["store"] == "feedback"));
    assert!(copies.is_sorted_by_key(|row| row["copy"].as_str().unwrap().to_owned()));
    let mut seen: Vec<&Value> = Vec::new();
    for same in conversations.chunk_by(|one, other| one["conversation"] == other["conversation"]) {
        assert!(!seen.contains(&&same[0]["conversation"]), "a conversation comes back");
        seen.push(&same[0]["conversation"]);
    }
}
