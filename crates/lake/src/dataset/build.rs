//! Building: freeze the facts at an instant, decide, de-identify, write, sign.

#[cfg(feature = "ballista")]
pub(crate) mod record;
pub(crate) mod source;
mod taint;
mod writer;

pub(crate) use writer::DatasetWriter;

use super::merkle::Root;
use super::note::Signer;
use super::staging::Staging;
use super::{MANIFEST, NOTE, describe_policies, documents, note_text};
use crate::history::{History, HistoryError, ReadOptions, Rejects, Source, scan};
use crate::progress::Progress;
use crate::runs::SortedRuns;
use consentry_formats::dataset::manifest::{
    Code, Counts, Deidentification, FORMAT, FileDigest, Input, Manifest,
    PolicySet as PolicySetClaim, Shard, Summary,
};
use consentry_model::{Instant, Store};
use consentry_policy::{Engine, PolicySet};
use sha2::{Digest, Sha256};
use source::{CopyRecord, ExampleSource};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// What to build, and with what.
#[derive(Clone, Copy)]
pub struct BuildOptions<'a> {
    /// The training run's id: letters, digits, `.`, `_` and `-`.
    pub run: &'a str,
    /// What the run is for.
    pub purpose: &'a str,
    /// Where the dataset comes from.
    pub store: Store,
    /// The instant at which the facts are frozen.
    pub as_of: Instant,
    /// The set that decides.
    pub set: &'a PolicySet,
    /// What evaluates it.
    pub engine: &'a dyn Engine,
    /// What finds and replaces sensitive text.
    pub deid: &'a consentry_deid::Engine,
    /// How many characters in a row a part must share with an earlier result of a connector for
    /// them to be taken out of it; at least 24, see [`consentry_deid::Taint`].
    pub taint_characters: usize,
    /// Who signs.
    pub signer: &'a Signer,
    /// The key from which this run's opaque ids and surrogates are derived.
    pub pseudonym_key: &'a [u8; 32],
    /// The version of the program, for the manifest.
    pub version: &'a str,
}

/// What makes examples of sources, wherever that is done.
#[derive(Clone, Copy)]
pub(crate) struct Making<'a> {
    pub(crate) purpose: &'a str,
    pub(crate) store: Store,
    pub(crate) as_of: Instant,
    pub(crate) set: &'a PolicySet,
    pub(crate) engine: &'a dyn Engine,
    pub(crate) deid: &'a consentry_deid::Engine,
    pub(crate) taint_characters: usize,
    pub(crate) surrogate_key: [u8; 32],
}

impl<'a> BuildOptions<'a> {
    pub(crate) fn making(&self) -> Making<'a> {
        Making {
            purpose: self.purpose,
            store: self.store,
            as_of: self.as_of,
            set: self.set,
            engine: self.engine,
            deid: self.deid,
            taint_characters: self.taint_characters,
            surrogate_key: derive(self, "surrogates"),
        }
    }
}

/// Who takes sources, in the order of their ids, and has examples made of them.
pub(crate) trait Maker {
    /// Takes the next source.
    fn take(&mut self, source: &ExampleSource<'_>) -> io::Result<()>;

    /// Sees to it that everything is in the folder.
    fn finish(self: Box<Self>, progress: &mut dyn Progress) -> Result<Written, BuildError>;
}

/// A maker that is ready.
pub(crate) type Begun<'m> = Result<Box<dyn Maker + 'm>, BuildError>;

impl std::fmt::Debug for BuildOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BuildOptions").field("run", &self.run).finish_non_exhaustive()
    }
}

/// Why nothing was built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The history could not be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The run's id is not one.
    #[error("`{0}` is not a run id: expected 1 to 128 letters, digits, `.`, `_` or `-`")]
    Run(String),
    /// The place is taken.
    #[error("{0}")]
    Taken(String),
    /// Writing failed.
    #[error("cannot write the dataset: {0}")]
    Write(#[from] io::Error),
    /// The cluster failed.
    #[cfg(feature = "ballista")]
    #[error(transparent)]
    Cluster(#[from] crate::cluster::ClusterError),
}

/// A dataset that stands.
#[derive(Debug)]
pub struct Built {
    /// What it says about itself.
    pub manifest: Manifest,
    /// The lines that were put aside.
    pub rejects: Rejects,
}

fn derive(options: &BuildOptions<'_>, purpose: &str) -> [u8; 32] {
    let mut material = options.pseudonym_key.to_vec();
    material.extend_from_slice(options.run.as_bytes());
    blake3::derive_key(&format!("consentry 2026 dataset {purpose}"), &material)
}

fn is_run_id(run: &str) -> bool {
    (1..=128).contains(&run.len())
        && run.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Builds a dataset at `place`. It stands there whole when this returns `Ok`; otherwise nothing
/// does.
///
/// `read` says how the history is read; what a build needs of it (content, hashes, the key of the
/// ids) is set here.
///
/// # Errors
///
/// [`BuildError`]; the history's lines in error come as [`HistoryError::Lines`].
pub fn build(
    sources: &[Source],
    read: &ReadOptions,
    options: &BuildOptions<'_>,
    place: &Path,
    progress: &mut dyn Progress,
) -> Result<Built, BuildError> {
    let here = |folder: &Path| -> Begun<'_> {
        Ok(Box::new(DatasetWriter::begin(folder, options.making())?))
    };
    build_by(sources, read, options, place, progress, &here)
}

/// Builds with the maker that `begin` gives for the folder of the dataset.
pub(crate) fn build_by<'m>(
    sources: &[Source],
    read: &ReadOptions,
    options: &BuildOptions<'_>,
    place: &Path,
    progress: &mut dyn Progress,
    begin: &dyn Fn(&Path) -> Begun<'m>,
) -> Result<Built, BuildError> {
    if !is_run_id(options.run) {
        return Err(BuildError::Run(options.run.chars().take(140).collect()));
    }
    let staging = Staging::begin(place).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => BuildError::Taken(error.to_string()),
        _ => BuildError::Write(error),
    })?;
    let read = ReadOptions {
        keep_content: true,
        hash_inputs: true,
        route_key: derive(options, "conversation ids"),
        ..read.clone()
    };
    let mut history = scan(sources, &read, progress)?;
    let mut maker = begin(staging.path())?;
    match options.store {
        Store::Conversation => history.each_conversation(progress, |owned| {
            maker.take(&source::of_conversation(owned, options.as_of))
        })?,
        Store::Feedback => copies(&mut history, &read, options, maker.as_mut(), progress)?,
    }
    let written = maker.finish(progress)?;
    progress.step("signing", None);
    let manifest = finish(written, &history, options, &staging)?;
    staging.commit()?;
    Ok(Built { manifest, rejects: history.rejects })
}

/// Copies come out of their conversations in no order of their own, and are sorted by their ids.
fn copies(
    history: &mut History,
    read: &ReadOptions,
    options: &BuildOptions<'_>,
    maker: &mut (dyn Maker + '_),
    progress: &mut dyn Progress,
) -> Result<(), BuildError> {
    let key = derive(options, "copy ids");
    let mut sorted = SortedRuns::new(&read.spool_for("copies"));
    let mut waiting = 0;
    history.each_conversation(progress, |owned| {
        let copies = owned.conversation.feedback_copies(owned.account, options.as_of);
        if copies.is_empty() {
            return Ok(());
        }
        let messages = owned.conversation.messages_at(options.as_of);
        let followed = taint::follow_messages(messages, options.taint_characters);
        for copy in copies {
            let id = copy.feedback.opaque_id(&key);
            let record = CopyRecord::new(&copy, &followed);
            let record = postcard::to_stdvec(&record).map_err(io::Error::other)?;
            waiting += record.len();
            sorted.add(id.as_bytes(), &record);
        }
        if waiting > read.buffered_bytes_max / 4 {
            waiting = 0;
            sorted.end_run()?;
        }
        Ok(())
    })?;
    progress.step("writing", None);
    sorted.merge(|id, record| {
        progress.advance(1);
        let record: CopyRecord<'_> = postcard::from_bytes(record).map_err(io::Error::other)?;
        maker.take(&source::of_copy(String::from_utf8_lossy(id).into_owned(), &record))
    })?;
    Ok(())
}

fn finish(
    written: Written,
    history: &History,
    options: &BuildOptions<'_>,
    staging: &Staging,
) -> io::Result<Manifest> {
    let mut counts = written.counts;
    counts.lines = history.lines;
    counts.lines_quarantined = history.rejects.count();
    let inputs = history.inputs.iter().map(|input| Input {
        name: base_name(&input.name),
        bytes: input.bytes,
        sha256: input.sha256.clone().unwrap_or_default(),
    });
    let summary = Summary {
        run: options.run.to_owned(),
        purpose: options.purpose.to_owned(),
        store: options.store,
        as_of: options.as_of,
        code: Code { name: "consentry".to_owned(), version: options.version.to_owned() },
        policy_set: PolicySetClaim {
            id: options.set.id().to_owned(),
            hash: options.set.hash().to_owned(),
            policies: describe_policies(options.set),
        },
        inputs: inputs.collect(),
        counts,
        deidentification: Deidentification {
            tiers: vec!["structured".to_owned()],
            findings: written.findings,
            left: written.left,
        },
        shards: written.shards,
        merkle_root: crate::hex(&written.root.finish()),
    };
    let mut files = Vec::new();
    let mut put = |path: String, content: &[u8]| -> io::Result<()> {
        staging.write(&path, content)?;
        let sha256 = crate::hex(&Sha256::digest(content));
        files.push(FileDigest { path, bytes: content.len() as u64, sha256 });
        Ok(())
    };
    let signer = options.signer.verifier().to_string();
    for (path, text) in documents(&summary, &written.facts, &signer) {
        put(path.to_owned(), text.as_bytes())?;
    }
    for (name, text) in options.set.files().iter() {
        put(format!("policies/{name}"), text.as_bytes())?;
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let format = FORMAT.to_owned();
    let manifest = Manifest { format, summary, facts: written.facts, files, signer };
    let mut json = serde_json::to_string_pretty(&manifest)?;
    json.push('\n');
    staging.write(MANIFEST, json.as_bytes())?;
    let note = options.signer.sign(&note_text(options.run, json.as_bytes()));
    staging.write(NOTE, note.as_bytes())?;
    Ok(manifest)
}

/// The last component: a dataset tells nothing of the folders of the machine that built it.
fn base_name(name: &str) -> String {
    Path::new(name).file_name().map_or_else(|| name.to_owned(), |n| n.to_string_lossy().into())
}

/// What a [`Maker`] leaves behind.
pub(crate) struct Written {
    pub(crate) shards: Vec<Shard>,
    pub(crate) facts: Shard,
    pub(crate) counts: Counts,
    /// By kind.
    pub(crate) findings: BTreeMap<String, u64>,
    /// What was found and left, by kind.
    pub(crate) left: BTreeMap<String, u64>,
    /// Of the examples' ids.
    pub(crate) root: Root,
}
