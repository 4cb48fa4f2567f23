//! Where two policy sets disagree, for whom, and with which policies.
//!
//! For every action, kind of resource and purpose, the policies of both sets become conditions on
//! the same unknown row of facts ([`crate::symbols`]), and the solver of [`crate::logic`] looks for
//! a row on which one set permits and the other denies. What is found is brought to its simplest
//! form, named by the policies that make the difference, decided again by every engine that was
//! given, and excluded with everything else that the same policies account for; until there is
//! nothing left. As the solver is complete, "nothing" is a proof.

use crate::cedar::CedarEngine;
use crate::engine::{Decision, Engine, Request, RequestError, Retention};
use crate::field;
use crate::set::PolicySet;
use crate::witness::Witness;
use consentry_model::facts::Resource;
use std::sync::Arc;

mod groups;
mod search;

pub use groups::{Against, Fixture, Group, Kind};

/// Which questions to compare, and how closely.
#[derive(Clone, Debug, Default)]
pub struct Comparing {
    /// Only this action; all by default.
    pub action: Option<String>,
    /// Only this purpose; by default every one that either set names, and one that neither does.
    pub purpose: Option<String>,
    /// Whether to compare the reasons of equal decisions too, for policies with the same id.
    pub reasons: bool,
}

/// An engine for each of the two sets, to confirm every witness.
#[derive(Clone, Copy)]
pub struct Confirming<'e> {
    /// The name of the engine, for messages.
    pub name: &'e str,
    /// Decides with the first set.
    pub first: &'e dyn Engine,
    /// Decides with the second set.
    pub second: &'e dyn Engine,
}

/// What came of comparing two sets.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// The disagreements, in the order of actions, kinds of resource and policies.
    pub groups: Vec<Group>,
    /// Actions with a kind of resource that only one set knows: the action, what it is about there,
    /// and whether it is the first set that knows it.
    pub alone: Vec<(String, Resource, bool)>,
    /// How many questions were searched: one for each action, kind of resource and purpose.
    pub questions: usize,
    /// How many of them have no disagreement.
    pub equal: usize,
    /// How many comparisons of instants and how many gates the search was over.
    pub comparisons: usize,
    /// Why the search may have missed something; nothing if it is complete.
    pub incomplete: Vec<String>,
}

impl Differences {
    /// Whether the sets were shown to agree on everything that was compared.
    #[must_use]
    pub fn are_equivalent(&self) -> bool {
        self.groups.is_empty() && self.alone.is_empty() && self.incomplete.is_empty()
    }
}

/// Why sets cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// Neither set knows the action.
    #[error("neither set knows the action `{action}`: their actions are {}", crate::schema::list(.known))]
    UnknownAction {
        /// What was asked for.
        action: String,
        /// What either set knows.
        known: Vec<String>,
    },
    /// An engine could not answer.
    #[error("a witness cannot be decided: {0}")]
    Request(#[from] RequestError),
    /// An engine does not confirm a witness: a mistake in Consentry.
    #[error(
        "the engine `{engine}` does not confirm a disagreement that the search found for `{action}` \
         (please report this): {sentence}"
    )]
    Unconfirmed {
        /// Which engine.
        engine: String,
        /// The action.
        action: String,
        /// The witness.
        sentence: String,
    },
}

/// What the two sets answer about a witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// The first set's decision.
    pub first: Decision,
    /// The second set's.
    pub second: Decision,
}

/// Until when each set keeps a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates {
    /// The instant of the question: as soon as the facts are so.
    pub now: consentry_model::Instant,
    /// The first set's answer.
    pub first: Retention,
    /// The second set's.
    pub second: Retention,
}

/// Finds where two sets disagree.
///
/// Retention needs no search of its own: dates differ for a row exactly if decisions do at some
/// instant. The witnesses for `retain` carry the dates of both sets.
///
/// # Errors
///
/// When neither set knows the action that is asked for, or an engine does not confirm a witness.
///
/// # Example
///
/// ```
/// use consentry_policy::{Comparing, Confirming, CedarEngine, PolicySet, compare};
/// use std::sync::Arc;
/// let set = Arc::new(PolicySet::shipped("claude-consumer")?);
/// let engine = CedarEngine::plain(Arc::clone(&set));
/// let confirming = [Confirming { name: "cedar", first: &engine, second: &engine }];
/// let differences = compare(&set, &set, &Comparing::default(), &confirming)?;
/// assert!(differences.are_equivalent());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare(
    first: &Arc<PolicySet>,
    second: &Arc<PolicySet>,
    comparing: &Comparing,
    confirming: &[Confirming<'_>],
) -> Result<Differences, CompareError> {
    let mut questions = Vec::new();
    let mut differences = Differences::default();
    let known = known_actions(first, second);
    if let Some(action) = &comparing.action
        && !known.contains(action)
    {
        return Err(CompareError::UnknownAction { action: action.clone(), known });
    }
    let asked = |action: &&String| comparing.action.as_ref().is_none_or(|only| only == *action);
    for action in known.iter().filter(asked) {
        for resource in
            [Resource::Part, Resource::FeedbackPart, Resource::Conversation, Resource::Account]
        {
            let knows = |set: &PolicySet| {
                set.applies_to(action).is_ok_and(|applies_to| applies_to.contains(&resource))
            };
            match (knows(first), knows(second)) {
                (true, true) => questions.push((action, resource)),
                (false, false) => {}
                (is_first, _) => differences.alone.push((action.clone(), resource, is_first)),
            }
        }
    }
    let plain = [CedarEngine::plain(Arc::clone(first)), CedarEngine::plain(Arc::clone(second))];
    for (action, resource) in questions {
        let purposes = match &comparing.purpose {
            Some(purpose) => vec![purpose.clone()],
            None => field::purposes(&[first, second], action, resource),
        };
        if field::say_the_same(first, second, action, resource) {
            // The same policies, word for word, have nothing to search for.
            differences.questions += purposes.len();
            differences.equal += purposes.len();
            continue;
        }
        let mut search = search::Search {
            sets: [first, second],
            plain: &plain,
            confirming,
            action,
            resource,
            reasons: comparing.reasons,
            all: purposes.len(),
            found: Vec::new(),
        };
        for purpose in &purposes {
            let before = search.found.len();
            search.purpose(purpose, &mut differences)?;
            differences.questions += 1;
            differences.equal += usize::from(search.found.len() == before);
        }
        differences.groups.extend(search.into_groups());
    }
    Ok(differences)
}

/// The actions of both sets, those about parts first, as people think of them.
fn known_actions(first: &PolicySet, second: &PolicySet) -> Vec<String> {
    let mut known: Vec<String> =
        first.actions().chain(second.actions()).map(|(action, _)| action.to_owned()).collect();
    let usual = ["train", "retain", "analyze", "sell", "recall", "converse"];
    let place =
        |action: &String| usual.iter().position(|usual| usual == action).unwrap_or(usual.len());
    known.sort_by(|one, other| (place(one), one).cmp(&(place(other), other)));
    known.dedup();
    known
}

impl std::fmt::Debug for Confirming<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Confirming").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Witness {
    /// What engines for two sets answer about it.
    ///
    /// # Errors
    ///
    /// When a set does not know the action, or it is about something else.
    pub fn answers(
        &self,
        action: &str,
        first: &dyn Engine,
        second: &dyn Engine,
    ) -> Result<Answers, RequestError> {
        let request = Request { action, purpose: &self.purpose, now: self.now };
        let one = |engine: &dyn Engine| {
            let decision = engine.decide_all(&request, &[self.row()])?.into_iter().next();
            decision.ok_or_else(|| RequestError::Cedar("a row has no answer".to_owned()))
        };
        Ok(Answers { first: one(first)?, second: one(second)? })
    }
}
