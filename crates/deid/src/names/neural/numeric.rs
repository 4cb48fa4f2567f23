//! The arithmetic between the products of the network, row by row.
//!
//! Every function is a plain loop that runs with the widest vectors of the processor.

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
