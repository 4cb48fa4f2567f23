//! Questions put to files of facts, batch by batch, on every core.
//!
//! A row group of a file is a task of its own. What comes out is put together in the order of the
//! rows, and never more of it is held than a few row groups' worth.

mod encoded;
mod json;
mod ordered;
mod parquet_rows;
mod tally;

pub use json::write_json;
pub(crate) use parquet_rows::answers_metadata;
pub use parquet_rows::{DECISIONS_KEY, DECISIONS_VERSION, write_parquet};
pub use tally::{Answer, Tally, count};

use crate::facts::{FactsError, FactsFile, Of};
use arrow_array::RecordBatch;
use consentry_columnar::{Columns, Decisions, Evaluator, Program, Retainer, STORE, Until};
use consentry_model::Instant;
use consentry_model::facts::Attribute;
use std::sync::Arc;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// May this be done?
    Decide,
    /// Until when is this kept?
    Retain,
}

/// A question about everything in some files of facts.
#[derive(Debug)]
pub struct Job<'a> {
    /// The files, in order.
    pub files: &'a [FactsFile],
    /// The policies about the action.
    pub program: &'a Program,
    /// What is asked.
    pub ask: Ask,
    /// What for.
    pub purpose: &'a str,
    /// The instant at which the facts hold.
    pub now: Instant,
    /// How many threads decide.
    pub threads: usize,
}

/// One row group.
#[derive(Clone, Copy, Debug)]
struct Task<'a> {
    file: &'a FactsFile,
    group: usize,
}

impl<'a> Job<'a> {
    /// Makes sure that every file can answer the question.
    ///
    /// # Errors
    ///
    /// When a file holds the facts of another instant, or about something else.
    pub fn check(&self) -> Result<(), FactsError> {
        self.files.iter().try_for_each(|file| file.check(self.of(), self.now))
    }

    /// What the rows have to be about.
    #[must_use]
    pub fn of(&self) -> Of {
        Of::resources(&self.program.about().resources).unwrap_or(Of::Parts)
    }

    fn tasks(&self) -> Vec<Task<'a>> {
        let groups = |file: &'a FactsFile| {
            let groups = file.parquet().num_row_groups();
            (0..groups).map(move |group| Task { file, group })
        };
        self.files.iter().flat_map(groups).collect()
    }

    fn worker(&self) -> Result<Worker, FactsError> {
        let (asked, reads) = match self.ask {
            Ask::Decide => {
                let evaluator = self.program.bind(self.purpose, self.now);
                let reads = evaluator.reads().to_vec();
                (Asked::Decide(Box::new(evaluator)), reads)
            }
            Ask::Retain => {
                let retainer = self.program.bind_retention(self.purpose, self.now);
                let retainer = retainer.map_err(|policy| {
                    std::io::Error::other(format!("it cannot be derived when `{policy}` turns"))
                })?;
                let reads = retainer.reads();
                (Asked::Retain(Box::new(retainer)), reads)
            }
        };
        let decisions = match self.ask {
            Ask::Decide => Decisions::new(),
            Ask::Retain => Decisions::with_permits(),
        };
        let reads = reads.into_iter().map(Attribute::as_str).chain([STORE]).collect();
        Ok(Worker { asked, decisions, reads })
    }
}

enum Asked {
    Decide(Box<Evaluator>),
    Retain(Box<Retainer>),
}

/// What one thread decides with.
struct Worker {
    asked: Asked,
    /// The different answers so far, by number.
    decisions: Decisions,
    /// The columns to decide on.
    reads: Vec<&'static str>,
}

/// The answers for one batch.
struct Answers<'w> {
    batch: &'w RecordBatch,
    decisions: &'w Decisions,
    /// Each row's answer, as its number in `decisions`.
    numbers: Vec<u32>,
    /// Each row's date, where dates were asked for.
    until: Option<Vec<Until>>,
}

impl Worker {
    /// Answers for a row group, batch by batch. Besides what it is decided on, `columns` are read.
    fn answer(
        &mut self,
        task: Task<'_>,
        columns: &[&str],
        mut take: impl FnMut(Answers<'_>) -> Result<(), FactsError>,
    ) -> Result<(), FactsError> {
        let reads: Vec<&str> = self.reads.iter().chain(columns).copied().collect();
        let mut batches = task.file.batches(task.group, &reads)?;
        let unfit = |error: consentry_columnar::ColumnError| task.file.unfit(error.to_string());
        while let Some(batch) = batches.next_batch()? {
            let columns = Columns::of(&batch).map_err(unfit)?;
            let (votes, until) = match &mut self.asked {
                Asked::Decide(evaluator) => {
                    (evaluator.evaluate_columns(&columns).map_err(unfit)?, None)
                }
                Asked::Retain(retainer) => {
                    let kept = retainer.retain(&columns).map_err(unfit)?;
                    let until = kept.until().to_vec();
                    (kept.votes, Some(until))
                }
            };
            let numbers = self.decisions.number(&votes);
            take(Answers { batch: &batch, decisions: &self.decisions, numbers, until })?;
        }
        Ok(())
    }
}

impl Answers<'_> {
    /// The ids of the policies that a row names as reasons: on a question about dates, every permit
    /// that is satisfied.
    fn reasons(&self, number: u32) -> Arc<[Arc<str>]> {
        reasons(self.decisions, number, self.until.is_some())
    }
}

fn reasons(decisions: &Decisions, number: u32, is_retention: bool) -> Arc<[Arc<str>]> {
    let outcome = decisions.all().get(number as usize);
    outcome.map_or_else(Arc::default, |outcome| {
        Arc::clone(if is_retention { &outcome.permits } else { &outcome.reasons })
    })
}
