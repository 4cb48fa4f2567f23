//! The set `claude-consumer` passes its own cases and is embedded whole.

use consentry_policy::{PolicySet, Sources, check};
use std::path::Path;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/claude-consumer");

fn read(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else {
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn the_embedded_files_are_those_of_the_folder() {
    let mut files = Vec::new();
    read(Path::new(FOLDER), "", &mut files);
    assert_eq!(Sources::shipped("claude-consumer").unwrap(), Sources::new(files));
}

#[test]
fn every_case_holds_and_nothing_is_worth_a_warning() {
    let report = check(&Sources::shipped("claude-consumer").unwrap()).unwrap();
    let failures: Vec<_> = report.failures.iter().map(ToString::to_string).collect();
    assert_eq!(failures, [""; 0]);
    let warnings: Vec<_> = report.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, [""; 0]);
    assert!(report.passed());
    assert!(report.cases > 80 && report.questions > 2 * report.cases);
}

#[test]
fn loading_its_files_again_gives_the_same_set() {
    let set = PolicySet::shipped("claude-consumer").unwrap();
    let again = PolicySet::load(set.files()).unwrap();
    assert_eq!(again.hash(), set.hash());
    assert_eq!(again.policies(), set.policies());
}

/// Every edit that shifts or widens a rule by the least amount.
pub fn edits(text: &str) -> Vec<String> {
    let mut edits = Vec::new();
    let mut edit = |from: &str, to: &str| {
        for (at, found) in text.match_indices(from) {
            let (before, rest) = text.split_at(at);
            edits.push(format!("{before}{to}{}", rest.strip_prefix(found).unwrap()));
        }
    };
    for (from, to) in [
        (" < ", " <= "),
        (" >= ", " > "),
        (" && ", " || "),
        (" || ", " && "),
        (" == ", " != "),
        ("duration(\"30d\")", "duration(\"31d\")"),
        ("duration(\"30d\")", "duration(\"29d23h59m59s999ms\")"),
        ("duration(\"730d\")", "duration(\"731d\")"),
        ("duration(\"1826d\")", "duration(\"1825d\")"),
        ("\"safeguards\"]", "\"other\"]"),
        ("\"model-improvement\",", "\"other\","),
        ("\"free\",", ""),
        ("\"pro\",", ""),
        (", \"max\"]", "]"),
        ("\"team\",", ""),
        ("\"enterprise\",", ""),
        ("\"work\",", ""),
        ("\"gov\",", ""),
        ("\"education\",", ""),
        (", \"api\"]", "]"),
        ("Action::\"train\", ", ""),
        (", Action::\"analyze\"", ""),
        (", Action::\"recall\"", ""),
    ] {
        edit(from, to);
    }
    edits
}

/// The edits that no case notices.
fn unnoticed() -> Vec<String> {
    let shipped = Sources::shipped("claude-consumer").unwrap();
    let files = shipped.iter().filter(|(name, _)| name.ends_with(".cedar"));
    let edits = files
        .flat_map(|(name, text)| edits(text).into_iter().map(move |edited| (name, text, edited)));
    let mut unnoticed = Vec::new();
    for (name, text, edited) in edits {
        let files = shipped
            .iter()
            .map(|(other, text)| (other, if other == name { edited.as_str() } else { text }));
        if check(&Sources::new(files)).is_ok_and(|report| report.passed()) {
            let line = edited.lines().zip(text.lines()).find(|(new, old)| new != old);
            unnoticed.push(format!("{name}: {line:?}"));
        }
    }
    unnoticed
}

#[test]
fn no_edit_of_a_policy_goes_unnoticed() {
    assert_eq!(unnoticed(), [""; 0]);
}
