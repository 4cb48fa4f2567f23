//! The set `claude-consumer` passes its own cases and is embedded whole.

use consentry_policy::{PolicySet, Sources, check};
use std::path::Path;

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../policies/claude-consumer"
);

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
