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
    let mut one = |from: Source, step: &dyn Fn(i64) -> i64| {
        let from = read(from);
        for (row, out) in out.iter_mut().enumerate().take(rows) {
            *out = step(from.get(row));
        }
    };
    match of {
        Arithmetic::Quotient(from, divisor) => {
            one(from, &|value| value.checked_div(divisor).unwrap_or(0));
        }
        Arithmetic::DayStart(from) => {
            one(from, &|value| value.wrapping_sub(value.rem_euclid(MILLIS_PER_DAY)));
        }
        Arithmetic::TimeOfDay(from) => one(from, &|value| value.rem_euclid(MILLIS_PER_DAY)),
        Arithmetic::Plus(left, right) => two(read(left), read(right), rows, out, i64::wrapping_add),
        Arithmetic::Minus(left, right) => {
            two(read(left), read(right), rows, out, i64::wrapping_sub);
        }
        Arithmetic::Times(left, right) => {
            two(read(left), read(right), rows, out, i64::wrapping_mul);
        }
        Arithmetic::Choose(condition, then, otherwise) => {
            let (then, otherwise) = (read(then), read(otherwise));
            let condition = registers.get(condition);
            for (row, out) in out.iter_mut().enumerate().take(rows) {
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

fn two(
    left: Numbers<'_>,
    right: Numbers<'_>,
    rows: usize,
    out: &mut [i64; BLOCK_ROWS],
    step: impl Fn(i64, i64) -> i64,
) {
    for (row, out) in out.iter_mut().enumerate().take(rows) {
        *out = step(left.get(row), right.get(row));
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
