//! Rows of facts as test cases write them.

use crate::schema::{self, Supply, list, supply};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Type, Value};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// Attributes by name; a whole row also has `resource`.
pub(super) type Entries = BTreeMap<Spanned<String>, toml::Value>;

/// What is wrong, and where if it is at one place.
type Complaint = (String, Option<Range<usize>>);

/// The facts of `base`, with the attributes of `with` instead of or besides its own, and without
/// those of `without`. What is wrong goes to `problems`.
pub(super) fn build<'c>(
    base: &'c Entries,
    with: &'c Entries,
    without: &[Spanned<String>],
    problems: &mut Vec<Complaint>,
) -> Option<Facts<'c>> {
    let named = base.get("resource").and_then(toml::Value::as_str);
    let Some(resource) = named.and_then(schema::resource_named) else {
        let message = "the row does not say what it is about: add `resource = \"Part\"`, \
                       `\"FeedbackPart\"`, `\"Conversation\"` or `\"Account\"`";
        problems.push((message.to_owned(), None));
        return None;
    };
    let mut facts = Facts::new(resource);
    let base = base.iter().filter(|(name, _)| name.get_ref() != "resource");
    for (name, value) in base.chain(with) {
        match attribute(resource, name)
            .and_then(|attribute| Ok((attribute, fact(attribute, value)?)))
        {
            Ok((attribute, value)) => facts.set(attribute, Some(value)),
            Err(message) => problems.push((message, Some(name.span()))),
        }
    }
    for name in without {
        match attribute(resource, name) {
            Ok(attribute) => facts.set(attribute, None),
            Err(message) => problems.push((message, Some(name.span()))),
        }
    }
    for attribute in Attribute::ALL {
        if supply(resource, *attribute) == Supply::Always && facts.get(*attribute).is_none() {
            let message = format!(
                "the row has no `{}`, which every `{}` has",
                attribute.as_str(),
                resource.as_str()
            );
            problems.push((message, None));
        }
    }
    Some(facts)
}

fn attribute(resource: Resource, name: &Spanned<String>) -> Result<Attribute, String> {
    Attribute::from_name(name.get_ref())
        .filter(|attribute| supply(resource, *attribute) != Supply::Never)
        .ok_or_else(|| {
            format!(
                "`{}` is not a fact about `{}`: those are {}",
                name.get_ref(),
                resource.as_str(),
                list(&schema::carried(resource))
            )
        })
}

fn fact(attribute: Attribute, value: &toml::Value) -> Result<Value<'_>, String> {
    let name = attribute.as_str();
    match attribute.type_of() {
        Type::Text => {
            let text = value.as_str().map(Value::Text);
            text.ok_or_else(|| format!("`{name}` is text, found {}", value.type_str()))
        }
        Type::Bool => {
            let value = value.as_bool().map(Value::Bool).ok_or(value);
            value.map_err(|found| format!("`{name}` is a boolean, found {}", found.type_str()))
        }
        Type::Time => instant(value).map(Value::Time),
    }
}

/// An instant: text or a TOML date and time, RFC 3339 either way.
pub(super) fn instant(value: &toml::Value) -> Result<Instant, String> {
    let text = match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Datetime(datetime) => datetime.to_string(),
        _ => return Err(format!("expected an instant, found {}", value.type_str())),
    };
    Instant::parse(&text).map_err(|error| error.to_string())
}
