//! What came out of a batch.

use crate::evaluator::Truth;
use crate::program::{Effect, Policy};
use arrow_buffer::{BooleanBuffer, Buffer};
use std::sync::Arc;

mod decisions;

pub use decisions::{Decisions, NumberedDecision};

/// The decision of every row of a batch, a bit a row, with a bit a policy for what determined it.
#[derive(Clone, Debug)]
pub struct Votes {
    policies: Arc<[Policy]>,
    rows: usize,
    permit: Bits,
    satisfied: Vec<Bits>,
    errs: Vec<Bits>,
}

/// A bit a row. Those behind the last row are 0.
#[derive(Clone, Debug)]
pub(crate) enum Bits {
    None,
    Words(Vec<u64>),
}

impl Bits {
    /// Adds the bits of a block behind `before` rows, which fill whole words.
    fn push(&mut self, truth: Truth<'_>, before: usize, rows: usize) {
        let (used, last) = (rows.div_ceil(64), u64::MAX >> (rows.wrapping_neg() % 64));
        if truth == Truth::All(false) {
            if let Self::Words(words) = self {
                words.resize(words.len() + used, 0);
            }
            return;
        }
        if matches!(self, Self::None) {
            *self = Self::Words(vec![0; before / 64]);
        }
        let Self::Words(words) = self else { return };
        match truth {
            Truth::All(_) => words.resize(words.len() + used, u64::MAX),
            Truth::Each(each) => words.extend(each.iter().take(used)),
        }
        if let Some(word) = words.last_mut() {
            *word &= last;
        }
    }

    /// The word of 64 rows.
    pub(crate) fn word(&self, index: usize) -> u64 {
        match self {
            Self::None => 0,
            Self::Words(words) => words.get(index).copied().unwrap_or(0),
        }
    }

    fn buffer(&self, rows: usize) -> BooleanBuffer {
        match self {
            Self::None => BooleanBuffer::new_unset(rows),
            Self::Words(words) => BooleanBuffer::new(Buffer::from_slice_ref(words), 0, rows),
        }
    }
}

impl Votes {
    pub(crate) fn new(policies: Arc<[Policy]>, rows: usize) -> Self {
        let none = || vec![Bits::None; policies.len()];
        Self { rows, permit: Bits::None, satisfied: none(), errs: none(), policies }
    }

    /// Adds a block of an output: the decision, then where each policy is satisfied, then where each
    /// one errs.
    pub(crate) fn push(&mut self, output: usize, truth: Truth<'_>, before: usize, rows: usize) {
        let policies = self.policies.len();
        let bits = match output.checked_sub(1) {
            None => Some(&mut self.permit),
            Some(policy) if policy < policies => self.satisfied.get_mut(policy),
            Some(other) => self.errs.get_mut(other - policies),
        };
        if let Some(bits) = bits {
            bits.push(truth, before, rows);
        }
    }

    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The policies, in the order in which the other functions number them.
    #[must_use]
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// Where the answer is yes: some permit is satisfied, no forbid is, and nothing errs.
    #[must_use]
    pub fn permit(&self) -> BooleanBuffer {
        self.permit.buffer(self.rows)
    }

    /// Where a policy is satisfied, whatever comes of it. Nowhere for one that is not there.
    #[must_use]
    pub fn satisfied(&self, policy: usize) -> BooleanBuffer {
        self.satisfied.get(policy).unwrap_or(&Bits::None).buffer(self.rows)
    }

    /// Where the evaluation of a policy errs.
    #[must_use]
    pub fn errs(&self, policy: usize) -> BooleanBuffer {
        self.errs.get(policy).unwrap_or(&Bits::None).buffer(self.rows)
    }

    /// Where a policy is among the reasons of the decision: a permit where the answer is yes, a
    /// forbid wherever it is satisfied.
    #[must_use]
    pub fn reasons(&self, policy: usize) -> BooleanBuffer {
        let satisfied = self.satisfied.get(policy).unwrap_or(&Bits::None);
        match (self.policies.get(policy).map(|policy| policy.effect), satisfied, &self.permit) {
            (Some(Effect::Permit), Bits::Words(satisfied), Bits::Words(permit)) => {
                let both = satisfied.iter().zip(permit).map(|(one, other)| one & other);
                Bits::Words(both.collect()).buffer(self.rows)
            }
            (Some(Effect::Permit), ..) => Bits::None.buffer(self.rows),
            _ => satisfied.buffer(self.rows),
        }
    }

    pub(crate) const fn permit_bits(&self) -> &Bits {
        &self.permit
    }

    pub(crate) fn satisfied_bits(&self) -> &[Bits] {
        &self.satisfied
    }

    pub(crate) fn errs_bits(&self) -> &[Bits] {
        &self.errs
    }
}
