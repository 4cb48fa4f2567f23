//! Reading a history: lines in any order in, one checked timeline after another out.
//!
//! The first pass ([`scan`]) reads every line once, checks it by itself, keeps what concerns
//! accounts and notices, and puts the events of conversations into buckets by a keyed hash of the
//! conversation's id. The second pass ([`fold`]) takes one bucket at a time, brings the events of
//! each conversation together and checks what needs the whole input. Memory holds the accounts, one
//! bucket, and what the [`crate::spool`] is allowed to keep.

mod accounts;
mod fold;
mod input;
mod lines;
mod rejects;
mod scan;

pub use accounts::Accounts;
pub use fold::Owned;
pub use input::{InputDigest, Source, Unpacked};
pub use rejects::{Problem, Rejects};
pub use scan::scan;

use crate::spool::{Spool, SpoolOptions};
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// How many buckets the conversations are spread over. Each is held in memory by itself, so that
/// 5 GB of content take about 10 MB at a time, and a hundred million events without their content
/// about 30 MB before they are taken apart.
pub(crate) const BUCKETS: usize = 512;

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Whether the text of parts is kept. Decisions need none.
    pub keep_content: bool,
    /// Whether lines in error are put aside with their reasons, rather than ending the work.
    pub quarantine: bool,
    /// Whether inputs are hashed (SHA-256 of their bytes as stored).
    pub hash_inputs: bool,
    /// Where temporary files go.
    pub directory: PathBuf,
    /// How many bytes of events are kept in memory before they move to an encrypted file.
    pub buffered_bytes_max: usize,
    /// Random bytes for keys of temporary files, used by this reading only.
    pub seed: [u8; 32],
    /// The key of the hash that orders conversations, and that makes their opaque ids.
    pub route_key: [u8; 32],
}

impl ReadOptions {
    /// Options for a temporary file of its own, sealed under a key of its own. `purpose` must be
    /// used for one file only.
    #[must_use]
    pub fn spool_for(&self, purpose: &str) -> SpoolOptions {
        SpoolOptions {
            directory: self.directory.clone(),
            buffered_bytes_max: self.buffered_bytes_max,
            key: blake3::derive_key(
                &format!("consentry 2026 temporary file {purpose}"),
                &self.seed,
            ),
        }
    }
}

/// A history after its first pass.
#[derive(Debug)]
pub struct History {
    /// The accounts and notices, checked.
    pub accounts: Accounts,
    /// What was read, in the order of the arguments.
    pub inputs: Vec<InputDigest>,
    /// How many lines were read, blank ones not counted.
    pub lines: u64,
    /// The lines in error so far.
    pub rejects: Rejects,
    conversations: Spool,
    /// Lines that repeat an event with other content, each with the line that has it first.
    conflicts: BTreeMap<u64, u64>,
    quarantine: bool,
    route_key: [u8; 32],
}

/// Why a history could not be read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Lines are in error, and no quarantine was asked for.
    #[error("{}", rejects::summary(problems, *count))]
    Lines {
        /// The first of them, in the order of the input.
        problems: Vec<Problem>,
        /// How many there are.
        count: u64,
    },
    /// An input cannot be read.
    #[error("{name}: {source}")]
    Input {
        /// The input, as it was named.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// Temporary storage failed.
    #[error("temporary storage: {0}")]
    Storage(#[from] io::Error),
}

/// Where a line stands: the number of its input in the high bits, its number from 1 in the low
/// ones. Ordered as the input is.
pub(crate) const LINE_BITS: u32 = 44;

pub(crate) const fn order(input: u64, line: u64) -> u64 {
    (input << LINE_BITS) | line
}

pub(crate) const fn input_and_line(order: u64) -> (u64, u64) {
    (order >> LINE_BITS, order & ((1 << LINE_BITS) - 1))
}
