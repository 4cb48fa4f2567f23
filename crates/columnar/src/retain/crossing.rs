//! The instant at which a number that moves one way passes a threshold.

use super::Facts;
use crate::graph::{Graph, Number, NumberId, Relation};
use crate::program::Turn;
use consentry_model::facts::Attribute;
use consentry_model::instant::MILLIS_PER_DAY;

/// A number passing a threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Crossing {
    of: Moving,
    /// From below to at least this, or back.
    threshold: i128,
}

/// A number that moves as time passes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Moving {
    /// By one a millisecond, up or down: the instant is computed.
    Steady { is_up: bool, rest: Sum },
    /// In any other way that never turns around: the instant is searched for.
    Monotone(Term),
}

/// Instants of the row, each times a factor, and a constant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sum {
    constant: i128,
    facts: Vec<(Attribute, i128)>,
}

/// A number as a tree, without limits of its range.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    Now,
    Constant(i64),
    Time(Attribute),
    Plus(Box<Self>, Box<Self>),
    Minus(Box<Self>, Box<Self>),
    Times(Box<Self>, Box<Self>),
    Quotient(Box<Self>, i64),
    DayStart(Box<Self>),
}

impl Crossing {
    /// Everything that may change a comparison of two numbers as time passes: their difference
    /// passes 0, or 1, or a moving part of either leaves or enters the range of 64 bits.
    /// `None` where a part is of a kind that may turn around.
    pub(super) fn of(graph: &Graph, turn: &Turn) -> Option<Vec<Self>> {
        let (left, right) = (Term::of(graph, turn.left)?, Term::of(graph, turn.right)?);
        let mut crossings = Vec::new();
        for side in [&left, &right] {
            side.overflows(&mut crossings);
        }
        let difference = Term::Minus(Box::new(left), Box::new(right));
        // `<` turns where the difference is no longer below 0, `<=` where it is no longer below 1.
        if turn.relation != Relation::LessEq {
            crossings.push(Self::new(&difference, 0));
        }
        if turn.relation != Relation::Less {
            crossings.push(Self::new(&difference, 1));
        }
        crossings.retain(Self::moves);
        Some(crossings)
    }

    fn new(term: &Term, threshold: i128) -> Self {
        let of = match term.linear() {
            Some((1, rest)) => Moving::Steady { is_up: true, rest },
            Some((-1, rest)) => Moving::Steady { is_up: false, rest },
            _ => Moving::Monotone(term.clone()),
        };
        Self { of, threshold }
    }

    fn moves(&self) -> bool {
        match &self.of {
            Moving::Steady { .. } => true,
            Moving::Monotone(term) => term.moves(),
        }
    }

    /// The attributes that it reads.
    pub(super) fn reads(&self) -> Vec<Attribute> {
        match &self.of {
            Moving::Steady { rest, .. } => rest.facts.iter().map(|(fact, _)| *fact).collect(),
            Moving::Monotone(term) => {
                let mut reads = Vec::new();
                term.reads(&mut reads);
                reads
            }
        }
    }

    /// For each row the first instant at which the number is on the other side of the threshold, and
    /// a bit in `later` where there is one and it is after `now`. Elsewhere the instant is `now`.
    pub(super) fn instants(
        &self,
        facts: &Facts<'_>,
        now: i64,
        instants: &mut [i64],
        later: &mut [u64],
    ) {
        match &self.of {
            Moving::Steady { is_up, rest } => {
                // `now + rest` is at least the threshold from here on; `rest - now` up to here.
                let (constant, sign) = if *is_up {
                    (self.threshold.saturating_sub(rest.constant), -1)
                } else {
                    (rest.constant.saturating_sub(self.threshold).saturating_add(1), 1)
                };
                match (rest.facts.as_slice(), i64::try_from(constant)) {
                    ([(fact, 1 | -1)], Ok(constant)) => {
                        let is_plus = rest.facts.iter().all(|(_, factor)| factor * sign == 1);
                        one_fact(facts, *fact, constant, is_plus, now, instants);
                    }
                    (sum, _) => several_facts(facts, sum, constant, sign, now, instants),
                }
                for fact in rest.facts.iter().map(|(fact, _)| *fact) {
                    facts.forget_absent(fact, now, instants);
                }
            }
            Moving::Monotone(term) => {
                for (row, instant) in instants.iter_mut().enumerate() {
                    let at = self.search(term, facts, row);
                    *instant = at.filter(|at| *at > now).unwrap_or(now);
                }
            }
        }
        for (word, instants) in later.iter_mut().zip(instants.chunks(64)) {
            let lanes = instants.iter().zip(0..64u32);
            *word = lanes.fold(0, |mask, (at, lane)| mask | u64::from(*at > now) << lane);
        }
    }

    fn search(&self, term: &Term, facts: &Facts<'_>, row: usize) -> Option<i64> {
        let is_above = |now| Some(term.value(now, facts, row)? >= self.threshold);
        let first = is_above(i64::MIN)?;
        if is_above(i64::MAX)? == first {
            return None;
        }
        let (mut before, mut after) = (i64::MIN, i64::MAX);
        while before < after - 1 {
            let middle = before.midpoint(after);
            if is_above(middle)? == first {
                before = middle;
            } else {
                after = middle;
            }
        }
        Some(after)
    }
}

/// `constant ± fact`, where that is in range and after `now`.
fn one_fact(
    facts: &Facts<'_>,
    fact: Attribute,
    constant: i64,
    is_plus: bool,
    now: i64,
    instants: &mut [i64],
) {
    let Some((values, _)) = facts.column(fact) else { return instants.fill(now) };
    let keep = |(at, is_beyond): (i64, bool)| if is_beyond || at <= now { now } else { at };
    for (instant, value) in instants.iter_mut().zip(values) {
        *instant = keep(if is_plus {
            constant.overflowing_add(*value)
        } else {
            constant.overflowing_sub(*value)
        });
    }
}

/// `constant + sign * (factor * fact + …)`, where that is in range and after `now`.
fn several_facts(
    facts: &Facts<'_>,
    sum: &[(Attribute, i128)],
    constant: i128,
    sign: i128,
    now: i64,
    instants: &mut [i64],
) {
    for (row, instant) in instants.iter_mut().enumerate() {
        let at = sum.iter().try_fold(constant, |at, (fact, factor)| {
            let value = i128::from(facts.time(*fact, row)?);
            at.checked_add(value.checked_mul(factor.checked_mul(sign)?)?)
        });
        let at = at.and_then(|at| i64::try_from(at).ok());
        *instant = at.filter(|at| *at > now).unwrap_or(now);
    }
}

impl Term {
    /// The tree of a number; `None` for one that does not occur in comparisons that time can turn.
    fn of(graph: &Graph, id: NumberId) -> Option<Self> {
        let boxed = |id| Some(Box::new(Self::of(graph, id)?));
        Some(match graph.number(id) {
            Number::Constant(value) => Self::Constant(value),
            Number::Now => Self::Now,
            Number::Time(attribute) => Self::Time(attribute),
            Number::Plus(left, right) => Self::Plus(boxed(left)?, boxed(right)?),
            Number::Minus(left, right) => Self::Minus(boxed(left)?, boxed(right)?),
            Number::Times(left, right) => Self::Times(boxed(left)?, boxed(right)?),
            Number::Quotient(of, divisor) => Self::Quotient(boxed(of)?, divisor),
            Number::DayStart(of) => Self::DayStart(boxed(of)?),
            Number::TimeOfDay(_) | Number::Choose(..) => return None,
        })
    }

    fn children(&self) -> Vec<&Self> {
        match self {
            Self::Now | Self::Constant(_) | Self::Time(_) => Vec::new(),
            Self::Plus(one, other) | Self::Minus(one, other) | Self::Times(one, other) => {
                vec![one, other]
            }
            Self::Quotient(of, _) | Self::DayStart(of) => vec![of],
        }
    }

    fn moves(&self) -> bool {
        *self == Self::Now || self.children().into_iter().any(Self::moves)
    }

    fn reads(&self, reads: &mut Vec<Attribute>) {
        if let Self::Time(attribute) = self {
            reads.push(*attribute);
        }
        for child in self.children() {
            child.reads(reads);
        }
    }

    /// The instants at which a moving part leaves or enters the range of 64 bits.
    fn overflows(&self, crossings: &mut Vec<Crossing>) {
        for child in self.children() {
            child.overflows(crossings);
        }
        // The present instant is in range, and a quotient is no larger than what it is of.
        if !self.moves() || matches!(self, Self::Now | Self::Quotient(..)) {
            return;
        }
        let limits = [i128::from(i64::MIN), i128::from(i64::MAX) + 1];
        crossings.extend(limits.map(|threshold| Crossing::new(self, threshold)));
    }

    /// How fast the term moves, and the rest of it, where both are simple.
    fn linear(&self) -> Option<(i128, Sum)> {
        Some(match self {
            Self::Now => (1, Sum::default()),
            Self::Constant(value) => (0, Sum { constant: (*value).into(), facts: Vec::new() }),
            Self::Time(attribute) => (0, Sum { constant: 0, facts: vec![(*attribute, 1)] }),
            Self::Plus(one, other) => {
                let ((speed, one), (further, other)) = (one.linear()?, other.linear()?);
                (speed.checked_add(further)?, one.plus(other, 1)?)
            }
            Self::Minus(one, other) => {
                let ((speed, one), (further, other)) = (one.linear()?, other.linear()?);
                (speed.checked_sub(further)?, one.plus(other, -1)?)
            }
            Self::Times(one, other) => {
                let ((speed, one), (further, other)) = (one.linear()?, other.linear()?);
                let (speed, sum, factor) = match (further, other.facts.is_empty(), speed) {
                    (0, true, _) => (speed, one, other.constant),
                    (_, _, 0) if one.facts.is_empty() => (further, other, one.constant),
                    _ => return None,
                };
                (speed.checked_mul(factor)?, Sum::default().plus(sum, factor)?)
            }
            Self::Quotient(..) | Self::DayStart(_) => return None,
        })
    }

    /// The value at an instant; `None` where a fact is absent. Values beyond 128 bits stay at the
    /// edge, so that a monotone term stays monotone.
    fn value(&self, now: i64, facts: &Facts<'_>, row: usize) -> Option<i128> {
        let value = |term: &Self| term.value(now, facts, row);
        Some(match self {
            Self::Now => now.into(),
            Self::Constant(value) => (*value).into(),
            Self::Time(attribute) => facts.time(*attribute, row)?.into(),
            Self::Plus(one, other) => value(one)?.saturating_add(value(other)?),
            Self::Minus(one, other) => value(one)?.saturating_sub(value(other)?),
            Self::Times(one, other) => value(one)?.saturating_mul(value(other)?),
            Self::Quotient(of, divisor) => value(of)?.checked_div((*divisor).into())?,
            Self::DayStart(of) => {
                let of = value(of)?;
                of.saturating_sub(of.checked_rem_euclid(MILLIS_PER_DAY.into())?)
            }
        })
    }
}

impl Sum {
    fn plus(mut self, other: Self, factor: i128) -> Option<Self> {
        self.constant = self.constant.checked_add(other.constant.checked_mul(factor)?)?;
        for (attribute, times) in other.facts {
            let times = times.checked_mul(factor)?;
            match self.facts.iter_mut().find(|(known, _)| *known == attribute) {
                Some((_, known)) => *known = known.checked_add(times)?,
                None => self.facts.push((attribute, times)),
            }
        }
        self.facts.retain(|(_, times)| *times != 0);
        Some(self)
    }
}
