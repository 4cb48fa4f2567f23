//! Finding where one JSON value ends and the next begins, so that a file of many gigabytes never
//! needs to be in memory at once.

use std::io::{self, Read};

/// The longest value that is read. The largest conversations seen take tens of megabytes.
const VALUE_BYTES_MAX: usize = 512 << 20;
/// How much is asked of the reader at a time.
const CHUNK_BYTES: usize = 256 << 10;

/// Why there is no next value.
#[derive(Debug)]
pub(crate) enum ScanError {
    /// The reader failed.
    Io(io::Error),
    /// The text is not what was asked for.
    Syntax {
        /// Where, from 1.
        line: u64,
        /// What was expected, and what was found.
        message: String,
    },
}

/// Cuts a stream into JSON values. It only follows brackets and quotes: whether what it returns is
/// JSON, a parser has to say.
#[derive(Debug)]
pub(crate) struct Scanner<R> {
    reader: R,
    chunk: Vec<u8>,
    /// The first byte of `chunk` that is not used yet.
    at: usize,
    /// The line of that byte, from 1.
    line: u64,
    /// Whether the reader was asked already.
    begun: bool,
}

impl<R: Read> Scanner<R> {
    pub(crate) const fn new(reader: R) -> Self {
        Self { reader, chunk: Vec::new(), at: 0, line: 1, begun: false }
    }

    /// The next byte that is not white space, which stays where it is; `None` at the end.
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, ScanError> {
        loop {
            let blank = self.unused().iter().take_while(|byte| byte.is_ascii_whitespace());
            let blank = blank.count();
            self.advance(blank);
            if let Some(byte) = self.unused().first() {
                return Ok(Some(*byte));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Puts the next value into `value`, whatever separates it from the one before, and returns the
    /// line it begins on; `None` at the end.
    pub(crate) fn next_value(&mut self, value: &mut Vec<u8>) -> Result<Option<u64>, ScanError> {
        value.clear();
        let Some(first) = self.peek()? else {
            return Ok(None);
        };
        let line = self.line;
        if matches!(first, b',' | b':' | b']' | b'}') {
            return Err(self.syntax("a JSON value", Some(first)));
        }
        let mut extent = Extent::default();
        loop {
            let unused = self.unused();
            let end = extent.end(unused);
            let count = end.unwrap_or(unused.len());
            value.extend_from_slice(unused.get(..count).unwrap_or_default());
            self.advance(count);
            if value.len() > VALUE_BYTES_MAX {
                let message = format!(
                    "expected values of at most {} MiB, found a longer one; is a closing bracket missing?",
                    VALUE_BYTES_MAX >> 20
                );
                return Err(ScanError::Syntax { line, message });
            }
            // A value that the end of the file cuts is for the parser to refuse.
            if end.is_some() || !self.fill()? {
                return Ok(Some(line));
            }
        }
    }

    /// Steps into an array if one is next.
    pub(crate) fn enter_array(&mut self) -> Result<bool, ScanError> {
        let is_array = self.peek()? == Some(b'[');
        if is_array {
            self.advance(1);
        }
        Ok(is_array)
    }

    /// As [`Scanner::next_value`], inside an array that was entered: `None` after its last element.
    /// `first` says whether no element was taken yet.
    pub(crate) fn next_element(
        &mut self,
        first: bool,
        value: &mut Vec<u8>,
    ) -> Result<Option<u64>, ScanError> {
        match (self.peek()?, first) {
            (Some(b']'), _) => {
                self.advance(1);
                return Ok(None);
            }
            (Some(b','), false) => self.advance(1),
            (Some(_), true) => {}
            (found, _) => return Err(self.syntax("`,` or `]` after an element of the list", found)),
        }
        if self.peek()?.is_none() {
            return Err(self.syntax("another element of the list", None));
        }
        self.next_value(value)
    }

    /// Puts the next line that is not blank into `line`, without its end, and returns its number;
    /// `None` at the end.
    pub(crate) fn next_line(&mut self, line: &mut Vec<u8>) -> Result<Option<u64>, ScanError> {
        line.clear();
        if self.peek()?.is_none() {
            return Ok(None);
        }
        let number = self.line;
        loop {
            let unused = self.unused();
            let end = unused.iter().position(|byte| *byte == b'\n');
            line.extend_from_slice(unused.get(..end.unwrap_or(unused.len())).unwrap_or_default());
            let used = end.map_or(unused.len(), |end| end + 1);
            self.advance(used);
            if line.len() > VALUE_BYTES_MAX {
                let message = format!(
                    "expected lines of at most {} MiB, found a longer one",
                    VALUE_BYTES_MAX >> 20
                );
                return Err(ScanError::Syntax { line: number, message });
            }
            if end.is_some() || !self.fill()? {
                return Ok(Some(number));
            }
        }
    }

    /// An error at the next byte, which is `found`.
    pub(crate) fn syntax(&self, expected: &str, found: Option<u8>) -> ScanError {
        let found = found.map_or_else(
            || "the end of the file".to_owned(),
            |byte| format!("`{}`", char::from(byte).escape_default()),
        );
        ScanError::Syntax {
            line: self.line,
            message: format!("expected {expected}, found {found}"),
        }
    }

    fn unused(&self) -> &[u8] {
        self.chunk.get(self.at..).unwrap_or_default()
    }

    fn advance(&mut self, count: usize) {
        let used = self.unused().iter().take(count);
        self.line += used.filter(|byte| **byte == b'\n').count() as u64;
        self.at += count;
    }

    /// Replaces a chunk that is used up; `false` at the end.
    fn fill(&mut self) -> Result<bool, ScanError> {
        self.chunk.clear();
        self.at = 0;
        let mut part = self.reader.by_ref().take(CHUNK_BYTES as u64);
        part.read_to_end(&mut self.chunk).map_err(ScanError::Io)?;
        if !self.begun && self.chunk.starts_with(b"\xEF\xBB\xBF") {
            // A byte order mark, which some editors put before the text.
            self.at = 3;
        }
        self.begun = true;
        Ok(!self.chunk.is_empty())
    }
}

/// How far a value has been followed.
#[derive(Debug, Default)]
struct Extent {
    depth: u64,
    in_string: bool,
    escaped: bool,
}

impl Extent {
    /// How many of the following bytes belong to the value, if it ends among them.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_string = false;
                        if self.depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth == 0 => return Some(at),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => return Some(at),
                _ => {}
            }
        }
        None
    }
}
