//! Lines of JSON of which one field is redacted.

use super::input::{Input, Line, not_utf8};
use super::{HELD_BYTES_MAX, Work, Written, explain, print};
use crate::exit::Failure;
use crate::table::Style;
use serde::Deserialize;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::io::Write as _;
use std::ops::Range;

/// A text in a row.
struct Field<'l> {
    /// Where it stands in the line, quotes included.
    place: Range<usize>,
    text: Cow<'l, str>,
}

impl Work {
    /// Looks into `field` of each line. Every byte outside the texts that change stays.
    pub(super) fn lines(&mut self, input: &mut Input, field: &str) -> Result<(), Failure> {
        let name = input.name().to_owned();
        let mut line = Vec::new();
        for number in 1_u64.. {
            let place = || format!("{name}:{number}");
            match input.line(&mut line, HELD_BYTES_MAX)? {
                Line::Read => {}
                Line::End => break,
                Line::TooLong => {
                    let what = format!("a line is longer than {HELD_BYTES_MAX} bytes");
                    return Err(Failure::Input(format!("{}: {what}", place())));
                }
            }
            let line = std::str::from_utf8(&line).map_err(|error| {
                not_utf8(&place(), u64::try_from(error.valid_up_to()).unwrap_or(u64::MAX))
            })?;
            self.line(line, number, &place, field)?;
        }
        Ok(())
    }

    fn line(
        &mut self,
        line: &str,
        number: u64,
        place: &dyn Fn() -> String,
        field: &str,
    ) -> Result<(), Failure> {
        let wrong = |what: String| Failure::Input(format!("{}: {what}", place()));
        let fields = if line.trim().is_empty() {
            Vec::new()
        } else {
            let row = line.trim_end_matches(['\r', '\n']);
            let fields = fields(row, field).map_err(|error| {
                // It counts the lines of what it reads, which is one.
                let error = error.to_string().replace("line 1 ", "");
                wrong(format!("expected a row that is an object of JSON: {error}"))
            })?;
            if fields.is_empty() {
                return Err(wrong(format!(
                    "expected a field `{field}` in the row itself, not in what it holds"
                )));
            }
            fields.into_iter().collect::<Option<Vec<_>>>().ok_or_else(|| {
                wrong(format!("expected a text in the field `{field}`, found something else"))
            })?
        };
        let Self { engine, scope, written, out } = self;
        let mut copied = 0;
        for Field { place: at, text } in fields {
            match written {
                Written::Text => {
                    let redacted = engine.redact(&text, scope);
                    // What has nothing to hide keeps its escapes as well.
                    if redacted.findings.is_empty() {
                        continue;
                    }
                    out.write_all(line.get(copied..at.start).unwrap_or_default().as_bytes())?;
                    serde_json::to_writer(&mut *out, &redacted.text).map_err(Failure::work)?;
                    copied = at.end;
                }
                Written::Findings => print(&engine.findings(&text), Some(number), out)?,
                Written::Explained { colours } => {
                    writeln!(out, "{}", Style::Dim.paint(&place(), *colours))?;
                    explain(engine, &text, scope, *colours, out)?;
                }
            }
        }
        if matches!(written, Written::Text) {
            out.write_all(line.get(copied..).unwrap_or_default().as_bytes())?;
        }
        Ok(())
    }
}

/// The texts in the fields called `field` of a row: one, unless the row repeats the name; `None`
/// where something else stands in it. What else stands in the row is read past.
fn fields<'l>(line: &'l str, field: &str) -> Result<Vec<Option<Field<'l>>>, serde_json::Error> {
    struct Fields<'f>(&'f str);

    impl<'de> Visitor<'de> for Fields<'_> {
        type Value = Vec<&'de RawValue>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<M: MapAccess<'de>>(self, mut row: M) -> Result<Self::Value, M::Error> {
            let mut values = Vec::new();
            while let Some(Part(name)) = row.next_key()? {
                if name == self.0 {
                    values.push(row.next_value()?);
                } else {
                    row.next_value::<IgnoredAny>()?;
                }
            }
            Ok(values)
        }
    }

    let mut reader = serde_json::Deserializer::from_str(line);
    let values = reader.deserialize_map(Fields(field))?;
    reader.end()?;
    let mut fields = Vec::with_capacity(values.len());
    for value in values.into_iter().map(RawValue::get) {
        if !value.starts_with('"') {
            fields.push(None);
            continue;
        }
        // Both are places in the same line.
        let start = value.as_ptr().addr().saturating_sub(line.as_ptr().addr());
        let place = start..start.saturating_add(value.len());
        let Part(text) = serde_json::from_str(value)?;
        fields.push(Some(Field { place, text }));
    }
    Ok(fields)
}

/// A text, borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Part<'l>(#[serde(borrow)] Cow<'l, str>);
