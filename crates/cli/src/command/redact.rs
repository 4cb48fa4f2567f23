//! `consentry redact`

use super::deid;
use crate::arguments::{Global, Redact};
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::{Destination, colours_of_answers, printable};
use crate::progress::Bar;
use crate::table::Style;
use consentry_deid::{Engine, Finding, FindingKind, Scope, Why};
use consentry_lake::progress::Progress as _;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Write};

/// The most that is read as one text.
const TEXT_BYTES_MAX: u64 = 4 << 30;
/// How much of a text is redacted between two looks at the clock.
const PIECE_BYTES: usize = 256 << 10;

/// Characters of a value that a table shows.
const SHOWN_MAX: usize = 40;

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

pub fn run(arguments: &Redact, global: &Global) -> Result<Exit, Failure> {
    let name = arguments.file.as_ref().map_or_else(|| "-".to_owned(), |p| p.display().to_string());
    let reader: Box<dyn BufRead> = match &arguments.file {
        Some(path) if path.as_os_str() != "-" => Box::new(BufReader::new(
            File::open(path).map_err(|error| Failure::input(format!("{name}: {error}")))?,
        )),
        _ => Box::new(BufReader::new(std::io::stdin())),
    };
    // A key of this call only: nobody can link its surrogates to those of another.
    let mut scope = Scope::derive(&home::random()?, "redact");
    let engine = deid::engine(&arguments.detection)?;
    let written = match (arguments.findings, arguments.explain) {
        (true, _) => Written::Findings,
        (_, true) => Written::Explained { colours: colours_of_answers(global) },
        _ => Written::Text,
    };
    // Collected first, so that nothing is half-written.
    let mut out = Vec::new();
    match &arguments.jsonl_field {
        Some(field) => lines(reader, &name, field, &written, &engine, &mut scope, &mut out)?,
        None => {
            let mut text = String::new();
            let mut limited = reader.take(TEXT_BYTES_MAX);
            limited
                .read_to_string(&mut text)
                .map_err(|error| Failure::input(format!("{name}: {error}")))?;
            match written {
                Written::Text => replace(&engine, &text, &mut scope, &mut out)?,
                Written::Findings => print(&engine.findings(&text), None, &mut out)?,
                Written::Explained { colours } => {
                    explain(&engine, &text, &mut scope, colours, &mut out)?;
                }
            }
        }
    }
    let mut stdout = Destination::open(None)?;
    stdout.write_all(&out)?;
    stdout.commit()?;
    Ok(Exit::Done)
}

/// Writes a text with its replacements, and tells on the way how far it is.
fn replace(
    engine: &Engine,
    text: &str,
    scope: &mut Scope,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut bar = Bar::new();
    bar.step("reading", u64::try_from(text.len()).ok());
    let mut stream = engine.stream(scope);
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES.min(rest.len())));
        out.write_all(stream.push(piece).text.as_bytes())?;
        bar.advance(u64::try_from(piece.len()).unwrap_or(0));
        rest = after;
    }
    out.write_all(stream.finish().text.as_bytes())?;
    Ok(())
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
    mut reader: Box<dyn BufRead>,
    name: &str,
    field: &str,
    written: &Written,
    engine: &Engine,
    scope: &mut Scope,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut bar = Bar::new();
    bar.step("reading", None);
    let mut line = Vec::new();
    for number in 1_u64.. {
        let wrong = |what: String| Failure::Input(format!("{name}:{number}: {what}"));
        line.clear();
        let read = reader.read_until(b'\n', &mut line).map_err(|error| wrong(error.to_string()))?;
        if read == 0 {
            break;
        }
        bar.advance(u64::try_from(read).unwrap_or(0));
        let line = std::str::from_utf8(&line).map_err(|error| wrong(error.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        let expected = || wrong(format!("expected a text in the field `{field}`"));
        if matches!(written, Written::Text) {
            let mut row: Value =
                serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
            let Some(Value::String(text)) = row.get_mut(field) else {
                return Err(expected());
            };
            *text = engine.redact(text, scope).text.into_owned();
            serde_json::to_writer(&mut *out, &row).map_err(Failure::work)?;
            out.write_all(b"\n")?;
            continue;
        }
        let text = text_of(line, field).map_err(|error| wrong(error.to_string()))?;
        let text = text.ok_or_else(expected)?;
        if let Written::Explained { colours } = written {
            writeln!(out, "{}", Style::Dim.paint(&format!("{name}:{number}"), *colours))?;
            explain(engine, &text, scope, *colours, out)?;
        } else {
            print(&engine.findings(&text), Some(number), out)?;
        }
    }
    Ok(())
}

/// The text in a field of a row; `None` when the row has none, or something else there. The other
/// fields are read past, which is many times faster than keeping them.
fn text_of<'l>(line: &'l str, field: &str) -> Result<Option<Cow<'l, str>>, serde_json::Error> {
    struct Field<'f>(&'f str);

    impl<'de> Visitor<'de> for Field<'_> {
        type Value = Option<Cow<'de, str>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<M: MapAccess<'de>>(self, mut row: M) -> Result<Self::Value, M::Error> {
            let mut text = None;
            while let Some(Part(name)) = row.next_key()? {
                if name == self.0 {
                    text = match row.next_value()? {
                        Held::Text(Part(text)) => Some(text),
                        Held::Other(IgnoredAny) => None,
                    };
                } else {
                    row.next_value::<IgnoredAny>()?;
                }
            }
            Ok(text)
        }
    }

    let mut reader = serde_json::Deserializer::from_str(line);
    let text = reader.deserialize_map(Field(field))?;
    reader.end()?;
    Ok(text)
}

/// A text, borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Part<'l>(#[serde(borrow)] Cow<'l, str>);

/// What a field holds.
#[derive(Deserialize)]
#[serde(untagged)]
enum Held<'l> {
    Text(#[serde(borrow)] Part<'l>),
    Other(IgnoredAny),
}

/// The text with its findings marked, then a row for each: where, what, why, and what would stand
/// in its place. Without colours, findings stand between brackets.
fn explain(
    engine: &Engine,
    text: &str,
    scope: &mut Scope,
    colours: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let findings = engine.findings(text);
    let mut copied = 0;
    let mut rows = Vec::new();
    for finding in &findings {
        let original = text.get(finding.start..finding.end).unwrap_or_default();
        write!(out, "{}", printable(text.get(copied..finding.start).unwrap_or_default()))?;
        let shown = printable(original);
        let marked = if colours { shown.clone() } else { format!("⟦{shown}⟧") };
        write!(out, "{}", style(finding.kind).paint(&marked, colours))?;
        copied = finding.end;
        let by = match finding.why {
            Why::Rule => format!("rule {}", finding.rule),
            Why::Model => format!("model {}", finding.rule),
        };
        rows.push((finding, short(&shown), by, engine.replacement(finding, original, scope)));
    }
    let rest = printable(text.get(copied..).unwrap_or_default());
    writeln!(out, "{}\n", rest.trim_end_matches('\n'))?;
    for (finding, shown, by, replacement) in rows {
        let kind = format!("{:<16}", finding.kind.as_str());
        let kind = style(finding.kind).paint(&kind, colours);
        let place = format!("{}..{}", finding.start, finding.end);
        let replacement = short(&printable(&replacement));
        writeln!(
            out,
            "{place:>13}  {kind} {:.2}  {by:<28} {shown} → {replacement}",
            finding.score
        )?;
    }
    let count = findings.len();
    writeln!(out, "{count} finding{}", if count == 1 { "" } else { "s" })?;
    Ok(())
}

/// Secrets and logins in red, who somebody is in yellow, the rest in green.
const fn style(kind: FindingKind) -> Style {
    match kind {
        FindingKind::Secret | FindingKind::UrlCredentials => Style::Red,
        FindingKind::Person | FindingKind::Location | FindingKind::Organisation => Style::Yellow,
        _ => Style::Green,
    }
}

/// The text on one line of a table.
fn short(text: &str) -> String {
    let line = text.replace('\n', "⏎");
    if line.chars().count() <= SHOWN_MAX {
        return line;
    }
    line.chars().take(SHOWN_MAX).chain(['…']).collect()
}
