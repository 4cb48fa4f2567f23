//! The types that columns of facts are read as.

use crate::facts::Of;
use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use consentry_columnar::STORE;
use consentry_model::facts::{Attribute, Type};
use std::collections::BTreeSet;

/// The types to read the columns as: text as a dictionary, whatever the file has it as.
pub(super) fn wanted(found: &Schema) -> Result<Schema, String> {
    let mut names = BTreeSet::new();
    let mut fields = Vec::with_capacity(found.fields().len());
    for field in found.fields() {
        let name = field.name().as_str();
        let attribute = Attribute::from_name(name);
        if let Some(meant) = meant(name) {
            return Err(format!("the column `{name}` is not read; is it `{meant}`? rename it"));
        }
        let is_id = Of::ALL.iter().any(|of| of.ids().contains(&name));
        if (attribute.is_some() || is_id) && !names.insert(name) {
            return Err(format!("it has two columns `{name}`"));
        }
        let type_of = match (attribute, name) {
            (Some(attribute), _) => Some(attribute.type_of()),
            (None, STORE) => Some(Type::Text),
            // Columns that nobody asks for may be anything. Ids are checked where they are read.
            (None, _) => None,
        };
        let data_type = match type_of {
            Some(type_of) => column_type(name, type_of, field.data_type())?,
            // Messages are many and different.
            None if is_id && name != "message" && is_text(field.data_type()) => dictionary(),
            None if is_id && is_text(field.data_type()) => DataType::Utf8,
            None => match field.data_type() {
                // Categories of something else than text are read as what they are.
                DataType::Dictionary(_, values) if !is_text(values) => DataType::clone(values),
                other => other.clone(),
            },
        };
        fields.push(Field::clone(field).with_data_type(data_type));
    }
    Ok(Schema::new(fields))
}

/// The column that another spelling of its name is for: `deletedAt` for `deleted_at`. Left out, such
/// a fact would be absent in every row, and more might be permitted.
fn meant(name: &str) -> Option<&'static str> {
    let letters = |name: &str| -> String {
        name.chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let known = Attribute::ALL.iter().map(|attribute| attribute.as_str()).chain([STORE]);
    let mut like = known.filter(|known| letters(known) == letters(name));
    like.next().filter(|known| *known != name)
}

/// Makes sure that an attribute that is one of a list of words is.
pub(super) fn check_words(batch: &RecordBatch) -> Result<(), String> {
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let words = Attribute::from_name(field.name()).and_then(Attribute::words);
        let (Some(words), Some(dictionary)) = (words, column.as_any_dictionary_opt()) else {
            continue;
        };
        let Some(texts) = dictionary.values().as_string_opt::<i32>() else { continue };
        let strange =
            |(_, text): &(usize, Option<&str>)| text.is_some_and(|it| !words.contains(&it));
        for (key, text) in texts.iter().enumerate().filter(strange) {
            // A dictionary may hold what no row has.
            let is_used = || {
                let keys = dictionary.normalized_keys();
                (0..column.len()).any(|row| column.is_valid(row) && keys.get(row) == Some(&key))
            };
            if is_used() {
                return Err(format!(
                    "the column `{}` holds {:?}; expected one of {}",
                    field.name(),
                    text.unwrap_or_default(),
                    words.join(", ")
                ));
            }
        }
    }
    Ok(())
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

pub(super) fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn column_type(name: &str, type_of: Type, found: &DataType) -> Result<DataType, String> {
    let expected = match (type_of, found) {
        (_, DataType::Null) => return Ok(DataType::Null),
        (Type::Text, found) if is_text(found) => return Ok(dictionary()),
        (Type::Bool, DataType::Boolean) | (Type::Time, DataType::Timestamp(..)) => {
            return Ok(found.clone());
        }
        (Type::Text, _) => "text (a string)",
        (Type::Bool, _) => "true or false (a boolean)",
        (Type::Time, _) => "an instant (a timestamp)",
    };
    Err(format!("the column `{name}` is expected to be {expected}, not {found}"))
}
