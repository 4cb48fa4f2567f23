//! Habits of the command line: exit codes, errors that name file and line, nothing half-written.

use crate::program::{NOW, Program, Ran, build_arguments, example};
use std::io::Write as _;
use std::process::Stdio;

#[test]
fn bad_usage_is_exit_2() {
    let program = Program::new();
    for arguments in [
        &["decide"][..],
        &["decide", "nowhere.jsonl", "--as-of", NOW],
        &["decide", "nowhere.jsonl", "--as-of", "yesterday"],
        &["decide", "-", "-", "--as-of", NOW],
        &["no-such-command"],
        &["explain", "-", "--as-of", NOW],
        &["import", "telepathy", "."],
        &["verify", "nowhere"],
    ] {
        let ran = program.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{arguments:?}");
        assert!(!ran.stderr.is_empty());
    }
}

#[cfg(not(feature = "ballista"))]
#[test]
fn a_cluster_that_is_not_there_is_named() {
    let program = Program::new();
    let example = example();
    let decide = ["decide", example.to_str().unwrap(), "--as-of", NOW, "--engine", "ballista"];
    for arguments in [&decide[..], &["cluster", "scheduler"], &["cluster", "executor"]] {
        let ran = program.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.stderr.contains("feature `ballista`"), "{}", ran.stderr);
    }
}

#[test]
fn unknown_actions_and_sets_list_the_known() {
    let program = Program::new();
    let example = example();
    let path = example.to_str().unwrap();
    let action = program.run(&["decide", path, "--as-of", NOW, "--action", "dance"]);
    assert_eq!(action.code, 2);
    assert!(action.stderr.contains("converse"), "{}", action.stderr);
    let set = program.run(&["decide", path, "--as-of", NOW, "--policy", "nobody"]);
    assert_eq!(set.code, 2);
    assert!(set.stderr.contains("claude-consumer"), "{}", set.stderr);
}

#[test]
fn a_line_in_error_is_named_and_nothing_is_written() {
    let program = Program::new();
    let good = std::fs::read_to_string(example()).unwrap();
    program.write("bad.jsonl", &format!("{good}\n\nthis is no event\n"));
    let line = good.lines().count() + if good.ends_with('\n') { 3 } else { 2 };
    let ran = program.run(&["decide", "bad.jsonl", "--as-of", NOW, "--out", "rows.jsonl"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains(&format!("bad.jsonl:{line}: ")), "{}", ran.stderr);
    assert!(!program.path("rows.jsonl").exists());
    let built = program.run(&build_arguments("bad.jsonl", "r", "dataset"));
    assert_eq!(built.code, 2);
    assert!(!program.path("dataset").exists());
    let left: Vec<_> = std::fs::read_dir(program.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("partial"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn quarantine_goes_on_and_keeps_the_lines() {
    let program = Program::new();
    let good = std::fs::read_to_string(example()).unwrap();
    program.write("bad.jsonl", &format!("{{\"no\": 1}}\n{good}"));
    let rows = program.done(&["decide", example().to_str().unwrap(), "--as-of", NOW]);
    let ran = program.run(&["decide", "bad.jsonl", "--as-of", NOW, "--quarantine", "bad.out"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stdout, rows);
    assert!(ran.stderr.contains("1 lines in quarantine"), "{}", ran.stderr);
    let kept = std::fs::read_to_string(program.path("bad.out")).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept["line"], 1);
    assert_eq!(kept["text"], "{\"no\": 1}");
}

#[test]
fn standard_input_is_read() {
    let program = Program::new();
    let example = example();
    let mut child = program
        .command(&["decide", "-", "--as-of", NOW])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&std::fs::read(&example).unwrap()).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!(ran.stdout, program.done(&["decide", example.to_str().unwrap(), "--as-of", NOW]));
}

#[test]
fn completions_and_manual_are_printed() {
    let program = Program::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(program.done(&["completions", shell]).contains("consentry"));
    }
    assert!(program.done(&["man"]).starts_with(".ie"));
    assert!(program.done(&["--help"]).contains("Exit codes"));
}

#[test]
fn colours_are_off_where_nobody_asks_for_them() {
    let program = Program::new();
    let ran = program.run(&["policy", "check", "nowhere"]);
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}
