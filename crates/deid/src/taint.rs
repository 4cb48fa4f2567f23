//! Following text that a connector brought in.
//!
//! Leaving a connector's results out of a dataset is not enough: models quote them, write them to
//! files and hand them on. A [`Taint`] remembers the results of one conversation and finds every
//! stretch of a later text that repeats them.
//!
//! Texts are compared in a plain form ([`plain`]) in which white space is one space and the escapes
//! of quoted text are what they stand for, so that a result is recognised in the arguments of a
//! call, in JSON within JSON, and with another indentation. Every ninth window of sixteen bytes of
//! what is remembered is indexed; any repetition of 24 bytes holds one of them whole. A window that
//! is found again is extended to both sides as far as both texts agree.

mod plain;

use plain::Plain;
use std::collections::HashMap;
use std::ops::Range;

/// Bytes of an indexed window.
const WINDOW: usize = 16;
/// Every so many bytes one window is indexed.
const STEP: usize = 9;
/// The fewest characters of the plain form that are always found: a stretch of this length holds an
/// indexed window whole.
const SHORTEST: usize = WINDOW + STEP - 1;
/// How many places with the same window are looked at, the last first. More would make texts that
/// repeat themselves slow; a long stretch has other windows.
const PLACES: usize = 8;
/// How far a stretch may reach back into the one before it, in bytes.
const REACH: usize = 4096;
/// Bits of the filter for each indexed window.
const BITS_PER_WINDOW: usize = 16;

/// The connector results of one conversation, as far as they have been read.
///
/// # Example
///
/// ```
/// use consentry_deid::Taint;
///
/// let mut taint = Taint::new(60);
/// taint.learn("The board met on Tuesday and decided to close the plant in Tampere by March.\nNone knows.");
/// let answer = "It says: the board met on Tuesday and decided to close the plant in Tampere by March!";
/// let found = taint.stretches(answer);
/// assert_eq!(&answer[found[0].clone()], "he board met on Tuesday and decided to close the plant in Tampere by March");
/// assert!(taint.stretches("The board met on Tuesday.").is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Taint {
    least: usize,
    /// The plain forms of what was read, each behind a byte 0, which no plain form holds.
    known: Vec<u8>,
    /// The last place of each window: an index into `places`.
    last: HashMap<u128, usize>,
    /// Where a window stands in `known`, and the place before it of the same window.
    places: Vec<(usize, Option<usize>)>,
    filter: Filter,
}

impl Taint {
    /// Nothing is remembered yet. Stretches of at least `least` characters will be reported; a
    /// smaller figure than 24 counts as 24.
    #[must_use]
    pub fn new(least: usize) -> Self {
        Self {
            least: least.max(SHORTEST),
            known: Vec::new(),
            last: HashMap::new(),
            places: Vec::new(),
            filter: Filter::default(),
        }
    }

    /// Whether nothing long enough to be repeated has been read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Remembers a connector's result. Time and memory are linear in its length: about eight
    /// bytes for each byte read.
    pub fn learn(&mut self, result: &str) {
        self.known.push(0);
        let start = self.known.len();
        plain::append(result, &mut self.known);
        let end = self.known.len();
        if end.saturating_sub(start) < SHORTEST {
            self.known.truncate(start);
            return;
        }
        for at in (start..end.saturating_sub(WINDOW - 1)).step_by(STEP) {
            let Some(window) = window(&self.known, at) else { continue };
            let number = self.places.len();
            let before = self.last.insert(window, number);
            self.places.push((at, before));
            if self.filter.is_full(self.places.len()) {
                self.filter = Filter::of(self.last.keys().copied(), self.places.len());
            } else {
                self.filter.insert(window);
            }
        }
    }

    /// The stretches of `text` that repeat what was learnt: byte ranges on character boundaries, in
    /// order, none touching another. Each is as long as both texts agree, has at least as many
    /// characters as [`new`](Self::new) was told, and at least 24 when white space and escapes
    /// count once.
    ///
    /// Takes time close to linear in the length of `text`, whatever was learnt. Of texts that
    /// repeat one window of sixteen bytes very often only the latest places are compared, so that a
    /// stretch made of nothing but such windows may be reported shorter than it is.
    #[must_use]
    pub fn stretches(&self, text: &str) -> Vec<Range<usize>> {
        if self.is_empty() || text.len() < self.least {
            return Vec::new();
        }
        let plain = Plain::of(text);
        let mut found: Vec<Range<usize>> = Vec::new();
        let (mut at, mut covered) = (0_usize, 0_usize);
        while let Some(window) = window(&plain.bytes, at) {
            at = at.saturating_add(1);
            if !self.filter.may_hold(window) {
                continue;
            }
            let start = at.saturating_sub(1);
            let Some(longest) = self.longest(&plain.bytes, window, start, covered) else {
                continue;
            };
            if longest.end <= covered || !self.is_long_enough(text, &plain, &longest) {
                continue;
            }
            covered = longest.end;
            // Another place may go on from within the last window.
            at = at.max(longest.end.saturating_sub(WINDOW - 1));
            push(&mut found, plain.source(text, &longest));
        }
        found
    }

    fn is_long_enough(&self, text: &str, plain: &Plain, stretch: &Range<usize>) -> bool {
        let source = plain.source(text, stretch);
        let characters = text.get(source).map_or(0, |source| source.chars().count());
        stretch.len() >= SHORTEST && characters >= self.least
    }

    /// The longest agreement around `at`, where `window` stands.
    fn longest(
        &self,
        text: &[u8],
        window: u128,
        at: usize,
        covered: usize,
    ) -> Option<Range<usize>> {
        let mut place = self.last.get(&window).copied();
        let mut longest: Option<Range<usize>> = None;
        for _ in 0..PLACES {
            let Some((known, before)) = place.and_then(|number| self.places.get(number)) else {
                break;
            };
            let floor = covered.saturating_sub(REACH).min(at);
            let back = common_suffix(text.get(floor..at)?, self.known.get(..*known)?);
            let ahead = common_prefix(text.get(at..)?, self.known.get(*known..)?);
            let stretch = at.saturating_sub(back)..at.saturating_add(ahead);
            if longest.as_ref().is_none_or(|longest| stretch.len() > longest.len()) {
                longest = Some(stretch);
            }
            place = *before;
        }
        longest
    }
}

/// Adds a stretch, joined to those that it touches.
fn push(found: &mut Vec<Range<usize>>, mut stretch: Range<usize>) {
    while let Some(last) = found.pop_if(|last| last.end >= stretch.start) {
        stretch = last.start.min(stretch.start)..last.end.max(stretch.end);
    }
    found.push(stretch);
}

fn common_prefix(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

fn common_suffix(one: &[u8], other: &[u8]) -> usize {
    one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count()
}

fn window(bytes: &[u8], at: usize) -> Option<u128> {
    bytes.get(at..)?.first_chunk::<WINDOW>().map(|window| u128::from_le_bytes(*window))
}

/// A set of windows that answers fast, and errs only by holding too much.
#[derive(Clone, Debug, Default)]
struct Filter {
    words: Vec<u64>,
    windows: usize,
}

impl Filter {
    /// The set of `all`, with room for twice `count`: each growth doubles, so that all of them
    /// together are linear.
    fn of(all: impl Iterator<Item = u128>, count: usize) -> Self {
        let windows = count.saturating_mul(2).next_power_of_two();
        let bits = windows.saturating_mul(BITS_PER_WINDOW).max(64);
        let mut filter = Self { words: vec![0; bits / 64], windows };
        all.for_each(|window| filter.insert(window));
        filter
    }

    const fn is_full(&self, count: usize) -> bool {
        count > self.windows
    }

    fn insert(&mut self, window: u128) {
        let (word, bit) = self.slot(window);
        if let Some(word) = self.words.get_mut(word) {
            *word |= bit;
        }
    }

    fn may_hold(&self, window: u128) -> bool {
        let (word, bit) = self.slot(window);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The word and the bit of a window. The number of words is a power of two.
    fn slot(&self, window: u128) -> (usize, u64) {
        let [low, high] = [window as u64, (window >> 64) as u64];
        let mixed =
            low.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ high.wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
        let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0x1656_67b1_9e37_79f9);
        let mixed = mixed ^ (mixed >> 32);
        let words = self.words.len().saturating_sub(1);
        (usize::try_from(mixed >> 6).unwrap_or(usize::MAX) & words, 1 << (mixed & 63))
    }
}
