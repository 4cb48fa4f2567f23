//! A share of a dataset: an executor decides, de-identifies and writes what a task holds.

use super::receipts::Receipt;
use super::sealing::Sealing;
use super::sink::{ClusterSecret, bucket_of};
use super::tally::{Fingerprint, Tally};
use crate::dataset::build::record::SourceRecord;
use crate::dataset::build::{DatasetWriter, Maker as _, Making, Written};
use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use consentry_formats::dataset::manifest::{Counts, Shard};
use consentry_model::{Instant, Store};
use consentry_policy::{CedarEngine, PolicySet, Sources};
use datafusion::common::{DataFusionError, Result, exec_err, internal_err};
use datafusion::physical_plan::SendableRecordBatchStream;
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The column of sealed sources.
pub const SOURCE: &str = "source";

/// The columns of a file of sealed sources.
#[must_use]
pub fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new(SOURCE, DataType::Binary, false)]))
}

/// How shares are made of sealed sources. Everything that is secret is sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shares {
    /// The folder for shares, which must exist for whoever executes the plan.
    pub directory: PathBuf,
    /// What the job's key comes from, besides the cluster's secret.
    seed: [u8; 32],
    /// Terms of reference, sealed under number 0.
    terms: Vec<u8>,
}

/// What an executor has to know.
#[derive(Debug, Serialize, Deserialize)]
struct Terms {
    purpose: String,
    store: Store,
    as_of_millis: i64,
    policies: Vec<(String, String)>,
    surrogate_key: [u8; 32],
    taint_characters: usize,
}

/// What a task leaves beside its files, and vouches for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Summary {
    pub(super) sources: u64,
    pub(super) shards: Vec<Shard>,
    pub(super) facts: Shard,
    pub(super) counts: Counts,
    pub(super) findings: BTreeMap<String, u64>,
    pub(super) left: BTreeMap<String, u64>,
}

const SUMMARY: &str = "summary.json";

/// The folder of a bucket's share.
pub(super) fn share_path(directory: &Path, bucket: u32) -> PathBuf {
    directory.join(format!("share-{bucket:05}"))
}

/// The summary of a share, and the receipt that vouches for it; `None` when there is no share.
pub(super) fn written(directory: &Path, bucket: u32) -> Option<(Summary, Receipt)> {
    let bytes = fs::read(share_path(directory, bucket).join(SUMMARY)).ok()?;
    let summary: Summary = serde_json::from_slice(&bytes).ok()?;
    let receipt = receipt(bucket, &summary, &bytes);
    Some((summary, receipt))
}

fn receipt(bucket: u32, summary: &Summary, bytes: &[u8]) -> Receipt {
    let (rows, permitted) = (summary.sources, summary.counts.examples);
    Receipt { bucket, tally: Tally { rows, permitted, fingerprint: Fingerprint::of(bytes) } }
}

impl Shares {
    /// Shares as `making` makes them. `seed` is random and of this job only.
    pub(super) fn new(
        directory: PathBuf,
        making: &Making<'_>,
        secret: ClusterSecret,
        seed: [u8; 32],
    ) -> io::Result<Self> {
        let policies = making.set.files().iter();
        let terms = Terms {
            purpose: making.purpose.to_owned(),
            store: making.store,
            as_of_millis: making.as_of.millis(),
            policies: policies.map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
            surrogate_key: making.surrogate_key,
            taint_characters: making.taint_characters,
        };
        let terms = postcard::to_stdvec(&terms).map_err(io::Error::other)?;
        let terms = Sealing::new(secret, &seed).seal(0, &terms)?;
        Ok(Self { directory, seed, terms })
    }

    pub(super) async fn make(
        &self,
        mut input: SendableRecordBatchStream,
        secret: Option<ClusterSecret>,
    ) -> Result<Option<Receipt>> {
        // A task is of bounded size, and is opened record by record.
        let mut batches = Vec::new();
        while let Some(batch) = input.next().await.transpose()? {
            if batch.num_rows() > 0 {
                batches.push(batch);
            }
        }
        let Some(first) = batches.first() else { return Ok(None) };
        let Some(secret) = secret else {
            return internal_err!("shares are made by executors only");
        };
        let bucket = bucket_of(first)?;
        if batches.iter().skip(1).any(|batch| bucket_of(batch).ok() != Some(bucket)) {
            return exec_err!("rows of several buckets in one task");
        }
        let made = self.make_of(bucket, &batches, &Sealing::new(secret, &self.seed));
        made.map(Some).map_err(|error| DataFusionError::Execution(error.to_string()))
    }

    fn make_of(
        &self,
        bucket: u32,
        batches: &[RecordBatch],
        sealing: &Sealing,
    ) -> io::Result<Receipt> {
        let sealed_otherwise = || {
            io::Error::other(
                "the job is sealed with another secret: copy `cluster.key` from the CONSENTRY_HOME \
                 of the machine that builds to that of every executor",
            )
        };
        let (_, terms) = sealing.open(&self.terms).ok_or_else(sealed_otherwise)?;
        let terms: Terms = postcard::from_bytes(&terms).map_err(io::Error::other)?;
        let set = PolicySet::load(&Sources::new(terms.policies)).map_err(io::Error::other)?;
        let set = Arc::new(set);
        let making = Making {
            purpose: &terms.purpose,
            store: terms.store,
            as_of: Instant::from_millis(terms.as_of_millis),
            set: &set,
            engine: &CedarEngine::new(Arc::clone(&set)),
            deid: &consentry_deid::Engine::structured(),
            surrogate_key: terms.surrogate_key,
            taint_characters: terms.taint_characters,
        };
        let folder = tempfile::Builder::new()
            .prefix(".share-")
            .tempdir_in(&self.directory)
            .map_err(|error| {
                io::Error::other(format!(
                    "shares cannot be written to {}: {error}; every executor must reach the \
                         folder by this name",
                    self.directory.display()
                ))
            })?;
        let mut writer = Box::new(DatasetWriter::begin(folder.path(), making)?);
        let mut sources = 0;
        let mut last = None;
        for sealed in batches.iter().flat_map(sources_of) {
            let (number, packed) = sealing.open(sealed).ok_or_else(sealed_otherwise)?;
            if last.is_some_and(|last: u64| last.checked_add(1) != Some(number)) {
                return Err(io::Error::other("sources are missing, or not in their order"));
            }
            last = Some(number);
            let bytes = zstd::decode_all(packed.as_slice())?;
            let record: SourceRecord<'_> =
                postcard::from_bytes(&bytes).map_err(io::Error::other)?;
            writer.take(&record.source()?)?;
            sources += 1;
        }
        let written = writer
            .finish(&mut crate::progress::Silent)
            .map_err(|error| io::Error::other(error.to_string()))?;
        self.put(bucket, sources, written, folder)
    }

    /// Puts the share in its place. One that is there already is the same.
    fn put(
        &self,
        bucket: u32,
        sources: u64,
        written: Written,
        folder: tempfile::TempDir,
    ) -> io::Result<Receipt> {
        let Written { shards, facts, counts, findings, left, root: _ } = written;
        let summary = Summary { sources, shards, facts, counts, findings, left };
        let bytes = serde_json::to_vec(&summary)?;
        fs::write(folder.path().join(SUMMARY), &bytes)?;
        let place = share_path(&self.directory, bucket);
        match fs::rename(folder.path(), &place) {
            // The name is no temporary one any more; dropping it would look for the old one.
            Ok(()) => drop(folder.keep()),
            Err(error) if !place.exists() => return Err(error),
            Err(_) => {}
        }
        Ok(receipt(bucket, &summary, &bytes))
    }
}

/// The sealed sources of a batch.
fn sources_of(batch: &RecordBatch) -> impl Iterator<Item = &[u8]> {
    let column = batch.column_by_name(SOURCE).and_then(|column| column.as_binary_opt::<i32>());
    column.into_iter().flat_map(|column| {
        (0..column.len()).filter(|row| column.is_valid(*row)).map(|row| column.value(row))
    })
}
