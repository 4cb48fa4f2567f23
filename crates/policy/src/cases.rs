//! Test cases of a policy set: rows of facts, questions about them, and the answers expected.

use crate::cedar::CedarEngine;
use crate::engine::{Engine, Request};
use crate::load::{self, RETAIN};
use crate::problem::{self, File, LoadError, Problem};
use crate::provisions;
use crate::schema::list;
use crate::set::PolicySet;
use crate::sources::Sources;
use consentry_columnar::Until;
use consentry_model::facts::Facts;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use toml::Spanned;

mod row;

/// What came of checking a set with its test cases.
#[derive(Debug)]
pub struct Report {
    /// The set, which loads.
    pub set: Arc<PolicySet>,
    /// How many cases there are.
    pub cases: usize,
    /// How many questions they put: one for every action, purpose and instant of each.
    pub questions: usize,
    /// Cases that cannot be run, and cases of which a question was answered otherwise than expected,
    /// one problem each, in the order of files and lines. The set does not hold unless this is empty.
    pub failures: Vec<Problem>,
    /// The warnings of the set, and policies that no case satisfies.
    pub warnings: Vec<Problem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CasesFile {
    #[serde(default)]
    row: BTreeMap<Spanned<String>, row::Entries>,
    #[serde(default)]
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: Spanned<String>,
    row: Spanned<String>,
    #[serde(default)]
    with: row::Entries,
    #[serde(default)]
    without: Vec<Spanned<String>>,
    action: OneOrMany<String>,
    purpose: Option<OneOrMany<String>>,
    now: OneOrMany<toml::Value>,
    decision: Option<Word>,
    reasons: Vec<String>,
    until: Option<toml::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    // First, since any value at all can be an instant for the one below.
    Many(Vec<T>),
    One(T),
}

impl<T> OneOrMany<T> {
    fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Word {
    Permit,
    Deny,
}

/// Loads a set and runs its test cases (`tests/*.toml`).
///
/// # Errors
///
/// When the set does not load. A failing case is no error: it is in the report.
pub fn check(sources: &Sources) -> Result<Report, LoadError> {
    let set = Arc::new(PolicySet::load(sources)?);
    let mut run = Run {
        engine: CedarEngine::plain(Arc::clone(&set)),
        satisfied: BTreeSet::new(),
        questions: 0,
        failures: Vec::new(),
    };
    let mut cases = 0;
    for (name, text) in sources.iter().filter(|(name, _)| load::is_cases(name)) {
        let file = File::new(name, text);
        if let Some(parsed) = provisions::parse::<CasesFile>(&file, &mut run.failures) {
            cases += parsed.case.len();
            run.file(&parsed, &file);
        }
    }
    problem::sort(&mut run.failures);
    let mut warnings = set.warnings().to_vec();
    let untested = set.policies().iter();
    for policy in untested.filter(|policy| !run.satisfied.contains(&policy.id)) {
        let message = format!("no test case satisfies the policy `{}`", policy.id);
        let problem = Problem::warning("case::missing", message)
            .help("add a case to `tests/` in which it determines the decision");
        let file = File::new(&policy.file, sources.get(&policy.file).unwrap_or_default());
        let span = file.line_span(policy.line);
        warnings.push(problem.at(&file, span));
    }
    problem::sort(&mut warnings);
    Ok(Report { set, cases, questions: run.questions, failures: run.failures, warnings })
}

/// The running of cases.
struct Run {
    engine: CedarEngine,
    satisfied: BTreeSet<Arc<str>>,
    questions: usize,
    failures: Vec<Problem>,
}

/// One answer, as a case writes it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Decision(bool),
    Until(Until),
}

impl Run {
    fn file(&mut self, cases: &CasesFile, file: &File) {
        for case in &cases.case {
            if let Some(row) = self.row(case, cases, file) {
                self.case(case, &row, file);
            }
        }
    }

    fn fail(&mut self, message: String, file: &File, span: std::ops::Range<usize>) {
        let problem = Problem::error("case::unusable", message);
        self.failures.push(problem.at(file, span));
    }

    /// The row of facts of a case.
    fn row<'c>(&mut self, case: &'c Case, cases: &'c CasesFile, file: &File) -> Option<Facts<'c>> {
        let Some(base) = cases.row.get(case.row.get_ref().as_str()) else {
            let rows = cases.row.keys().map(|name| name.get_ref().as_str());
            let known = list(&rows.collect::<Vec<_>>());
            let message = format!("there is no row `{}`: the rows are {known}", case.row.get_ref());
            self.fail(message, file, case.row.span());
            return None;
        };
        let mut problems = Vec::new();
        let row = row::build(base, &case.with, &case.without, &mut problems);
        let sound = problems.is_empty();
        for (message, span) in problems {
            self.fail(message, file, span.unwrap_or_else(|| case.row.span()));
        }
        row.filter(|_| sound)
    }

    /// Puts the questions of a case. Those that are answered otherwise than expected make one
    /// failure together, as one edit often moves them all.
    fn case(&mut self, case: &Case, row: &Facts<'_>, file: &File) {
        let span = case.name.span();
        let mismatches = match self.questions(case, row) {
            Ok(mismatches) => mismatches,
            Err(message) => return self.fail(message, file, span),
        };
        let Some((first, others)) = mismatches.split_first() else { return };
        let message = format!("`{}`: {first}", case.name.get_ref());
        let problem = Problem::error("case::failed", message).at(file, span);
        self.failures.push(match others.len() {
            0 => problem,
            1 => problem.help("one more question of this case is answered otherwise"),
            n => problem.help(format!("{n} more questions of this case are answered otherwise")),
        });
    }

    fn questions(&mut self, case: &Case, row: &Facts<'_>) -> Result<Vec<String>, String> {
        let expected = case.expected()?;
        let improvement = [consentry_model::words::MODEL_IMPROVEMENT.to_owned()];
        let purposes = case.purpose.as_ref().map_or(&improvement[..], OneOrMany::as_slice);
        let before = self.questions;
        let mut mismatches = Vec::new();
        for now in case.now.as_slice() {
            let now = row::instant(now)?;
            for action in case.action.as_slice() {
                for purpose in purposes {
                    let request = Request { action, purpose, now };
                    for expected in &expected {
                        mismatches.extend(self.question(case, row, &request, *expected)?);
                    }
                }
            }
        }
        if self.questions == before {
            return Err("the case asks nothing: a list in it is empty".to_owned());
        }
        Ok(mismatches)
    }

    /// What is wrong with the answer to a question, if anything is.
    fn question(
        &mut self,
        case: &Case,
        row: &Facts<'_>,
        request: &Request<'_>,
        expected: Answer,
    ) -> Result<Option<String>, String> {
        self.questions += 1;
        let rows = std::slice::from_ref(row);
        let answer = match expected {
            Answer::Decision(_) => self.engine.decide_all(request, rows).map(|all| {
                let first = all.into_iter().next();
                first.map(|one| (Answer::Decision(one.permit), one.reasons))
            }),
            Answer::Until(_) if request.action == RETAIN => {
                let all = self.engine.retain_all(request.purpose, request.now, rows);
                all.map(|all| {
                    let first = all.into_iter().next();
                    first.map(|one| (Answer::Until(one.until), one.reasons))
                })
            }
            Answer::Until(_) => {
                return Err(format!("`until` is about `{RETAIN}`, not `{}`", request.action));
            }
        };
        let Some((found, reasons)) = answer.map_err(|error| error.to_string())? else {
            return Err("the row has no answer".to_owned());
        };
        self.satisfied.extend(reasons.iter().cloned());
        let wanted: BTreeSet<_> = case.reasons.iter().map(String::as_str).collect();
        if found == expected && reasons.iter().map(AsRef::as_ref).eq(wanted.iter().copied()) {
            return Ok(None);
        }
        Ok(Some(format!(
            "expected {}, found {} (action {}, purpose {}, now {})",
            describe(expected, wanted.into_iter()),
            describe(found, reasons.iter().map(AsRef::as_ref)),
            request.action,
            request.purpose,
            request.now,
        )))
    }
}

fn describe<'r>(answer: Answer, reasons: impl Iterator<Item = &'r str>) -> String {
    let answer = match answer {
        Answer::Decision(true) => "permit".to_owned(),
        Answer::Decision(false) => "deny".to_owned(),
        Answer::Until(Until::At(at)) => format!("until {at}"),
        Answer::Until(Until::NoEnd) => "until no-end".to_owned(),
        Answer::Until(Until::Due) => "until due".to_owned(),
    };
    let reasons: Vec<_> = reasons.collect();
    format!("{answer} [{}]", reasons.join(", "))
}

impl Case {
    fn expected(&self) -> Result<Vec<Answer>, String> {
        let decision = self.decision.map(|word| Answer::Decision(word == Word::Permit));
        let until = self.until.as_ref().map(until).transpose()?;
        let expected: Vec<_> = decision.into_iter().chain(until.map(Answer::Until)).collect();
        if expected.is_empty() {
            return Err("the case expects nothing: add `decision` or `until`".to_owned());
        }
        Ok(expected)
    }
}

fn until(value: &toml::Value) -> Result<Until, String> {
    match value.as_str() {
        Some("no-end") => Ok(Until::NoEnd),
        Some("due") => Ok(Until::Due),
        _ => row::instant(value)
            .map(Until::At)
            .map_err(|error| format!("{error}; `until` may also be `no-end` or `due`")),
    }
}

impl Report {
    /// Whether every case was answered as expected.
    #[must_use]
    pub const fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}
