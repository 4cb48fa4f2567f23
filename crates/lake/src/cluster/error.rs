//! What goes wrong on a cluster.

use std::io;
use std::path::PathBuf;

/// Why something on a cluster was not done.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// Not an address.
    #[error("`{address}` is not HOST:PORT, such as 127.0.0.1:50050")]
    Address {
        /// What was given.
        address: String,
    },
    /// The address cannot be listened at.
    #[error(
        "cannot listen at {address}: {source}; is another process there? choose another port, or \
         port 0 for any that is free"
    )]
    Bind {
        /// The address.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// Nobody answers where a scheduler was expected.
    #[error(
        "no scheduler answers at {address}: {source}; start one with `consentry cluster scheduler \
         --bind {address}`"
    )]
    NoScheduler {
        /// The address.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// Somebody answers who is no scheduler.
    #[error("what answers at {address} is not a scheduler of consentry")]
    NotScheduler {
        /// The address.
        address: String,
    },
    /// A scheduler without executors.
    #[error(
        "the scheduler at {address} has no executors; start one with `consentry cluster executor \
         --scheduler {address}`"
    )]
    NoExecutors {
        /// The address.
        address: String,
    },
    /// A role ended without having been asked to.
    #[error("the {role} ended by itself; RUST_LOG=info shows its last words")]
    Ended {
        /// `scheduler` or `executor`.
        role: &'static str,
    },
    /// A file of facts that cannot be used.
    #[error("{}: {reason}", path.display())]
    Facts {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what was expected.
        reason: String,
    },
    /// The job failed on the cluster.
    #[error("the job failed on the cluster: {0}")]
    Job(String),
    /// What came back is not what was planned.
    #[error("what the cluster did is not what was planned: {0}")]
    Differs(String),
    /// The plan cannot be made: a mistake in Consentry.
    #[error("the plan cannot be made: {0}")]
    Plan(String),
    /// Files or sockets failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl ClusterError {
    /// Whether the caller's words or input are at fault, rather than the work.
    #[must_use]
    pub const fn is_input(&self) -> bool {
        matches!(self, Self::Address { .. } | Self::Facts { .. })
    }
}
