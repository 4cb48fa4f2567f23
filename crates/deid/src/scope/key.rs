//! The key of a scope, and the cipher that it keys.

use aes_siv::KeyInit as _;
use aes_siv::siv::{Aes256Siv, IV_SIZE};
use std::fmt;
use zeroize::{Zeroize as _, Zeroizing};

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Separates keys of scopes from every other use of the run's key.
const DERIVE: &str = "consentry-deid surrogate scope v1";
/// Separates the keys of the cipher from every other use of the scope's key.
const CIPHER: &str = "consentry-deid AES-SIV v1";

/// What determines the surrogate of a value: the synthetic initialization vector of its encryption
/// (RFC 5297, section 2.4).
pub(super) type Seed = [u8; IV_SIZE];

/// The key of a scope: with it guesses at values can be tested against their surrogates, and
/// with it and a record what a scope [kept](crate::Kept) can be had back.
///
/// It is overwritten with zeros when it is dropped. Its `Debug` output does not show it.
#[derive(Clone)]
pub struct ScopeKey(Box<Zeroizing<[u8; KEY_BYTES]>>);

impl fmt::Debug for ScopeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopeKey").finish_non_exhaustive()
    }
}

impl ScopeKey {
    /// The key of [`Scope::new`](crate::Scope::new).
    #[must_use]
    pub fn new(key: [u8; KEY_BYTES]) -> Self {
        Self(Box::new(Zeroizing::new(key)))
    }

    /// The key of [`Scope::derive`](crate::Scope::derive): that of the scope called `name` of a
    /// run.
    #[must_use]
    pub fn derive(run_key: &[u8; KEY_BYTES], name: &str) -> Self {
        let parent = Zeroizing::new(blake3::derive_key(DERIVE, run_key));
        let mut key = blake3::keyed_hash(&parent, name.as_bytes());
        let derived = Self::new(*key.as_bytes());
        key.zeroize();
        derived
    }
}

/// Deterministic authenticated encryption under the key of a scope: AES-SIV (RFC 5297) with two
/// keys of 256 bits, derived from the scope's.
pub(super) struct Cipher {
    key: ScopeKey,
    // In a box, so that moving a scope leaves no copy of the round keys behind.
    siv: Box<Aes256Siv>,
}

impl Clone for Cipher {
    fn clone(&self) -> Self {
        Self::new(self.key.clone())
    }
}

impl Cipher {
    pub(super) fn new(key: ScopeKey) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(CIPHER);
        hasher.update(key.0.as_slice());
        let mut keys = Zeroizing::new([0; 2 * KEY_BYTES]);
        hasher.finalize_xof().fill(keys.as_mut_slice());
        hasher.zeroize();
        let siv = Box::new(Aes256Siv::new((&*keys).into()));
        Self { key, siv }
    }

    /// What `value` is encrypted to with `labels` as associated data: the seed, then as many bytes
    /// as the value has. The same value and labels always give the same.
    pub(super) fn seal(&mut self, labels: &[&str], value: &str) -> Vec<u8> {
        // Fails only for more than 126 labels, and no caller has more than two.
        self.siv.encrypt(labels, value.as_bytes()).unwrap_or_default()
    }

    /// The value that [`seal`](Self::seal) encrypted with the same key and labels; `None` if
    /// anything is not as it was.
    pub(super) fn open(&mut self, labels: &[&str], sealed: &[u8]) -> Option<String> {
        String::from_utf8(self.siv.decrypt(labels, sealed).ok()?).ok()
    }

    /// The seed of `value` among the values of `domain`.
    pub(super) fn seed(&mut self, domain: &str, value: &str) -> Seed {
        self.seal(&[domain], value).first_chunk().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_cipher_of_the_standard() {
        let siv = Box::new(Aes256Siv::new(&std::array::from_fn(|at| at as u8).into()));
        let mut cipher = Cipher { key: ScopeKey::new([0; 32]), siv };
        let sealed = cipher.seal(&["kept", "Willow Reed"], "grace@corp.io");
        let hex: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
        // What OpenSSL makes of the same key, labels and value.
        assert_eq!(hex, "0420528d615208d5cab040de0c0c385fd3514a069997cc3593b693d1fe");
    }

    #[test]
    fn what_was_sealed_stays_readable_and_only_as_it_was() {
        let labels = ["kept", "Willow Reed"];
        let mut cipher = Cipher::new(ScopeKey::derive(&[7; 32], "conversation/1"));
        // Records are stored: neither the derivation of keys nor the cipher may change.
        let sealed = [
            0x72, 0x31, 0x30, 0x5d, 0x5a, 0x1d, 0x23, 0x3f, 0x86, 0x72, 0x36, 0x59, 0xe8, 0xe4,
            0x24, 0x00, 0x72, 0xf9, 0x94, 0x18, 0x9c, 0xa8, 0x69, 0x5a, 0x8b,
        ];
        assert_eq!(cipher.seal(&labels, "Anna Berg"), sealed);
        assert_eq!(cipher.open(&labels, &sealed).as_deref(), Some("Anna Berg"));
        assert_eq!(cipher.clone().open(&labels, &sealed).as_deref(), Some("Anna Berg"));
        assert_eq!(cipher.open(&["kept", "Willow"], &sealed), None);
        assert_eq!(cipher.open(&["keptWillow Reed"], &sealed), None);
        assert_eq!(cipher.open(&labels, &sealed[..IV_SIZE - 1]), None);
        for at in 0..sealed.len() {
            let mut changed = sealed;
            changed[at] ^= 1;
            assert_eq!(cipher.open(&labels, &changed), None, "{at}");
        }
        assert_eq!(Cipher::new(ScopeKey::new([7; 32])).open(&labels, &sealed), None);
    }
}
