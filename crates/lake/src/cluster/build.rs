//! Datasets that executors make.
//!
//! The client folds the history and seals each source (a conversation or a copy with its facts and
//! its content) into files, a task each, in the order of the ids. An executor opens them, decides,
//! de-identifies, and writes a share of the dataset: the code is that of a build on one machine
//! ([`crate::dataset::build`]), and so are the keys, so that examples and surrogates are the same.
//! The client puts the shares together, and writes and signs the documents.

use super::ClusterError;
use super::client::{Client, Work};
use super::receipts::{self, Found, Receipt};
use super::scan::{TaskFile, scan};
use super::sealing::Sealing;
use super::shares::{self, SOURCE, Shares, Summary, share_path};
use super::sink::{ClusterSecret, Sink};
use crate::dataset::build::record::SourceRecord;
use crate::dataset::build::source::ExampleSource;
use crate::dataset::build::{Begun, BuildError, BuildOptions, Built, Maker, Written, build_by};
use crate::dataset::merkle::Root;
use crate::dataset::parquet_file::ParquetFile;
use crate::dataset::{FACTS, example, facts_table, shard_path};
use crate::history::{ReadOptions, Source};
use crate::progress::Progress;
use arrow_array::cast::AsArray as _;
use arrow_array::{BinaryArray, RecordBatch};
use consentry_formats::dataset::manifest::{Counts, InOut, Shard};
use consentry_model::Store;
use datafusion::physical_plan::ExecutionPlan;
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a cluster is used for a build.
#[derive(Clone, Copy, Debug)]
pub struct OnCluster<'a> {
    /// The cluster.
    pub client: &'a Client,
    /// A folder that client and executors reach by the same absolute name, on the same disk as the
    /// dataset.
    pub shared: &'a Path,
    /// How many parts a task has at least, but for the last.
    pub task_rows: usize,
    /// What sources are sealed with; the executors have the same.
    pub secret: ClusterSecret,
    /// Random, and of this build only.
    pub seed: [u8; 32],
}

/// A task has no more sealed bytes than this, and one source.
const TASK_BYTES: usize = 128 << 20;
/// Sources are handed to Parquet in batches of this many bytes.
const BATCH_BYTES: usize = 4 << 20;
/// So many sources are read at a time: each may be long.
const BATCH_ROWS: usize = 64;

/// Builds as [`crate::dataset::build::build`] does, with the same result but for how examples are
/// spread over data files.
///
/// # Errors
///
/// [`BuildError`].
pub fn build(
    sources: &[Source],
    read: &ReadOptions,
    options: &BuildOptions<'_>,
    place: &Path,
    on: &OnCluster<'_>,
    progress: &mut dyn Progress,
) -> Result<Built, BuildError> {
    let begin = |folder: &Path| -> Begun<'_> { Ok(Box::new(Sender::begin(folder, options, on)?)) };
    build_by(sources, read, options, place, progress, &begin)
}

/// Seals sources and has shares made of them.
struct Sender<'a> {
    on: &'a OnCluster<'a>,
    /// The folder of the dataset.
    folder: PathBuf,
    shares: Shares,
    sealing: Sealing,
    numbers: u64,
    files: Vec<TaskFile>,
    writer: Option<ArrowWriter<File>>,
    batch: Vec<Vec<u8>>,
    batch_bytes: usize,
    task_bytes: usize,
    task_parts: usize,
    store: Store,
    /// What client and executors share; it is removed with everything in it.
    _job: tempfile::TempDir,
}

impl<'a> Sender<'a> {
    fn begin(folder: &Path, options: &BuildOptions<'_>, on: &'a OnCluster<'a>) -> io::Result<Self> {
        let job = tempfile::Builder::new().prefix("consentry-job-").tempdir_in(on.shared)?;
        let directory = job.path().canonicalize()?;
        Ok(Self {
            on,
            folder: folder.to_owned(),
            shares: Shares::new(directory, &options.making(), on.secret, on.seed)?,
            sealing: Sealing::new(on.secret, &on.seed),
            numbers: 0,
            files: Vec::new(),
            writer: None,
            batch: Vec::new(),
            batch_bytes: 0,
            task_bytes: 0,
            task_parts: 0,
            store: options.store,
            _job: job,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.batch);
        self.task_bytes += std::mem::take(&mut self.batch_bytes);
        let column = Arc::new(BinaryArray::from_iter_values(&rows));
        let batch =
            RecordBatch::try_new(shares::schema(), vec![column]).map_err(io::Error::other)?;
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => {
                let bucket = u32::try_from(self.files.len()).map_err(io::Error::other)?;
                let path = self.shares.directory.join(format!("sources-{bucket:05}.parquet"));
                let file = File::create_new(&path)?;
                self.files.push(TaskFile { bucket, path, bytes: 0, rows: 0 });
                // What is sealed is neither alike nor can it be compressed.
                let properties = WriterProperties::builder()
                    .set_dictionary_enabled(false)
                    .set_statistics_enabled(parquet::file::properties::EnabledStatistics::None)
                    .build();
                let writer = ArrowWriter::try_new(file, shares::schema(), Some(properties));
                none.insert(writer.map_err(io::Error::other)?)
            }
        };
        writer.write(&batch).map_err(io::Error::other)?;
        writer.flush().map_err(io::Error::other)?;
        if let Some(file) = self.files.last_mut() {
            file.rows += rows.len() as u64;
        }
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        self.flush()?;
        (self.task_bytes, self.task_parts) = (0, 0);
        let Some(writer) = self.writer.take() else { return Ok(()) };
        writer.close().map_err(io::Error::other)?;
        if let Some(file) = self.files.last_mut() {
            file.bytes = fs::metadata(&file.path)?.len();
        }
        Ok(())
    }
}

impl Maker for Sender<'_> {
    fn take(&mut self, source: &ExampleSource<'_>) -> io::Result<()> {
        if source.rows.is_empty() {
            return Ok(());
        }
        let record = postcard::to_stdvec(&SourceRecord::new(source)).map_err(io::Error::other)?;
        self.numbers += 1;
        let packed = zstd::encode_all(record.as_slice(), 1)?;
        let sealed = self.sealing.seal(self.numbers, &packed)?;
        self.batch_bytes += sealed.len();
        self.task_parts += source.rows.len();
        self.batch.push(sealed);
        let full = self.task_bytes + self.batch_bytes >= TASK_BYTES;
        if full || self.task_parts >= self.on.task_rows {
            return self.close();
        }
        if self.batch_bytes >= BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>, progress: &mut dyn Progress) -> Result<Written, BuildError> {
        self.close()?;
        progress.step("making", None);
        let told = self.on.client.carry_out(&self.files, self.as_ref())?;
        progress.step("putting together", Some(told.len() as u64));
        let mut whole = Whole::begin(&self.folder, self.store)?;
        for (bucket, told) in told {
            let lost = || ClusterError::Differs(format!("the share of bucket {bucket} is missing"));
            let (summary, found) =
                shares::written(&self.shares.directory, bucket).ok_or_else(lost)?;
            let found = Found { rows: found.tally.rows, fingerprint: found.tally.fingerprint };
            receipts::check_found(bucket, told, found)?;
            whole.add(&share_path(&self.shares.directory, bucket), summary)?;
            progress.advance(1);
        }
        Ok(whole.finish()?)
    }
}

impl Work for Sender<'_> {
    fn plan(&self, files: &[TaskFile]) -> Result<Arc<dyn ExecutionPlan>, ClusterError> {
        let schema = shares::schema();
        let sources = scan(&schema, files, |name| name == SOURCE, Some(BATCH_ROWS))
            .map_err(|error| ClusterError::Plan(error.to_string()))?;
        Ok(Arc::new(Sink::new(sources, self.shares.clone(), None)))
    }

    fn written(&self, bucket: u32) -> Option<Receipt> {
        shares::written(&self.shares.directory, bucket).map(|(_, receipt)| receipt)
    }
}

/// The dataset that shares are put together to.
struct Whole {
    folder: PathBuf,
    store: Store,
    shards: Vec<Shard>,
    facts: ParquetFile,
    counts: Counts,
    findings: BTreeMap<String, u64>,
    left: BTreeMap<String, u64>,
    root: Root,
}

impl Whole {
    fn begin(folder: &Path, store: Store) -> io::Result<Self> {
        fs::create_dir(folder.join("data"))?;
        Ok(Self {
            folder: folder.to_owned(),
            store,
            shards: Vec::new(),
            facts: ParquetFile::create(&folder.join(FACTS), facts_table::schema())?,
            counts: Counts::default(),
            findings: BTreeMap::new(),
            left: BTreeMap::new(),
            root: Root::new(),
        })
    }

    /// Takes the files of a share, which come in the order of the ids.
    fn add(&mut self, share: &Path, summary: Summary) -> Result<(), BuildError> {
        check_file(share, &summary.facts)?;
        for batch in reader(&share.join(&summary.facts.path), None)? {
            self.facts.write(&batch.map_err(io::Error::other)?)?;
        }
        for shard in summary.shards.into_iter().filter(|shard| shard.rows > 0) {
            let path = share.join(&shard.path);
            check_file(share, &shard)?;
            for batch in reader(&path, Some("example_id"))? {
                let batch = batch.map_err(io::Error::other)?;
                let ids = batch.column_by_name("example_id");
                let ids = ids.and_then(|ids| ids.as_string_opt::<i32>()).ok_or_else(|| {
                    io::Error::other(format!("{}: no ids of examples", path.display()))
                })?;
                ids.iter().flatten().for_each(|id| self.root.push(id.as_bytes()));
            }
            let unnumbered = format!("data/{:05}.parquet", self.shards.len());
            fs::rename(path, self.folder.join(&unnumbered))?;
            self.shards.push(Shard { path: unnumbered, ..shard });
        }
        add_counts(&mut self.counts, summary.counts);
        add_all(&mut self.findings, summary.findings);
        add_all(&mut self.left, summary.left);
        Ok(())
    }

    fn finish(mut self) -> io::Result<Written> {
        if self.shards.is_empty() {
            // A dataset has one data file at least.
            let path = "data/00000.parquet".to_owned();
            let empty = ParquetFile::create(&self.folder.join(&path), example::schema(self.store))?;
            self.shards.push(empty.finish(path)?);
        }
        let count = self.shards.len();
        for (number, shard) in self.shards.iter_mut().enumerate() {
            let named = shard_path(number, count);
            fs::rename(self.folder.join(&shard.path), self.folder.join(&named))?;
            shard.path = named;
        }
        Ok(Written {
            shards: self.shards,
            facts: self.facts.finish(FACTS.to_owned())?,
            counts: self.counts,
            findings: self.findings,
            left: self.left,
            root: self.root,
        })
    }
}

/// Holds a file of a share to what its task vouched for.
fn check_file(share: &Path, told: &Shard) -> Result<(), BuildError> {
    let path = share.join(&told.path);
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    let mut file = File::open(&path)?;
    let mut block = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut block)?;
        let Some(read) = block.get(..read).filter(|read| !read.is_empty()) else { break };
        hasher.update(read);
        bytes += read.len() as u64;
    }
    if bytes == told.bytes && crate::hex(&hasher.finalize()) == told.sha256 {
        return Ok(());
    }
    let differs = format!("{} is not the file that its executor wrote", path.display());
    Err(ClusterError::Differs(differs).into())
}

fn reader(
    path: &Path,
    only: Option<&str>,
) -> io::Result<parquet::arrow::arrow_reader::ParquetRecordBatchReader> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path)?).map_err(io::Error::other)?;
    let builder = match only {
        Some(name) => {
            let mask = ProjectionMask::columns(builder.parquet_schema(), [name]);
            builder.with_projection(mask)
        }
        None => builder,
    };
    builder.build().map_err(io::Error::other)
}

fn add_all(to: &mut BTreeMap<String, u64>, from: BTreeMap<String, u64>) {
    for (name, count) in from {
        *to.entry(name).or_default() += count;
    }
}

fn add_counts(to: &mut Counts, from: Counts) {
    let Counts {
        lines,
        lines_quarantined,
        sources,
        examples,
        parts,
        parts_included,
        parts_excluded,
        reasons,
        sources_without_example,
        by_surface,
        by_plan,
        by_month,
    } = from;
    for (to, from) in [
        (&mut to.lines, lines),
        (&mut to.lines_quarantined, lines_quarantined),
        (&mut to.sources, sources),
        (&mut to.examples, examples),
        (&mut to.parts, parts),
        (&mut to.parts_included, parts_included),
    ] {
        *to += from;
    }
    add_all(&mut to.parts_excluded, parts_excluded);
    add_all(&mut to.reasons, reasons);
    add_all(&mut to.sources_without_example, sources_without_example);
    for (to, from) in
        [(&mut to.by_surface, by_surface), (&mut to.by_plan, by_plan), (&mut to.by_month, by_month)]
    {
        for (name, InOut { parts, included }) in from {
            let entry = to.entry(name).or_default();
            entry.parts += parts;
            entry.included += included;
        }
    }
}
