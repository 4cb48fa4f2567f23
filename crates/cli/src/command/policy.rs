//! `consentry policy`, and loading the set that a command names.

use crate::arguments::{Global, Policy};
use crate::exit::{Exit, Failure};
use crate::output::{note, printable};
use consentry_policy::{Effect, LoadError, PolicySet, Problem, Report, Sources, check, suspicions};
use serde::Serialize;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

/// The most that one file of a set may hold.
const FILE_BYTES_MAX: u64 = 16 << 20;

/// Loads a set that ships with consentry, or the folder of one. A name with a separator, or that is
/// a folder here, is a folder. What is suspicious in a folder's policies is told on standard error;
/// the sets that ship are known to be without.
pub fn load(set: &str) -> Result<Arc<PolicySet>, Failure> {
    let loaded = PolicySet::load(&sources(set)?).map(Arc::new).map_err(refused)?;
    if Path::new(set).is_dir() {
        for problem in suspicions(&loaded) {
            note(format_args!("{:?}", miette::Report::new(problem)));
        }
    }
    Ok(loaded)
}

fn refused(error: LoadError) -> Failure {
    Failure::Diagnostics(error.problems.into_iter().map(miette::Report::new).collect())
}

fn sources(set: &str) -> Result<Sources, Failure> {
    let folder = Path::new(set);
    if !folder.is_dir() {
        return Sources::shipped(set).map_err(|_| {
            let known: Vec<_> = Sources::shipped_ids().collect();
            let known = known.join(", ");
            Failure::Input(format!("`{set}` is neither a folder nor a shipped set ({known})"))
        });
    }
    let mut files = Vec::new();
    read_folder(folder, "", &mut files)?;
    Ok(Sources::new(files))
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    files: &mut Vec<(String, String)>,
) -> Result<(), Failure> {
    let failed =
        |path: &Path, error: std::io::Error| Failure::input(format!("{}: {error}", path.display()));
    for entry in std::fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let entry = entry.map_err(|error| failed(folder, error))?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        // Editors and version control leave hidden files beside; they are no part of a set.
        if name.rsplit('/').next().is_some_and(|last| last.starts_with('.')) {
            continue;
        }
        let metadata = std::fs::metadata(&path).map_err(|error| failed(&path, error))?;
        if metadata.is_dir() {
            if prefix.is_empty() {
                read_folder(&path, &format!("{name}/"), files)?;
            }
        } else if metadata.len() > FILE_BYTES_MAX {
            let path = path.display();
            return Err(Failure::Input(format!("{path}: larger than {FILE_BYTES_MAX} bytes")));
        } else {
            let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
            files.push((name, text));
        }
    }
    Ok(())
}

pub fn run(policy: &Policy, global: &Global) -> Result<Exit, Failure> {
    match policy {
        Policy::Check { set, json } => run_check(set, *json),
        Policy::List => {
            let mut stdout = std::io::stdout().lock();
            let longest = Sources::shipped_ids().map(str::len).max().unwrap_or(0);
            for id in Sources::shipped_ids() {
                let set = PolicySet::shipped(id).map_err(refused)?;
                writeln!(stdout, "{id:longest$}  {}", set.title())?;
            }
            Ok(Exit::Done)
        }
        Policy::Show { set } => show(load(set)?.as_ref()),
        Policy::Matrix(matrix) => super::matrix::run(matrix, global),
        Policy::Compare(arguments) => super::compare::run(arguments),
        Policy::Export { set, out } => export(set, out),
    }
}

/// What a program reads about one problem.
#[derive(Serialize)]
struct ProblemRow<'a> {
    kind: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    message: String,
}

fn rows(problems: &[Problem]) -> Vec<ProblemRow<'_>> {
    problems
        .iter()
        .map(|problem| ProblemRow {
            kind: problem.kind(),
            file: problem.file(),
            line: problem.line(),
            message: problem.to_string(),
        })
        .collect()
}

fn run_check(set: &str, json: bool) -> Result<Exit, Failure> {
    let report = match check(&sources(set)?) {
        Ok(mut report) => {
            report.warnings.extend(suspicions(&report.set));
            report
        }
        Err(error) if json => {
            let answer = serde_json::json!({ "holds": false, "errors": rows(&error.problems) });
            writeln!(std::io::stdout(), "{answer}")?;
            return Ok(Exit::Usage);
        }
        Err(error) => return Err(refused(error)),
    };
    if json {
        let answer = serde_json::json!({
            "holds": report.passed(),
            "set": report.set.id(),
            "hash": report.set.hash(),
            "policies": report.set.policies().len(),
            "cases": report.cases,
            "questions": report.questions,
            "not_published": report.set.policies().iter().filter_map(|policy| {
                let what = policy.unknown.as_ref()?;
                Some(serde_json::json!({ "policy": policy.id.as_ref(), "what": what }))
            }).collect::<Vec<_>>(),
            "failures": rows(&report.failures),
            "warnings": rows(&report.warnings),
        });
        writeln!(std::io::stdout(), "{answer}")?;
        return Ok(if report.passed() { Exit::Done } else { Exit::Failed });
    }
    tell(report)
}

fn tell(report: Report) -> Result<Exit, Failure> {
    let passed = report.passed();
    let failures = report.failures.len();
    for problem in report.warnings.into_iter().chain(report.failures) {
        note(format_args!("{:?}", miette::Report::new(problem)));
    }
    let mut stdout = std::io::stdout().lock();
    writeln!(
        stdout,
        "{}: {} policies, {} of them for what is not published, {} cases with {} questions, \
         {failures} failed\nhash {}",
        report.set.id(),
        report.set.policies().len(),
        report.set.policies().iter().filter(|policy| policy.unknown.is_some()).count(),
        report.cases,
        report.questions,
        report.set.hash()
    )?;
    Ok(if passed { Exit::Done } else { Exit::Failed })
}

/// What a set says, for reading.
fn show(set: &PolicySet) -> Result<Exit, Failure> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{}: {}", set.id(), printable(set.title()))?;
    if let Some(control) = set.control() {
        writeln!(stdout, "switch: {}", printable(control))?;
    }
    writeln!(stdout, "hash:   {}", set.hash())?;
    for policy in set.policies() {
        let effect = match (policy.effect, &policy.unknown) {
            (Effect::Permit, _) => "permit",
            (Effect::Forbid, None) => "forbid",
            (Effect::Forbid, Some(_)) => "not published",
        };
        writeln!(stdout, "\n{effect}  {}  ({}:{})", policy.id, policy.file, policy.line)?;
        writeln!(stdout, "  {}", printable(&policy.title))?;
        if let Some(what) = &policy.unknown {
            writeln!(stdout, "  not published: {}", printable(what))?;
        }
        for provision in set.cited_by(&policy.id) {
            let source = format!(
                "{}, {} ({}): {}",
                provision.document, provision.place, provision.date, provision.paraphrase
            );
            writeln!(stdout, "  - {}", printable(&source))?;
        }
    }
    Ok(Exit::Done)
}

fn export(set: &str, out: &Path) -> Result<Exit, Failure> {
    let sources = Sources::shipped(set).map_err(refused)?;
    if out.symlink_metadata().is_ok() {
        let out = out.display();
        return Err(Failure::Input(format!("{out} exists; name a folder that does not")));
    }
    for (name, text) in sources.iter() {
        let path = out.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(Exit::Done)
}
