//! What the kernels do. Everything is inlined into functions that are compiled for one set of
//! instructions each; the loops are written so that the compiler turns them into such.

use super::{Keys, Numbers, Relation, Words};

#[inline(always)]
pub(super) fn compare(
    relation: Relation,
    left: Numbers<'_>,
    right: Numbers<'_>,
    care: Option<&Words>,
    out: &mut Words,
) {
    match relation {
        Relation::Less => compare_by(left, right, care, out, |left, right| left < right),
        Relation::LessEq => compare_by(left, right, care, out, |left, right| left <= right),
        Relation::Equal => compare_by(left, right, care, out, |left, right| left == right),
    }
}

#[inline(always)]
fn compare_by(
    left: Numbers<'_>,
    right: Numbers<'_>,
    care: Option<&Words>,
    out: &mut Words,
    holds: impl Fn(i64, i64) -> bool + Copy,
) {
    match (left, right) {
        (Numbers::Column(left), Numbers::Column(right)) => {
            let (whole_left, rest_left) = left.as_chunks::<64>();
            let (whole_right, rest_right) = right.as_chunks::<64>();
            let whole = whole_left.iter().zip(whole_right);
            for (index, ((left, right), out)) in whole.zip(out.iter_mut()).enumerate() {
                *out = if is_needed(care, index) { pair_mask(left, right, holds) } else { 0 };
            }
            if let Some(out) = out.get_mut(whole_left.len()) {
                let rest = rest_left.iter().zip(rest_right);
                *out = mask_of(rest.map(|(left, right)| holds(*left, *right)));
            }
        }
        (Numbers::Column(left), Numbers::Constant(right)) => {
            compare_one(left, care, out, |left| holds(left, right));
        }
        (Numbers::Constant(left), Numbers::Column(right)) => {
            compare_one(right, care, out, |right| holds(left, right));
        }
        (Numbers::Constant(left), Numbers::Constant(right)) => {
            out.fill(if holds(left, right) { u64::MAX } else { 0 });
        }
    }
}

#[inline(always)]
fn compare_one(
    column: &[i64],
    care: Option<&Words>,
    out: &mut Words,
    holds: impl Fn(i64) -> bool + Copy,
) {
    let (whole, rest) = column.as_chunks::<64>();
    for (index, (values, out)) in whole.iter().zip(out.iter_mut()).enumerate() {
        *out = if is_needed(care, index) { lane_mask(values, holds) } else { 0 };
    }
    if let Some(out) = out.get_mut(whole.len()) {
        *out = mask_of(rest.iter().map(|value| holds(*value)));
    }
}

#[inline(always)]
fn is_needed(care: Option<&Words>, index: usize) -> bool {
    care.and_then(|care| care.get(index)).is_none_or(|word| *word != 0)
}

#[inline(always)]
pub(super) fn keys_in(keys: Keys<'_>, wanted: &[u64], out: &mut Words) {
    match keys {
        Keys::One(keys) => narrow_keys_in(keys, wanted, out, |key| u8::try_from(key).ok()),
        Keys::Two(keys) => narrow_keys_in(keys, wanted, out, |key| u16::try_from(key).ok()),
        Keys::Four(keys) => narrow_keys_in(keys, wanted, out, |key| u32::try_from(key).ok()),
        Keys::Eight(keys) => narrow_keys_in(keys, wanted, out, Some),
    }
}

#[inline(always)]
fn narrow_keys_in<K: Copy + Eq>(
    keys: &[K],
    wanted: &[u64],
    out: &mut Words,
    narrow: impl Fn(u64) -> Option<K>,
) {
    let (whole, rest) = keys.as_chunks::<64>();
    out.fill(0);
    for wanted in wanted.iter().filter_map(|key| narrow(*key)) {
        for (keys, out) in whole.iter().zip(out.iter_mut()) {
            *out |= lane_mask(keys, |key| key == wanted);
        }
        if let Some(out) = out.get_mut(whole.len()) {
            *out |= mask_of(rest.iter().map(|key| *key == wanted));
        }
    }
}

#[inline(always)]
pub(super) fn keys_looked_up(keys: Keys<'_>, table: &[u8], out: &mut Words) {
    match keys {
        Keys::One(keys) => look_up(keys, table, out, usize::from),
        Keys::Two(keys) => look_up(keys, table, out, usize::from),
        Keys::Four(keys) => look_up(keys, table, out, |key| key as usize),
        Keys::Eight(keys) => {
            look_up(keys, table, out, |key| usize::try_from(key).unwrap_or(usize::MAX));
        }
    }
}

#[inline(always)]
fn look_up<K: Copy>(keys: &[K], table: &[u8], out: &mut Words, place: impl Fn(K) -> usize + Copy) {
    for (keys, out) in keys.chunks(64).zip(out.iter_mut()) {
        *out = mask_of(keys.iter().map(|key| table.get(place(*key)).is_some_and(|one| *one != 0)));
    }
}

/// The bits of up to 64 truth values.
#[inline(always)]
fn mask_of(truths: impl Iterator<Item = bool>) -> u64 {
    truths.zip(0..64u32).fold(0, |mask, (truth, lane)| mask | (u64::from(truth) << lane))
}

/// The bits of 64 values.
#[inline(always)]
fn lane_mask<T: Copy>(values: &[T; 64], holds: impl Fn(T) -> bool) -> u64 {
    let mut lanes = [0u8; 64];
    for (lane, value) in lanes.iter_mut().zip(values) {
        *lane = u8::from(holds(*value));
    }
    pack(&lanes)
}

/// The bits of 64 pairs.
#[inline(always)]
fn pair_mask<T: Copy>(left: &[T; 64], right: &[T; 64], holds: impl Fn(T, T) -> bool) -> u64 {
    let mut lanes = [0u8; 64];
    for (lane, (left, right)) in lanes.iter_mut().zip(left.iter().zip(right)) {
        *lane = u8::from(holds(*left, *right));
    }
    pack(&lanes)
}

/// The lowest bits of 64 bytes, each 0 or 1.
#[inline(always)]
fn pack(lanes: &[u8; 64]) -> u64 {
    let (eights, _) = lanes.as_chunks::<8>();
    let mut mask = 0;
    for (index, eight) in (0u32..).zip(eights) {
        // Each factor of the constant moves one byte's bit to its place in the highest byte.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= bits << (8 * index);
    }
    mask
}
