//! The dataset in the hands of the Python packages that training uses.

use crate::program::Program;
use std::path::Path;
use std::process::Command;

/// Python with the packages of `tests/python/requirements.txt`, as `cargo xtask test` sets it up.
fn check(store: &str) {
    let Some(python) = std::env::var_os("CONSENTRY_PYTHON") else {
        eprintln!("CONSENTRY_PYTHON is not set; `cargo xtask test` sets it up and runs this");
        return;
    };
    let program = Program::new();
    let dataset = program.build("dataset", store);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/check_dataset.py");
    let output = Command::new(python)
        .arg(script)
        .arg(&dataset)
        .env("HF_HOME", program.path("hf"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    println!("{text}");
}

#[test]
fn conversations_load() {
    check("conversation");
}

#[test]
fn feedback_loads() {
    check("feedback");
}
