//! The beginning of a plan: files are read, each in a task of its own.

use super::sink::BUCKET;
use arrow_schema::{DataType, Field, SchemaRef};
use datafusion::common::{DataFusionError, Result, ScalarValue};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::object_store::path::Path as StorePath;
use datafusion::physical_plan::ExecutionPlan;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// The file of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskFile {
    /// Its number among the job's files, from 0.
    pub bucket: u32,
    /// Where it is, absolute: executors open it by this name.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// How many rows it has.
    pub rows: u64,
}

/// Reads the `needed` columns of Parquet files of a schema, and the number of the file as the
/// column [`BUCKET`], which comes first. A partition is a file that has rows, from its beginning to
/// its end, in batches of `batch_rows`.
pub(super) fn scan(
    schema: &SchemaRef,
    files: &[TaskFile],
    needed: impl Fn(&str) -> bool,
    batch_rows: Option<usize>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let mut indices = vec![schema.fields().len()];
    let fields = schema.fields().iter().enumerate();
    indices.extend(fields.filter(|(_, field)| needed(field.name())).map(|(index, _)| index));
    let mut groups = Vec::new();
    for file in files.iter().filter(|file| file.rows > 0) {
        let location = StorePath::from_absolute_path(&file.path)
            .map_err(|error| DataFusionError::External(Box::new(error)))?;
        let mut found = PartitionedFile::new(String::new(), file.bytes);
        found.object_meta.location = location;
        let bucket = ScalarValue::UInt32(Some(file.bucket));
        groups.push(FileGroup::new(vec![found.with_partition_values(vec![bucket])]));
    }
    let bucket = Arc::new(Field::new(BUCKET, DataType::UInt32, false));
    let table =
        TableSchema::builder(Arc::clone(schema)).with_table_partition_cols(vec![bucket]).build();
    let source = Arc::new(ParquetSource::new(table));
    let config = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), source)
        .with_file_groups(groups)
        .with_projection_indices(Some(indices))?
        .with_preserve_order(true)
        .with_batch_size(batch_rows)
        .build();
    Ok(DataSourceExec::from_data_source(config))
}
