//! The stretches of a file that are read, held as they are stored.

use bytes::{Buf as _, Bytes};
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader as _};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;
use std::sync::Arc;

/// Some stretches of a file. Nothing beside them can be read.
pub(crate) struct Stored {
    file_bytes: u64,
    chunks: Vec<(u64, Bytes)>,
}

impl Stored {
    pub(super) const fn nothing(file_bytes: u64) -> Self {
        Self { file_bytes, chunks: Vec::new() }
    }

    /// One stretch alone.
    pub(crate) fn new(start: u64, bytes: Bytes) -> Self {
        Self { file_bytes: start.saturating_add(bytes.len() as u64), chunks: vec![(start, bytes)] }
    }

    pub(super) fn add(&mut self, start: u64, bytes: Bytes) {
        self.chunks.push((start, bytes));
    }

    fn from(&self, start: u64) -> Result<Bytes> {
        let held = self.chunks.iter().find_map(|(from, bytes)| {
            let skip = usize::try_from(start.checked_sub(*from)?).ok()?;
            (skip < bytes.len()).then(|| bytes.slice(skip..))
        });
        held.ok_or_else(|| ParquetError::EOF(format!("nothing was read at byte {start}")))
    }
}

impl Length for Stored {
    fn len(&self) -> u64 {
        self.file_bytes
    }
}

impl ChunkReader for Stored {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.from(start)?;
        if length > bytes.len() {
            return Err(ParquetError::EOF(format!(
                "{length} bytes are needed at byte {start}, where {} are",
                bytes.len()
            )));
        }
        Ok(bytes.slice(..length))
    }
}

/// The same stretches, for several readers.
pub(super) struct Shared(pub(super) Arc<Stored>);

impl Length for Shared {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl ChunkReader for Shared {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        self.0.get_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.0.get_bytes(start, length)
    }
}

/// How many different values a column has in a row group of so many rows, where all of its pages
/// point into one dictionary.
pub(super) fn different_values(
    chunks: &Arc<Stored>,
    chunk: &ColumnChunkMetaData,
    rows: i64,
) -> Result<Option<u32>> {
    let is_dictionary = chunk.page_encoding_stats_mask().is_some_and(|encodings| {
        encodings.is_only(Encoding::RLE_DICTIONARY) || encodings.is_only(Encoding::PLAIN_DICTIONARY)
    });
    if !is_dictionary {
        return Ok(None);
    }
    let rows = usize::try_from(rows).unwrap_or(0);
    let mut pages = SerializedPageReader::new(Arc::clone(chunks), chunk, rows, None)?;
    Ok(match pages.get_next_page()? {
        Some(Page::DictionaryPage { num_values, .. }) => Some(num_values),
        _ => None,
    })
}
