//! The arithmetic between the products of the network, row by row.
//!
//! Every function is a plain loop that runs with the widest vectors of the processor.

use rten_simd::ops::{BitOps as _, NumOps as _};
use rten_simd::{Isa, SimdOp};

/// A loop to be compiled once for every kind of vectors.
struct Wide<F>(F);

impl<R, F: FnOnce() -> R> SimdOp for Wide<F> {
    type Output = R;

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) -> R {
        (self.0)()
    }
}

/// Runs a loop with the widest vectors of the processor.
#[inline(always)]
pub(super) fn wide<R>(run: impl FnOnce() -> R) -> R {
    Wide(run).dispatch()
}

/// Numbers that are looked at together, so that the compiler need not keep an order of sums.
const LANES: usize = 16;

/// Adding this to a number of up to 22 bits rounds it, and leaves the integer in the low bits.
const ROUND: f32 = 12_582_912.0;

/// Rows of bytes, each with the scale and the zero point that make numbers of them again:
/// `(byte - zero) * scale`.
#[derive(Default)]
pub(super) struct Bytes {
    pub(super) bytes: Vec<u8>,
    pub(super) scales: Vec<f32>,
    pub(super) zeros: Vec<u8>,
}

impl Bytes {
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.scales.clear();
        self.zeros.clear();
    }

    /// Adds rows of `width` numbers.
    pub(super) fn extend(&mut self, numbers: &[f32], width: usize) {
        let before = self.bytes.len();
        self.bytes.resize(before + numbers.len(), 0);
        let bytes = self.bytes.get_mut(before..).unwrap_or_default();
        for (row, out) in numbers.chunks_exact(width).zip(bytes.chunks_exact_mut(width)) {
            let (scale, zero) = quantise(row, out);
            self.scales.push(scale);
            self.zeros.push(zero);
        }
    }
}

/// Writes a row as bytes and gives their scale and zero point. Its least and greatest number, or
/// zero when it lies outside, become 0 and 255.
fn quantise(row: &[f32], out: &mut [u8]) -> (f32, u8) {
    wide(
        #[inline(always)]
        || {
            let (mut low, mut high) = ([0.0_f32; LANES], [0.0_f32; LANES]);
            for part in row.as_chunks::<LANES>().0 {
                for ((low, high), x) in low.iter_mut().zip(&mut high).zip(part) {
                    *low = if *x < *low { *x } else { *low };
                    *high = if *x > *high { *x } else { *high };
                }
            }
            let low = low.into_iter().fold(0.0, f32::min);
            let high = high.into_iter().fold(0.0, f32::max);
            let scale = ((high - low) / 255.0).max(f32::MIN_POSITIVE);
            let per = 1.0 / scale;
            let zero = (-low * per + ROUND).to_bits() as u8;
            let shift = f32::from(zero) + ROUND;
            for (out, x) in out.iter_mut().zip(row) {
                // Rounding twice may leave the range by one.
                let rounded = x * per + shift;
                let rounded = if rounded < ROUND { ROUND } else { rounded };
                let rounded = if rounded > ROUND + 255.0 { ROUND + 255.0 } else { rounded };
                *out = rounded.to_bits() as u8;
            }
            (scale, zero)
        },
    )
}

/// What stands behind a product of bytes, for each column.
pub(super) struct Columns {
    pub(super) scales: Vec<f32>,
    /// The sum of the column's bytes, by which the zero point of the left side is taken out.
    pub(super) totals: Vec<f32>,
    /// What is added.
    pub(super) bias: Vec<f32>,
}

/// A row of a product of bytes.
pub(super) struct Sums<'a> {
    pub(super) sums: &'a [i32],
    /// Those of the left side.
    pub(super) scale: f32,
    pub(super) zero: u8,
    pub(super) columns: &'a Columns,
}

impl Sums<'_> {
    /// Makes numbers of the row.
    pub(super) fn numbers(&self, out: &mut [f32]) {
        let Self { sums, scale, zero, columns } = *self;
        let zero = f32::from(zero);
        wide(
            #[inline(always)]
            || {
                let columns = columns.scales.iter().zip(&columns.totals).zip(&columns.bias);
                for ((out, sum), ((column, total), bias)) in out.iter_mut().zip(sums).zip(columns) {
                    *out = (*sum as f32 - zero * total) * (scale * column) + bias;
                }
            },
        );
    }
}

/// Adds `more` to a row and brings it to mean 0 and variance 1, times `gain` plus `shift`.
pub(super) fn add_and_normalise(row: &mut [f32], more: &[f32], gain: &[f32], shift: &[f32]) {
    /// The figure in the model's settings, `layer_norm_eps`.
    const LEAST: f32 = 1e-12;
    wide(
        #[inline(always)]
        || {
            for (x, more) in row.iter_mut().zip(more) {
                *x += more;
            }
            let count = row.len() as f32;
            let mut sums = [0.0_f32; LANES];
            for part in row.as_chunks::<LANES>().0 {
                for (sum, x) in sums.iter_mut().zip(part) {
                    *sum += x;
                }
            }
            let mean = sums.iter().sum::<f32>() / count;
            let mut squares = [0.0_f32; LANES];
            for part in row.as_chunks::<LANES>().0 {
                for (sum, x) in squares.iter_mut().zip(part) {
                    *sum += (x - mean) * (x - mean);
                }
            }
            let per = 1.0 / (squares.iter().sum::<f32>() / count + LEAST).sqrt();
            for ((x, gain), shift) in row.iter_mut().zip(gain).zip(shift) {
                *x = (*x - mean) * per * gain + shift;
            }
        },
    );
}

/// A matrix that lies in a slice: its rows begin `stride` numbers apart.
#[derive(Clone, Copy)]
pub(super) struct Strided<'a> {
    pub(super) numbers: &'a [f32],
    pub(super) stride: usize,
}

/// Columns that are computed together.
pub(super) const BLOCK: usize = 32;

/// Writes the product of the rows of `left`, which are `depth` long, and the first `depth` rows of
/// `right` into rows of `columns`, a multiple of [`BLOCK`]. It is for the small products of
/// attention, for which a library takes longer to arrange than to multiply.
pub(super) fn multiply(
    left: Strided,
    right: Strided,
    depth: usize,
    columns: usize,
    out: &mut [f32],
) {
    Multiply { left, right, depth, columns, out }.dispatch();
}

struct Multiply<'a> {
    left: Strided<'a>,
    right: Strided<'a>,
    depth: usize,
    columns: usize,
    out: &'a mut [f32],
}

/// Rows that are computed together.
const ROWS: usize = 4;

impl SimdOp for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Self { left, right, depth, columns, out } = self;
        let ops = isa.f32();
        let lanes = ops.len();
        for (group, out) in out.chunks_mut(ROWS * columns).enumerate() {
            let rows: [&[f32]; ROWS] = std::array::from_fn(|row| {
                let start = (group * ROWS + row) * left.stride;
                left.numbers.get(start..start + depth).unwrap_or_default()
            });
            for block in (0..columns).step_by(lanes * 2) {
                let mut sums = [[ops.zero(); 2]; ROWS];
                for (at, right) in right.numbers.chunks(right.stride).take(depth).enumerate() {
                    let Some(right) = right.get(block..block + lanes * 2) else { continue };
                    let (one, two) = right.split_at(lanes);
                    let (one, two) = (ops.load(one), ops.load(two));
                    for ([first, second], row) in sums.iter_mut().zip(rows) {
                        let x = ops.splat(row.get(at).copied().unwrap_or(0.0));
                        *first = ops.mul_add(x, one, *first);
                        *second = ops.mul_add(x, two, *second);
                    }
                }
                for (out, sums) in out.chunks_exact_mut(columns).zip(sums) {
                    let parts = out.get_mut(block..).unwrap_or_default().chunks_exact_mut(lanes);
                    for (part, sum) in parts.zip(sums) {
                        ops.store(sum, part);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Bytes, Strided, multiply};

    #[test]
    fn small_products_are_those_of_the_definition() {
        let number = |at: usize| ((at * 7919) % 101) as f32 - 50.0;
        let numbers: Vec<f32> = (0..7 * 100).map(number).collect();
        for (rows, depth, columns) in [(1, 1, BLOCK), (6, 5, BLOCK), (7, 6, 2 * BLOCK)] {
            let left = Strided { numbers: &numbers, stride: 100 };
            let right = Strided { numbers: &numbers, stride: 70 };
            let mut out = vec![9.0; rows * columns];
            multiply(left, right, depth, columns, &mut out);
            for (at, found) in out.iter().enumerate() {
                let (row, column) = (at / columns, at % columns);
                let sum: f32 =
                    (0..depth).map(|d| numbers[row * 100 + d] * numbers[d * 70 + column]).sum();
                assert!((found - sum).abs() < 0.01, "{found} {sum}");
            }
        }
    }

    #[test]
    fn bytes_stand_for_numbers_of_any_range() {
        for (low, high) in [(-1.0, 3.0), (2.0, 5.0), (-7.0, -6.5), (0.0, 0.0), (-1e-3, 1e6)] {
            let row: Vec<f32> = (0..32).map(|at| low + (high - low) * at as f32 / 31.0).collect();
            let mut bytes = Bytes::default();
            bytes.extend(&row, 32);
            let (scale, zero) = (bytes.scales[0], f32::from(bytes.zeros[0]));
            for (byte, number) in bytes.bytes.iter().zip(&row) {
                let back = (f32::from(*byte) - zero) * scale;
                assert!((back - number).abs() <= scale * 1.01, "{back} {number}");
            }
        }
    }
}
