//! Building: what is in a dataset, and what is not.

use crate::program::{NOW, Program, build_arguments, example};
use std::path::Path;

fn manifest(dataset: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(dataset.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn counts_agree_with_decide() {
    let program = Program::new();
    let dataset = program.build("dataset", "conversation");
    let rows = program.done(&["decide", example().to_str().unwrap(), "--as-of", NOW]);
    let rows: Vec<serde_json::Value> =
        rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kept = program.done(&["retain", example().to_str().unwrap(), "--as-of", NOW]);
    let due = kept.lines().zip(&rows).filter(|(kept, row)| {
        kept.contains("\"due\"") && row["decision"] == "permit" && row["store"] == "conversation"
    });
    let stored: Vec<_> = rows.iter().filter(|row| row["store"] == "conversation").collect();
    let permitted = stored.iter().filter(|row| row["decision"] == "permit").count();
    let counts = &manifest(&dataset)["summary"]["counts"];
    let excluded = counts["parts_excluded"].as_object().unwrap();
    let denied: u64 = excluded
        .iter()
        .filter(|(name, _)| name.starts_with("denied:"))
        .map(|(_, count)| count.as_u64().unwrap())
        .sum();
    assert_eq!(counts["parts"], stored.len());
    assert_eq!(denied, (stored.len() - permitted) as u64);
    assert_eq!(excluded["due-for-erasure"], due.count());
    let all: u64 = excluded.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(all + counts["parts_included"].as_u64().unwrap(), stored.len() as u64);
}

#[test]
fn nothing_leads_back_to_people() {
    let program = Program::new();
    for store in ["conversation", "feedback"] {
        let dataset = program.build(store, store);
        let mut files = vec![dataset.clone()];
        while let Some(path) = files.pop() {
            if path.is_dir() {
                files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            for id in ["acct-choice-on", "conv-code", "acct-tester"] {
                assert!(!text.contains(id), "{} holds {id}", path.display());
            }
        }
    }
}

#[test]
fn facts_that_no_policy_reads_are_not_frozen() {
    let program = Program::new();
    let history = std::fs::read_to_string(example()).unwrap();
    let named =
        history.replace("google-drive", "mcp-local:ada-byron").replace("\"eu\"", "\"atlantis\"");
    assert!(named.contains("mcp-local:ada-byron") && named.contains("atlantis"));
    program.write("named.jsonl", &named);
    program.done(&build_arguments("named.jsonl", "r", "dataset"));
    let facts = std::fs::read(program.path("dataset/facts.parquet")).unwrap();
    let facts = String::from_utf8_lossy(&facts);
    assert!(!facts.contains("ada-byron") && !facts.contains("atlantis"));
    program.done(&["verify", "dataset"]);
}

#[test]
fn the_same_history_gives_the_same_bytes() {
    let program = Program::new();
    let (one, other) =
        (program.build("one", "conversation"), program.build("other", "conversation"));
    for file in
        ["manifest.json", "facts.parquet", "data/train-00000-of-00001.parquet", "report.html"]
    {
        assert_eq!(
            std::fs::read(one.join(file)).unwrap(),
            std::fs::read(other.join(file)).unwrap(),
            "{file}"
        );
    }
}

#[test]
fn another_run_has_other_ids() {
    let program = Program::new();
    let ids = |run: &str| {
        let example = example();
        program.done(&build_arguments(example.to_str().unwrap(), run, run));
        manifest(&program.path(run))["summary"]["merkle_root"].as_str().unwrap().to_owned()
    };
    assert_ne!(ids("spring"), ids("summer"));
}

#[test]
fn a_place_that_is_taken_stays_as_it_is() {
    let program = Program::new();
    std::fs::create_dir(program.path("taken")).unwrap();
    let example = example();
    let ran = program.run(&build_arguments(example.to_str().unwrap(), "r", "taken"));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("exists"), "{}", ran.stderr);
    assert_eq!(std::fs::read_dir(program.path("taken")).unwrap().count(), 0);
}

#[test]
fn a_run_id_cannot_hold_markup_or_paths() {
    let program = Program::new();
    for run in ["", "../x", "a b", "<b>", "x\n"] {
        let example = example();
        let ran = program.run(&build_arguments(example.to_str().unwrap(), run, "dataset"));
        assert_eq!(ran.code, 2, "{run:?}");
        assert!(!program.path("dataset").exists());
    }
}

#[test]
fn an_empty_history_makes_an_empty_dataset_that_holds() {
    let program = Program::new();
    program.write("none.jsonl", "");
    program.done(&build_arguments("none.jsonl", "r", "dataset"));
    assert!(program.done(&["verify", "dataset"]).contains("0 examples"));
}
