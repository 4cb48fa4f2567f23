//! Answers as lines of JSON, in the form of `decide` on histories.

use super::ordered::in_order;
use super::tally::{Counter, Tally};
use super::{Answers, Job, copied};
use crate::facts::{FactsError, FactsFile, Of};
use crate::progress::Progress;
use crate::rows::until_text;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_schema::DataType;
use std::io::Write;

/// Answers every row and writes a line for each to `out`, in the order of the input: what the row is
/// about, as far as the file has columns for that, then the answer.
///
/// What was written to `out` counts only when this returns `Ok`.
///
/// # Errors
///
/// When a file cannot be read or is not what is needed, or when `out` fails.
pub fn write_json(
    job: &Job<'_>,
    progress: &mut dyn Progress,
    out: &mut dyn Write,
) -> Result<Tally, FactsError> {
    job.check()?;
    let tasks = job.tasks();
    progress.step("deciding", Some(job.files.iter().map(FactsFile::rows).sum()));
    let mut tally = Tally::default();
    in_order(
        (tasks.len(), job.threads),
        || job.worker(),
        |worker, task, pieces| {
            let Some(task) = tasks.get(task) else { return Ok(()) };
            // Numbers of answers hold for one row group.
            let mut ends = Ends::default();
            let mut counter = Counter::default();
            worker.answer(*task, job.of().ids(), |answers| {
                counter.add(&answers);
                let lines = lines(task.file, job.of(), &answers, &mut ends)?;
                // Nobody wants them any more once the work is given up.
                pieces.send((lines, None));
                Ok(())
            })?;
            pieces.send((Vec::new(), Some(counter.tally(&worker.decisions, job.ask))));
            Ok(())
        },
        |_, (lines, counted): (Vec<u8>, Option<Tally>)| {
            out.write_all(&lines)?;
            if let Some(counted) = counted {
                progress.advance(counted.rows());
                tally.add(counted);
            }
            Ok(())
        },
    )?;
    Ok(tally)
}

/// How lines end, by the number of the answer.
#[derive(Default)]
struct Ends {
    ends: Vec<Vec<u8>>,
}

impl Ends {
    /// The decision and the reasons, or, for a question about dates, the reasons alone.
    fn extend(&mut self, answers: &Answers<'_>) -> Result<(), FactsError> {
        let known = self.ends.len();
        let new = (0u32..).zip(answers.decisions.all()).skip(known);
        for (number, outcome) in new {
            let mut end = Vec::new();
            if answers.until.is_none() {
                let word = if outcome.permit { "permit" } else { "deny" };
                write!(end, r#""decision":"{word}","#)?;
            }
            let reasons = answers.reasons(number);
            let reasons: Vec<&str> = reasons.iter().map(AsRef::as_ref).collect();
            end.extend_from_slice(br#""reasons":"#);
            serde_json::to_writer(&mut end, &reasons).map_err(std::io::Error::from)?;
            end.extend_from_slice(b"}\n");
            self.ends.push(end);
        }
        Ok(())
    }
}

/// A column that says what a row is about.
enum Id<'a> {
    Text(&'a StringArray),
    /// Keys into texts that are written as JSON already.
    Keys(&'a dyn Array, Vec<usize>, Vec<Vec<u8>>),
    Number(&'a dyn Array),
    Missing,
}

fn quoted(text: &str, out: &mut Vec<u8>) -> std::io::Result<()> {
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
        return Ok(());
    }
    Ok(serde_json::to_writer(out, text)?)
}

impl<'a> Id<'a> {
    fn of(file: &FactsFile, batch: &'a RecordBatch, name: &str) -> Result<Self, FactsError> {
        let Some(column) = batch.column_by_name(name) else { return Ok(Self::Missing) };
        match column.data_type() {
            DataType::Null => Ok(Self::Missing),
            DataType::Utf8 => Ok(Self::Text(column.as_string())),
            DataType::Dictionary(..) => {
                let column = column.as_any_dictionary();
                let mut texts = Vec::with_capacity(column.values().len());
                for text in column.values().as_string::<i32>() {
                    let mut json = Vec::new();
                    quoted(text.unwrap_or_default(), &mut json)?;
                    texts.push(json);
                }
                let keys = if texts.is_empty() { Vec::new() } else { column.normalized_keys() };
                Ok(Self::Keys(column.keys(), keys, texts))
            }
            number if number.is_integer() => Ok(Self::Number(column.as_ref())),
            other => Err(file.unfit(format!(
                "the column `{name}` is expected to be text or a whole number, not {other}"
            ))),
        }
    }

    /// Writes a member of this name, unless the row has no value.
    fn write(&self, name: &str, row: usize, out: &mut Vec<u8>) -> std::io::Result<()> {
        let is_null = match self {
            Self::Missing => true,
            Self::Text(column) => column.is_null(row),
            Self::Keys(keys, ..) => keys.is_null(row),
            Self::Number(column) => column.is_null(row),
        };
        if is_null {
            return Ok(());
        }
        out.push(b'"');
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        match self {
            Self::Missing => {}
            Self::Text(column) => quoted(column.value(row), out)?,
            Self::Keys(_, keys, texts) => {
                let text = keys.get(row).and_then(|key| texts.get(*key));
                out.extend_from_slice(text.map_or(b"\"\"", Vec::as_slice));
            }
            Self::Number(column) => number(*column, row, out)?,
        }
        out.push(b',');
        Ok(())
    }
}

fn number(column: &dyn Array, row: usize, out: &mut Vec<u8>) -> std::io::Result<()> {
    macro_rules! write_as {
        ($($data_type:ident as $of:ty,)+) => {
            match column.data_type() {
                $(DataType::$data_type => write!(out, "{}", column.as_primitive::<$of>().value(row)),)+
                _ => Ok(()),
            }
        };
    }
    write_as! {
        Int8 as Int8Type, Int16 as Int16Type, Int32 as Int32Type, Int64 as Int64Type,
        UInt8 as UInt8Type, UInt16 as UInt16Type, UInt32 as UInt32Type, UInt64 as UInt64Type,
    }
}

/// The lines of a batch.
fn lines(
    file: &FactsFile,
    of: Of,
    answers: &Answers<'_>,
    ends: &mut Ends,
) -> Result<Vec<u8>, FactsError> {
    ends.extend(answers)?;
    let batch = answers.batch;
    let id = |name: &str| Id::of(file, batch, name);
    let mut ids = Vec::new();
    for name in of.ids() {
        ids.push((*name, id(name)?));
    }
    let copied = copied(batch);
    let mut out = Vec::with_capacity(batch.num_rows() * 128);
    for (row, number) in answers.numbers.iter().enumerate() {
        out.push(b'{');
        let is_copy = copied.as_ref().is_some_and(|copied| copied.get(row) == Some(&true));
        for (name, id) in &ids {
            // Of the conversation a copy shows nothing, whatever the file holds.
            if is_copy && matches!(*name, "conversation" | "message") {
                continue;
            }
            // The contract's order: a copy's id stands before the part's number.
            if *name == "part"
                && is_copy
                && let Some((name, copy)) = ids.last()
            {
                copy.write(name, row, &mut out)?;
            }
            if *name != "copy" {
                id.write(name, row, &mut out)?;
            }
        }
        if let Some(until) = answers.until.as_ref().and_then(|until| until.get(row)) {
            write!(out, r#""until":"{}","#, until_text(*until))?;
        }
        if let Some(end) = ends.ends.get(*number as usize) {
            out.extend_from_slice(end);
        }
    }
    Ok(out)
}
