//! Decisions go into a file.

use super::{ANSWER, BUCKET, bucket_of};
use crate::cluster::receipts::Receipt;
use crate::cluster::tally::Counter;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_schema::{DataType, Schema, SchemaRef};
use datafusion::common::{DataFusionError, Result, exec_err, plan_err};
use datafusion::physical_plan::SendableRecordBatchStream;
use futures::StreamExt as _;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;

/// The tally of a file of decisions, in its metadata under this name, as the task counted before
/// it wrote.
const TALLY_KEY: &str = "consentry.tally";

/// What the file of decisions on a bucket says of itself; `None` when there is none.
#[must_use]
pub fn receipt(directory: &Path, bucket: u32) -> Option<Receipt> {
    let file = File::open(decisions_path(directory, bucket)).ok()?;
    let footer = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).ok()?;
    let pairs = footer.metadata().file_metadata().key_value_metadata()?;
    let told = pairs.iter().find(|pair| pair.key == TALLY_KEY)?.value.as_deref()?;
    Some(Receipt { bucket, tally: told.parse().ok()? })
}

/// The file of decisions on a bucket.
#[must_use]
pub fn decisions_path(directory: &Path, bucket: u32) -> PathBuf {
    directory.join(format!("decisions-{bucket:05}.parquet"))
}

/// The columns of a file of decisions.
pub(super) fn schema(input: &Schema) -> Result<SchemaRef> {
    let mut fields = Vec::new();
    for field in input.fields() {
        match (field.name().as_str(), field.data_type()) {
            (BUCKET, DataType::UInt32) => {}
            (ANSWER, DataType::Struct(answer)) => fields.extend(answer.iter().cloned()),
            (BUCKET | ANSWER, other) => {
                return plan_err!("decisions cannot be written: `{}` is {other}", field.name());
            }
            _ => fields.push(Arc::clone(field)),
        }
    }
    Ok(Arc::new(Schema::new(fields)))
}

/// Writes what comes into the file of its bucket.
pub(super) async fn write(
    mut input: SendableRecordBatchStream,
    directory: PathBuf,
    schema: SchemaRef,
) -> Result<Option<Receipt>> {
    let mut writing: Option<Writing> = None;
    while let Some(batch) = input.next().await.transpose()? {
        if batch.num_rows() == 0 {
            continue;
        }
        let bucket = bucket_of(&batch)?;
        let file = match &mut writing {
            None => writing.insert(Writing::begin(bucket, &directory, &schema)?),
            Some(file) if file.bucket == bucket => file,
            Some(file) => {
                return exec_err!("rows of buckets {} and {bucket} in one task", file.bucket);
            }
        };
        file.add(&batch)?;
    }
    writing.map(|file| file.finish(&directory)).transpose()
}

/// A file in the making.
struct Writing {
    bucket: u32,
    writer: ArrowWriter<NamedTempFile>,
    schema: SchemaRef,
    counter: Counter,
}

impl Writing {
    fn begin(bucket: u32, directory: &Path, schema: &SchemaRef) -> Result<Self> {
        let file = NamedTempFile::with_prefix_in(".decisions-", directory).map_err(|error| {
            DataFusionError::Execution(format!(
                "decisions cannot be written to {}: {error}; every executor must reach the folder \
                 by this name",
                directory.display()
            ))
        })?;
        // Nobody looks decisions up by their values, and messages are too many for a dictionary.
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::None)
            .set_column_dictionary_enabled(ColumnPath::from("message"), false)
            .set_created_by(format!("consentry {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(schema), Some(properties))?;
        Ok(Self { bucket, writer, schema: Arc::clone(schema), counter: Counter::default() })
    }

    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let mut columns = Vec::with_capacity(self.schema.fields().len());
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            match field.name().as_str() {
                BUCKET => {}
                ANSWER => columns.extend(column.as_struct().columns().iter().cloned()),
                _ => columns.push(Arc::clone(column)),
            }
        }
        let decisions = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        self.counter.add(&decisions).map_err(DataFusionError::Execution)?;
        self.writer.write(&decisions)?;
        Ok(())
    }

    fn finish(mut self, directory: &Path) -> Result<Receipt> {
        let tally = KeyValue::new(TALLY_KEY.to_owned(), self.counter.tally().to_string());
        self.writer.append_key_value_metadata(tally);
        let file = self.writer.into_inner()?;
        file.as_file().sync_all()?;
        file.persist(decisions_path(directory, self.bucket)).map_err(|failed| failed.error)?;
        Ok(Receipt { bucket: self.bucket, tally: self.counter.tally() })
    }
}
