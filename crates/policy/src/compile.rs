//! Sorting the policies of a set by what they are about, so that a question concerns only those
//! that can have a say.

use crate::annotations::PolicyInfo;
use crate::expr::Reads;
use crate::load::PRINCIPAL_ID;
use crate::lower::{self, Unlowerable};
use crate::schema::{PRINCIPAL, Schema, resource_named};
use crate::set::{Action, Rules};
use crate::time::Comparison;
use cedar_policy::{
    ActionConstraint, EntityId, EntityTypeName, EntityUid, Policy, ResourceConstraint,
};
use consentry_columnar::{About, Effect};
use consentry_model::facts::Resource;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The id of the resource in every request: facts have none.
pub(crate) const RESOURCE_ID: &str = "it";

/// A policy that was read and checked.
pub(crate) struct Ready<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) info: &'p PolicyInfo,
    pub(crate) reads: &'p Reads,
    pub(crate) turns: Option<&'p [Comparison]>,
}

/// Why the policies of a set could not be made ready although nothing is wrong with them: a mistake
/// in Consentry.
pub(crate) type Mishap = Box<dyn std::error::Error>;

/// Why the policies of a set are not ready.
pub(crate) enum Unready {
    /// A policy cannot be lowered.
    Unlowerable(Unlowerable),
    /// A mistake in Consentry.
    Mishap(Mishap),
}

impl<E: Into<Mishap>> From<E> for Unready {
    fn from(mishap: E) -> Self {
        Self::Mishap(mishap.into())
    }
}

/// The one who asks.
pub(crate) fn principal() -> Result<EntityUid, Mishap> {
    uid(PRINCIPAL, PRINCIPAL_ID)
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, Mishap> {
    let kind: EntityTypeName = kind.parse()?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

/// The actions of the schema with the policies about each, for a set of this id and hash.
pub(crate) fn actions(
    (set, hash): (&str, &str),
    policies: &[Ready<'_>],
    schema: &Schema,
) -> Result<BTreeMap<Arc<str>, Action>, Unready> {
    let mut actions = BTreeMap::new();
    for (name, applies_to) in &schema.actions {
        let rules = applies_to.iter().map(|resource| rules(policies, name, *resource));
        let rules = rules.collect::<Result<Vec<Rules>, Mishap>>()?;
        let turns = rules.iter().map(|rules| rules.turns.clone());
        let turns = turns.collect::<Result<Vec<_>, _>>().map(|turns| turns.concat());
        let about = About {
            set: set.into(),
            set_hash: hash.into(),
            action: Arc::clone(name),
            resources: applies_to.clone(),
        };
        let program = lower::program(about, policies, &turns).map_err(Unready::Unlowerable)?;
        let action = Action {
            uid: uid("Action", name)?,
            rules,
            applies_to: applies_to.clone(),
            program: Arc::new(program),
        };
        actions.insert(Arc::clone(name), action);
    }
    Ok(actions)
}

fn rules(policies: &[Ready<'_>], action: &str, resource: Resource) -> Result<Rules, Mishap> {
    let about: Vec<_> =
        policies.iter().filter(|one| applies(one.policy, action, resource)).collect();
    let side = |effect| {
        let side = about.iter().filter(|one| one.info.effect == effect);
        cedar_policy::PolicySet::from_policies(side.map(|one| one.policy.clone()))
            .map_err(Mishap::from)
    };
    let reads = about.iter().map(|one| one.reads.clone());
    let turns = about.iter().map(|one| {
        let turns = one.turns.ok_or_else(|| Arc::clone(&one.info.id))?;
        Ok(turns.to_vec())
    });
    Ok(Rules {
        resource: uid(resource.as_str(), RESOURCE_ID)?,
        permits: side(Effect::Permit)?,
        forbids: side(Effect::Forbid)?,
        reads: reads.fold(Reads::nothing(), Reads::union),
        turns: turns.collect::<Result<Vec<_>, _>>().map(|turns| turns.concat()),
    })
}

/// Whether the scope of a policy lets it have a say about an action on a kind of resource.
pub(crate) fn applies(policy: &Policy, action: &str, resource: Resource) -> bool {
    let names = |uid: &cedar_policy::EntityUid| uid.id().unescaped() == action;
    let of_action = match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(uid) => names(&uid),
        // The actions of a set are in no groups.
        ActionConstraint::In(uids) => uids.iter().any(names),
    };
    let of_resource = match policy.resource_constraint() {
        ResourceConstraint::Is(kind) | ResourceConstraint::IsIn(kind, _) => {
            resource_named(&kind.to_string()) == Some(resource)
        }
        ResourceConstraint::Any | ResourceConstraint::In(_) | ResourceConstraint::Eq(_) => true,
    };
    of_action && of_resource
}
