//! The end of a plan: decisions go into a file, a receipt comes back.

use super::receipts::{self, Receipt};
use super::tally::Tally;
use arrow_array::cast::AsArray as _;
use arrow_array::types::UInt32Type;
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::{DataType, Schema, SchemaRef};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, exec_err, internal_err, plan_err};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties,
    SendableRecordBatchStream,
};
use futures::StreamExt as _;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;

/// The column that says which file of facts a row comes from.
pub const BUCKET: &str = "bucket";
/// The column of answers, as `consentry_decide` gives them.
pub const ANSWER: &str = "answer";

/// Writes each partition of its input into a file of decisions, and returns a [`Receipt`] for it.
///
/// The input's columns are [`BUCKET`], which is the same in all rows of a partition, those that say
/// which part a row is about, and [`ANSWER`]. The file holds the latter two, in the order of the
/// input, and its tally in its metadata. It is written beside its place and renamed, so that it is whole or not there; when a task
/// runs twice, the later file takes the place of an equal one.
#[derive(Debug)]
pub struct WriteDecisions {
    input: Arc<dyn ExecutionPlan>,
    directory: PathBuf,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
}

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

impl WriteDecisions {
    /// Decisions go into `directory`, which must exist for whoever executes this.
    ///
    /// # Errors
    ///
    /// When the input does not have the columns that it should.
    pub fn try_new(input: Arc<dyn ExecutionPlan>, directory: PathBuf) -> Result<Self> {
        let schema = decisions_schema(&input.schema())?;
        let partitions = input.properties().output_partitioning().partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(receipts::schema()),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        Ok(Self { input, directory, schema, properties: Arc::new(properties) })
    }

    /// Where decisions go.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }
}

/// The columns of a file of decisions.
fn decisions_schema(input: &Schema) -> Result<SchemaRef> {
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

impl DisplayAs for WriteDecisions {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WriteDecisions: {}", self.directory.display())
    }
}

impl ExecutionPlan for WriteDecisions {
    fn name(&self) -> &'static str {
        "WriteDecisions"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([input]) = <[_; 1]>::try_from(children) else {
            return internal_err!("WriteDecisions has one input");
        };
        Ok(Arc::new(Self::try_new(input, self.directory.clone())?))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(partition, context)?;
        let work = write(input, self.directory.clone(), Arc::clone(&self.schema));
        let stream = futures::stream::once(work);
        Ok(Box::pin(RecordBatchStreamAdapter::new(receipts::schema(), stream)))
    }
}

async fn write(
    mut input: SendableRecordBatchStream,
    directory: PathBuf,
    schema: SchemaRef,
) -> Result<RecordBatch> {
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
    let receipt = writing.map(|file| file.finish(&directory)).transpose()?;
    receipts::to_batch(receipt.as_slice())
}

/// The bucket that all rows are of.
fn bucket_of(batch: &RecordBatch) -> Result<u32> {
    let column =
        batch.column_by_name(BUCKET).and_then(|column| column.as_primitive_opt::<UInt32Type>());
    let Some(column) = column else {
        return internal_err!("the column `{BUCKET}` is missing");
    };
    let first = column.values().first().copied().unwrap_or_default();
    if column.null_count() > 0 || column.values().iter().any(|bucket| *bucket != first) {
        return exec_err!("rows of several buckets in one batch");
    }
    Ok(first)
}

/// A file in the making.
struct Writing {
    bucket: u32,
    writer: ArrowWriter<NamedTempFile>,
    schema: SchemaRef,
    tally: Tally,
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
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(format!("consentry {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(schema), Some(properties))?;
        Ok(Self { bucket, writer, schema: Arc::clone(schema), tally: Tally::default() })
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
        self.tally.add(&decisions).map_err(DataFusionError::Execution)?;
        self.writer.write(&decisions)?;
        Ok(())
    }

    fn finish(mut self, directory: &Path) -> Result<Receipt> {
        let tally = KeyValue::new(TALLY_KEY.to_owned(), self.tally.to_string());
        self.writer.append_key_value_metadata(tally);
        let file = self.writer.into_inner()?;
        file.as_file().sync_all()?;
        file.persist(decisions_path(directory, self.bucket)).map_err(|failed| failed.error)?;
        Ok(Receipt { bucket: self.bucket, tally: self.tally })
    }
}
