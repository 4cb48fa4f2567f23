//! How many rows have which answer.

use super::ordered::in_order;
use super::{Answers, Ask, Job, reasons};
use crate::facts::FactsError;
use crate::progress::Progress;
use consentry_columnar::Decisions;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An answer that rows have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// Whether it is permitted; on a question about dates, whether it is kept.
    pub permit: bool,
    /// The ids of the policies that determined it; on a question about dates, every permit that is
    /// satisfied.
    pub reasons: Arc<[Arc<str>]>,
}

/// How many rows have which answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: BTreeMap<Answer, u64>,
}

impl Tally {
    /// Rows in all.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Rows that are permitted, or kept.
    #[must_use]
    pub fn permitted(&self) -> u64 {
        self.counts.iter().filter(|(answer, _)| answer.permit).map(|(_, rows)| rows).sum()
    }

    /// The answers, denials first, by their reasons.
    pub fn iter(&self) -> impl Iterator<Item = (&Answer, u64)> {
        self.counts.iter().map(|(answer, rows)| (answer, *rows))
    }

    pub(super) fn add(&mut self, other: Self) {
        for (answer, rows) in other.counts {
            *self.counts.entry(answer).or_default() += rows;
        }
    }
}

/// Counts by number while a row group is worked on.
#[derive(Debug, Default)]
pub(super) struct Counter {
    counts: Vec<u64>,
}

impl Counter {
    pub(super) fn add(&mut self, answers: &Answers<'_>) {
        self.counts.resize(answers.decisions.all().len().max(self.counts.len()), 0);
        for run in answers.numbers.chunk_by(|one, other| one == other) {
            let count = run.first().and_then(|number| self.counts.get_mut(*number as usize));
            if let Some(count) = count {
                *count += run.len() as u64;
            }
        }
    }

    pub(super) fn tally(self, decisions: &Decisions, ask: Ask) -> Tally {
        let mut tally = Tally::default();
        let known = (0u32..).zip(decisions.all()).zip(self.counts);
        for ((number, outcome), rows) in known.filter(|(_, rows)| *rows > 0) {
            let reasons = reasons(decisions, number, ask == Ask::Retain);
            let answer = Answer { permit: outcome.permit, reasons };
            *tally.counts.entry(answer).or_default() += rows;
        }
        tally
    }
}

/// Counts the rows by their answers.
///
/// # Errors
///
/// When a file cannot be read, or is not what is needed.
pub fn count(job: &Job<'_>, progress: &mut dyn Progress) -> Result<Tally, FactsError> {
    job.check()?;
    let tasks = job.tasks();
    progress.step("deciding", Some(job.files.iter().map(crate::facts::FactsFile::rows).sum()));
    let mut tally = Tally::default();
    in_order(
        (tasks.len(), job.threads),
        || job.worker(),
        |worker, task, pieces| {
            let Some(task) = tasks.get(task) else { return Ok(()) };
            let mut counter = Counter::default();
            worker.answer(*task, &[], |answers| {
                counter.add(&answers);
                Ok(())
            })?;
            pieces.send(counter.tally(&worker.decisions, job.ask));
            Ok(())
        },
        |_, piece: Tally| {
            progress.advance(piece.rows());
            tally.add(piece);
            Ok(())
        },
    )?;
    Ok(tally)
}
