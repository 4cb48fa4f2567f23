//! Lists of names and places, as a table of hashes.

/// A given name of the United States census or of the lists in `training/`.
pub(super) const GIVEN: u8 = 1;
/// A family name.
pub(super) const FAMILY: u8 = 2;
/// A place of one word.
pub(super) const PLACE: u8 = 4;
/// A country, or a state of the United States, of one word or of several.
pub(super) const COUNTRY: u8 = 32;
/// A word that is usually written in lower case.
pub(super) const COMMON: u8 = 8;
/// Two or three words that together name a place.
pub(super) const PLACE_OF_WORDS: u8 = 16;

/// Which lists hold a word: open addressing, 24 bits of a hash and 8 of flags in each slot.
/// A word that is in no list answers as if it were with a chance of about one in ten million.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    slots: Vec<u32>,
}

/// Adds a word to a hash; words in a row are hashed one after another.
pub(super) fn chain(before: u64, hash: u64) -> u64 {
    (before.rotate_left(23) ^ hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The hash of a text, without regard to case.
pub(super) fn hash(text: &str) -> u64 {
    let mut state = 0xCBF2_9CE4_8422_2325_u64;
    let mut add = |byte: u8| {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    };
    if text.is_ascii() {
        text.bytes().for_each(|byte| add(byte.to_ascii_lowercase()));
    } else {
        let mut buffer = [0; 4];
        for character in text.chars().flat_map(char::to_lowercase) {
            character.encode_utf8(&mut buffer).bytes().for_each(&mut add);
        }
    }
    state ^ (state >> 29)
}

const FINGERPRINT: u32 = 0xFFFF_FF00;

/// The first slot of a hash, and its fingerprint, which is never zero.
fn place(hash: u64, mask: usize) -> (usize, u32) {
    let mixed = hash.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    let fingerprint = (mixed as u32 | 0x100) & FINGERPRINT;
    (usize::try_from(mixed >> 32).unwrap_or(0) & mask, fingerprint)
}

impl Lists {
    /// A table with `slots` places, a power of two.
    pub(super) fn of(slots: Vec<u32>) -> Self {
        Self { slots }
    }

    pub(super) fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// Adds flags to a hash. A full table ignores it.
    pub(super) fn add(&mut self, hash: u64, flags: u8) {
        let mask = self.slots.len().wrapping_sub(1);
        let (first, fingerprint) = place(hash, mask);
        for step in 0..self.slots.len() {
            let Some(slot) = self.slots.get_mut(first.wrapping_add(step) & mask) else { return };
            if *slot == 0 || *slot & FINGERPRINT == fingerprint {
                *slot |= fingerprint | u32::from(flags);
                return;
            }
        }
    }

    /// The flags of a hash; 0 when no list holds it.
    pub(super) fn flags(&self, hash: u64) -> u8 {
        /// Longer runs do not occur in a table that is loaded as ours are.
        const STEPS: usize = 64;
        let mask = self.slots.len().wrapping_sub(1);
        let (first, fingerprint) = place(hash, mask);
        for step in 0..STEPS {
            match self.slots.get(first.wrapping_add(step) & mask) {
                None | Some(0) => return 0,
                Some(slot) if slot & FINGERPRINT == fingerprint => return (slot & 0xFF) as u8,
                Some(_) => {}
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_was_added_and_nothing_else() {
        let mut lists = Lists::of(vec![0; 4096]);
        for number in 0..2000 {
            lists.add(hash(&format!("w{number}")), if number % 2 == 0 { GIVEN } else { PLACE });
        }
        lists.add(hash("w0"), FAMILY);
        assert_eq!(lists.flags(hash("W0")), GIVEN | FAMILY);
        assert_eq!(lists.flags(hash("w1999")), PLACE);
        assert_eq!(lists.flags(hash("x")), 0);
        assert_eq!(Lists::default().flags(hash("w0")), 0);
    }

    #[test]
    fn case_does_not_count() {
        assert_eq!(hash("ÉLODIE"), hash("élodie"));
        assert_ne!(hash("a"), hash("b"));
    }
}
