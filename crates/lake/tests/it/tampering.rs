//! Everything that can be done to a dataset is noticed, and named.

use crate::setting::engine;
use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow_array::{TimestampMillisecondArray, UInt32Array};
use consentry_formats::dataset::manifest::{FileDigest, Manifest};
use consentry_lake::dataset::build::{BuildOptions, build};
use consentry_lake::dataset::note::Signer;
use consentry_lake::dataset::verify::{Verification, verify};
use consentry_lake::history::Source;
use consentry_lake::progress::Silent;
use consentry_model::{Instant, Store};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Dataset {
    _around: TempDir,
    path: PathBuf,
}

fn signer() -> Signer {
    Signer::new("tests", &[5; 32]).unwrap()
}

fn dataset(store: Store) -> Dataset {
    let around = tempfile::tempdir().unwrap();
    let path = around.path().join("dataset");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/history.jsonl");
    let options = BuildOptions {
        run: "r",
        purpose: "model-improvement",
        store,
        as_of: Instant::parse("2026-06-01T00:00:00Z").unwrap(),
        set: engine().set(),
        engine: engine(),
        deid: &consentry_deid::Engine::structured(),
        taint_characters: 60,
        signer: &signer(),
        pseudonym_key: &[6; 32],
        version: "test",
    };
    let read = crate::setting::options(false, 1 << 20);
    build(&[Source::Path(example)], &read, &options, &path, &mut Silent).unwrap();
    Dataset { _around: around, path }
}

impl Dataset {
    fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn verified(&self) -> Verification {
        verify(&self.path, &[signer().verifier()], &mut Silent).unwrap()
    }

    /// The checks that do not hold.
    fn broken(&self) -> Vec<&'static str> {
        let mut checks: Vec<_> =
            self.verified().violations.iter().map(|violation| violation.check).collect();
        checks.dedup();
        checks
    }

    fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.path.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let relative = path.strip_prefix(&self.path).unwrap();
                    files.push(relative.to_str().unwrap().to_owned());
                }
            }
        }
        files.sort();
        files
    }

    fn manifest(&self) -> Manifest {
        serde_json::from_slice(&fs::read(self.file("manifest.json")).unwrap()).unwrap()
    }

    /// Rebuilds every hash of the manifest from the files as they are, and signs it.
    fn sign_again(&self, signer: &Signer, change: impl FnOnce(&mut Manifest)) {
        let mut manifest = self.manifest();
        change(&mut manifest);
        let digest = |path: &str| {
            let bytes = fs::read(self.file(path)).unwrap();
            let sha256: String =
                Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            FileDigest { path: path.to_owned(), bytes: bytes.len() as u64, sha256 }
        };
        let facts = &mut manifest.facts;
        for shard in manifest.summary.shards.iter_mut().chain([facts]) {
            let found = digest(&shard.path);
            (shard.bytes, shard.sha256) = (found.bytes, found.sha256);
        }
        for file in &mut manifest.files {
            *file = digest(&file.path);
        }
        let json = serde_json::to_string_pretty(&manifest).unwrap() + "\n";
        fs::write(self.file("manifest.json"), &json).unwrap();
        let hash: String = Sha256::digest(&json).iter().map(|byte| format!("{byte:02x}")).collect();
        let text = format!("{}\n{}\nsha256 {hash}\n", manifest.format, manifest.summary.run);
        fs::write(self.file("manifest.note"), signer.sign(&text)).unwrap();
    }

    fn rewrite(&self, name: &str, change: impl FnOnce(RecordBatch) -> RecordBatch) {
        let path = self.file(name);
        let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(&path).unwrap());
        let batches: Vec<_> = reader.unwrap().build().unwrap().map(Result::unwrap).collect();
        let [batch] = batches.as_slice() else { panic!("the example is one batch") };
        let changed = change(batch.clone());
        let file = fs::File::create(&path).unwrap();
        let mut writer = ArrowWriter::try_new(file, changed.schema(), None).unwrap();
        writer.write(&changed).unwrap();
        writer.close().unwrap();
    }
}

fn with_column(batch: &RecordBatch, name: &str, column: ArrayRef) -> RecordBatch {
    let at = batch.schema().index_of(name).unwrap();
    let mut columns = batch.columns().to_vec();
    columns[at] = column;
    RecordBatch::try_new(batch.schema(), columns).unwrap()
}

/// The rows in another order, or fewer of them, or some twice.
fn picked(batch: &RecordBatch, rows: &[u32]) -> RecordBatch {
    let rows = UInt32Array::from(rows.to_vec());
    let columns = batch
        .columns()
        .iter()
        .map(|column| arrow_select::take::take(column, &rows, None).unwrap())
        .collect();
    RecordBatch::try_new(batch.schema(), columns).unwrap()
}

const DATA: &str = "data/train-00000-of-00001.parquet";

#[test]
fn an_untouched_dataset_holds() {
    for store in [Store::Conversation, Store::Feedback] {
        let result = dataset(store).verified();
        assert_eq!(result.violations, [], "{store}");
        assert!(result.parts > 0 && result.examples > 0);
    }
}

#[test]
fn one_bit_in_any_file_is_noticed() {
    let dataset = dataset(Store::Conversation);
    for name in dataset.files() {
        let path = dataset.file(&name);
        let whole = fs::read(&path).unwrap();
        for at in [0, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[at] ^= 1 << (at % 8);
            fs::write(&path, &changed).unwrap();
            let result = dataset.verified();
            assert!(!result.holds(), "{name} byte {at}");
            if !name.starts_with("manifest") {
                let named = result.violations.iter().any(|one| {
                    one.check == "files" && one.what.starts_with(&format!("{name} was changed"))
                });
                assert!(named, "{name}: {:?}", result.violations);
            }
        }
        fs::write(&path, whole).unwrap();
    }
    assert!(dataset.verified().holds());
}

#[test]
fn unlisted_and_missing_files_are_named() {
    let dataset = dataset(Store::Conversation);
    fs::write(dataset.file("data/extra.parquet"), "x").unwrap();
    assert!(dataset.verified().violations[0].what.contains("data/extra.parquet is not listed"));
    fs::remove_file(dataset.file("data/extra.parquet")).unwrap();
    fs::remove_file(dataset.file("policies/retain.cedar")).unwrap();
    let result = dataset.verified();
    assert!(result.violations.iter().any(|one| one.what == "policies/retain.cedar is missing"));
}

#[cfg(unix)]
#[test]
fn a_link_is_not_a_file() {
    let dataset = dataset(Store::Conversation);
    std::os::unix::fs::symlink("/etc/hostname", dataset.file("link")).unwrap();
    assert_eq!(dataset.broken(), ["files"]);
}

#[test]
fn another_signer_is_not_trusted() {
    let dataset = dataset(Store::Conversation);
    let other = Signer::new("tests", &[8; 32]).unwrap();
    dataset.sign_again(&other, |manifest| manifest.signer = other.verifier().to_string());
    let result = dataset.verified();
    assert_eq!(result.violations[0].check, "signature");
    assert!(result.violations[0].what.contains("not trusted"), "{:?}", result.violations);
}

#[test]
fn rows_added_dropped_or_reordered_are_noticed_even_when_signed_again() {
    for (rows, expected) in [
        (&[1_u32, 0, 2, 3, 4, 5, 6][..], "examples"),
        (&[0, 1, 2, 3, 4, 5], "examples"),
        (&[0, 1, 2, 2, 3, 4, 5, 6], "examples"),
    ] {
        let dataset = dataset(Store::Conversation);
        dataset.rewrite(DATA, |batch| {
            assert_eq!(batch.num_rows(), 7, "the example has seven examples");
            picked(&batch, rows)
        });
        assert!(dataset.broken().contains(&"files"));
        dataset.sign_again(&signer(), |manifest| {
            manifest.summary.shards[0].rows = rows.len() as u64;
        });
        let broken = dataset.broken();
        assert!(broken.contains(&expected) && broken.contains(&"merkle-root"), "{broken:?}");
        assert!(!broken.contains(&"files"));
    }
}

/// Alters one value of the frozen facts, rebuilds all hashes and signs with the right key; returns
/// what is said about decisions.
fn altered(
    store: Store,
    column: &str,
    change: impl Fn(&ArrayRef, usize) -> Option<ArrayRef>,
) -> usize {
    let mut altered = 0;
    // Loading the altered set takes longest; every third row will do.
    for row in (0..40).step_by(3) {
        let dataset = dataset(store);
        let mut changed = false;
        dataset.rewrite("facts.parquet", |batch| {
            if row >= batch.num_rows() {
                return batch;
            }
            match change(batch.column_by_name(column).unwrap(), row) {
                Some(new) => {
                    changed = true;
                    with_column(&batch, column, new)
                }
                None => batch,
            }
        });
        if !changed {
            continue;
        }
        dataset.sign_again(&signer(), |_| {});
        let named = format!("facts.parquet row {} (", row + 1);
        let found = dataset
            .verified()
            .violations
            .into_iter()
            .find(|one| one.check == "decisions" && one.what.starts_with(&named));
        assert!(found.is_some(), "{column} of row {row}: {:?}", dataset.verified().violations);
        altered += 1;
    }
    altered
}

#[test]
fn an_altered_fact_signed_with_the_right_key_is_named_by_its_row() {
    // Permitted parts become connector content.
    let origin = |column: &ArrayRef, row: usize| {
        let old = column.as_string::<i32>();
        let new = (0..old.len())
            .map(|at| if at == row { Some("connector") } else { Some(old.value(at)) });
        (old.value(row) != "connector")
            .then(|| std::sync::Arc::new(new.collect::<StringArray>()) as ArrayRef)
    };
    assert!(altered(Store::Conversation, "origin", origin) > 8);
    // A deletion is made up.
    let deleted = |column: &ArrayRef, row: usize| {
        let old = column.as_primitive::<arrow_array::types::TimestampMillisecondType>();
        let new = (0..old.len())
            .map(|at| if at == row { Some(0) } else { old.is_valid(at).then(|| old.value(at)) })
            .collect::<TimestampMillisecondArray>()
            .with_timezone("UTC");
        (!old.is_valid(row)).then(|| std::sync::Arc::new(new) as ArrayRef)
    };
    assert!(altered(Store::Conversation, "deleted_at", deleted) > 0);
    // Feedback becomes older than it may be.
    let old_feedback = |column: &ArrayRef, row: usize| {
        let old = column.as_primitive::<arrow_array::types::TimestampMillisecondType>();
        let new = (0..old.len())
            .map(|at| Some(if at == row { 0 } else { old.value(at) }))
            .collect::<TimestampMillisecondArray>()
            .with_timezone("UTC");
        Some(std::sync::Arc::new(new) as ArrayRef)
    };
    assert!(altered(Store::Feedback, "feedback_at", old_feedback) > 0);
}

#[test]
fn an_outcome_that_does_not_follow_is_named() {
    let dataset = dataset(Store::Conversation);
    let mut row = 0;
    dataset.rewrite("facts.parquet", |batch| {
        let old = batch.column_by_name("has_content").unwrap().as_boolean().clone();
        let outcome = batch.column_by_name("outcome").unwrap().as_string::<i32>().clone();
        row = (0..old.len()).find(|at| outcome.value(*at) == "included").unwrap();
        let new: BooleanArray = (0..old.len()).map(|at| Some(at != row && old.value(at))).collect();
        with_column(&batch, "has_content", std::sync::Arc::new(new))
    });
    dataset.sign_again(&signer(), |_| {});
    let result = dataset.verified();
    assert_eq!(result.violations[0].check, "outcomes");
    assert!(result.violations[0].what.starts_with(&format!("facts.parquet row {} (", row + 1)));
}

#[test]
fn a_swapped_policy_is_noticed_even_when_signed_again() {
    let dataset = dataset(Store::Conversation);
    let path = dataset.file("policies/never.cedar");
    let text = fs::read_to_string(&path).unwrap();
    let swapped =
        text.replace("resource.origin == \"connector\"", "resource.origin == \"browser\"");
    assert_ne!(swapped, text);
    fs::write(&path, swapped).unwrap();
    assert_eq!(dataset.broken(), ["files", "policies", "decisions"]);
    dataset.sign_again(&signer(), |_| {});
    assert_eq!(dataset.broken(), ["policies", "decisions"]);
    let set = consentry_policy::PolicySet::load(&consentry_policy::Sources::new(
        dataset.files().iter().filter_map(|name| {
            let inner = name.strip_prefix("policies/")?;
            Some((inner.to_owned(), fs::read_to_string(dataset.file(name)).unwrap()))
        }),
    ))
    .unwrap();
    // Even with the hash of the set put right, the decisions do not follow from it.
    dataset
        .sign_again(&signer(), |manifest| manifest.summary.policy_set.hash = set.hash().to_owned());
    let broken = dataset.broken();
    assert!(broken.contains(&"decisions") && !broken.contains(&"policies"), "{broken:?}");
}

#[test]
fn counts_that_do_not_follow_are_named() {
    let dataset = dataset(Store::Conversation);
    dataset.sign_again(&signer(), |manifest| manifest.summary.counts.parts_included += 1);
    let result = dataset.verified();
    let counts: Vec<_> = result.violations.iter().filter(|one| one.check == "counts").collect();
    assert_eq!(counts.len(), 1);
    assert!(counts[0].what.starts_with("parts_included: "), "{}", counts[0].what);
}

#[test]
fn a_listed_path_outside_the_folder_is_refused() {
    let dataset = dataset(Store::Conversation);
    let manifest = dataset.manifest();
    let json = serde_json::to_string(&manifest).unwrap().replace("report.html", "../report.html");
    fs::write(dataset.file("manifest.json"), json).unwrap();
    let violations = dataset.verified().violations;
    assert!(
        violations.iter().any(|one| one.check == "files" && one.what.contains("../report.html"))
    );
}
