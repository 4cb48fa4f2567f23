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
    /// By the bits that make each up, as [`Self::of`] leaves them.
    known: HashMap<Box<[u64]>, u32>,
}

/// How many decisions of a batch are found without hashing.
const RECENT: usize = 32;

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
    ///
    /// Neighbouring rows are mostly parts of one conversation, so that most rows are decided as the
    /// one before: only where some bit changes is the decision looked up.
    #[must_use]
    pub fn number(&mut self, votes: &Votes) -> Vec<u32> {
        let sources = Sources::of(votes);
        let words = (1 + 2 * votes.policies().len()).div_ceil(64);
        let mut numbers = Vec::with_capacity(votes.rows());
        let mut before = vec![0; sources.bits.len()];
        let mut recent: Vec<(u64, u32)> = Vec::new();
        let mut number = 0;
        for word in 0..votes.rows().div_ceil(64) {
            let rows = (votes.rows() - 64 * word).min(64);
            let mut changes = sources.changes(word, &mut before);
            if word == 0 {
                changes |= 1;
            }
            let mut row = 0;
            while row < rows {
                if changes >> row & 1 == 1 {
                    number = self.at(votes, &sources, (word, row), words, &mut recent);
                }
                let rest = (changes >> row) >> 1;
                let next = (row + 1 + rest.trailing_zeros() as usize).min(rows);
                numbers.extend(std::iter::repeat_n(number, next - row));
                row = next;
            }
        }
        numbers
    }

    /// The number of one row's decision.
    fn at(
        &mut self,
        votes: &Votes,
        sources: &Sources<'_>,
        (word, row): (usize, usize),
        words: usize,
        recent: &mut Vec<(u64, u32)>,
    ) -> u32 {
        let is_set = |bits: &&Bits| bits.word(word) >> row & 1 == 1;
        if sources.bits.len() > 64 {
            let is_set = |bit: usize| sources.bits.get(bit).is_some_and(is_set);
            return self.of(votes, sources.key(words, is_set));
        }
        let lanes = sources.bits.iter().zip(0..64u32);
        let mask = lanes.fold(0, |mask, (bits, lane)| mask | u64::from(is_set(bits)) << lane);
        if let Some((_, number)) = recent.iter().find(|(known, _)| *known == mask) {
            return *number;
        }
        let number = self.of(votes, sources.key(words, |bit| mask >> bit & 1 == 1));
        if recent.len() < RECENT {
            recent.push((mask, number));
        }
        number
    }

    /// The number of the decision with these bits. Bits that say nothing about it are cleared first,
    /// so that there is one key a decision: whatever erred where something is permitted, and which
    /// permits are satisfied where it is not and they are not kept.
    fn of(&mut self, votes: &Votes, mut key: Box<[u64]>) -> u32 {
        let is_permitted = key.first().is_some_and(|word| word & 1 == 1);
        for (index, policy) in votes.policies().iter().enumerate() {
            let idle = if is_permitted {
                2 + 2 * index
            } else if policy.effect == Effect::Permit && !self.keeps_permits {
                1 + 2 * index
            } else {
                continue;
            };
            if let Some(word) = key.get_mut(idle / 64) {
                *word &= !(1 << (idle % 64));
            }
        }
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
        let number = u32::try_from(self.decisions.len()).unwrap_or(u32::MAX);
        self.decisions.push(NumberedDecision { permit, reasons, permits });
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

    /// The rows of a word in which some bit is not as in the row before, whose bits are in `before`.
    fn changes(&self, word: usize, before: &mut [u64]) -> u64 {
        let mut changes = 0;
        for (bits, before) in self.bits.iter().zip(before) {
            let bits = bits.word(word);
            changes |= bits ^ (bits << 1 | *before);
            *before = bits >> 63;
        }
        changes
    }
}
