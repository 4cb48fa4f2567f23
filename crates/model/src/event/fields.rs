//! Typed access to the fields of a parsed JSON object.

use super::parse::LineError;
use crate::Instant;
use simd_json::{Node, StaticNode};
use std::borrow::Cow;

/// One JSON value: its node and, for arrays and objects, the nodes of its content behind it.
pub(super) type Value<'t, 'l> = &'t [Node<'l>];

/// An object's members.
#[derive(Clone, Copy)]
pub(super) struct Fields<'t, 'l> {
    nodes: Value<'t, 'l>,
    /// How errors call this object: empty for the event itself, `data.` and the like inside.
    path: &'static str,
}

/// How many nodes of the tape a value takes, itself included.
fn extent(value: Value<'_, '_>) -> usize {
    match value.first() {
        Some(Node::Object { count, .. } | Node::Array { count, .. }) => count + 1,
        _ => 1,
    }
}

/// Splits the first value off a run of values.
pub(super) fn next_value<'t, 'l>(run: &mut Value<'t, 'l>) -> Option<Value<'t, 'l>> {
    let (value, rest) = run.split_at_checked(extent(run))?;
    *run = rest;
    (!value.is_empty()).then_some(value)
}

/// The members of an object in the order they are written; nothing for other values.
pub(super) fn members<'t, 'l>(
    object: Value<'t, 'l>,
) -> impl Iterator<Item = (&'l str, Value<'t, 'l>)> {
    let mut run = match object.first() {
        Some(Node::Object { .. }) => object.get(1..).unwrap_or_default(),
        _ => &[],
    };
    std::iter::from_fn(move || match next_value(&mut run)? {
        [Node::String(name)] => Some((*name, next_value(&mut run)?)),
        _ => None,
    })
}

/// The elements of an array; nothing for other values.
pub(super) fn elements<'t, 'l>(array: Value<'t, 'l>) -> impl Iterator<Item = Value<'t, 'l>> {
    let mut run = match array.first() {
        Some(Node::Array { .. }) => array.get(1..).unwrap_or_default(),
        _ => &[],
    };
    std::iter::from_fn(move || next_value(&mut run))
}

fn type_name(value: Value<'_, '_>) -> &'static str {
    match value.first() {
        Some(Node::String(_)) => "a string",
        Some(Node::Object { .. }) => "an object",
        Some(Node::Array { .. }) => "an array",
        Some(Node::Static(StaticNode::Bool(_))) => "true or false",
        Some(Node::Static(StaticNode::Null)) | None => "null",
        Some(Node::Static(_)) => "a number",
    }
}

impl<'t, 'l> Fields<'t, 'l> {
    /// The members of `value`, which must be an object. `path` is what errors put before a name.
    pub(super) fn new(
        value: Value<'t, 'l>,
        what: &'static str,
        path: &'static str,
    ) -> Result<Self, LineError> {
        match value.first() {
            Some(Node::Object { .. }) => Ok(Self { nodes: value, path }),
            _ => Err(LineError::WrongType {
                field: what.to_owned(),
                expected: "an object",
                found: type_name(value),
            }),
        }
    }

    /// The object without members.
    pub(super) const fn empty(path: &'static str) -> Self {
        Self { nodes: &[], path }
    }

    /// A member's value. Of a name that is written twice, the last counts, as JSON parsers do.
    pub(super) fn get(&self, name: &str) -> Option<Value<'t, 'l>> {
        members(self.nodes).filter(|(known, _)| *known == name).map(|(_, value)| value).last()
    }

    /// The whole object, for comparing.
    pub(super) const fn nodes(&self) -> Value<'t, 'l> {
        self.nodes
    }

    fn wrong_type(&self, name: &str, expected: &'static str, value: Value<'_, '_>) -> LineError {
        LineError::WrongType {
            field: format!("{}{name}", self.path),
            expected,
            found: type_name(value),
        }
    }

    fn missing(&self, name: &str) -> LineError {
        LineError::Missing { field: format!("{}{name}", self.path) }
    }

    pub(super) fn optional_str(&self, name: &str) -> Result<Option<&'l str>, LineError> {
        match self.get(name) {
            None => Ok(None),
            Some([Node::String(text)]) => Ok(Some(text)),
            Some(other) => Err(self.wrong_type(name, "a string", other)),
        }
    }

    pub(super) fn str(&self, name: &str) -> Result<&'l str, LineError> {
        self.optional_str(name)?.ok_or_else(|| self.missing(name))
    }

    pub(super) fn optional_text(&self, name: &str) -> Result<Option<Cow<'l, str>>, LineError> {
        Ok(self.optional_str(name)?.map(Cow::Borrowed))
    }

    pub(super) fn text(&self, name: &str) -> Result<Cow<'l, str>, LineError> {
        self.str(name).map(Cow::Borrowed)
    }

    pub(super) fn optional_bool(&self, name: &str) -> Result<Option<bool>, LineError> {
        match self.get(name) {
            None => Ok(None),
            Some([Node::Static(StaticNode::Bool(value))]) => Ok(Some(*value)),
            Some(other) => Err(self.wrong_type(name, "true or false", other)),
        }
    }

    pub(super) fn bool(&self, name: &str) -> Result<bool, LineError> {
        self.optional_bool(name)?.ok_or_else(|| self.missing(name))
    }

    pub(super) fn optional_number(&self, name: &str) -> Result<Option<StaticNode>, LineError> {
        match self.get(name) {
            None => Ok(None),
            Some(
                [
                    Node::Static(
                        number @ (StaticNode::I64(_) | StaticNode::U64(_) | StaticNode::F64(_)),
                    ),
                ],
            ) => Ok(Some(*number)),
            Some(other) => Err(self.wrong_type(name, "a number", other)),
        }
    }

    pub(super) fn array(&self, name: &str) -> Result<Value<'t, 'l>, LineError> {
        match self.get(name) {
            None => Err(self.missing(name)),
            Some(array @ [Node::Array { .. }, ..]) => Ok(array),
            Some(other) => Err(self.wrong_type(name, "an array", other)),
        }
    }

    /// A word of a closed list.
    pub(super) fn word<W: Copy>(
        &self,
        name: &str,
        from_word: impl Fn(&str) -> Option<W>,
        all: &[W],
        spelling: impl Fn(W) -> &'static str,
    ) -> Result<W, LineError> {
        let found = self.str(name)?;
        from_word(found).ok_or_else(|| LineError::OutsideList {
            field: format!("{}{name}", self.path),
            expected: all.iter().map(|word| spelling(*word)).collect::<Vec<_>>().join(", "),
            found: found.chars().take(64).collect(),
        })
    }

    pub(super) fn optional_time(&self, name: &str) -> Result<Option<Instant>, LineError> {
        let Some(text) = self.optional_str(name)? else {
            return Ok(None);
        };
        Instant::parse(text)
            .map(Some)
            .map_err(|error| LineError::Time { field: format!("{}{name}", self.path), error })
    }
}
