//! The types that columns of facts are read as.

use crate::facts::Of;
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
