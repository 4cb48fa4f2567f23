//! Answers in Parquet: the columns that say what a row is about, copied as they are stored, and the
//! answer beside them.

use super::encoded::{Chunk, Coded, Runs, encode};
use super::ordered::in_order;
use super::tally::{Counter, Tally};
use super::{Ask, Job, Task, Worker, copied, reasons};
use crate::facts::{AS_OF_KEY, FactsError, FactsFile, OF_KEY, Of};
use crate::progress::Progress;
use arrow_array::Array as _;
use bytes::Bytes;
use consentry_columnar::{FEEDBACK, STORE, Until};
use consentry_policy::Request;
use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnDescPtr, SchemaDescPtr, SchemaDescriptor, Type, TypePtr};
use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

/// The version of the format of answers, in the file's metadata.
pub const DECISIONS_VERSION: &str = "1";

/// The key of that version.
pub const DECISIONS_KEY: &str = "consentry.decisions";

/// A row group of answers.
struct Group {
    ids: Vec<(ColumnCloseResult, u64, Bytes)>,
    answers: Vec<Chunk>,
    tally: Tally,
}

/// Answers every row and writes a Parquet file with a row for each, in the order of the input. Its
/// row groups are those of the input.
///
/// What was written to `out` counts only when this returns `Ok`.
///
/// # Errors
///
/// When a file cannot be read or is not what is needed, when files differ in the columns that say
/// what a row is about, or when `out` fails.
pub fn write_parquet(
    job: &Job<'_>,
    progress: &mut dyn Progress,
    out: impl Write + Send,
) -> Result<Tally, FactsError> {
    job.check()?;
    let ids = ids(job)?;
    let schema = schema(&ids, job.ask).map_err(wrong)?;
    let descriptor: SchemaDescPtr = Arc::new(SchemaDescriptor::new(Arc::clone(&schema)));
    let about = job.program.about();
    let request = Request { action: &about.action, purpose: job.purpose, now: job.now };
    let metadata = answers_metadata(job.of(), &request, (&about.set, &about.set_hash));
    let properties = WriterProperties::builder()
        .set_created_by(format!("consentry {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(metadata))
        .build();
    let mut writer = SerializedFileWriter::new(out, schema, Arc::new(properties)).map_err(wrong)?;
    let tasks = job.tasks();
    progress.step("deciding", Some(job.files.iter().map(FactsFile::rows).sum()));
    let mut tally = Tally::default();
    in_order(
        (tasks.len(), job.threads),
        || job.worker(),
        |worker, task, pieces| {
            if let Some(task) = tasks.get(task) {
                pieces.send(group(worker, job, *task, &ids, &descriptor)?);
            }
            Ok(())
        },
        |_, group: Group| {
            let mut to = writer.next_row_group().map_err(wrong)?;
            for (close, start, bytes) in group.ids {
                to.append_column(&crate::facts::Stored::new(start, bytes), close).map_err(wrong)?;
            }
            for chunk in group.answers {
                to.append_column(&chunk.bytes, chunk.close).map_err(wrong)?;
            }
            to.close().map_err(wrong)?;
            progress.advance(group.tally.rows());
            tally.add(group.tally);
            Ok(())
        },
    )?;
    writer.close().map_err(wrong)?;
    Ok(tally)
}

fn wrong(error: ParquetError) -> FactsError {
    io::Error::other(error).into()
}

/// What a Parquet file of answers tells about itself.
pub(crate) fn answers_metadata(
    of: Of,
    request: &Request<'_>,
    (policy, policy_hash): (&str, &str),
) -> Vec<KeyValue> {
    [
        (DECISIONS_KEY, DECISIONS_VERSION),
        (AS_OF_KEY, &request.now.to_string()),
        (OF_KEY, of.as_str()),
        ("consentry.action", request.action),
        ("consentry.purpose", request.purpose),
        ("consentry.policy", policy),
        ("consentry.policy_hash", policy_hash),
    ]
    .map(|(key, value)| KeyValue::new(key.to_owned(), value.to_owned()))
    .into()
}

/// The columns that say what a row is about, as the files have them.
fn ids(job: &Job<'_>) -> Result<Vec<TypePtr>, FactsError> {
    let of = |file: &FactsFile| -> Vec<TypePtr> {
        let fields = file.parquet().file_metadata().schema_descr().root_schema().get_fields();
        let named = |name: &&str| fields.iter().find(|field| field.name() == *name).cloned();
        job.of().ids().iter().filter_map(named).collect()
    };
    let mut all = job.files.iter().map(|file| (file, of(file)));
    let Some((first, ids)) = all.next() else { return Ok(Vec::new()) };
    let is_plain = |id: &TypePtr| {
        id.is_primitive() && id.get_basic_info().repetition() != Repetition::REPEATED
    };
    if let Some(nested) = ids.iter().find(|id| !is_plain(id)) {
        return Err(first.unfit(format!("the column `{}` is nested", nested.name())));
    }
    for (file, other) in all {
        if other != ids {
            return Err(file.unfit(format!(
                "its columns {} are not of the same types as those of {}; decide the two one after \
                 the other",
                job.of().ids().join(", "),
                first.name()
            )));
        }
    }
    Ok(ids)
}

fn text(name: &str, repetition: Repetition) -> Result<TypePtr, ParquetError> {
    let text = Type::primitive_type_builder(name, Physical::BYTE_ARRAY);
    let text = text.with_repetition(repetition).with_logical_type(Some(LogicalType::String));
    text.build().map(Arc::new)
}

fn schema(ids: &[TypePtr], ask: Ask) -> Result<TypePtr, ParquetError> {
    let mut fields = ids.to_vec();
    match ask {
        Ask::Decide => fields.push(text("decision", Repetition::REQUIRED)?),
        Ask::Retain => {
            let instant = LogicalType::timestamp(true, TimeUnit::MILLIS);
            let until = Type::primitive_type_builder("until", Physical::INT64);
            let until = until.with_repetition(Repetition::OPTIONAL);
            fields.push(text("kept", Repetition::REQUIRED)?);
            fields.push(Arc::new(until.with_logical_type(Some(instant)).build()?));
        }
    }
    let element = text("element", Repetition::REQUIRED)?;
    let list = Type::group_type_builder("list").with_repetition(Repetition::REPEATED);
    let list = Arc::new(list.with_fields(vec![element]).build()?);
    let reasons = Type::group_type_builder("reasons").with_repetition(Repetition::REQUIRED);
    let reasons = reasons.with_logical_type(Some(LogicalType::List)).with_fields(vec![list]);
    fields.push(Arc::new(reasons.build()?));
    Type::group_type_builder("schema").with_fields(fields).build().map(Arc::new)
}

/// Answers for one row group.
fn group(
    worker: &mut Worker,
    job: &Job<'_>,
    task: Task<'_>,
    ids: &[TypePtr],
    descriptor: &SchemaDescPtr,
) -> Result<Group, FactsError> {
    let mut counter = Counter::default();
    let (mut runs, mut until) = (Runs::default(), UntilColumn::default());
    // What others wrote is looked at before it is passed on.
    let looked_at = if task.file.is_folded() { &[][..] } else { job.of().ids() };
    let mut has_copies = false;
    worker.answer(task, looked_at, |answers| {
        has_copies |= copied(answers.batch).is_some_and(|copied| copied.contains(&true));
        counter.add(&answers);
        for run in answers.numbers.chunk_by(|one, other| one == other) {
            runs.add(run.first().copied().unwrap_or(0), run.len());
        }
        answers.until.iter().flatten().for_each(|at| until.add(*at));
        Ok(())
    })?;
    if has_copies {
        tells_no_origin(task)?;
    }
    let decisions = worker.decisions.all();
    let column = |index: usize| -> Result<ColumnDescPtr, FactsError> {
        let column = descriptor.columns().get(ids.len() + index).cloned();
        column.ok_or_else(|| io::Error::other("a column of the answers is missing").into())
    };
    let mut answers = Vec::new();
    match job.ask {
        Ask::Decide => {
            let words = Texts::of(["deny", "permit"].iter().copied());
            let rows: Vec<Vec<u32>> =
                decisions.iter().map(|outcome| vec![u32::from(outcome.permit)]).collect();
            answers.push(words.encode(&column(0)?, &rows, &runs)?);
        }
        Ask::Retain => {
            let words = Texts::of(["due", "until", "no-end"].iter().copied());
            answers.push(words.encode(&column(0)?, &[vec![0], vec![1], vec![2]], &until.kinds)?);
            answers.push(until.encode(&column(1)?)?);
        }
    }
    let is_retention = job.ask == Ask::Retain;
    let mut policies = Texts::default();
    let numbers = (0u32..).take(decisions.len());
    let rows: Vec<Vec<u32>> = numbers
        .map(|number| {
            let reasons = reasons(&worker.decisions, number, is_retention);
            reasons.iter().map(|reason| policies.number(reason)).collect()
        })
        .collect();
    answers.push(policies.encode(&column(answers.len())?, &rows, &runs)?);
    let tally = counter.tally(&worker.decisions, job.ask);
    Ok(Group { ids: stored_ids(task, ids)?, answers, tally })
}

/// The columns that lead back from a copy to where it was made.
const ORIGIN: [&str; 2] = ["conversation", "message"];

/// Makes sure that of the conversation a copy was made of, nothing is passed on.
fn tells_no_origin(task: Task<'_>) -> Result<(), FactsError> {
    let mut batches = task.file.batches(task.group, &[STORE, ORIGIN[0], ORIGIN[1]])?;
    while let Some(batch) = batches.next_batch()? {
        let Some(copied) = copied(&batch) else { continue };
        for name in ORIGIN {
            let Some(nulls) = batch.column_by_name(name).map(|column| column.logical_nulls())
            else {
                continue;
            };
            let is_there = |row| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
            if copied.iter().enumerate().any(|(row, is_copy)| *is_copy && is_there(row)) {
                return Err(task.file.unfit(format!(
                    "a row with the store `{FEEDBACK}` has a `{name}`, and answers in Parquet copy \
                     that column as it is stored; expected null there, so that nothing leads back \
                     from a copy"
                )));
            }
        }
    }
    Ok(())
}

/// The chunks of the columns that are copied.
fn stored_ids(
    task: Task<'_>,
    ids: &[TypePtr],
) -> Result<Vec<(ColumnCloseResult, u64, Bytes)>, FactsError> {
    let Some(group) = task.file.parquet().row_groups().get(task.group) else {
        return Ok(Vec::new());
    };
    let mut stored = Vec::with_capacity(ids.len());
    for id in ids {
        let is_it = |column: &&parquet::file::metadata::ColumnChunkMetaData| {
            column.column_path().parts() == [id.name()]
        };
        let Some(column) = group.columns().iter().find(is_it) else { continue };
        if column.num_values() != group.num_rows() {
            let (values, rows) = (column.num_values(), group.num_rows());
            let name = id.name();
            return Err(task.file.unfit(format!(
                "its column `{name}` claims {values} values where its row group {} has {rows} rows",
                task.group
            )));
        }
        let (start, bytes) = task.file.chunk(column)?;
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: u64::try_from(group.num_rows()).unwrap_or(0),
            metadata: column.clone(),
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        stored.push((close, start, bytes));
    }
    Ok(stored)
}

/// Different texts, numbered as they came up.
#[derive(Default)]
struct Texts {
    numbers: HashMap<Arc<str>, u32>,
    plain: Vec<u8>,
}

impl Texts {
    fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut all = Self::default();
        for text in texts {
            all.number(text);
        }
        all
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        // Ids of policies are short and few.
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(text.into(), number);
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.plain.extend_from_slice(&length.to_le_bytes());
        self.plain.extend_from_slice(text.as_bytes());
        number
    }

    fn encode(
        &self,
        column: &ColumnDescPtr,
        rows: &[Vec<u32>],
        runs: &Runs,
    ) -> Result<Chunk, FactsError> {
        let coded = Coded { dictionary: &self.plain, values: self.numbers.len(), rows };
        encode(column, &coded, runs).map_err(wrong)
    }
}

/// The dates of a row group.
#[derive(Default)]
struct UntilColumn {
    /// 0 for due, 1 for a date, 2 for no end.
    kinds: Runs,
    /// 0 for no date, then the dates as they came up.
    dates: Runs,
    known: HashMap<i64, u32>,
    plain: Vec<u8>,
    rows: Vec<Vec<u32>>,
}

impl UntilColumn {
    fn add(&mut self, until: Until) {
        if self.rows.is_empty() {
            self.rows.push(Vec::new());
        }
        let (kind, code) = match until {
            Until::Due => (0, 0),
            Until::NoEnd => (2, 0),
            Until::At(at) => {
                let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
                let number = *self.known.entry(at.millis()).or_insert_with(|| {
                    self.plain.extend_from_slice(&at.millis().to_le_bytes());
                    self.rows.push(vec![next]);
                    next
                });
                (1, number + 1)
            }
        };
        self.kinds.add(kind, 1);
        self.dates.add(code, 1);
    }

    fn encode(&self, column: &ColumnDescPtr) -> Result<Chunk, FactsError> {
        let coded = Coded { dictionary: &self.plain, values: self.known.len(), rows: &self.rows };
        encode(column, &coded, &self.dates).map_err(wrong)
    }
}
