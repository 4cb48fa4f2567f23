//! Histories in bulk: reading, checking and folding them in bounded memory, deciding every part,
//! and building datasets that can be verified from their files alone.
//!
//! The way of a history: [`history`] reads lines, checks them and brings the events of each
//! conversation together; [`rows`], [`explain`] and [`whatif`] answer questions about the folded
//! result; [`dataset`] builds and verifies what training receives.

pub mod bulk;
#[cfg(feature = "ballista")]
pub mod cluster;
pub mod dataset;
pub mod explain;
pub mod facts;
pub mod history;
pub mod progress;
pub mod rows;
pub mod runs;
pub mod spool;
pub mod whatif;

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
