//! Parquet's hybrid of run-length encoding and bit-packing, for numbers of a fixed width.

/// Numbers are packed by groups of so many.
const GROUP: usize = 8;

/// An encoder. Runs come in, bytes come out.
#[derive(Debug)]
pub(super) struct Hybrid {
    width: u8,
    bytes: Vec<u8>,
    /// A run that may go on.
    run: Option<(u32, usize)>,
    /// Numbers that come after the run and are too mixed for one. Whole groups, but for the end.
    packed: Vec<u32>,
}

impl Hybrid {
    /// How many bits the largest of so many numbers, counted from 0, needs.
    pub(super) fn width(numbers: usize) -> u8 {
        // At most 64.
        u8::try_from(usize::BITS - numbers.saturating_sub(1).leading_zeros()).unwrap_or(64)
    }

    pub(super) const fn new(width: u8) -> Self {
        Self { width, bytes: Vec::new(), run: None, packed: Vec::new() }
    }

    /// Adds a number so many times.
    pub(super) fn run(&mut self, number: u32, mut times: usize) {
        if self.packed.is_empty()
            && let Some((known, count)) = &mut self.run
            && *known == number
        {
            *count += times;
            return;
        }
        let open = self.packed.len() % GROUP;
        if open > 0 {
            let fill = times.min(GROUP - open);
            self.packed.extend(std::iter::repeat_n(number, fill));
            times -= fill;
        }
        if times >= GROUP {
            self.flush();
            self.run = Some((number, times));
        } else {
            self.packed.extend(std::iter::repeat_n(number, times));
        }
    }

    /// Writes out the run, then the packed numbers.
    fn flush(&mut self) {
        if let Some((number, count)) = self.run.take() {
            self.varint((count as u64) << 1);
            let width_bytes = usize::from(self.width).div_ceil(8);
            self.bytes.extend(number.to_le_bytes().into_iter().take(width_bytes));
        }
        if self.packed.is_empty() {
            return;
        }
        let mut packed = std::mem::take(&mut self.packed);
        packed.resize(packed.len().next_multiple_of(GROUP), 0);
        self.varint(((packed.len() / GROUP) as u64) << 1 | 1);
        let (mut bits, mut held) = (0u64, 0u32);
        for number in &packed {
            bits |= u64::from(*number) << held;
            held += u32::from(self.width);
            while held >= 8 {
                let [low, ..] = bits.to_le_bytes();
                self.bytes.push(low);
                bits >>= 8;
                held -= 8;
            }
        }
        packed.clear();
        self.packed = packed;
    }

    fn varint(&mut self, mut number: u64) {
        loop {
            let [low, ..] = number.to_le_bytes();
            number >>= 7;
            if number == 0 {
                self.bytes.push(low & 0x7f);
                return;
            }
            self.bytes.push(low | 0x80);
        }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.flush();
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads it back as the format's specification says (Parquet, "Encodings", RLE = 3).
    fn decode(mut bytes: &[u8], width: u32) -> Vec<u32> {
        let mut numbers = Vec::new();
        while !bytes.is_empty() {
            let (mut header, mut shift) = (0u64, 0);
            loop {
                let (byte, rest) = bytes.split_first().unwrap();
                bytes = rest;
                header |= u64::from(byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            if header & 1 == 0 {
                let (value, rest) = bytes.split_at(width.div_ceil(8) as usize);
                bytes = rest;
                let value = value.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte));
                numbers.extend(std::iter::repeat_n(value, (header >> 1) as usize));
            } else {
                let count = (header >> 1) as usize * 8;
                let (packed, rest) = bytes.split_at(count * width as usize / 8);
                bytes = rest;
                let bit = |at: usize| u32::from(packed[at / 8] >> (at % 8) & 1);
                numbers.extend((0..count).map(|number| {
                    (0..width).fold(0, |value, at| {
                        value | bit(number * width as usize + at as usize) << at
                    })
                }));
            }
        }
        numbers
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(
            width in 1u8..21,
            runs in proptest::collection::vec((0u32..1 << 20, prop_oneof![0usize..4, 0usize..40]), 0..60),
        ) {
            let mut hybrid = Hybrid::new(width);
            let mut expected = Vec::new();
            for (number, times) in runs {
                let number = number % (1 << width);
                hybrid.run(number, times);
                expected.extend(std::iter::repeat_n(number, times));
            }
            let mut found = decode(&hybrid.finish(), u32::from(width));
            prop_assert!(found.len() < expected.len() + 8);
            found.truncate(expected.len());
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn the_width_is_what_the_largest_needs() {
        let widths = [0, 1, 2, 3, 4, 5, 256, 257].map(Hybrid::width);
        assert_eq!(widths, [0, 0, 1, 2, 2, 3, 8, 9]);
    }
}
