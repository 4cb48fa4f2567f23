//! Rows of answers on their way into a Parquet file, in the columns that facts in Parquet are
//! answered in.

use super::{Answered, Asking, Question, write_rows};
use crate::bulk::{Ask, answers_metadata};
use crate::facts::{Of, schema};
use crate::history::{History, HistoryError};
use crate::progress::Progress;
use arrow_array::builder::{
    Int32Builder, ListBuilder, StringBuilder, StringDictionaryBuilder, TimestampMillisecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use consentry_model::Instant;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde::Deserialize;
use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

/// How many rows are encoded at once.
const BATCH_ROWS: usize = 1 << 14;

/// As [`write_rows`], but `out` becomes a Parquet file with the same rows in the same order. Its
/// metadata name the policy set by its id and its hash.
///
/// # Errors
///
/// As [`write_rows`]; and for a question that compares sets, whose rows have no columns.
pub fn write_rows_as_parquet(
    history: &mut History,
    asking: &Asking<'_>,
    policy: (&str, &str),
    progress: &mut dyn Progress,
    out: impl Write + Send,
) -> Result<Answered, HistoryError> {
    let mut lines = Lines::new(asking, policy, out).map_err(io::Error::other)?;
    let answered = write_rows(history, asking, progress, &mut lines)?;
    lines.finish()?;
    Ok(answered)
}

/// A row as it is printed.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    store: Option<&'a str>,
    #[serde(borrow)]
    conversation: Option<Cow<'a, str>>,
    #[serde(borrow)]
    account: Option<Cow<'a, str>>,
    #[serde(borrow)]
    message: Option<Cow<'a, str>>,
    #[serde(borrow)]
    copy: Option<&'a str>,
    part: Option<i32>,
    #[serde(borrow)]
    decision: Option<&'a str>,
    #[serde(borrow)]
    until: Option<&'a str>,
    #[serde(borrow)]
    reasons: Vec<&'a str>,
}

type Texts = StringDictionaryBuilder<Int32Type>;

/// Takes lines, and encodes them once they are many.
struct Lines<W: Write + Send> {
    /// What has come of a line that is not complete.
    line: Vec<u8>,
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    of: Of,
    ask: Ask,
    rows: usize,
    store: Texts,
    subject: Texts,
    message: StringBuilder,
    part: Int32Builder,
    copy: Texts,
    answer: Texts,
    until: TimestampMillisecondBuilder,
    reasons: ListBuilder<Texts>,
}

fn text() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn element() -> Arc<Field> {
    Arc::new(Field::new("element", text(), false))
}

fn columns(of: Of, ask: Ask) -> SchemaRef {
    let facts = schema(of);
    let mut fields: Vec<Arc<Field>> =
        facts.fields().iter().take(of.ids().len()).map(Arc::clone).collect();
    let instant = DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    match ask {
        Ask::Decide => fields.push(Arc::new(Field::new("decision", text(), false))),
        Ask::Retain => {
            fields.push(Arc::new(Field::new("kept", text(), false)));
            fields.push(Arc::new(Field::new("until", instant, true)));
        }
    }
    fields.push(Arc::new(Field::new("reasons", DataType::List(element()), false)));
    Arc::new(Schema::new(fields))
}

impl<W: Write + Send> Lines<W> {
    fn new(
        asking: &Asking<'_>,
        policy: (&str, &str),
        out: W,
    ) -> Result<Self, parquet::errors::ParquetError> {
        let of = Of::resources(asking.resources).unwrap_or(Of::Parts);
        let ask = match asking.question {
            Question::Decide(_) => Ask::Decide,
            Question::Retain(_) => Ask::Retain,
            Question::Compare(_) => {
                let reason = "the decisions of several sets are told as JSON rows, not as Parquet";
                return Err(parquet::errors::ParquetError::General(reason.to_owned()));
            }
        };
        let schema = columns(of, ask);
        let metadata = answers_metadata(of, &asking.request, policy);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_created_by(format!("consentry {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(metadata))
            .build();
        Ok(Self {
            line: Vec::new(),
            writer: ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?,
            schema,
            of,
            ask,
            rows: 0,
            store: Texts::new(),
            subject: Texts::new(),
            message: StringBuilder::new(),
            part: Int32Builder::new(),
            copy: Texts::new(),
            answer: Texts::new(),
            until: TimestampMillisecondBuilder::new().with_timezone("UTC"),
            reasons: ListBuilder::new(Texts::new()).with_field(element()),
        })
    }

    fn row(&mut self, row: &Row<'_>) -> Result<(), ArrowError> {
        self.store.append_option(row.store);
        self.subject.append_option(row.conversation.as_deref().or(row.account.as_deref()));
        self.message.append_option(row.message.as_deref());
        self.part.append_option(row.part);
        self.copy.append_option(row.copy);
        let at = row.until.and_then(|until| Instant::parse(until).ok());
        self.until.append_option(at.map(Instant::millis));
        let word = if at.is_some() { Some("until") } else { row.until };
        self.answer.append_option(row.decision.or(word));
        for reason in &row.reasons {
            self.reasons.values().append(reason)?;
        }
        self.reasons.append(true);
        self.rows += 1;
        if self.rows == BATCH_ROWS { self.encode() } else { Ok(()) }
    }

    fn encode(&mut self) -> Result<(), ArrowError> {
        self.rows = 0;
        let mut columns: Vec<ArrayRef> = Vec::new();
        let (store, message) = (self.store.finish(), self.message.finish());
        let (part, copy) = (self.part.finish(), self.copy.finish());
        let subject = self.subject.finish();
        match self.of {
            Of::Parts => {
                columns.push(Arc::new(store));
                columns.push(Arc::new(subject));
                columns.push(Arc::new(message));
                columns.push(Arc::new(part));
                columns.push(Arc::new(copy));
            }
            Of::Conversations | Of::Accounts => columns.push(Arc::new(subject)),
        }
        columns.push(Arc::new(self.answer.finish()));
        let until = self.until.finish();
        if self.ask == Ask::Retain {
            columns.push(Arc::new(until));
        }
        columns.push(Arc::new(self.reasons.finish()));
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        Ok(self.writer.write(&batch)?)
    }

    fn finish(mut self) -> io::Result<()> {
        self.encode().map_err(io::Error::other)?;
        self.writer.close().map_err(io::Error::other)?;
        Ok(())
    }
}

impl<W: Write + Send> Write for Lines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if self.line.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                let row: Row<'_> = serde_json::from_slice(&line)?;
                self.row(&row).map_err(io::Error::other)?;
                self.line = line;
                self.line.clear();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
