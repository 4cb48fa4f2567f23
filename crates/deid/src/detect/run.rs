//! Long runs of the characters that tokens are written with, and the prefixes in and before them.
//!
//! Every token that an issuer gives a prefix to holds such a run, and other text hardly does.

use super::marks::{LONG, Marks};
use super::text::{Text, is_word};
use super::token::PREFIXES;
use super::{secret, shape};
use crate::finding::Finding;
use std::ops::Range;

/// How far before a run its prefix may begin: the path of a webhook is the longest.
const REACH: usize = 72;

/// Finds the tokens of every long run.
pub(super) fn scan(text: Text<'_>, marks: &Marks, out: &mut Vec<Finding>) {
    let mut found = Vec::new();
    let mut done = 0;
    for (start, end) in long_runs(marks) {
        look(text, marks, start..end, done, &mut found);
        done = end;
    }
    out.append(&mut found);
}

/// Every run of at least [`LONG`] characters, in order.
fn long_runs(marks: &Marks) -> impl Iterator<Item = (usize, usize)> + '_ {
    marks.long_runs().iter().map(|at| ((at + 1).saturating_sub(LONG), marks.runs().end(at)))
}

/// Adds what `run` holds or ends to `out`, which holds what the runs before
/// it gave; places before `done` have been seen.
fn look(text: Text<'_>, marks: &Marks, run: Range<usize>, done: usize, out: &mut Vec<Finding>) {
    let (start, end) = (run.start, run.end);
    let run = text.window(start, end);
    // A word has no digit and one case; a token may have no digit, but then it mixes cases.
    let (digit, upper, lower) =
        run.iter().fold((false, false, false), |(digit, upper, lower), b| {
            (
                digit | b.is_ascii_digit(),
                upper | b.is_ascii_uppercase(),
                lower | b.is_ascii_lowercase(),
            )
        });
    if !digit && !upper && lower {
        return;
    }
    let before = text.back(start, 1);
    // A prefix that begins before the run ends with one of the signs that prefixes hold.
    let reaches = matches!(before, b'.' | b'/' | b':' | b'=' | b'~' | b'+' | b'$' | b'\\' | b'%');
    let first = if reaches { start.saturating_sub(REACH).max(done) } else { start };
    let escaped = reaches && memchr::memchr(b'\\', text.window(first, start)).is_some();
    // What a token covers is not read again.
    let mut find = |place: usize| {
        if out.last().is_none_or(|finding| finding.end <= place) {
            PREFIXES.find(text, place, out);
        }
    };
    if escaped {
        let begins = |&place: &usize| is_word(text.at(place)) && text.is_fresh(place);
        (first..end).filter(begins).for_each(find);
    } else {
        let starts = marks.word_starts();
        let mut next = starts.next(first);
        while let Some(place) = next.filter(|&place| place < end) {
            find(place);
            next = starts.next(place.saturating_add(1));
        }
    }
    match text.back(start, 1) {
        b':' => out.extend(secret::telegram(text, start, end)),
        b'.' => {
            out.extend(secret::terraform(text, start, end));
            out.extend(secret::azure_client_secret(text, start));
        }
        b'~' => out.extend(secret::azure_client_secret(text, start)),
        _ => {}
    }
    out.extend(shape::find(text, start, end));
    out.extend(secret::mailchimp(text, start, end));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<(usize, usize)> {
        long_runs(&Marks::new(text.as_bytes())).collect()
    }

    /// Byte by byte.
    fn naive(text: &str) -> Vec<(usize, usize)> {
        let (mut found, mut start) = (Vec::new(), 0);
        for (at, byte) in text.bytes().chain([b' ']).enumerate() {
            if !is_word(byte) && byte != b'-' {
                found.extend((at - start >= LONG).then_some((start, at)));
                start = at + 1;
            }
        }
        found
    }

    proptest! {
        #[test]
        fn no_long_run_is_missed(
            pieces in prop::collection::vec((0..40_usize, prop::sample::select(
                vec![" ", ".", "é", "\u{7f}", ",", "::", "-", "\n", "@", "{"],
            )), 0..12),
        ) {
            let run = |count: usize| "aB3_".chars().cycle().take(count).collect::<String>();
            let text: String = pieces.iter().map(|(count, mark)| run(*count) + mark).collect();
            prop_assert_eq!(found(&text), naive(&text), "{:?}", text);
        }
    }

    #[test]
    fn runs_at_the_ends_of_a_text() {
        assert_eq!(found("abcdefghijklmnop"), [(0, 16)]);
        assert!(found("abcdefghijklmno").is_empty());
        assert_eq!(found("x, abcdefghijklmnop"), [(3, 19)]);
    }
}
