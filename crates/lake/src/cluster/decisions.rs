//! Files of decisions: executors make them, the client looks at what it finds.

use super::ClusterError;
use super::receipts::{Found, Receipt};
use super::scan::TaskFile;
use super::tally::{Fingerprint, Tally};
use crate::bulk::{Ask, Job, write_parquet};
use crate::facts::{FactsError, FactsFile};
use crate::progress::Silent;
use consentry_columnar::Program;
use consentry_model::Instant;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// How many decisions are read at a time.
const READ_ROWS: usize = 8192;

/// How many bytes are hashed at a time.
const HASH_BYTES: usize = 1 << 20;

/// The file of decisions on a bucket.
#[must_use]
pub fn decisions_path(directory: &Path, bucket: u32) -> PathBuf {
    directory.join(format!("decisions-{bucket:05}.parquet"))
}

/// What a file of facts is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub(super) program: &'a Program,
    pub(super) purpose: &'a str,
    pub(super) now: Instant,
}

/// Decides a file of facts as `decide` does without a cluster, on one thread, and puts the decisions
/// into their place, whole or not at all. A task that runs twice makes the same again.
///
/// # Errors
///
/// When the facts cannot be read, are not what is needed or not as many as was planned, or when the
/// folder cannot be written to.
pub(super) fn write(
    question: Question<'_>,
    task: &TaskFile,
    directory: &Path,
) -> Result<Receipt, FactsError> {
    let facts = [FactsFile::open(&task.path)?];
    let Question { program, purpose, now } = question;
    let job = Job { files: &facts, program, ask: Ask::Decide, purpose, now, threads: 1 };
    let file = NamedTempFile::with_prefix_in(".decisions-", directory).map_err(|error| {
        io::Error::other(format!(
            "decisions cannot be written to {}: {error}; every executor must reach the folder by \
             this name",
            directory.display()
        ))
    })?;
    let mut file = Fingerprinted { file, fingerprint: Fingerprint::default() };
    let counted = write_parquet(&job, &mut Silent, &mut file)?;
    let Fingerprinted { file, fingerprint } = file;
    file.as_file().sync_all()?;
    let tally = Tally {
        rows: counted.rows(),
        permitted: counted.permitted(),
        fingerprint: fingerprint.finish(),
    };
    if tally.rows != task.rows {
        let (planned, found) = (task.rows, tally.rows);
        let reason = format!("{planned} rows were planned, and there are {found}");
        let [file] = &facts;
        return Err(file.unfit(reason));
    }
    file.persist(decisions_path(directory, task.bucket)).map_err(|failed| failed.error)?;
    note(directory, task.bucket, tally)?;
    Ok(Receipt { bucket: task.bucket, tally })
}

/// A file in the making, and the fingerprint of what it holds.
struct Fingerprinted {
    file: NamedTempFile,
    fingerprint: Fingerprint,
}

impl Write for Fingerprinted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.fingerprint.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn broken(path: &Path, reason: &dyn std::fmt::Display) -> ClusterError {
    ClusterError::Differs(format!("the decisions in {}: {reason}", path.display()))
}

/// Opens a file of decisions.
///
/// # Errors
///
/// [`ClusterError::Differs`] when it is not there or cannot be read.
pub fn open(path: &Path) -> Result<ParquetRecordBatchReader, ClusterError> {
    let file = File::open(path).map_err(|error| broken(path, &error))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(|builder| builder.with_batch_size(READ_ROWS).build());
    reader.map_err(|error| broken(path, &error))
}

/// What is found in a file of decisions: the rows that its footer tells, and the fingerprint of all
/// of its bytes.
///
/// # Errors
///
/// [`ClusterError::Differs`] when it is not there or cannot be read.
pub(super) fn found(path: &Path) -> Result<Found, ClusterError> {
    let mut file = File::open(path).map_err(|error| broken(path, &error))?;
    let mut fingerprint = Fingerprint::default();
    let mut bytes = vec![0; HASH_BYTES];
    loop {
        match file.read(&mut bytes).map_err(|error| broken(path, &error))? {
            0 => break,
            read => fingerprint.update(bytes.get(..read).unwrap_or_default()),
        }
    }
    let reader = SerializedFileReader::new(file).map_err(|error| broken(path, &error))?;
    let rows = u64::try_from(reader.metadata().file_metadata().num_rows());
    let rows = rows.map_err(|error| broken(path, &error))?;
    Ok(Found { rows, fingerprint: fingerprint.finish() })
}

/// The receipt for a file of decisions whose executor was lost before it could give one: what the
/// executor noted when the file was in its place. `None` when it did not come so far.
pub(super) fn receipt(directory: &Path, bucket: u32) -> Option<Receipt> {
    let text = std::fs::read_to_string(receipt_path(directory, bucket)).ok()?;
    let mut numbers = text.split_whitespace().map(|number| number.parse().ok());
    let tally = Tally {
        rows: numbers.next()??,
        permitted: numbers.next()??,
        fingerprint: numbers.next()??,
    };
    Some(Receipt { bucket, tally })
}

/// The receipt beside a file of decisions. The client removes what begins with a full stop.
fn receipt_path(directory: &Path, bucket: u32) -> PathBuf {
    directory.join(format!(".receipt-{bucket:05}"))
}

fn note(directory: &Path, bucket: u32, tally: Tally) -> io::Result<()> {
    let mut file = NamedTempFile::with_prefix_in(".receipt-", directory)?;
    write!(file, "{} {} {}", tally.rows, tally.permitted, tally.fingerprint)?;
    file.persist(receipt_path(directory, bucket)).map_err(|failed| failed.error)?;
    Ok(())
}
