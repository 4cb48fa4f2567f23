//! Reading the rows of a dataset for comparison, without their texts.

use super::super::example;
use super::files::inside;
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int32Type;
use arrow_array::{Array as _, RecordBatch};
use consentry_formats::dataset::manifest::Manifest;
use consentry_model::Store;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::path::{Path, PathBuf};

/// What one row claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DataRow {
    /// Where it stands: the file and the row in it, from 1.
    pub(super) place: String,
    pub(super) id: String,
    pub(super) parts: i32,
    pub(super) surface: Option<String>,
    pub(super) label: Option<bool>,
    /// Whether every list of messages has one.
    pub(super) has_messages: bool,
}

/// The rows of all shards in order.
pub(super) struct DataRows {
    store: Store,
    /// Shards that are still to come: path in the dataset, place, rows claimed.
    waiting: std::vec::IntoIter<(String, PathBuf, u64)>,
    open: Option<(String, ParquetRecordBatchReader, u64, u64)>,
    batch: Option<(RecordBatch, usize)>,
}

pub(super) fn reader(place: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, String> {
    let file = File::open(place).map_err(|error| error.to_string())?;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())
}

impl DataRows {
    pub(super) fn new(folder: &Path, manifest: &Manifest) -> Result<Self, String> {
        let mut shards = Vec::new();
        for shard in &manifest.summary.shards {
            shards.push((shard.path.clone(), inside(folder, &shard.path)?, shard.rows));
        }
        Ok(Self {
            store: manifest.summary.store,
            waiting: shards.into_iter(),
            open: None,
            batch: None,
        })
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    ///
    /// When a shard cannot be read, has other columns, or another number of rows than claimed.
    pub(super) fn next(&mut self) -> Result<Option<DataRow>, String> {
        loop {
            if let Some((batch, at)) = &mut self.batch
                && *at < batch.num_rows()
            {
                *at += 1;
                let (row, batch) = (*at - 1, batch.clone());
                return self.row(&batch, row).map(Some);
            }
            self.batch = None;
            if let Some((path, reader, read, claimed)) = &mut self.open {
                match reader.next() {
                    Some(batch) => {
                        let batch = batch.map_err(|error| format!("{path}: {error}"))?;
                        self.batch = Some((batch, 0));
                        continue;
                    }
                    None if read == claimed => self.open = None,
                    None => {
                        return Err(format!("{path} has {read} rows, the manifest says {claimed}"));
                    }
                }
            }
            let Some((path, place, claimed)) = self.waiting.next() else { return Ok(None) };
            let reader = self.open_shard(&place).map_err(|error| format!("{path}: {error}"))?;
            self.open = Some((path, reader, 0, claimed));
        }
    }

    fn open_shard(&self, place: &Path) -> Result<ParquetRecordBatchReader, String> {
        let builder = reader(place)?;
        let expected = match self.store {
            Store::Conversation => example::conversation_schema(),
            Store::Feedback => example::feedback_schema(),
        };
        if builder.schema().fields() != expected.fields() {
            return Err("its columns are not those of the format".to_owned());
        }
        builder.with_batch_size(256).build().map_err(|error| error.to_string())
    }

    fn row(&mut self, batch: &RecordBatch, row: usize) -> Result<DataRow, String> {
        let Some((path, _, read, _)) = &mut self.open else {
            return Err("a row without a shard".to_owned());
        };
        *read += 1;
        let place = format!("{path} row {read}");
        let column = |name: &str| {
            batch.column_by_name(name).ok_or_else(|| format!("{place}: no column `{name}`"))
        };
        let text =
            |name: &str| Ok::<_, String>(column(name)?.as_string::<i32>().value(row).to_owned());
        let messages =
            |name: &str| Ok::<_, String>(!column(name)?.as_list::<i32>().value(row).is_empty());
        let conversation = self.store == Store::Conversation;
        Ok(DataRow {
            id: text("example_id")?,
            parts: column("parts")?.as_primitive::<Int32Type>().value(row),
            surface: if conversation { Some(text("surface")?) } else { None },
            label: if conversation { None } else { Some(column("label")?.as_boolean().value(row)) },
            has_messages: if conversation {
                messages("messages")?
            } else {
                messages("prompt")? && messages("completion")?
            },
            place,
        })
    }
}
