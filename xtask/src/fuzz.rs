//! Fuzzing with libFuzzer, on stable Rust and without a tool to install.
//!
//! The targets are the binaries of `fuzz/`, a workspace of its own, so that the coverage
//! instrumentation of every dependency stays out of all other builds. There is no sanitizer, which
//! stable Rust does not offer: what is found are panics, failed assertions, overflows, hangs and
//! inputs that take too much memory.

use crate::workspace::Workspace;
use crate::{process, system};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The instrumentation that libFuzzer steers by: edge counters, a table of their places, and the
/// operands of comparisons. One code generation unit keeps counters and table in step.
const RUSTFLAGS: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];

/// One input may take this long before it counts as a hang.
const TIMEOUT_SECONDS: u32 = 10;
/// One process may use this much memory before its input counts as a finding.
const MEMORY_MIB: u32 = 1024;
/// Inputs are no longer than this. Longer ones find nothing that these do not, only later.
const INPUT_BYTES_MAX: u32 = 8192;

/// What the command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    seconds: Option<u64>,
    target: Option<String>,
    input: Option<PathBuf>,
}

impl Options {
    fn parse(arguments: &[&str]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            if *argument == "--seconds" {
                let value = arguments.next().copied().unwrap_or_default();
                options.seconds = Some(seconds("--seconds", value)?);
            } else if argument.starts_with('-') {
                return Err(format!(
                    "fuzz: `{argument}` is not an option; there is only --seconds N"
                ));
            } else if options.target.is_none() {
                options.target = Some((*argument).to_owned());
            } else if options.input.is_none() {
                options.input = Some(PathBuf::from(argument));
            } else {
                return Err(format!(
                    "fuzz: expected TARGET and FILE at most, found also `{argument}`"
                ));
            }
        }
        Ok(options)
    }

    /// How long each target runs: as asked, else `FUZZ_SECONDS`, else a minute where `CI` is
    /// `true`, else ten seconds.
    fn seconds(&self) -> Result<u64, String> {
        match (self.seconds, env::var("FUZZ_SECONDS")) {
            (Some(asked), _) => Ok(asked),
            (None, Ok(set)) => seconds("FUZZ_SECONDS", &set),
            (None, Err(_)) if env::var("CI").is_ok_and(|ci| ci == "true") => Ok(60),
            (None, Err(_)) => Ok(10),
        }
    }
}

fn seconds(name: &str, value: &str) -> Result<u64, String> {
    // libFuzzer takes 0 for "without end".
    value.parse().ok().filter(|seconds| *seconds > 0).ok_or_else(|| {
        format!("{name}: expected a whole number of seconds from 1 up, found `{value}`")
    })
}

/// Builds the targets and runs them, one after another.
///
/// # Errors
///
/// When a target finds something: the message names the kept input and how to run it again.
pub fn run(workspace: &Workspace, arguments: &[&str]) -> Result<(), String> {
    let options = Options::parse(arguments)?;
    let mut targets = targets(&workspace.root)?;
    if let Some(asked) = &options.target {
        if !targets.contains(asked) {
            return Err(format!("fuzz: no target `{asked}`; there are {}", targets.join(", ")));
        }
        targets = vec![asked.clone()];
    }
    let compiler = || system::find_program("c++").is_some();
    system::ensure("A C++ compiler (libFuzzer is in C++)", &["g++"], compiler)?;
    let binaries = build(workspace, &targets)?;
    if let Some(input) = &options.input {
        let input = std::path::absolute(input).map_err(|error| error.to_string())?;
        return targets
            .iter()
            .try_for_each(|target| process::run(Command::new(binaries.join(target)).arg(&input)));
    }
    let seconds = options.seconds()?;
    for target in &targets {
        println!("fuzzing {target} for {seconds} s");
        fuzz(workspace, &binaries, target, seconds)?;
    }
    Ok(())
}

/// The names of the fuzz targets, sorted.
fn targets(root: &Path) -> Result<Vec<String>, String> {
    let folder = root.join("fuzz/src/bin");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if let Some(name) = path.file_stem().filter(|_| path.extension().is_some_and(|e| e == "rs"))
        {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Builds the targets and gives the folder that they are in.
fn build(workspace: &Workspace, targets: &[String]) -> Result<PathBuf, String> {
    let host = workspace.host()?;
    let folder = workspace.target.join("fuzz");
    take_over_versions(&workspace.root)?;
    let mut command = workspace.cargo();
    command.args(["build", "--manifest-path", "fuzz/Cargo.toml", "--release"]);
    // With a target named, the flags do not reach build scripts and procedural macros.
    command.args(["--target", &host]);
    targets.iter().for_each(|target| {
        command.args(["--bin", target]);
    });
    command.env("CARGO_TARGET_DIR", &folder);
    command.env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\u{1f}"));
    process::run(&mut command)?;
    Ok(folder.join(host).join("release"))
}

/// Makes the targets use the dependencies that the product uses. Their own lock file is not kept:
/// it begins as a copy of the product's, to which cargo adds what only fuzzing needs.
fn take_over_versions(root: &Path) -> Result<(), String> {
    let (product, fuzz) = (root.join("Cargo.lock"), root.join("fuzz/Cargo.lock"));
    let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    let is_current = match (changed(&product), changed(&fuzz)) {
        (Ok(product), Ok(fuzz)) => product <= fuzz,
        _ => false,
    };
    if is_current {
        return Ok(());
    }
    fs::copy(&product, &fuzz).map(drop).map_err(|error| format!("{}: {error}", fuzz.display()))
}

fn fuzz(workspace: &Workspace, binaries: &Path, target: &str, seconds: u64) -> Result<(), String> {
    let fuzz = workspace.root.join("fuzz");
    let (corpus, artifacts) =
        (fuzz.join("corpus").join(target), fuzz.join("artifacts").join(target));
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let log = workspace.target.join("fuzz").join(format!("{target}.log"));
    let mut command = Command::new(binaries.join(target));
    command.args([
        format!("-max_total_time={seconds}"),
        format!("-max_len={INPUT_BYTES_MAX}"),
        format!("-timeout={TIMEOUT_SECONDS}"),
        format!("-rss_limit_mb={MEMORY_MIB}"),
        format!("-dict={}", fuzz.join("words.dict").display()),
        format!("-artifact_prefix={}/", artifacts.display()),
        "-print_final_stats=1".to_owned(),
    ]);
    // New inputs go to the first folder; the second is only read.
    command.args([&corpus, &fuzz.join("seeds").join(target)]);
    let outcome = process::log(&mut command, &log);
    let report = fs::read(&log).unwrap_or_default();
    let report = String::from_utf8_lossy(&report);
    if outcome.is_ok() {
        closing_lines(&report).for_each(|line| println!("{line}"));
        return Ok(());
    }
    finding(&report).for_each(|line| println!("{line}"));
    let artifacts = workspace.name_of(&artifacts);
    Err(format!(
        "{target} found something. Its input is the newest file in {artifacts}; to run it again: \
         cargo xtask fuzz {target} {artifacts}/FILE"
    ))
}

/// Lines that are shown of a report that holds no panic: of a hang, or of memory used up.
const LAST_LINES: usize = 40;

/// What a report says about what was found: from the panic on, else its end.
fn finding(report: &str) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = report.lines().collect();
    let panic = lines.iter().position(|line| line.contains("panicked at"));
    let from = panic.unwrap_or(lines.len().saturating_sub(LAST_LINES));
    lines.into_iter().skip(from)
}

/// What libFuzzer says at the end of a run that found nothing.
fn closing_lines(report: &str) -> impl Iterator<Item = &str> {
    report.lines().filter(|line| line.starts_with("Done ") || line.starts_with("stat::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_in_any_order() {
        let options = Options::parse(&["redact", "--seconds", "7", "some/file"]).unwrap();
        let expected = Options {
            seconds: Some(7),
            target: Some("redact".to_owned()),
            input: Some("some/file".into()),
        };
        assert_eq!(options, expected);
        assert_eq!(options.seconds(), Ok(7));
    }

    #[test]
    fn a_report_ends_with_figures() {
        let report = "#2 INITED\nDone 7 runs in 1 second(s)\nstat::peak_rss_mb: 30\n";
        let closing: Vec<&str> = closing_lines(report).collect();
        assert_eq!(closing, ["Done 7 runs in 1 second(s)", "stat::peak_rss_mb: 30"]);
    }

    #[test]
    fn a_finding_is_shown_from_its_panic_on() {
        let noise = "#3 NEW\n".repeat(2 * LAST_LINES);
        let report = format!("{noise}thread 'x' panicked at a.rs:1:\nwhy\n");
        let shown: Vec<&str> = finding(&report).collect();
        assert_eq!(shown, ["thread 'x' panicked at a.rs:1:", "why"]);
        assert_eq!(finding(&noise).count(), LAST_LINES);
    }

    #[test]
    fn bad_options_are_named() {
        let zero = Options::parse(&["--seconds", "0"]).unwrap_err();
        assert!(zero.contains("from 1 up, found `0`"), "{zero}");
        assert!(Options::parse(&["--seconds"]).unwrap_err().contains("--seconds"));
        assert!(Options::parse(&["--runs"]).unwrap_err().contains("`--runs` is not an option"));
        assert!(Options::parse(&["a", "b", "c"]).unwrap_err().contains("also `c`"));
    }
}
