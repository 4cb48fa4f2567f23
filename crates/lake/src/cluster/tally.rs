//! What a task's work comes to.

/// What a task made, in three numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many rows it answered, or sources it took.
    pub rows: u64,
    /// How many of these are permitted, or how many examples were made.
    pub permitted: u64,
    /// See [`Fingerprint`].
    pub fingerprint: u64,
}

impl std::ops::AddAssign for Tally {
    /// Adds the counts. Fingerprints of different things have no sum, so none is left.
    fn add_assign(&mut self, other: Self) {
        self.rows += other.rows;
        self.permitted += other.permitted;
        self.fingerprint = 0;
    }
}

/// The first eight bytes of BLAKE3 over all bytes that were written.
///
/// It finds files that were lost, cut, mixed up or changed by mistake. It is no signature: who can
/// write the files can also make a receipt that fits.
#[derive(Debug, Default)]
pub(super) struct Fingerprint(blake3::Hasher);

impl Fingerprint {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn finish(&self) -> u64 {
        let hash = self.0.finalize();
        u64::from_le_bytes(hash.as_bytes().first_chunk().copied().unwrap_or_default())
    }

    pub(super) fn of(bytes: &[u8]) -> u64 {
        let mut fingerprint = Self::default();
        fingerprint.update(bytes);
        fingerprint.finish()
    }
}
