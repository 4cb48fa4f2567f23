//! Facts in Parquet through the binary.

use crate::program::{NOW, Program, example};

/// Lines in an order that has nothing to do with how they were made.
fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn engines_and_facts_give_the_rows_of_the_history() {
    let program = Program::new();
    let example = example();
    let history = example.to_str().unwrap();
    for (action, of) in [
        ("train", "parts"),
        ("analyze", "parts"),
        ("sell", "parts"),
        ("retain", "parts"),
        ("recall", "conversations"),
        ("converse", "accounts"),
    ] {
        let facts = format!("{of}.parquet");
        program.done(&["facts", history, "--as-of", NOW, "--of", of, "--out", &facts]);
        let decide = |input: &str, engine: &[&str]| {
            program.done(&[&["decide", input, "--as-of", NOW, "--action", action], engine].concat())
        };
        let cedar = decide(history, &["--engine", "cedar"]);
        assert_eq!(decide(history, &[]), cedar, "{action}");
        assert_eq!(sorted(&decide(&facts, &[])), sorted(&cedar), "{action}");
        assert_eq!(decide(&facts, &["--threads", "1"]), decide(&facts, &["--threads", "3"]));
    }
    let kept = program.done(&["retain", history, "--as-of", NOW]);
    let of_facts = program.done(&["retain", "parts.parquet", "--as-of", NOW]);
    assert_eq!(sorted(&of_facts), sorted(&kept));
}

#[test]
fn counts_sum_up_the_rows() {
    let program = Program::new();
    let example = example();
    program.done(&["facts", example.to_str().unwrap(), "--as-of", NOW, "--out", "f.parquet"]);
    let decide = ["decide", "f.parquet", "--as-of", NOW];
    let rows = program.done(&decide).lines().count();
    let counts = program.done(&[&decide[..], &["--count", "--json"]].concat());
    let count = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        usize::try_from(line["rows"].as_u64().unwrap()).unwrap()
    };
    assert_eq!(counts.lines().map(count).sum::<usize>(), rows);
    let table = program.done(&[&decide[..], &["--count"]].concat());
    assert_eq!(table.lines().count(), counts.lines().count());
}

#[test]
fn what_does_not_fit_is_exit_2_and_nothing_is_written() {
    let program = Program::new();
    let example = example();
    let history = example.to_str().unwrap();
    program.done(&["facts", history, "--as-of", NOW, "--out", "f.parquet"]);
    let other = "2026-06-02T00:00:00Z";
    for (arguments, says) in [
        (&["decide", "f.parquet", "--as-of", other][..], "use --as-of 2026-06-01T00:00:00.000Z"),
        (&["decide", "f.parquet", history, "--as-of", NOW], "some inputs are facts in Parquet"),
        (&["decide", "f.parquet", "--as-of", NOW, "--action", "recall"], "--of conversations"),
        (&["decide", "f.parquet", "--as-of", NOW, "--engine", "cedar"], "leave --engine out"),
        (&["decide", "f.parquet", "--as-of", NOW, "--quarantine", "q"], "no lines"),
        (&["decide", history, "--as-of", NOW, "--count"], "--count is for facts"),
        (&["decide", "f.parquet", "--as-of", NOW, "--out", "f.parquet"], "would be overwritten"),
        (&["explain", "f.parquet", "--as-of", NOW, "--account", "a"], "facts in Parquet"),
        (&["facts", "f.parquet", "--as-of", NOW, "--out", "g.parquet"], "facts already"),
    ] {
        let out = program.path("new.parquet");
        let before = std::fs::read(program.path("f.parquet")).unwrap();
        let is_decide = arguments[0] == "decide" && !arguments.contains(&"--out");
        let to: &[&str] = match is_decide && !arguments.contains(&"--count") {
            true => &["--out", "new.parquet"],
            false => &[],
        };
        let ran = program.run(&[arguments, to].concat());
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(says), "{arguments:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{arguments:?}");
        assert!(!out.exists() && !program.path("g.parquet").exists(), "{arguments:?}");
        assert_eq!(std::fs::read(program.path("f.parquet")).unwrap(), before);
    }
}
