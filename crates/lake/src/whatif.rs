//! What several policy sets would do with the same history. It is folded once; every set is asked
//! about the same rows of facts.

use consentry_model::facts::Facts;
use consentry_policy::{Decision, Engine, PolicySet, Request, RequestError};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many patterns of agreement are told apart. Real sets make a few dozen; what comes later is
/// counted together.
const PATTERNS_MAX: usize = 1024;

/// How many lists of reasons are told apart for each set.
const REASONS_MAX: usize = 1024;

/// A policy set that takes part, with what decides for it.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The set.
    pub set: &'a PolicySet,
    /// An engine for this set.
    pub engine: &'a dyn Engine,
}

impl std::fmt::Debug for Side<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Side").field("set", &self.set.id()).finish_non_exhaustive()
    }
}

/// How a set decided about one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetDecision {
    /// `permit` or `deny`.
    pub decision: &'static str,
    /// The ids of the policies that determined it.
    pub reasons: Vec<Arc<str>>,
    /// Whether it is denied only because of what is not published.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_published: bool,
}

impl SetDecision {
    fn new(set: &PolicySet, decision: &Decision) -> Self {
        Self {
            decision: if decision.permit { "permit" } else { "deny" },
            reasons: decision.reasons.to_vec(),
            not_published: set.rests_on_unknown(decision),
        }
    }

    /// Whether it is permitted.
    #[must_use]
    pub fn permits(&self) -> bool {
        self.decision == "permit"
    }
}

/// The decisions about one row, by the ids of the sets, in the order of the sets.
#[derive(Clone, Debug)]
pub(crate) struct SetDecisions(Vec<(Arc<str>, SetDecision)>);

impl Serialize for SetDecisions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (id, decision) in &self.0 {
            map.serialize_entry(id.as_ref(), decision)?;
        }
        map.end()
    }
}

/// Asks every set about every row.
pub(crate) fn ask(
    sides: &[Side<'_>],
    request: &Request<'_>,
    facts: &[Facts<'_>],
) -> Result<Vec<SetDecisions>, RequestError> {
    let mut rows: Vec<SetDecisions> = facts.iter().map(|_| SetDecisions(Vec::new())).collect();
    for side in sides {
        let id: Arc<str> = side.set.id().into();
        let decisions = side.engine.decide_all(request, facts)?;
        for (row, decision) in rows.iter_mut().zip(&decisions) {
            row.0.push((Arc::clone(&id), SetDecision::new(side.set, decision)));
        }
    }
    Ok(rows)
}

/// Where a row belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'p> {
    Part { conversation: &'p str, message: &'p str, part: usize },
    Copy { copy: &'p str, part: usize },
    Conversation { conversation: &'p str },
    Account { account: &'p str },
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Part { conversation, message, part } => {
                write!(f, "conversation {conversation}, message {message}, part {part}")
            }
            Self::Copy { copy, part } => write!(f, "feedback copy {copy}, part {part}"),
            Self::Conversation { conversation } => write!(f, "conversation {conversation}"),
            Self::Account { account } => write!(f, "account {account}"),
        }
    }
}

/// What sets decided about a history, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many rows were decided.
    pub rows: u64,
    /// On how many of them not all sets decided alike.
    pub differing: u64,
    /// One for each set, in their order.
    pub sets: Vec<SetSummary>,
    /// How many differing rows have a pattern that is not in `patterns`, since there were too many.
    pub unlisted: u64,
    patterns: BTreeMap<Vec<bool>, Pattern>,
}

/// What one set decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetSummary {
    /// The set's id.
    pub id: String,
    /// How many rows it permits.
    pub permitted: u64,
    /// How many it denies because a rule forbids it, or a policy erred.
    pub forbidden: u64,
    /// How many it denies because nothing permits it.
    pub unpermitted: u64,
    /// How many it denies only because of what is not published.
    pub not_published: u64,
    /// How many rows there are for each decision with its reasons.
    pub reasons: BTreeMap<(bool, Vec<Arc<str>>), u64>,
}

/// Rows that the same sets permit and the same sets deny.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// How many.
    pub rows: u64,
    /// One of them: the first in the bytewise order of this text.
    pub example: String,
    /// How each set decided about it, in the order of the sets.
    pub decisions: Vec<SetDecision>,
}

impl Summary {
    pub(crate) fn new(sides: &[Side<'_>]) -> Self {
        let empty =
            |side: &Side<'_>| SetSummary { id: side.set.id().to_owned(), ..SetSummary::default() };
        Self { sets: sides.iter().map(empty).collect(), ..Self::default() }
    }

    /// Counts a row, if sets were compared.
    pub(crate) fn add(&mut self, place: &Place<'_>, decisions: Option<&SetDecisions>) {
        let Some(SetDecisions(decisions)) = decisions else { return };
        self.rows += 1;
        for (set, (_, decision)) in self.sets.iter_mut().zip(decisions) {
            set.add(decision);
        }
        let key: Vec<bool> = decisions.iter().map(|(_, decision)| decision.permits()).collect();
        if key.iter().all(|permits| Some(permits) == key.first()) {
            return;
        }
        self.differing += 1;
        let listed = self.patterns.len();
        let found = self.patterns.get_mut(&key);
        let example = place.to_string();
        if let Some(pattern) = found {
            pattern.rows += 1;
            if example >= pattern.example {
                return;
            }
            pattern.example = example;
            pattern.decisions = decisions.iter().map(|(_, decision)| decision.clone()).collect();
        } else if listed < PATTERNS_MAX {
            let decisions = decisions.iter().map(|(_, decision)| decision.clone()).collect();
            self.patterns.insert(key, Pattern { rows: 1, example, decisions });
        } else {
            self.unlisted += 1;
        }
    }

    /// The ways in which the sets differ, the most frequent first; of equally frequent ones, the one
    /// with the earlier example.
    #[must_use]
    pub fn patterns(&self) -> Vec<&Pattern> {
        let mut patterns: Vec<&Pattern> = self.patterns.values().collect();
        patterns.sort_by(|one, other| {
            other.rows.cmp(&one.rows).then_with(|| one.example.cmp(&other.example))
        });
        patterns
    }
}

impl SetSummary {
    fn add(&mut self, decision: &SetDecision) {
        *match decision {
            SetDecision { decision: "permit", .. } => &mut self.permitted,
            SetDecision { not_published: true, .. } => &mut self.not_published,
            SetDecision { reasons, .. } if reasons.is_empty() => &mut self.unpermitted,
            SetDecision { .. } => &mut self.forbidden,
        } += 1;
        let key = (decision.permits(), decision.reasons.clone());
        if self.reasons.len() < REASONS_MAX || self.reasons.contains_key(&key) {
            *self.reasons.entry(key).or_default() += 1;
        }
    }
}
