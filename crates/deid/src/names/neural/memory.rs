//! What the model said of sentences before: conversations repeat themselves.

use super::Piece;
use std::collections::HashMap;

/// Words that are remembered before the oldest half is forgotten; 8 MiB of pieces.
const HALF: usize = 1 << 18;

/// The beginning of the hash of a sentence. No text is kept.
type Key = [u8; 16];

/// Pieces by sentence, of which those that were not asked for lately are forgotten.
#[derive(Default)]
pub(super) struct Memory {
    young: HashMap<Key, Box<[Piece]>>,
    old: HashMap<Key, Box<[Piece]>>,
    /// The pieces of the young.
    size: usize,
}

pub(super) fn key(sentence: &str) -> Key {
    let hash = blake3::hash(sentence.as_bytes());
    hash.as_bytes().first_chunk().copied().unwrap_or_default()
}

impl Memory {
    /// What was said of a sentence.
    pub(super) fn get(&mut self, key: &Key) -> Option<Vec<Piece>> {
        if let Some(pieces) = self.young.get(key) {
            return Some(pieces.to_vec());
        }
        let pieces = self.old.remove(key)?.into_vec();
        self.put(*key, &pieces);
        Some(pieces)
    }

    /// Remembers what was said of a sentence, unless it is as long as a book's chapter.
    pub(super) fn put(&mut self, key: Key, pieces: &[Piece]) {
        if pieces.len() > HALF / 64 {
            return;
        }
        if self.size + pieces.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
            self.size = 0;
        }
        // One more stands for the entry itself.
        self.size += pieces.len() + 1;
        self.young.insert(key, pieces.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(count: usize) -> Vec<Piece> {
        let piece = Piece { start: 0, end: 1, person: 1.0, location: 0.0, other: 0.0, none: 0.0 };
        vec![piece; count]
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let mut memory = Memory::default();
        let (asked, idle) = (key("asked"), key("idle"));
        memory.put(asked, &pieces(1));
        memory.put(idle, &pieces(2));
        for round in 0..200 {
            assert_eq!(memory.get(&asked).unwrap(), pieces(1));
            memory.put(key(&round.to_string()), &pieces(HALF / 64));
            assert!(memory.young.len() + memory.old.len() < 140);
        }
        assert_eq!(memory.get(&idle), None);
    }
}
