//! Numbers, instants and durations that are not known yet. Instants and durations are in
//! milliseconds.

use super::facts::{EARLIEST, LATEST};
use crate::logic::{Circuit, Distance, Lit, Node, ZERO};
use std::collections::{BTreeMap, HashMap};

/// What is beyond exact comparison: inputs that may be anything, by what they stand for.
#[derive(Debug, Default)]
pub(crate) struct Beyond {
    known: HashMap<String, Lit>,
}

impl Beyond {
    /// The input that stands for a condition.
    pub(crate) fn input(&mut self, circuit: &mut Circuit, what: String) -> Lit {
        *self.known.entry(what).or_insert_with(|| circuit.input())
    }

    pub(crate) fn lits(&self) -> impl Iterator<Item = Lit> + '_ {
        self.known.values().copied()
    }
}

/// How a number is made.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// A sum of instants, each times a number.
    Sum(BTreeMap<Node, i128>),
    /// `times` such a sum with `inside` added, cut to units of this size: towards zero, or downwards.
    Steps { of: BTreeMap<Node, i128>, inside: i128, unit: i128, is_floor: bool, times: i128 },
    /// Something else, in words.
    Other(String),
}

/// A number with the limits that it keeps to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    form: Form,
    plus: i128,
    low: i128,
    high: i128,
}

impl Number {
    pub(super) fn constant(value: i64) -> Self {
        Self::sum(BTreeMap::new(), value.into())
    }

    pub(super) fn instant(node: Node) -> Self {
        Self::sum(BTreeMap::from([(node, 1)]), 0)
    }

    fn sum(terms: BTreeMap<Node, i128>, plus: i128) -> Self {
        let (mut low, mut high) = (plus, plus);
        for factor in terms.values() {
            let ends =
                [factor.saturating_mul(EARLIEST.into()), factor.saturating_mul(LATEST.into())];
            low = low.saturating_add(ends[0].min(ends[1]));
            high = high.saturating_add(ends[0].max(ends[1]));
        }
        Self { form: Form::Sum(terms), plus, low, high }
    }

    fn other(words: String, low: i128, high: i128) -> Self {
        Self { form: Form::Other(words), plus: 0, low, high }
    }

    fn words(&self) -> String {
        format!("{:?}+{}", self.form, self.plus)
    }

    fn value(&self) -> Option<i128> {
        match &self.form {
            Form::Sum(terms) if terms.is_empty() => Some(self.plus),
            _ => None,
        }
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let (low, high) =
            (self.low.saturating_add(other.low), self.high.saturating_add(other.high));
        if let (Form::Sum(one), Form::Sum(another)) = (&self.form, &other.form) {
            let mut terms = one.clone();
            for (node, factor) in another {
                let sum = terms.get(node).copied().unwrap_or(0).saturating_add(*factor);
                terms.insert(*node, sum);
            }
            terms.retain(|_, factor| *factor != 0);
            return Self::sum(terms, self.plus.saturating_add(other.plus));
        }
        match (self.value(), other.value()) {
            (_, Some(value)) => {
                Self { plus: self.plus.saturating_add(value), low, high, form: self.form.clone() }
            }
            (Some(value), _) => {
                Self { plus: other.plus.saturating_add(value), low, high, form: other.form.clone() }
            }
            _ => Self::other(format!("({} + {})", self.words(), other.words()), low, high),
        }
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.times(-1))
    }

    fn times(&self, factor: i128) -> Self {
        let ends = [self.low.saturating_mul(factor), self.high.saturating_mul(factor)];
        let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        let plus = self.plus.saturating_mul(factor);
        match &self.form {
            Form::Sum(terms) => {
                let terms = terms.iter().map(|(node, one)| (*node, one.saturating_mul(factor)));
                Self::sum(terms.filter(|(_, factor)| *factor != 0).collect(), plus)
            }
            Form::Steps { of, inside, unit, is_floor, times } if factor != 0 => {
                let times = times.saturating_mul(factor);
                let (of, inside, unit, is_floor) = (of.clone(), *inside, *unit, *is_floor);
                let form = Form::Steps { of, inside, unit, is_floor, times };
                Self { form, plus, low, high }
            }
            _ => Self::other(format!("({} * {factor})", self.words()), low, high),
        }
    }

    pub(super) fn product(&self, other: &Self) -> Self {
        match (self.value(), other.value()) {
            (_, Some(value)) => self.times(value),
            (Some(value), _) => other.times(value),
            _ => {
                let ends = [self.low, self.high]
                    .map(|one| [other.low, other.high].map(|other| one.saturating_mul(other)));
                let ends = ends.as_flattened().iter();
                let low = ends.clone().min().copied().unwrap_or(i128::MIN);
                let high = ends.max().copied().unwrap_or(i128::MAX);
                Self::other(format!("({} * {})", self.words(), other.words()), low, high)
            }
        }
    }

    /// The number of whole units, cut towards zero.
    pub(super) fn quotient(&self, unit: i128) -> Self {
        self.steps(unit, false)
    }

    /// The beginning of the day.
    pub(super) fn date(&self, day: i128) -> Self {
        self.steps(day, true).times(day)
    }

    /// What is left of the day.
    pub(super) fn time_of_day(&self, day: i128) -> Self {
        if let Some(value) = self.value() {
            return Self::sum(BTreeMap::new(), value.rem_euclid(day));
        }
        Self::other(format!("time of {}", self.words()), 0, day - 1)
    }

    fn steps(&self, unit: i128, is_floor: bool) -> Self {
        let cut = |value: i128| if is_floor { value.div_euclid(unit) } else { value / unit };
        let (low, high) = (cut(self.low), cut(self.high));
        match &self.form {
            Form::Sum(terms) if terms.is_empty() => Self::sum(BTreeMap::new(), cut(self.plus)),
            Form::Sum(of) => {
                let (of, inside) = (of.clone(), self.plus);
                let form = Form::Steps { of, inside, unit, is_floor, times: 1 };
                Self { form, plus: 0, low, high }
            }
            _ => {
                let floor = if is_floor { "floor" } else { "cut" };
                Self::other(format!("{floor} {} / {unit}", self.words()), low, high)
            }
        }
    }

    /// That the number leaves the range of 64 bits, at which Cedar errs.
    pub(super) fn overflows(&self, circuit: &mut Circuit, beyond: &mut Beyond) -> Lit {
        let (min, max) = (i128::from(i64::MIN), i128::from(i64::MAX));
        if self.low >= min && self.high <= max {
            return Lit::FALSE;
        }
        let below = !self.at_least(min, circuit, beyond);
        let above = self.at_least(max + 1, circuit, beyond);
        circuit.any([below, above])
    }

    /// That the number is at least so large.
    pub(super) fn at_least(&self, bound: i128, circuit: &mut Circuit, beyond: &mut Beyond) -> Lit {
        if self.low >= bound {
            return Lit::TRUE;
        }
        if self.high < bound {
            return Lit::FALSE;
        }
        let bound = bound - self.plus;
        match &self.form {
            Form::Sum(terms) => sum_at_least(terms, bound, circuit, beyond),
            Form::Steps { of, inside, unit, is_floor, times } => {
                // times * steps >= bound: steps >= n, or for a negative factor steps <= n.
                let (steps, is_upper) = if *times > 0 {
                    (div_ceil(bound, *times), false)
                } else {
                    (div_floor(-bound, -*times) + 1, true)
                };
                let needed = if *is_floor || steps >= 1 {
                    steps.saturating_mul(*unit)
                } else {
                    (steps - 1).saturating_mul(*unit) + 1
                };
                let reached = sum_at_least(of, needed - inside, circuit, beyond);
                if is_upper { !reached } else { reached }
            }
            Form::Other(words) => beyond.input(circuit, format!("{words} >= {bound}")),
        }
    }
}

fn div_floor(value: i128, by: i128) -> i128 {
    value.div_euclid(by)
}

fn div_ceil(value: i128, by: i128) -> i128 {
    -((-value).div_euclid(by))
}

/// That a sum is at least so large.
fn sum_at_least(
    terms: &BTreeMap<Node, i128>,
    bound: i128,
    circuit: &mut Circuit,
    beyond: &mut Beyond,
) -> Lit {
    let mut terms_left = terms.iter().map(|(node, factor)| (*node, *factor));
    match (terms_left.next(), terms_left.next(), terms_left.next()) {
        (None, ..) => {
            if bound <= 0 {
                Lit::TRUE
            } else {
                Lit::FALSE
            }
        }
        (Some((node, factor)), None, _) if factor > 0 => {
            circuit.within(Distance { x: ZERO, y: node, at_most: -div_ceil(bound, factor) })
        }
        (Some((node, factor)), None, _) => {
            // -f * x >= bound: x <= floor(-bound / f).
            circuit.within(Distance { x: node, y: ZERO, at_most: div_floor(-bound, -factor) })
        }
        (Some((one, factor)), Some((other, opposite)), None) if factor == -opposite => {
            let (first, second) = if factor > 0 { (one, other) } else { (other, one) };
            // f * (x - y) >= bound: y - x <= -ceil(bound / f).
            let at_most = -div_ceil(bound, factor.abs());
            circuit.within(Distance { x: second, y: first, at_most })
        }
        _ => beyond.input(circuit, format!("{terms:?} >= {bound}")),
    }
}
