//! What all facts keep to, whatever happened, as Cedar says it: the schema of rows, and the laws of
//! folding. A second statement of what `consentry-policy` searches within; the tests hold the one to
//! the other.

use cedar_policy::{ActionConstraint, Policy, ResourceConstraint};
use consentry_model::facts::{Attribute as A, Resource, Type};
use consentry_policy::PolicySet;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;

/// How the rows about a kind of resource carry an attribute.
const fn carries(resource: Resource, attribute: A) -> Option<bool> {
    let account = matches!(resource, Resource::Account);
    let conversation = matches!(resource, Resource::Conversation);
    let part = matches!(resource, Resource::Part);
    let copy = matches!(resource, Resource::FeedbackPart);
    let (is_there, always) = match attribute {
        A::Plan => (!copy, !part),
        A::Choice | A::Adult | A::AccountHeld => (!copy, true),
        A::ChoiceSince
        | A::TrustedTesterSince
        | A::DevelopmentPartnerSince
        | A::AccountClosedAt
        | A::Region => (!copy, false),
        A::EarliestDeadline => (account, false),
        A::Surface | A::Incognito | A::StartedAt | A::LastActivity | A::ConversationHeld => {
            (conversation || part, true)
        }
        A::App | A::DeletedAt | A::FlaggedAt => (conversation || part, false),
        A::At => (part, true),
        A::Role | A::Kind | A::Origin => (part || copy, true),
        A::Connector => (part || copy, false),
        A::FeedbackAt | A::Rating => (copy, true),
    };
    if is_there { Some(always) } else { None }
}

/// A schema with the actions of these sets and every attribute that rows carry.
pub(crate) fn schema(sets: &[&PolicySet]) -> String {
    let kinds = [Resource::Part, Resource::FeedbackPart, Resource::Conversation, Resource::Account];
    let mut text = "entity Provider;\n".to_owned();
    for kind in kinds {
        // Writing to a string cannot fail.
        let _ = write!(text, "entity {} = {{ ", kind.as_str());
        for attribute in A::ALL {
            let Some(always) = carries(kind, *attribute) else { continue };
            let optional = if always { "" } else { "?" };
            let of_type = match attribute.type_of() {
                Type::Text => "String",
                Type::Bool => "Bool",
                Type::Time => "datetime",
            };
            let _ = write!(text, "{}{optional}: {of_type}, ", attribute.as_str());
        }
        text.push_str("};\n");
    }
    let mut actions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (action, applies_to) in sets.iter().flat_map(|set| set.actions()) {
        let kinds = applies_to.iter().map(|kind| kind.as_str());
        actions.entry(action).or_default().extend(kinds);
    }
    for (action, kinds) in actions {
        let kinds: Vec<_> = kinds.into_iter().collect();
        let _ = writeln!(
            text,
            "action \"{}\" appliesTo {{ principal: Provider, resource: [{}], \
             context: {{ now: datetime, purpose: String }} }};",
            action.escape_default(),
            kinds.join(", ")
        );
    }
    text
}

/// The condition that a row about this kind of resource keeps to.
pub(crate) fn laws(resource: Resource) -> String {
    let mut laws = vec![within_range("context.now")];
    for attribute in A::ALL {
        let Some(always) = carries(resource, *attribute) else { continue };
        let name = attribute.as_str();
        let of = format!("resource.{name}");
        let mut about = Vec::new();
        if let Some(words) = attribute.words() {
            about.push(format!("{words:?}.contains({of})"));
        }
        if attribute.type_of() == Type::Time {
            about.push(within_range(&of));
            if *attribute != A::EarliestDeadline {
                about.push(format!("{of} <= context.now"));
            }
        }
        if !about.is_empty() {
            let about = about.join(" && ");
            laws.push(if always {
                format!("({about})")
            } else {
                // What `has` makes sure of reaches only into `&&` and `then`.
                format!("(if resource has {name} then ({about}) else true)")
            });
        }
    }
    if carries(resource, A::Choice).is_some() {
        laws.push("((resource.choice == \"unset\") == !(resource has choice_since))".to_owned());
    }
    if carries(resource, A::LastActivity).is_some() {
        laws.push("resource.started_at <= resource.last_activity".to_owned());
    }
    match resource {
        Resource::Part => {
            laws.push("resource.at <= resource.last_activity".to_owned());
            laws.push("(resource has plan || resource.at < context.now)".to_owned());
        }
        Resource::FeedbackPart => laws.push("resource.origin != \"connector\"".to_owned()),
        Resource::Conversation | Resource::Account => {}
    }
    laws.join(" && ")
}

fn within_range(of: &str) -> String {
    format!("datetime(\"0000-01-01\") <= {of} && {of} <= datetime(\"9999-12-31T23:59:59.999Z\")")
}

/// Whether the scope of a policy covers an action on a kind of resource.
pub(crate) fn is_about(policy: &Policy, action: &str, resource: Resource) -> bool {
    let names = |uid: &cedar_policy::EntityUid| uid.id().unescaped() == action;
    let of_action = match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(uid) => names(&uid),
        ActionConstraint::In(uids) => uids.iter().any(names),
    };
    let of_resource = match policy.resource_constraint() {
        ResourceConstraint::Is(kind) | ResourceConstraint::IsIn(kind, _) => {
            kind.to_string() == resource.as_str()
        }
        ResourceConstraint::Any | ResourceConstraint::In(_) | ResourceConstraint::Eq(_) => true,
    };
    of_action && of_resource
}

/// The policy, asked only about rows that keep to the laws, which the conditions of `laws` are:
/// elsewhere it cannot err.
pub(crate) fn within(policy: &Policy, laws: &Policy) -> Result<Policy, Box<dyn Error>> {
    let (mut json, laws) = (policy.to_json()?, laws.to_json()?);
    let conditions = |json: &Value| json.get("conditions").and_then(Value::as_array).cloned();
    let mut all = conditions(&laws).unwrap_or_default();
    all.extend(conditions(&json).unwrap_or_default());
    if let Some(object) = json.as_object_mut() {
        object.insert("conditions".to_owned(), Value::Array(all));
    }
    Ok(Policy::from_json(Some(policy.id().clone()), json)?)
}
