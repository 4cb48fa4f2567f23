//! Where a text has the bytes that scanners are led by.
//!
//! One pass compares all bytes with all of them, sixteen at a time, and notes for each scanner a
//! bit per byte. The scanners then go from bit to bit, so that text which leads to nothing costs
//! this pass alone, however many scanners there are.

use wide::u8x16;

/// Bytes that one word of bits is of.
const BLOCK: usize = 64;
/// The fewest characters of a run that is looked at: the shortest tokens are four characters of a
/// prefix and sixteen more, and the first part of some stands apart.
pub(super) const LONG: usize = 16;

/// Places in a text.
#[derive(Debug, Default)]
pub(super) struct Places {
    words: Vec<u64>,
}

impl Places {
    /// The first of these places from `at` on.
    pub(super) fn next(&self, at: usize) -> Option<usize> {
        self.find(at, |word| word)
    }

    /// The first place from `at` on that is none of these, which may be the end of the text.
    pub(super) fn end(&self, at: usize) -> usize {
        self.find(at, |word| !word).unwrap_or_else(|| at.max(self.words.len() * BLOCK))
    }

    fn find(&self, at: usize, of: impl Fn(u64) -> u64) -> Option<usize> {
        let first = at / BLOCK;
        let rest = self.words.get(first..)?;
        let (&word, others) = rest.split_first()?;
        let word = of(word) & (u64::MAX << (at % BLOCK));
        if word != 0 {
            return Some(first * BLOCK + lowest(word));
        }
        let ahead = others.iter().position(|&word| of(word) != 0)?;
        let word = others.get(ahead).map_or(0, |&word| of(word));
        Some((first + 1 + ahead) * BLOCK + lowest(word))
    }

    /// All of these places, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(block, &word)| {
            std::iter::successors(Some(word), |&word| Some(word & word.wrapping_sub(1)))
                .take_while(|&word| word != 0)
                .map(move |word| block * BLOCK + lowest(word))
        })
    }
}

/// Which of the bits of `word`, which is not 0, is the lowest.
const fn lowest(word: u64) -> usize {
    word.trailing_zeros() as usize
}

/// The places that lead each scanner.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Digits.
    pub(super) digits: Places,
    /// Characters of runs that tokens are written with: letters, digits, `_` and `-`.
    pub(super) runs: Places,
    /// Where a run has become [`LONG`] characters long.
    pub(super) long_runs: Places,
    /// `=`, `:` and `(`.
    pub(super) signs: Places,
    /// Behind `:` or `-` that stands behind a hexadecimal digit and before another, or another such
    /// sign.
    pub(super) behind_separators: Places,
    /// `@` and `<`.
    pub(super) rare: Places,
    /// First bytes of characters that may be of a disguise: of full width, or of none.
    pub(super) disguises: Places,
}

/// What is known of one block of bytes, a bit for each.
#[derive(Clone, Copy, Debug, Default)]
struct Classes {
    digit: u64,
    run: u64,
    hex: u64,
    separator: u64,
    sign: u64,
    rare: u64,
    disguise: u64,
}

impl Marks {
    pub(super) fn new(text: &[u8]) -> Self {
        let mut marks = Self::default();
        // One block more than there are, so that the text ends with a bit that is not set.
        let blocks = text.len() / BLOCK + 1;
        for places in marks.all() {
            places.words.reserve_exact(blocks);
        }
        let (whole, rest) = text.as_chunks::<BLOCK>();
        let mut last = [0; BLOCK];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        let mut before = Classes::default();
        for block in whole.iter().chain([&last]) {
            let classes = Classes::of(block);
            marks.push(before, classes);
            before = classes;
        }
        marks
    }

    fn all(&mut self) -> [&mut Places; 7] {
        [
            &mut self.digits,
            &mut self.runs,
            &mut self.long_runs,
            &mut self.signs,
            &mut self.behind_separators,
            &mut self.rare,
            &mut self.disguises,
        ]
    }

    /// Notes the places of a block, given what is known of the one before it.
    fn push(&mut self, before: Classes, now: Classes) {
        // The bits of the bytes that stand so far before each.
        let back = |of: fn(Classes) -> u64, distance: usize| {
            of(now) << distance | of(before) >> (BLOCK - distance)
        };
        let between = back(|c| c.hex, 2) & back(|c| c.separator, 1) & (now.hex | now.separator);
        self.digits.words.push(now.digit);
        self.runs.words.push(now.run);
        self.long_runs.words.push(long(before.run, now.run));
        self.signs.words.push(now.sign);
        self.behind_separators.words.push(between);
        self.rare.words.push(now.rare);
        self.disguises.words.push(now.disguise);
    }
}

/// Where in `now`, behind `before`, bits that are set follow each other for the [`LONG`]th time.
const fn long(before: u64, now: u64) -> u64 {
    let one = (now as u128) << BLOCK | before as u128;
    let two = one & one << 1;
    let four = two & two << 2;
    let eight = four & four << 4;
    let long = eight & eight << 8;
    // Of longer ones the first.
    ((long & !(long << 1)) >> BLOCK) as u64
}

impl Classes {
    fn of(block: &[u8; BLOCK]) -> Self {
        let mut all = Self::default();
        let (quarters, _) = block.as_chunks::<16>();
        for (bytes, shift) in quarters.iter().zip([0, 16, 32, 48]) {
            let part = Quarter(u8x16::new(*bytes));
            let bits = |mask: u8x16| u64::from(mask.to_bitmask()) << shift;
            let digits = part.between(b'0', b'9');
            // Small letters have this bit, and so have few other bytes.
            let lower = Quarter(part.0 | u8x16::splat(0x20));
            let (dash, colon) = (part.is(b'-'), part.is(b':'));
            all.digit |= bits(digits);
            all.run |= bits(digits | lower.between(b'a', b'z') | part.is(b'_') | dash);
            all.hex |= bits(digits | lower.between(b'a', b'f'));
            all.separator |= bits(colon | dash);
            all.sign |= bits(colon | part.is(b'=') | part.is(b'('));
            all.rare |= bits(part.is(b'@') | part.is(b'<'));
            // All of it is beyond ASCII, which most blocks do not hold.
            if bits(part.0) != 0 {
                all.disguise |= bits(part.is(0xe2) | part.is(0xef));
            }
        }
        all
    }
}

/// Sixteen bytes.
#[derive(Clone, Copy)]
struct Quarter(u8x16);

impl Quarter {
    /// All bits of every byte that is `byte`.
    fn is(self, byte: u8) -> u8x16 {
        self.0.simd_eq(u8x16::splat(byte))
    }

    /// All bits of every byte from `first` to `last`.
    fn between(self, first: u8, last: u8) -> u8x16 {
        let apart = self.0 - u8x16::splat(first);
        apart.min(u8x16::splat(last - first)).simd_eq(apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The places for which `is` says yes, byte by byte.
    fn naive(text: &[u8], is: impl Fn(&dyn Fn(isize) -> u8) -> bool) -> Vec<usize> {
        let at = |place: usize, ahead: isize| {
            let place = isize::try_from(place).unwrap() + ahead;
            usize::try_from(place).ok().and_then(|place| text.get(place)).copied().unwrap_or(0)
        };
        (0..=text.len()).filter(|&place| is(&|ahead| at(place, ahead))).collect()
    }

    fn check(text: &[u8]) {
        let marks = Marks::new(text);
        let is_run = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        let is = |places: &Places, of: &dyn Fn(&dyn Fn(isize) -> u8) -> bool| {
            let expected = naive(text, of);
            assert_eq!(places.iter().collect::<Vec<_>>(), expected, "{text:?}");
            for at in 0..=text.len() + 70 {
                let next = expected.iter().copied().find(|&place| place >= at);
                assert_eq!(places.next(at), next, "{text:?} {at}");
                let end = (at..).find(|place| !expected.contains(place)).unwrap();
                assert_eq!(places.end(at), end, "{text:?} {at}");
            }
        };
        is(&marks.digits, &|at| at(0).is_ascii_digit());
        is(&marks.runs, &|at| is_run(at(0)));
        is(&marks.long_runs, &|at| (-15..=0).all(|back| is_run(at(back))) && !is_run(at(-16)));
        is(&marks.signs, &|at| b"=:(".contains(&at(0)));
        is(&marks.behind_separators, &|at| {
            at(-2).is_ascii_hexdigit()
                && b":-".contains(&at(-1))
                && (at(0).is_ascii_hexdigit() || b":-".contains(&at(0)))
        });
        is(&marks.rare, &|at| b"@<".contains(&at(0)));
        is(&marks.disguises, &|at| matches!(at(0), 0xe2 | 0xef));
    }

    #[test]
    fn every_byte_at_the_ends_of_blocks() {
        for byte in 0..=u8::MAX {
            for length in [0, 1, 62, 63, 64, 127, 128] {
                let text = [vec![b' '; length], vec![byte], vec![b' '; 3]].concat();
                check(&text);
                check(&text[..=length]);
            }
        }
    }

    proptest! {
        #[test]
        fn every_place_is_noted(
            pieces in prop::collection::vec((0..40_usize, prop::sample::select(vec![
                " ", ".", "é", "\u{7f}", "=", "::", "-", "(", "@", "<", "\u{200b}", "{", "a:", "f-",
            ])), 0..12),
        ) {
            let run = |count: usize| "aB3_".chars().cycle().take(count).collect::<String>();
            let text: String = pieces.iter().map(|(count, mark)| run(*count) + mark).collect();
            check(text.as_bytes());
        }
    }
}
