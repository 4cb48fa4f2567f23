//! Files that others made.

use super::{Folder, answered, fold, job, printed};
use crate::setting::{Asked, answers, files, options};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, TimestampMillisecondType};
use arrow_array::{
    Array as _, ArrayRef, Int32Array, Int64Array, LargeStringArray, RecordBatch, StringArray,
    StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray,
};
use arrow_schema::DataType;
use consentry_lake::bulk::write_parquet;
use consentry_lake::facts::{AS_OF_KEY, FactsFile, Of, VERSION_KEY};
use consentry_lake::progress::Silent;
use consentry_model::Instant;
use consentry_testkit::generate::{moments, small};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;

fn asked(now: Instant) -> Asked<'static> {
    Asked { action: "train", purpose: "safeguards", now, until: false }
}

fn write(path: &Path, batches: &[RecordBatch], metadata: &[(&str, &str)], group_rows: usize) {
    let pairs = metadata.iter();
    let pairs = pairs.map(|(key, value)| KeyValue::new((*key).to_owned(), (*value).to_owned()));
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(group_rows))
        .set_key_value_metadata(Some(pairs.collect()))
        .build();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batches[0].schema(), Some(properties)).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.close().unwrap();
}

fn read(path: &Path) -> Vec<RecordBatch> {
    let file = std::fs::File::open(path).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

/// The column in one of the forms that other tools write, its instants a little later.
fn foreign(column: &ArrayRef, form: u32) -> ArrayRef {
    match column.data_type() {
        DataType::Dictionary(..) => {
            let texts = column.as_dictionary::<Int32Type>();
            let values = texts.values().as_string::<i32>();
            let texts = texts.keys().iter().map(|key| Some(values.value(key? as usize)));
            match form % 4 {
                0 => Arc::new(texts.collect::<StringArray>()),
                1 => Arc::new(texts.collect::<LargeStringArray>()),
                2 => Arc::new(texts.collect::<StringViewArray>()),
                _ => Arc::clone(column),
            }
        }
        DataType::Timestamp(..) => {
            let millis = column.as_primitive::<TimestampMillisecondType>();
            let whole = millis.iter().flatten().all(|at| at % 1000 == 0);
            match form % 4 {
                0 => Arc::new(
                    millis
                        .iter()
                        .map(|at| Some(at? * 1000 + 999))
                        .collect::<TimestampMicrosecondArray>(),
                ),
                1 => Arc::new(
                    millis
                        .iter()
                        .map(|at| Some(at? * 1_000_000 + 999_999))
                        .collect::<TimestampNanosecondArray>()
                        .with_timezone("+02:00"),
                ),
                2 if whole => Arc::new(
                    millis.iter().map(|at| Some(at? / 1000)).collect::<TimestampSecondArray>(),
                ),
                _ => Arc::new(millis.iter().collect::<TimestampMillisecondArray>()),
            }
        }
        _ => Arc::clone(column),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn are_read_in_every_form(
        history in small(),
        now in proptest::sample::select(moments()),
        forms in proptest::collection::vec(0u32..4, 30),
        group_rows in 1usize..12,
        threads in 1usize..4,
    ) {
        let files = files(&history.texts());
        let options = options(false, 1 << 20);
        let folder = Folder::new();
        let (own, other) = (folder.file("own"), folder.file("other"));
        fold(&files.sources, &options, Of::Parts, now, &own);
        let expected = printed(&[&own], asked(now), threads).unwrap();
        let batches: Vec<RecordBatch> = read(&own).iter().map(|batch| {
            let schema = batch.schema();
            let columns = schema.fields().iter().zip(batch.columns()).zip(&forms);
            RecordBatch::try_from_iter_with_nullable(columns.map(|((field, column), form)| {
                (field.name().clone(), foreign(column, *form), true)
            })).unwrap()
        }).collect();
        if batches.is_empty() {
            return Ok(());
        }
        write(&other, &batches, &[], group_rows);
        prop_assert_eq!(&printed(&[&other], asked(now), threads).unwrap(), &expected);
        // Twice the same file is the rows twice, and answers in Parquet say the same.
        let twice: Vec<_> = expected.iter().chain(&expected).cloned().collect();
        prop_assert_eq!(&printed(&[&other, &other], asked(now), threads).unwrap(), &twice);
        let facts = [FactsFile::open(&other).unwrap(), FactsFile::open(&other).unwrap()];
        let to = std::fs::File::create(folder.file("answers")).unwrap();
        write_parquet(&job(&facts, asked(now), threads), &mut Silent, to).unwrap();
        if forms[1] != 2 && forms.iter().take(5).all(|form| *form == 0 || *form == 3) {
            prop_assert_eq!(&answered(&folder.file("answers")), &twice);
        }
    }
}

#[test]
fn the_usual_compressions_are_read() {
    use parquet::basic::{Compression, GzipLevel};
    let folder = Folder::new();
    let path = folder.file("facts.parquet");
    let rows = batch(vec![("plan", text(&["pro"; 100])), ("origin", text(&["connector"; 100]))]);
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::LZ4_RAW,
        Compression::GZIP(GzipLevel::default()),
    ] {
        let properties = WriterProperties::builder().set_compression(compression).build();
        let file = std::fs::File::create(&path).unwrap();
        let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).unwrap();
        writer.write(&rows).unwrap();
        writer.close().unwrap();
        assert_eq!(printed(&[&path], asked(now()), 1).unwrap().len(), 100, "{compression:?}");
    }
}

fn now() -> Instant {
    Instant::parse("2026-06-01T00:00:00Z").unwrap()
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter(columns).unwrap()
}

fn refusal(columns: Vec<(&str, ArrayRef)>, metadata: &[(&str, &str)]) -> String {
    let folder = Folder::new();
    let path = folder.file("facts.parquet");
    write(&path, &[batch(columns)], metadata, 10);
    let error = printed(&[&path], asked(now()), 1).unwrap_err().to_string();
    error.rsplit_once("facts.parquet: ").unwrap().1.to_owned()
}

fn text(texts: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

#[test]
fn a_column_that_is_missing_is_absent_in_every_row() {
    let folder = Folder::new();
    let path = folder.file("facts.parquet");
    // Keys of a warehouse need not be text.
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![7, 8]));
    let some = vec![("conversation", ids), ("origin", text(&["user", "connector"]))];
    let mut all = some.clone();
    all.push(("deleted_at", Arc::new(TimestampMillisecondArray::from(vec![None, None]))));
    all.push(("plan", Arc::new(StringArray::from(vec![None::<&str>, None]))));
    all.push(("adult", Arc::new(arrow_array::NullArray::new(2))));
    write(&path, &[batch(some)], &[], 1);
    let rows = printed(&[&path], asked(now()), 2).unwrap();
    write(&path, &[batch(all)], &[], 1);
    assert_eq!(printed(&[&path], asked(now()), 2).unwrap(), rows);
    assert_eq!(rows[0]["conversation"], 7);
    let connected = |row: &serde_json::Value| {
        row["reasons"].as_array().unwrap().iter().any(|id| id == "raw-connector-content")
    };
    assert_eq!(rows.iter().map(connected).collect::<Vec<_>>(), [false, true]);
    // What should always be there is missed: on doubt it denies.
    let misses = |row: &serde_json::Value| row.to_string().contains("policy-error:incognito");
    assert!(rows.iter().all(|row| row["decision"] == "deny"), "{rows:?}");
    let asked = Asked { purpose: "model-improvement", ..asked(now()) };
    assert!(printed(&[&path], asked, 1).unwrap().iter().all(misses));
}

#[test]
fn ids_may_be_categories_of_numbers() {
    use arrow_array::types::Int8Type;
    let folder = Folder::new();
    let path = folder.file("facts.parquet");
    let keys = arrow_array::PrimitiveArray::<Int8Type>::from(vec![1, 0, 1]);
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![70, 80]));
    let ids: ArrayRef = Arc::new(arrow_array::DictionaryArray::new(keys, ids));
    write(&path, &[batch(vec![("conversation", ids), ("plan", text(&["pro"; 3]))])], &[], 10);
    let rows = printed(&[&path], asked(now()), 1).unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row["conversation"].as_i64().unwrap()).collect();
    assert_eq!(ids, [80, 70, 80]);
}

#[test]
fn what_is_not_right_is_refused_by_name() {
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1]));
    assert_eq!(
        refusal(vec![("plan", numbers.clone())], &[]),
        "the column `plan` is expected to be text (a string), not Int32"
    );
    assert_eq!(
        refusal(vec![("adult", text(&["yes"]))], &[]),
        "the column `adult` is expected to be true or false (a boolean), not Utf8"
    );
    assert_eq!(
        refusal(vec![("last_activity", numbers)], &[]),
        "the column `last_activity` is expected to be an instant (a timestamp), not Int32"
    );
    assert_eq!(
        refusal(vec![("plan", text(&["pro"])), ("plan", text(&["pro"]))], &[]),
        "it has two columns `plan`"
    );
    assert_eq!(
        refusal(vec![("plan", text(&["pro"]))], &[(VERSION_KEY, "2")]),
        "facts of version `2`; this consentry reads version 1"
    );
    assert_eq!(
        refusal(vec![("plan", text(&["pro"]))], &[(AS_OF_KEY, "2026-05-01T00:00:00Z")]),
        "these are the facts at 2026-05-01T00:00:00.000Z, not at 2026-06-01T00:00:00.000Z; use \
         --as-of 2026-05-01T00:00:00.000Z, or fold the history again"
    );
    assert_eq!(
        refusal(vec![("choice", text(&["off", "OFF"]))], &[]),
        "the column `choice` holds \"OFF\"; expected one of unset, on, off"
    );
    let origin = refusal(vec![("origin", text(&["Connector"]))], &[]);
    assert!(origin.starts_with("the column `origin` holds \"Connector\""), "{origin}");
    for name in ["deletedAt", "Deleted_At", "DELETED-AT"] {
        assert_eq!(
            refusal(vec![(name, text(&["x"])), ("plan", text(&["pro"]))], &[]),
            format!("the column `{name}` is not read; is it `deleted_at`? rename it")
        );
    }
    assert_eq!(
        refusal(vec![("conversation", text(&["c"])), ("foo", text(&["x"]))], &[]),
        "these are not facts: no column has the name of one"
    );
    assert_eq!(
        refusal(vec![("plan", text(&["pro"]))], &[(consentry_lake::bulk::DECISIONS_KEY, "1")]),
        "these are answers, not facts"
    );
    let stores = refusal(vec![("store", text(&["elsewhere"])), ("plan", text(&["pro"]))], &[]);
    assert!(stores.starts_with("the column `store` is expected to hold"), "{stores}");
    let far: ArrayRef = Arc::new(TimestampSecondArray::from(vec![i64::MAX / 500]));
    let far = refusal(vec![("last_activity", far)], &[]);
    assert!(far.contains("`last_activity`"), "{far}");
}

#[test]
fn nothing_leads_back_from_a_copy() {
    let folder = Folder::new();
    let path = folder.file("facts.parquet");
    let rows = |conversations: [Option<&str>; 2]| {
        let conversations: ArrayRef = Arc::new(StringArray::from(conversations.to_vec()));
        let stores = text(&["conversation", "feedback"]);
        batch(vec![
            ("store", stores),
            ("conversation", conversations),
            ("kind", text(&["text"; 2])),
        ])
    };
    let written = |path: &Path| {
        let facts = [FactsFile::open(path).unwrap()];
        let to = std::fs::File::create(folder.file("answers")).unwrap();
        write_parquet(&job(&facts, asked(now()), 1), &mut Silent, to).map_err(|it| it.to_string())
    };
    // Whoever the file says that it is from.
    for metadata in [&[(VERSION_KEY, "1")][..], &[]] {
        write(&path, &[rows([Some("c1"), Some("c2")])], metadata, 10);
        let error = written(&path).unwrap_err();
        assert!(error.contains("`conversation`") && error.contains("expected null"), "{error}");
    }
    // As lines of JSON it is left out.
    let printed = printed(&[&path], asked(now()), 1).unwrap();
    assert_eq!((&printed[0]["conversation"], printed[1].get("conversation")), (&"c1".into(), None));
    write(&path, &[rows([Some("c1"), None])], &[], 10);
    assert_eq!(written(&path).unwrap().rows(), 2);
}

#[test]
fn ids_that_cannot_be_read_are_not_passed_on() {
    let folder = Folder::new();
    let path = folder.file("facts.parquet");
    let ids: Vec<String> = (0..500).map(|row| format!("conversation-{row}")).collect();
    let ids: ArrayRef = Arc::new(StringArray::from(ids));
    let plans = text(&["pro"; 500]);
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_statistics_enabled(parquet::file::properties::EnabledStatistics::None)
        .build();
    let file = std::fs::File::create(&path).unwrap();
    let rows = batch(vec![("conversation", ids), ("plan", plans)]);
    let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).unwrap();
    writer.write(&rows).unwrap();
    writer.close().unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let place = bytes.windows(16).position(|text| text == b"conversation-250").unwrap();
    // Not UTF-8.
    bytes[place] = 0xff;
    std::fs::write(&path, &bytes).unwrap();
    let facts = [FactsFile::open(&path).unwrap()];
    let to = std::fs::File::create(folder.file("answers")).unwrap();
    assert!(write_parquet(&job(&facts, asked(now()), 1), &mut Silent, to).is_err());
}

#[test]
fn a_file_that_is_cut_is_refused_and_never_answered_short() {
    let folder = Folder::new();
    let (whole, damaged) = (folder.file("whole.parquet"), folder.file("damaged.parquet"));
    let plans: Vec<&str> = (0..4000).map(|row| if row % 3 == 0 { "pro" } else { "free" }).collect();
    write(&whole, &[batch(vec![("plan", text(&plans)), ("region", text(&plans))])], &[], 1000);
    let expected = printed(&[&whole], asked(now()), 1).unwrap();
    let bytes = std::fs::read(&whole).unwrap();
    for cut in [0, 3, 8, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&damaged, &bytes[..cut]).unwrap();
        assert!(printed(&[&damaged], asked(now()), 1).is_err(), "cut at {cut}");
    }
    assert_eq!(expected.len(), 4000);
}

#[test]
fn answers_of_a_history_stay_answers_of_a_history() {
    // A file of facts is not mistaken for lines, nor lines for facts.
    let folder = Folder::new();
    let path = folder.file("facts.parquet");
    write(&path, &[batch(vec![("plan", text(&["pro"]))])], &[], 10);
    let sources = [consentry_lake::history::Source::Path(path.clone())];
    let error = answers(&sources, &options(false, 0), asked(now())).unwrap_err().to_string();
    assert!(error.contains("facts in Parquet"), "{error}");
    assert!(consentry_lake::facts::is_parquet(&path));
    std::fs::write(&path, "{}\n").unwrap();
    assert!(!consentry_lake::facts::is_parquet(&path));
}
