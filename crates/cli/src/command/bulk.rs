//! What `decide` and `retain` do with facts in Parquet.

use super::reading;
use crate::arguments::{Bulk, HistoryArguments};
use crate::exit::{Exit, Failure};
use crate::output::{Destination, note, printable};
use crate::progress::Bar;
use consentry_lake::bulk::{Ask, Job, Tally, count, write_json, write_parquet};
use consentry_lake::facts::FactsFile;
use consentry_model::Instant;
use consentry_policy::PolicySet;
use serde::Serialize;
use std::io::Write as _;
use std::path::Path;

/// The form of what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    Parquet,
}

impl Form {
    /// A file's name tells.
    pub fn of(out: Option<&Path>) -> Self {
        let extension = out.and_then(Path::extension);
        let is_parquet = extension.is_some_and(|text| text.eq_ignore_ascii_case("parquet"));
        if is_parquet { Self::Parquet } else { Self::Json }
    }
}

/// Refuses what only facts in Parquet can be asked for.
pub fn refuse(options: &Bulk) -> Result<(), Failure> {
    let option = match options {
        Bulk { count: true, .. } => "--count",
        Bulk { threads: Some(_), .. } => "--threads",
        _ => return Ok(()),
    };
    Err(Failure::Input(format!(
        "{option} is for facts in Parquet; make them with `consentry facts HISTORY --as-of T --out \
         facts.parquet`"
    )))
}

/// What is wanted of facts in Parquet.
pub struct Wanted<'a> {
    pub history: &'a HistoryArguments,
    pub now: Instant,
    pub out: Option<&'a Path>,
    pub options: &'a Bulk,
}

/// A line of counts.
#[derive(Serialize)]
struct Counted<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<bool>,
    reasons: Vec<&'a str>,
    rows: u64,
}

impl Wanted<'_> {
    /// Answers the question and tells how many rows there were.
    pub fn answer(
        &self,
        (set, action): (&PolicySet, &str),
        ask: Ask,
        purpose: &str,
    ) -> Result<Exit, Failure> {
        let program = set.program(action).map_err(Failure::input)?;
        // Makes sure that no input is overwritten.
        reading::open_quarantine(self.history, self.out)?;
        let files = self.history.history.iter().map(|path| FactsFile::open(path));
        let files = files.collect::<Result<Vec<_>, _>>()?;
        for file in &files {
            let unread: Vec<_> = file.unread().map(printable).collect();
            if !unread.is_empty() {
                note(format_args!("{}: not read: {}", file.name(), unread.join(", ")));
            }
        }
        let cores = std::thread::available_parallelism();
        let threads = self.options.threads.or(cores.ok()).map_or(1, std::num::NonZeroUsize::get);
        let job = Job { files: &files, program, ask, purpose, now: self.now, threads };
        let mut bar = Bar::new();
        let tally = if self.options.count {
            let tally = count(&job, &mut bar)?;
            drop(bar);
            self.tell(&tally, ask)?;
            tally
        } else {
            let mut out = Destination::open(self.out)?;
            let tally = match Form::of(self.out) {
                Form::Json => write_json(&job, &mut bar, &mut out)?,
                Form::Parquet => write_parquet(&job, &mut bar, &mut out)?,
            };
            drop(bar);
            out.commit()?;
            tally
        };
        let (yes, no) = words(ask);
        let (rows, permitted) = (tally.rows(), tally.permitted());
        note(format_args!("{rows} rows: {permitted} {yes}, {} {no}", rows - permitted));
        Ok(Exit::Done)
    }

    fn tell(&self, tally: &Tally, ask: Ask) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        if self.options.json {
            for (answer, rows) in tally.iter() {
                let word = if answer.permit { "permit" } else { "deny" };
                let counted = Counted {
                    decision: (ask == Ask::Decide).then_some(word),
                    kept: (ask == Ask::Retain).then_some(answer.permit),
                    reasons: answer.reasons.iter().map(AsRef::as_ref).collect(),
                    rows,
                };
                serde_json::to_writer(&mut stdout, &counted).map_err(std::io::Error::from)?;
                writeln!(stdout)?;
            }
            return Ok(());
        }
        let (yes, no) = match ask {
            Ask::Decide => ("permit", "deny"),
            Ask::Retain => ("kept", "due"),
        };
        for (answer, rows) in tally.iter() {
            let word = if answer.permit { yes } else { no };
            let reasons: Vec<&str> = answer.reasons.iter().map(AsRef::as_ref).collect();
            writeln!(stdout, "{rows:>14}  {word:<6}  {}", reasons.join(", "))?;
        }
        Ok(())
    }
}

const fn words(ask: Ask) -> (&'static str, &'static str) {
    match ask {
        Ask::Decide => ("permit", "deny"),
        Ask::Retain => ("kept", "due for erasure"),
    }
}
