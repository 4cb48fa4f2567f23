//! When the answer of a policy turns as time passes and nothing else changes.
//!
//! A policy's conditions are walked once, when the set is loaded. Where `context.now` takes part in
//! a comparison, both sides must be made of it by steps that never go back as time goes on: adding
//! and subtracting constants or facts, multiplying by a number, rounding down to days or to units.
//! Then the difference of the sides is monotone in the present instant, the comparison turns at two
//! instants at most, and a binary search over all instants finds them exactly. Everything else that
//! depends on the present instant is refused.
//!
//! Cedar's arithmetic is checked: beyond the range of 64 bits a policy errs. The instants at which
//! a moving value leaves that range are instants at which the answer may turn, too.
//!
//! What comes out is a superset of the instants at which a decision turns. Whoever asks Cedar at
//! each of them knows the decision at every instant, as nothing turns in between.

use crate::expr::children;
use cedar_policy::pst::{BinaryOp, Expr, Var};
use consentry_columnar::Turn;
use consentry_columnar::graph::{Graph, Relation};
use consentry_model::Instant;
use consentry_model::facts::Facts;
use std::collections::BTreeSet;

mod term;

use term::{Motion, Term};

/// A comparison that takes the present instant into account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comparison {
    relation: Relation,
    left: Term,
    right: Term,
    difference: Term,
}

/// Why it cannot be derived when an expression turns, and where: from which mention of
/// `context.now` to which, counted from 0 in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) reason: String,
    pub(crate) mentions: Option<(usize, usize)>,
}

/// The comparisons in a policy's conditions that time can turn, or everything that stands in the
/// way of deriving when.
pub(crate) fn comparisons(conditions: &[&Expr]) -> Result<Vec<Comparison>, Vec<Refusal>> {
    let mut walk = Walk::default();
    for condition in conditions {
        walk.visit(condition);
    }
    if walk.refusals.is_empty() { Ok(walk.comparisons) } else { Err(walk.refusals) }
}

/// How the value of an expression depends on the present instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// Not at all, or only through comparisons that were taken down: it stays the same between
    /// the instants at which they turn.
    Still,
    /// It is another value at every instant.
    Moving,
}

#[derive(Default)]
struct Walk {
    comparisons: Vec<Comparison>,
    refusals: Vec<Refusal>,
    /// How many mentions of `context.now` have been seen.
    seen: usize,
}

impl Walk {
    fn visit(&mut self, expr: &Expr) -> Nature {
        let first = self.seen;
        match expr {
            Expr::GetAttr { expr, attr } if is_context(expr) => {
                if attr != "now" {
                    return Nature::Still;
                }
                self.seen += 1;
                return Nature::Moving;
            }
            Expr::HasAttr { expr, .. } if is_context(expr) => return Nature::Still,
            Expr::Var(Var::Context) => {
                return self.refuse("the context is used as a whole", first);
            }
            _ => {}
        }
        let Some(children) = children(expr) else {
            return self.refuse("this kind of expression is not known", first);
        };
        let refused = self.refusals.len();
        let mut nature = Nature::Still;
        for child in children {
            if self.visit(child) == Nature::Moving {
                nature = Nature::Moving;
            }
        }
        if nature == Nature::Still || term::is_arithmetic(expr) {
            return nature;
        }
        if self.refusals.len() > refused {
            // One reason at a time, the innermost.
            return Nature::Still;
        }
        match expr {
            Expr::BinaryOp { op, left, right } if is_comparison(*op) => {
                match Comparison::new(*op, left, right) {
                    Ok(comparison) => self.comparisons.push(comparison),
                    Err(reason) => return self.refuse(&reason, first),
                }
                Nature::Still
            }
            _ => self.refuse("the present instant is not compared with anything", first),
        }
    }

    /// Takes down a refusal of the mentions since `first`, and goes on as if all were well.
    fn refuse(&mut self, reason: &str, first: usize) -> Nature {
        let mentions = self.seen.checked_sub(1).filter(|last| *last >= first);
        self.refusals.push(Refusal {
            reason: reason.to_owned(),
            mentions: mentions.map(|last| (first, last)),
        });
        Nature::Still
    }
}

fn is_context(expr: &Expr) -> bool {
    matches!(expr, Expr::Var(Var::Context))
}

const fn is_comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Eq
            | BinaryOp::NotEq
            | BinaryOp::Less
            | BinaryOp::LessEq
            | BinaryOp::Greater
            | BinaryOp::GreaterEq
    )
}

impl Comparison {
    fn new(op: BinaryOp, left: &Expr, right: &Expr) -> Result<Self, String> {
        let relation = match op {
            BinaryOp::Less | BinaryOp::GreaterEq => Relation::Less,
            BinaryOp::LessEq | BinaryOp::Greater => Relation::LessEq,
            _ => Relation::Equal,
        };
        let (left, right) = (Term::of(left)?, Term::of(right)?);
        let motion = left.1.plus(right.1.reversed());
        if motion == Some(Motion::Both) || motion.is_none() {
            return Err("both sides move, in a way that may turn more than once".to_owned());
        }
        let difference = Term::Minus(Box::new(left.0.clone()), Box::new(right.0.clone()));
        Ok(Self { relation, left: left.0, right: right.0, difference })
    }

    /// The comparison as one of a program.
    pub(crate) fn lower(&self, graph: &mut Graph) -> Turn {
        let (left, right) = (self.left.lower(graph), self.right.lower(graph));
        Turn { relation: self.relation, left, right }
    }

    /// Adds the instants at which this comparison may turn for a row of facts: at which it has a
    /// value, true, false or an error, that it did not have a millisecond before.
    pub(crate) fn turns(&self, facts: &Facts<'_>, turns: &mut BTreeSet<Instant>) {
        // The difference is below, at or above zero.
        self.difference.crossings(0, facts, turns);
        self.difference.crossings(1, facts, turns);
        self.left.overflows(facts, turns);
        self.right.overflows(facts, turns);
    }
}

#[cfg(test)]
mod tests;
