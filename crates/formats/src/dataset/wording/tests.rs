use super::*;
use crate::dataset::sample;
use proptest::prelude::*;

#[test]
fn numbers_are_grouped_by_thousands() {
    for (number, text) in [
        (0, "0"),
        (999, "999"),
        (1_000, "1,000"),
        (1_234_567, "1,234,567"),
        (u64::MAX, "18,446,744,073,709,551,615"),
    ] {
        assert_eq!(grouped(number), text);
    }
    assert_eq!(counted(1, "part", "parts"), "1 part");
    assert_eq!(counted(0, "part", "parts"), "0 parts");
}

#[test]
fn a_share_says_all_and_nothing_only_of_all_and_nothing() {
    for (part, whole, text) in [
        (0, 0, "–"),
        (0, 7, "0%"),
        (7, 7, "100%"),
        (1, 3, "33.3%"),
        (1, 2, "50.0%"),
        (1, 100_000, "under 0.1%"),
        (99_999, 100_000, "over 99.9%"),
        (u64::MAX - 1, u64::MAX, "over 99.9%"),
    ] {
        assert_eq!(share(part, whole), text, "{part} of {whole}");
    }
}

#[test]
fn days_are_written_out() {
    let instant = Instant::parse("2026-06-01T23:59:59.999Z").expect("a time");
    assert_eq!(day(instant), "1 June 2026");
    assert_eq!(month_name(0), None);
    assert_eq!(month_name(12), Some("December"));
    assert_eq!(month_name(13), None);
}

#[test]
fn every_exclusion_word_has_a_meaning() {
    let set = sample::conversation().policy_set;
    for exclusion in [
        Exclusion::DueForErasure,
        Exclusion::NoContent,
        Exclusion::AfterRatedMessage,
        Exclusion::NoExample,
    ] {
        let found = reasons(exclusion.as_str(), &set);
        assert_eq!(found.len(), 1);
        assert!(found[0].text.starts_with("Permitted, but"), "{:?}", found[0]);
    }
    assert_eq!(reasons("something-new", &set)[0].text, "something-new");
}

#[test]
fn a_denial_is_told_by_its_policies() {
    let set = sample::conversation().policy_set;
    let found = reasons("denied:deleted+incognito+policy-error:legal-hold+unheard-of", &set);
    let texts: Vec<&str> = found.iter().map(|reason| reason.text.as_str()).collect();
    assert_eq!(texts[0], "The conversation was deleted");
    assert_eq!(found[0].cites[0].source, "Privacy Policy, section 4");
    assert_eq!(texts[1], "The conversation is incognito");
    assert!(texts[2].contains("could not be evaluated") && texts[2].contains("legal hold"));
    assert_eq!((found[3].id, texts[3], found[3].cites.len()), ("unheard-of", "unheard-of", 0));
    assert!(reasons("denied:no-permit", &set)[0].text.starts_with("Nothing permitted it"));
}

#[test]
fn deidentification_says_how_much_and_when_nothing_ran() {
    let mut done = sample::conversation().deidentification;
    let text = deidentification(&done);
    assert!(text.contains("patterns, names") && text.contains("74 findings were"), "{text}");
    assert!(!text.contains("not looked for"), "{text}");
    done.tiers = vec!["structured".to_owned()];
    done.findings = sample::counts(&[("email", 1)]);
    let text = deidentification(&done);
    assert!(text.contains("1 finding was") && text.contains("Names of people"), "{text}");
    done.findings = sample::counts(&[("connector-taint", 2)]);
    done.left = sample::counts(&[("connector-taint", 1)]);
    let text = deidentification(&done);
    assert!(text.contains("nothing was found.") && text.contains("out: 2 stretches"), "{text}");
    assert!(text.contains("typed: 1 stretch that repeats it."), "{text}");
    done.left.clear();
    done.findings.clear();
    assert!(deidentification(&done).contains("nothing was found"));
    done.tiers.clear();
    assert!(deidentification(&done).starts_with("No detection"));
}

#[test]
fn months_are_read_in_the_order_of_time() {
    let count = InOut { parts: 1, included: 1 };
    let months_of = |keys: &[&str]| {
        let counts = keys.iter().map(|key| ((*key).to_owned(), count)).collect();
        months(&counts).map(|months| months.into_keys().collect::<Vec<_>>())
    };
    assert_eq!(months_of(&[]), Some(vec![]));
    assert_eq!(months_of(&["2026-05", "2025-12"]), Some(vec![(2025, 12), (2026, 5)]));
    assert_eq!(months_of(&["2026-05", "-0001-01"]), Some(vec![(-1, 1), (2026, 5)]));
    for key in ["2026-00", "2026-13", "2026", "may", "2026-05-01x"] {
        assert_eq!(months_of(&["2026-05", key]), None, "{key}");
    }
}

proptest! {
    #[test]
    fn a_share_is_between_nothing_and_all(whole in 1u64.., portion: u64) {
        let text = share(portion % whole, whole);
        prop_assert!(text.ends_with('%') && text != "100%", "{}", text);
    }

    #[test]
    fn grouping_keeps_the_digits(number: u64) {
        let text = grouped(number);
        prop_assert_eq!(text.replace(',', ""), number.to_string());
        for (place, digits) in text.split(',').enumerate() {
            prop_assert!(digits.len() == 3 || (place == 0 && (1..=3).contains(&digits.len())));
        }
    }

    #[test]
    fn the_largest_come_first(counts in prop::collection::btree_map("[a-c]{1,2}", 0u64..4, 0..6)) {
        let entries = by_count(&counts);
        prop_assert_eq!(entries.len(), counts.len());
        for pair in entries.windows(2) {
            prop_assert!(pair[0].1 > pair[1].1 || (pair[0].1 == pair[1].1 && pair[0].0 < pair[1].0));
        }
    }
}
