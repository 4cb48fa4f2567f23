//! What policy sets say about the same few questions, side by side.
//!
//! Nothing of a comparison is written down anywhere: every cell is found by putting rows of facts to
//! the set's own policies, so that editing a policy changes the cells that it decides. Only what a
//! provider calls its switch comes from `set.toml`.

mod asked;
mod aspect;
mod rows;

use crate::cedar::CedarEngine;
use crate::engine::RequestError;
use consentry_model::Instant;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// Several sets beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// The instant at which every question is asked, and before which its facts lie.
    pub as_of: Instant,
    /// The sets, in the order in which they were given.
    pub sets: Vec<Column>,
    /// One for each question.
    pub aspects: Vec<Line>,
}

/// A set in a matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The hash over its files.
    pub hash: String,
}

/// One question, answered by every set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// A fixed name of the question.
    pub aspect: &'static str,
    /// The question in words.
    pub question: &'static str,
    /// One for each set, in their order.
    pub cells: Vec<Cell>,
}

/// What one set answers to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer,
    /// The ids of the policies that determined it, in bytewise order. None where nothing permitted
    /// and nothing forbade.
    pub policies: Vec<Arc<str>>,
    /// What the provider does not publish of it: the texts of `@unknown` among those policies.
    pub not_published: Vec<String>,
}

/// An answer, in a word that programs read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// It is done: the content is used, the history shows, the product may be used.
    Yes,
    /// It is not.
    No,
    /// Only where the customer allows it.
    IfAllowed,
    /// For this long.
    For {
        /// The length in milliseconds.
        milliseconds: i64,
    },
    /// Until its owner deletes it.
    UntilDeleted,
    /// Without an end.
    NoEnd,
    /// Not at all: erasure is due at once.
    AtOnce,
    /// All conversations, whenever they were active.
    AllConversations,
    /// Conversations that begin or go on afterwards, earlier messages included.
    NewOrResumed,
    /// Conversations that begin afterwards.
    NewConversations,
    /// Nothing is used any more.
    Nothing,
    /// What belongs to conversations begun before.
    EarlierConversations,
    /// What was written before.
    EarlierParts,
    /// Everything, as if the choice were on.
    Everything,
    /// Some of it, now; until when cannot be derived from the policies.
    NotDerived,
    /// Models of the provider's safety systems only.
    SafetyModels,
    /// Any model.
    AnyModel,
    /// The label of a switch.
    Label {
        /// As the provider writes it.
        label: String,
    },
    /// The set names no switch.
    NoLabel,
    /// It is denied, only because it is not published.
    NotPublished,
    /// The set has no such action.
    NoAction,
}

/// Whom an answer favours, for colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// The content is used.
    Used,
    /// The content stays unused.
    Unused,
    /// Nobody outside knows.
    Unknown,
    /// It is neither.
    Plain,
}

impl Matrix {
    /// Puts every question to every set.
    ///
    /// # Errors
    ///
    /// When Cedar does not take a value that was made for it, or an instant near `as_of` is out of
    /// range. An action that a set lacks is an answer, not an error.
    pub fn of(engines: &[CedarEngine], as_of: Instant) -> Result<Self, RequestError> {
        let sets = engines.iter().map(|engine| {
            let set = engine.set();
            Column {
                id: set.id().to_owned(),
                title: set.title().to_owned(),
                hash: set.hash().to_owned(),
            }
        });
        let aspects = aspect::ALL.iter().map(|aspect| {
            let cells = engines.iter().map(|engine| aspect.cell(engine, as_of));
            Ok::<_, RequestError>(Line {
                aspect: aspect.id,
                question: aspect.question,
                cells: cells.collect::<Result<_, _>>()?,
            })
        });
        Ok(Self { as_of, sets: sets.collect(), aspects: aspects.collect::<Result<_, _>>()? })
    }
}

impl Answer {
    /// Whom it favours.
    #[must_use]
    pub const fn tone(&self) -> Tone {
        match self {
            Self::Yes
            | Self::AllConversations
            | Self::EarlierConversations
            | Self::EarlierParts
            | Self::Everything
            | Self::AnyModel
            | Self::NoEnd => Tone::Used,
            Self::No | Self::Nothing | Self::AtOnce => Tone::Unused,
            Self::NotPublished | Self::NotDerived => Tone::Unknown,
            Self::IfAllowed
            | Self::For { .. }
            | Self::UntilDeleted
            | Self::NewOrResumed
            | Self::NewConversations
            | Self::SafetyModels
            | Self::Label { .. }
            | Self::NoLabel
            | Self::NoAction => Tone::Plain,
        }
    }
}

/// In words that fit into a table.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::IfAllowed => "if the customer allows it",
            Self::For { milliseconds } => return length(*milliseconds, f),
            Self::UntilDeleted => "until deleted",
            Self::NoEnd => "without an end",
            Self::AtOnce => "erased at once",
            Self::AllConversations => "all",
            Self::NewOrResumed => "new and resumed ones",
            Self::NewConversations => "new ones",
            Self::Nothing => "none",
            Self::EarlierConversations => "those begun before",
            Self::EarlierParts => "what was written before",
            Self::Everything => "all, without an end",
            Self::SafetyModels => "safety models only",
            Self::AnyModel => "any model",
            Self::Label { label } => label,
            Self::NoLabel => "–",
            Self::NotPublished => "not published",
            Self::NotDerived => "now; until when is not known",
            Self::NoAction => "no such action",
        })
    }
}

/// Whole days where there are at least four, otherwise whole hours; anything finer as it is.
fn length(milliseconds: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    if milliseconds >= 4 * DAY && milliseconds % DAY == 0 {
        write!(f, "{} days", milliseconds / DAY)
    } else if milliseconds % HOUR == 0 {
        write!(f, "{} hours", milliseconds / HOUR)
    } else {
        write!(f, "{milliseconds} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_exact() {
        let text = |milliseconds| Answer::For { milliseconds }.to_string();
        assert_eq!(text(30 * 86_400_000), "30 days");
        assert_eq!(text(72 * 3_600_000), "72 hours");
        assert_eq!(text(96 * 3_600_000), "4 days");
        assert_eq!(text(30 * 86_400_000 + 1), "2592000001 ms");
    }
}
