//! A policy set that was read, checked and made ready for deciding.

use crate::annotations::PolicyInfo;
use crate::engine::Decision;
use crate::expr::Reads;
use crate::load;
use crate::problem::{LoadError, Problem};
use crate::provisions::Provision;
use crate::sources::Sources;
use crate::time::Comparison;
use cedar_policy::EntityUid;
use consentry_columnar::Program;
use consentry_model::facts::{Attribute, Resource};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A policy set: what a provider may do with which part, and until when.
///
/// # Example
///
/// ```
/// use consentry_policy::PolicySet;
/// let set = PolicySet::shipped("claude-consumer")?;
/// let deleted = set.policy("deleted").map(|policy| policy.title.as_str());
/// assert_eq!(deleted, Some("The conversation was deleted"));
/// # Ok::<(), consentry_policy::LoadError>(())
/// ```
#[derive(Debug)]
pub struct PolicySet {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) control: Option<String>,
    pub(crate) hash: String,
    pub(crate) sources: Sources,
    pub(crate) policies: Vec<PolicyInfo>,
    pub(crate) provisions: BTreeMap<Arc<str>, Provision>,
    pub(crate) actions: BTreeMap<Arc<str>, Action>,
    /// The one who asks, always.
    pub(crate) principal: EntityUid,
    pub(crate) warnings: Vec<Problem>,
}

/// What can be asked, and of which kinds of resource.
#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) uid: EntityUid,
    pub(crate) applies_to: Vec<Resource>,
    /// One for each kind that it applies to, in the same order.
    pub(crate) rules: Vec<Rules>,
    /// The policies about it, lowered.
    pub(crate) program: Arc<Program>,
}

/// The policies that can have a say about one action on one kind of resource.
#[derive(Debug)]
pub(crate) struct Rules {
    /// The resource in every request: facts have no ids.
    pub(crate) resource: EntityUid,
    pub(crate) permits: cedar_policy::PolicySet,
    pub(crate) forbids: cedar_policy::PolicySet,
    pub(crate) reads: Reads,
    /// The comparisons that time can turn, or the id of a policy for which they cannot be derived.
    pub(crate) turns: Result<Vec<Comparison>, Arc<str>>,
}

/// An action that the set does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy set `{set}` knows no action `{action}`: its actions are {}", crate::schema::list(.known))]
pub struct UnknownAction {
    /// The id of the set.
    pub set: String,
    /// What was asked for.
    pub action: String,
    /// What can be asked for.
    pub known: Vec<String>,
}

impl PolicySet {
    /// Reads and checks a set. See `docs/policies.md` for the files that it consists of and for
    /// everything that is refused.
    ///
    /// # Errors
    ///
    /// When anything is wrong with any file, with all that is wrong.
    pub fn load(sources: &Sources) -> Result<Self, LoadError> {
        load::load(sources)
    }

    /// The set of this id that comes with Consentry: one of [`Sources::shipped_ids`].
    ///
    /// # Errors
    ///
    /// When there is no set of that id.
    pub fn shipped(id: &str) -> Result<Self, LoadError> {
        Self::load(&Sources::shipped(id)?)
    }

    /// The set's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the set is about, for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What the provider calls the switch by which people say whether their data is used, if the set
    /// names it.
    #[must_use]
    pub fn control(&self) -> Option<&str> {
        self.control.as_deref()
    }

    /// The hash over all files of the set: see [`Sources::hash`].
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The files of the set. Loading them again gives the same set, with the same hash.
    #[must_use]
    pub const fn files(&self) -> &Sources {
        &self.sources
    }

    /// The policies, in the order of files and lines.
    #[must_use]
    pub fn policies(&self) -> &[PolicyInfo] {
        &self.policies
    }

    /// The policy with this id.
    #[must_use]
    pub fn policy(&self, id: &str) -> Option<&PolicyInfo> {
        self.policies.iter().find(|policy| policy.id.as_ref() == id)
    }

    /// The provisions that can be cited, in the order of their ids.
    pub fn provisions(&self) -> impl Iterator<Item = &Provision> {
        self.provisions.values()
    }

    /// The provision with this id.
    #[must_use]
    pub fn provision(&self, id: &str) -> Option<&Provision> {
        self.provisions.get(id)
    }

    /// The provisions that a policy cites, in the order in which it does. None for an unknown id.
    pub fn cited_by(&self, policy: &str) -> impl Iterator<Item = &Provision> {
        let cites = self.policy(policy).map_or(&[][..], |policy| &policy.cites);
        cites.iter().filter_map(|id| self.provision(id))
    }

    /// What is not published, of those of these policies that stand for that, in their order.
    pub fn unknown<'s>(
        &'s self,
        policies: impl IntoIterator<Item = &'s Arc<str>>,
    ) -> impl Iterator<Item = &'s str> {
        policies.into_iter().filter_map(|id| self.policy(id)?.unknown.as_deref())
    }

    /// Whether a decision denies only because of what is not published: there are reasons, and
    /// each is a policy that stands for that.
    #[must_use]
    pub fn rests_on_unknown(&self, decision: &Decision) -> bool {
        let mut reasons = decision.reasons.iter();
        let is_unknown = |id: &Arc<str>| self.policy(id).is_some_and(|one| one.unknown.is_some());
        !decision.permit && !decision.reasons.is_empty() && reasons.all(is_unknown)
    }

    /// The actions that can be asked for with what each applies to, in the order of their names.
    pub fn actions(&self) -> impl Iterator<Item = (&str, &[Resource])> {
        self.actions.iter().map(|(name, action)| (name.as_ref(), action.applies_to.as_slice()))
    }

    /// What an action applies to: one or both of parts and parts of feedback copies, or
    /// conversations, or accounts.
    ///
    /// # Errors
    ///
    /// When the set does not know the action.
    pub fn applies_to(&self, action: &str) -> Result<&[Resource], UnknownAction> {
        Ok(&self.action(action)?.applies_to)
    }

    /// The policies that can have a say about an action, as a program over columns of facts. It gives
    /// the answers that Cedar gives, row by row.
    ///
    /// # Errors
    ///
    /// When the set does not know the action.
    pub fn program(&self, action: &str) -> Result<&Arc<Program>, UnknownAction> {
        Ok(&self.action(action)?.program)
    }

    /// Whether the answer to an action on a kind of resource can depend on an attribute. Where it
    /// cannot, rows that lack the attribute get the same answer. `false` for an unknown action.
    #[must_use]
    pub fn reads(&self, action: &str, resource: Resource, attribute: Attribute) -> bool {
        let rules = self.actions.get(action).and_then(|action| action.rules(resource));
        rules.is_some_and(|rules| match &rules.reads {
            Reads::Any => true,
            Reads::Only(read) => read.contains(&attribute),
        })
    }

    /// What should be looked at although the set works.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    pub(crate) fn action(&self, action: &str) -> Result<&Action, UnknownAction> {
        self.actions.get(action).ok_or_else(|| UnknownAction {
            set: self.id.clone(),
            action: action.to_owned(),
            known: self.actions.keys().map(ToString::to_string).collect(),
        })
    }
}

impl Action {
    /// The rules for a kind of resource, if the action applies to it.
    pub(crate) fn rules(&self, resource: Resource) -> Option<&Rules> {
        let index = self.applies_to.iter().position(|known| *known == resource)?;
        self.rules.get(index)
    }
}
