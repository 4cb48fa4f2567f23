//! Sets beside each other: the matrix, and what each would do with a history.

use crate::program::{NOW, Program, example};
use serde_json::Value;
use std::path::Path;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_shipped_set_is_listed_and_sound() {
    let program = Program::new();
    let listed = program.done(&["policy", "list"]);
    let ids: Vec<_> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(ids.len(), 14, "{listed}");
    for id in ids {
        let ran = program.run(&["policy", "check", id]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{id}");
        let shown = program.done(&["policy", "show", id]);
        assert!(shown.starts_with(&format!("{id}: ")), "{shown}");
    }
    let checked = program.done(&["policy", "check", "meta-ai", "--json"]);
    let checked: Value = serde_json::from_str(&checked).unwrap();
    let unknown = checked["not_published"].as_array().unwrap();
    assert!(unknown.iter().any(|one| one["policy"] == "retention"), "{checked}");
    let shown = program.done(&["policy", "show", "meta-ai"]);
    assert!(shown.contains("not published: how long conversations are kept"), "{shown}");
}

#[test]
fn a_cell_follows_the_policy_in_the_file() {
    let program = Program::new();
    program.done(&["policy", "export", "chatgpt", "--out", "mine"]);
    let cell = |aspect: &str| {
        let matrix = program.done(&["policy", "matrix", "mine", "--json"]);
        let matrix: Value = serde_json::from_str(&matrix).unwrap();
        let lines = matrix["aspects"].as_array().unwrap();
        lines.iter().find(|line| line["aspect"] == aspect).unwrap()["cells"][0].clone()
    };
    assert_eq!(cell("deletion")["milliseconds"], 30_u64 * 86_400_000);
    assert_eq!(cell("deletion")["policies"], serde_json::json!(["keep-deleted"]));
    assert_eq!(cell("connector")["answer"], "not-published");
    for (file, from, to) in [
        (
            "retain.cedar",
            "deleted_at.offset(duration(\"30d\"))",
            "deleted_at.offset(duration(\"9d\"))",
        ),
        ("unknown.cedar", "resource.origin == \"connector\"", "resource.origin == \"nowhere\""),
    ] {
        let path = program.path("mine").join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from));
        std::fs::write(&path, text.replace(from, to)).unwrap();
    }
    assert_eq!(cell("deletion")["milliseconds"], 9_u64 * 86_400_000);
    assert_eq!(cell("connector")["answer"], "yes");
}

#[test]
fn the_table_and_the_markdown_have_the_cells_of_the_json() {
    let program = Program::new();
    let matrix = program.done(&["policy", "matrix", "--json"]);
    let matrix: Value = serde_json::from_str(&matrix).unwrap();
    assert_eq!(matrix["sets"].as_array().unwrap().len(), 9);
    let markdown = program.done(&["policy", "matrix", "--markdown"]);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policy-matrix.md");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.ends_with(&markdown), "docs/policy-matrix.md is not what the policies say");
    let rows: Vec<Vec<&str>> =
        markdown.lines().map(|line| line.trim_matches('|').split('|').collect()).collect();
    assert!(rows.iter().all(|row| row.len() == 10), "{markdown}");
    let aspects = matrix["aspects"].as_array().unwrap();
    assert_eq!(rows.len(), aspects.len() + 2);
    for (row, aspect) in rows.iter().skip(2).zip(aspects) {
        for (cell, told) in row.iter().skip(1).zip(aspect["cells"].as_array().unwrap()) {
            for policy in told["policies"].as_array().unwrap() {
                assert!(cell.contains(&format!("`{}`", policy.as_str().unwrap())), "{cell}");
            }
            assert_eq!(cell.contains("not published"), told["answer"] == "not-published");
        }
    }
    let table = program.done(&["policy", "matrix"]);
    assert!(table.contains("72 hours") && table.contains("not published"), "{table}");
    assert!(!table.contains('\u{1b}') && !table.contains("keep-deleted"), "{table}");
    let named = program.done(&["policy", "matrix", "--reasons", "--color", "always"]);
    assert!(named.contains('\u{1b}') && named.contains("keep-deleted"), "{named}");
}

#[test]
fn each_set_does_what_it_would_do_alone() {
    let program = Program::new();
    let example = example();
    let path = example.to_str().unwrap();
    let listed = program.done(&["policy", "list"]);
    let ids: Vec<_> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let all = ids.join(",");
    let rows = lines(&program.done(&["whatif", path, "--as-of", NOW, "--policy", &all, "--json"]));
    for id in ids {
        let alone = lines(&program.done(&["decide", path, "--as-of", NOW, "--policy", id]));
        assert_eq!(alone.len(), rows.len());
        for (alone, row) in alone.iter().zip(&rows) {
            for key in ["store", "conversation", "message", "copy", "part"] {
                assert_eq!(alone[key], row[key]);
            }
            let decision = &row["decisions"][id];
            assert_eq!(alone["decision"], decision["decision"], "{id}: {row}");
            assert_eq!(alone["reasons"], decision["reasons"], "{id}: {row}");
        }
    }
}

#[test]
fn a_person_sees_numbers_and_where_the_sets_differ() {
    let program = Program::new();
    let example = example();
    let path = example.to_str().unwrap();
    let arguments = ["whatif", path, "--as-of", NOW, "--policy", "claude-consumer,grok,gemini"];
    let told = program.done(&arguments);
    assert!(told.contains("38 rows; action train, purpose model-improvement"), "{told}");
    let line = told.lines().find(|line| line.starts_with("claude-consumer ")).unwrap();
    assert!(line.contains("22 permitted") && line.contains("0 not published"), "{line}");
    assert!(told.contains("The sets differ on "), "{told}");
    assert!(told.contains("not published  whether allowing reaches conversations from before"));
    let ran = program.run(&[&arguments[..], &["--out", "rows.jsonl"]].concat());
    assert_eq!((ran.code, ran.stdout), (0, told.clone()));
    assert_eq!(lines(&std::fs::read_to_string(program.path("rows.jsonl")).unwrap()).len(), 38);
    let ran = program.run(&[&arguments[..], &["--json"]].concat());
    assert_eq!((ran.code, ran.stderr), (0, told));
    assert_eq!(lines(&ran.stdout).len(), 38);
}

#[test]
fn sets_that_cannot_be_compared_are_refused() {
    let program = Program::new();
    let example = example();
    let path = example.to_str().unwrap();
    let ask = |policy: &str, more: &[&str]| {
        program.run(&[&["whatif", path, "--as-of", NOW, "--policy", policy], more].concat())
    };
    for (policy, more, expected) in [
        ("grok,grok", &[][..], "`grok`"),
        ("grok,nobody", &[], "neither a folder nor a shipped set"),
        ("grok", &["--action", "dance"], "converse"),
    ] {
        let ran = ask(policy, &[more, &["--out", "rows.jsonl"]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{policy}");
        assert!(ran.stderr.contains(expected), "{policy}: {}", ran.stderr);
        assert!(!program.path("rows.jsonl").exists());
    }
    program.write("bad.jsonl", "no event\n");
    let ran = program.run(&["whatif", "bad.jsonl", "--as-of", NOW, "--json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("bad.jsonl:1: "), "{}", ran.stderr);
}
