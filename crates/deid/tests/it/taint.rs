//! Connector results are found again wherever they are repeated, and nothing else is.

use consentry_deid::Taint;
use proptest::prelude::*;
use std::ops::Range;

const RESULT: &str = "Quarterly review: revenue in the northern region rose by 12 percent,\n    \
                      while \"unplanned\" repairs took up what was left of the reserve.";

fn taint(result: &str) -> Taint {
    let mut taint = Taint::new(60);
    taint.learn(result);
    taint
}

fn found<'t>(taint: &Taint, text: &'t str) -> Vec<&'t str> {
    taint.stretches(text).into_iter().map(|range| &text[range]).collect()
}

fn spans(taint: &Taint, text: &str) -> Vec<(usize, usize)> {
    taint.stretches(text).into_iter().map(|range| (range.start, range.end)).collect()
}

#[test]
fn a_quotation_is_found_in_every_dress() {
    let taint = taint(RESULT);
    assert_eq!(found(&taint, &format!("As it says: {RESULT}!!")), [RESULT]);
    let quoted = serde_json::to_string(&serde_json::json!({ "content": RESULT })).unwrap();
    let twice = serde_json::to_string(&quoted).unwrap();
    for text in [quoted, twice] {
        let stretches = taint.stretches(&text);
        assert_eq!(stretches.len(), 1, "{text}");
        let rest: String = text[..stretches[0].start].to_owned() + &text[stretches[0].end..];
        assert!(!rest.contains("revenue") && !rest.contains("reserve"), "{rest}");
    }
    let reflowed = RESULT.split_whitespace().collect::<Vec<_>>().join("\n\t");
    assert_eq!(spans(&taint, &reflowed), [(0, reflowed.len())]);
}

#[test]
fn sixty_characters_are_enough_and_fifty_nine_are_not() {
    let taint = taint(RESULT);
    let cut = |from: usize, count: usize| {
        let part: String = RESULT.chars().skip(from).take(count).collect();
        format!("#{part}#")
    };
    for from in 0..4 {
        assert_eq!(spans(&taint, &cut(from, 60)), [(1, 61)]);
        assert!(taint.stretches(&cut(from, 59)).is_empty());
    }
}

#[test]
fn characters_are_counted_and_not_bytes() {
    let result: String = (0..80_u32).filter_map(|n| char::from_u32(0x4e00 + n * 7)).collect();
    let taint = taint(&result);
    let cut = |count: usize| result.chars().skip(3).take(count).collect::<String>();
    assert!(taint.stretches(&cut(59)).is_empty());
    assert_eq!(spans(&taint, &cut(60)), [(0, 180)]);
}

#[test]
fn space_alone_is_no_content() {
    let taint = taint(&format!("a{}b", " ".repeat(500)));
    assert!(taint.is_empty());
    assert!(taint.stretches(&" ".repeat(500)).is_empty());
}

#[test]
fn two_results_that_meet_in_one_text_are_both_found() {
    let mut taint = Taint::new(60);
    let (one, two) = RESULT.split_at(RESULT.find("rose").unwrap());
    let common = "the very same words stand here in both of them";
    taint.learn(&format!("{one}{common} and so it ends."));
    taint.learn(&format!("It begins: {common}{two}"));
    let text = format!("<{one}{common}{two}>");
    assert_eq!(spans(&taint, &text), [(1, text.len() - 1)]);
}

#[test]
fn texts_that_repeat_themselves_stay_fast() {
    let taint = taint(&"ab".repeat(500_000));
    let text = "ab".repeat(500_000);
    assert_eq!(spans(&taint, &text), [(0, text.len())]);
    let nearly = "abababababababababababababab-".repeat(40_000);
    assert!(taint.stretches(&nearly).is_empty());
}

/// All agreements of both texts, by looking at every pair of places. Works on texts whose plain
/// form is the text itself.
fn naive(known: &str, text: &str, least: usize) -> Vec<Range<usize>> {
    let (known, bytes) = (known.as_bytes(), text.as_bytes());
    let mut covered = vec![false; bytes.len()];
    for at in 0..bytes.len() {
        for place in 0..known.len() {
            let length =
                bytes[at..].iter().zip(&known[place..]).take_while(|(a, b)| a == b).count();
            if length >= least {
                covered[at..at + length].fill(true);
            }
        }
    }
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, _) in covered.iter().enumerate().filter(|(_, covered)| **covered) {
        match ranges.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => ranges.push(at..at + 1),
        }
    }
    ranges
}

fn words(count: Range<usize>) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-f]{3,9}", count)
}

proptest! {
    #[test]
    fn equals_the_comparison_of_every_pair(
        result in words(20..60),
        pieces in prop::collection::vec((0_usize..60, 0_usize..30, words(0..6)), 1..6),
        least in 24_usize..70,
    ) {
        let known = result.join(" ");
        let mut text = String::new();
        for (from, count, own) in pieces {
            let copied: Vec<String> = result.iter().skip(from).take(count).cloned().collect();
            text = [text, copied.join(" "), own.join(" ")].join(" ");
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut taint = Taint::new(least);
        taint.learn(&known);
        let touching = |ranges: Vec<Range<usize>>| -> Vec<Range<usize>> {
            let mut joined: Vec<Range<usize>> = Vec::new();
            for range in ranges {
                match joined.last_mut() {
                    Some(last) if last.end >= range.start => last.end = range.end,
                    _ => joined.push(range),
                }
            }
            joined
        };
        prop_assert_eq!(touching(taint.stretches(&text)), touching(naive(&known, &text, least)));
    }

    #[test]
    fn stretches_are_ordered_and_of_whole_characters(known in "\\PC{0,200}", text in "\\PC{0,200}") {
        let mut taint = Taint::new(24);
        taint.learn(&known);
        let text = format!("{text}{known}{text}");
        let mut end = 0;
        for range in taint.stretches(&text) {
            prop_assert!(range.start >= end && range.end > range.start);
            prop_assert!(text.get(range.clone()).is_some());
            end = range.end;
        }
    }
}
