//! The random bytes that surrogates are drawn from.

use super::key::Seed;

/// Random bytes that a seed and the number of a draw determine.
pub(crate) struct Stream {
    reader: blake3::OutputReader,
}

impl Stream {
    /// `seed` is an SIV, and so already indistinguishable from random to whoever lacks the key; the
    /// hash only makes more bytes of it.
    pub(super) fn new(seed: &Seed, attempt: u32) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(seed);
        hasher.update(&attempt.to_le_bytes());
        Self { reader: hasher.finalize_xof() }
    }

    /// A number below `bound`, which is small against 2³², so that the bias of the remainder does
    /// not matter. 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let mut bytes = [0; 4];
        self.reader.fill(&mut bytes);
        u32::from_le_bytes(bytes).checked_rem(bound).unwrap_or(0)
    }

    /// One of the ASCII characters of `choices`, or `0` when there is none.
    pub(crate) fn pick(&mut self, choices: &[u8]) -> char {
        let bound = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        let index = usize::try_from(self.below(bound)).unwrap_or(0);
        choices.get(index).copied().map_or('0', char::from)
    }

    /// One of `choices`, or an empty text when there is none.
    pub(crate) fn choose<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        let bound = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        let index = usize::try_from(self.below(bound)).unwrap_or(0);
        choices.get(index).copied().unwrap_or_default()
    }

    /// A decimal digit.
    pub(crate) fn digit(&mut self) -> char {
        self.pick(b"0123456789")
    }

    /// `count` decimal digits.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.digit()).collect()
    }
}
