//! A set's schema: what its policies may ask about, held to what Consentry can answer.

use crate::problem::{File, Problem};
use crate::syntax;
use consentry_model::facts::{Attribute, Resource, Type};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The type of the one who asks, and of every principal.
pub(crate) const PRINCIPAL: &str = "Provider";

const RESOURCES: [Resource; 4] =
    [Resource::Part, Resource::FeedbackPart, Resource::Conversation, Resource::Account];

/// The resource type with this name in a schema.
pub(crate) fn resource_named(name: &str) -> Option<Resource> {
    RESOURCES.into_iter().find(|resource| resource.as_str() == name)
}

/// Whether rows of facts about a kind of resource carry an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Supply {
    /// Every row does.
    Always,
    /// Some rows do.
    Sometimes,
    /// No row does.
    Never,
}

/// What the constructors of [`consentry_model::facts::Facts`] set for a kind of resource.
pub(crate) const fn supply(resource: Resource, attribute: Attribute) -> Supply {
    use Attribute as A;
    let is_account = matches!(resource, Resource::Account);
    let is_part = matches!(resource, Resource::Part);
    let is_copy = matches!(resource, Resource::FeedbackPart);
    let (carried, always) = match attribute {
        A::Plan => (!is_copy, !is_part),
        A::Choice | A::Adult | A::AccountHeld => (!is_copy, true),
        A::ChoiceSince
        | A::TrustedTesterSince
        | A::DevelopmentPartnerSince
        | A::AccountClosedAt
        | A::Region => (!is_copy, false),
        A::EarliestDeadline => (is_account, false),
        A::Surface | A::Incognito | A::StartedAt | A::LastActivity | A::ConversationHeld => {
            (!is_copy && !is_account, true)
        }
        A::App | A::DeletedAt | A::FlaggedAt => (!is_copy && !is_account, false),
        A::At => (is_part, true),
        A::Role | A::Kind | A::Origin => (is_part || is_copy, true),
        A::Connector => (is_part || is_copy, false),
        A::FeedbackAt | A::Rating => (is_copy, true),
    };
    match (carried, always) {
        (false, _) => Supply::Never,
        (true, true) => Supply::Always,
        (true, false) => Supply::Sometimes,
    }
}

/// A schema that Consentry can answer.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) cedar: cedar_policy::Schema,
    /// What each action applies to: one or both of `Part` and `FeedbackPart`, or one of the others.
    pub(crate) actions: BTreeMap<Arc<str>, Vec<Resource>>,
}

/// Reads and checks a schema. Everything that is wrong with it goes to `problems`; `None` when
/// anything is.
pub(crate) fn load(file: &File, problems: &mut Vec<Problem>) -> Option<Schema> {
    let cedar = match cedar_policy::Schema::from_cedarschema_str(&file.text) {
        Ok((schema, warnings)) => {
            problems.extend(warnings.map(|warning| {
                Problem::warning("schema::warning", warning.to_string()).in_file(file)
            }));
            schema
        }
        Err(error) => {
            problems.push(Problem::wrap("schema::invalid", &error, file, 0));
            return None;
        }
    };
    let warned = problems.len();
    let json = match cedar_policy::schema_str_to_json_with_resolved_types(&file.text) {
        Ok((json, _)) => json,
        Err(error) => {
            problems.push(Problem::wrap("schema::invalid", &error, file, 0));
            return None;
        }
    };
    let mut check = Check { file, common: &Json::Null, problems };
    let actions = check.namespaces(&json);
    (problems.len() == warned).then_some(Schema { cedar, actions })
}

/// A type of the schema, as far as it concerns facts.
#[derive(Debug)]
enum Shape<'j> {
    Simple(Type),
    Record(Vec<(&'j str, &'j Json, bool)>),
    Other(String),
}

struct Check<'a> {
    file: &'a File,
    /// The declared types, for looking up names.
    common: &'a Json,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Check<'a> {
    fn namespaces(&mut self, json: &'a Json) -> BTreeMap<Arc<str>, Vec<Resource>> {
        let mut actions = BTreeMap::new();
        for (name, namespace) in entries(json) {
            if !name.is_empty() {
                let message = format!("the namespace `{name}` is not one that Consentry can use");
                let help = "declare entity types and actions outside of any namespace";
                let span = syntax::declaration(&self.file.text, "namespace", &[name]);
                self.report("schema::namespace", message, help, span);
                continue;
            }
            self.common = &namespace["commonTypes"];
            for (name, entity) in entries(&namespace["entityTypes"]) {
                self.entity(name, entity);
            }
            for (name, action) in entries(&namespace["actions"]) {
                let applies_to = self.action(name, action);
                actions.insert(Arc::from(name), applies_to);
            }
        }
        actions
    }

    fn report(
        &mut self,
        code: &'static str,
        message: String,
        help: impl Into<String>,
        span: Option<std::ops::Range<usize>>,
    ) {
        let problem = Problem::error(code, message).help(help);
        self.problems.push(match span {
            Some(span) => problem.at(self.file, span),
            None => problem.in_file(self.file),
        });
    }

    fn entity(&mut self, name: &str, entity: &'a Json) {
        let span = syntax::declaration(&self.file.text, "entity", &[name]);
        let resource = resource_named(name);
        if resource.is_none() && name != PRINCIPAL {
            let message = format!("Consentry has no facts about `{name}`");
            let help = "the entity types are `Part`, `FeedbackPart`, `Conversation`, `Account`, \
                        and `Provider` for the one who asks";
            self.report("schema::entity-type", message, help, span);
            return;
        }
        for (key, what) in
            [("memberOfTypes", "parents"), ("tags", "tags"), ("enum", "a fixed list of ids")]
        {
            if !is_empty(&entity[key]) {
                let message = format!("`{name}` is declared with {what}, which it never has");
                self.report("schema::entity-type", message, "leave it out", span.clone());
            }
        }
        let attributes = match self.shape(&entity["shape"]) {
            Some(Shape::Record(attributes)) => attributes,
            None => Vec::new(),
            Some(_) => {
                let message = format!("`{name}` is not declared as a record of attributes");
                let help = "write `entity NAME = { attribute: Type, … };`";
                self.report("schema::entity-type", message, help, span);
                return;
            }
        };
        for (attribute, json, required) in attributes {
            self.attribute(name, resource, attribute, json, required);
        }
    }

    fn attribute(
        &mut self,
        entity: &str,
        resource: Option<Resource>,
        name: &str,
        json: &'a Json,
        required: bool,
    ) {
        let span = syntax::declaration(&self.file.text, "entity", &[entity, name]);
        let known = Attribute::from_name(name).zip(resource);
        let known =
            known.filter(|(attribute, resource)| supply(*resource, *attribute) != Supply::Never);
        let Some((attribute, resource)) = known else {
            let message = format!("Consentry has no fact `{name}` about `{entity}`");
            let help = resource.map_or_else(
                || format!("`{entity}` has no attributes"),
                |resource| format!("the facts are {}", list(&carried(resource))),
            );
            self.report("schema::attribute", message, help, span);
            return;
        };
        let wanted = match attribute.type_of() {
            Type::Text => "String",
            Type::Bool => "Bool",
            Type::Time => "datetime",
        };
        let found = self.shape(json);
        if !matches!(found, Some(Shape::Simple(simple)) if simple == attribute.type_of()) {
            let found = found.map_or_else(String::new, |found| found.describe());
            let message = format!("`{entity}.{name}` is declared as {found}, but it is {wanted}");
            let help = format!("write `{name}: {wanted}`");
            self.report("schema::attribute", message, help, span.clone());
        }
        if required && supply(resource, attribute) == Supply::Sometimes {
            let message =
                format!("`{entity}.{name}` is declared as always there, but may be absent");
            let help = format!("write `{name}?: {wanted}`, and ask `resource has {name}` first");
            self.report("schema::attribute", message, help, span);
        }
    }

    fn action(&mut self, name: &str, action: &'a Json) -> Vec<Resource> {
        let span = syntax::declaration(&self.file.text, "action", &[name]);
        if !is_empty(&action["memberOf"]) || !is_empty(&action["attributes"]) {
            let message = format!("the action `{name}` is declared with groups or attributes");
            let help = "list the actions in the policies instead: `action in [Action::\"…\", …]`";
            self.report("schema::action", message, help, span.clone());
        }
        let applies = &action["appliesTo"];
        let names = |json: &'a Json| -> Vec<&'a str> {
            let all = json.as_array().into_iter().flatten();
            all.filter_map(Json::as_str).collect()
        };
        if names(&applies["principalTypes"]) != [PRINCIPAL] {
            let message = format!("the action `{name}` is not asked by `{PRINCIPAL}` alone");
            let help = format!("write `principal: {PRINCIPAL}`");
            self.report("schema::action", message, help, span.clone());
        }
        let named = names(&applies["resourceTypes"]);
        let mut resources: Vec<_> = named.iter().filter_map(|name| resource_named(name)).collect();
        resources.sort_unstable();
        let is_one_kind =
            matches!(resources.as_slice(), [_] | [Resource::Part, Resource::FeedbackPart]);
        if !is_one_kind || resources.len() != named.len() {
            let message = format!("the action `{name}` does not say clearly what it applies to");
            let help = "an action applies to `Part`, `FeedbackPart` or both of them, to \
                        `Conversation`, or to `Account`";
            self.report("schema::action", message, help, span.clone());
        }
        let Some(Shape::Record(context)) = self.shape(&applies["context"]) else {
            return resources;
        };
        for (key, json, _) in context {
            let right = match (key, self.shape(json)) {
                ("now", Some(Shape::Simple(found))) => found == Type::Time,
                ("purpose", Some(Shape::Simple(found))) => found == Type::Text,
                _ => false,
            };
            if !right {
                let message = format!("the action `{name}` is not given `{key}` in its context");
                let help = "the context is `{ now: datetime, purpose: String }`";
                self.report("schema::action", message, help, span.clone());
            }
        }
        resources
    }

    /// What a type of the schema is. `None` where nothing is declared.
    fn shape(&self, json: &'a Json) -> Option<Shape<'a>> {
        let mut json = json;
        // Cedar refuses types that are defined by themselves, so the names run out.
        loop {
            let name = json["type"].as_str()?;
            let simple = match name.strip_prefix("__cedar::").unwrap_or(name) {
                "String" => Shape::Simple(Type::Text),
                "Bool" | "Boolean" => Shape::Simple(Type::Bool),
                "datetime" => Shape::Simple(Type::Time),
                "Record" => Shape::Record(
                    entries(&json["attributes"])
                        .map(|(name, json)| (name, json, json["required"] != Json::Bool(false)))
                        .collect(),
                ),
                "Set" | "Entity" => Shape::Other(name.to_owned()),
                name => match self.common.get(name) {
                    Some(named) => {
                        json = named;
                        continue;
                    }
                    None => Shape::Other(name.to_owned()),
                },
            };
            return Some(simple);
        }
    }
}

impl Shape<'_> {
    fn describe(&self) -> String {
        match self {
            Self::Simple(Type::Text) => "String".to_owned(),
            Self::Simple(Type::Bool) => "Bool".to_owned(),
            Self::Simple(Type::Time) => "datetime".to_owned(),
            Self::Record(_) => "a record".to_owned(),
            Self::Other(name) => name.clone(),
        }
    }
}

fn entries(json: &Json) -> impl Iterator<Item = (&str, &Json)> {
    json.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn is_empty(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(items) => items.is_empty(),
        _ => false,
    }
}

/// The names of the facts about a kind of resource.
pub(crate) fn carried(resource: Resource) -> Vec<&'static str> {
    let all = Attribute::ALL.iter().copied();
    all.filter(|attribute| supply(resource, *attribute) != Supply::Never)
        .map(Attribute::as_str)
        .collect()
}

/// Names for people: `` `a`, `b` ``.
pub(crate) fn list<T: AsRef<str>>(names: &[T]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests;
