//! Bounded memory: byte buckets that move to an encrypted temporary file when they grow.
//!
//! The file has no name (it is unlinked as soon as it is made), so that nothing is left behind
//! however the process ends, and its blocks are sealed with AES-256-GCM under a key that only this
//! process holds, so that what is read from the disk later is of no use.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The size of a sealed block, at most.
const BLOCK_BYTES: usize = 256 * 1024;

/// A sealed block in the file.
#[derive(Clone, Copy, Debug)]
struct Block {
    offset: u64,
    bytes: usize,
    number: u64,
    tag: [u8; 16],
}

#[derive(Debug, Default)]
struct Bucket {
    blocks: VecDeque<Block>,
    buffer: Vec<u8>,
}

/// Buckets of bytes, each in the order it was written.
pub struct Spool {
    buckets: Vec<Bucket>,
    buffered_bytes: usize,
    buffered_bytes_max: usize,
    directory: PathBuf,
    file: Option<File>,
    file_bytes: u64,
    blocks: u64,
    cipher: Aes256Gcm,
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool")
            .field("buckets", &self.buckets.len())
            .field("buffered_bytes", &self.buffered_bytes)
            .field("file_bytes", &self.file_bytes)
            .finish_non_exhaustive()
    }
}

/// Where a spool lives and what it may take.
#[derive(Clone, Debug)]
pub struct SpoolOptions {
    /// Where the temporary file is made once memory is used up.
    pub directory: PathBuf,
    /// How many bytes stay in memory.
    pub buffered_bytes_max: usize,
    /// The key that seals the file. It must be random and used for one spool only.
    pub key: [u8; 32],
}

impl Spool {
    /// A spool of `buckets` empty buckets.
    #[must_use]
    pub fn new(options: &SpoolOptions, buckets: usize) -> Self {
        Self {
            buckets: std::iter::repeat_with(Bucket::default).take(buckets).collect(),
            buffered_bytes: 0,
            buffered_bytes_max: options.buffered_bytes_max,
            directory: options.directory.clone(),
            file: None,
            file_bytes: 0,
            blocks: 0,
            cipher: Aes256Gcm::new(&options.key.into()),
        }
    }

    /// Appends to a bucket by handing its buffer to `write`.
    ///
    /// # Errors
    ///
    /// When memory is used up and the temporary file cannot be written, or there is no such bucket.
    pub fn append(&mut self, bucket: usize, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let buffer = &mut self.buckets.get_mut(bucket).ok_or_else(no_such_bucket)?.buffer;
        let before = buffer.len();
        write(buffer);
        self.buffered_bytes += buffer.len().saturating_sub(before);
        if self.buffered_bytes > self.buffered_bytes_max {
            self.flush()?;
        }
        Ok(())
    }

    /// Adds an empty bucket and returns its number.
    pub fn add_bucket(&mut self) -> usize {
        self.buckets.push(Bucket::default());
        self.buckets.len() - 1
    }

    /// How many bytes were moved to disk so far.
    #[must_use]
    pub const fn spilled_bytes(&self) -> u64 {
        self.file_bytes
    }

    /// How many buckets there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.buckets.len()
    }

    /// Whether there is no bucket.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }

    /// Seals every buffer and moves it to the file.
    fn flush(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(unnamed_file(&self.directory)?),
        };
        file.seek(SeekFrom::Start(self.file_bytes))?;
        for bucket in self.buckets.iter_mut().filter(|bucket| !bucket.buffer.is_empty()) {
            // Small blocks, so that many buckets can be read side by side in little memory.
            for sealed in bucket.buffer.chunks_mut(BLOCK_BYTES) {
                let tag = self
                    .cipher
                    .encrypt_inout_detached(&nonce(self.blocks), b"", (&mut *sealed).into())
                    .map_err(|_| io::Error::other("the temporary file could not be encrypted"))?;
                file.write_all(sealed)?;
                bucket.blocks.push_back(Block {
                    offset: self.file_bytes,
                    bytes: sealed.len(),
                    number: self.blocks,
                    tag: tag.into(),
                });
                self.blocks += 1;
                self.file_bytes += sealed.len() as u64;
            }
            bucket.buffer.clear();
            // The allocation is kept small: after a flush most buckets fill slowly.
            bucket.buffer.shrink_to(64 * 1024);
        }
        self.buffered_bytes = 0;
        Ok(())
    }

    fn read_block(&mut self, block: Block, into: &mut Vec<u8>) -> io::Result<()> {
        let file = self.file.as_mut().ok_or_else(no_such_bucket)?;
        file.seek(SeekFrom::Start(block.offset))?;
        let start = into.len();
        into.resize(start + block.bytes, 0);
        let sealed = into.get_mut(start..).unwrap_or_default();
        file.read_exact(sealed)?;
        self.cipher
            .decrypt_inout_detached(&nonce(block.number), b"", sealed.into(), &Tag::from(block.tag))
            .map_err(|_| io::Error::other("the temporary file was changed by another process"))
    }

    /// Takes everything out of a bucket.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be read, or is not as it was written.
    pub fn take(&mut self, bucket: usize) -> io::Result<Vec<u8>> {
        let taken = std::mem::take(self.buckets.get_mut(bucket).ok_or_else(no_such_bucket)?);
        self.buffered_bytes = self.buffered_bytes.saturating_sub(taken.buffer.len());
        if taken.blocks.is_empty() {
            return Ok(taken.buffer);
        }
        let spilled: usize = taken.blocks.iter().map(|block| block.bytes).sum();
        let mut all = Vec::with_capacity(spilled + taken.buffer.len());
        for block in taken.blocks {
            self.read_block(block, &mut all)?;
        }
        all.extend_from_slice(&taken.buffer);
        Ok(all)
    }

    /// Takes the next stretch of bytes out of a bucket, in order; empty once it is used up. Where a
    /// stretch ends has nothing to do with what was appended at once.
    ///
    /// # Errors
    ///
    /// As for [`Self::take`].
    pub fn take_next(&mut self, bucket: usize) -> io::Result<Vec<u8>> {
        let taken = self.buckets.get_mut(bucket).ok_or_else(no_such_bucket)?;
        if taken.blocks.is_empty() {
            let buffer = std::mem::take(&mut taken.buffer);
            self.buffered_bytes = self.buffered_bytes.saturating_sub(buffer.len());
            return Ok(buffer);
        }
        let Some(block) = taken.blocks.pop_front() else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        self.read_block(block, &mut bytes)?;
        Ok(bytes)
    }
}

/// A block's number is its nonce: it never repeats under the spool's key.
fn nonce(number: u64) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0; 12];
    for (to, from) in nonce.iter_mut().zip(number.to_le_bytes()) {
        *to = from;
    }
    nonce.into()
}

fn unnamed_file(directory: &Path) -> io::Result<File> {
    tempfile::tempfile_in(directory).map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("cannot make a temporary file in `{}`: {error}", directory.display()),
        )
    })
}

fn no_such_bucket() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "no such bucket")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spool(buffered_bytes_max: usize) -> Spool {
        let directory = std::env::temp_dir();
        Spool::new(&SpoolOptions { directory, buffered_bytes_max, key: [7; 32] }, 3)
    }

    proptest! {
        #[test]
        fn gives_back_what_was_written(
            writes in proptest::collection::vec((0usize..3, proptest::collection::vec(any::<u8>(), 0..40)), 0..60),
            limit in 0usize..200,
        ) {
            let (mut whole, mut pieces) = (spool(limit), spool(limit));
            let mut expected = vec![Vec::new(); 3];
            for (bucket, bytes) in &writes {
                expected[*bucket].extend_from_slice(bytes);
                whole.append(*bucket, |buffer| buffer.extend_from_slice(bytes)).unwrap();
                pieces.append(*bucket, |buffer| buffer.extend_from_slice(bytes)).unwrap();
            }
            for (bucket, bytes) in expected.iter().enumerate() {
                prop_assert_eq!(&whole.take(bucket).unwrap(), bytes);
                let mut joined = Vec::new();
                loop {
                    let piece = pieces.take_next(bucket).unwrap();
                    if piece.is_empty() { break }
                    joined.extend(piece);
                }
                prop_assert_eq!(&joined, bytes);
            }
        }
    }

    #[test]
    fn what_lies_on_disk_is_not_what_was_written() {
        let mut spool = spool(0);
        let secret = b"a very secret sentence";
        spool.append(0, |buffer| buffer.extend_from_slice(secret)).unwrap();
        let mut on_disk = Vec::new();
        let file = spool.file.as_mut().unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.read_to_end(&mut on_disk).unwrap();
        assert_eq!(on_disk.len(), secret.len());
        assert_ne!(on_disk, secret);
    }

    #[test]
    fn a_changed_block_is_refused() {
        let mut spool = spool(0);
        spool.append(0, |buffer| buffer.extend_from_slice(b"abc")).unwrap();
        let file = spool.file.as_mut().unwrap();
        file.seek(SeekFrom::Start(1)).unwrap();
        file.write_all(b"!").unwrap();
        assert!(spool.take(0).is_err());
    }
}
