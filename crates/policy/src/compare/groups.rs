//! Disagreements, as a person is told of them.

use super::{Answers, Dates};
use crate::witness::{Fact, Witness};
use consentry_model::facts::{Attribute, Resource};
use std::sync::Arc;

/// What kind of disagreement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The first set permits what the second denies.
    FirstPermits,
    /// The second set permits what the first denies.
    SecondPermits,
    /// Both decide alike, but a policy is a reason in the first set only.
    FirstReason,
    /// Both decide alike, but a policy is a reason in the second set only.
    SecondReason,
}

/// Why the set that denies does so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Against {
    /// Nothing permits, and nothing forbids either.
    Nothing,
    /// These policies forbid or err (`policy-error:ID`).
    Policies(Vec<Arc<str>>),
}

/// One fact, or one comparison of instants, that a disagreement hangs on: it would not be there
/// without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fixture {
    /// The value of an attribute; the others with which the same policies disagree too.
    Fact {
        /// Which.
        attribute: Attribute,
        /// What it is; nothing where it is absent.
        value: Option<Fact>,
        /// What it may be as well; nothing for absent.
        also: Vec<Option<Fact>>,
    },
    /// How far apart two instants are: `later` is at least so many milliseconds after `earlier`, or
    /// so many before it where the number is negative.
    Apart {
        /// The one; nothing for the present instant.
        later: Option<Attribute>,
        /// The other; nothing for the present instant.
        earlier: Option<Attribute>,
        /// How many milliseconds.
        at_least: i64,
    },
    /// An instant is not before this one.
    From(Option<Attribute>, i64),
    /// An instant is not after this one.
    UpTo(Option<Attribute>, i64),
}

/// Disagreements that the same policies account for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The action.
    pub action: String,
    /// What it is about.
    pub resource: Resource,
    /// The purposes for which it is so; `None` if the purpose does not matter.
    pub purposes: Option<Vec<String>>,
    /// What kind of disagreement it is.
    pub kind: Kind,
    /// The permits of the set that permits, of which each row has all; for reasons the policy.
    pub policies: Vec<Arc<str>>,
    /// What the set that denies has against it. [`Against::Nothing`] for reasons.
    pub against: Against,
    /// The simplest example.
    pub witness: Witness,
    /// What it hangs on.
    pub fixtures: Vec<Fixture>,
    /// What both sets answer about it.
    pub answers: Answers,
    /// Until when both keep it, for `retain`.
    pub dates: Option<Dates>,
}

impl Group {
    /// What makes it one group: everything but the purpose and the example.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        (self.kind, &self.policies, &self.against) == (other.kind, &other.policies, &other.against)
    }
}
