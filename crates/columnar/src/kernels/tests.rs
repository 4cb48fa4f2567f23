//! Every kernel, for every set of instructions that this processor has, held to plain Rust.

use super::*;
use proptest::prelude::*;

fn bits(rows: usize, is_set: impl Fn(usize) -> bool) -> Vec<bool> {
    (0..rows).map(is_set).collect()
}

fn of_words(words: &Words, rows: usize) -> Vec<bool> {
    bits(rows, |row| words[row / 64] >> (row % 64) & 1 == 1)
}

/// Numbers that meet, and the ends of the range.
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![-2..3i64, Just(i64::MIN), Just(i64::MAX), any::<i64>()]
}

proptest! {
    #[test]
    fn comparisons(
        pairs in prop::collection::vec((number(), number()), 1..300),
        constant in number(),
        relation in prop::sample::select(vec![Relation::Less, Relation::LessEq, Relation::Equal]),
    ) {
        let (left, right): (Vec<i64>, Vec<i64>) = pairs.into_iter().unzip();
        let rows = left.len();
        for instructions in Instructions::available() {
            let run = |left, right, care| {
                let mut out = [0; BLOCK_WORDS];
                compare(instructions, relation, left, right, care, &mut out);
                of_words(&out, rows)
            };
            let (l, r) = (Numbers::Column(&left), Numbers::Column(&right));
            let c = Numbers::Constant(constant);
            let expected = bits(rows, |row| relation.holds(left[row], right[row]));
            prop_assert_eq!(run(l, r, None), expected.clone());
            prop_assert_eq!(run(l, c, None), bits(rows, |row| relation.holds(left[row], constant)));
            prop_assert_eq!(run(c, r, None), bits(rows, |row| relation.holds(constant, right[row])));
            // Whole words may be left out, but only those that nobody asked for.
            let mut care = [u64::MAX; BLOCK_WORDS];
            care[0] = 0;
            let found = run(l, r, Some(&care));
            prop_assert_eq!(found.get(64..), expected.get(64..));
        }
    }

    #[test]
    fn keys(
        keys in prop::collection::vec(0..20u8, 1..300),
        wanted in prop::collection::vec(0..24u64, 0..6),
        table in prop::collection::vec(0..2u8, 0..20),
    ) {
        let rows = keys.len();
        let two: Vec<u16> = keys.iter().map(|key| u16::from(*key)).collect();
        let four: Vec<u32> = keys.iter().map(|key| u32::from(*key)).collect();
        let eight: Vec<u64> = keys.iter().map(|key| u64::from(*key)).collect();
        let is_wanted = bits(rows, |row| wanted.contains(&u64::from(keys[row])));
        let in_table = bits(rows, |row| table.get(usize::from(keys[row])) == Some(&1));
        for instructions in Instructions::available() {
            for column in [Keys::One(&keys), Keys::Two(&two), Keys::Four(&four), Keys::Eight(&eight)] {
                let mut out = [u64::MAX; BLOCK_WORDS];
                keys_in(instructions, column, &wanted, &mut out);
                prop_assert_eq!(of_words(&out, rows), is_wanted.clone());
                keys_looked_up(instructions, column, &table, &mut out);
                prop_assert_eq!(of_words(&out, rows), in_table.clone());
            }
        }
    }
}

#[test]
fn a_block_may_be_full() {
    let values: Vec<i64> = (0..BLOCK_ROWS as i64).collect();
    for instructions in Instructions::available() {
        let mut out = [0; BLOCK_WORDS];
        let (left, right) = (Numbers::Column(&values), Numbers::Constant(1));
        compare(instructions, Relation::LessEq, left, right, None, &mut out);
        assert_eq!(out[0], 0b11);
        assert!(out[1..].iter().all(|word| *word == 0));
    }
}
