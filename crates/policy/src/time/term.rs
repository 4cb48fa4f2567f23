//! Numbers that depend on the present instant and on facts.

use cedar_policy::pst::{BinaryOp, Expr, Literal, UnaryOp, Var};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Type};
use consentry_model::instant::MILLIS_PER_DAY;
use std::collections::BTreeSet;

/// A number made of the present instant, facts and constants. Instants and durations are in
/// milliseconds, as Cedar has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    Now,
    Fact(Attribute),
    Constant(i64),
    Plus(Box<Self>, Box<Self>),
    Minus(Box<Self>, Box<Self>),
    Times(Box<Self>, i64),
    /// Cut towards zero after division by this positive number.
    Quotient(Box<Self>, i64),
    /// The beginning of its day in UTC.
    Date(Box<Self>),
}

/// How a term moves as the present instant goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motion {
    /// By this many a millisecond; 0 is not at all.
    Steady(i64),
    /// In steps, never down.
    Up,
    /// In steps, never up.
    Down,
    /// Up at times and down at times.
    Both,
}

impl Motion {
    /// The motion of a sum; `None` when a speed leaves the range.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        Some(match (self, other) {
            (Self::Steady(one), Self::Steady(other)) => Self::Steady(one.checked_add(other)?),
            (Self::Both, _) | (_, Self::Both) => Self::Both,
            (Self::Up, Self::Up | Self::Steady(0..)) | (Self::Steady(0..), Self::Up) => Self::Up,
            (Self::Down, Self::Down | Self::Steady(..=0)) | (Self::Steady(..=0), Self::Down) => {
                Self::Down
            }
            _ => Self::Both,
        })
    }

    /// The motion of the negated term.
    pub(super) const fn reversed(self) -> Self {
        match self {
            Self::Steady(speed) => Self::Steady(speed.saturating_neg()),
            Self::Up => Self::Down,
            Self::Down => Self::Up,
            Self::Both => Self::Both,
        }
    }

    fn times(self, factor: i64) -> Option<Self> {
        Some(match (self, factor) {
            (Self::Steady(speed), _) => Self::Steady(speed.checked_mul(factor)?),
            (_, 0) => Self::Steady(0),
            (motion, 1..) => motion,
            (motion, _) => motion.reversed(),
        })
    }

    /// The motion after rounding.
    const fn stepped(self) -> Self {
        match self {
            Self::Steady(0) => Self::Steady(0),
            Self::Steady(1..) => Self::Up,
            Self::Steady(_) => Self::Down,
            motion => motion,
        }
    }
}

/// Whether an expression calculates with numbers, instants or durations.
pub(super) const fn is_arithmetic(expr: &Expr) -> bool {
    use BinaryOp as B;
    match expr {
        Expr::UnaryOp { op, .. } => {
            unit(*op).is_some()
                || matches!(
                    op,
                    UnaryOp::Neg
                        | UnaryOp::ToDate
                        | UnaryOp::ToTime
                        | UnaryOp::Datetime
                        | UnaryOp::Duration
                )
        }
        Expr::BinaryOp { op, .. } => {
            matches!(op, B::Add | B::Sub | B::Mul | B::Offset | B::DurationSince)
        }
        _ => false,
    }
}

/// How many milliseconds the unit has into which a duration is converted.
const fn unit(op: UnaryOp) -> Option<i64> {
    match op {
        UnaryOp::ToMilliseconds => Some(1),
        UnaryOp::ToSeconds => Some(1000),
        UnaryOp::ToMinutes => Some(60_000),
        UnaryOp::ToHours => Some(3_600_000),
        UnaryOp::ToDays => Some(MILLIS_PER_DAY),
        _ => None,
    }
}

impl Term {
    /// The term of an expression and how it moves, or why there is none.
    pub(super) fn of(expr: &Expr) -> Result<(Self, Motion), String> {
        let still = Motion::Steady(0);
        match expr {
            Expr::GetAttr { expr, attr } => match expr.as_ref() {
                Expr::Var(Var::Context) if attr == "now" => Ok((Self::Now, Motion::Steady(1))),
                Expr::Var(Var::Resource) => Attribute::from_name(attr)
                    .filter(|attribute| attribute.type_of() == Type::Time)
                    .map(|attribute| (Self::Fact(attribute), still))
                    .ok_or_else(|| format!("`{attr}` is not an instant")),
                _ => Err(unreadable(expr)),
            },
            Expr::Literal(Literal::Long(number)) => Ok((Self::Constant(*number), still)),
            Expr::UnaryOp { op, expr: inner } => Self::of_unary(*op, inner, expr),
            Expr::BinaryOp { op, left, right } => Self::of_binary(*op, left, right, expr),
            _ => Err(unreadable(expr)),
        }
    }

    fn of_unary(op: UnaryOp, inner: &Expr, whole: &Expr) -> Result<(Self, Motion), String> {
        if let (UnaryOp::Datetime | UnaryOp::Duration, Expr::Literal(Literal::String(text))) =
            (op, inner)
        {
            let value = constant(op, text).ok_or_else(|| unreadable(whole))?;
            return Ok((Self::Constant(value), Motion::Steady(0)));
        }
        let (term, motion) = match op {
            UnaryOp::ToTime => {
                return Err("the time of the day comes back every day".to_owned());
            }
            _ => Self::of(inner)?,
        };
        let inner = Box::new(term);
        match (op, unit(op)) {
            (_, Some(1)) => Ok((*inner, motion)),
            (_, Some(millis)) => Ok((Self::Quotient(inner, millis), motion.stepped())),
            (UnaryOp::ToDate, None) => Ok((Self::Date(inner), motion.stepped())),
            (UnaryOp::Neg, None) => Ok((Self::Times(inner, -1), motion.reversed())),
            _ => Err(unreadable(whole)),
        }
    }

    fn of_binary(
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        whole: &Expr,
    ) -> Result<(Self, Motion), String> {
        let (left, right) = (Self::of(left)?, Self::of(right)?);
        let (one, other) = (Box::new(left.0), Box::new(right.0));
        let (term, motion) = match op {
            BinaryOp::Add | BinaryOp::Offset => (Self::Plus(one, other), left.1.plus(right.1)),
            BinaryOp::Sub | BinaryOp::DurationSince => {
                (Self::Minus(one, other), left.1.plus(right.1.reversed()))
            }
            BinaryOp::Mul => match (one.literal(), other.literal()) {
                (_, Some(factor)) => (Self::Times(one, factor), left.1.times(factor)),
                (Some(factor), _) => (Self::Times(other, factor), right.1.times(factor)),
                _ => return Err("neither side of the multiplication is a number".to_owned()),
            },
            _ => return Err(unreadable(whole)),
        };
        match motion {
            Some(Motion::Both) | None => {
                Err(format!("`{whole}` moves up at times and down at times"))
            }
            Some(motion) => Ok((term, motion)),
        }
    }

    /// The number that a term is, however it is written: `-3` may be a number or the negative of one.
    fn literal(&self) -> Option<i64> {
        match self {
            Self::Constant(number) => Some(*number),
            Self::Times(inner, factor) => inner.literal()?.checked_mul(*factor),
            _ => None,
        }
    }

    /// The value at an instant, or `None` where a fact is absent. Values beyond 128 bits stay at
    /// the edge, so that a monotone term stays monotone.
    fn value(&self, now: i64, facts: &Facts<'_>) -> Option<i128> {
        Some(match self {
            Self::Now => now.into(),
            Self::Fact(attribute) => facts.time(*attribute)?.millis().into(),
            Self::Constant(number) => (*number).into(),
            Self::Plus(one, other) => {
                let one = one.value(now, facts)?;
                one.saturating_add(other.value(now, facts)?)
            }
            Self::Minus(one, other) => {
                let one = one.value(now, facts)?;
                one.saturating_sub(other.value(now, facts)?)
            }
            Self::Times(inner, factor) => inner.value(now, facts)?.saturating_mul((*factor).into()),
            Self::Quotient(inner, divisor) => {
                inner.value(now, facts)?.checked_div((*divisor).into())?
            }
            Self::Date(inner) => {
                let value = inner.value(now, facts)?;
                value.saturating_sub(value.checked_rem_euclid(MILLIS_PER_DAY.into())?)
            }
        })
    }

    /// Adds the first instant at which the term is on the other side of `threshold` than before:
    /// at least `threshold`, or again below. A monotone term has one at most.
    pub(super) fn crossings(
        &self,
        threshold: i128,
        facts: &Facts<'_>,
        turns: &mut BTreeSet<Instant>,
    ) {
        let above = |now| Some(self.value(now, facts)? >= threshold);
        let (Some(first), Some(last)) = (above(i64::MIN), above(i64::MAX)) else {
            return;
        };
        if first == last {
            return;
        }
        // `above(before)` is `first`, `above(after)` is not.
        let (mut before, mut after) = (i64::MIN, i64::MAX);
        while before < after - 1 {
            let middle = before.midpoint(after);
            if above(middle) == Some(first) {
                before = middle;
            } else {
                after = middle;
            }
        }
        turns.insert(Instant::from_millis(after));
    }

    /// Adds the instants at which a part of the term leaves or enters the range of 64 bits.
    pub(super) fn overflows(&self, facts: &Facts<'_>, turns: &mut BTreeSet<Instant>) {
        match self {
            Self::Now | Self::Fact(_) | Self::Constant(_) => return,
            Self::Plus(one, other) | Self::Minus(one, other) => {
                one.overflows(facts, turns);
                other.overflows(facts, turns);
            }
            Self::Times(inner, _) | Self::Date(inner) => inner.overflows(facts, turns),
            // A quotient is no larger than what it is of.
            Self::Quotient(inner, _) => return inner.overflows(facts, turns),
        }
        self.crossings(i64::MIN.into(), facts, turns);
        self.crossings(i128::from(i64::MAX) + 1, facts, turns);
    }
}

fn unreadable(expr: &Expr) -> String {
    format!("`{expr}` is not made of instants, durations and numbers alone")
}

/// What Cedar makes of the text of an instant or a duration, in milliseconds.
pub(crate) fn constant(op: UnaryOp, text: &str) -> Option<i64> {
    use cedar_policy::{Context, Entities, EvalResult, Expression, Request};
    let call = match op {
        UnaryOp::Datetime => {
            format!("datetime({text:?}).durationSince(datetime(\"1970-01-01\"))")
        }
        _ => format!("duration({text:?})"),
    };
    let expression: Expression = format!("{call}.toMilliseconds()").parse().ok()?;
    let nobody = || "Provider::\"self\"".parse().ok();
    let request = Request::new(nobody()?, nobody()?, nobody()?, Context::empty(), None).ok()?;
    match cedar_policy::eval_expression(&request, &Entities::empty(), &expression).ok()? {
        EvalResult::Long(millis) => Some(millis),
        _ => None,
    }
}
