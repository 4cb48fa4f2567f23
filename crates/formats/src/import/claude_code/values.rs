//! JSON values out of a file: one a line, several a line, or one over several lines.

use super::json::repair_surrogates;
use crate::import::ImportError;
use serde_json::value::RawValue;
use std::io::{self, BufRead, BufReader, Read};

/// The most bytes that one value may take. A session record holds at most a few pictures and files
/// in base64, tens of megabytes; what is larger than this is not a session record.
pub(super) const VALUE_BYTES_MAX: usize = 1 << 29;

/// The values of one file, in order. Holds one line, or the lines of one value, at a time.
pub(super) struct Values<R> {
    file: String,
    reader: BufReader<R>,
    chunk: Vec<u8>,
    /// The lines read so far.
    lines: u64,
    /// Whether a value was read before.
    any: bool,
}

/// Some whole lines and what they hold.
#[derive(Debug)]
pub(super) enum Chunk<'c> {
    /// These values; none where there is only a byte-order mark.
    Values(Vec<&'c RawValue>),
    /// The file ends in the middle of a value: a session that was being written.
    Torn,
}

impl<R: Read> Values<R> {
    pub(super) fn new(file: &str, reader: R) -> Self {
        Self {
            file: file.to_owned(),
            reader: BufReader::with_capacity(1 << 16, reader),
            chunk: Vec::new(),
            lines: 0,
            any: false,
        }
    }

    /// The next lines that hold whole values; `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// When reading fails, or what is there is neither JSON nor the torn end of a file.
    pub(super) fn next(&mut self) -> Result<Option<Chunk<'_>>, ImportError> {
        self.chunk.clear();
        while self.chunk.trim_ascii().is_empty() {
            self.chunk.clear();
            if !self.line()? {
                return Ok(None);
            }
        }
        let first_line = self.lines;
        let ended = self.rest_of_value(first_line)?;
        if self.chunk.starts_with(b"\xEF\xBB\xBF") {
            self.chunk.drain(..3);
        }
        self.repair();
        let text = std::str::from_utf8(&self.chunk).unwrap_or_default();
        let values: Result<Vec<&RawValue>, _> =
            serde_json::Deserializer::from_str(text).into_iter().collect();
        match values {
            Ok(values) => {
                self.any = true;
                Ok(Some(Chunk::Values(values)))
            }
            // A cut record still begins like one; anything else at a file's end is not a session's.
            Err(_) if !ended && (self.any || text.trim_start().starts_with('{')) => {
                Ok(Some(Chunk::Torn))
            }
            Err(error) => Err(self.malformed(first_line, &error)),
        }
    }

    /// What is wrong with a chunk that begins on a line of the file. The parser counts lines within
    /// the chunk, so only its reason and column can be told as they are.
    fn malformed(&self, first_line: u64, error: &serde_json::Error) -> ImportError {
        let line = first_line + error.line().saturating_sub(1) as u64;
        let reason = error.to_string();
        let reason = reason.rsplit_once(" at line ").map_or(&*reason, |(reason, _)| reason);
        let column = error.column();
        ImportError::Malformed {
            file: self.file.clone(),
            line: Some(line.min(self.lines)),
            message: format!(
                "expected a JSON object a line, as Claude Code writes them, found what is not JSON \
                 (column {column}: {reason}); repair or remove the line"
            ),
        }
    }

    /// Makes the chunk a text that strings can be read from.
    fn repair(&mut self) {
        let Ok(text) = std::str::from_utf8(&self.chunk) else {
            let text = String::from_utf8_lossy(&self.chunk).into_owned();
            self.chunk = text.into_bytes();
            return repair_surrogates(&mut self.chunk);
        };
        // Searching for these two is several times faster than going from escape to escape.
        if text.contains("\\ud") || text.contains("\\uD") {
            repair_surrogates(&mut self.chunk);
        }
    }

    /// Reads on while the value in the chunk is open. Whether the last line read had an end.
    fn rest_of_value(&mut self, first_line: u64) -> Result<bool, ImportError> {
        let first = self.chunk.trim_ascii();
        if first.starts_with(b"{") && first.ends_with(b"}") {
            // Nearly every line: a whole record. Should it be none, reading it will tell.
            return Ok(self.chunk.ends_with(b"\n"));
        }
        let mut scan = Scan::default();
        let mut scanned = 0;
        loop {
            scan.over(self.chunk.get(scanned..).unwrap_or_default());
            scanned = self.chunk.len();
            let ended = self.chunk.ends_with(b"\n");
            // No string runs over the end of a line, and a line that begins a new object shows that
            // the one before was cut.
            if !ended || scan.in_string || scan.depth == 0 || self.starts_object()? {
                return Ok(ended);
            }
            if !self.line()? {
                return Err(ImportError::Malformed {
                    file: self.file.clone(),
                    line: Some(first_line),
                    message: "expected a whole JSON value, found one that does not end before the \
                              file does; repair or remove it"
                        .to_owned(),
                });
            }
        }
    }

    fn starts_object(&mut self) -> Result<bool, ImportError> {
        let ahead = self.reader.fill_buf();
        ahead
            .map(|ahead| ahead.first() == Some(&b'{'))
            .map_err(|source| io_error(&self.file, source))
    }

    /// Appends one line to the chunk; `false` at the end of the file.
    fn line(&mut self) -> Result<bool, ImportError> {
        let before = self.chunk.len();
        let left = (VALUE_BYTES_MAX + 1).saturating_sub(before);
        let mut limited = (&mut self.reader).take(left as u64);
        limited
            .read_until(b'\n', &mut self.chunk)
            .map_err(|source| io_error(&self.file, source))?;
        self.lines += u64::from(self.chunk.len() > before);
        if self.chunk.len() > VALUE_BYTES_MAX {
            return Err(ImportError::Malformed {
                file: self.file.clone(),
                line: Some(self.lines),
                message: format!(
                    "expected a session record, found a value of more than {VALUE_BYTES_MAX} \
                     bytes; remove the line"
                ),
            });
        }
        Ok(self.chunk.len() > before)
    }
}

pub(super) fn io_error(file: &str, source: io::Error) -> ImportError {
    ImportError::Io { file: file.to_owned(), source }
}

/// How deep in brackets, and whether in a string, the bytes so far end.
#[derive(Debug, Default)]
struct Scan {
    depth: u64,
    in_string: bool,
}

impl Scan {
    fn over(&mut self, bytes: &[u8]) {
        let mut bytes = bytes.iter();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' => self.in_string = !self.in_string,
                b'\\' if self.in_string => {
                    bytes.next();
                }
                b'{' | b'[' if !self.in_string => self.depth += 1,
                b'}' | b']' if !self.in_string => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &[u8]) -> Result<(Vec<String>, bool), ImportError> {
        let mut values = Values::new("f.jsonl", content);
        let (mut found, mut torn) = (Vec::new(), false);
        while let Some(chunk) = values.next()? {
            match chunk {
                Chunk::Values(values) => found.extend(values.iter().map(|v| v.get().to_owned())),
                Chunk::Torn => torn = true,
            }
        }
        Ok((found, torn))
    }

    fn error(content: &[u8]) -> String {
        read(content).unwrap_err().to_string()
    }

    #[test]
    fn values_are_found_however_they_are_laid_out() {
        let wanted = vec!["{\"a\":1}".to_owned(), "2".to_owned(), "\"x\"".to_owned()];
        for content in
            ["{\"a\":1}\n2\n\"x\"\n", "\u{feff}{\"a\":1}\r\n\r\n2\n  \n\"x\"", "{\"a\":1}2 \"x\""]
        {
            assert_eq!(read(content.as_bytes()).unwrap(), (wanted.clone(), false));
        }
        let pretty = "{\n  \"a\": [\n    \"}\\\"{\"\n  ]\n}\n{\"b\":1}\n";
        assert_eq!(read(pretty.as_bytes()).unwrap().0.len(), 2);
        assert_eq!(read(b"").unwrap(), (vec![], false));
        assert_eq!(read(b" \n\n").unwrap(), (vec![], false));
    }

    #[test]
    fn only_the_end_of_a_file_may_be_torn() {
        let one = (vec!["{}".to_owned()], true);
        for tail in ["{\"a\":\"x", "{\"a\"", "{", "tru", "{\"a\":\"\\ud83", "{\"a\":\"\u{e9}"] {
            let mut content = format!("{{}}\n{tail}").into_bytes();
            assert_eq!(read(&content).unwrap(), one, "{tail}");
            content.push(b'\n');
            assert!(error(&content).starts_with("f.jsonl:2: expected a"), "{tail}");
        }
        // Cut in the middle of a character.
        assert_eq!(read(b"{}\n{\"a\":\"\xC3").unwrap(), one);
        assert!(error(b"{}\n{\"a\":\"x\n{\"b\":1}\n").starts_with("f.jsonl:2: "));
        assert!(error(b"{}\n{\"a\":1,\n{\"b\":1}\n{}\n").starts_with("f.jsonl:2: "));
        assert!(error(b"\x89PNG\r\n\x1a\n").starts_with("f.jsonl:1: "));
        assert!(error(b"plain text").starts_with("f.jsonl:1: "));
    }

    #[test]
    fn bytes_that_are_not_utf_8_become_u_fffd() {
        let (found, _) = read(b"{\"a\":\"\xFF\"}\n").unwrap();
        assert_eq!(found, ["{\"a\":\"\u{fffd}\"}"]);
    }
}
