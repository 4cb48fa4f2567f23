//! Facts in Parquet: one row for each thing that is decided on, folded once at one instant. Any
//! number of questions can be put to such a file ([`crate::bulk`]), and any tool that reads Parquet
//! can make one. `docs/facts.md` describes the format.

mod columns;
mod file;
mod fold;
mod instants;
mod writer;

pub use columns::{FactsColumns, Owner, schema};
pub(crate) use file::Stored;
pub use file::{Batches, FactsError, FactsFile, is_parquet};
pub use fold::{Folded, Folding, write_facts};
pub use writer::{FactsWriter, ROW_GROUP_ROWS};

use consentry_model::facts::Resource;

/// The version of the format, in the file's metadata under [`VERSION_KEY`].
pub const VERSION: &str = "1";

/// The key of the format's version in a file's metadata.
pub const VERSION_KEY: &str = "consentry.facts";

/// The key of the instant at which the facts hold, in RFC 3339.
pub const AS_OF_KEY: &str = "consentry.as_of";

/// The key of what the rows are about; see [`Of::as_str`].
pub const OF_KEY: &str = "consentry.of";

/// What the rows of a file of facts are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A row a part, of conversations and of feedback copies.
    Parts,
    /// A row a conversation.
    Conversations,
    /// A row an account.
    Accounts,
}

impl Of {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Parts, Self::Conversations, Self::Accounts];

    /// The name in a file's metadata and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parts => "parts",
            Self::Conversations => "conversations",
            Self::Accounts => "accounts",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.as_str() == name)
    }

    /// What an action that applies to these kinds of resource needs; `None` for an action that
    /// applies to nothing.
    #[must_use]
    pub fn resources(resources: &[Resource]) -> Option<Self> {
        Some(match resources.first()? {
            Resource::Part | Resource::FeedbackPart => Self::Parts,
            Resource::Conversation => Self::Conversations,
            Resource::Account => Self::Accounts,
        })
    }

    /// The columns that say what a row is about, in the order of the format.
    #[must_use]
    pub const fn ids(self) -> &'static [&'static str] {
        match self {
            Self::Parts => &["store", "conversation", "message", "part", "copy"],
            Self::Conversations => &["conversation"],
            Self::Accounts => &["account"],
        }
    }
}
