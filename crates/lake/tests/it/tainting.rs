//! A dataset holds nothing that a connector brought in, whoever repeats it.

use crate::setting::{engine, options};
use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, ListArray, StringArray, StructArray};
use consentry_formats::dataset::manifest::{CONNECTOR_TAINT, Manifest};
use consentry_lake::dataset::build::{BuildOptions, build};
use consentry_lake::dataset::note::Signer;
use consentry_lake::dataset::verify::verify;
use consentry_lake::history::Source;
use consentry_lake::progress::Silent;
use consentry_model::{Instant, Store};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};
use std::fs::File;
use std::path::Path;

const MINUTES: &str = "Item 4: the board approves the purchase of the mill at the river for the \
                       price that was offered in spring.";

/// A conversation in which the minutes come in through a connector and are repeated by everybody.
fn history() -> String {
    let event = |(number, (kind, subject, data)): (usize, (&str, &str, Value))| {
        json!({
            "specversion": "1.0", "source": "test", "id": number.to_string(),
            "time": format!("2026-03-05T09:{number:02}:00Z"),
            "type": format!("consentry.{kind}"), "subject": subject, "data": data,
        })
        .to_string()
    };
    let part = |kind: &str, origin: &str, text: &str| json!({"kind": kind, "origin": origin, "text": text});
    let message = |name: &str, role: &str, parts: Vec<Value>| {
        ("message.added", "conversation/c", json!({"message": name, "role": role, "parts": parts}))
    };
    let call = json!({"path": "minutes.md", "content": format!("# Minutes\n{MINUTES}")});
    let choice = json!({"purpose": "model-improvement", "granted": true, "via": "settings"});
    let mut result = part("tool_result", "connector", MINUTES);
    result["connector"] = json!("google-drive");
    let events = [
        ("account.opened", "account/a", json!({"plan": "pro"})),
        ("choice.recorded", "account/a", choice),
        ("conversation.started", "conversation/c", json!({"account": "a", "surface": "chat"})),
        message("m1", "user", vec![part("text", "user", "What do the minutes say?")]),
        message("m2", "assistant", vec![part("tool_call", "assistant", "{}")]),
        message("m3", "tool", vec![result]),
        message(
            "m4",
            "assistant",
            vec![
                part("text", "assistant", &format!("They say: {MINUTES} That is all.")),
                part("thinking", "assistant", MINUTES),
                part("tool_call", "assistant", &call.to_string()),
            ],
        ),
        message("m5", "user", vec![part("text", "user", &format!("So \"{MINUTES}\" is final?"))]),
        message("m6", "assistant", vec![part("text", "assistant", "It is.")]),
        ("feedback.given", "conversation/c", json!({"message": "m6", "rating": "up"})),
    ];
    events.into_iter().enumerate().map(event).map(|line| line + "\n").collect()
}

fn dataset(folder: &Path, store: Store) -> Manifest {
    let file = folder.join("history.jsonl");
    std::fs::write(&file, history()).unwrap();
    let signer = Signer::new("tests", &[5; 32]).unwrap();
    let build_options = BuildOptions {
        run: "r",
        purpose: "model-improvement",
        store,
        as_of: Instant::parse("2026-03-06T00:00:00Z").unwrap(),
        set: engine().set(),
        engine: engine(),
        deid: &consentry_deid::Engine::structured(),
        taint_characters: 60,
        signer: &signer,
        pseudonym_key: &[6; 32],
        version: "test",
    };
    let place = folder.join("dataset");
    let read = options(false, 1 << 20);
    let built = build(&[Source::Path(file)], &read, &build_options, &place, &mut Silent).unwrap();
    let verified = verify(&place, &[signer.verifier()], &mut Silent).unwrap();
    assert!(verified.violations.is_empty(), "{:?}", verified.violations);
    built.manifest
}

/// The messages in a column of the dataset: content, reasoning, and the arguments of calls.
fn messages(folder: &Path, manifest: &Manifest, column: &str) -> Vec<[String; 3]> {
    let shard = folder.join("dataset").join(&manifest.summary.shards[0].path);
    let mut reader = ParquetRecordBatchReaderBuilder::try_new(File::open(shard).unwrap())
        .unwrap()
        .build()
        .unwrap();
    let batch = reader.next().unwrap().unwrap();
    assert_eq!(batch.num_rows(), 1);
    let list: &ListArray = batch.column_by_name(column).unwrap().as_list();
    let values = list.value(0);
    let rows: &StructArray = values.as_struct();
    let text = |name: &str, at: usize| {
        let column: &StringArray = rows.column_by_name(name).unwrap().as_string();
        if column.is_null(at) { String::new() } else { column.value(at).to_owned() }
    };
    let arguments = |at: usize| {
        let calls: &ListArray = rows.column_by_name("tool_calls").unwrap().as_list();
        if calls.is_null(at) {
            return String::new();
        }
        let calls = calls.value(at);
        let function = calls.as_struct().column_by_name("function").unwrap().as_struct().clone();
        let column: &StringArray = function.column_by_name("arguments").unwrap().as_string();
        column.iter().flatten().collect()
    };
    (0..rows.len())
        .map(|at| [text("content", at), text("reasoning_content", at), arguments(at)])
        .collect()
}

#[test]
fn a_conversation_keeps_only_what_a_person_typed() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = dataset(folder.path(), Store::Conversation);
    let all = messages(folder.path(), &manifest, "messages");
    let texts: Vec<&str> = all.iter().map(|message| message[0].as_str()).collect();
    assert_eq!(
        texts,
        [
            "What do the minutes say?",
            "",
            "They say:  That is all.",
            &format!("So \"{MINUTES}\" is final?"),
            "It is."
        ]
    );
    // The thought was nothing but the minutes; the file keeps its heading.
    assert_eq!(all[2][1], "");
    let call: Value = serde_json::from_str(&all[2][2]).unwrap();
    assert_eq!(call["path"], "minutes.md");
    assert_eq!(call["content"].as_str().unwrap().trim_end(), "# Minutes");
    let summary = &manifest.summary;
    assert_eq!(summary.deidentification.findings[CONNECTOR_TAINT], 3);
    assert_eq!(summary.deidentification.left[CONNECTOR_TAINT], 1);
    assert_eq!(summary.counts.parts_excluded["no-content"], 1);
}

#[test]
fn a_feedback_copy_is_followed_though_it_holds_no_result() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = dataset(folder.path(), Store::Feedback);
    let prompt = messages(folder.path(), &manifest, "prompt");
    let holding: Vec<bool> =
        prompt.iter().map(|message| message.iter().any(|text| text.contains("the mill"))).collect();
    assert_eq!(holding, [false, false, false, true]);
    let done = &manifest.summary.deidentification;
    assert_eq!((done.findings[CONNECTOR_TAINT], done.left[CONNECTOR_TAINT]), (3, 1));
}
