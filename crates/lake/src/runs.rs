//! Sorting more than memory holds: sorted runs on a [`Spool`], merged at the end.

use crate::spool::{Spool, SpoolOptions};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

/// Entries of a key and a payload, given run by run and taken back in the order of the keys.
///
/// Entries with equal keys come back in the order of their runs and, within a run, as they were
/// given.
#[derive(Debug)]
pub struct SortedRuns {
    spool: Spool,
    run: Vec<Entry>,
}

/// A key and a payload.
type Entry = (Box<[u8]>, Box<[u8]>);

/// An entry as a run holds it: both lengths, then both texts.
const LENGTHS: usize = 16;

impl SortedRuns {
    /// No entries yet.
    #[must_use]
    pub fn new(options: &SpoolOptions) -> Self {
        Self { spool: Spool::new(options, 0), run: Vec::new() }
    }

    /// Adds an entry to the present run, which is held in memory.
    pub fn add(&mut self, key: &[u8], payload: &[u8]) {
        self.run.push((key.into(), payload.into()));
    }

    /// Ends the present run.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be written.
    pub fn end_run(&mut self) -> io::Result<()> {
        if self.run.is_empty() {
            return Ok(());
        }
        let bucket = self.spool.add_bucket();
        let mut run = std::mem::take(&mut self.run);
        run.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (key, payload) in run {
            self.spool.append(bucket, |buffer| {
                buffer.extend_from_slice(&(key.len() as u64).to_le_bytes());
                buffer.extend_from_slice(&(payload.len() as u64).to_le_bytes());
                buffer.extend_from_slice(&key);
                buffer.extend_from_slice(&payload);
            })?;
        }
        Ok(())
    }

    /// Hands every entry to `take` in the order of the keys.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be read, or `take` fails.
    pub fn merge(mut self, mut take: impl FnMut(&[u8], &[u8]) -> io::Result<()>) -> io::Result<()> {
        self.end_run()?;
        let mut cursors: Vec<Cursor> = (0..self.spool.len()).map(Cursor::new).collect();
        let mut heads = BinaryHeap::new();
        for cursor in &mut cursors {
            if let Some((key, payload)) = cursor.next(&mut self.spool)? {
                heads.push(Reverse((key, cursor.bucket, payload)));
            }
        }
        while let Some(Reverse((key, bucket, payload))) = heads.pop() {
            take(&key, &payload)?;
            if let Some(cursor) = cursors.get_mut(bucket)
                && let Some((key, payload)) = cursor.next(&mut self.spool)?
            {
                heads.push(Reverse((key, bucket, payload)));
            }
        }
        Ok(())
    }
}

/// Reads a run from its beginning.
struct Cursor {
    bucket: usize,
    bytes: Vec<u8>,
    at: usize,
}

impl Cursor {
    const fn new(bucket: usize) -> Self {
        Self { bucket, bytes: Vec::new(), at: 0 }
    }

    fn next(&mut self, spool: &mut Spool) -> io::Result<Option<(Vec<u8>, Vec<u8>)>> {
        loop {
            let unread = self.bytes.get(self.at..).unwrap_or_default();
            if let Some((key, payload)) = split_entry(unread) {
                self.at += LENGTHS + key.len() + payload.len();
                return Ok(Some((key.to_vec(), payload.to_vec())));
            }
            let more = spool.take_next(self.bucket)?;
            if more.is_empty() {
                return if unread.is_empty() { Ok(None) } else { Err(cut_short()) };
            }
            self.bytes.drain(..self.at);
            self.at = 0;
            self.bytes.extend(more);
        }
    }
}

fn cut_short() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a run in the temporary file is cut short")
}

fn split_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key_bytes, rest) = bytes.split_first_chunk::<8>()?;
    let (payload_bytes, rest) = rest.split_first_chunk::<8>()?;
    let (key, rest) =
        rest.split_at_checked(usize::try_from(u64::from_le_bytes(*key_bytes)).ok()?)?;
    let payload = rest.get(..usize::try_from(u64::from_le_bytes(*payload_bytes)).ok()?)?;
    Some((key, payload))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn entries_come_back_sorted(
            runs in proptest::collection::vec(
                proptest::collection::vec(("[a-c]{0,3}", "[x-z]{0,9}"), 0..12), 0..8),
            limit in 0usize..300,
        ) {
            let options = SpoolOptions {
                directory: std::env::temp_dir(),
                buffered_bytes_max: limit,
                key: [1; 32],
            };
            let mut sorted = SortedRuns::new(&options);
            let mut expected = Vec::new();
            for run in &runs {
                for (key, payload) in run {
                    sorted.add(key.as_bytes(), payload.as_bytes());
                    expected.push((key.clone(), payload.clone()));
                }
                sorted.end_run().unwrap();
            }
            // Stable: equal keys keep the order in which they were given.
            expected.sort_by(|(one, _), (other, _)| one.cmp(other));
            let mut merged = Vec::new();
            sorted.merge(|key, payload| {
                merged.push((
                    String::from_utf8(key.to_vec()).unwrap(),
                    String::from_utf8(payload.to_vec()).unwrap(),
                ));
                Ok(())
            }).unwrap();
            prop_assert_eq!(merged, expected);
        }
    }
}
