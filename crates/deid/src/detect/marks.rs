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

/// How far a dot stands behind another between the groups of a hardware address: four digits.
pub(super) const DOTS_APART: usize = 5;

/// Places in a text.
#[derive(Clone, Copy)]
pub(super) struct Places<'m, F> {
    blocks: &'m [Block],
    /// The bits of these places in a block.
    of: F,
}

impl<'m, F: Fn(&Block) -> u64 + 'm> Places<'m, F> {
    /// The first of these places from `at` on.
    pub(super) fn next(&self, at: usize) -> Option<usize> {
        self.find(at, 0)
    }

    /// The first place from `at` on that is none of these, which may be the end of the text.
    pub(super) fn end(&self, at: usize) -> usize {
        self.find(at, u64::MAX).unwrap_or_else(|| at.max(self.blocks.len() * BLOCK))
    }

    /// The first place from `at` on whose bit, which is turned round where `turn` is set, is set.
    fn find(&self, at: usize, turn: u64) -> Option<usize> {
        let first = at / BLOCK;
        let (block, others) = self.blocks.get(first..)?.split_first()?;
        let word = ((self.of)(block) ^ turn) & (u64::MAX << (at % BLOCK));
        if word != 0 {
            return Some(first * BLOCK + lowest(word));
        }
        let mut others = others.iter().map(|block| (self.of)(block) ^ turn).enumerate();
        let (ahead, word) = others.find(|&(_, word)| word != 0)?;
        Some((first + 1 + ahead) * BLOCK + lowest(word))
    }

    /// All of these places, in order.
    pub(super) fn iter(self) -> impl Iterator<Item = usize> + 'm {
        self.blocks.iter().enumerate().flat_map(move |(index, block)| {
            std::iter::successors(Some((self.of)(block)), |&word| Some(word & word.wrapping_sub(1)))
                .take_while(|&word| word != 0)
                .map(move |word| index * BLOCK + lowest(word))
        })
    }
}

/// Which of the bits of `word`, which is not 0, is the lowest.
const fn lowest(word: u64) -> usize {
    word.trailing_zeros() as usize
}

/// The places of a text that lead each scanner.
#[derive(Debug)]
pub(super) struct Marks {
    blocks: Vec<Block>,
}

/// The bits of the bytes of one block.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block {
    digit: u64,
    run: u64,
    long_run: u64,
    word_start: u64,
    sign: u64,
    behind_separator: u64,
    flag: u64,
    dots_apart: u64,
    otherwise: u64,
    rare: u64,
    disguise: u64,
}

impl Marks {
    pub(super) fn new(text: &[u8]) -> Self {
        let (whole, rest) = text.as_chunks::<BLOCK>();
        // The text ends with a byte that is not of it.
        let mut last = [0; BLOCK];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        let mut before = Classes::default();
        let mut blocks = Vec::with_capacity(whole.len() + 1);
        blocks.extend(whole.iter().chain([&last]).map(|block| {
            let classes = Classes::of(block);
            let block = Block::new(before, classes);
            before = classes;
            block
        }));
        Self { blocks }
    }

    /// Digits.
    pub(super) fn digits(&self) -> Places<'_, impl Fn(&Block) -> u64 + Copy> {
        Places { blocks: &self.blocks, of: |block: &Block| block.digit }
    }

    /// Characters of runs that tokens are written with: letters, digits, `_` and `-`.
    pub(super) fn runs(&self) -> Places<'_, impl Fn(&Block) -> u64 + Copy> {
        Places { blocks: &self.blocks, of: |block: &Block| block.run }
    }

    /// Where a run has become [`LONG`] characters long.
    pub(super) fn long_runs(&self) -> Places<'_, impl Fn(&Block) -> u64 + Copy> {
        Places { blocks: &self.blocks, of: |block: &Block| block.long_run }
    }

    /// Letters, digits and `_` that stand behind none of these.
    pub(super) fn word_starts(&self) -> Places<'_, impl Fn(&Block) -> u64 + Copy> {
        Places { blocks: &self.blocks, of: |block: &Block| block.word_start }
    }

    /// `=`, `:` and `(`.
    pub(super) fn signs(&self) -> Places<'_, impl Fn(&Block) -> u64 + Copy> {
        Places { blocks: &self.blocks, of: |block: &Block| block.sign }
    }

    /// Behind `:` or `-` between two characters of runs or other such signs.
    pub(super) fn behind_separators(&self) -> Places<'_, impl Fn(&Block) -> u64 + Copy> {
        Places { blocks: &self.blocks, of: |block: &Block| block.behind_separator }
    }

    /// Behind two such signs where a word begins, as in `--password`.
    pub(super) fn flags(&self) -> Places<'_, impl Fn(&Block) -> u64 + Copy> {
        Places { blocks: &self.blocks, of: |block: &Block| block.flag }
    }

    /// Dots before which another stands [`DOTS_APART`] bytes before.
    pub(super) fn dots_apart(&self) -> Places<'_, impl Fn(&Block) -> u64 + Copy> {
        Places { blocks: &self.blocks, of: |block: &Block| block.dots_apart }
    }

    /// The second of two signs of which each is `|` or `?`.
    pub(super) fn otherwise(&self) -> Places<'_, impl Fn(&Block) -> u64 + Copy> {
        Places { blocks: &self.blocks, of: |block: &Block| block.otherwise }
    }

    /// `@`, `<`, `[`, `{` and `%`.
    pub(super) fn rare(&self) -> Places<'_, impl Fn(&Block) -> u64 + Copy> {
        Places { blocks: &self.blocks, of: |block: &Block| block.rare }
    }

    /// First bytes of characters that may be of a disguise: of full width, or of none.
    pub(super) fn disguises(&self) -> Places<'_, impl Fn(&Block) -> u64 + Copy> {
        Places { blocks: &self.blocks, of: |block: &Block| block.disguise }
    }
}

/// What is known of the bytes of one block, a bit for each.
#[derive(Clone, Copy, Debug, Default)]
struct Classes {
    digit: u64,
    run: u64,
    separator: u64,
    sign: u64,
    dot: u64,
    choice: u64,
    rare: u64,
    disguise: u64,
}

impl Block {
    /// The places of a block, given what is known of it and of the one before it.
    fn new(before: Classes, now: Classes) -> Self {
        // The bits of the bytes that stand so far before each.
        let one = |now: u64, before: u64| now << 1 | before >> (BLOCK - 1);
        let two = |now: u64, before: u64| now << 2 | before >> (BLOCK - 2);
        let apart = now.dot << DOTS_APART | before.dot >> (BLOCK - DOTS_APART);
        let separated = one(now.separator, before.separator);
        let joined = two(now.run, before.run) & separated & (now.run | now.separator);
        let word = |classes: Classes| classes.run & !classes.separator;
        let doubled = two(now.separator, before.separator) & separated & word(now);
        Self {
            digit: now.digit,
            run: now.run,
            long_run: long(before.run, now.run),
            word_start: word(now) & !one(word(now), word(before)),
            sign: now.sign,
            behind_separator: joined,
            flag: doubled,
            dots_apart: now.dot & apart,
            otherwise: now.choice & one(now.choice, before.choice),
            rare: now.rare,
            disguise: now.disguise,
        }
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
    #[inline]
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
            all.separator |= bits(colon | dash);
            all.sign |= bits(colon | part.is(b'=') | part.is(b'('));
            all.dot |= bits(part.is(b'.'));
            all.choice |= bits(part.is(b'|') | part.is(b'?'));
            let rare = part.is(b'@') | part.is(b'<') | part.is(b'%');
            // Of `[` and `{` one bit tells small from capital.
            all.rare |= bits(rare | lower.is(b'{'));
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

    /// The byte so far from a place.
    type At<'t> = dyn Fn(isize) -> u8 + 't;

    /// The places for which `is` says yes, byte by byte.
    fn naive(text: &[u8], is: impl Fn(&At<'_>) -> bool) -> Vec<usize> {
        let at = |place: usize, ahead: isize| {
            let place = isize::try_from(place).unwrap() + ahead;
            usize::try_from(place).ok().and_then(|place| text.get(place)).copied().unwrap_or(0)
        };
        (0..=text.len()).filter(|&place| is(&|ahead| at(place, ahead))).collect()
    }

    fn check(text: &[u8]) {
        let marks = Marks::new(text);
        let is_run = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        fn is<'m, F>(text: &[u8], places: &Places<'m, F>, expected: &[usize])
        where
            F: Fn(&Block) -> u64 + Copy + 'm,
        {
            assert_eq!(places.iter().collect::<Vec<_>>(), expected, "{text:?}");
            for at in 0..=text.len() + 70 {
                let next = expected.iter().copied().find(|&place| place >= at);
                assert_eq!(places.next(at), next, "{text:?} {at}");
                let end = (at..).find(|place| !expected.contains(place)).unwrap();
                assert_eq!(places.end(at), end, "{text:?} {at}");
            }
        }
        let naive = |of: &dyn Fn(&At<'_>) -> bool| naive(text, of);
        is(text, &marks.digits(), &naive(&|at| at(0).is_ascii_digit()));
        is(text, &marks.runs(), &naive(&|at| is_run(at(0))));
        let long = |at: &At<'_>| (-15..=0).all(|back| is_run(at(back)));
        is(text, &marks.long_runs(), &naive(&|at| long(at) && !is_run(at(-16))));
        let word = |byte: u8| is_run(byte) && byte != b'-';
        is(text, &marks.word_starts(), &naive(&|at| word(at(0)) && !word(at(-1))));
        is(text, &marks.signs(), &naive(&|at| b"=:(".contains(&at(0))));
        let separates = |byte: u8| b":-".contains(&byte);
        let joined = |at: &At<'_>| {
            is_run(at(-2)) && separates(at(-1)) && (is_run(at(0)) || separates(at(0)))
        };
        is(text, &marks.behind_separators(), &naive(&joined));
        let flag = |at: &At<'_>| {
            separates(at(-2)) && separates(at(-1)) && is_run(at(0)) && !separates(at(0))
        };
        is(text, &marks.flags(), &naive(&flag));
        let apart = |at: &At<'_>| at(0) == b'.' && at(-5) == b'.';
        is(text, &marks.dots_apart(), &naive(&apart));
        let choice = |byte: u8| b"|?".contains(&byte);
        is(text, &marks.otherwise(), &naive(&|at| choice(at(0)) && choice(at(-1))));
        is(text, &marks.rare(), &naive(&|at| b"@<[{%".contains(&at(0))));
        is(text, &marks.disguises(), &naive(&|at| matches!(at(0), 0xe2 | 0xef)));
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
                " ", ".", "é", "\u{7f}", "=", "::", "-", "(", ".1234.", "||", "?", "@", "<", "[%", "\u{200b}", "{", "a:", "f-",
            ])), 0..12),
        ) {
            let run = |count: usize| "aB3_".chars().cycle().take(count).collect::<String>();
            let text: String = pieces.iter().map(|(count, mark)| run(*count) + mark).collect();
            check(text.as_bytes());
        }
    }
}
