//! Numbers written in groups, and what each may be.
//!
//! The scan stops at every stretch of digits and asks the detectors of numbers in turn. What one of
//! them claims is passed over; otherwise the scan goes on behind the word that the digits stand in,
//! so that a number may also begin at a later group.

use super::context::Contexts;
use super::marks::Marks;
use super::text::{Text, is_word};
use super::{Claim, address, age, birth, card, iban, phone, ssn};
use crate::finding::Finding;
use std::ops::Range;

/// The most groups that are looked at from one place: a French number with its country code has
/// six, a card five, an extension adds none.
const MAX_GROUPS: usize = 8;

/// The most letters before the first digits of a number that is known to be ours.
const LETTERS: usize = 5;

/// What stands between two groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing: this is the first group.
    Start,
    Space,
    Dash,
    Dot,
    Slash,
    /// A parenthesis, with or without other separators.
    Paren,
}

/// A stretch of digits, and how it is joined to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) gap: Gap,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Group {
    pub(super) const fn width(self) -> usize {
        self.end.saturating_sub(self.start)
    }
}

/// The groups of digits that begin at one place of a text.
pub(super) struct Number<'a> {
    pub(super) text: Text<'a>,
    pub(super) groups: &'a [Group],
    pub(super) contexts: &'a Contexts,
    /// Where the number before this one ended.
    pub(super) claimed: usize,
}

impl<'a> Number<'a> {
    /// The number without its first `count` groups.
    pub(super) fn after(&self, count: usize) -> Number<'a> {
        Number { groups: self.groups.get(count..).unwrap_or_default(), ..*self }
    }

    /// Where the first digit is.
    pub(super) fn start(&self) -> usize {
        self.groups.first().map_or(0, |group| group.start)
    }

    /// The end of the first `count` groups.
    pub(super) fn end(&self, count: usize) -> usize {
        let last = self.groups.get(..count).and_then(<[Group]>::last);
        last.map_or(0, |group| group.end)
    }

    /// The widths of the first `count` groups, and whether there are that many.
    pub(super) fn has_widths(&self, widths: &[usize]) -> bool {
        self.groups.get(..widths.len()).is_some_and(|groups| {
            groups.iter().map(|group| group.width()).eq(widths.iter().copied())
        })
    }

    /// Whether `gap` joins each of the first `count` groups to the next.
    pub(super) fn is_joined_by(&self, count: usize, gap: Gap) -> bool {
        self.groups.get(1..count).is_some_and(|groups| groups.iter().all(|group| group.gap == gap))
    }

    /// The digits of the first `count` groups.
    pub(super) fn digits(&self, count: usize) -> String {
        let groups = self.groups.iter().take(count);
        groups.map(|group| self.text.slice(group.start, group.end)).collect()
    }

    /// Whether a number can begin at `start`, a parenthesis or plus sign included: not within a
    /// word, an identifier, a decimal fraction, a time, a path or an amount of money.
    pub(super) fn is_free_before(&self, start: usize) -> bool {
        let (before, earlier) = (self.text.back(start, 1), self.text.back(start, 2));
        match before {
            b'.' | b':' => !earlier.is_ascii_digit(),
            b'-' | b'/' | b'#' | b'$' | b'@' | b'+' | b'%' => false,
            _ => self.text.is_fresh(start),
        }
    }

    /// Whether more digits, which are no number of their own, stand before `start` and a space.
    pub(super) fn follows_digits(&self, start: usize) -> bool {
        self.text.back(start, 1) == b' '
            && self.text.back(start, 2).is_ascii_digit()
            && start.saturating_sub(1) > self.claimed
    }

    /// Whether a number can end at `end`: nothing follows that makes it longer.
    pub(super) fn is_free_after(&self, end: usize) -> bool {
        let (next, later) = (self.text.at(end), self.text.at(end.saturating_add(1)));
        match next {
            b'-' | b'/' => !is_word(later),
            b'.' => !later.is_ascii_digit(),
            b'%' => false,
            _ => !is_word(next),
        }
    }
}

/// Looks at every number of the text. Those that are our own surrogates go to `ours`, with the
/// letters before them.
pub(super) fn scan(
    text: Text<'_>,
    marks: &Marks,
    contexts: &Contexts,
    out: &mut Vec<Finding>,
    ours: &mut Vec<Range<usize>>,
) {
    let mut groups = Vec::with_capacity(MAX_GROUPS);
    let (mut at, mut claimed) = (0, 0);
    while let Some(start) = marks.digits().next(at) {
        let end = marks.digits().end(start);
        groups.clear();
        groups.push(Group { gap: Gap::Start, start, end });
        at = if follows_backslash(text, start) { end } else { text.run(end, usize::MAX, is_word) };
        if let Some(claim) = claim(text, contexts, claimed, &mut groups) {
            claimed = match claim {
                Claim::Found(finding) => {
                    let end = finding.end;
                    out.push(finding);
                    end
                }
                Claim::Harmless(until) => {
                    ours.push(text.run_back(start, LETTERS, is_word)..until);
                    until
                }
            };
            at = end.max(claimed);
        }
    }
}

/// Whether an escape may end shortly before `start`, so that another word begins there.
fn follows_backslash(text: Text<'_>, start: usize) -> bool {
    /// `\u003c`
    const ESCAPE: usize = 6;
    text.window(start.saturating_sub(ESCAPE), start).contains(&b'\\')
}

/// What the digits of the one group in `groups`, and the groups after it, are.
fn claim(
    text: Text<'_>,
    contexts: &Contexts,
    claimed: usize,
    groups: &mut Vec<Group>,
) -> Option<Claim> {
    let first = *groups.first()?;
    if text.back(first.start, 1).is_ascii_alphabetic()
        && let Some(claim) = iban::find(text, first.start)
    {
        return Some(claim);
    }
    if let Some(claim) = contexts.documents.find(text, first) {
        return Some(claim);
    }
    if !text.is_fresh(first.start) {
        return None;
    }
    if let Some(age) = age::find(text, first) {
        return Some(Claim::Found(age));
    }
    // Most numbers end here: too short to be anything, and alone.
    if first.width() < phone::MIN_DIGITS && gap(text, first.end).is_none() {
        if !birth::may_go_on(text, first) {
            return None;
        }
        return birth::in_words(&Number { text, groups, contexts, claimed });
    }
    read_groups(text, groups);
    let number = Number { text, groups, contexts, claimed };
    address::ipv4(&number)
        .or_else(|| birth::in_digits(&number))
        .or_else(|| birth::in_words(&number))
        .or_else(|| ssn::find(&number))
        .or_else(|| card::find(&number))
        .or_else(|| phone::find(&number))
}

/// Adds the groups that follow the first one.
pub(super) fn read_groups(text: Text<'_>, groups: &mut Vec<Group>) {
    while groups.len() < MAX_GROUPS {
        let end = groups.last().map_or(0, |group| group.end);
        let Some((gap, start)) = gap(text, end) else {
            return;
        };
        let end = text.run(start, usize::MAX, |byte| byte.is_ascii_digit());
        groups.push(Group { gap, start, end });
    }
}

/// The separators from `end` on, and where the digits after them begin. At most three characters,
/// no two spaces in a row, and only one of dash, dot and slash.
fn gap(text: Text<'_>, end: usize) -> Option<(Gap, usize)> {
    let mut at = end;
    let (mut mark, mut paren, mut spaced) = (None, false, false);
    for _ in 0..4 {
        let (width, read) = match (text.at(at), text.at(at.saturating_add(1))) {
            (byte, _) if byte.is_ascii_digit() && at > end => {
                let gap = if paren { Gap::Paren } else { mark.unwrap_or(Gap::Space) };
                return Some((gap, at));
            }
            (b' ', _) => (1, Gap::Space),
            (0xc2, 0xa0) => (2, Gap::Space), // no-break space
            (b'-', _) => (1, Gap::Dash),
            (0xe2, 0x80) if matches!(text.at(at.saturating_add(2)), 0x90..=0x93) => (3, Gap::Dash),
            (b'.', _) => (1, Gap::Dot),
            (b'/', _) => (1, Gap::Slash),
            (b'(' | b')', _) => (1, Gap::Paren),
            _ => return None,
        };
        match read {
            Gap::Space if spaced => return None,
            Gap::Paren => paren = true,
            Gap::Space | Gap::Start => {}
            other if mark.is_none() => mark = Some(other),
            _ => return None,
        }
        spaced = read == Gap::Space;
        at = at.saturating_add(width);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps() {
        for (text, expected) in [
            (" 1", Some((Gap::Space, 1))),
            ("-1", Some((Gap::Dash, 1))),
            (" - 1", Some((Gap::Dash, 3))),
            (") 1", Some((Gap::Paren, 2))),
            (")-1", Some((Gap::Paren, 2))),
            ("\u{a0}1", Some((Gap::Space, 2))),
            ("\u{2011}1", Some((Gap::Dash, 3))),
            ("  1", None),
            ("-.1", None),
            ("- - 1", None),
            ("1", None),
            (" a", None),
            ("", None),
        ] {
            assert_eq!(gap(Text::new(text), 0), expected, "{text:?}");
        }
    }
}
