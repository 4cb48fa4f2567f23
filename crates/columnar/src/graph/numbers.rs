//! Making numbers, and comparisons that come down to one column and one constant.

use super::{Bit, BitId, Graph, Number, NumberId, Relation};
use consentry_model::facts::Attribute;
use consentry_model::instant::MILLIS_PER_DAY;

/// A number on a straight line: `offset`, or `offset + base`, or `offset - base`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    base: Option<(NumberId, Sign)>,
    offset: i128,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
}

impl Graph {
    /// The same number in every row.
    pub fn constant(&mut self, value: i64) -> NumberId {
        self.add_number(Number::Constant(value))
    }

    /// The present instant.
    pub fn now(&mut self) -> NumberId {
        self.add_number(Number::Now)
    }

    /// The row's instant.
    pub fn time(&mut self, attribute: Attribute) -> NumberId {
        self.add_number(Number::Time(attribute))
    }

    /// The sum.
    pub fn plus(&mut self, left: NumberId, right: NumberId) -> NumberId {
        let folded = self.fold(left, right, i64::checked_add);
        folded.unwrap_or_else(|| self.add_number(Number::Plus(left, right)))
    }

    /// The difference.
    pub fn minus(&mut self, left: NumberId, right: NumberId) -> NumberId {
        let folded = self.fold(left, right, i64::checked_sub);
        folded.unwrap_or_else(|| self.add_number(Number::Minus(left, right)))
    }

    /// The product.
    pub fn times(&mut self, left: NumberId, right: NumberId) -> NumberId {
        let folded = self.fold(left, right, i64::checked_mul);
        folded.unwrap_or_else(|| self.add_number(Number::Times(left, right)))
    }

    /// The constant that two constants make, if it is in range.
    fn fold(
        &mut self,
        left: NumberId,
        right: NumberId,
        make: impl Fn(i64, i64) -> Option<i64>,
    ) -> Option<NumberId> {
        match (self.number(left), self.number(right)) {
            (Number::Constant(left), Number::Constant(right)) => {
                make(left, right).map(|made| self.constant(made))
            }
            _ => None,
        }
    }

    /// Cut towards zero after division by a positive number.
    pub fn quotient(&mut self, of: NumberId, divisor: i64) -> NumberId {
        match self.number(of) {
            Number::Constant(value) => self.constant(value.checked_div(divisor).unwrap_or(0)),
            _ if divisor == 1 => of,
            _ => self.add_number(Number::Quotient(of, divisor)),
        }
    }

    /// The beginning of the instant's day in UTC.
    pub fn day_start(&mut self, of: NumberId) -> NumberId {
        let begins = match self.number(of) {
            Number::Constant(value) => value.checked_sub(value.rem_euclid(MILLIS_PER_DAY)),
            _ => None,
        };
        match begins {
            Some(begins) => self.constant(begins),
            None => self.add_number(Number::DayStart(of)),
        }
    }

    /// How long the instant's day has lasted.
    pub fn time_of_day(&mut self, of: NumberId) -> NumberId {
        match self.number(of) {
            Number::Constant(value) => self.constant(value.rem_euclid(MILLIS_PER_DAY)),
            _ => self.add_number(Number::TimeOfDay(of)),
        }
    }

    /// The first where the bit is, otherwise the second.
    pub fn choose_number(
        &mut self,
        condition: BitId,
        then: NumberId,
        otherwise: NumberId,
    ) -> NumberId {
        match condition {
            BitId::TRUE => then,
            BitId::FALSE => otherwise,
            _ if then == otherwise => then,
            _ => self.add_number(Number::Choose(condition, then, otherwise)),
        }
    }

    /// The line that a number is on. `None` where its offset is beyond 128 bits.
    pub(super) fn line(&self, id: NumberId) -> Option<Line> {
        let itself = Line { base: Some((id, Sign::Plus)), offset: 0 };
        match self.number(id) {
            Number::Constant(value) => Some(Line { base: None, offset: value.into() }),
            Number::Plus(left, right) => {
                let (left, right) = (self.line(left)?, self.line(right)?);
                Some(left.plus(right).unwrap_or(itself))
            }
            Number::Minus(left, right) => {
                let (left, right) = (self.line(left)?, self.line(right)?.negated()?);
                Some(left.plus(right).unwrap_or(itself))
            }
            _ => Some(itself),
        }
    }

    /// The comparison of two lines, where it comes down to one base and one constant or to two
    /// bases as they are. As integers without limits, so it is right wherever nothing overflows.
    pub(super) fn compare_lines(
        &mut self,
        relation: Relation,
        left: Line,
        right: Line,
    ) -> Option<BitId> {
        match (left.base, right.base) {
            (None, None) => Some(truth(relation.holds(left.offset, right.offset))),
            (Some((base, sign)), None) => {
                let limit = right.offset.checked_sub(left.offset)?;
                Some(self.compare_base(relation, base, sign, limit, false))
            }
            (None, Some((base, sign))) => {
                let limit = left.offset.checked_sub(right.offset)?;
                Some(self.compare_base(relation, base, sign, limit, true))
            }
            (Some((one, Sign::Plus)), Some((other, Sign::Plus))) => {
                if one == other {
                    return Some(truth(relation.holds(left.offset, right.offset)));
                }
                (left.offset == right.offset)
                    .then(|| self.add_bit(Bit::Compare(relation, one, other)))
            }
            _ => None,
        }
    }

    /// `± base REL limit`, or `limit REL ± base`.
    fn compare_base(
        &mut self,
        relation: Relation,
        base: NumberId,
        sign: Sign,
        limit: i128,
        is_swapped: bool,
    ) -> BitId {
        // Negating both sides of a comparison turns it around.
        let (limit, is_swapped) = match sign {
            Sign::Plus => (limit, is_swapped),
            Sign::Minus => (limit.saturating_neg(), !is_swapped),
        };
        let Ok(within) = i64::try_from(limit) else {
            let is_above = limit > 0;
            return truth(relation != Relation::Equal && is_above != is_swapped);
        };
        let limit = self.constant(within);
        let (left, right) =
            if is_swapped && relation != Relation::Equal { (limit, base) } else { (base, limit) };
        self.add_bit(Bit::Compare(relation, left, right))
    }
}

const fn truth(value: bool) -> BitId {
    if value { BitId::TRUE } else { BitId::FALSE }
}

impl Line {
    fn plus(self, other: Self) -> Option<Self> {
        let base = match (self.base, other.base) {
            (Some(_), Some(_)) => return None,
            (one, other) => one.or(other),
        };
        Some(Self { base, offset: self.offset.checked_add(other.offset)? })
    }

    fn negated(self) -> Option<Self> {
        let base = self.base.map(|(base, sign)| {
            let sign = match sign {
                Sign::Plus => Sign::Minus,
                Sign::Minus => Sign::Plus,
            };
            (base, sign)
        });
        Some(Self { base, offset: self.offset.checked_neg()? })
    }
}
