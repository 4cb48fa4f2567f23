//! The manifest: every claim that a dataset makes about itself.

use consentry_model::{Instant, Store};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the format, written into every manifest.
pub const FORMAT: &str = "consentry-dataset/1";

/// What a dataset says about itself. `manifest.json` is this as JSON; its bytes are signed by
/// `manifest.note`. It covers every other file of the dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// What was built, from what, and with what result.
    pub summary: Summary,
    /// The frozen facts.
    pub facts: Shard,
    /// Every other file except the manifest and its note, by path.
    pub files: Vec<FileDigest>,
    /// Who signed: a verifier key in the form of C2SP's signed notes, `NAME+HASH+KEY`.
    pub signer: String,
}

/// What was built, from what, and with what result. The dataset card, the Croissant description and
/// the report are made from it alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The training run's id.
    pub run: String,
    /// What the dataset may be used for.
    pub purpose: String,
    /// The store that it comes from.
    pub store: Store,
    /// The instant at which the facts were frozen.
    pub as_of: Instant,
    /// The program that built it.
    pub code: Code,
    /// The policy set that decided, as it was used.
    pub policy_set: PolicySet,
    /// What the history was read from.
    pub inputs: Vec<Input>,
    /// Parts and examples, in and out.
    pub counts: Counts,
    /// What was replaced before writing.
    pub deidentification: Deidentification,
    /// The data, in the order of the example ids.
    pub shards: Vec<Shard>,
    /// The root of the Merkle tree (RFC 6962, SHA-256) whose leaves are the example ids in order,
    /// in hexadecimal.
    pub merkle_root: String,
}

/// The program that built a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// `consentry`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The policy set that decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySet {
    /// The set's id.
    pub id: String,
    /// A hash over all of its files.
    pub hash: String,
    /// Its policies, by id.
    pub policies: Vec<Policy>,
}

/// One policy, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The id that reasons name.
    pub id: String,
    /// `permit` or `forbid`.
    pub effect: String,
    /// What it says, in plain words.
    pub title: String,
    /// The published provisions that it implements.
    pub cites: Vec<Provision>,
}

/// A rule that a published document states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provision {
    /// Its id in the policy set.
    pub id: String,
    /// The document that states it.
    pub source: String,
    /// What it says, in our words.
    pub paraphrase: String,
}

/// One input of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The file's name without its folder.
    pub name: String,
    /// Bytes as stored.
    pub bytes: u64,
    /// SHA-256 of those bytes, in hexadecimal.
    pub sha256: String,
}

/// How many, in and out. Every part is counted in exactly one of `parts_included` and
/// `parts_excluded`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Lines of the history, blank ones not counted.
    pub lines: u64,
    /// Lines that were in error and put aside.
    pub lines_quarantined: u64,
    /// Conversations (or feedback copies) that had parts at the instant.
    pub sources: u64,
    /// Rows of the dataset.
    pub examples: u64,
    /// Parts at the instant.
    pub parts: u64,
    /// Parts that are in the dataset.
    pub parts_included: u64,
    /// Parts that are not, by [`Exclusion`] word, or for a denial `denied:` and its reasons joined
    /// by `+` (`denied:no-permit` if nothing permitted it).
    pub parts_excluded: BTreeMap<String, u64>,
    /// How often each reason determined a decision; a decision may have several.
    pub reasons: BTreeMap<String, u64>,
    /// Copies that made no example, by reason.
    pub sources_without_example: BTreeMap<String, u64>,
    /// Parts in and out by surface. Empty for the feedback store, whose copies do not know theirs.
    pub by_surface: BTreeMap<String, InOut>,
    /// Parts in and out by the plan at the part's time. Empty for the feedback store.
    pub by_plan: BTreeMap<String, InOut>,
    /// Parts in and out by month (`2026-05`): of the part, or of the feedback.
    pub by_month: BTreeMap<String, InOut>,
}

/// Parts considered, and parts that are in the dataset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InOut {
    /// Parts at the instant.
    pub parts: u64,
    /// Of these, parts that are in the dataset.
    pub included: u64,
}

/// The kind under which stretches that repeat what a connector brought in are counted.
pub const CONNECTOR_TAINT: &str = "connector-taint";

/// What was replaced before writing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deidentification {
    /// The tiers of detection that ran.
    pub tiers: Vec<String>,
    /// How many findings were replaced, by kind. [`CONNECTOR_TAINT`] counts stretches that were
    /// removed.
    pub findings: BTreeMap<String, u64>,
    /// How many findings were left as they are, by kind. [`CONNECTOR_TAINT`] counts stretches of
    /// what people typed. Absent in manifests written before this was counted, and when empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left: BTreeMap<String, u64>,
}

/// A Parquet file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// The path in the dataset, with `/`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Its rows.
    pub rows: u64,
}

/// Any other file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    /// The path in the dataset, with `/`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Why a permitted part is not in the dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// Retention says that it is due for erasure.
    DueForErasure,
    /// It has no text: a picture, a file that is only named.
    NoContent,
    /// A feedback copy's part that comes after the rated message.
    AfterRatedMessage,
    /// A part of a feedback copy that makes no example.
    NoExample,
}

impl Exclusion {
    /// The word in counts and in the frozen facts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DueForErasure => "due-for-erasure",
            Self::NoContent => "no-content",
            Self::AfterRatedMessage => "after-rated-message",
            Self::NoExample => "no-example",
        }
    }
}
