//! Folding away what a purpose and an instant settle.

use crate::graph::{Bit, BitId, Graph, Number, NumberId, Text};
use crate::order::{self, Node};
use crate::program::{Effect, Program};
use consentry_model::Instant;
use consentry_model::facts::Resource;
use std::collections::HashMap;

/// What an evaluator computes of a program.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) graph: Graph,
    /// Where the answer is yes: some permit is satisfied, no forbid is, and nothing errs.
    pub(crate) permit: BitId,
    /// Where each policy is satisfied, in the order of the program's policies.
    pub(crate) satisfied: Vec<BitId>,
    /// Where each policy errs.
    pub(crate) errs: Vec<BitId>,
}

impl Bound {
    /// Folds a program. Without `now` the present instant stays a number of each row.
    pub(crate) fn new(program: &Program, purpose: &str, now: Option<Instant>) -> Self {
        let mut folding = Folding {
            from: program.graph(),
            purpose,
            now,
            has_copies: program.about.resources.contains(&Resource::FeedbackPart),
            has_parts: program.about.resources != [Resource::FeedbackPart],
            graph: Graph::new(),
            bits: HashMap::new(),
            numbers: HashMap::new(),
        };
        let roots = program.policies().iter().flat_map(|policy| [policy.satisfied, policy.errs]);
        // A program's steps are in an order: it was checked when it was made.
        for node in order::of(program.graph(), roots.map(Node::Bit)).unwrap_or_default() {
            folding.fold(node);
        }
        let policies = program.policies();
        let satisfied: Vec<_> =
            policies.iter().map(|policy| folding.bit(policy.satisfied)).collect();
        let errs: Vec<_> = policies.iter().map(|policy| folding.bit(policy.errs)).collect();
        let mut graph = folding.graph;
        let side = |effect| {
            let side = policies.iter().zip(&satisfied);
            side.filter(move |(policy, _)| policy.effect == effect).map(|(_, bit)| *bit)
        };
        let permitted = graph.any(side(Effect::Permit));
        let against = graph.any(side(Effect::Forbid).chain(errs.iter().copied()));
        let unopposed = graph.not(against);
        let permit = graph.and(permitted, unopposed);
        Self { graph, permit, satisfied, errs }
    }
}

struct Folding<'p> {
    from: &'p Graph,
    purpose: &'p str,
    now: Option<Instant>,
    has_copies: bool,
    has_parts: bool,
    graph: Graph,
    bits: HashMap<BitId, BitId>,
    numbers: HashMap<NumberId, NumberId>,
}

impl Folding<'_> {
    fn bit(&self, id: BitId) -> BitId {
        self.bits.get(&id).copied().unwrap_or(BitId::FALSE)
    }

    fn number(&mut self, id: NumberId) -> NumberId {
        match self.numbers.get(&id) {
            Some(number) => *number,
            None => self.graph.constant(0),
        }
    }

    fn fold(&mut self, node: Node) {
        match node {
            Node::Bit(id) => {
                let folded = self.fold_bit(self.from.bit(id));
                self.bits.insert(id, folded);
            }
            Node::Number(id) => {
                let folded = self.fold_number(self.from.number(id));
                self.numbers.insert(id, folded);
            }
        }
    }

    fn fold_bit(&mut self, bit: &Bit) -> BitId {
        let truth = |value| if value { BitId::TRUE } else { BitId::FALSE };
        match bit {
            Bit::False => BitId::FALSE,
            Bit::True => BitId::TRUE,
            Bit::Not(of) => self.graph.not(self.bit(*of)),
            Bit::And(left, right) => self.graph.and(self.bit(*left), self.bit(*right)),
            Bit::Or(left, right) => self.graph.or(self.bit(*left), self.bit(*right)),
            Bit::Copy if !self.has_copies => BitId::FALSE,
            Bit::Copy if !self.has_parts => BitId::TRUE,
            Bit::Copy => self.graph.copy(),
            Bit::Has(attribute) => self.graph.has(*attribute),
            Bit::IsTrue(attribute) => self.graph.is_true(*attribute),
            Bit::OneOf(Text::Purpose, values) => {
                truth(values.iter().any(|value| value.as_ref() == self.purpose))
            }
            Bit::OneOf(text, values) => self.graph.one_of(*text, values.iter().cloned()),
            Bit::Like(Text::Purpose, pattern) => truth(pattern.matches(self.purpose)),
            Bit::Like(text, pattern) => self.graph.like(*text, pattern.clone()),
            Bit::Same(Text::Purpose, other) | Bit::Same(other, Text::Purpose) => {
                self.graph.one_of(*other, [self.purpose.into()])
            }
            Bit::Same(left, right) => self.graph.same(*left, *right),
            Bit::Compare(relation, left, right) => {
                let (left, right) = (self.number(*left), self.number(*right));
                self.graph.compare(*relation, left, right)
            }
            Bit::Overflows(number) => {
                let number = self.fold_number(self.from.number(*number));
                self.graph.overflows(number)
            }
        }
    }

    fn fold_number(&mut self, number: Number) -> NumberId {
        match number {
            Number::Constant(value) => self.graph.constant(value),
            Number::Now => match self.now {
                Some(now) => self.graph.constant(now.millis()),
                None => self.graph.now(),
            },
            Number::Time(attribute) => self.graph.time(attribute),
            Number::Plus(left, right) => {
                let (left, right) = (self.number(left), self.number(right));
                self.graph.plus(left, right)
            }
            Number::Minus(left, right) => {
                let (left, right) = (self.number(left), self.number(right));
                self.graph.minus(left, right)
            }
            Number::Times(left, right) => {
                let (left, right) = (self.number(left), self.number(right));
                self.graph.times(left, right)
            }
            Number::Quotient(of, divisor) => {
                let of = self.number(of);
                self.graph.quotient(of, divisor)
            }
            Number::DayStart(of) => {
                let of = self.number(of);
                self.graph.day_start(of)
            }
            Number::TimeOfDay(of) => {
                let of = self.number(of);
                self.graph.time_of_day(of)
            }
            Number::Choose(condition, then, otherwise) => {
                let (then, otherwise) = (self.number(then), self.number(otherwise));
                self.graph.choose_number(self.bit(condition), then, otherwise)
            }
        }
    }
}
