//! Writing Parquet files whose hash is known as soon as they are written.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use consentry_formats::dataset::manifest::Shard;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// A row group is closed when it holds this much, so that memory stays bounded however long the
/// rows are.
const ROW_GROUP_BYTES: usize = 64 << 20;

/// Hashes and counts what passes.
struct Hashing<W> {
    inner: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A Parquet file in the making.
pub struct ParquetFile {
    writer: ArrowWriter<Hashing<BufWriter<File>>>,
    rows: u64,
}

impl std::fmt::Debug for ParquetFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetFile").field("rows", &self.rows).finish_non_exhaustive()
    }
}

pub(super) fn io_error(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

impl ParquetFile {
    /// Creates the file. The same rows always give the same bytes.
    ///
    /// # Errors
    ///
    /// When the file exists or cannot be made.
    pub fn create(path: &Path, schema: SchemaRef) -> io::Result<Self> {
        let level = ZstdLevel::try_new(3).map_err(io_error)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by(format!("consentry {}", env!("CARGO_PKG_VERSION")))
            .build();
        let inner = BufWriter::with_capacity(1 << 20, File::create_new(path)?);
        let hashing = Hashing { inner, hasher: Sha256::new(), bytes: 0 };
        let writer = ArrowWriter::try_new(hashing, schema, Some(properties)).map_err(io_error)?;
        Ok(Self { writer, rows: 0 })
    }

    /// Appends rows.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or the rows are not of the schema.
    pub fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        self.writer.write(batch).map_err(io_error)?;
        self.rows += batch.num_rows() as u64;
        if self.writer.in_progress_size() > ROW_GROUP_BYTES {
            self.writer.flush().map_err(io_error)?;
        }
        Ok(())
    }

    /// How many bytes the file has so far, without the row group in the making.
    #[must_use]
    pub fn bytes_written(&self) -> usize {
        self.writer.bytes_written()
    }

    /// Completes the file. `path` is what the manifest calls it.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn finish(mut self, path: String) -> io::Result<Shard> {
        self.writer.finish().map_err(io_error)?;
        let hashing = self.writer.inner_mut();
        hashing.flush()?;
        hashing.inner.get_ref().sync_all()?;
        let digest = hashing.hasher.clone().finalize();
        Ok(Shard { path, bytes: hashing.bytes, sha256: crate::hex(&digest), rows: self.rows })
    }
}
