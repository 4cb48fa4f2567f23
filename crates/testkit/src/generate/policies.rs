//! Policies of every shape that a schema allows, for holding one engine to another.
//!
//! What comes out has the right types, but a set may still be refused: a policy that can never be
//! satisfied, or one on retention whose dates cannot be derived. Whoever generates tries again.

use super::chance::Chance;
use consentry_model::facts::{Attribute, Resource, Type};
use std::collections::HashMap;
use std::sync::LazyLock;

mod expression;

use expression::Writer;

/// The schema that the policies are of: every attribute of every kind of resource.
pub const SCHEMA: &str = include_str!("../../../../policies/claude-consumer/schema.cedarschema");

/// What a generated policy is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The action.
    pub action: &'static str,
    /// What the action applies to.
    pub resources: &'static [Resource],
    /// Whether the present instant may only be compared, as retention asks for.
    pub is_derivable: bool,
}

/// Every action of [`SCHEMA`] with what it applies to, one for each way of applying.
pub const ABOUT: [About; 4] = [
    About {
        action: "train",
        resources: &[Resource::Part, Resource::FeedbackPart],
        is_derivable: false,
    },
    About { action: "recall", resources: &[Resource::Conversation], is_derivable: false },
    About { action: "converse", resources: &[Resource::Account], is_derivable: false },
    About {
        action: "retain",
        resources: &[Resource::Part, Resource::FeedbackPart],
        is_derivable: true,
    },
];

/// The conditions and scope of one policy, without annotations and the final `;`.
pub fn policy(chance: &mut Chance, about: &About) -> String {
    let effect = if chance.percent(65) { "permit" } else { "forbid" };
    let resource = chance.pick(about.resources);
    let is_any = chance.percent(15);
    let scope =
        if is_any { "resource".to_owned() } else { format!("resource is {}", resource.as_str()) };
    let mut text = format!("{effect}(principal, action == Action::\"{}\", {scope})", about.action);
    // What is kept until an instant is most often kept by a plain limit.
    if about.is_derivable && !is_any && chance.percent(60) {
        let limit = Writer::new(chance, resource, true).limit();
        return format!("{text}\nwhen {{ {limit} }}");
    }
    for _ in 0..chance.below(3) + 1 {
        let keyword = if chance.percent(75) { "when" } else { "unless" };
        let mut writer = Writer::new(chance, resource, about.is_derivable);
        // Unless it is about this kind alone, only what every kind has may be asked.
        let condition = if is_any && about.resources.len() > 1 {
            let inner = writer.truth(3);
            format!("resource is {} && ({inner})", resource.as_str())
        } else {
            writer.truth(4)
        };
        text.push_str(&format!("\n{keyword} {{ {condition} }}"));
    }
    text
}

/// Whether rows about a kind of resource have an attribute: not, sometimes, always.
pub fn carried(resource: Resource, attribute: Attribute) -> Option<bool> {
    static CARRIED: LazyLock<HashMap<(Resource, Attribute), bool>> = LazyLock::new(|| {
        let all =
            [Resource::Part, Resource::FeedbackPart, Resource::Conversation, Resource::Account]
                .into_iter()
                .flat_map(|resource| {
                    Attribute::ALL.iter().map(move |attribute| (resource, *attribute))
                });
        all.filter_map(|place| Some((place, declared(place.0, place.1)?))).collect()
    });
    CARRIED.get(&(resource, attribute)).copied()
}

/// What the schema says.
fn declared(resource: Resource, attribute: Attribute) -> Option<bool> {
    let begin = SCHEMA.find(&format!("entity {} = {{", resource.as_str()))?;
    let entity = SCHEMA.get(begin..)?;
    let entity = entity.get(..entity.find('}')?)?;
    let line = entity.lines().map(str::trim).find(|line| {
        line.strip_prefix(attribute.as_str()).is_some_and(|rest| rest.starts_with([':', '?']))
    })?;
    Some(!line.contains('?'))
}

/// The attributes of a type that rows about a kind of resource have, each with whether always.
fn attributes(resource: Resource, of: Type) -> Vec<(Attribute, bool)> {
    let all = Attribute::ALL.iter().filter(|attribute| attribute.type_of() == of);
    all.filter_map(|attribute| Some((*attribute, carried(resource, *attribute)?))).collect()
}
