//! Long runs of the characters that tokens are written with, and the prefixes in and before them.
//!
//! Every token that an issuer gives a prefix to holds such a run, and other text hardly does: most
//! of it is passed over eight bytes at a time.

use super::text::{Text, is_word};
use super::token::PREFIXES;
use super::{secret, shape};
use crate::finding::Finding;

/// The fewest characters of a run that is looked at. The shortest tokens are four characters of a
/// prefix and sixteen more.
const LEAST: usize = 16;
/// Bytes that are tested at once. A run of twice as many covers a block wherever it begins.
const BLOCK: usize = 8;
/// How far before a run its prefix may begin: the path of a webhook is the longest.
const REACH: usize = 72;

const fn is_run(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

/// Finds the tokens of every long run.
pub(super) fn scan(text: Text<'_>, out: &mut Vec<Finding>) {
    let mut found = Vec::new();
    let (mut done, mut at) = (0, 0);
    while let Some(block) = next_block(text, at) {
        at = block.saturating_add(BLOCK);
        if !text.window(block, at).iter().all(|&byte| is_run(byte)) {
            continue;
        }
        let start = text.run_back(block, BLOCK, is_run);
        let end = text.run(at, usize::MAX, is_run);
        if end.saturating_sub(start) >= LEAST {
            look(text, start, end, done, &mut found);
            done = end;
        }
        at = end;
    }
    out.append(&mut found);
}

/// The first of the blocks from `at` on that may lie in a run: no byte of it is a space, a control
/// character, one of the signs before the dash, or beyond ASCII.
fn next_block(text: Text<'_>, at: usize) -> Option<usize> {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    /// Brings every byte from the dash on to 128 or more.
    const LIFT: u64 = 0x5353_5353_5353_5353;
    let (blocks, _) = text.bytes().get(at..)?.as_chunks::<BLOCK>();
    let index = blocks.iter().position(|&block| {
        let bytes = u64::from_le_bytes(block);
        let lifted = (bytes & !HIGH).wrapping_add(LIFT);
        lifted & !bytes & HIGH == HIGH
    })?;
    Some(at.saturating_add(index.saturating_mul(BLOCK)))
}

/// Adds what the run from `start` to `end` holds or ends to `out`, which holds what the runs before
/// it gave; places before `done` have been seen.
fn look(text: Text<'_>, start: usize, end: usize, done: usize, out: &mut Vec<Finding>) {
    let run = text.window(start, end);
    // A name or a word has no digit; a token without one has no small letter either.
    let varied = run.iter().any(u8::is_ascii_digit) || !run.iter().any(u8::is_ascii_lowercase);
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

    #[test]
    fn blocks_hold_no_space_and_nothing_beyond_ascii() {
        for (text, block) in [
            ("abcdefgh", Some(0)),
            ("abc efghABCD_-12", Some(8)),
            ("abc,efgh", None),
            ("abcdefé", None),
            ("abcdefg", None),
            ("abcdefg\u{7f}", Some(0)),
        ] {
            assert_eq!(next_block(Text::new(text), 0), block, "{text:?}");
        }
    }
}
