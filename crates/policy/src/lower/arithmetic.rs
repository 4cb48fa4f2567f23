//! Numbers, instants and durations: checked, as Cedar's are.

use super::Lowering;
use super::value::{Cases, Kind, Shape, Value};
use cedar_policy::pst::{BinaryOp, UnaryOp};
use consentry_columnar::graph::{BitId, NumberId, Relation};
use consentry_model::instant::MILLIS_PER_DAY;

impl Lowering<'_> {
    /// A number made of one other of a kind; anything else errs.
    fn made_of_one(
        &mut self,
        of: &Value,
        kind: Kind,
        result: Kind,
        make: impl Fn(&mut Self, NumberId) -> NumberId,
    ) -> Value {
        let mut value = Value { errs: of.errs, cases: Vec::new() };
        for (guard, shape) in &of.cases {
            match shape {
                Shape::Number(found, number) if *found == kind => {
                    let made = make(self, *number);
                    self.add(&mut value, *guard, result, made);
                }
                _ => value.errs = self.graph.or(value.errs, *guard),
            }
        }
        value.cases = self.merged(value.cases);
        value
    }

    /// Adds a case, as far as the number is in range.
    fn add(&mut self, value: &mut Value, guard: BitId, kind: Kind, number: NumberId) {
        let overflows = self.graph.overflows(number);
        let beyond = self.graph.and(guard, overflows);
        value.errs = self.graph.or(value.errs, beyond);
        let within = self.graph.not(overflows);
        let within = self.graph.and(guard, within);
        value.cases.push((within, Shape::Number(kind, number)));
    }

    /// `-of`
    pub(super) fn negated(&mut self, of: &Value) -> Value {
        self.made_of_one(of, Kind::Long, Kind::Long, |this, number| {
            let nothing = this.graph.constant(0);
            this.graph.minus(nothing, number)
        })
    }

    /// `of.toDate()`
    pub(super) fn day_start(&mut self, of: &Value) -> Value {
        self.made_of_one(of, Kind::Datetime, Kind::Datetime, |this, number| {
            this.graph.day_start(number)
        })
    }

    /// `of.toTime()`
    pub(super) fn time_of_day(&mut self, of: &Value) -> Value {
        self.made_of_one(of, Kind::Datetime, Kind::Duration, |this, number| {
            this.graph.time_of_day(number)
        })
    }

    /// `of.toSeconds()` and the like: whole units, cut towards zero.
    pub(super) fn in_units(&mut self, of: &Value, unit: UnaryOp) -> Value {
        let millis = match unit {
            UnaryOp::ToSeconds => 1000,
            UnaryOp::ToMinutes => 60_000,
            UnaryOp::ToHours => 3_600_000,
            UnaryOp::ToDays => MILLIS_PER_DAY,
            _ => 1,
        };
        self.made_of_one(of, Kind::Duration, Kind::Long, |this, number| {
            this.graph.quotient(number, millis)
        })
    }

    /// `left + right` and the like.
    pub(super) fn calculated(&mut self, op: BinaryOp, left: &Value, right: &Value) -> Value {
        use Kind::{Datetime, Duration, Long};
        let errs = self.graph.or(left.errs, right.errs);
        let mut value = Value { errs, cases: Vec::new() };
        for (both, left, right) in self.pairs(&left.cases, &right.cases) {
            let (Shape::Number(kind, left), Shape::Number(other, right)) = (left, right) else {
                value.errs = self.graph.or(value.errs, both);
                continue;
            };
            let (kind, made) = match (op, kind, other) {
                (BinaryOp::Add, Long, Long) => (Long, self.graph.plus(left, right)),
                (BinaryOp::Sub, Long, Long) => (Long, self.graph.minus(left, right)),
                (BinaryOp::Mul, Long, Long) => (Long, self.graph.times(left, right)),
                (BinaryOp::Offset, Datetime, Duration) => (Datetime, self.graph.plus(left, right)),
                (BinaryOp::DurationSince, Datetime, Datetime) => {
                    (Duration, self.graph.minus(left, right))
                }
                _ => {
                    value.errs = self.graph.or(value.errs, both);
                    continue;
                }
            };
            self.add(&mut value, both, kind, made);
        }
        value.cases = self.merged(value.cases);
        value
    }

    /// `left < right` and the like. Only numbers of one kind have an order.
    pub(super) fn ordered(&mut self, op: BinaryOp, left: &Value, right: &Value) -> Value {
        let (mut is_true, mut fails) = (BitId::FALSE, self.graph.or(left.errs, right.errs));
        for (both, left, right) in self.pairs(&left.cases, &right.cases) {
            match (left, right) {
                (Shape::Number(kind, left), Shape::Number(other, right)) if kind == other => {
                    let holds = match op {
                        BinaryOp::Less => self.graph.compare(Relation::Less, left, right),
                        BinaryOp::LessEq => self.graph.compare(Relation::LessEq, left, right),
                        BinaryOp::Greater => self.graph.compare(Relation::Less, right, left),
                        _ => self.graph.compare(Relation::LessEq, right, left),
                    };
                    let holds = self.graph.and(both, holds);
                    is_true = self.graph.or(is_true, holds);
                }
                _ => fails = self.graph.or(fails, both),
            }
        }
        self.of_truth(is_true, fails)
    }

    /// Where two numbers of a kind are equal.
    pub(super) fn same_number(&mut self, left: NumberId, right: NumberId) -> BitId {
        self.graph.compare(Relation::Equal, left, right)
    }

    /// A number that is the same in every row.
    pub(super) fn constant_number(&mut self, kind: Kind, value: i64) -> Cases {
        vec![(BitId::TRUE, Shape::Number(kind, self.graph.constant(value)))]
    }
}
