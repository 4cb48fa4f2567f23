//! Histories in files, and how the tests read them.

use consentry_lake::history::{History, HistoryError, ReadOptions, Source, scan};
use consentry_lake::progress::Silent;
use consentry_lake::rows::{Asking, Question, write_rows};
use consentry_model::Instant;
use consentry_policy::{CedarEngine, ColumnarEngine, Engine, PolicySet, Request};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;

/// The key of copies in these tests.
pub const COPY_KEY: [u8; 32] = [9; 32];

/// Files of a history.
pub struct Files {
    _folder: TempDir,
    pub sources: Vec<Source>,
}

/// Writes the texts into files of a temporary folder.
pub fn files(texts: &[(String, String)]) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let mut sources = Vec::new();
    for (name, text) in texts {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        sources.push(Source::Path(path));
    }
    Files { _folder: folder, sources }
}

/// Options that move everything to disk beyond `buffered_bytes_max`.
pub fn options(quarantine: bool, buffered_bytes_max: usize) -> ReadOptions {
    ReadOptions {
        keep_content: false,
        quarantine,
        hash_inputs: false,
        directory: std::env::temp_dir(),
        buffered_bytes_max,
        seed: [3; 32],
        route_key: [4; 32],
    }
}

/// The shipped engine, made once: loading validates every policy.
pub fn engine() -> &'static CedarEngine {
    static ENGINE: OnceLock<CedarEngine> = OnceLock::new();
    ENGINE
        .get_or_init(|| CedarEngine::new(Arc::new(PolicySet::shipped("claude-consumer").unwrap())))
}

/// The same policies, decided in columns.
pub fn columnar() -> &'static ColumnarEngine {
    static ENGINE: OnceLock<ColumnarEngine> = OnceLock::new();
    ENGINE.get_or_init(|| ColumnarEngine::new(Arc::clone(engine().set())))
}

/// What is asked in a test.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub action: &'a str,
    pub purpose: &'a str,
    pub now: Instant,
    pub until: bool,
}

/// What is asked, put to an engine.
pub fn asking<'a>(options: &ReadOptions, asked: Asked<'a>, decides: &'a dyn Engine) -> Asking<'a> {
    let set = engine().set();
    Asking {
        question: if asked.until { Question::Retain(decides) } else { Question::Decide(decides) },
        request: Request { action: asked.action, purpose: asked.purpose, now: asked.now },
        resources: set.applies_to(asked.action).unwrap(),
        copy_key: COPY_KEY,
        spool: options.spool_for("rows"),
    }
}

/// The rows that the product prints.
pub fn rows(
    history: &mut History,
    options: &ReadOptions,
    asked: Asked<'_>,
) -> Result<Vec<Value>, HistoryError> {
    let mut out = Vec::new();
    write_rows(history, &asking(options, asked, engine()), &mut Silent, &mut out)?;
    let text = String::from_utf8(out).unwrap();
    Ok(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Reads and answers in one, with both engines, which print the same bytes.
pub fn answers(
    sources: &[Source],
    options: &ReadOptions,
    asked: Asked<'_>,
) -> Result<Vec<Value>, HistoryError> {
    let print = |decides: &dyn Engine| {
        let mut out = Vec::new();
        let mut history = scan(sources, options, &mut Silent)?;
        write_rows(&mut history, &asking(options, asked, decides), &mut Silent, &mut out)?;
        Ok::<_, HistoryError>(String::from_utf8(out).unwrap())
    };
    let (cedar, columnar) = (print(engine())?, print(columnar())?);
    assert_eq!(columnar, cedar, "{asked:?}");
    Ok(cedar.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}
