//! Reading a text of any length in windows.
//!
//! Where a window ends depends on nothing but the text, so that a text which arrives in pieces is
//! cut exactly as one that is there as a whole.

use super::{Engine, overlap};
use crate::finding::Finding;
use crate::names::Memory;
use std::ops::Range;

/// Bytes of a window.
const WINDOW: usize = 64 << 10;
/// Bytes of a window that holds a candidate which does not end.
const LARGEST: usize = 1 << 20;
/// Bytes before and after a window that detectors may look at. No form is longer, but for keys in
/// armour and web tokens, which are recognised by their beginning.
const AROUND: usize = 1 << 10;
/// A window ends, by preference, behind a blank line among its last bytes; then behind a line
/// break; then behind a space.
const ENDS: [(&str, usize); 3] = [("\n\n", 4 << 10), ("\n", 8 << 10), (" ", 16 << 10)];

/// How far a text has been read.
#[derive(Debug, Default)]
pub(super) struct Windows {
    /// Where the next window begins.
    pub(super) from: usize,
    /// The size of that window that comes next, where it holds a candidate that does not end
    /// within the smaller ones; 0 where none has been read.
    size: usize,
    /// What of the windows before matters to the names in the next.
    memory: Memory,
}

impl Windows {
    /// The findings of the next window of `text`, by position, with offsets into `text`; `from` is
    /// then where that window ends. `None` when the text has been read, or, unless `is_whole`,
    /// when more of it must arrive before it is clear where the window ends.
    pub(super) fn next(
        &mut self,
        engine: &Engine,
        text: &str,
        is_whole: bool,
    ) -> Option<Vec<Finding>> {
        let (Seen { mut candidates, closed }, to) = self.candidates(engine, text, is_whole)?;
        candidates.retain(|candidate| candidate.start < to);
        // Only one that is longer than the largest window reaches further.
        candidates.iter_mut().for_each(|candidate| candidate.end = candidate.end.min(to));
        let findings = overlap::resolve(candidates);
        let window = text.get(self.from..to).unwrap_or_default();
        let mut named = engine.tiers.names(window, &mut self.memory);
        engine.settings.permit(window, &mut named);
        named.iter_mut().for_each(|finding| finding.shift(self.from));
        let findings = overlap::beside(text, findings, named, &closed);
        self.from = to;
        self.size = 0;
        Some(findings)
    }

    /// How much of the beginning of `text` will not be looked at again.
    pub(super) fn kept_from(&self, text: &str) -> usize {
        text.floor_char_boundary(self.from.saturating_sub(AROUND))
    }

    /// What the detectors find in the next window, and where it ends.
    ///
    /// Where more must arrive, the sizes that were read are not read again: what they showed depends
    /// on nothing behind them.
    fn candidates(&mut self, engine: &Engine, text: &str, is_whole: bool) -> Option<(Seen, usize)> {
        let rest = text.len().checked_sub(self.from).filter(|&rest| rest > 0)?;
        loop {
            let size = self.size.max(WINDOW);
            let read = size.saturating_add(AROUND);
            if rest <= read {
                return is_whole.then(|| (self.detect(engine, text, text.len()), text.len()));
            }
            let seen = text.floor_char_boundary(self.from.saturating_add(read));
            let seen = self.detect(engine, text, seen);
            let end = text.floor_char_boundary(self.from.saturating_add(size));
            if let Some(to) = place_to_end(text, self.from, end, &seen.candidates) {
                return Some((seen, to));
            }
            if size >= LARGEST {
                return Some((seen, end));
            }
            self.size = size.saturating_mul(2);
        }
    }

    /// The candidates that begin in the window, as far as can be seen.
    fn detect(&self, engine: &Engine, text: &str, seen: usize) -> Seen {
        let back = text.floor_char_boundary(self.from.saturating_sub(AROUND));
        let around = text.get(back..seen).unwrap_or_default();
        let (mut candidates, mut closed) = engine.tiers.detectors.candidates(around);
        let allowed = engine.settings.amend(around, &mut candidates);
        closed.extend(allowed.iter().map(|one| one.start..one.end));
        candidates.iter_mut().for_each(|candidate| candidate.shift(back));
        candidates.retain(|candidate| candidate.start >= self.from);
        for range in &mut closed {
            *range = range.start.saturating_add(back)..range.end.saturating_add(back);
        }
        closed.retain(|range| range.start >= self.from);
        Seen { candidates, closed }
    }
}

/// What the detectors see in a window.
struct Seen {
    candidates: Vec<Finding>,
    /// Our own surrogates and what settings allow: no findings, and no names are found in them.
    closed: Vec<Range<usize>>,
}

/// The last good place up to `end` where a window that begins at `from` can end without going
/// through a candidate. `None` when there is none in its second half.
fn place_to_end(text: &str, from: usize, end: usize, candidates: &[Finding]) -> Option<usize> {
    let covered = stretches(candidates);
    let last_before = |least: usize, mark: &str| {
        let mut before = end;
        while let Some(found) = text.get(least..before)?.rfind(mark) {
            let place = least.saturating_add(found).saturating_add(mark.len());
            match around(&covered, place) {
                None => return Some(place),
                // No place within that stretch will do either; a mark may reach into it.
                Some((start, _)) => before = start.max(least),
            }
        }
        None
    };
    let half = text.floor_char_boundary(from.midpoint(end));
    ENDS.iter()
        .find_map(|&(mark, among)| {
            let least = text.floor_char_boundary(end.saturating_sub(among)).max(half);
            last_before(least, mark)
        })
        .or_else(|| match around(&covered, end) {
            None => Some(end),
            Some((start, _)) => Some(start).filter(|&start| start > half),
        })
}

/// Candidates as stretches in order, those that touch made one.
fn stretches(candidates: &[Finding]) -> Vec<(usize, usize)> {
    let mut all: Vec<_> = candidates.iter().map(|one| (one.start, one.end)).collect();
    all.sort_unstable();
    let mut out: Vec<(usize, usize)> = Vec::with_capacity(all.len());
    for (start, end) in all {
        match out.last_mut() {
            Some(last) if start < last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out
}

/// The stretch that `place` would cut.
fn around(stretches: &[(usize, usize)], place: usize) -> Option<(usize, usize)> {
    let next = stretches.partition_point(|&(start, _)| start < place);
    let (start, end) = *stretches.get(next.checked_sub(1)?)?;
    (place < end).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{FindingKind, Why};

    fn candidate(start: usize, end: usize) -> Finding {
        let kind = FindingKind::Phone;
        Finding { start, end, kind, score: 0.9, why: Why::Rule, rule: "test".into() }
    }

    #[test]
    fn windows_end_behind_blank_lines_then_lines_then_spaces_then_anywhere() {
        let text = |mark: &str| format!("{}{mark}{}", "a".repeat(900), "b".repeat(100));
        for (mark, expected) in [("\n\n", 902), ("\n", 901), (" ", 901), ("", 1000)] {
            let text = text(mark);
            let end = text.len().min(1000);
            assert_eq!(place_to_end(&text, 0, end, &[]), Some(expected), "{mark:?}");
        }
    }

    #[test]
    fn and_never_within_a_candidate() {
        let text = format!("{} 1\n\n2 {}\n\n{}", "a".repeat(800), "b".repeat(90), "c".repeat(99));
        let end = text.len();
        let last = text.rfind("\n\n").unwrap() + 2;
        assert_eq!(place_to_end(&text, 0, end, &[]), Some(last));
        // The candidates hold the last blank line, then both.
        assert_eq!(place_to_end(&text, 0, end, &[candidate(870, end)]), Some(804));
        let both = [candidate(870, end), candidate(801, 860)];
        assert_eq!(place_to_end(&text, 0, end, &both), Some(801));
        assert_eq!(place_to_end(&text, 0, end, &[candidate(0, end + 9)]), None);
    }
}
