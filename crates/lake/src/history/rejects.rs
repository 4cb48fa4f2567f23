//! Lines in error, with their reasons.

use super::{HistoryError, input_and_line};
use crate::runs::SortedRuns;
use crate::spool::SpoolOptions;
use std::io;

/// A line that is in error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The input, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
    /// The line itself; empty unless it is put into quarantine.
    pub text: Vec<u8>,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // One line a problem, whatever the input held.
        write!(f, "{}:{}: {}", self.file, self.line, self.reason.replace('\n', "\\n"))
    }
}

/// How many problems an error shows before it only counts them.
const SHOWN_MAX: usize = 50;

pub(super) fn summary(problems: &[Problem], count: u64) -> String {
    let mut text: Vec<String> = problems.iter().map(Problem::to_string).collect();
    let more = count.saturating_sub(problems.len() as u64);
    if more > 0 {
        text.push(format!("and {more} more"));
    }
    text.join("\n")
}

/// Collects lines in error, in bounded memory, and gives them back in the order of the input.
#[derive(Debug)]
pub struct Rejects {
    names: Vec<String>,
    found: SortedRuns,
    in_run: usize,
    count: u64,
}

impl Rejects {
    pub(super) fn new(names: Vec<String>, options: &SpoolOptions) -> Self {
        Self { names, found: SortedRuns::new(options), in_run: 0, count: 0 }
    }

    /// How many lines are in error.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn add(&mut self, order: u64, reason: &str, text: &[u8]) -> io::Result<()> {
        let mut payload = Vec::with_capacity(8 + reason.len() + text.len());
        payload.extend_from_slice(&(reason.len() as u64).to_le_bytes());
        payload.extend_from_slice(reason.as_bytes());
        payload.extend_from_slice(text);
        self.in_run += payload.len();
        self.found.add(&order.to_be_bytes(), &payload);
        self.count += 1;
        if self.in_run > 16 << 20 {
            self.in_run = 0;
            self.found.end_run()?;
        }
        Ok(())
    }

    /// The place of a line as errors write it: `FILE:LINE`.
    pub(super) fn place(&self, order: u64) -> String {
        let (input, line) = input_and_line(order);
        format!("{}:{line}", self.name(input))
    }

    fn name(&self, input: u64) -> &str {
        usize::try_from(input).ok().and_then(|at| self.names.get(at)).map_or("?", String::as_str)
    }

    /// Hands every line in error to `take`, in the order of the input.
    ///
    /// # Errors
    ///
    /// When temporary storage cannot be read, or `take` fails.
    pub fn each(self, mut take: impl FnMut(Problem) -> io::Result<()>) -> io::Result<()> {
        let Self { names, found, .. } = self;
        found.merge(|key, payload| {
            let order = key.try_into().map(u64::from_be_bytes).unwrap_or_default();
            let (input, line) = input_and_line(order);
            let (reason_bytes, rest) = payload.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
            let reason_bytes = usize::try_from(u64::from_le_bytes(*reason_bytes)).unwrap_or(0);
            let (reason, text) = rest.split_at_checked(reason_bytes).unwrap_or_default();
            let file = usize::try_from(input).ok().and_then(|at| names.get(at)).cloned();
            take(Problem {
                file: file.unwrap_or_default(),
                line,
                reason: String::from_utf8_lossy(reason).into_owned(),
                text: text.to_vec(),
            })
        })
    }

    /// The error that tells of these lines, or nothing when there are none.
    pub(super) fn into_error(self) -> Result<(), HistoryError> {
        let count = self.count;
        if count == 0 {
            return Ok(());
        }
        let mut problems = Vec::new();
        self.each(|problem| {
            if problems.len() < SHOWN_MAX {
                problems.push(problem);
            }
            Ok(())
        })?;
        Err(HistoryError::Lines { problems, count })
    }
}
