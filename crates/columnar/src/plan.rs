//! The steps in which a bound program is computed, block by block.

use crate::graph::{Bit, BitId, Graph, Number, NumberId, Relation, Text};
use crate::order::{self, Node};
use crate::pattern::Pattern;
use consentry_model::facts::Attribute;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Where a truth value of a block is kept.
pub(crate) type Register = usize;

/// Where numbers of a block are kept.
pub(crate) type Slot = usize;

/// Numbers that a step takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Constant(i64),
    /// The present instant of each row.
    Now,
    Column(Attribute),
    Slot(Slot),
}

/// A question about one text.
#[derive(Clone, Debug)]
pub(crate) enum TextTest {
    OneOf(Vec<Arc<str>>),
    Like(Pattern),
}

impl TextTest {
    pub(crate) fn holds(&self, text: &str) -> bool {
        match self {
            Self::OneOf(values) => {
                values.binary_search_by(|value| value.as_ref().cmp(text)).is_ok()
            }
            Self::Like(pattern) => pattern.matches(text),
        }
    }
}

/// Arithmetic on numbers of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arithmetic {
    Plus(Source, Source),
    Minus(Source, Source),
    Times(Source, Source),
    Quotient(Source, i64),
    DayStart(Source),
    TimeOfDay(Source),
    Choose(Register, Source, Source),
}

/// One step: what is computed and where it goes.
#[derive(Debug)]
pub(crate) enum Step {
    Constant(bool, Register),
    Not(Register, Register),
    And(Register, Register, Register),
    Or(Register, Register, Register),
    Copy(Register),
    Has(Attribute, Register),
    IsTrue(Attribute, Register),
    /// The index of the test in the plan.
    Text(Attribute, usize, Register),
    /// The index of the pair in the plan.
    Same(usize, Register),
    Compare(Relation, Source, Source, Register),
    Overflows(Arithmetic, Register),
    Number(Arithmetic, Slot),
}

/// The steps, and what they need.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    pub(crate) tests: Vec<(Attribute, TextTest)>,
    pub(crate) pairs: Vec<(Attribute, Attribute)>,
    pub(crate) registers: usize,
    pub(crate) slots: usize,
    pub(crate) outputs: Vec<Register>,
    pub(crate) reads: Vec<Attribute>,
}

impl Plan {
    /// The steps that compute the roots.
    pub(crate) fn new(graph: &Graph, roots: &[BitId]) -> Self {
        let order = order::of(graph, roots.iter().copied().map(Node::Bit)).unwrap_or_default();
        let mut uses: BTreeMap<Node, usize> = BTreeMap::new();
        for node in &order {
            for operand in order::operands(graph, *node).into_iter().flatten() {
                *uses.entry(operand).or_default() += 1;
            }
        }
        // What comes out is used once more, so that its register is never given away.
        for root in roots {
            *uses.entry(Node::Bit(*root)).or_default() += 1;
        }
        let mut making = Making { uses, ..Making::new(graph) };
        for node in &order {
            making.step(*node);
        }
        making.plan.outputs = roots.iter().map(|root| making.register(*root)).collect();
        making.plan.reads = crate::program::reads(graph, order);
        making.plan
    }
}

struct Making<'g> {
    graph: &'g Graph,
    plan: Plan,
    uses: BTreeMap<Node, usize>,
    registers: HashMap<BitId, Register>,
    sources: HashMap<NumberId, Source>,
    free_registers: Vec<Register>,
    free_slots: Vec<Slot>,
}

impl<'g> Making<'g> {
    fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            plan: Plan::default(),
            uses: BTreeMap::new(),
            registers: HashMap::new(),
            sources: HashMap::new(),
            free_registers: Vec::new(),
            free_slots: Vec::new(),
        }
    }

    /// The register of a node that was computed: every operand comes before what uses it.
    fn register(&self, id: BitId) -> Register {
        self.registers.get(&id).copied().unwrap_or(0)
    }

    fn source(&self, id: NumberId) -> Source {
        self.sources.get(&id).copied().unwrap_or(Source::Constant(0))
    }

    fn take_register(&mut self, id: BitId) -> Register {
        let register = self.free_registers.pop().unwrap_or_else(|| {
            self.plan.registers += 1;
            self.plan.registers - 1
        });
        self.registers.insert(id, register);
        register
    }

    fn take_slot(&mut self, id: NumberId) -> Slot {
        let slot = self.free_slots.pop().unwrap_or_else(|| {
            self.plan.slots += 1;
            self.plan.slots - 1
        });
        self.sources.insert(id, Source::Slot(slot));
        slot
    }

    fn step(&mut self, node: Node) {
        match node {
            Node::Bit(id) => {
                let to = self.take_register(id);
                let step = self.bit(id, to);
                self.plan.steps.push(step);
            }
            Node::Number(id) => match self.graph.number(id) {
                Number::Constant(value) => {
                    self.sources.insert(id, Source::Constant(value));
                }
                Number::Now => {
                    self.sources.insert(id, Source::Now);
                }
                Number::Time(attribute) => {
                    self.sources.insert(id, Source::Column(attribute));
                }
                number => {
                    let slot = self.take_slot(id);
                    if let Some(arithmetic) = self.arithmetic(number) {
                        self.plan.steps.push(Step::Number(arithmetic, slot));
                    }
                }
            },
        }
        // What was used for the last time makes room.
        for operand in order::operands(self.graph, node).into_iter().flatten() {
            let Some(uses) = self.uses.get_mut(&operand) else { continue };
            *uses -= 1;
            if *uses > 0 {
                continue;
            }
            match operand {
                Node::Bit(id) => self.free_registers.extend(self.registers.get(&id)),
                Node::Number(id) => {
                    if let Some(Source::Slot(slot)) = self.sources.get(&id) {
                        self.free_slots.push(*slot);
                    }
                }
            }
        }
    }

    fn bit(&mut self, id: BitId, to: Register) -> Step {
        match self.graph.bit(id) {
            Bit::False => Step::Constant(false, to),
            Bit::True => Step::Constant(true, to),
            Bit::Not(of) => Step::Not(self.register(*of), to),
            Bit::And(left, right) => Step::And(self.register(*left), self.register(*right), to),
            Bit::Or(left, right) => Step::Or(self.register(*left), self.register(*right), to),
            Bit::Copy => Step::Copy(to),
            Bit::Has(attribute) => Step::Has(*attribute, to),
            Bit::IsTrue(attribute) => Step::IsTrue(*attribute, to),
            Bit::OneOf(Text::Attribute(attribute), values) => {
                self.text(*attribute, TextTest::OneOf(values.clone()), to)
            }
            Bit::Like(Text::Attribute(attribute), pattern) => {
                self.text(*attribute, TextTest::Like(pattern.clone()), to)
            }
            Bit::Same(Text::Attribute(left), Text::Attribute(right)) => {
                self.plan.pairs.push((*left, *right));
                Step::Same(self.plan.pairs.len() - 1, to)
            }
            // The purpose is known once a program is bound.
            Bit::OneOf(..) | Bit::Like(..) | Bit::Same(..) => Step::Constant(false, to),
            Bit::Compare(relation, left, right) => {
                Step::Compare(*relation, self.source(*left), self.source(*right), to)
            }
            Bit::Overflows(number) => match self.arithmetic(self.graph.number(*number)) {
                Some(arithmetic) => Step::Overflows(arithmetic, to),
                None => Step::Constant(false, to),
            },
        }
    }

    fn text(&mut self, attribute: Attribute, test: TextTest, to: Register) -> Step {
        self.plan.tests.push((attribute, test));
        Step::Text(attribute, self.plan.tests.len() - 1, to)
    }

    fn arithmetic(&self, number: Number) -> Option<Arithmetic> {
        let source = |id| self.source(id);
        Some(match number {
            Number::Plus(left, right) => Arithmetic::Plus(source(left), source(right)),
            Number::Minus(left, right) => Arithmetic::Minus(source(left), source(right)),
            Number::Times(left, right) => Arithmetic::Times(source(left), source(right)),
            Number::Quotient(of, divisor) => Arithmetic::Quotient(source(of), divisor),
            Number::DayStart(of) => Arithmetic::DayStart(source(of)),
            Number::TimeOfDay(of) => Arithmetic::TimeOfDay(source(of)),
            Number::Choose(condition, then, otherwise) => {
                Arithmetic::Choose(self.register(condition), source(then), source(otherwise))
            }
            Number::Constant(_) | Number::Now | Number::Time(_) => return None,
        })
    }
}
