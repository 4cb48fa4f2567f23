//! The input of `consentry redact`: text in a file or on standard input, packed or not.

use crate::exit::Failure;
use crate::progress::Bar;
use consentry_lake::history::{Source, Unpacked};
use consentry_lake::progress::Progress as _;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

/// Bytes that are read at once, and redacted between two looks at the clock.
const PIECE_BYTES: usize = 256 << 10;

/// An input that is open, with the bar that shows how much of it has been read.
pub(super) struct Input {
    name: String,
    bytes: BufReader<Unpacked>,
    bar: Bar,
    shown: u64,
}

/// What was read of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// All of it, with its line break if it has one.
    Read,
    /// Less: it is longer than was asked for.
    TooLong,
    /// Nothing: there is none.
    End,
}

impl Input {
    /// Opens a file; standard input for `-` and for none.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let source = path.map_or(Source::Stdin, |path| Source::from_argument(path.to_owned()));
        let name = source.name();
        let failed = |error: io::Error| Failure::Input(format!("{name}: {error}"));
        let bytes = BufReader::with_capacity(PIECE_BYTES, Unpacked::open(&source).map_err(failed)?);
        let mut bar = Bar::new();
        bar.step("reading", source.stored_bytes().filter(|&bytes| bytes > 0));
        Ok(Self { name, bytes, bar, shown: 0 })
    }

    /// How errors call it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Hands the text on in pieces that end between characters.
    pub(super) fn pieces(
        &mut self,
        mut take: impl FnMut(&str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut held = Vec::new();
        let mut before = 0_u64;
        loop {
            let read = self.fill()?;
            held.extend_from_slice(self.bytes.buffer());
            self.bytes.consume(read);
            let (text, is_wrong) = match std::str::from_utf8(&held) {
                Ok(text) => (text, false),
                Err(error) => {
                    let valid = held.get(..error.valid_up_to()).unwrap_or_default();
                    let text = std::str::from_utf8(valid).unwrap_or_default();
                    // Behind a piece the rest of a character may still come.
                    (text, error.error_len().is_some() || read == 0)
                }
            };
            let (length, end) = (text.len(), before.saturating_add(bytes_of(text)));
            if is_wrong {
                return Err(not_utf8(&self.name, end));
            }
            take(text)?;
            held.drain(..length);
            before = end;
            if read == 0 {
                return Ok(());
            }
            self.show();
        }
    }

    /// Reads the next line of at most `most` bytes into `line`.
    pub(super) fn line(&mut self, line: &mut Vec<u8>, most: usize) -> Result<Line, Failure> {
        line.clear();
        loop {
            let read = self.fill()?;
            let found = self.bytes.buffer().iter().position(|&byte| byte == b'\n');
            let count = found.map_or(read, |at| at.saturating_add(1));
            line.extend_from_slice(self.bytes.buffer().get(..count).unwrap_or_default());
            self.bytes.consume(count);
            if line.len() > most {
                return Ok(Line::TooLong);
            }
            if found.is_some() || read == 0 {
                self.show();
                return Ok(if line.is_empty() { Line::End } else { Line::Read });
            }
        }
    }

    /// Makes sure that bytes are buffered, and tells how many; 0 at the end.
    fn fill(&mut self) -> Result<usize, Failure> {
        loop {
            match self.bytes.fill_buf() {
                Ok(bytes) => return Ok(bytes.len()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Failure::Input(format!("{}: {error}", self.name))),
            }
        }
    }

    fn show(&mut self) {
        let stored = self.bytes.get_ref().stored_bytes();
        // Many lines are read at once.
        if stored > self.shown {
            self.bar.advance(stored.saturating_sub(self.shown));
            self.shown = stored;
        }
    }
}

fn bytes_of(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

/// The error of an input, or of a line of one, in which `place` bytes of text stand before others.
pub(super) fn not_utf8(name: &str, place: u64) -> Failure {
    Failure::Input(format!("{name}: not text in UTF-8: see the byte at {place}, counted from 0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> (tempfile::TempDir, Input) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        std::fs::write(&path, text).unwrap();
        let Ok(input) = Input::open(Some(&path)) else {
            panic!("a file can be opened");
        };
        (folder, input)
    }

    #[test]
    fn lines_are_cut_at_line_feeds_and_never_in_silence() {
        let (_folder, mut input) = open("one\r\n\nlonger\nlast");
        let mut line = Vec::new();
        for (expected, text) in [
            (Line::Read, "one\r\n"),
            (Line::Read, "\n"),
            (Line::TooLong, "longer\n"),
            (Line::Read, "last"),
            (Line::End, ""),
        ] {
            assert_eq!(input.line(&mut line, 6).ok(), Some(expected));
            assert_eq!(line, text.as_bytes());
        }
    }

    #[test]
    fn pieces_end_between_characters() {
        // One byte first, so that whatever is read at once ends within a character.
        let text = format!("x{}", "\u{1f600}".repeat(PIECE_BYTES));
        let (_folder, mut input) = open(&text);
        let mut read = String::new();
        let all = input.pieces(|piece| {
            read.push_str(piece);
            Ok(())
        });
        assert!(all.is_ok() && read == text);
    }
}
