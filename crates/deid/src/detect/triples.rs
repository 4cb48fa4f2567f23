//! A quick test for words by three of their letters.

/// Bits that tell letters apart, whatever their case.
const BITS: usize = 5;

/// Triples of letters without regard to case. May hold others that differ in more than case: what
/// it holds is looked at more closely, and what it does not hold is nothing.
#[derive(Debug)]
pub(super) struct Triples {
    held: Vec<bool>,
}

impl Triples {
    pub(super) fn new(all: impl IntoIterator<Item = [u8; 3]>) -> Self {
        let mut held = vec![false; 1 << (3 * BITS)];
        for triple in all {
            if let Some(place) = held.get_mut(place(triple)) {
                *place = true;
            }
        }
        Self { held }
    }

    pub(super) fn may_hold(&self, triple: [u8; 3]) -> bool {
        self.held.get(place(triple)) == Some(&true)
    }
}

fn place(triple: [u8; 3]) -> usize {
    triple.iter().fold(0, |all, byte| all << BITS | usize::from(byte & ((1 << BITS) - 1)))
}
