//! Writes a large realistic history to standard output, for measuring.
//!
//! ```text
//! generate-history --bytes 5GB --seed 1 > history.jsonl
//! ```

use consentry_testkit::generate::{Big, Limit, big};
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

const USAGE: &str = "\
Writes a large realistic history as JSON lines to standard output, for measuring.

Usage: generate-history [--bytes SIZE | --conversations COUNT] [--seed NUMBER] [--window LINES]

  --bytes SIZE           about so long: 5GB, 200MB, 64kB or plain bytes; powers of 1000 [100MB]
  --conversations COUNT  so many conversations
  --seed NUMBER          the same seed and length give the same bytes [1]
  --window LINES         lines stand up to about so far from the order of time [1024]
  --help                 this text

What was written is summed up on standard error.
";

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(wrong) => {
            eprintln!("generate-history: {wrong}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    match big(&options, &mut out).and_then(|written| out.flush().map(|()| written)) {
        Ok(written) => {
            eprintln!(
                "{} bytes, {} lines ({} of them redeliveries): {} accounts, {} conversations, \
                 {} messages, {} parts",
                written.bytes,
                written.lines,
                written.redeliveries,
                written.accounts,
                written.conversations,
                written.messages,
                written.parts
            );
            ExitCode::SUCCESS
        }
        // Whoever reads has seen enough, as with `| head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate-history: cannot write to standard output: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The options, or `None` when help is asked for.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Big>, String> {
    let mut options = Big::default();
    while let Some(argument) = arguments.next() {
        if argument == "--help" || argument == "-h" {
            return Ok(None);
        }
        let mut number = |read: fn(&str) -> Option<u64>| {
            let value = arguments.next().ok_or_else(|| format!("{argument} needs a value"))?;
            read(&value).ok_or_else(|| format!("{argument} expects a number, found `{value}`"))
        };
        match argument.as_str() {
            "--bytes" => options.limit = Limit::Bytes(number(size)?),
            "--conversations" => options.limit = Limit::Conversations(number(plain)?),
            "--seed" => options.seed = number(plain)?,
            "--window" => {
                options.window = usize::try_from(number(plain)?).map_err(|e| e.to_string())?;
            }
            _ => return Err(format!("unknown option `{argument}`")),
        }
    }
    Ok(Some(options))
}

fn plain(text: &str) -> Option<u64> {
    text.parse().ok()
}

/// Bytes, with an optional unit that is a power of 1000.
fn size(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let units = [("gb", 1_000_000_000), ("mb", 1_000_000), ("kb", 1000), ("b", 1), ("", 1)];
    let (digits, unit) =
        units.iter().find_map(|(unit, factor)| Some((lower.strip_suffix(unit)?, factor)))?;
    digits.trim_end().parse::<u64>().ok()?.checked_mul(*unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Option<Big>, String> {
        options(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn sizes_have_units_of_1000() {
        assert_eq!(size("5GB"), Some(5_000_000_000));
        assert_eq!(size("200 mb"), Some(200_000_000));
        assert_eq!(size("64kB"), Some(64_000));
        assert_eq!(size("12"), Some(12));
        assert_eq!(size("12B"), Some(12));
        for wrong in ["", "GB", "-1", "1.5GB", "5GiB", "99999999999GB"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn options_are_read() {
        assert_eq!(read(&[]), Ok(Some(Big::default())));
        let expected = Big { seed: 7, limit: Limit::Bytes(1000), window: 3 };
        let arguments = ["--bytes", "1kB", "--seed", "7", "--window", "3"];
        assert_eq!(read(&arguments), Ok(Some(expected)));
        assert_eq!(read(&["--seed", "1", "--help"]), Ok(None));
        for wrong in [&["--seed"][..], &["--seed", "x"], &["--size", "1"], &["history.jsonl"]] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
