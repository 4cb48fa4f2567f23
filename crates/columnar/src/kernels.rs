//! The loops in which the time goes, compiled once for each set of instructions that a processor
//! may have and picked when the program runs. Every one of them computes the same bits.
//!
//! A kernel takes at most [`BLOCK_ROWS`] rows and writes a bit a row into words of 64, the first row
//! the lowest bit. Bits behind the last row are arbitrary.

use crate::graph::Relation;

mod body;

/// How many rows are computed at a time: what they need stays in the processor's nearest caches.
pub(crate) const BLOCK_ROWS: usize = 4096;

/// As many words of 64 bits as a block has rows.
pub(crate) const BLOCK_WORDS: usize = BLOCK_ROWS / 64;

/// A bit for each row of a block.
pub(crate) type Words = [u64; BLOCK_WORDS];

/// Which instructions a processor has, as far as they matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Instructions {
    /// What every processor of its kind has. On 64-bit ARM that is NEON.
    Plain,
    /// x86-64 with AVX2, BMI1 and BMI2: 256 bits at a time.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// x86-64 with AVX-512 F, BW, DQ and VL besides: 512 bits at a time.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Instructions {
    /// Everything that this processor has, the fastest last.
    #[must_use]
    pub fn available() -> Vec<Self> {
        #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut, reason = "nothing to add"))]
        let mut available = vec![Self::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            use std::is_x86_feature_detected as has;
            if has!("avx2") && has!("bmi1") && has!("bmi2") && has!("popcnt") {
                available.push(Self::Avx2);
                if has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl") {
                    available.push(Self::Avx512);
                }
            }
        }
        available
    }

    /// The fastest that this processor has.
    #[must_use]
    pub fn detect() -> Self {
        Self::available().last().copied().unwrap_or(Self::Plain)
    }
}

/// A column of numbers, or one number for all rows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Numbers<'a> {
    Constant(i64),
    Column(&'a [i64]),
}

impl Numbers<'_> {
    /// The number of a row; 0 behind the last one.
    pub(crate) fn get(&self, row: usize) -> i64 {
        match self {
            Self::Constant(value) => *value,
            Self::Column(values) => values.get(row).copied().unwrap_or(0),
        }
    }
}

/// Keys of a dictionary, of any width.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keys<'a> {
    One(&'a [u8]),
    Two(&'a [u16]),
    Four(&'a [u32]),
    Eight(&'a [u64]),
}

/// Calls a kernel as compiled for the given instructions.
macro_rules! dispatch {
    ($instructions:expr, $name:ident($($argument:expr),*)) => {
        match $instructions {
            Instructions::Plain => body::$name($($argument),*),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => {
                #[expect(unsafe_code, reason = "the processor has these instructions: `available` \
                    saw them, and nothing else makes this value outside of tests")]
                unsafe { avx2::$name($($argument),*) }
            }
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => {
                #[expect(unsafe_code, reason = "the processor has these instructions: `available` \
                    saw them, and nothing else makes this value outside of tests")]
                unsafe { avx512::$name($($argument),*) }
            }
        }
    };
}

/// The kernels of [`body`], compiled with the given instructions.
#[cfg(target_arch = "x86_64")]
macro_rules! compiled {
    ($module:ident, $features:literal) => {
        mod $module {
            use super::{Keys, Numbers, Relation, Words, body};

            #[target_feature(enable = $features)]
            pub(super) fn compare(
                relation: Relation,
                left: Numbers<'_>,
                right: Numbers<'_>,
                care: Option<&Words>,
                out: &mut Words,
            ) {
                body::compare(relation, left, right, care, out);
            }

            #[target_feature(enable = $features)]
            pub(super) fn keys_in(keys: Keys<'_>, wanted: &[u64], out: &mut Words) {
                body::keys_in(keys, wanted, out);
            }

            #[target_feature(enable = $features)]
            pub(super) fn keys_looked_up(keys: Keys<'_>, table: &[u8], out: &mut Words) {
                body::keys_looked_up(keys, table, out);
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
compiled!(avx2, "avx2,bmi1,bmi2,popcnt");
#[cfg(target_arch = "x86_64")]
compiled!(avx512, "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi1,bmi2,popcnt");

/// Where two numbers stand in a relation. Words in which no bit of `care` is set may come out
/// without any.
pub(crate) fn compare(
    instructions: Instructions,
    relation: Relation,
    left: Numbers<'_>,
    right: Numbers<'_>,
    care: Option<&Words>,
    out: &mut Words,
) {
    dispatch!(instructions, compare(relation, left, right, care, out));
}

/// Where a key is one of `wanted`: best for a few.
pub(crate) fn keys_in(instructions: Instructions, keys: Keys<'_>, wanted: &[u64], out: &mut Words) {
    dispatch!(instructions, keys_in(keys, wanted, out));
}

/// Where the entry of a table at the key is 1 and not 0. A key behind the end counts as 0.
pub(crate) fn keys_looked_up(
    instructions: Instructions,
    keys: Keys<'_>,
    table: &[u8],
    out: &mut Words,
) {
    dispatch!(instructions, keys_looked_up(keys, table, out));
}

#[cfg(test)]
mod tests;
