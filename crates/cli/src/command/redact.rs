//! `consentry redact`

mod explained;
mod input;
mod rows;

use super::deid;
use crate::arguments::{Global, Redact};
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::{Destination, colours_of_answers};
use consentry_deid::{Engine, Finding, Scope};
use consentry_lake::spool::{Spool, SpoolOptions};
use explained::explain;
use input::Input;
use serde::Serialize;
use std::io::{self, Write};

/// The longest line of JSON, and the longest text that is explained: those are held whole.
const HELD_BYTES_MAX: usize = 1 << 30;
/// Bytes of what is to be written that stay in memory.
const SPOOLED_BYTES_MAX: usize = 16 << 20;

#[derive(Serialize)]
struct FindingRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    start: usize,
    end: usize,
    kind: consentry_deid::FindingKind,
    score: f32,
    why: consentry_deid::Why,
    rule: &'a str,
}

/// What is written of each text.
enum Written {
    Text,
    Findings,
    Explained { colours: bool },
}

/// What looks for findings, and what is done with them.
struct Work {
    engine: Engine,
    scope: Scope,
    written: Written,
    out: Collected,
}

pub fn run(arguments: &Redact, global: &Global) -> Result<Exit, Failure> {
    let mut input = Input::open(arguments.file.as_deref())?;
    let written = match (arguments.findings, arguments.explain) {
        (true, _) => Written::Findings,
        (_, true) => Written::Explained { colours: colours_of_answers(global) },
        _ => Written::Text,
    };
    let mut work = Work {
        engine: deid::engine(&arguments.detection)?,
        // A key of this call only: nobody can link its surrogates to those of another.
        scope: Scope::derive(&home::random()?, "redact"),
        written,
        out: Collected::new()?,
    };
    match &arguments.jsonl_field {
        Some(field) => work.lines(&mut input, field)?,
        None => work.text(&mut input)?,
    }
    // Its bar goes before anything is written.
    drop(input);
    work.out.write_to(Destination::open(None)?)?;
    Ok(Exit::Done)
}

impl Work {
    /// Reads the whole input as one text.
    fn text(&mut self, input: &mut Input) -> Result<(), Failure> {
        let Self { engine, scope, written, out } = self;
        match written {
            Written::Text => {
                let mut stream = engine.stream(scope);
                input.pieces(|piece| Ok(out.write_all(stream.push(piece).text.as_bytes())?))?;
                out.write_all(stream.finish().text.as_bytes())?;
            }
            Written::Findings => {
                let mut stream = engine.stream_of_findings();
                input.pieces(|piece| print(&stream.push(piece).findings, None, out))?;
                print(&stream.finish().findings, None, out)?;
            }
            Written::Explained { colours } => {
                let mut text = String::new();
                let name = input.name().to_owned();
                input.pieces(|piece| {
                    text.push_str(piece);
                    if text.len() > HELD_BYTES_MAX {
                        return Err(Failure::Input(format!(
                            "{name}: a text of more than {HELD_BYTES_MAX} bytes cannot be explained"
                        )));
                    }
                    Ok(())
                })?;
                explain(engine, &text, scope, *colours, out)?;
            }
        }
        Ok(())
    }
}

fn print(findings: &[Finding], line: Option<u64>, out: &mut dyn Write) -> Result<(), Failure> {
    for Finding { start, end, kind, score, why, rule } in findings {
        let row = FindingRow {
            line,
            start: *start,
            end: *end,
            kind: *kind,
            score: *score,
            why: *why,
            rule,
        };
        serde_json::to_writer(&mut *out, &row).map_err(Failure::work)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// What is to be written, held back until all of the input has been read, so that nothing is
/// half-written: in memory, and beyond that in an encrypted file without a name.
struct Collected {
    spool: Spool,
}

impl Collected {
    fn new() -> Result<Self, Failure> {
        let options = SpoolOptions {
            directory: std::env::temp_dir(),
            buffered_bytes_max: SPOOLED_BYTES_MAX,
            key: home::random()?,
        };
        Ok(Self { spool: Spool::new(&options, 1) })
    }

    fn write_to(mut self, mut to: Destination) -> Result<(), Failure> {
        loop {
            let bytes = self.spool.take_next(0)?;
            if bytes.is_empty() {
                return to.commit();
            }
            to.write_all(&bytes)?;
        }
    }
}

impl Write for Collected {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.spool.append(0, |buffer| buffer.extend_from_slice(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
