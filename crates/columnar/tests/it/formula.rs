//! Formulas over one row: what a program should compute, evaluated in the plainest way.

use consentry_columnar::graph::{BitId, Graph, NumberId, Relation, Text};
use consentry_columnar::pattern::{Pattern, Piece};
use consentry_columnar::{About, Effect, Policy, Program};
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use consentry_model::instant::MILLIS_PER_DAY;
use proptest::prelude::*;
use proptest::sample::select;

/// A truth value.
#[derive(Clone, Debug)]
pub enum Formula {
    Constant(bool),
    Has(Attribute),
    IsTrue(Attribute),
    OneOf(Attribute, Vec<&'static str>),
    Starts(Attribute, &'static str),
    Same(Attribute, Attribute),
    IsPurpose(&'static str),
    Copy,
    Compare(Relation, Sum, Sum),
    Overflows(Sum),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
}

/// A number.
#[derive(Clone, Debug)]
pub enum Sum {
    Constant(i64),
    Now,
    Time(Attribute),
    Plus(Box<Self>, Box<Self>),
    Minus(Box<Self>, Box<Self>),
    Times(Box<Self>, i64),
    Quotient(Box<Self>, i64),
    DayStart(Box<Self>),
    TimeOfDay(Box<Self>),
    Choose(Box<Formula>, Box<Self>, Box<Self>),
}

pub const TEXTS: [&str; 6] = ["", "a", "ab", "free", "é", "数据"];
const TIMES: [Attribute; 3] = [Attribute::LastActivity, Attribute::DeletedAt, Attribute::At];
const WORDS: [Attribute; 3] = [Attribute::Plan, Attribute::Origin, Attribute::Region];

fn leaf() -> impl Strategy<Value = Formula> {
    let word = || select(WORDS.to_vec());
    let some = prop::collection::vec(select(TEXTS.to_vec()), 0..6);
    prop_oneof![
        any::<bool>().prop_map(Formula::Constant),
        select(Attribute::ALL.to_vec()).prop_map(Formula::Has),
        select(vec![Attribute::Adult, Attribute::Incognito]).prop_map(Formula::IsTrue),
        (word(), some).prop_map(|(word, texts)| Formula::OneOf(word, texts)),
        (word(), select(TEXTS.to_vec())).prop_map(|(word, text)| Formula::Starts(word, text)),
        (word(), word()).prop_map(|(one, other)| Formula::Same(one, other)),
        select(TEXTS.to_vec()).prop_map(Formula::IsPurpose),
        Just(Formula::Copy),
    ]
}

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![-3..4i64, Just(i64::MIN), Just(i64::MAX), Just(MILLIS_PER_DAY), any::<i64>()]
}

fn sum(formula: BoxedStrategy<Formula>) -> BoxedStrategy<Sum> {
    let leaf = prop_oneof![
        number().prop_map(Sum::Constant),
        Just(Sum::Now),
        select(TIMES.to_vec()).prop_map(Sum::Time),
    ];
    leaf.prop_recursive(3, 12, 3, move |inner| {
        let pair = (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        let one = inner.prop_map(Box::new);
        prop_oneof![
            pair.clone().prop_map(|(one, other)| Sum::Plus(one, other)),
            pair.clone().prop_map(|(one, other)| Sum::Minus(one, other)),
            (one.clone(), number()).prop_map(|(one, factor)| Sum::Times(one, factor)),
            (one.clone(), 1..5i64).prop_map(|(one, by)| Sum::Quotient(one, by * 1000)),
            one.clone().prop_map(Sum::DayStart),
            one.prop_map(Sum::TimeOfDay),
            (formula.clone().prop_map(Box::new), pair)
                .prop_map(|(when, (one, other))| Sum::Choose(when, one, other)),
        ]
    })
    .boxed()
}

/// Formulas of every kind.
pub fn formula() -> BoxedStrategy<Formula> {
    let sums = sum(leaf().boxed());
    let relation = select(vec![Relation::Less, Relation::LessEq, Relation::Equal]);
    let leaf = prop_oneof![
        2 => leaf(),
        2 => (relation, sums.clone(), sums.clone())
            .prop_map(|(relation, one, other)| Formula::Compare(relation, one, other)),
        1 => sums.prop_map(Formula::Overflows),
    ];
    leaf.prop_recursive(5, 40, 2, |inner| {
        let pair = (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        prop_oneof![
            inner.prop_map(|one| Formula::Not(Box::new(one))),
            pair.clone().prop_map(|(one, other)| Formula::And(one, other)),
            pair.prop_map(|(one, other)| Formula::Or(one, other)),
        ]
    })
    .boxed()
}

/// The row, the purpose and the instant that a formula is about.
#[derive(Clone, Copy)]
pub struct Situation<'a> {
    pub row: &'a Facts<'a>,
    pub purpose: &'a str,
    pub now: i64,
}

impl Formula {
    fn text<'a>(at: Situation<'a>, attribute: Attribute) -> Option<&'a str> {
        match at.row.get(attribute) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether it holds. What is asked of an absent attribute, or of a number that is out of range,
    /// is false.
    pub fn holds(&self, at: Situation<'_>) -> bool {
        match self {
            Self::Constant(value) => *value,
            Self::Has(attribute) => at.row.get(*attribute).is_some(),
            Self::IsTrue(attribute) => at.row.get(*attribute) == Some(Value::Bool(true)),
            Self::OneOf(attribute, texts) => {
                Self::text(at, *attribute).is_some_and(|text| texts.contains(&text))
            }
            Self::Starts(attribute, text) => {
                Self::text(at, *attribute).is_some_and(|found| found.starts_with(text))
            }
            Self::Same(one, other) => {
                let (one, other) = (Self::text(at, *one), Self::text(at, *other));
                one.is_some() && one == other
            }
            Self::IsPurpose(text) => at.purpose == *text,
            Self::Copy => at.row.resource == Resource::FeedbackPart,
            Self::Compare(relation, one, other) => match (one.value(at), other.value(at)) {
                (Some(one), Some(other)) => match relation {
                    Relation::Less => one < other,
                    Relation::LessEq => one <= other,
                    Relation::Equal => one == other,
                },
                _ => false,
            },
            Self::Overflows(sum) => sum.is_there(at) && sum.value(at).is_none(),
            Self::Not(one) => !one.holds(at),
            Self::And(one, other) => one.holds(at) && other.holds(at),
            Self::Or(one, other) => one.holds(at) || other.holds(at),
        }
    }

    /// Makes it in a graph, joined with what says that its attributes are there and in range.
    pub fn lower(&self, graph: &mut Graph) -> BitId {
        match self {
            Self::Constant(true) => BitId::TRUE,
            Self::Constant(false) => BitId::FALSE,
            Self::Has(attribute) => graph.has(*attribute),
            Self::IsTrue(attribute) => {
                let (has, is) = (graph.has(*attribute), graph.is_true(*attribute));
                graph.and(has, is)
            }
            Self::OneOf(attribute, texts) => {
                let text = Text::Attribute(*attribute);
                let is = graph.one_of(text, texts.iter().map(|text| (*text).into()));
                let has = graph.has(*attribute);
                graph.and(has, is)
            }
            Self::Starts(attribute, text) => {
                let pattern = Pattern::new([Piece::Text((*text).into()), Piece::Anything]);
                let (has, is) =
                    (graph.has(*attribute), graph.like(Text::Attribute(*attribute), pattern));
                graph.and(has, is)
            }
            Self::Same(one, other) => {
                let is = graph.same(Text::Attribute(*one), Text::Attribute(*other));
                let (one, other) = (graph.has(*one), graph.has(*other));
                graph.all([is, one, other])
            }
            Self::IsPurpose(text) => graph.one_of(Text::Purpose, [(*text).into()]),
            Self::Copy => graph.copy(),
            Self::Compare(relation, one, other) => {
                let ((one, one_works), (other, other_works)) =
                    (one.lower(graph), other.lower(graph));
                let holds = graph.compare(*relation, one, other);
                graph.all([one_works, other_works, holds])
            }
            Self::Overflows(sum) => {
                let (_, works) = sum.lower(graph);
                let mut there = BitId::TRUE;
                for attribute in sum.attributes() {
                    let has = graph.has(attribute);
                    there = graph.and(there, has);
                }
                let fails = graph.not(works);
                graph.and(there, fails)
            }
            Self::Not(one) => {
                let one = one.lower(graph);
                graph.not(one)
            }
            Self::And(one, other) => {
                let (one, other) = (one.lower(graph), other.lower(graph));
                graph.and(one, other)
            }
            Self::Or(one, other) => {
                let (one, other) = (one.lower(graph), other.lower(graph));
                graph.or(one, other)
            }
        }
    }
}

impl Sum {
    /// The attributes whose instants it is made of, whichever branch is taken.
    fn attributes(&self) -> Vec<Attribute> {
        match self {
            Self::Constant(_) | Self::Now => Vec::new(),
            Self::Time(attribute) => vec![*attribute],
            Self::Plus(one, other) | Self::Minus(one, other) | Self::Choose(_, one, other) => {
                [one.attributes(), other.attributes()].concat()
            }
            Self::Times(one, _)
            | Self::Quotient(one, _)
            | Self::DayStart(one)
            | Self::TimeOfDay(one) => one.attributes(),
        }
    }

    fn is_there(&self, at: Situation<'_>) -> bool {
        self.attributes().into_iter().all(|attribute| at.row.get(attribute).is_some())
    }

    /// The value, where every step stays in range and every attribute is there.
    fn value(&self, at: Situation<'_>) -> Option<i64> {
        let is_there = self.is_there(at);
        is_there.then_some(())?;
        match self {
            Self::Constant(value) => Some(*value),
            Self::Now => Some(at.now),
            Self::Time(attribute) => Some(at.row.time(*attribute)?.millis()),
            Self::Plus(one, other) => one.value(at)?.checked_add(other.value(at)?),
            Self::Minus(one, other) => one.value(at)?.checked_sub(other.value(at)?),
            Self::Times(one, factor) => one.value(at)?.checked_mul(*factor),
            Self::Quotient(one, divisor) => one.value(at)?.checked_div(*divisor),
            Self::DayStart(one) => {
                let value = one.value(at)?;
                value.checked_sub(value.rem_euclid(MILLIS_PER_DAY))
            }
            Self::TimeOfDay(one) => Some(one.value(at)?.rem_euclid(MILLIS_PER_DAY)),
            Self::Choose(when, one, other) => {
                // Both branches must be in range, which is simpler to say in a graph.
                let (one, other) = (one.value(at)?, other.value(at)?);
                Some(if when.holds(at) { one } else { other })
            }
        }
    }

    /// The number, and where it is there and in range.
    fn lower(&self, graph: &mut Graph) -> (NumberId, BitId) {
        let step = |graph: &mut Graph, number, works: &[BitId]| {
            let beyond = graph.overflows(number);
            let within = graph.not(beyond);
            let works = graph.all(works.iter().copied().chain([within]));
            (number, works)
        };
        match self {
            Self::Constant(value) => (graph.constant(*value), BitId::TRUE),
            Self::Now => (graph.now(), BitId::TRUE),
            Self::Time(attribute) => (graph.time(*attribute), graph.has(*attribute)),
            Self::Plus(one, other) => {
                let ((one, works), (other, further)) = (one.lower(graph), other.lower(graph));
                let number = graph.plus(one, other);
                step(graph, number, &[works, further])
            }
            Self::Minus(one, other) => {
                let ((one, works), (other, further)) = (one.lower(graph), other.lower(graph));
                let number = graph.minus(one, other);
                step(graph, number, &[works, further])
            }
            Self::Times(one, factor) => {
                let (one, works) = one.lower(graph);
                let factor = graph.constant(*factor);
                let number = graph.times(one, factor);
                step(graph, number, &[works])
            }
            Self::Quotient(one, divisor) => {
                let (one, works) = one.lower(graph);
                (graph.quotient(one, *divisor), works)
            }
            Self::DayStart(one) => {
                let (one, works) = one.lower(graph);
                let number = graph.day_start(one);
                step(graph, number, &[works])
            }
            Self::TimeOfDay(one) => {
                let (one, works) = one.lower(graph);
                (graph.time_of_day(one), works)
            }
            Self::Choose(when, one, other) => {
                let when = when.lower(graph);
                let ((one, works), (other, further)) = (one.lower(graph), other.lower(graph));
                (graph.choose_number(when, one, other), graph.and(works, further))
            }
        }
    }
}

/// A program with a policy for each formula: permits and forbids in turn.
pub fn program(formulas: &[Formula]) -> Program {
    let mut graph = Graph::new();
    let policies = formulas.iter().enumerate().map(|(index, formula)| {
        let satisfied = formula.lower(&mut graph);
        let effect = if index % 2 == 0 { Effect::Permit } else { Effect::Forbid };
        Policy { id: format!("p{index}").into(), effect, satisfied, errs: BitId::FALSE }
    });
    let policies: Vec<Policy> = policies.collect();
    let about = About {
        set: "test".into(),
        set_hash: "none".into(),
        action: "train".into(),
        resources: vec![Resource::Part, Resource::FeedbackPart],
    };
    Program::new(about, policies, graph, Ok(Vec::new())).unwrap()
}
