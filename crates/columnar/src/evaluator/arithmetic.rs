//! Arithmetic on the rows of a block. Numbers wrap where they leave the range: there the program
//! knows by another bit that they did.

use super::registers::{Registers, Truth};
use crate::kernels::{BLOCK_ROWS, Numbers, Words};
use crate::plan::{Arithmetic, Source};
use consentry_model::instant::MILLIS_PER_DAY;

/// Computes a number for every row of the block.
pub(crate) fn compute<'n>(
    of: Arithmetic,
    read: impl Fn(Source) -> Numbers<'n>,
    registers: &Registers,
    rows: usize,
    out: &mut [i64; BLOCK_ROWS],
) {
    let out = out.get_mut(..rows).unwrap_or_default();
    match of {
        Arithmetic::Quotient(from, divisor) => {
            one(read(from), out, |value| value.checked_div(divisor).unwrap_or(0));
        }
        Arithmetic::DayStart(from) => {
            one(read(from), out, |value| value.wrapping_sub(value.rem_euclid(MILLIS_PER_DAY)));
        }
        Arithmetic::TimeOfDay(from) => {
            one(read(from), out, |value| value.rem_euclid(MILLIS_PER_DAY))
        }
        Arithmetic::Plus(left, right) => two(read(left), read(right), out, i64::wrapping_add),
        Arithmetic::Minus(left, right) => two(read(left), read(right), out, i64::wrapping_sub),
        Arithmetic::Times(left, right) => two(read(left), read(right), out, i64::wrapping_mul),
        Arithmetic::Choose(condition, then, otherwise) => {
            let (then, otherwise) = (read(then), read(otherwise));
            let condition = registers.get(condition);
            for (row, out) in out.iter_mut().enumerate() {
                let is_met = match condition {
                    Truth::All(value) => value,
                    Truth::Each(words) => {
                        words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
                    }
                };
                *out = if is_met { then.get(row) } else { otherwise.get(row) };
            }
        }
    }
}

#[inline]
fn one(from: Numbers<'_>, out: &mut [i64], step: impl Fn(i64) -> i64) {
    match from {
        Numbers::Constant(value) => out.fill(step(value)),
        Numbers::Column(values) => {
            for (out, value) in out.iter_mut().zip(values) {
                *out = step(*value);
            }
        }
    }
}

/// A loop for each way of being the same in every row or not: these are the ones that the compiler
/// makes fast.
#[inline]
fn two(left: Numbers<'_>, right: Numbers<'_>, out: &mut [i64], step: impl Fn(i64, i64) -> i64) {
    match (left, right) {
        (Numbers::Column(left), Numbers::Column(right)) => {
            for (out, (left, right)) in out.iter_mut().zip(left.iter().zip(right)) {
                *out = step(*left, *right);
            }
        }
        (Numbers::Constant(left), right) => one(right, out, |right| step(left, right)),
        (left, Numbers::Constant(right)) => one(left, out, |left| step(left, right)),
    }
}

/// Where a step leaves the range.
pub(crate) fn overflows<'n>(
    of: Arithmetic,
    read: impl Fn(Source) -> Numbers<'n>,
    rows: usize,
    out: &mut Words,
) {
    let mut each = |leaves: &dyn Fn(usize) -> bool| {
        for (index, word) in out.iter_mut().enumerate().take(rows.div_ceil(64)) {
            let lanes = (0..64).take(rows - 64 * index);
            *word = lanes.fold(0, |mask, lane| mask | u64::from(leaves(64 * index + lane)) << lane);
        }
    };
    match of {
        Arithmetic::Plus(left, right) => {
            let (left, right) = (read(left), read(right));
            each(&|row| left.get(row).checked_add(right.get(row)).is_none());
        }
        Arithmetic::Minus(left, right) => {
            let (left, right) = (read(left), read(right));
            each(&|row| left.get(row).checked_sub(right.get(row)).is_none());
        }
        Arithmetic::Times(left, right) => {
            let (left, right) = (read(left), read(right));
            each(&|row| left.get(row).checked_mul(right.get(row)).is_none());
        }
        Arithmetic::DayStart(of) => {
            let of = read(of);
            each(&|row| {
                let value = of.get(row);
                value.checked_sub(value.rem_euclid(MILLIS_PER_DAY)).is_none()
            });
        }
        Arithmetic::Quotient(..) | Arithmetic::TimeOfDay(_) | Arithmetic::Choose(..) => {
            out.fill(0);
        }
    }
}
