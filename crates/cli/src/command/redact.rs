//! `consentry redact`

use crate::arguments::Redact;
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::Destination;
use consentry_deid::{Engine, Finding, Scope};
use serde::Serialize;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Write};

/// The most that is read as one text.
const TEXT_BYTES_MAX: u64 = 4 << 30;

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

pub fn run(arguments: &Redact) -> Result<Exit, Failure> {
    let name = arguments.file.as_ref().map_or_else(|| "-".to_owned(), |p| p.display().to_string());
    let reader: Box<dyn BufRead> = match &arguments.file {
        Some(path) if path.as_os_str() != "-" => Box::new(BufReader::new(
            File::open(path).map_err(|error| Failure::input(format!("{name}: {error}")))?,
        )),
        _ => Box::new(BufReader::new(std::io::stdin())),
    };
    // A key of this call only: nobody can link its surrogates to those of another.
    let mut scope = Scope::derive(&home::random()?, "redact");
    let engine = Engine::structured();
    // Collected first, so that nothing is half-written.
    let mut out = Vec::new();
    match &arguments.jsonl_field {
        Some(field) => {
            lines(reader, &name, field, arguments.findings, &engine, &mut scope, &mut out)?
        }
        None => {
            let mut text = String::new();
            let mut limited = reader.take(TEXT_BYTES_MAX);
            limited
                .read_to_string(&mut text)
                .map_err(|error| Failure::input(format!("{name}: {error}")))?;
            if arguments.findings {
                print(&engine.findings(&text), None, &mut out)?;
            } else {
                out.write_all(engine.redact(&text, &mut scope).text.as_bytes())?;
            }
        }
    }
    let mut stdout = Destination::open(None)?;
    stdout.write_all(&out)?;
    stdout.commit()?;
    Ok(Exit::Done)
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

fn lines(
    reader: Box<dyn BufRead>,
    name: &str,
    field: &str,
    findings: bool,
    engine: &Engine,
    scope: &mut Scope,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    for (line, number) in reader.lines().zip(1_u64..) {
        let wrong = |what: String| Failure::Input(format!("{name}:{number}: {what}"));
        let line = line.map_err(|error| wrong(error.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        let mut row: Value =
            serde_json::from_str(&line).map_err(|error| wrong(error.to_string()))?;
        let text = match row.get_mut(field) {
            Some(Value::String(text)) => text,
            _ => return Err(wrong(format!("expected a text in the field `{field}`"))),
        };
        if findings {
            print(&engine.findings(text), Some(number), out)?;
        } else {
            *text = engine.redact(text, scope).text.into_owned();
            serde_json::to_writer(&mut *out, &row).map_err(Failure::work)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}
