//! Reading facts, Consentry's own or a warehouse's: any Parquet file whose columns have the names of
//! attributes.

use super::instants::to_millis;
use super::{AS_OF_KEY, OF_KEY, Of, VERSION, VERSION_KEY};
use crate::bulk::DECISIONS_KEY;
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use bytes::Bytes;
use consentry_columnar::STORE;
use consentry_model::Instant;
use consentry_model::facts::Attribute;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

mod stored;
mod types;

use stored::Shared;
pub(crate) use stored::Stored;
use types::{check_words, dictionary, wanted};

/// How many rows are decoded at once. What was decoded should still be near when it is decided on:
/// 8192 rows of the columns that a policy set reads take about a megabyte, and were faster by
/// measurement than 65,536.
const BATCH_ROWS: usize = 8192;

/// Why a file of facts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// It cannot be read.
    #[error("{name}: {source}")]
    Read {
        /// The file, as it was named.
        name: String,
        /// What the system or the reader said.
        source: io::Error,
    },
    /// It is not what is needed.
    #[error("{name}: {reason}")]
    Unfit {
        /// The file, as it was named.
        name: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// Dates were asked for that the policies do not give.
    #[error(
        "it cannot be derived when the policy `{policy}` turns; ask with `decide`, or write the \
         policy so that its dates follow from the facts"
    )]
    Underivable {
        /// The policy's id.
        policy: String,
    },
    /// What was decided cannot be written, or temporary storage failed.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// Whether a file begins as Parquet does. What cannot be opened does not.
#[must_use]
pub fn is_parquet(path: &Path) -> bool {
    let mut magic = [0; 4];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut magic));
    read.is_ok() && magic == *b"PAR1"
}

/// An opened file of facts.
#[derive(Debug)]
pub struct FactsFile {
    name: String,
    file: Mutex<File>,
    metadata: ArrowReaderMetadata,
    as_of: Option<Instant>,
    of: Option<Of>,
    is_folded: bool,
}

impl FactsFile {
    /// Opens a file and checks what it says about itself, and the types of its columns.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is of another version of the format, or has a column of an
    /// attribute's name that cannot hold the attribute.
    pub fn open(path: &Path) -> Result<Self, FactsError> {
        let name = path.display().to_string();
        let fail = |source| FactsError::Read { name: name.clone(), source };
        let file = File::open(path).map_err(fail)?;
        let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new());
        let plain = plain.map_err(|error| fail(io(error)))?;
        let unfit = |reason| FactsError::Unfit { name: name.clone(), reason };
        let schema = Arc::new(wanted(plain.schema()).map_err(unfit)?);
        let is_fact = |field: &&Arc<Field>| Attribute::from_name(field.name()).is_some();
        if !schema.fields().iter().any(|field| is_fact(&field)) {
            return Err(unfit("these are not facts: no column has the name of one".to_owned()));
        }
        let metadata = read_as(plain.metadata(), schema).map_err(|error| fail(io(error)))?;
        let About { as_of, of, is_folded } = about(metadata.metadata()).map_err(unfit)?;
        // What the footer says of rows is believed where no column is read, so it must make sense.
        for (index, group) in metadata.metadata().row_groups().iter().enumerate() {
            if !(0..=GROUP_ROWS_MAX).contains(&group.num_rows()) {
                let rows = group.num_rows();
                return Err(unfit(format!(
                    "its row group {index} claims {rows} rows; expected at most {GROUP_ROWS_MAX}"
                )));
            }
        }
        Ok(Self { file: Mutex::new(file), metadata, as_of, of, is_folded, name })
    }

    /// The name as it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The instant of the facts, where the file tells it.
    #[must_use]
    pub const fn as_of(&self) -> Option<Instant> {
        self.as_of
    }

    /// Whether the file says that `consentry facts` wrote it.
    pub(crate) const fn is_folded(&self) -> bool {
        self.is_folded
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.metadata.metadata().row_groups().iter().map(|group| rows_of(group.num_rows())).sum()
    }

    /// Whether there is a column of this name.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.metadata.schema().field_with_name(column).is_ok()
    }

    /// The columns that are neither facts nor say what a row is about, and are not read.
    pub fn unread(&self) -> impl Iterator<Item = &str> {
        let names = self.metadata.schema().fields().iter().map(|field| field.name().as_str());
        let is_id = |name: &&str| Of::ALL.iter().any(|of| of.ids().contains(name));
        names.filter(move |name| Attribute::from_name(name).is_none() && !is_id(name))
    }

    /// An error about this file.
    #[must_use]
    pub fn unfit(&self, reason: String) -> FactsError {
        FactsError::Unfit { name: self.name.clone(), reason }
    }

    fn unreadable(&self, error: impl Into<io::Error>) -> FactsError {
        FactsError::Read { name: self.name.clone(), source: error.into() }
    }

    /// Makes sure that the file holds what a question is about.
    ///
    /// # Errors
    ///
    /// When the file says that its facts are of another instant, or about something else.
    pub fn check(&self, of: Of, as_of: Instant) -> Result<(), FactsError> {
        if let Some(found) = self.as_of.filter(|found| *found != as_of) {
            return Err(self.unfit(format!(
                "these are the facts at {found}, not at {as_of}; use --as-of {found}, or fold the \
                 history again"
            )));
        }
        if let Some(found) = self.of.filter(|found| *found != of) {
            return Err(self.unfit(format!(
                "the rows are about {}, but the action is about {}; fold the history again with \
                 --of {}",
                found.as_str(),
                of.as_str(),
                of.as_str()
            )));
        }
        Ok(())
    }

    pub(crate) fn parquet(&self) -> &Arc<ParquetMetaData> {
        self.metadata.metadata()
    }

    /// Reads some columns of a row group, those of them that there are, batch by batch. Nothing
    /// else is read from the disk.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn batches(&self, group: usize, columns: &[&str]) -> Result<Batches<'_>, FactsError> {
        let descriptor = self.parquet().file_metadata().schema_descr_ptr();
        let fields = descriptor.root_schema().get_fields();
        let roots = fields.iter().enumerate();
        let roots = roots.filter(|(_, field)| columns.contains(&field.name()));
        let roots: Vec<usize> = roots.map(|(root, _)| root).collect();
        let mut chunks = Stored::nothing(self.file_bytes());
        if let Some(row_group) = self.parquet().row_groups().get(group) {
            for (leaf, chunk) in row_group.columns().iter().enumerate() {
                if roots.contains(&descriptor.get_column_root_idx(leaf)) {
                    let (start, bytes) = self.chunk(chunk)?;
                    chunks.add(start, bytes);
                }
            }
        }
        let rows = self.parquet().row_groups().get(group).map_or(0, |group| group.num_rows());
        let chunks = Arc::new(chunks);
        let metadata = self.with_short_keys(group, &roots, &chunks)?;
        let mask = ProjectionMask::roots(&descriptor, roots);
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(Shared(chunks), metadata)
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(BATCH_ROWS);
        let reader = builder.build().map_err(|error| self.unreadable(io(error)))?;
        Ok(Batches { file: self, reader, rows: rows_of(rows) })
    }

    /// The types to read a row group as: text of at most 256 different values with keys of one byte,
    /// which are a quarter of the memory to go through.
    fn with_short_keys(
        &self,
        group: usize,
        roots: &[usize],
        chunks: &Arc<Stored>,
    ) -> Result<ArrowReaderMetadata, FactsError> {
        let Some(row_group) = self.parquet().row_groups().get(group) else {
            return Ok(self.metadata.clone());
        };
        let descriptor = self.parquet().file_metadata().schema_descr();
        let mut fields: Vec<Arc<Field>> = self.metadata.schema().fields().iter().cloned().collect();
        for (leaf, chunk) in row_group.columns().iter().enumerate() {
            let root = descriptor.get_column_root_idx(leaf);
            let Some(field) = fields.get_mut(root).filter(|_| roots.contains(&root)) else {
                continue;
            };
            let is_fact = field.name() == STORE || Attribute::from_name(field.name()).is_some();
            if is_fact
                && *field.data_type() == dictionary()
                && stored::different_values(chunks, chunk, row_group.num_rows())
                    .map_err(|error| self.unreadable(io(error)))?
                    .is_some_and(|values| values <= 256)
            {
                let short = Box::new(DataType::UInt8);
                let short = DataType::Dictionary(short, Box::new(DataType::Utf8));
                *field = Arc::new(Field::clone(field).with_data_type(short));
            }
        }
        read_as(self.parquet(), Arc::new(Schema::new(fields)))
            .map_err(|error| self.unreadable(io(error)))
    }

    /// The bytes of a column in a row group as they are stored, with their place in the file.
    pub(crate) fn chunk(&self, chunk: &ColumnChunkMetaData) -> Result<(u64, Bytes), FactsError> {
        let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
        let range = (u64::try_from(start), usize::try_from(chunk.compressed_size()));
        let (Ok(start), Ok(length)) = range else {
            return Err(self.unfit("the places of its columns are damaged".to_owned()));
        };
        if start.saturating_add(length as u64) > self.file_bytes() {
            return Err(self.unfit("it is cut short".to_owned()));
        }
        let mut bytes = vec![0; length];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let read = file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut bytes));
        read.map_err(|error| self.unreadable(error))?;
        Ok((start, bytes.into()))
    }

    fn file_bytes(&self) -> u64 {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.metadata().map_or(0, |metadata| metadata.len())
    }
}

/// Batches of one row group.
#[derive(Debug)]
pub struct Batches<'a> {
    file: &'a FactsFile,
    reader: ParquetRecordBatchReader,
    /// How many rows are to come.
    rows: u64,
}

impl Batches<'_> {
    /// The next rows; `None` after the last. Instants are in milliseconds, text is a dictionary.
    ///
    /// # Errors
    ///
    /// When the file is damaged, or has an instant that is out of range.
    pub fn next_batch(&mut self) -> Result<Option<RecordBatch>, FactsError> {
        let Some(batch) = self.reader.next() else {
            if self.rows > 0 {
                return Err(self.file.unfit(format!("{} rows are missing", self.rows)));
            }
            return Ok(None);
        };
        let batch = batch.map_err(|error| self.file.unreadable(io::Error::other(error)))?;
        self.rows = self.rows.saturating_sub(batch.num_rows() as u64);
        check_words(&batch).map_err(|reason| self.file.unfit(reason))?;
        let is_plain = |field: &Arc<Field>| match field.data_type() {
            DataType::Timestamp(unit, _) => *unit == arrow_schema::TimeUnit::Millisecond,
            _ => true,
        };
        if batch.schema_ref().fields().iter().all(is_plain) {
            return Ok(Some(batch));
        }
        let (schema, columns, rows) = batch.into_parts();
        let mut fields = Vec::with_capacity(columns.len());
        let mut converted = Vec::with_capacity(columns.len());
        for (field, column) in schema.fields().iter().zip(columns) {
            let column = to_millis(column).ok_or_else(|| {
                let name = field.name();
                self.file
                    .unfit(format!("the column `{name}` holds an instant that is out of range"))
            })?;
            fields.push(Field::clone(field).with_data_type(column.data_type().clone()));
            converted.push(column);
        }
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), converted, &options)
            .map(Some)
            .map_err(|error| self.file.unreadable(io::Error::other(error)))
    }
}

/// Metadata for reading the columns with these types.
fn read_as(
    metadata: &Arc<ParquetMetaData>,
    schema: SchemaRef,
) -> Result<ArrowReaderMetadata, ParquetError> {
    let options = ArrowReaderOptions::new().with_schema(schema);
    ArrowReaderMetadata::try_new(Arc::clone(metadata), options)
}

fn io(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

/// How many rows a row group may have: far more than any writer puts there.
const GROUP_ROWS_MAX: i64 = 1 << 31;

fn rows_of(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}

/// What a file tells about itself.
struct About {
    as_of: Option<Instant>,
    of: Option<Of>,
    is_folded: bool,
}

fn about(metadata: &ParquetMetaData) -> Result<About, String> {
    let pairs = metadata.file_metadata().key_value_metadata();
    let value = |key: &str| {
        let pair = pairs.iter().copied().flatten().find(|pair| pair.key == key)?;
        pair.value.as_deref()
    };
    if value(DECISIONS_KEY).is_some() {
        return Err("these are answers, not facts".to_owned());
    }
    let version = value(VERSION_KEY);
    if let Some(version) = version.filter(|version| *version != VERSION) {
        return Err(format!(
            "facts of version `{version}`; this consentry reads version {VERSION}"
        ));
    }
    let as_of = value(AS_OF_KEY).map(Instant::parse).transpose();
    let as_of = as_of.map_err(|error| format!("`{AS_OF_KEY}` in its metadata: {error}"))?;
    let of = value(OF_KEY).map(|name| {
        Of::from_name(name).ok_or_else(|| format!("`{OF_KEY}` in its metadata is `{name}`"))
    });
    Ok(About { as_of, of: of.transpose()?, is_folded: version.is_some() })
}
