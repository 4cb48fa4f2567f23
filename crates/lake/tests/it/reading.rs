//! What is refused, by file and line; and what is put into quarantine.

use crate::setting::{Asked, answers, files, options, rows};
use consentry_lake::history::{HistoryError, Problem, Source, scan};
use consentry_lake::progress::Silent;
use consentry_model::Instant;
use consentry_testkit::generate::{broken, moments, small};
use consentry_testkit::twin;
use proptest::prelude::*;
use std::io::Write as _;

const NOW: &str = "2026-06-01T00:00:00Z";

fn asked() -> Asked<'static> {
    let now = Instant::parse(NOW).unwrap();
    Asked { action: "train", purpose: "model-improvement", now, until: false }
}

fn places(problems: &[Problem]) -> Vec<(String, usize)> {
    let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    problems
        .iter()
        .map(|problem| (name(&problem.file), usize::try_from(problem.line).unwrap()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn a_mistake_is_named_by_file_and_line(broken in broken()) {
        let files = files(&broken.files);
        let error = answers(&files.sources, &options(false, 1 << 20), asked());
        let Err(HistoryError::Lines { problems, count }) = error else {
            return Err(TestCaseError::fail(format!("accepted: {}", broken.mistake)));
        };
        prop_assert_eq!(places(&problems), broken.errors, "{}", broken.mistake);
        prop_assert_eq!(count, problems.len() as u64);
    }

    #[test]
    fn quarantine_puts_aside_exactly_what_is_wrong(
        broken in broken(),
        now in proptest::sample::select(moments()),
        memory in prop_oneof![Just(0usize), Just(1 << 20)],
    ) {
        let files = files(&broken.files);
        let options = options(true, memory);
        let mut history = scan(&files.sources, &options, &mut Silent).unwrap();
        let found = rows(&mut history, &options, Asked { now, ..asked() }).unwrap();
        let (twin, rejected) = twin::quarantine(&broken.files);
        let mut problems = Vec::new();
        history.rejects.each(|problem| { problems.push(problem); Ok(()) }).unwrap();
        prop_assert_eq!(places(&problems), rejected, "{}", broken.mistake);
        for problem in &problems {
            let (_, text) = broken.files.iter().find(|(name, _)| problem.file.ends_with(name)).unwrap();
            let line = text.lines().nth(usize::try_from(problem.line).unwrap() - 1).unwrap();
            prop_assert_eq!(String::from_utf8_lossy(&problem.text), line);
        }
        let expected = twin::decide(&twin, now.millis(), twin::Action::Train, "model-improvement");
        prop_assert_eq!(found.len(), expected.len());
    }

    #[test]
    fn compression_changes_nothing(history in small()) {
        let plain = files(&history.texts());
        let folder = tempfile::tempdir().unwrap();
        let mut packed = Vec::new();
        for (number, (name, text)) in history.texts().iter().enumerate() {
            let path = folder.path().join(name);
            let bytes = if number % 2 == 0 {
                let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                gzip.write_all(text.as_bytes()).unwrap();
                gzip.finish().unwrap()
            } else {
                zstd::encode_all(text.as_bytes(), 1).unwrap()
            };
            std::fs::write(&path, bytes).unwrap();
            packed.push(Source::Path(path));
        }
        let options = options(false, 1 << 20);
        let from_plain = answers(&plain.sources, &options, asked()).unwrap();
        prop_assert_eq!(answers(&packed, &options, asked()).unwrap(), from_plain);
    }
}

#[test]
fn a_missing_input_is_named() {
    let sources = [Source::Path("nowhere/history.jsonl".into())];
    let error = scan(&sources, &options(false, 1 << 20), &mut Silent).unwrap_err();
    assert!(error.to_string().starts_with("nowhere/history.jsonl: "), "{error}");
}

#[test]
fn a_cut_archive_is_an_error_and_not_the_end() {
    let text = "{}\n".repeat(10_000);
    let whole = zstd::encode_all(text.as_bytes(), 1).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.zst");
    std::fs::write(&path, &whole[..whole.len() - 4]).unwrap();
    let error = scan(&[Source::Path(path)], &options(false, 1 << 20), &mut Silent).unwrap_err();
    assert!(matches!(error, HistoryError::Input { .. }), "{error}");
}
