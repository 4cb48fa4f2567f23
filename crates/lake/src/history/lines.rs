//! Cutting a stream of bytes into lines without copying them.

use std::io::{self, Read};

/// The longest line that is read. Longer ones would have to be held in memory whole.
pub(super) const LINE_BYTES_MAX: usize = 1 << 30;

const CHUNK_BYTES: usize = 1 << 20;

/// Lines of a reader, one at a time, in a buffer that grows to the longest.
pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    /// The unread bytes are `buffer[start..end]`.
    start: usize,
    end: usize,
    done: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: vec![0; CHUNK_BYTES], start: 0, end: 0, done: false }
    }

    pub(super) const fn reader(&self) -> &R {
        &self.reader
    }

    pub(super) fn into_reader(self) -> R {
        self.reader
    }

    /// The next line without its line feed, which the caller may change in place; `None` at the
    /// end. The last line needs no line feed.
    pub(super) fn next(&mut self) -> io::Result<Option<&mut [u8]>> {
        let mut searched = 0;
        loop {
            let unread = self.buffer.get(self.start + searched..self.end).unwrap_or_default();
            if let Some(at) = memchr::memchr(b'\n', unread) {
                let from = self.start;
                let to = from + searched + at;
                self.start = to + 1;
                return Ok(self.buffer.get_mut(from..to));
            }
            searched = self.end - self.start;
            if self.done {
                let (from, to) = (self.start, self.end);
                self.start = to;
                return Ok(if from == to { None } else { self.buffer.get_mut(from..to) });
            }
            self.fill()?;
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            if self.buffer.len() >= LINE_BYTES_MAX {
                return Err(io::Error::new(
                    io::ErrorKind::FileTooLarge,
                    format!("a line is longer than {LINE_BYTES_MAX} bytes; split its message"),
                ));
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let count = loop {
            match self.reader.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.end += count;
        self.done = count == 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Gives its bytes in pieces of the given sizes.
    struct Pieces(Vec<u8>, usize);

    impl Read for Pieces {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }

    proptest! {
        #[test]
        fn cuts_as_splitting_the_whole_does(text in "[a\n]{0,60}", piece in 1usize..9) {
            let mut lines = Lines::new(Pieces(text.clone().into_bytes(), piece));
            lines.buffer = vec![0; 2];
            let mut cut = Vec::new();
            while let Some(line) = lines.next().unwrap() {
                cut.push(String::from_utf8(line.to_vec()).unwrap());
            }
            let expected: Vec<_> = text.split_terminator('\n').map(str::to_owned).collect();
            prop_assert_eq!(cut, expected);
        }
    }
}
