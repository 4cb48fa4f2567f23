//! What commands that read a history share.

use crate::arguments::HistoryArguments;
use crate::exit::Failure;
use crate::home;
use crate::output::{Destination, note};
use consentry_lake::facts::is_parquet;
use consentry_lake::history::{Problem, ReadOptions, Rejects, Source};
use serde::Serialize;
use std::io::Write as _;
use std::path::Path;

/// The inputs that were named.
pub fn sources(arguments: &HistoryArguments) -> Result<Vec<Source>, Failure> {
    let sources: Vec<Source> =
        arguments.history.iter().cloned().map(Source::from_argument).collect();
    if sources.iter().filter(|source| **source == Source::Stdin).count() > 1 {
        return Err(Failure::Input("standard input (`-`) can be named only once".to_owned()));
    }
    Ok(sources)
}

/// Whether the inputs are facts in Parquet, which their first bytes tell. They are all or none.
pub fn are_facts(arguments: &HistoryArguments) -> Result<bool, Failure> {
    let facts = arguments.history.iter().filter(|path| is_parquet(path)).count();
    if facts == 0 {
        return Ok(false);
    }
    if facts < arguments.history.len() {
        return Err(Failure::Input(
            "some inputs are facts in Parquet and some are not; decide them one after the other"
                .to_owned(),
        ));
    }
    if arguments.quarantine.is_some() {
        return Err(Failure::Input(
            "facts in Parquet have no lines to put into quarantine".to_owned(),
        ));
    }
    Ok(true)
}

/// How they are read. `route_key` orders conversations.
pub fn options(arguments: &HistoryArguments, route_key: [u8; 32]) -> Result<ReadOptions, Failure> {
    Ok(ReadOptions {
        keep_content: false,
        quarantine: arguments.quarantine.is_some(),
        hash_inputs: false,
        directory: arguments.temporary.clone().unwrap_or_else(std::env::temp_dir),
        buffered_bytes_max: arguments.memory.max(1) << 20,
        seed: home::random()?,
        route_key,
    })
}

/// A line in quarantine.
#[derive(Serialize)]
struct Quarantined<'a> {
    file: &'a str,
    line: u64,
    reason: &'a str,
    /// The line as it was, if it is UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    /// Its bytes as hexadecimal digits, if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
}

/// Opens the file for lines in error before anything is read, and makes sure that neither it nor
/// `out` is an input or the other.
pub fn open_quarantine(
    arguments: &HistoryArguments,
    out: Option<&Path>,
) -> Result<Option<Destination>, Failure> {
    let place = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        let whole = folder.join(path.file_name()?);
        Some(whole.canonicalize().unwrap_or(whole))
    };
    let quarantine = arguments.quarantine.as_deref();
    let mut taken: Vec<_> = arguments.history.iter().filter_map(|path| place(path)).collect();
    for path in [out, quarantine].into_iter().flatten() {
        let here = place(path);
        if here.as_ref().is_some_and(|here| taken.contains(here)) {
            let path = path.display();
            return Err(Failure::Input(format!(
                "{path} would be overwritten although it is an input or named twice"
            )));
        }
        taken.extend(here);
    }
    quarantine.map(|path| Destination::open(Some(path))).transpose()
}

/// Writes the lines in error to the file that was opened for them, and tells how many there are.
/// Comes before the result itself is made to stand.
pub fn quarantine(
    arguments: &HistoryArguments,
    out: Option<Destination>,
    rejects: Rejects,
) -> Result<(), Failure> {
    let (Some(path), Some(mut out)) = (&arguments.quarantine, out) else { return Ok(()) };
    let count = rejects.count();
    rejects.each(|Problem { file, line, reason, text }| {
        let utf8 = std::str::from_utf8(&text);
        let row = Quarantined {
            file: &file,
            line,
            reason: &reason,
            text: utf8.ok(),
            bytes: utf8.is_err().then(|| text.iter().map(|byte| format!("{byte:02x}")).collect()),
        };
        serde_json::to_writer(&mut out, &row)?;
        out.write_all(b"\n")
    })?;
    out.commit()?;
    note(format_args!("{count} lines in quarantine: {}", path.display()));
    Ok(())
}
