//! Decisions on a Ballista cluster: a scheduler, executors, and a client that gives them work.
//!
//! The client looks at files of facts ([`facts_files`]), makes one plan of them ([`job`]) and hands
//! it to the scheduler ([`client`]). The plan has a single stage: each task reads one file, asks
//! the function `consentry_decide` ([`functions`]), and writes one file of decisions into a folder
//! that client and executors share ([`sink`]). Nothing is exchanged between tasks. What comes back
//! over the network is a receipt for each file: how many rows, and a fingerprint of them. The
//! client counts and computes both again from the files that it finds ([`receipts`]).
//!
//! Functions travel by name and are registered by [`functions::all`] on all three sides; the
//! lowered policies travel by value, in the plan.

pub mod build;
pub mod client;
mod codec;
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
pub mod sink;
pub mod tally;

pub use error::ClusterError;
