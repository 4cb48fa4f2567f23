//! The main job on the shipped example, for someone who has just cloned the project.

use crate::workspace::Workspace;
use crate::{model, process, system};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const HISTORY: &str = "examples/history.jsonl";
const AS_OF: &str = "2026-06-01T00:00:00Z";
const PURPOSE: &str = "model-improvement";
/// An account of the example, to be explained.
const ACCOUNT: &str = "acct-team";

/// A text to look for names, addresses and secrets in.
const MESSAGE: &str = "\
Dear Ms Hannah Whitfield,
the parcel for 418 Larkspur Lane, Burlington is at our office. Write to h.whitfield@corp.io or call
+44 20 7946 0958. The database is postgres://reader:hunter2zz@db.corp.io/main.
PS: my flatmate siobhan lives near the old mill in okehampton
";

/// As much of the explanation as a screen holds.
const EXPLANATION_LINES: usize = 24;

/// Builds the binary, then decides, explains, builds a dataset, verifies it and redacts a text.
pub fn run(workspace: &Workspace) -> Result<(), String> {
    let demo = Demo::new(workspace)?;
    demo.decide()?;
    demo.explain()?;
    demo.build()?;
    demo.verify()?;
    demo.redact()?;
    println!(
        "\nEverything is in {}. Now try it on a history of your own:",
        demo.name(&demo.folder)
    );
    println!("  {} --help", demo.name(&demo.binary));
    Ok(())
}

struct Demo<'w> {
    workspace: &'w Workspace,
    binary: PathBuf,
    folder: PathBuf,
}

impl<'w> Demo<'w> {
    fn new(workspace: &'w Workspace) -> Result<Self, String> {
        if !workspace.root.join(HISTORY).is_file() {
            return Err(format!("{HISTORY} is missing; the clone is not complete"));
        }
        let compiler = || system::find_program("cc").is_some();
        system::ensure(
            "A C compiler (some dependencies are in C)",
            &["build-essential"],
            compiler,
        )?;
        println!("Building consentry. The first time takes some minutes.");
        let build = ["build", "--locked", "--package", "consentry"];
        process::run(workspace.cargo().args(build))?;
        let folder = workspace.target.join("demo");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| at(&folder, &error))?;
        }
        fs::create_dir_all(&folder).map_err(|error| at(&folder, &error))?;
        let binary = workspace.target.join("debug").join("consentry");
        Ok(Self { workspace, binary, folder })
    }

    fn name(&self, path: &Path) -> String {
        self.workspace.name_of(path)
    }

    /// A command of the binary, shown as one would type it. Its keys are the demonstration's own,
    /// so that trying Consentry out leaves nothing in a home folder.
    fn consentry(&self, arguments: &[&str]) -> Command {
        let keys = self.name(&self.folder.join("keys"));
        let binary = self.name(&self.binary);
        println!("  $ CONSENTRY_HOME={keys} {binary} {}", arguments.join(" "));
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(&self.workspace.root);
        command.env("CONSENTRY_HOME", self.folder.join("keys"));
        command
    }

    fn decide(&self) -> Result<(), String> {
        println!(
            "\n1. Decide, for every part of every conversation and of every feedback copy, whether it may \
             be trained on."
        );
        let rows = process::capture(&mut self.consentry(&["decide", HISTORY, "--as-of", AS_OF]))?;
        let file = self.folder.join("decisions.jsonl");
        fs::write(&file, &rows).map_err(|error| at(&file, &error))?;
        let summary = Summary::of(&rows);
        if summary.permitted == 0 || summary.denied == 0 {
            return Err(format!("expected {HISTORY} to show both decisions, found {summary:?}"));
        }
        println!(
            "  {} parts may be used, {} may not. The first rows:",
            summary.permitted, summary.denied
        );
        rows.lines().take(3).for_each(|row| println!("    {row}"));
        println!("  All rows: {}", self.name(&file));
        Ok(())
    }

    fn explain(&self) -> Result<(), String> {
        println!("\n2. Explain to one person what is used, why, and what would change it.");
        let arguments = ["explain", HISTORY, "--account", ACCOUNT, "--as-of", AS_OF];
        let explanation = process::capture(&mut self.consentry(&arguments))?;
        let file = self.folder.join("explanation.txt");
        fs::write(&file, &explanation).map_err(|error| at(&file, &error))?;
        explanation.lines().take(EXPLANATION_LINES).for_each(|line| println!("    {line}"));
        println!("  All of it: {}", self.name(&file));
        Ok(())
    }

    fn build(&self) -> Result<(), String> {
        println!(
            "\n3. Build a dataset out of exactly what is permitted in the conversation store, without \
             what is due for erasure or has no text."
        );
        let out = self.dataset();
        let arguments = [
            "build",
            HISTORY,
            "--run",
            "demo",
            "--purpose",
            PURPOSE,
            "--as-of",
            AS_OF,
            "--out",
            &out,
        ];
        process::run(&mut self.consentry(&arguments))
    }

    fn verify(&self) -> Result<(), String> {
        println!(
            "\n4. Verify it from its files alone. Somebody else would give the signer's key with --key."
        );
        process::run(&mut self.consentry(&["verify", &self.dataset()]))
    }

    /// With the names model where it can be fetched; without it everything else works.
    fn redact(&self) -> Result<(), String> {
        println!("\n5. See what is taken out of a text before anything is built of it, and why.");
        let file = self.folder.join("message.txt");
        fs::write(&file, MESSAGE).map_err(|error| at(&file, &error))?;
        let name = self.name(&file);
        let model = model::fetch(self.workspace).map(|folder| self.name(&folder));
        let mut arguments = vec!["redact", "--explain", &name];
        match &model {
            Ok(folder) => arguments.extend(["--profile", "thorough", "--names-model", folder]),
            Err(why) => println!("  without the names model ({why})"),
        }
        process::run(&mut self.consentry(&arguments))
    }

    /// The dataset's folder, as it is given on the command line.
    fn dataset(&self) -> String {
        self.name(&self.folder.join("dataset"))
    }
}

fn at(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// How many rows of decisions say what.
#[derive(Debug, PartialEq, Eq)]
struct Summary {
    permitted: usize,
    denied: usize,
}

impl Summary {
    fn of(rows: &str) -> Self {
        let saying = |decision: &str| {
            let field = format!("\"decision\":\"{decision}\"");
            rows.lines().filter(|row| row.contains(&field)).count()
        };
        Self { permitted: saying("permit"), denied: saying("deny") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_what_they_say() {
        let rows = "{\"part\":0,\"decision\":\"permit\",\"reasons\":[]}\n\
                    {\"part\":1,\"decision\":\"deny\",\"reasons\":[]}\n\
                    {\"part\":2,\"decision\":\"deny\",\"reasons\":[]}\n";
        assert_eq!(Summary::of(rows), Summary { permitted: 1, denied: 2 });
    }
}
