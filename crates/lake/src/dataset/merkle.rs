//! The Merkle tree hash of RFC 6962, section 2.1, with SHA-256.

use sha2::{Digest, Sha256};

/// Computes a root leaf by leaf, holding one hash for each level.
///
/// # Example
///
/// ```
/// use consentry_lake::dataset::merkle::Root;
/// let empty = Root::new().finish();
/// assert!(empty.starts_with(&[0xe3, 0xb0, 0xc4, 0x42])); // SHA-256 of nothing
/// ```
#[derive(Clone, Debug, Default)]
pub struct Root {
    /// Complete subtrees from the largest to the smallest; the sizes are the bits of `leaves`.
    subtrees: Vec<[u8; 32]>,
    leaves: u64,
}

impl Root {
    /// A tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a leaf.
    pub fn push(&mut self, leaf: &[u8]) {
        let mut hash = Sha256::new().chain_update([0]).chain_update(leaf).finalize().into();
        // A new leaf completes as many subtrees as the count of leaves has trailing ones.
        for _ in 0..self.leaves.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                hash = node(&left, &hash);
            }
        }
        self.subtrees.push(hash);
        self.leaves += 1;
    }

    /// The root of the leaves so far.
    #[must_use]
    pub fn finish(mut self) -> [u8; 32] {
        let Some(mut root) = self.subtrees.pop() else { return Sha256::digest([]).into() };
        while let Some(left) = self.subtrees.pop() {
            root = node(&left, &root);
        }
        root
    }
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition of RFC 6962 as it is written: split at the largest power of two below `n`.
    fn defined(leaves: &[Vec<u8>]) -> [u8; 32] {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => Sha256::digest([&[0], leaf.as_slice()].concat()).into(),
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node(&defined(&leaves[..split]), &defined(&leaves[split..]))
            }
        }
    }

    proptest! {
        #[test]
        fn is_the_defined_hash(leaves in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..4), 0..40)) {
            let mut root = Root::new();
            leaves.iter().for_each(|leaf| root.push(leaf));
            prop_assert_eq!(root.finish(), defined(&leaves));
        }
    }
}
