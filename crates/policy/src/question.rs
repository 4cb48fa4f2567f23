//! A request in the forms that Cedar and the memory of an engine need.

use crate::engine::{Request, RequestError};
use crate::expr::Reads;
use crate::set::{Action, PolicySet, Rules};
use cedar_policy::{Context, Entities, Entity, EntityUid, RestrictedExpression};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Value};
use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::str::FromStr;

/// A request, prepared for many rows.
pub(crate) struct Question<'s> {
    principal: &'s EntityUid,
    action: &'s EntityUid,
    context: Context,
    key: Vec<u8>,
    /// How much of the key is the same for all rows.
    prefix: usize,
}

impl<'s> Question<'s> {
    pub(crate) fn new(
        set: &'s PolicySet,
        action: &'s Action,
        request: &Request<'_>,
    ) -> Result<Self, RequestError> {
        let purpose = RestrictedExpression::new_string(request.purpose.to_owned());
        let context = Context::from_pairs([
            ("now".to_owned(), instant(request.now)?),
            ("purpose".to_owned(), purpose),
        ]);
        let mut key = Vec::new();
        text(request.action, &mut key);
        text(request.purpose, &mut key);
        key.extend(request.now.millis().to_le_bytes());
        Ok(Self {
            principal: &set.principal,
            action: &action.uid,
            context: context.map_err(refused)?,
            prefix: key.len(),
            key,
        })
    }

    /// The bytes that stand for the request and everything of the row that a policy can read. Two
    /// rows with the same bytes have the same answer.
    pub(crate) fn key(&mut self, reads: &Reads, row: &Facts<'_>) -> &[u8] {
        self.key.truncate(self.prefix);
        self.key.push(row.resource as u8);
        match reads {
            Reads::Only(attributes) => {
                for attribute in attributes {
                    value(row.get(*attribute), &mut self.key);
                }
            }
            Reads::Any => {
                for attribute in Attribute::ALL {
                    value(row.get(*attribute), &mut self.key);
                }
            }
        }
        &self.key
    }

    /// What to give to Cedar: the request, and the row's entity with the attributes in `reads`.
    pub(crate) fn ask(
        &self,
        reads: &Reads,
        rules: &Rules,
        row: &Facts<'_>,
    ) -> Result<(cedar_policy::Request, Entities), RequestError> {
        let mut attributes = HashMap::new();
        for (attribute, value) in row.iter() {
            if let Reads::Only(wanted) = reads
                && !wanted.contains(&attribute)
            {
                continue;
            }
            let value = match value {
                Value::Text(text) => RestrictedExpression::new_string(text.to_owned()),
                Value::Bool(value) => RestrictedExpression::new_bool(value),
                Value::Time(at) => instant(at)?,
            };
            attributes.insert(attribute.as_str().to_owned(), value);
        }
        let resource = &rules.resource;
        let entity = Entity::new(resource.clone(), attributes, HashSet::new()).map_err(refused)?;
        let entities = Entities::from_entities([entity], None).map_err(refused)?;
        let request = cedar_policy::Request::new(
            self.principal.clone(),
            self.action.clone(),
            resource.clone(),
            self.context.clone(),
            None,
        );
        Ok((request.map_err(refused)?, entities))
    }
}

fn refused(error: impl Display) -> RequestError {
    RequestError::Cedar(error.to_string())
}

/// An instant as Cedar's `datetime`.
fn instant(at: Instant) -> Result<RestrictedExpression, RequestError> {
    let (year, ..) = at.date();
    if (0..=9999).contains(&year) {
        return Ok(RestrictedExpression::new_datetime(at.to_string()));
    }
    // Cedar writes no other years.
    let millis = at.millis();
    let text = format!("datetime(\"1970-01-01\").offset(duration(\"{millis}ms\"))");
    RestrictedExpression::from_str(&text).map_err(refused)
}

/// Text with its length before it, so that no two lists of texts have the same bytes.
fn text(text: &str, key: &mut Vec<u8>) {
    key.extend(text.len().to_le_bytes());
    key.extend(text.as_bytes());
}

fn value(value: Option<Value<'_>>, key: &mut Vec<u8>) {
    match value {
        None => key.push(0),
        Some(Value::Bool(value)) => key.push(1 + u8::from(value)),
        Some(Value::Time(at)) => {
            key.push(3);
            key.extend(at.millis().to_le_bytes());
        }
        Some(Value::Text(value)) => {
            key.push(4);
            text(value, key);
        }
    }
}
