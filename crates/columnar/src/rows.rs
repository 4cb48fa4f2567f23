//! Rows of facts as columns.

use crate::columns::{CONVERSATION, Columns, FEEDBACK};
use arrow_array::TimestampMillisecondArray;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, BooleanArray, DictionaryArray, Int32Array, StringArray};
use consentry_model::facts::{Attribute, Facts, Resource, Type, Value};
use std::collections::HashMap;
use std::sync::Arc;

impl Columns {
    /// The columns of some attributes of rows of facts, and the store that each is of. Rows about
    /// conversations or accounts as a whole count as of the conversation store.
    ///
    /// # Example
    ///
    /// ```
    /// use consentry_columnar::Columns;
    /// use consentry_model::facts::{Attribute, Facts, Resource, Value};
    /// let mut row = Facts::new(Resource::Part);
    /// row.set(Attribute::Plan, Some(Value::Text("pro")));
    /// let columns = Columns::of_rows(&[row], &[Attribute::Plan, Attribute::Adult]);
    /// assert_eq!(columns.rows(), 1);
    /// ```
    #[must_use]
    pub fn of_rows(rows: &[Facts<'_>], attributes: &[Attribute]) -> Self {
        let mut columns = Self::new(rows.len());
        let store = |row: &Facts<'_>| match row.resource {
            Resource::FeedbackPart => Some(FEEDBACK),
            Resource::Part | Resource::Conversation | Resource::Account => Some(CONVERSATION),
        };
        columns.put_store(text(rows.iter().map(store)));
        for attribute in attributes {
            let values = rows.iter().map(|row| row.get(*attribute));
            columns.put(*attribute, column(*attribute, values));
        }
        columns
    }
}

fn column<'a>(attribute: Attribute, values: impl Iterator<Item = Option<Value<'a>>>) -> ArrayRef {
    match attribute.type_of() {
        Type::Text => text(values.map(|value| match value {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        })),
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
                .collect::<TimestampMillisecondArray>(),
        ),
    }
}

/// Texts with each different one kept once.
fn text<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let mut known: HashMap<&str, i32> = HashMap::new();
    let mut different: Vec<&str> = Vec::new();
    let keys: Int32Array = texts
        .map(|text| {
            let text = text?;
            Some(*known.entry(text).or_insert_with(|| {
                different.push(text);
                i32::try_from(different.len() - 1).unwrap_or(i32::MAX)
            }))
        })
        .collect();
    let values = StringArray::from_iter_values(different);
    // Every key was made for a text, so there is one for each.
    Arc::new(DictionaryArray::<Int32Type>::new(keys, Arc::new(values)))
}
