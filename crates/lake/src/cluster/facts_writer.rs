//! Writing facts into files, each with the conversations of a range of keyed hashes.

use super::facts_files::ABOUT;
use crate::facts::{AS_OF_KEY, VERSION, VERSION_KEY};
use arrow_array::builder::{
    BooleanBuilder, Int32Builder, StringDictionaryBuilder, TimestampMillisecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Type, Value};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// What a row is about. Absent are those of [`ABOUT`] that such rows do not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About<'a> {
    /// `conversation` or `feedback`, of parts.
    pub store: Option<&'a str>,
    /// The account's id, of accounts.
    pub account: Option<&'a str>,
    /// The conversation's id.
    pub conversation: Option<&'a str>,
    /// The message's id.
    pub message: Option<&'a str>,
    /// The part's number.
    pub part: Option<usize>,
    /// The copy's opaque id.
    pub copy: Option<&'a str>,
}

/// A column in the making.
enum Column {
    Text(StringDictionaryBuilder<Int32Type>),
    Bool(BooleanBuilder),
    Time(TimestampMillisecondBuilder),
    Number(Int32Builder),
}

impl Column {
    fn text(&mut self, text: Option<&str>) {
        if let Self::Text(builder) = self {
            builder.append_option(text);
        }
    }

    fn value(&mut self, value: Option<Value<'_>>) {
        match (self, value) {
            (Self::Text(builder), Some(Value::Text(text))) => builder.append_value(text),
            (Self::Bool(builder), Some(Value::Bool(value))) => builder.append_value(value),
            (Self::Time(builder), Some(Value::Time(value))) => {
                builder.append_value(value.millis());
            }
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Bool(builder), _) => builder.append_null(),
            (Self::Time(builder), _) => builder.append_null(),
            (Self::Number(builder), _) => builder.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Bool(builder) => Arc::new(builder.finish()),
            Self::Time(builder) => Arc::new(builder.finish()),
            Self::Number(builder) => Arc::new(builder.finish()),
        }
    }
}

fn time_type() -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()))
}

fn column(of: &DataType) -> Column {
    match of {
        DataType::Boolean => Column::Bool(BooleanBuilder::new()),
        DataType::Int32 => Column::Number(Int32Builder::new()),
        DataType::Timestamp(..) => {
            Column::Time(TimestampMillisecondBuilder::new().with_data_type(time_type()))
        }
        _ => Column::Text(StringDictionaryBuilder::new()),
    }
}

/// The columns of rows that are about these, and of every attribute.
fn schema(about: &[&'static str]) -> SchemaRef {
    let text = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let named = ABOUT
        .into_iter()
        .filter(|name| about.contains(name))
        .map(|name| Field::new(name, if name == "part" { DataType::Int32 } else { text() }, true));
    let attributes = Attribute::ALL.iter().map(|attribute| {
        let of = match attribute.type_of() {
            Type::Text => text(),
            Type::Bool => DataType::Boolean,
            Type::Time => time_type(),
        };
        Field::new(attribute.as_str(), of, true)
    });
    Arc::new(Schema::new(named.chain(attributes).collect::<Vec<_>>()))
}

/// Files of facts in the making, `facts-00000.parquet` and so on.
pub struct FactsWriter {
    folder: PathBuf,
    as_of: Instant,
    rows_max: usize,
    schema: SchemaRef,
    columns: Vec<Column>,
    pending: usize,
    file: Option<ArrowWriter<File>>,
    file_rows: usize,
    paths: Vec<PathBuf>,
}

impl std::fmt::Debug for FactsWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FactsWriter").field("paths", &self.paths).finish_non_exhaustive()
    }
}

/// Rows are handed to Parquet in batches of this many.
const BATCH_ROWS: usize = 8192;

impl FactsWriter {
    /// Facts of `as_of` go into files in `folder`. Their rows are about the names in `about`, of
    /// [`ABOUT`]. A file is closed at the first [`Self::may_cut`] at which it has `rows_max` rows.
    #[must_use]
    pub fn new(folder: PathBuf, as_of: Instant, about: &[&'static str], rows_max: usize) -> Self {
        let schema = schema(about);
        let columns = schema.fields().iter().map(|field| column(field.data_type())).collect();
        Self {
            folder,
            as_of,
            rows_max,
            schema,
            columns,
            pending: 0,
            file: None,
            file_rows: 0,
            paths: Vec::new(),
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or a part's number does not fit into 32 bits.
    pub fn add(&mut self, about: &About<'_>, facts: &Facts<'_>) -> io::Result<()> {
        let part = about.part.map(i32::try_from).transpose().map_err(io::Error::other)?;
        for (field, column) in self.schema.fields().iter().zip(&mut self.columns) {
            match field.name().as_str() {
                "store" => column.text(about.store),
                "account" => column.text(about.account),
                "conversation" => column.text(about.conversation),
                "message" => column.text(about.message),
                "copy" => column.text(about.copy),
                "part" => {
                    if let Column::Number(builder) = column {
                        builder.append_option(part);
                    }
                }
                name => column.value(Attribute::from_name(name).and_then(|name| facts.get(name))),
            }
        }
        self.pending += 1;
        if self.pending == BATCH_ROWS { self.flush() } else { Ok(()) }
    }

    /// Says that what comes next may be in another file: a conversation has ended.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn may_cut(&mut self) -> io::Result<()> {
        if self.file_rows + self.pending >= self.rows_max { self.close() } else { Ok(()) }
    }

    /// Closes the last file and says where all are. There is one at least.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn finish(mut self) -> io::Result<Vec<PathBuf>> {
        if self.paths.is_empty() || self.pending > 0 || self.file.is_some() {
            self.close()?;
        }
        Ok(self.paths)
    }

    fn flush(&mut self) -> io::Result<()> {
        let columns = self.columns.iter_mut().map(Column::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        let batch = batch.map_err(io::Error::other)?;
        self.file_rows += std::mem::take(&mut self.pending);
        self.open()?.write(&batch).map_err(io::Error::other)
    }

    fn open(&mut self) -> io::Result<&mut ArrowWriter<File>> {
        let file = match self.file.take() {
            Some(file) => file,
            None => {
                let path = self.folder.join(format!("facts-{:05}.parquet", self.paths.len()));
                let metadata = vec![
                    KeyValue::new(VERSION_KEY.to_owned(), VERSION.to_owned()),
                    KeyValue::new(AS_OF_KEY.to_owned(), self.as_of.to_string()),
                ];
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::default()))
                    .set_created_by(format!("consentry {}", env!("CARGO_PKG_VERSION")))
                    .set_key_value_metadata(Some(metadata))
                    .build();
                let file = File::create_new(&path)?;
                self.paths.push(path);
                ArrowWriter::try_new(file, Arc::clone(&self.schema), Some(properties))
                    .map_err(io::Error::other)?
            }
        };
        Ok(self.file.insert(file))
    }

    fn close(&mut self) -> io::Result<()> {
        self.flush()?;
        self.file_rows = 0;
        match self.file.take() {
            Some(file) => file.close().map(drop).map_err(io::Error::other),
            None => Ok(()),
        }
    }
}
