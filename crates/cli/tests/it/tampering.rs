//! Verifying through the binary: who signed, and what was changed.

use crate::program::Program;

#[test]
fn a_dataset_holds_where_it_was_made_and_where_its_key_is_given() {
    let (here, there) = (Program::new(), Program::new());
    let dataset = here.build("dataset", "conversation");
    let path = dataset.to_str().unwrap();
    assert!(here.done(&["verify", path]).contains("holds: run r1"));
    let unknown = there.run(&["verify", path]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.stdout.contains("is not trusted here"), "{}", unknown.stdout);
    let key = here.done(&["key", "show"]);
    there.done(&["verify", path, "--key", key.trim()]);
    there.done(&["key", "trust", key.trim()]);
    there.done(&["verify", path]);
    assert_eq!(there.done(&["key", "list"]), key);
    let other = there.done(&["key", "show"]);
    assert_ne!(other, key);
}

#[test]
fn a_changed_file_is_exit_1_and_named() {
    let program = Program::new();
    let dataset = program.build("dataset", "feedback");
    let path = dataset.join("report.html");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let ran = program.run(&["verify", "dataset"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("report.html was changed"), "{}", ran.stdout);
    let json = program.run(&["verify", "dataset", "--json"]);
    assert_eq!(json.code, 1);
    let answer: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(answer["holds"], false);
    assert_eq!(answer["verification"]["violations"][0]["check"], "files");
}
