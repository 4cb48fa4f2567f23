//! Facts of version 1, as they were written when that version was made.

use super::{Folder, fold, printed, sorted};
use crate::setting::{Asked, answers, options};
use consentry_lake::facts::{FactsFile, Of};
use consentry_lake::history::Source;
use consentry_model::Instant;
use std::path::{Path, PathBuf};

fn of_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Made from the example by this test with `CONSENTRY_GOLDEN` set. A new version gets a new file;
/// this one stays.
#[test]
fn version_1_is_read_as_it_was_meant() {
    let golden = of_crate("tests/golden/facts-1.parquet");
    let now = Instant::parse("2026-06-01T00:00:00Z").unwrap();
    let options = options(false, 1 << 20);
    let sources = [Source::Path(of_crate("../../examples/history.jsonl"))];
    if std::env::var_os("CONSENTRY_GOLDEN").is_some() {
        fold(&sources, &options, Of::Parts, now, &golden);
    }
    assert_eq!(FactsFile::open(&golden).unwrap().as_of(), Some(now));
    for (action, until) in [("train", false), ("analyze", false), ("retain", true)] {
        let asked = Asked { action, purpose: "model-improvement", now, until };
        let expected = answers(&sources, &options, asked).unwrap();
        assert_eq!(sorted(printed(&[&golden], asked, 1).unwrap()), sorted(expected), "{asked:?}");
    }
    // What is written now is what was written then.
    let folder = Folder::new();
    let again = folder.file("facts.parquet");
    fold(&sources, &options, Of::Parts, now, &again);
    assert!(std::fs::read(&again).unwrap() == std::fs::read(&golden).unwrap());
}
