//! Making truth values: what is already decided is folded away.

use super::{Bit, BitId, Graph, Number, NumberId, Relation, Text};
use crate::pattern::Pattern;
use consentry_model::facts::Attribute;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// How many nodes are looked at to find out what an assumption settles. What is left unsettled
/// costs time when rows are decided, never a wrong answer.
const LOOKED_AT: usize = 256;

/// How many assumptions are kept in mind.
const ASSUMED: usize = 64;

impl Graph {
    /// Where the other is not.
    pub fn not(&mut self, of: BitId) -> BitId {
        match *self.bit(of) {
            Bit::False => BitId::TRUE,
            Bit::True => BitId::FALSE,
            Bit::Not(inner) => inner,
            _ => self.add_bit(Bit::Not(of)),
        }
    }

    /// Where both are.
    pub fn and(&mut self, left: BitId, right: BitId) -> BitId {
        let right = self.given(left, true, right);
        let left = self.given(right, true, left);
        self.join(left, right, true)
    }

    /// Where either is.
    pub fn or(&mut self, left: BitId, right: BitId) -> BitId {
        let right = self.given(left, false, right);
        let left = self.given(right, false, left);
        self.join(left, right, false)
    }

    /// `left && right`, or `left || right`, of which neither settles anything about the other.
    fn join(&mut self, left: BitId, right: BitId, is_and: bool) -> BitId {
        let (winning, neutral) =
            if is_and { (BitId::FALSE, BitId::TRUE) } else { (BitId::TRUE, BitId::FALSE) };
        let (first, second) = (left.min(right), left.max(right));
        if first == winning || second == winning {
            winning
        } else if first == neutral {
            second
        } else if second == neutral || first == second {
            first
        } else if is_and {
            self.add_bit(Bit::And(first, second))
        } else {
            self.add_bit(Bit::Or(first, second))
        }
    }

    /// The second where the first is, otherwise the third.
    pub fn choose(&mut self, condition: BitId, then: BitId, otherwise: BitId) -> BitId {
        if then == otherwise {
            return then;
        }
        let unmet = self.not(condition);
        let then = self.and(condition, then);
        let otherwise = self.and(unmet, otherwise);
        self.or(then, otherwise)
    }

    /// Where any of them is.
    pub fn any(&mut self, bits: impl IntoIterator<Item = BitId>) -> BitId {
        bits.into_iter().fold(BitId::FALSE, |one, other| self.or(one, other))
    }

    /// Where all of them are.
    pub fn all(&mut self, bits: impl IntoIterator<Item = BitId>) -> BitId {
        bits.into_iter().fold(BitId::TRUE, |one, other| self.and(one, other))
    }

    /// Where the row is about a part of a feedback copy.
    pub fn copy(&mut self) -> BitId {
        self.add_bit(Bit::Copy)
    }

    /// Where the attribute has a value.
    pub fn has(&mut self, attribute: Attribute) -> BitId {
        self.add_bit(Bit::Has(attribute))
    }

    /// Where the attribute is `true`.
    pub fn is_true(&mut self, attribute: Attribute) -> BitId {
        self.add_bit(Bit::IsTrue(attribute))
    }

    /// Where the text is one of these.
    pub fn one_of(&mut self, text: Text, values: impl IntoIterator<Item = Arc<str>>) -> BitId {
        let values: BTreeSet<Arc<str>> = values.into_iter().collect();
        if values.is_empty() {
            return BitId::FALSE;
        }
        self.add_bit(Bit::OneOf(text, values.into_iter().collect()))
    }

    /// Where the text matches.
    pub fn like(&mut self, text: Text, pattern: Pattern) -> BitId {
        self.add_bit(Bit::Like(text, pattern))
    }

    /// Where the two texts are the same.
    pub fn same(&mut self, left: Text, right: Text) -> BitId {
        if left == right {
            return BitId::TRUE;
        }
        self.add_bit(Bit::Same(left.min(right), left.max(right)))
    }

    /// Where the two numbers stand in this relation. Where either is arbitrary, so is the answer.
    pub fn compare(&mut self, relation: Relation, left: NumberId, right: NumberId) -> BitId {
        if let (Some(left), Some(right)) = (self.line(left), self.line(right))
            && let Some(settled) = self.compare_lines(relation, left, right)
        {
            return settled;
        }
        self.add_bit(Bit::Compare(relation, left, right))
    }

    /// Where this step of arithmetic leaves the range although what it is made of is in range.
    pub fn overflows(&mut self, number: NumberId) -> BitId {
        match self.number(number) {
            Number::Plus(left, right) => match (self.number(left), self.number(right)) {
                (Number::Constant(by), _) => self.beyond(right, by.into(), false),
                (_, Number::Constant(by)) => self.beyond(left, by.into(), false),
                _ => self.add_bit(Bit::Overflows(number)),
            },
            Number::Minus(left, right) => match (self.number(left), self.number(right)) {
                (Number::Constant(from), _) => self.beyond(right, from.into(), true),
                (_, Number::Constant(by)) => self.beyond(left, -i128::from(by), false),
                _ => self.add_bit(Bit::Overflows(number)),
            },
            // Products and days of constants within the range have become constants themselves.
            Number::Times(left, right) => match (self.number(left), self.number(right)) {
                (Number::Constant(_), Number::Constant(_)) => BitId::TRUE,
                _ => self.add_bit(Bit::Overflows(number)),
            },
            Number::DayStart(of) => match self.number(of) {
                Number::Constant(_) => BitId::TRUE,
                _ => self.add_bit(Bit::Overflows(number)),
            },
            Number::Constant(_)
            | Number::Now
            | Number::Time(_)
            | Number::Quotient(..)
            | Number::TimeOfDay(_)
            | Number::Choose(..) => BitId::FALSE,
        }
    }

    /// Where `number + by`, or `by - number`, is beyond the range.
    fn beyond(&mut self, number: NumberId, by: i128, is_negated: bool) -> BitId {
        let (min, max) = (i128::from(i64::MIN), i128::from(i64::MAX));
        let (low, high) = if is_negated { (by - max, by - min) } else { (min - by, max - by) };
        // One of the limits is beyond the range itself, so that nothing is behind it.
        let below = i64::try_from(low).ok().map(|low| {
            let low = self.constant(low);
            self.compare(Relation::Less, number, low)
        });
        let above = i64::try_from(high).ok().map(|high| {
            let high = self.constant(high);
            self.compare(Relation::Less, high, number)
        });
        self.any([below, above].into_iter().flatten())
    }

    /// What is left of a bit once `known` is known to be `value`: for a conjunction that holds each
    /// of its members does, for a disjunction that does not none does.
    fn given(&mut self, known: BitId, value: bool, of: BitId) -> BitId {
        if matches!(self.bit(of), Bit::False | Bit::True) {
            return of;
        }
        let mut settled = HashMap::new();
        self.settle(known, value, &mut settled);
        let mut budget = LOOKED_AT;
        self.restrict(of, &mut settled, &mut budget)
    }

    fn settle(&self, id: BitId, value: bool, settled: &mut HashMap<BitId, BitId>) {
        if settled.len() >= ASSUMED {
            return;
        }
        settled.insert(id, if value { BitId::TRUE } else { BitId::FALSE });
        match (self.bit(id), value) {
            (Bit::Not(inner), _) => self.settle(*inner, !value, settled),
            (Bit::And(left, right), true) | (Bit::Or(left, right), false) => {
                self.settle(*left, value, settled);
                self.settle(*right, value, settled);
            }
            _ => {}
        }
    }

    fn restrict(
        &mut self,
        id: BitId,
        settled: &mut HashMap<BitId, BitId>,
        budget: &mut usize,
    ) -> BitId {
        if let Some(known) = settled.get(&id) {
            return *known;
        }
        let Some(left) = budget.checked_sub(1) else { return id };
        *budget = left;
        let restricted = match *self.bit(id) {
            Bit::Not(inner) => {
                let inner = self.restrict(inner, settled, budget);
                self.not(inner)
            }
            Bit::And(left, right) => {
                let left = self.restrict(left, settled, budget);
                let right = self.restrict(right, settled, budget);
                self.join(left, right, true)
            }
            Bit::Or(left, right) => {
                let left = self.restrict(left, settled, budget);
                let right = self.restrict(right, settled, budget);
                self.join(left, right, false)
            }
            _ => id,
        };
        settled.insert(id, restricted);
        restricted
    }
}
