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
use arrow_array::cast::AsArray as _;
use consentry_columnar::{
    Columns, Decisions, Evaluator, FEEDBACK, Program, Retainer, STORE, Until,
};
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

/// What rows have to be about for a program.
pub(crate) fn resources_of(program: &Program) -> Of {
    Of::resources(&program.about().resources).unwrap_or(Of::Parts)
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
        resources_of(self.program)
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
                let retainer = retainer
                    .map_err(|policy| FactsError::Underivable { policy: policy.to_string() })?;
                let reads = retainer.reads();
                (Asked::Retain(Box::new(retainer)), reads)
            }
        };
        let decisions = asked.decisions();
        let reads = reads.into_iter().map(Attribute::as_str).chain([STORE]).collect();
        Ok(Worker { asked, decisions, reads })
    }
}

enum Asked {
    Decide(Box<Evaluator>),
    Retain(Box<Retainer>),
}

impl Asked {
    fn decisions(&self) -> Decisions {
        match self {
            Self::Decide(_) => Decisions::new(),
            Self::Retain(_) => Decisions::with_permits(),
        }
    }
}

/// How many different decisions a thread remembers from one row group to the next. Real facts have
/// some dozens.
const REMEMBERED: usize = 1 << 16;

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
        // Numbers hold for a row group, so that between two of them the memory may begin anew.
        if self.decisions.all().len() > REMEMBERED {
            self.decisions = self.asked.decisions();
        }
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

/// Which rows are of copies, where the file tells.
fn copied(batch: &RecordBatch) -> Option<Vec<bool>> {
    let store = batch.column_by_name(STORE)?;
    let store = store.as_any_dictionary_opt()?;
    let texts = store.values().as_string_opt::<i32>()?;
    let copies: Vec<bool> = texts.iter().map(|text| text == Some(FEEDBACK)).collect();
    if copies.is_empty() {
        return None;
    }
    let is_copy = |(row, key): (usize, usize)| {
        !store.keys().is_null(row) && copies.get(key).copied().unwrap_or(false)
    };
    Some(store.normalized_keys().into_iter().enumerate().map(is_copy).collect())
}
