//! Decisions by number: facts about a hundred million parts have some dozen different ones.

use super::{Bits, Votes};
use crate::program::Effect;
use std::collections::HashMap;
use std::sync::Arc;

/// A decision with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NumberedDecision {
    /// Whether it may be done.
    pub permit: bool,
    /// The ids of the policies that determined it, in bytewise order; `policy-error:ID` for those
    /// whose evaluation errs.
    pub reasons: Arc<[Arc<str>]>,
    /// The permits that are satisfied, in bytewise order. Where the answer is no, these are told
    /// apart only by [`Decisions::with_permits`], and empty otherwise.
    pub permits: Arc<[Arc<str>]>,
}

/// The different decisions of some batches, in the order in which they first came up. All batches
/// must have been decided with the same program.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    keeps_permits: bool,
    decisions: Vec<NumberedDecision>,
    known: HashMap<Box<[u64]>, u32>,
}

/// What makes up a decision: these bits of it, in this order.
struct Sources<'v> {
    /// The permit bit, then a bit for every reason that occurs at all.
    bits: Vec<&'v Bits>,
    /// Which bit of the whole key each of them is.
    places: Vec<usize>,
}

impl Decisions {
    /// No decisions yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, but decisions that deny are told apart by the permits that were satisfied.
    #[must_use]
    pub fn with_permits() -> Self {
        Self { keeps_permits: true, ..Self::default() }
    }

    /// The decisions by number.
    #[must_use]
    pub fn all(&self) -> &[NumberedDecision] {
        &self.decisions
    }

    /// The number of every row's decision.
    #[must_use]
    pub fn number(&mut self, votes: &Votes) -> Vec<u32> {
        let sources = Sources::of(votes);
        let words = (1 + 2 * votes.policies().len()).div_ceil(64);
        let mut numbers = Vec::with_capacity(votes.rows());
        let mut last: Option<(u64, u32)> = None;
        let is_narrow = sources.bits.len() <= 64;
        for word in 0..votes.rows().div_ceil(64) {
            let rows = (votes.rows() - 64 * word).min(64);
            if is_narrow {
                let mut masks = [0u64; 64];
                sources.transpose(word, &mut masks);
                for mask in masks.iter().take(rows) {
                    let number = match last {
                        Some((before, number)) if before == *mask => number,
                        _ => self.of(votes, sources.key(words, |bit| mask >> bit & 1 == 1)),
                    };
                    last = Some((*mask, number));
                    numbers.push(number);
                }
            } else {
                for lane in 0..rows {
                    let is_set = |bit: usize| {
                        sources.bits.get(bit).is_some_and(|bits| bits.word(word) >> lane & 1 == 1)
                    };
                    let key = sources.key(words, is_set);
                    numbers.push(self.of(votes, key));
                }
            }
        }
        numbers
    }

    fn of(&mut self, votes: &Votes, key: Box<[u64]>) -> u32 {
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let is_set = |bit: usize| key.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1);
        let permit = is_set(0);
        let (mut permits, mut against): (Vec<Arc<str>>, Vec<Arc<str>>) = Default::default();
        for (index, policy) in votes.policies().iter().enumerate() {
            if is_set(1 + 2 * index) {
                let side =
                    if policy.effect == Effect::Permit { &mut permits } else { &mut against };
                side.push(Arc::clone(&policy.id));
            }
            if is_set(2 + 2 * index) {
                against.push(format!("policy-error:{}", policy.id).into());
            }
        }
        permits.sort_unstable();
        against.sort_unstable();
        let permits: Arc<[_]> =
            if permit || self.keeps_permits { permits.into() } else { Arc::default() };
        let reasons = if permit { Arc::clone(&permits) } else { against.into() };
        // Different keys may be the same decision: permits are satisfied that do not determine it.
        let decision = NumberedDecision { permit, reasons, permits };
        let place = self.decisions.iter().position(|known| *known == decision);
        let place = place.unwrap_or_else(|| {
            self.decisions.push(decision);
            self.decisions.len() - 1
        });
        let number = u32::try_from(place).unwrap_or(u32::MAX);
        self.known.insert(key, number);
        number
    }
}

impl<'v> Sources<'v> {
    fn of(votes: &'v Votes) -> Self {
        let mut sources = Self { bits: vec![votes.permit_bits()], places: vec![0] };
        let policies = votes.satisfied_bits().iter().zip(votes.errs_bits());
        for (index, (satisfied, errs)) in policies.enumerate() {
            for (bits, place) in [(satisfied, 1 + 2 * index), (errs, 2 + 2 * index)] {
                if !matches!(bits, Bits::None) {
                    sources.bits.push(bits);
                    sources.places.push(place);
                }
            }
        }
        sources
    }

    /// The whole key from the bits that occur.
    fn key(&self, words: usize, is_set: impl Fn(usize) -> bool) -> Box<[u64]> {
        let mut key = vec![0; words];
        for (bit, place) in self.places.iter().enumerate() {
            if is_set(bit)
                && let Some(word) = key.get_mut(place / 64)
            {
                *word |= 1 << (place % 64);
            }
        }
        key.into()
    }

    /// For each of 64 rows, its bits in one number. Eight bitmaps at a time are turned as eight by
    /// eight matrices.
    fn transpose(&self, word: usize, masks: &mut [u64; 64]) {
        for (group, bits) in self.bits.chunks(8).enumerate() {
            let mut rows = [0u64; 8];
            for (index, bits) in bits.iter().enumerate() {
                let bytes = bits.word(word).to_le_bytes();
                for (row, byte) in rows.iter_mut().zip(bytes) {
                    *row |= u64::from(byte) << (8 * index);
                }
            }
            for (eight, matrix) in masks.chunks_mut(8).zip(rows) {
                let turned = turn(matrix).to_le_bytes();
                for (mask, byte) in eight.iter_mut().zip(turned) {
                    *mask |= u64::from(byte) << (8 * group);
                }
            }
        }
    }
}

/// An eight by eight matrix of bits, a row a byte, turned at its diagonal: blocks of one, two and
/// four bits change places (Warren, Hacker's Delight, section 7-3).
const fn turn(matrix: u64) -> u64 {
    let mut m = matrix;
    let swap = (m ^ (m >> 7)) & 0x00AA_00AA_00AA_00AA;
    m ^= swap ^ (swap << 7);
    let swap = (m ^ (m >> 14)) & 0x0000_CCCC_0000_CCCC;
    m ^= swap ^ (swap << 14);
    let swap = (m ^ (m >> 28)) & 0x0000_0000_F0F0_F0F0;
    m ^ swap ^ (swap << 28)
}

#[cfg(test)]
mod tests {
    use super::turn;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn turning_swaps_rows_and_columns(matrix: u64) {
            let turned = turn(matrix);
            for row in 0..8 {
                for column in 0..8 {
                    let at = |m: u64, row: u32, column: u32| m >> (8 * row + column) & 1;
                    prop_assert_eq!(at(matrix, row, column), at(turned, column, row));
                }
            }
        }
    }
}
