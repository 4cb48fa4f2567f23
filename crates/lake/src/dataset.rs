//! Datasets: building what training receives, and verifying it from its files alone.
//!
//! [`build::build`] writes a folder; [`verify::verify`] checks one. What the two agree on stands
//! between them: the shape of examples, the table of frozen facts, what becomes of a part
//! ([`outcome`]), the Merkle root and the signed note.

pub mod build;
pub mod example;
pub mod facts_table;
pub mod merkle;
pub mod note;
pub mod outcome;
pub mod parquet_file;
mod staging;
pub mod verify;

use consentry_formats::dataset::manifest::{FORMAT, Policy, Provision, Shard, Summary};
use consentry_formats::dataset::{card, croissant, report};
use consentry_policy::{Effect, PolicySet};
use sha2::{Digest, Sha256};

/// The manifest's file.
pub const MANIFEST: &str = "manifest.json";
/// The signed note over the manifest.
pub const NOTE: &str = "manifest.note";
/// The settings of de-identification, where there were any.
pub const SETTINGS: &str = "deidentification.toml";
const CARD: &str = "README.md";
const CROISSANT: &str = "croissant.json";
pub(crate) const FACTS: &str = "facts.parquet";
const REPORT: &str = "report.html";

/// The name of a data file: `data/train-00000-of-00003.parquet`, as Hugging Face names splits.
pub(crate) fn shard_path(number: usize, count: usize) -> String {
    format!("data/train-{number:05}-of-{count:05}.parquet")
}

/// The text that is signed: the format, the run, and the hash of the manifest's bytes.
fn note_text(run: &str, manifest: &[u8]) -> String {
    format!("{FORMAT}\n{run}\nsha256 {}\n", crate::hex(&Sha256::digest(manifest)))
}

/// The policies of a set in words, for the manifest.
fn describe_policies(set: &PolicySet) -> Vec<Policy> {
    let provision = |provision: &consentry_policy::Provision| Provision {
        id: provision.id.to_string(),
        source: source_of(provision),
        paraphrase: provision.paraphrase.clone(),
    };
    set.policies()
        .iter()
        .map(|policy| Policy {
            id: policy.id.to_string(),
            effect: match policy.effect {
                Effect::Permit => "permit".to_owned(),
                Effect::Forbid => "forbid".to_owned(),
            },
            title: policy.title.clone(),
            cites: set.cited_by(&policy.id).map(provision).collect(),
        })
        .collect()
}

/// Where a provision is published: document, place and date.
pub(crate) fn source_of(provision: &consentry_policy::Provision) -> String {
    let date = match provision.date.as_str() {
        "unknown" => "date unknown",
        known => known,
    };
    format!("{}, {} ({date})", provision.document, provision.place)
}

/// The documents about a dataset, by path. They are made from the manifest's claims alone, so that
/// whoever verifies can make them again.
fn documents(summary: &Summary, facts: &Shard, signer: &str) -> [(&'static str, String); 3] {
    [
        (CARD, card::render(summary)),
        (CROISSANT, croissant::render(summary, facts, signer)),
        (REPORT, report::render(summary)),
    ]
}
