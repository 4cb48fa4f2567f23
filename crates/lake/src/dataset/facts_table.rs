//! The frozen facts of a run: one row a part, opaque ids, no text.

use arrow_array::TimestampMillisecondArray;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, TimestampMillisecondType};
use arrow_array::{Array as _, ArrayRef, BooleanArray, Int32Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Type, Value};
use std::sync::Arc;

/// One row: the facts that a part was decided with, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FactsRow<'a> {
    /// The opaque id of the conversation or copy; the id of its example, if it made one.
    pub example_id: &'a str,
    /// The message's number in time order, from 0.
    pub message: i32,
    /// The part's index in its message; in a copy its number in the copy.
    pub part: i32,
    /// Whether the part's message is the one that was rated. Always false in conversations.
    pub rated: bool,
    /// Whether the part has text that an example could hold.
    pub has_content: bool,
    /// What the policies saw.
    pub facts: Facts<'a>,
    /// Whether it was permitted.
    pub permit: bool,
    /// The ids that determined the decision, joined by `+`.
    pub reasons: &'a str,
    /// `included`, `denied`, or why a permitted part was left out.
    pub outcome: &'a str,
}

const LEADING: [(&str, DataType); 5] = [
    ("example_id", DataType::Utf8),
    ("message", DataType::Int32),
    ("part", DataType::Int32),
    ("rated", DataType::Boolean),
    ("has_content", DataType::Boolean),
];
const TRAILING: [(&str, DataType); 3] =
    [("permit", DataType::Boolean), ("reasons", DataType::Utf8), ("outcome", DataType::Utf8)];

fn data_type(attribute: Attribute) -> DataType {
    match attribute.type_of() {
        Type::Text => DataType::Utf8,
        Type::Bool => DataType::Boolean,
        Type::Time => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
    }
}

/// The columns: ids, one column an attribute (null where it is absent), and the outcome.
#[must_use]
pub fn schema() -> SchemaRef {
    let leading = LEADING.into_iter().map(|(name, of)| Field::new(name, of, false));
    let attributes = Attribute::ALL
        .iter()
        .map(|attribute| Field::new(attribute.as_str(), data_type(*attribute), true));
    let trailing = TRAILING.into_iter().map(|(name, of)| Field::new(name, of, false));
    Arc::new(Schema::new(leading.chain(attributes).chain(trailing).collect::<Vec<_>>()))
}

/// Rows as a batch of [`schema`].
///
/// # Errors
///
/// When the rows cannot be expressed in arrow's arrays.
pub fn batch(rows: &[FactsRow<'_>]) -> Result<RecordBatch, ArrowError> {
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.example_id))),
        Arc::new(rows.iter().map(|row| row.message).collect::<Int32Array>()),
        Arc::new(rows.iter().map(|row| row.part).collect::<Int32Array>()),
        Arc::new(rows.iter().map(|row| Some(row.rated)).collect::<BooleanArray>()),
        Arc::new(rows.iter().map(|row| Some(row.has_content)).collect::<BooleanArray>()),
    ];
    columns.extend(Attribute::ALL.iter().map(|attribute| column(rows, *attribute)));
    columns.push(Arc::new(rows.iter().map(|row| Some(row.permit)).collect::<BooleanArray>()));
    columns.push(Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.reasons))));
    columns.push(Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.outcome))));
    RecordBatch::try_new(schema(), columns)
}

fn column(rows: &[FactsRow<'_>], attribute: Attribute) -> ArrayRef {
    let values = rows.iter().map(|row| row.facts.get(attribute));
    match attribute.type_of() {
        Type::Text => Arc::new(
            values
                .map(|value| match value {
                    Some(Value::Text(text)) => Some(text),
                    _ => None,
                })
                .collect::<StringArray>(),
        ),
        Type::Bool => Arc::new(
            values
                .map(|value| match value {
                    Some(Value::Bool(value)) => Some(value),
                    _ => None,
                })
                .collect::<BooleanArray>(),
        ),
        Type::Time => Arc::new(
            values
                .map(|value| match value {
                    Some(Value::Time(instant)) => Some(instant.millis()),
                    _ => None,
                })
                .collect::<TimestampMillisecondArray>()
                .with_timezone("UTC"),
        ),
    }
}

/// The rows of a batch. The store says what they are about.
///
/// # Errors
///
/// When a column is missing or has another type than [`schema`] says, naming it.
pub fn rows(batch: &RecordBatch, resource: Resource) -> Result<Vec<FactsRow<'_>>, String> {
    let expected = schema();
    let column = |name: &str| {
        let of = expected.field_with_name(name).map(Field::data_type).ok();
        let found = batch.column_by_name(name).filter(|found| Some(found.data_type()) == of);
        found.ok_or_else(|| format!("column `{name}` is missing or not of the format's type"))
    };
    let mut attributes = Vec::with_capacity(Attribute::ALL.len());
    for attribute in Attribute::ALL {
        attributes.push((*attribute, column(attribute.as_str())?));
    }
    let ids = column("example_id")?.as_string::<i32>();
    let messages = column("message")?.as_primitive::<Int32Type>();
    let parts = column("part")?.as_primitive::<Int32Type>();
    let rated = column("rated")?.as_boolean();
    let has_content = column("has_content")?.as_boolean();
    let permits = column("permit")?.as_boolean();
    let reasons = column("reasons")?.as_string::<i32>();
    let outcomes = column("outcome")?.as_string::<i32>();
    let row = |row: usize| {
        let mut facts = Facts::new(resource);
        for (attribute, column) in &attributes {
            facts.set(*attribute, value(column, attribute.type_of(), row));
        }
        FactsRow {
            example_id: ids.value(row),
            message: messages.value(row),
            part: parts.value(row),
            rated: rated.value(row),
            has_content: has_content.value(row),
            facts,
            permit: permits.value(row),
            reasons: reasons.value(row),
            outcome: outcomes.value(row),
        }
    };
    Ok((0..batch.num_rows()).map(row).collect())
}

fn value(column: &ArrayRef, type_of: Type, row: usize) -> Option<Value<'_>> {
    if column.is_null(row) {
        return None;
    }
    Some(match type_of {
        Type::Text => Value::Text(column.as_string::<i32>().value(row)),
        Type::Bool => Value::Bool(column.as_boolean().value(row)),
        Type::Time => Value::Time(Instant::from_millis(
            column.as_primitive::<TimestampMillisecondType>().value(row),
        )),
    })
}
