//! Exit codes and the failures that lead to them.

use std::process::ExitCode;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, and what was checked holds.
    Done,
    /// 1: it failed, or something that was checked does not hold.
    Failed,
    /// 2: the command line or the input is not right.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Failed => Self::from(1),
            Exit::Usage => Self::from(2),
        }
    }
}

/// Why a command did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// The command line or the input is not right: exit 2.
    Input(String),
    /// Problems with places in files, to be shown like a compiler's: exit 2.
    Diagnostics(Vec<miette::Report>),
    /// The work could not be done: exit 1.
    Work(String),
    /// The reader of standard output has gone away. Not an error worth words.
    Closed,
}

impl Failure {
    /// A failure of the command line or the input.
    pub fn input(error: impl std::fmt::Display) -> Self {
        Self::Input(error.to_string())
    }

    /// A failure of the work.
    pub fn work(error: impl std::fmt::Display) -> Self {
        Self::Work(error.to_string())
    }

    /// The exit code that tells of it.
    pub const fn code(&self) -> Exit {
        match self {
            Self::Input(_) | Self::Diagnostics(_) => Exit::Usage,
            Self::Work(_) => Exit::Failed,
            Self::Closed => Exit::Done,
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Self::Closed
        } else {
            Self::work(error)
        }
    }
}

impl From<consentry_lake::history::HistoryError> for Failure {
    fn from(error: consentry_lake::history::HistoryError) -> Self {
        use consentry_lake::history::HistoryError;
        match error {
            HistoryError::Lines { .. } | HistoryError::Input { .. } => Self::input(error),
            HistoryError::Storage(error) => error.into(),
        }
    }
}

impl From<consentry_lake::facts::FactsError> for Failure {
    fn from(error: consentry_lake::facts::FactsError) -> Self {
        use consentry_lake::facts::FactsError;
        match error {
            FactsError::Read { .. } | FactsError::Unfit { .. } | FactsError::Underivable { .. } => {
                Self::input(error)
            }
            FactsError::Write(error) => error.into(),
        }
    }
}

impl From<consentry_ledger::HomeError> for Failure {
    fn from(error: consentry_ledger::HomeError) -> Self {
        Self::work(error)
    }
}

#[cfg(feature = "ballista")]
impl From<consentry_lake::cluster::ClusterError> for Failure {
    fn from(error: consentry_lake::cluster::ClusterError) -> Self {
        if error.is_input() { Self::input(error) } else { Self::work(error) }
    }
}

#[cfg(feature = "ballista")]
impl From<consentry_lake::cluster::rows::RowsError> for Failure {
    fn from(error: consentry_lake::cluster::rows::RowsError) -> Self {
        use consentry_lake::cluster::rows::RowsError;
        match error {
            RowsError::History(error) => error.into(),
            RowsError::Cluster(error) => error.into(),
            RowsError::Io(error) => error.into(),
        }
    }
}
