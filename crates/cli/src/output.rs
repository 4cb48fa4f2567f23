//! What goes to the terminal: log lines, failures, colours that switch off.

use crate::arguments::{Colour, Global};
use crate::exit::Failure;
use std::io::{BufWriter, IsTerminal as _, Stdout, Write as _};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use tracing_subscriber::EnvFilter;

/// Whether standard error takes colours: as asked for, or where a person reads and `NO_COLOR` is
/// not set.
pub fn colours(global: &Global) -> bool {
    colours_where(global, std::io::stderr().is_terminal())
}

/// The same for standard output.
pub fn colours_of_answers(global: &Global) -> bool {
    colours_where(global, std::io::stdout().is_terminal())
}

fn colours_where(global: &Global, is_terminal: bool) -> bool {
    match global.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && is_terminal
        }
    }
}

/// Sets up log lines (`RUST_LOG`, by default warnings) and the look of diagnostics.
pub fn set_up(global: &Global) {
    let colours = colours(global);
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .init();
    // A second hook cannot be set; there is only this one.
    let _ = miette::set_hook(Box::new(move |_| {
        Box::new(miette::MietteHandlerOpts::new().color(colours).terminal_links(false).build())
    }));
}

/// Tells a failure on standard error.
pub fn report(failure: &Failure) {
    let mut stderr = std::io::stderr().lock();
    // When standard error is gone there is nobody to tell.
    let _ = match failure {
        Failure::Input(message) | Failure::Work(message) => {
            let message = printable(message);
            writeln!(stderr, "consentry: {message}\nconsentry: nothing was written")
        }
        Failure::Diagnostics(reports) => {
            reports.iter().try_for_each(|report| writeln!(stderr, "{report:?}"))
        }
        Failure::Closed => Ok(()),
    };
}

/// Standard output, or a file that appears only when it is complete.
pub enum Destination {
    /// Standard output.
    Stdout(BufWriter<Stdout>),
    /// A file that is written beside and renamed.
    File { beside: BufWriter<NamedTempFile>, path: PathBuf },
}

impl Destination {
    /// Opens the destination; `None` is standard output.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Self::Stdout(BufWriter::with_capacity(1 << 20, std::io::stdout())));
        };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let beside = NamedTempFile::new_in(folder)
            .map_err(|error| Failure::input(format!("{}: {error}", folder.display())))?;
        Ok(Self::File { beside: BufWriter::with_capacity(1 << 20, beside), path: path.to_owned() })
    }

    /// Makes what was written stand.
    pub fn commit(self) -> Result<(), Failure> {
        match self {
            Self::Stdout(mut stdout) => Ok(stdout.flush()?),
            Self::File { beside, path } => {
                let file = beside.into_inner().map_err(|error| Failure::work(error.error()))?;
                file.as_file().sync_all()?;
                file.persist(&path)
                    .map_err(|error| Failure::work(format!("{}: {error}", path.display())))?;
                Ok(())
            }
        }
    }
}

impl std::io::Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Stdout(stdout) => stdout.write(bytes),
            Self::File { beside, .. } => beside.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Stdout(stdout) => stdout.flush(),
            Self::File { beside, .. } => beside.flush(),
        }
    }
}

/// The text with control characters other than line feeds spelt out, so that what was read cannot
/// steer a terminal.
pub fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() && character != '\n' {
            printable.extend(character.escape_default());
        } else {
            printable.push(character);
        }
    }
    printable
}

/// Tells something on standard error. When that is gone there is nobody to tell.
pub fn note(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
