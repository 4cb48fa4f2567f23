//! Decisions on a Ballista cluster: a scheduler, executors, and a client that gives them work.
//!
//! To decide, the client looks at files of facts ([`facts_files`]), makes one plan of them ([`job`])
//! and hands it to the scheduler ([`client`]). The plan has a single stage: each task decides one
//! file as `decide` does on one machine, and writes one file of decisions into a folder that client
//! and executors share ([`decisions`]). To build, each task opens one file of sealed sources and
//! makes a share of the dataset ([`shares`]). Nothing is exchanged between tasks. What comes back
//! over the network is a receipt for each file: how many rows, how many permitted, and a fingerprint
//! of what was written. The client looks at the files that it finds and compares ([`receipts`]).
//!
//! Functions for SQL travel by name and are registered by [`functions::all`] on all three sides; the
//! lowered policies travel by value, in the plan.

pub mod build;
pub mod client;
mod codec;
pub mod decisions;
mod error;
pub mod facts_files;
pub mod facts_writer;
pub mod functions;
pub mod job;
pub mod receipts;
pub mod roles;
pub mod rows;
pub mod scan;
mod sealing;
mod session;
pub mod shares;
pub mod sink;
pub mod tally;

pub use error::ClusterError;
