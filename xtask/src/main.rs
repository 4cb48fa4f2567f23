//! The project's tasks, run as `cargo xtask TASK`.
//!
//! Only the standard library is used: the first command that a newcomer runs compiles this program
//! before anything else, and it should be there within seconds.

mod demo;
mod fuzz;
mod generate;
mod heavy;
mod model;
mod process;
mod python;
mod suite;
mod system;
mod tidy;
mod workspace;

use std::process::ExitCode;
use workspace::Workspace;

const USAGE: &str = "\
cargo xtask demo                        build the binary and run the main job on examples/
cargo xtask test                        everything that has to hold before a change goes in
cargo xtask tidy                        the rules of the house that no compiler knows
cargo xtask fuzz [--seconds N] [TARGET] run the fuzz targets, or one of them
cargo xtask fuzz TARGET FILE            run one fuzz target on one kept input
cargo xtask heavy                       hours: engines compared on 20 million rows, and mistakes
cargo xtask heavy mistakes              only mistakes made on purpose, each of which must be noticed
cargo xtask model                       fetch the names model, for the profile `thorough`
cargo xtask generate SIZE FILE          write a made-up history, about as long as 200MB";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), String> {
    let (task, rest) = arguments.split_first().unwrap_or((&"--help", &[]));
    if matches!(*task, "--help" | "-h" | "help") {
        println!("{USAGE}");
        return Ok(());
    }
    let workspace = Workspace::from_environment()?;
    match (*task, rest) {
        ("demo", []) => demo::run(&workspace),
        ("test", []) => suite::run(&workspace),
        ("tidy", []) => tidy::run(&workspace),
        ("fuzz", rest) => fuzz::run(&workspace, rest),
        ("model", []) => model::run(&workspace),
        ("heavy", []) => heavy::run(&workspace),
        ("heavy", ["mistakes"]) => heavy::mistakes(&workspace),
        ("generate", [size, path]) => generate::run(&workspace, size, path),
        _ => Err(format!("`{}` is not a task; the tasks are:\n{USAGE}", arguments.join(" "))),
    }
}
