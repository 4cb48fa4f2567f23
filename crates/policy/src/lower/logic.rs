//! Truth values, and values by cases.

use super::value::{Cases, Kind, Shape, Value};
use super::{Lowering, Refused};
use cedar_policy::pst::Expr;
use consentry_columnar::graph::BitId;

impl Lowering<'_> {
    /// Where a value is true, and where it errs or is no truth value at all.
    pub(super) fn truth(&mut self, value: &Value) -> (BitId, BitId) {
        let (mut is_true, mut fails) = (BitId::FALSE, value.errs);
        for (guard, shape) in &value.cases {
            if let Shape::Bool(bit) = shape {
                let here = self.graph.and(*guard, *bit);
                is_true = self.graph.or(is_true, here);
            } else {
                fails = self.graph.or(fails, *guard);
            }
        }
        (is_true, fails)
    }

    /// A truth value that is true and errs in these rows, which have none in common.
    pub(super) fn of_truth(&mut self, is_true: BitId, fails: BitId) -> Value {
        let works = self.graph.not(fails);
        Value { errs: fails, cases: vec![(works, Shape::Bool(is_true))] }
    }

    /// Where something neither is true nor errs.
    pub(super) fn neither(&mut self, is_true: BitId, fails: BitId) -> BitId {
        let either = self.graph.or(is_true, fails);
        self.graph.not(either)
    }

    pub(super) fn not(&mut self, of: &Expr) -> Result<Value, Refused> {
        let of = self.expression(of)?;
        let (is_true, fails) = self.truth(&of);
        let is_false = self.neither(is_true, fails);
        Ok(self.of_truth(is_false, fails))
    }

    /// `left && right`: where the left side is not true, the right one is not looked at.
    pub(super) fn and(&mut self, left: &Expr, right: &Expr) -> Result<Value, Refused> {
        let left = self.expression(left)?;
        let (is_true, fails) = self.truth(&left);
        if is_true == BitId::FALSE {
            return Ok(self.of_truth(is_true, fails));
        }
        let right = self.expression(right)?;
        let (right_true, right_fails) = self.truth(&right);
        let both = self.graph.and(is_true, right_true);
        let right_fails = self.graph.and(is_true, right_fails);
        let fails = self.graph.or(fails, right_fails);
        Ok(self.of_truth(both, fails))
    }

    /// `left || right`: where the left side is true, the right one is not looked at.
    pub(super) fn or(&mut self, left: &Expr, right: &Expr) -> Result<Value, Refused> {
        let left = self.expression(left)?;
        let (is_true, fails) = self.truth(&left);
        let is_false = self.neither(is_true, fails);
        if is_false == BitId::FALSE {
            return Ok(self.of_truth(is_true, fails));
        }
        let right = self.expression(right)?;
        let (right_true, right_fails) = self.truth(&right);
        let later = self.graph.and(is_false, right_true);
        let either = self.graph.or(is_true, later);
        let right_fails = self.graph.and(is_false, right_fails);
        let fails = self.graph.or(fails, right_fails);
        Ok(self.of_truth(either, fails))
    }

    /// `if condition then … else …`: only the branch that is taken is looked at.
    pub(super) fn if_then_else(
        &mut self,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
    ) -> Result<Value, Refused> {
        let condition = self.expression(condition)?;
        let (is_true, fails) = self.truth(&condition);
        let is_false = self.neither(is_true, fails);
        let mut value = Value { errs: fails, cases: Vec::new() };
        for (taken, branch) in [(is_true, then), (is_false, otherwise)] {
            if taken == BitId::FALSE {
                continue;
            }
            let branch = self.expression(branch)?;
            let errs = self.graph.and(taken, branch.errs);
            value.errs = self.graph.or(value.errs, errs);
            let cases = self.under(taken, branch.cases);
            value.cases.extend(cases);
        }
        value.cases = self.merged(value.cases);
        Ok(value)
    }

    /// Cases, as far as they are in these rows.
    pub(super) fn under(&mut self, guard: BitId, cases: Cases) -> Cases {
        let within = cases.into_iter().map(|(own, shape)| (self.graph.and(guard, own), shape));
        within.filter(|(guard, _)| *guard != BitId::FALSE).collect()
    }

    /// The same with one case for all truth values, and one for all numbers of a kind: so their
    /// number does not grow with every step.
    pub(super) fn merged(&mut self, cases: Cases) -> Cases {
        let mut merged: Cases = Vec::new();
        for (guard, shape) in cases {
            let place = merged.iter_mut().find(|(_, known)| match (known, &shape) {
                (Shape::Bool(_), Shape::Bool(_)) => true,
                (Shape::Number(known, _), Shape::Number(kind, _)) => *known == *kind,
                _ => false,
            });
            let Some((known_guard, known)) = place else {
                merged.push((guard, shape));
                continue;
            };
            match (&known, &shape) {
                (Shape::Bool(one), Shape::Bool(other)) => {
                    *known = Shape::Bool(self.graph.choose(guard, *other, *one));
                }
                (Shape::Number(kind, one), Shape::Number(_, other)) => {
                    let kind: Kind = *kind;
                    *known = Shape::Number(kind, self.graph.choose_number(guard, *other, *one));
                }
                _ => {}
            }
            *known_guard = self.graph.or(*known_guard, guard);
        }
        merged
    }

    /// Every pair of cases, with the rows in which both are.
    pub(super) fn pairs(&mut self, left: &Cases, right: &Cases) -> Vec<(BitId, Shape, Shape)> {
        let mut pairs = Vec::new();
        for (left_guard, left) in left {
            for (right_guard, right) in right {
                let both = self.graph.and(*left_guard, *right_guard);
                if both != BitId::FALSE {
                    pairs.push((both, left.clone(), right.clone()));
                }
            }
        }
        pairs
    }
}
