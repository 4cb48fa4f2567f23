//! The stretches of a file that are read, held as they are stored.

use bytes::{Buf as _, Bytes};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

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
