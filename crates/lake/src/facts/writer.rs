//! Writing facts.

use super::{AS_OF_KEY, FactsColumns, OF_KEY, Of, VERSION, VERSION_KEY, schema};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Type};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::io::{self, Write};

/// How many rows a row group has; the last one has fewer. Each is decided by itself, so that there
/// is work for every core, and few enough for the dictionaries to be worth it.
pub const ROW_GROUP_ROWS: usize = 1 << 20;

/// How many rows are handed to the encoder at once.
const BATCH_ROWS: usize = 1 << 15;

/// The instants of conversations repeat from part to part. As numbers in a dictionary they take two
/// bytes a conversation and are read in runs; beyond this size of the dictionary they would not.
const DICTIONARY_BYTES: usize = 16 << 20;

/// A file of facts in the making.
pub struct FactsWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
    rows: u64,
}

impl<W: Write + Send> std::fmt::Debug for FactsWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FactsWriter").field("rows", &self.rows).finish_non_exhaustive()
    }
}

fn properties(of: Of, as_of: Instant) -> Result<WriterProperties, ParquetError> {
    let meta = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_created_by(format!("consentry {}", env!("CARGO_PKG_VERSION")))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_dictionary_page_size_limit(DICTIONARY_BYTES)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_key_value_metadata(Some(vec![
            meta(VERSION_KEY, VERSION.to_owned()),
            meta(AS_OF_KEY, as_of.to_string()),
            meta(OF_KEY, of.as_str().to_owned()),
        ]));
    // These differ from message to message, or from part to part.
    for (name, encoding) in [
        ("message", Encoding::DELTA_LENGTH_BYTE_ARRAY),
        ("part", Encoding::DELTA_BINARY_PACKED),
        (Attribute::At.as_str(), Encoding::DELTA_BINARY_PACKED),
    ] {
        let path = ColumnPath::from(name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, encoding);
    }
    for attribute in Attribute::ALL.iter().filter(|name| name.type_of() == Type::Bool) {
        let path = ColumnPath::from(attribute.as_str());
        properties = properties.set_column_encoding(path, Encoding::RLE);
    }
    Ok(properties.build())
}

impl<W: Write + Send> FactsWriter<W> {
    /// Begins a file. The same rows always give the same bytes.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub fn new(of: Of, as_of: Instant, out: W) -> io::Result<Self> {
        let properties = properties(of, as_of).map_err(io::Error::other)?;
        let writer =
            ArrowWriter::try_new(out, schema(of), Some(properties)).map_err(io::Error::other)?;
        Ok(Self { writer, rows: 0 })
    }

    /// Takes the complete rows out of `columns` once they are many. To be called between owners.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub fn take_some(&mut self, columns: &mut FactsColumns) -> io::Result<()> {
        if columns.rows() >= BATCH_ROWS { self.take_all(columns) } else { Ok(()) }
    }

    fn take_all(&mut self, columns: &mut FactsColumns) -> io::Result<()> {
        let batch = columns.take().map_err(io::Error::other)?;
        self.rows += batch.num_rows() as u64;
        self.writer.write(&batch).map_err(io::Error::other)
    }

    /// Takes what is left in `columns` and completes the file. Returns how many rows it has.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub fn finish(mut self, columns: &mut FactsColumns) -> io::Result<u64> {
        self.take_all(columns)?;
        self.writer.close().map_err(io::Error::other)?;
        Ok(self.rows)
    }
}
