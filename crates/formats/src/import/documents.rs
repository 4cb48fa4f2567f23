//! The JSON files of an export, document by document.

use super::history::io_error;
use super::{Bundle, ImportError};
use crate::json::{self, ScanError, Scanner, Value};

/// Hands every document of a JSON file to `take`: the elements of its list or, when it holds no
/// list, the one value that it holds. Only one document is in memory at a time. `expected` says in
/// errors what the file should have been.
pub(super) fn each(
    bundle: &mut dyn Bundle,
    file: &str,
    expected: &str,
    take: &mut dyn FnMut(&Value<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let reader = bundle.open(file).map_err(|source| io_error(file, source))?;
    let mut scanner = Scanner::new(reader);
    let mut bytes = Vec::new();
    let fail = |error| scan_error(file, expected, error);
    let in_list = scanner.enter_array().map_err(fail)?;
    let mut count: u64 = 0;
    loop {
        let line = if in_list {
            scanner.next_element(count == 0, &mut bytes)
        } else if count == 0 {
            scanner.next_value(&mut bytes)
        } else {
            break;
        };
        let Some(line) = line.map_err(fail)? else { break };
        count += 1;
        take(&parse(file, line, expected, &mut bytes)?)?;
    }
    if count == 0 && !in_list {
        return Err(malformed(file, None, format!("the file is empty; expected {expected}")));
    }
    match scanner.peek().map_err(fail)? {
        Some(byte) => Err(fail(scanner.syntax("the end of the file", Some(byte)))),
        None => Ok(()),
    }
}

/// Reads one value that begins at a line of a file.
pub(super) fn parse<'b>(
    file: &str,
    line: u64,
    expected: &str,
    bytes: &'b mut [u8],
) -> Result<Value<'b>, ImportError> {
    json::parse(bytes).map_err(|error| {
        let line = line.saturating_add(error.line() as u64).saturating_sub(1);
        let reason = error.to_string();
        let reason = reason.split_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
        malformed(file, Some(line), format!("not JSON ({reason}); expected {expected}"))
    })
}

/// The error of a scanner, at a file.
pub(super) fn scan_error(file: &str, expected: &str, error: ScanError) -> ImportError {
    match error {
        ScanError::Io(source) => io_error(file, source),
        ScanError::Syntax { line, message } => {
            malformed(file, Some(line), format!("{message}; the whole should be {expected}"))
        }
    }
}

/// A file that is not of the format.
pub(super) fn malformed(file: &str, line: Option<u64>, message: impl Into<String>) -> ImportError {
    ImportError::Malformed { file: file.to_owned(), line, message: message.into() }
}

/// The last piece of a file's name.
pub(super) fn base_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// Whether a file's name ends in one of these, whatever the case.
pub(super) fn has_extension(file: &str, extensions: &[&str]) -> bool {
    let extension = base_name(file).rsplit_once('.').map_or("", |(_, extension)| extension);
    extensions.iter().any(|known| extension.eq_ignore_ascii_case(known))
}
