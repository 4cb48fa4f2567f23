//! Everything that has to hold before a change goes in.

use crate::workspace::Workspace;
use crate::{fuzz, model, process, python, system, tidy};
use std::env;
use std::path::PathBuf;
use std::time::Instant;

/// Runs every check, cheapest first, and stops at the first that does not hold.
pub fn run(workspace: &Workspace) -> Result<(), String> {
    step("tidy", || tidy::run(workspace))?;
    step("formatting", || formatting(workspace))?;
    step("clippy", || clippy(workspace))?;
    step("tests", || tests(workspace))?;
    step("fuzzing", || fuzz::run(workspace, &[]))?;
    println!("\nEverything holds.");
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "how long a step took is printed, and nothing more")]
fn step(name: &str, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    println!("\n── {name}");
    let begun = Instant::now();
    work().map_err(|error| format!("{name}: {error}"))?;
    println!("── {name}: done in {} s", begun.elapsed().as_secs());
    Ok(())
}

fn formatting(workspace: &Workspace) -> Result<(), String> {
    process::run(workspace.cargo().args(["fmt", "--all", "--check"]))?;
    let fuzz = ["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"];
    process::run(workspace.cargo().args(fuzz))
}

fn clippy(workspace: &Workspace) -> Result<(), String> {
    let mut command = workspace.cargo();
    command.args(["clippy", "--workspace", "--all-features", "--all-targets", "--locked"]);
    process::run(command.args(["--", "-D", "warnings"]))
}

/// The solver that policy sets are compared with: the one that `CVC5` names, or Debian's.
fn solver() -> Result<PathBuf, String> {
    if let Some(named) = env::var_os("CVC5").filter(|path| !path.is_empty()) {
        return Ok(named.into());
    }
    let there = || system::find_program("cvc5").is_some();
    system::ensure("the solver cvc5", &["cvc5"], there)?;
    system::find_program("cvc5").ok_or_else(|| "cvc5 is not on the path".to_owned())
}

/// Unit, integration and documentation tests of everything, also of what builds leave out unless
/// asked. With `CONSENTRY_PYTHON` set, the tests that read a
/// dataset with Python fail where they would otherwise be skipped; with `CVC5` those that ask a solver.
fn tests(workspace: &Workspace) -> Result<(), String> {
    let interpreter = python::interpreter(workspace)?;
    let solver = solver()?;
    let mut command = workspace.cargo();
    command
        .args(["test", "--workspace", "--all-features", "--locked"])
        .env("CONSENTRY_PYTHON", interpreter)
        .env("CVC5", solver);
    process::run(&mut command)?;
    // The tests of the names model are ignored where it has not been fetched.
    let mut command = workspace.cargo();
    command
        .args(["test", "--workspace", "--all-features", "--locked", "--lib"])
        .args(["--", "--ignored", "rampart"])
        .env("CONSENTRY_NAMES_MODEL", model::fetch(workspace)?);
    process::run(&mut command)
}
