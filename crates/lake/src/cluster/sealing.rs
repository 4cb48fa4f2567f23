//! Sealing what passes through shared folders and plans.

use super::sink::ClusterSecret;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use std::io;

/// Seals the records of one job, each under a number of its own (AES-256-GCM).
///
/// The key comes from the cluster's secret and from the job's seed, which is random and no secret.
/// A number must be used once in a job.
pub(super) struct Sealing {
    cipher: Aes256Gcm,
}

/// The number in front of what is sealed, and the tag behind it.
const NUMBER_BYTES: usize = 8;
const TAG_BYTES: usize = 16;

fn nonce(number: [u8; NUMBER_BYTES]) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0; 12];
    for (to, from) in nonce.iter_mut().zip(number) {
        *to = from;
    }
    nonce.into()
}

impl Sealing {
    pub(super) fn new(secret: ClusterSecret, seed: &[u8; 32]) -> Self {
        let mut material = secret.0.to_vec();
        material.extend_from_slice(seed);
        let key = blake3::derive_key("consentry 2026 cluster job", &material);
        Self { cipher: Aes256Gcm::new(&key.into()) }
    }

    /// The number, the content sealed, the tag.
    pub(super) fn seal(&self, number: u64, content: &[u8]) -> io::Result<Vec<u8>> {
        let number = number.to_le_bytes();
        let mut sealed = Vec::with_capacity(NUMBER_BYTES + content.len() + TAG_BYTES);
        sealed.extend_from_slice(&number);
        sealed.extend_from_slice(content);
        let inside = sealed.get_mut(NUMBER_BYTES..).unwrap_or_default();
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce(number), b"", inside.into())
            .map_err(|_| io::Error::other("a record is too long to be sealed"))?;
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    /// The number and the content; `None` when the bytes were not sealed so.
    pub(super) fn open(&self, sealed: &[u8]) -> Option<(u64, Vec<u8>)> {
        let (number, rest) = sealed.split_first_chunk::<NUMBER_BYTES>()?;
        let (content, tag) = rest.split_last_chunk::<TAG_BYTES>()?;
        let mut content = content.to_vec();
        self.cipher
            .decrypt_inout_detached(
                &nonce(*number),
                b"",
                content.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .ok()?;
        Some((u64::from_le_bytes(*number), content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_secret_and_seed_reads_it() {
        let secret = ClusterSecret([1; 32]);
        let sealed = Sealing::new(secret, &[2; 32]).seal(7, b"content").unwrap();
        assert!(!sealed.windows(7).any(|window| window == b"content"));
        let open = |secret, seed, sealed: &[u8]| Sealing::new(secret, &seed).open(sealed);
        assert_eq!(open(secret, [2; 32], &sealed), Some((7, b"content".to_vec())));
        assert_eq!(open(ClusterSecret([3; 32]), [2; 32], &sealed), None);
        assert_eq!(open(secret, [3; 32], &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(secret, [2; 32], &changed), None, "byte {at}");
        }
        assert_eq!(open(secret, [2; 32], &sealed[..20]), None);
    }
}
