//! The value of an expression, while the row is open.

use consentry_columnar::graph::{BitId, NumberId, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Values by cases: each row is in exactly one case, or errs.
pub(super) type Cases = Vec<(BitId, Shape)>;

/// What an expression comes to.
#[derive(Clone, Debug)]
pub(super) struct Value {
    /// The rows in which its evaluation errs. These are in no case.
    pub(super) errs: BitId,
    pub(super) cases: Cases,
}

/// A value in some rows.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Bool(BitId),
    Number(Kind, NumberId),
    Text(Source),
    Entity(Entity),
    /// An address or a decimal number: a constant, as Cedar writes it.
    Extension(Arc<str>),
    Set(Vec<Cases>),
    Record(BTreeMap<String, Cases>),
}

/// What a whole number stands for. Values of different kinds are never equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Long,
    Datetime,
    Duration,
}

#[derive(Clone, Debug)]
pub(super) enum Source {
    Constant(Arc<str>),
    Row(Text),
}

/// An entity. Only the resource has attributes; the others are names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entity {
    Resource,
    Named { kind: String, id: String },
}
