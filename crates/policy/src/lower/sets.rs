//! Equality, sets and records.

use super::Lowering;
use super::value::{Cases, Shape, Source, Value};
use cedar_policy::pst::BinaryOp;
use consentry_columnar::graph::BitId;

impl Lowering<'_> {
    /// `left == right`. Values of different types are different, which is no error.
    pub(super) fn equal(&mut self, left: &Value, right: &Value) -> Value {
        let fails = self.graph.or(left.errs, right.errs);
        let is_true = self.same(&left.cases, &right.cases);
        self.of_truth(is_true, fails)
    }

    /// Where two values are equal.
    fn same(&mut self, left: &Cases, right: &Cases) -> BitId {
        let mut same = BitId::FALSE;
        for (both, left, right) in self.pairs(left, right) {
            let here = self.same_shape(&left, &right);
            let here = self.graph.and(both, here);
            same = self.graph.or(same, here);
        }
        same
    }

    fn same_shape(&mut self, left: &Shape, right: &Shape) -> BitId {
        // Beyond the limit the policy is refused, whatever comes out here.
        self.compared += 1;
        if self.compared > super::COMPARED_MAX {
            return BitId::FALSE;
        }
        let truth = |value| if value { BitId::TRUE } else { BitId::FALSE };
        match (left, right) {
            (Shape::Bool(left), Shape::Bool(right)) => {
                let not_right = self.graph.not(*right);
                self.graph.choose(*left, *right, not_right)
            }
            (Shape::Number(kind, left), Shape::Number(other, right)) if kind == other => {
                self.same_number(*left, *right)
            }
            (Shape::Text(left), Shape::Text(right)) => match (left, right) {
                (Source::Constant(left), Source::Constant(right)) => truth(left == right),
                (Source::Constant(constant), Source::Row(row))
                | (Source::Row(row), Source::Constant(constant)) => {
                    self.graph.one_of(*row, [constant.clone()])
                }
                (Source::Row(left), Source::Row(right)) => self.graph.same(*left, *right),
            },
            (Shape::Entity(left), Shape::Entity(right)) => truth(left == right),
            (Shape::Extension(left), Shape::Extension(right)) => {
                truth(Self::same_constants(left, right))
            }
            (Shape::Set(left), Shape::Set(right)) => {
                let within = self.is_subset(left, right);
                let around = self.is_subset(right, left);
                self.graph.and(within, around)
            }
            (Shape::Record(left), Shape::Record(right)) => {
                if !left.keys().eq(right.keys()) {
                    return BitId::FALSE;
                }
                let pairs = left.values().zip(right.values());
                pairs.fold(BitId::TRUE, |all, (left, right)| {
                    let same = self.same(left, right);
                    self.graph.and(all, same)
                })
            }
            _ => BitId::FALSE,
        }
    }

    /// Where every member of one set is a member of the other.
    fn is_subset(&mut self, part: &[Cases], whole: &[Cases]) -> BitId {
        part.iter().fold(BitId::TRUE, |all, member| {
            let found = self.is_member(member, whole);
            self.graph.and(all, found)
        })
    }

    fn is_member(&mut self, member: &Cases, set: &[Cases]) -> BitId {
        set.iter().fold(BitId::FALSE, |any, other| {
            let same = self.same(member, other);
            self.graph.or(any, same)
        })
    }

    /// `of.isEmpty()`
    pub(super) fn is_empty(&mut self, of: &Value) -> Value {
        let (mut is_true, mut fails) = (BitId::FALSE, of.errs);
        for (guard, shape) in &of.cases {
            match shape {
                Shape::Set(members) if members.is_empty() => {
                    is_true = self.graph.or(is_true, *guard);
                }
                Shape::Set(_) => {}
                _ => fails = self.graph.or(fails, *guard),
            }
        }
        self.of_truth(is_true, fails)
    }

    /// `set.contains(member)`
    pub(super) fn contains(&mut self, set: &Value, member: &Value) -> Value {
        let (mut is_true, mut fails) = (BitId::FALSE, self.graph.or(set.errs, member.errs));
        for (both, set, member) in self.pairs(&set.cases, &member.cases) {
            let Shape::Set(members) = set else {
                fails = self.graph.or(fails, both);
                continue;
            };
            let found = self.is_member(&vec![(BitId::TRUE, member)], &members);
            let found = self.graph.and(both, found);
            is_true = self.graph.or(is_true, found);
        }
        self.of_truth(is_true, fails)
    }

    /// `left.containsAll(right)` and `left.containsAny(right)`
    pub(super) fn contains_many(&mut self, op: BinaryOp, left: &Value, right: &Value) -> Value {
        let (mut is_true, mut fails) = (BitId::FALSE, self.graph.or(left.errs, right.errs));
        for (both, left, right) in self.pairs(&left.cases, &right.cases) {
            let (Shape::Set(left), Shape::Set(right)) = (left, right) else {
                fails = self.graph.or(fails, both);
                continue;
            };
            let holds = if op == BinaryOp::ContainsAll {
                self.is_subset(&right, &left)
            } else {
                right.iter().fold(BitId::FALSE, |any, member| {
                    let found = self.is_member(member, &left);
                    self.graph.or(any, found)
                })
            };
            let holds = self.graph.and(both, holds);
            is_true = self.graph.or(is_true, holds);
        }
        self.of_truth(is_true, fails)
    }
}
