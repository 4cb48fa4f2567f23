//! What a policy's conditions become: truth values and numbers that depend on one row, each made
//! once however many policies ask for it.
//!
//! Cedar has three outcomes, true, false and an error. Here each is a plain truth value of its own:
//! lowering makes one bit that says *it is true* and one that says *it errs*, never both. So
//! Boolean algebra is ordinary, and nothing stands for "unknown".
//!
//! What a node says about an attribute that is absent in a row is arbitrary. Whoever makes nodes
//! joins them with [`Bit::Has`], as Cedar's `has` does.

use crate::pattern::Pattern;
use consentry_model::facts::Attribute;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

mod bits;
mod numbers;

/// A truth value of a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BitId(pub(crate) u32);

/// A number of a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NumberId(pub(crate) u32);

impl BitId {
    /// Never.
    pub const FALSE: Self = Self(0);
    /// Always.
    pub const TRUE: Self = Self(1);
}

/// A text that a row or the request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Text {
    /// The row's. Its name is kept rather than its place in the list of attributes, so that programs
    /// survive a longer list.
    Attribute(#[serde(with = "crate::program::attribute")] Attribute),
    /// The purpose of the request.
    Purpose,
}

/// How two numbers are compared. The other comparisons are made of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    LessEq,
    /// `==`
    Equal,
}

impl Relation {
    pub(crate) fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessEq => left <= right,
            Self::Equal => left == right,
        }
    }
}

/// A truth value that depends on one row, on the purpose and on the present instant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Bit {
    /// Never.
    False,
    /// Always.
    True,
    /// Where the other is not.
    Not(BitId),
    /// Where both are.
    And(BitId, BitId),
    /// Where either is.
    Or(BitId, BitId),
    /// Where the row is about a part of a feedback copy, rather than of a conversation.
    Copy,
    /// Where the attribute has a value.
    Has(#[serde(with = "crate::program::attribute")] Attribute),
    /// Where the attribute is `true`.
    IsTrue(#[serde(with = "crate::program::attribute")] Attribute),
    /// Where the text is one of these, which are in order and all different.
    OneOf(Text, Vec<Arc<str>>),
    /// Where the text matches.
    Like(Text, Pattern),
    /// Where the two texts are the same.
    Same(Text, Text),
    /// Where the two numbers stand in this relation.
    Compare(Relation, NumberId, NumberId),
    /// Where this step of arithmetic leaves the range of 64 bits although what it is made of is in
    /// range.
    Overflows(NumberId),
}

/// A whole number that depends on one row and on the present instant: an instant or a duration in
/// milliseconds, or a plain number. Where [`Bit::Overflows`] holds for it, or for what it is made
/// of, it is arbitrary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Number {
    /// The same in every row.
    Constant(i64),
    /// The present instant.
    Now,
    /// The row's instant.
    Time(#[serde(with = "crate::program::attribute")] Attribute),
    /// The sum.
    Plus(NumberId, NumberId),
    /// The difference.
    Minus(NumberId, NumberId),
    /// The product.
    Times(NumberId, NumberId),
    /// Cut towards zero after division by this number, which is positive.
    Quotient(NumberId, i64),
    /// The beginning of the instant's day in UTC.
    DayStart(NumberId),
    /// How long the instant's day has lasted.
    TimeOfDay(NumberId),
    /// The first where the bit is, otherwise the second.
    Choose(BitId, NumberId, NumberId),
}

/// Truth values and numbers, each one there once.
#[derive(Clone, Debug)]
pub struct Graph {
    pub(crate) bits: Vec<Bit>,
    pub(crate) numbers: Vec<Number>,
    known_bits: HashMap<Bit, BitId>,
    known_numbers: HashMap<Number, NumberId>,
}

impl Default for Graph {
    fn default() -> Self {
        let mut graph = Self {
            bits: Vec::new(),
            numbers: Vec::new(),
            known_bits: HashMap::new(),
            known_numbers: HashMap::new(),
        };
        // In this order: see the constants of `BitId`.
        graph.add_bit(Bit::False);
        graph.add_bit(Bit::True);
        graph
    }
}

impl Graph {
    /// A graph that holds nothing but the constants.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The graph of these nodes; `None` where they do not begin with the constants.
    pub(crate) fn of(bits: Vec<Bit>, numbers: Vec<Number>) -> Option<Self> {
        if !matches!(bits.as_slice(), [Bit::False, Bit::True, ..]) {
            return None;
        }
        let mut graph = Self { bits, numbers, ..Self::default() };
        for (id, bit) in (0..).zip(&graph.bits) {
            graph.known_bits.entry(bit.clone()).or_insert(BitId(id));
        }
        for (id, number) in (0..).zip(&graph.numbers) {
            graph.known_numbers.entry(*number).or_insert(NumberId(id));
        }
        Some(graph)
    }

    /// How many nodes it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bits.len() + self.numbers.len()
    }

    /// Whether it holds nothing but the constants.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() <= 2
    }

    /// The node of an id; `False` for one of another graph.
    #[must_use]
    pub fn bit(&self, id: BitId) -> &Bit {
        self.bits.get(id.0 as usize).unwrap_or(&Bit::False)
    }

    /// The node of an id; 0 for one of another graph.
    #[must_use]
    pub fn number(&self, id: NumberId) -> Number {
        self.numbers.get(id.0 as usize).copied().unwrap_or(Number::Constant(0))
    }

    fn add_bit(&mut self, bit: Bit) -> BitId {
        if let Some(known) = self.known_bits.get(&bit) {
            return *known;
        }
        let id = BitId(u32::try_from(self.bits.len()).unwrap_or(u32::MAX));
        self.bits.push(bit.clone());
        self.known_bits.insert(bit, id);
        id
    }

    fn add_number(&mut self, number: Number) -> NumberId {
        if let Some(known) = self.known_numbers.get(&number) {
            return *known;
        }
        let id = NumberId(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX));
        self.numbers.push(number);
        self.known_numbers.insert(number, id);
        id
    }
}
