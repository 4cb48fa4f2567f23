//! Running the binary in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The instant of the example.
pub const NOW: &str = "2026-06-01T00:00:00Z";

/// A folder with keys of its own.
pub struct Program {
    folder: TempDir,
}

/// What a run left.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Program {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_consentry"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("CONSENTRY_HOME", self.path("home"))
            .env_remove("RUST_LOG")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    /// Runs what must succeed.
    pub fn done(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}\n{}{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    /// Builds the example's dataset at `name`.
    pub fn build(&self, name: &str, store: &str) -> PathBuf {
        let example = example();
        let arguments = build_arguments(example.to_str().unwrap(), "r1", name);
        self.done(&[&arguments[..], &["--store", store]].concat());
        self.path(name)
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The arguments that build a dataset for model improvement out of a history.
pub fn build_arguments<'a>(history: &'a str, run: &'a str, out: &'a str) -> [&'a str; 10] {
    let purpose = "model-improvement";
    ["build", history, "--run", run, "--purpose", purpose, "--as-of", NOW, "--out", out]
}

/// The history that ships with the repository.
pub fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/history.jsonl")
}
