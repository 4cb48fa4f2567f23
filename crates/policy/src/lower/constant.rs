//! What Cedar's own evaluator makes of expressions in which nothing is open: instants, durations,
//! decimal numbers, addresses.

use super::value::{Kind, Shape, Source, Value};
use super::{Lowering, Refused};
use crate::constant;
use cedar_policy::pst::{BinaryOp, Expr, UnaryOp};
use consentry_columnar::graph::BitId;
use std::sync::Arc;

impl Lowering<'_> {
    /// `datetime("…")` and the like. The text must be there to read.
    pub(super) fn constructed(&mut self, op: UnaryOp, expr: &Expr) -> Result<Value, Refused> {
        let of = self.expression(expr)?;
        let mut value = Value { errs: of.errs, cases: Vec::new() };
        for (guard, shape) in &of.cases {
            let text = match shape {
                Shape::Text(Source::Constant(text)) => text,
                Shape::Text(Source::Row(_)) => {
                    return Err(format!(
                        "the text in `{op}(…)` differs from row to row: it must be written there"
                    ));
                }
                _ => {
                    value.errs = self.graph.or(value.errs, *guard);
                    continue;
                }
            };
            let number = |kind| constant::millis(op, text).map(|millis| (kind, millis));
            let made = match op {
                UnaryOp::Datetime => number(Kind::Datetime),
                UnaryOp::Duration => number(Kind::Duration),
                _ => {
                    let made = constant::extension(op, text);
                    if let Some(made) = made {
                        value.cases.push((*guard, Shape::Extension(made)));
                    } else {
                        value.errs = self.graph.or(value.errs, *guard);
                    }
                    continue;
                }
            };
            match made {
                Some((kind, millis)) => {
                    let number = self.constant_number(kind, millis);
                    let cases = self.under(*guard, number);
                    value.cases.extend(cases);
                }
                None => value.errs = self.graph.or(value.errs, *guard),
            }
        }
        value.cases = self.merged(value.cases);
        Ok(value)
    }

    pub(super) fn same_constants(left: &Arc<str>, right: &Arc<str>) -> bool {
        constant::truth(&format!("{left} == {right}")).unwrap_or(false)
    }

    /// `of.isLoopback()` and the like.
    pub(super) fn asked_of_constant(&mut self, of: &Value, op: UnaryOp) -> Value {
        let (mut is_true, mut fails) = (BitId::FALSE, of.errs);
        for (guard, shape) in &of.cases {
            let answer = match shape {
                Shape::Extension(of) => constant::truth(&format!("{of}.{op}()")),
                _ => None,
            };
            match answer {
                Some(true) => is_true = self.graph.or(is_true, *guard),
                Some(false) => {}
                None => fails = self.graph.or(fails, *guard),
            }
        }
        self.of_truth(is_true, fails)
    }

    /// `left.lessThan(right)` and the like.
    pub(super) fn asked_of_constants(
        &mut self,
        op: BinaryOp,
        left: &Value,
        right: &Value,
    ) -> Value {
        let (mut is_true, mut fails) = (BitId::FALSE, self.graph.or(left.errs, right.errs));
        for (both, left, right) in self.pairs(&left.cases, &right.cases) {
            let answer = match (left, right) {
                (Shape::Extension(left), Shape::Extension(right)) => {
                    constant::truth(&format!("{left}.{op}({right})"))
                }
                _ => None,
            };
            match answer {
                Some(true) => is_true = self.graph.or(is_true, both),
                Some(false) => {}
                None => fails = self.graph.or(fails, both),
            }
        }
        self.of_truth(is_true, fails)
    }
}
