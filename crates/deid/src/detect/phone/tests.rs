//! A surrogate is a number of the plan of what it stands for.

use super::super::context::Contexts;
use super::super::number::{Gap, Group, Number, read_groups};
use super::super::text::Text;
use super::*;
use crate::scope::Scope;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::sync::LazyLock;

static CONTEXTS: LazyLock<Contexts> = LazyLock::new(Contexts::new);

/// What stands before every number, so that those are found too that need to be announced.
const ANNOUNCEMENT: &str = "phone: ";

/// How numbers are written in several countries, each with its country's code and without.
const FORMS: &[&str] = &[
    // North America
    "\\+1 [2-9][0-8][0-9] [2-9][0-9]{2} [0-9]{4}",
    "\\+1[2-9][0-8][0-9][2-9][0-9]{6}",
    "1-[2-9][0-8][0-9]-[2-9][0-9]{2}-[0-9]{4}",
    "\\([2-9][0-8][0-9]\\) [2-9][0-9]{2}-[0-9]{4}",
    "[2-9][0-8][0-9]\\.[2-9][0-9]{2}\\.[0-9]{4}",
    // Brazil
    "\\+55 [1-9][1-9] 9[1-9][0-9]{3}-[0-9]{4}",
    "\\([1-9][1-9]\\) 9[1-9][0-9]{3}-[0-9]{4}",
    "\\([1-9][1-9]\\) [2-5][0-9]{3}-[0-9]{4}",
    "[1-9][1-9] 9[1-9][0-9]{3}-[0-9]{4}",
    // China
    "\\+86 1[38][0-9] [0-9]{4} [0-9]{4}",
    "1(3[0-9]|5[0-35-9]|8[0-9]|9[89])[0-9]{8}",
    "1(3[0-9]|5[0-35-9]|8[0-9])-[0-9]{4}-[0-9]{4}",
    // France
    "\\+33 [1-7] [1-9][0-9] [0-9]{2} [0-9]{2} [0-9]{2}",
    "\\+33\\(0\\)[1-7][1-9][0-9]{7}",
    "0033 [1-7] [1-9][0-9] [0-9]{2} [0-9]{2} [0-9]{2}",
    "0[1-7] [1-9][0-9] [5-9][0-9] [0-4][0-9] [0-9]{2}",
    "0[1-7]\\.[1-9][0-9]\\.[5-9][0-9]\\.[0-4][0-9]\\.[0-9]{2}",
    // Germany
    "\\+49 1(5[1-9]|6[023]|7[0-9]) [0-9]{7,8}",
    "\\+49 [3-9][0-9] [1-9][0-9]{5,7}",
    "\\+49 \\(0\\)[3-9][0-9] [1-9][0-9]{5,7}",
    "017[0-9] [1-9][0-9]{6,7}",
    "017[0-9]/[1-9][0-9]{6}",
    "0151[0-9] [0-9]{7}",
    "0(30|69|89) [1-9][0-9]{5,7}",
    "0[3-9][0-9] [1-9][0-9]{6}",
    // Great Britain
    "\\+44 7[1-57-9][0-9]{2} [0-9]{6}",
    "\\+44 \\(0\\)20 [378][0-9]{3} [0-9]{4}",
    "07[1-57-9][0-9]{2} [0-9]{6}",
    "07[1-57-9][0-9]{8}",
    "020 [378][0-9]{3} [0-9]{4}",
    "01[3-9]1 [2-9][0-9]{2} [0-9]{4}",
    // India
    "\\+91 [6-9][0-9]{4} [0-9]{5}",
    "\\+91-[6-9][0-9]{9}",
    "[6-9][0-9]{4} [0-9]{5}",
    "0[6-9][0-9]{4} [0-9]{5}",
    // Italy
    "\\+39 3[2-9][0-9] [0-9]{3} [0-9]{4}",
    "\\+39 0[2-9] [1-9][0-9]{3} [0-9]{4}",
    "3[2-9][0-9] [2-9][0-9]{6}",
    "02 [1-9][0-9]{3} [5-9][0-9]{3}",
    // Netherlands
    "\\+31 6 [1-5][0-9]{7}",
    "\\+31 20 [2-8][0-9]{2} [0-9]{4}",
    "06-[1-5][0-9]{7}",
    "0[2-7]0-[2-8][0-9]{6}",
    // Spain
    "\\+34 (6[0-9]|7[1-4])[0-9] [0-9]{3} [0-9]{3}",
    "\\+34 9[1-8][0-9] [0-9]{2} [0-9]{2} [0-9]{2}",
    "(6[0-9]|7[1-4])[0-9] [1-9][0-9] [0-9]{2} [0-9]{2}",
    "[67][1-9][0-9] [1-9][0-9]{2} [0-9]{3}",
    // Other countries
    "\\+351 9[1236][0-9] [0-9]{3} [0-9]{3}",
    "\\+7 9[0-9]{2} [0-9]{3}-[0-9]{2}-[0-9]{2}",
    "\\+81 90-[1-9][0-9]{3}-[0-9]{4}",
    "\\+992 9[0-9] [0-9]{3} [0-9]{4}",
    "\\+598 9[1-9] [0-9]{3} [0-9]{3}",
    "\\+61 4[0-9]{2} [0-9]{3} [0-9]{3}",
    "04[0-9]{2} [1-9][0-9]{2} [0-9]{4}",
];

/// What `find` says of the first digits of a text.
fn claim(text: &str) -> Option<Claim> {
    let bytes = Text::new(text);
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap();
    let end = bytes.run(start, usize::MAX, |byte| byte.is_ascii_digit());
    let mut groups = vec![Group { gap: Gap::Start, start, end }];
    read_groups(bytes, &mut groups);
    find(&Number { text: bytes, groups: &groups, contexts: &CONTEXTS, claimed: 0 })
}

fn shape(text: &str) -> String {
    text.replace(|c: char| c.is_ascii_digit(), "0")
}

fn check(number: &str) {
    let text = format!("{ANNOUNCEMENT}{number}");
    let Some(Claim::Found(found)) = claim(&text) else {
        panic!("{text} is not found");
    };
    assert_eq!((found.start, found.end), (ANNOUNCEMENT.len(), text.len()), "{text}");
    let mut scope = Scope::new([8; 32]);
    let drawn = surrogate::of(FindingKind::Phone, number, &mut scope);
    assert_ne!(drawn, number);
    assert_eq!(shape(&drawn), shape(number), "{number} became {drawn}");
    // It is read as a number of the same length, and known to be one of ours.
    let text = format!("{ANNOUNCEMENT}{drawn}");
    assert_eq!(claim(&text), Some(Claim::Harmless(text.len())), "{number} became {drawn}");
    // The country stays.
    if let Some(behind) = number.strip_prefix('+').or_else(|| number.strip_prefix("00")) {
        let code = country_code(behind).unwrap();
        let code = number.len() - behind.len() + code;
        assert_eq!(drawn.get(..code), number.get(..code), "{number} became {drawn}");
    }
    // So does the trunk prefix.
    assert!(!number.starts_with('0') || drawn.starts_with('0'), "{number} became {drawn}");
    let expected = surrogate::identity(FindingKind::Phone, &drawn);
    assert_ne!(expected, surrogate::identity(FindingKind::Phone, number));
}

#[test]
fn surrogates_are_numbers_of_the_same_plan() {
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    for form in FORMS {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(config.clone(), rng);
        let numbers = proptest::string::string_regex(form).unwrap();
        let ran = runner.run(&numbers, |number| {
            check(&number);
            Ok(())
        });
        assert!(ran.is_ok(), "{form}: {ran:?}");
    }
}

#[test]
fn a_number_in_a_range_of_ours_is_the_only_one_that_is_left() {
    // Real ones, beside the ranges that stand for them, and those that texts use as examples.
    for number in [
        "+44 20 7946 0958",
        "07700 900123",
        "+33 6 39 98 12 34",
        "+49 30 23125 000",
        "(99) 91234-5678",
        "tel 99912345678",
        "13912345678",
        "+34 785 123 456",
        "0391 1234567",
        "+39 0039 1234567",
        "+992 000 12 34 56",
        "+598 000 41597",
        "415-555-0134",
    ] {
        assert!(!surrogate::is_phone(number), "{number}");
    }
}
