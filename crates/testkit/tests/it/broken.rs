//! Broken histories have exactly the errors that they say they have.

use consentry_testkit::generate::{break_one, broken, seeded};
use consentry_testkit::twin;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

proptest! {
    #[test]
    fn the_twin_names_exactly_these_lines(broken in broken()) {
        prop_assert!(!broken.errors.is_empty(), "{}", broken.mistake);
        let found = twin::check(&broken.files).err();
        prop_assert_eq!(found, Some(broken.errors.clone()), "{}", broken.mistake);
        // In quarantine at least these are rejected.
        let rejected: BTreeSet<_> = twin::quarantine(&broken.files).1.into_iter().collect();
        prop_assert!(broken.errors.iter().all(|line| rejected.contains(line)));
    }
}

#[test]
fn every_mistake_occurs() {
    let mut mistakes: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..400 {
        let broken = break_one(&seeded(seed), seed);
        let (mistake, _) = broken.mistake.split_once(':').unwrap_or((&broken.mistake, ""));
        let mistake = mistake.split(" Account(").next().unwrap_or_default();
        let mistake = mistake.split(['(', '`']).next().unwrap_or_default();
        *mistakes.entry(mistake.to_owned()).or_default() += 1;
    }
    assert!(mistakes.values().all(|count| *count >= 5), "{mistakes:#?}");
    assert!(mistakes.len() >= 7, "{mistakes:#?}");
}

#[test]
fn a_seed_makes_the_same_mistake() {
    for seed in 0..20 {
        let (one, other) = (break_one(&seeded(3), seed), break_one(&seeded(3), seed));
        assert_eq!((one.files, one.errors), (other.files, other.errors));
    }
}
