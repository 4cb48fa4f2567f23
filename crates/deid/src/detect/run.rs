//! Long runs of the characters that tokens are written with, and the prefixes in and before them.
//!
//! Every token that an issuer gives a prefix to holds such a run, and other text hardly does: most
//! of it is passed over sixteen bytes at a time.

use super::text::{Text, is_word};
use super::token::PREFIXES;
use super::{secret, shape};
use crate::finding::Finding;

/// The fewest characters of a run that is looked at. The shortest tokens are four characters of a
/// prefix and sixteen more.
const LEAST: usize = 16;
/// Bytes that are tested at once.
const BLOCK: usize = 8;
/// How far before a run its prefix may begin: the path of a webhook is the longest.
const REACH: usize = 72;

const fn is_run(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

/// Finds the tokens of every long run.
pub(super) fn scan(text: Text<'_>, out: &mut Vec<Finding>) {
    let mut found = Vec::new();
    let mut done = 0;
    each_long(text, |start, end| {
        look(text, start, end, done, &mut found);
        done = end;
    });
    out.append(&mut found);
}

/// Tells `seen` of every run of at least [`LEAST`] characters, in order. Such a run covers every
/// place of a row of places that are as far apart, so only those are looked at.
fn each_long(text: Text<'_>, mut seen: impl FnMut(usize, usize)) {
    let bytes = text.bytes();
    let mut place = LEAST.saturating_sub(1);
    while let Some(&byte) = bytes.get(place) {
        if is_run(byte) && may_be_long(bytes, place) {
            let start = text.run_back(place, LEAST, is_run);
            let end = text.run(place, usize::MAX, is_run);
            if end.saturating_sub(start) >= LEAST {
                seen(start, end);
                place = end;
            }
        }
        place = place.saturating_add(LEAST);
    }
}

/// Whether the run around `place` may be long: counts bytes that are neither white space, control
/// characters, the signs before the dash nor beyond ASCII, eight at a time.
fn may_be_long(bytes: &[u8], place: usize) -> bool {
    let from = place.saturating_add(1).saturating_sub(LEAST);
    let around = bytes.get(from..place.saturating_add(LEAST).saturating_add(1));
    let Some([far, near, next, last]) = around.map(|around| around.as_chunks::<BLOCK>().0) else {
        // At the end of the text: the caller counts.
        return true;
    };
    let back = match others(near) {
        0 => BLOCK as u32 + others(far).leading_zeros() / u8::BITS,
        others => others.leading_zeros() / u8::BITS,
    };
    let ahead = match others(next) {
        0 => BLOCK as u32 + others(last).trailing_zeros() / u8::BITS,
        others => others.trailing_zeros() / u8::BITS,
    };
    back.saturating_add(ahead) >= LEAST as u32
}

/// The highest bit of every byte that can be in no run.
const fn others(block: &[u8; BLOCK]) -> u64 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    /// Brings every byte from the dash on to 128 or more.
    const LIFT: u64 = 0x5353_5353_5353_5353;
    let bytes = u64::from_le_bytes(*block);
    let lifted = (bytes & !HIGH).wrapping_add(LIFT);
    !(lifted & !bytes) & HIGH
}

/// Adds what the run from `start` to `end` holds or ends to `out`, which holds what the runs before
/// it gave; places before `done` have been seen.
fn look(text: Text<'_>, start: usize, end: usize, done: usize, out: &mut Vec<Finding>) {
    let run = text.window(start, end);
    // A word has no digit and one case; a token may have no digit, but then it mixes cases.
    let any = |of: fn(&u8) -> bool| run.iter().any(of);
    let varied =
        any(u8::is_ascii_digit) || any(u8::is_ascii_uppercase) || !any(u8::is_ascii_lowercase);
    if !varied {
        return;
    }
    let before = text.back(start, 1);
    // A prefix that begins before the run ends with one of the signs that prefixes hold.
    let reaches = matches!(before, b'.' | b'/' | b':' | b'=' | b'~' | b'+' | b'$' | b'\\' | b'%');
    let first = if reaches { start.saturating_sub(REACH).max(done) } else { start };
    let escaped = reaches && memchr::memchr(b'\\', text.window(first, start)).is_some();
    let mut inside = is_word(text.back(first, 1));
    for (place, &byte) in (first..).zip(text.window(first, end)) {
        let begins = !inside || (escaped && text.is_fresh(place));
        inside = is_word(byte);
        // What a token covers is not read again.
        let covered = out.last().is_some_and(|finding| finding.end > place);
        if begins && inside && !covered {
            PREFIXES.find(text, place, out);
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
        let mut found = Vec::new();
        each_long(Text::new(text), |start, end| found.push((start, end)));
        found
    }

    /// Byte by byte.
    fn naive(text: &str) -> Vec<(usize, usize)> {
        let (mut found, mut start) = (Vec::new(), 0);
        for (at, byte) in text.bytes().chain([b' ']).enumerate() {
            if !is_run(byte) {
                found.extend((at - start >= LEAST).then_some((start, at)));
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
