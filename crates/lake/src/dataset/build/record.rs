//! A source as it travels to whoever makes an example of it.

use super::source::{ExampleSource, SourceRow};
use super::taint::Stretches;
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use consentry_model::{Instant, Part, Rating, Role};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io;

/// A source.
#[derive(Serialize, Deserialize)]
pub(crate) struct SourceRecord<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    rating: Option<Rating>,
    #[serde(borrow)]
    rows: Vec<RowRecord<'a>>,
}

#[derive(Serialize, Deserialize)]
struct RowRecord<'a> {
    message: i32,
    part_number: i32,
    role: Role,
    #[serde(borrow)]
    part: Cow<'a, Part<'a>>,
    /// The attributes that have a value, by their numbers.
    #[serde(borrow)]
    facts: Vec<(u8, ValueRecord<'a>)>,
    rated: bool,
    tainted: Stretches,
}

#[derive(Serialize, Deserialize)]
enum ValueRecord<'a> {
    Text(&'a str),
    Bool(bool),
    Time(i64),
}

impl<'a> SourceRecord<'a> {
    pub(crate) fn new(source: &'a ExampleSource<'a>) -> Self {
        let row = |row: &'a SourceRow<'a>| RowRecord {
            message: row.message,
            part_number: row.part_number,
            role: row.role,
            part: Cow::Borrowed(row.part),
            facts: row
                .facts
                .iter()
                .map(|(name, value)| (name as u8, value_record(value)))
                .collect(),
            rated: row.rated,
            tainted: row.tainted.clone(),
        };
        Self {
            id: Cow::Borrowed(&source.id),
            rating: source.rating,
            rows: source.rows.iter().map(row).collect(),
        }
    }

    /// The source that the record is of.
    ///
    /// # Errors
    ///
    /// When it has an attribute that there is not.
    pub(crate) fn source(&'a self) -> io::Result<ExampleSource<'a>> {
        let resource = if self.rating.is_some() { Resource::FeedbackPart } else { Resource::Part };
        let row = |row: &'a RowRecord<'a>| {
            let mut facts = Facts::new(resource);
            for (number, value) in &row.facts {
                let unknown = || io::Error::other(format!("there is no attribute {number}"));
                let name = Attribute::ALL.get(usize::from(*number)).ok_or_else(unknown)?;
                facts.set(*name, Some(value_of(value)));
            }
            Ok(SourceRow {
                message: row.message,
                part_number: row.part_number,
                role: row.role,
                part: &row.part,
                facts,
                rated: row.rated,
                tainted: row.tainted.clone(),
            })
        };
        let rows: io::Result<Vec<_>> = self.rows.iter().map(row).collect();
        Ok(ExampleSource { id: self.id.clone().into_owned(), rows: rows?, rating: self.rating })
    }
}

const fn value_record(value: Value<'_>) -> ValueRecord<'_> {
    match value {
        Value::Text(text) => ValueRecord::Text(text),
        Value::Bool(value) => ValueRecord::Bool(value),
        Value::Time(instant) => ValueRecord::Time(instant.millis()),
    }
}

const fn value_of<'a>(value: &ValueRecord<'a>) -> Value<'a> {
    match value {
        ValueRecord::Text(text) => Value::Text(text),
        ValueRecord::Bool(value) => Value::Bool(*value),
        ValueRecord::Time(millis) => Value::Time(Instant::from_millis(*millis)),
    }
}
