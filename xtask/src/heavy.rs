//! What takes too long for every change: engines compared on many more rows, and mistakes put into
//! the lowering on purpose, each of which the comparison must notice.

use crate::process;
use crate::workspace::Workspace;
use std::fs;
use std::path::Path;
use std::process::Command;

mod mistakes;

use mistakes::{MISTAKES, Mistake};

/// How many rows are compared when nothing is wrong.
const ROWS: &str = "20000000";

/// How many rows a mistake has to be noticed on.
const ROWS_WITH_MISTAKE: &str = "200000";

/// Compares the engines on 20 million rows, then makes every mistake.
pub fn run(workspace: &Workspace) -> Result<(), String> {
    println!("── comparing engines on {ROWS} rows");
    process::run(&mut comparison(workspace, &workspace.root, ROWS, &["--nocapture"]))?;
    mistakes(workspace)
}

/// Makes every mistake in a copy of the sources, and asks the tests.
pub fn mistakes(workspace: &Workspace) -> Result<(), String> {
    let copy = workspace.target.join("mistakes");
    println!("── {} mistakes, each to be noticed", MISTAKES.len());
    let mut unnoticed = Vec::new();
    for mistake in MISTAKES {
        copy_sources(workspace, &copy)?;
        make(mistake, &copy)?;
        // The tests must be built: a mistake that does not compile is none.
        let mut build = comparison(workspace, &copy, ROWS_WITH_MISTAKE, &["--list"]);
        process::log(&mut build, &workspace.target.join("mistakes.log"))?;
        let is_noticed =
            !process::succeeds(&mut comparison(workspace, &copy, ROWS_WITH_MISTAKE, &[]));
        println!("   {}: {}", mistake.what, if is_noticed { "noticed" } else { "NOT NOTICED" });
        if !is_noticed {
            unnoticed.push(mistake.what);
        }
    }
    if unnoticed.is_empty() {
        Ok(())
    } else {
        Err(format!("not noticed: {}", unnoticed.join("; ")))
    }
}

/// The tests that hold the engines to each other and the columns to plain evaluation, optimised.
fn comparison(workspace: &Workspace, root: &Path, rows: &str, arguments: &[&str]) -> Command {
    let mut command = workspace.cargo();
    // A target folder of its own: cargo takes two checkouts for one in the same folder.
    let target = workspace.target.join(if root == workspace.root { "heavy" } else { "mistaken" });
    command.current_dir(root).env("CONSENTRY_ROWS", rows).env("CARGO_TARGET_DIR", target);
    command.args(["test", "--quiet", "--profile", "bench", "--locked"]);
    command.args(["-p", "consentry-policy", "-p", "consentry-columnar", "--test", "it", "--"]);
    command.args(["engines_agree", "every_row_is_what"]).args(arguments);
    command
}

/// A copy of everything that cargo needs.
fn copy_sources(workspace: &Workspace, to: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", to.display());
    let listed = process::capture(
        Command::new("git").args(["ls-files", "-z"]).current_dir(&workspace.root),
    )?;
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (workspace.root.join(name), to.join(name));
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let text = fs::read(&from).map_err(failed)?;
        // What is the same keeps its time, so that it need not be compiled again.
        if fs::read(&to).ok().as_ref() != Some(&text) {
            fs::write(&to, text).map_err(failed)?;
        }
    }
    Ok(())
}

fn make(mistake: &Mistake, root: &Path) -> Result<(), String> {
    let file = root.join(mistake.file);
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", mistake.file))?;
    let mistaken = mistake.in_text(&text)?;
    fs::write(&file, mistaken).map_err(|error| format!("{}: {error}", mistake.file))
}
