//! The weights, and the best labels under them.

use super::features::{COUNT, Features};
use super::lists::Lists;
use super::tokens::Token;

/// `O`, then the first and the further tokens of a person, a location and an organisation.
pub(super) const LABELS: usize = 7;
/// Bits of the number of rows.
pub(super) const ROW_BITS: u32 = 18;
/// A row holds one weight for each label; the last is unused.
pub(super) type Row<T> = [T; 8];

/// Whether `label` may follow `before`: a further token only follows a token of its own kind.
pub(super) const fn may_follow(before: usize, label: usize) -> bool {
    let is_further = label > 0 && label.is_multiple_of(2);
    !is_further || before == label || before.wrapping_add(1) == label
}

/// The row of a feature.
pub(super) fn row_of(feature: u64) -> usize {
    usize::try_from(feature >> (64 - ROW_BITS)).unwrap_or(0)
}

/// A label, and by how much the best labels with another one here would score less, when the
/// labels around it stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) label: usize,
    pub(super) margin: i32,
}

/// A trained tagger.
#[derive(Clone, Debug)]
pub(super) struct Tagger {
    pub(super) rows: Vec<Row<i8>>,
    pub(super) steps: [Row<i16>; 8],
    pub(super) lists: Lists,
}

/// Below every score that weights can add up to.
const NEVER: i32 = i32::MIN / 4;

impl Tagger {
    /// What speaks for each label of the tokens of a stretch of `text`.
    pub(super) fn scores(
        &self,
        text: &str,
        tokens: &[Token],
        features: &mut Features,
    ) -> Vec<Row<i32>> {
        features.read(text, tokens, &self.lists, true);
        (0..tokens.len()).map(|index| self.score(&features.of(index))).collect()
    }

    /// The tags that fit a stretch best.
    pub(super) fn tag(&self, scores: &[Row<i32>]) -> Vec<Tag> {
        let labels = best(scores, |before, label| self.step(before, label));
        self.margins(scores, &labels)
    }

    fn score(&self, features: &[u64; COUNT]) -> Row<i32> {
        let mut sum = [0_i16; 8];
        for &feature in features {
            if let Some(row) = self.rows.get(row_of(feature)) {
                for (sum, &weight) in sum.iter_mut().zip(row) {
                    // 30 weights of 8 bits stay far below 16.
                    *sum = sum.wrapping_add(i16::from(weight));
                }
            }
        }
        sum.map(i32::from)
    }

    fn step(&self, before: usize, label: usize) -> i32 {
        let weight = self.steps.get(before).and_then(|row| row.get(label)).copied().unwrap_or(0);
        if may_follow(before, label) { i32::from(weight) } else { NEVER }
    }

    fn margins(&self, scores: &[Row<i32>], labels: &[usize]) -> Vec<Tag> {
        let mut tags = Vec::with_capacity(labels.len());
        for (index, (row, &label)) in scores.iter().zip(labels).enumerate() {
            let before = index.checked_sub(1).and_then(|at| labels.get(at)).copied().unwrap_or(0);
            let after = labels.get(index.saturating_add(1)).copied().unwrap_or(0);
            let total = |label: usize, score: i32| {
                score
                    .saturating_add(self.step(before, label))
                    .saturating_add(self.step(label, after))
            };
            let own = total(label, row.get(label).copied().unwrap_or(0));
            let other = row
                .iter()
                .take(LABELS)
                .enumerate()
                .filter(|&(other, _)| other != label)
                .map(|(other, &score)| total(other, score))
                .max()
                .unwrap_or(NEVER);
            tags.push(Tag { label, margin: own.saturating_sub(other).max(0) });
        }
        tags
    }
}

/// The labels with the greatest sum of scores and steps (Viterbi). Before the first token and
/// after the last one stands an `O`.
pub(super) fn best(scores: &[Row<i32>], step: impl Fn(usize, usize) -> i32) -> Vec<usize> {
    let mut steps = [[NEVER; LABELS]; LABELS];
    for (before, row) in steps.iter_mut().enumerate() {
        for (label, weight) in row.iter_mut().enumerate() {
            *weight = step(before, label);
        }
    }
    let mut sums = [NEVER; LABELS];
    sums[0] = 0;
    let mut from: Vec<[u8; LABELS]> = Vec::with_capacity(scores.len());
    for row in scores {
        let mut next = [NEVER.saturating_mul(2); LABELS];
        let mut origin = [0_u8; LABELS];
        for (before, (&sum, steps)) in (0_u8..).zip(sums.iter().zip(&steps)) {
            for ((next, origin), &step) in next.iter_mut().zip(&mut origin).zip(steps) {
                let total = sum.saturating_add(step);
                if total > *next {
                    (*next, *origin) = (total, before);
                }
            }
        }
        for (next, &score) in next.iter_mut().zip(row) {
            *next = next.saturating_add(score).max(NEVER);
        }
        sums = next;
        from.push(origin);
    }
    for (sum, steps) in sums.iter_mut().zip(&steps) {
        *sum = sum.saturating_add(steps[0]);
    }
    let mut label = (0..LABELS)
        .max_by_key(|&label| (sums.get(label).copied(), std::cmp::Reverse(label)))
        .unwrap_or(0);
    let mut labels = vec![0; scores.len()];
    for (place, origin) in labels.iter_mut().zip(&from).rev() {
        *place = label;
        label = origin.get(label).copied().map_or(0, usize::from);
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(scores: &[Row<i32>], step: impl Fn(usize, usize) -> i32) -> i32 {
        let count = LABELS.pow(u32::try_from(scores.len()).unwrap());
        (0..count)
            .map(|mut code| {
                let (mut before, mut sum) = (0, 0_i32);
                for row in scores {
                    let label = code % LABELS;
                    code /= LABELS;
                    sum = sum.saturating_add(step(before, label)).saturating_add(row[label]);
                    before = label;
                }
                sum.saturating_add(step(before, 0))
            })
            .max()
            .unwrap()
    }

    #[test]
    fn no_other_labels_score_more() {
        let mut state = 7_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            i32::try_from(state >> 58).unwrap() - 32
        };
        for length in [1, 2, 3, 4] {
            for _ in 0..20 {
                let scores: Vec<Row<i32>> =
                    (0..length).map(|_| std::array::from_fn(|_| draw())).collect();
                let weights: [[i32; 7]; 7] =
                    std::array::from_fn(|_| std::array::from_fn(|_| draw()));
                let step = |before: usize, label: usize| {
                    if may_follow(before, label) { weights[before][label] } else { NEVER }
                };
                let labels = best(&scores, step);
                let mut before = 0;
                let mut sum = 0;
                for (row, &label) in scores.iter().zip(&labels) {
                    assert!(may_follow(before, label));
                    sum += step(before, label) + row[label];
                    before = label;
                }
                assert_eq!(sum + step(before, 0), naive(&scores, step));
            }
        }
    }
}
