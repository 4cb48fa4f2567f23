//! A quick test for words by three of their letters.

/// Bits that tell letters apart, whatever their case.
const BITS: u32 = 5;

/// Triples of letters without regard to case. May hold others that differ in more than case: what
/// it holds is looked at more closely, and what it does not hold is nothing.
#[derive(Debug)]
pub(super) struct Triples {
    /// A bit for each, so that all of them stay in the nearest cache.
    held: Vec<u64>,
}

impl Triples {
    pub(super) fn new(all: impl IntoIterator<Item = [u8; 3]>) -> Self {
        let mut held = vec![0; 1 << (3 * BITS - u64::BITS.ilog2())];
        for (word, bit) in all.into_iter().map(place) {
            if let Some(bits) = held.get_mut(word) {
                *bits |= bit;
            }
        }
        Self { held }
    }

    pub(super) fn may_hold(&self, triple: [u8; 3]) -> bool {
        let (word, bit) = place(triple);
        self.held.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

/// The word and the bit of a triple.
fn place(triple: [u8; 3]) -> (usize, u64) {
    let letter = |byte: u8| usize::from(byte & ((1 << BITS) - 1));
    let all = triple.iter().fold(0, |all, &byte| all << BITS | letter(byte));
    (all / 64, 1 << (all % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triples_are_held_in_either_case_and_others_are_not() {
        let triples = Triples::new([*b"key", *b"ORD"]);
        for (triple, held) in [(b"key", true), (b"KeY", true), (b"ord", true), (b"kez", false)] {
            assert_eq!(triples.may_hold(*triple), held, "{triple:?}");
        }
        assert_eq!(triples.held.iter().map(|bits| bits.count_ones()).sum::<u32>(), 2);
    }
}
