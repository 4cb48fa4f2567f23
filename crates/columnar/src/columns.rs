//! Facts as columns: what a batch holds, seen as the program needs it.

use crate::kernels::{BLOCK_ROWS, Keys, Words};
use arrow_array::cast::AsArray as _;
use arrow_array::types::TimestampMillisecondType;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{DataType, TimeUnit};
use consentry_model::facts::{ATTRIBUTE_COUNT, Attribute, Type};

mod text;

pub(crate) use text::{Dictionary, TextColumn};

/// The name of the column that says which store a row is of.
pub const STORE: &str = "store";

/// What [`STORE`] holds where a row is about a part of a conversation.
pub const CONVERSATION: &str = "conversation";

/// What [`STORE`] holds where a row is about a part of a feedback copy.
pub const FEEDBACK: &str = "feedback";

/// Columns that a program cannot read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// A column has a type that the attribute cannot have.
    #[error("the column `{name}` is expected to be {expected}, not {found}")]
    Type {
        /// The column.
        name: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: DataType,
    },
    /// The store of a row is none of the two.
    #[error(
        "the column `store` is expected to hold `conversation` or `feedback` in every row, not {found}"
    )]
    Store {
        /// What it holds.
        found: String,
    },
    /// A row is of a store that the action does not apply to.
    #[error("the action does not apply to rows of the `{store}` store")]
    NotApplicable {
        /// The store.
        store: &'static str,
    },
    /// Two columns have one name.
    #[error("there are two columns `{name}`")]
    Twice {
        /// The name.
        name: &'static str,
    },
    /// A column is of another length.
    #[error("the column `{name}` has {found} rows where the others have {expected}")]
    Length {
        /// The column.
        name: &'static str,
        /// How many rows it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
}

/// The columns of some rows of facts. Text is Utf8 of any kind or a dictionary of such with any
/// kind of key, true or false is Boolean, and an instant is a timestamp in milliseconds of any time
/// zone. A null is an attribute that the row does not have, and so is every row of a column that is
/// not there.
#[derive(Clone, Debug)]
pub struct Columns {
    rows: usize,
    store: Option<ArrayRef>,
    attributes: [Option<ArrayRef>; ATTRIBUTE_COUNT],
}

impl Columns {
    /// Rows without any column.
    #[must_use]
    pub const fn new(rows: usize) -> Self {
        Self { rows, store: None, attributes: [const { None }; ATTRIBUTE_COUNT] }
    }

    /// The columns of a batch whose names are those of attributes, and [`STORE`]. Others are left
    /// alone.
    ///
    /// # Errors
    ///
    /// When a column has a type that its attribute cannot have, or two have one name.
    pub fn of(batch: &RecordBatch) -> Result<Self, ColumnError> {
        let mut columns = Self::new(batch.num_rows());
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            if field.name() == STORE {
                if columns.store.is_some() {
                    return Err(ColumnError::Twice { name: STORE });
                }
                columns.set_store(column.clone())?;
            } else if let Some(attribute) = Attribute::from_name(field.name()) {
                if columns.attributes.get(attribute as usize).is_some_and(Option::is_some) {
                    return Err(ColumnError::Twice { name: attribute.as_str() });
                }
                columns.set(attribute, column.clone())?;
            }
        }
        Ok(columns)
    }

    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Sets the column of an attribute.
    ///
    /// # Errors
    ///
    /// When it has another type than the attribute, or another length than the rows.
    pub fn set(&mut self, attribute: Attribute, column: ArrayRef) -> Result<(), ColumnError> {
        let expected = match attribute.type_of() {
            Type::Text => "text",
            Type::Bool => "true or false (Boolean)",
            Type::Time => "an instant (a timestamp in milliseconds)",
        };
        self.check(attribute.as_str(), attribute.type_of(), expected, &column)?;
        self.put(attribute, column);
        Ok(())
    }

    /// Sets the column that says which store a row is of.
    ///
    /// # Errors
    ///
    /// When it is not text, or has another length than the rows.
    pub fn set_store(&mut self, column: ArrayRef) -> Result<(), ColumnError> {
        self.check(STORE, Type::Text, "text", &column)?;
        self.put_store(column);
        Ok(())
    }

    /// Sets a column that is known to be of the right type and length.
    pub(crate) fn put(&mut self, attribute: Attribute, column: ArrayRef) {
        if let Some(place) = self.attributes.get_mut(attribute as usize) {
            *place = Some(column);
        }
    }

    /// Sets a store column that is known to be of the right type and length.
    pub(crate) fn put_store(&mut self, column: ArrayRef) {
        self.store = Some(column);
    }

    fn check(
        &self,
        name: &'static str,
        type_of: Type,
        expected: &'static str,
        column: &ArrayRef,
    ) -> Result<(), ColumnError> {
        let is_right = match type_of {
            Type::Text => is_text(column.data_type()),
            Type::Bool => *column.data_type() == DataType::Boolean,
            Type::Time => {
                matches!(column.data_type(), DataType::Timestamp(TimeUnit::Millisecond, _))
            }
        };
        // A column of nulls says that nothing has the attribute, whatever the type. But every row is
        // of a store.
        let is_absent = *column.data_type() == DataType::Null && name != STORE;
        if !is_right && !is_absent {
            return Err(ColumnError::Type { name, expected, found: column.data_type().clone() });
        }
        if column.len() != self.rows {
            let (expected, found) = (self.rows, column.len());
            return Err(ColumnError::Length { name, expected, found });
        }
        Ok(())
    }

    pub(crate) fn attribute(&self, attribute: Attribute) -> Option<&ArrayRef> {
        let column = self.attributes.get(attribute as usize).and_then(Option::as_ref);
        column.filter(|column| *column.data_type() != DataType::Null)
    }

    pub(crate) const fn store(&self) -> Option<&ArrayRef> {
        self.store.as_ref()
    }
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => {
            matches!(**values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
        }
        _ => false,
    }
}

/// Where an attribute has a value.
#[derive(Clone, Debug)]
pub(crate) enum Presence {
    Everywhere,
    Nowhere,
    Somewhere(NullBuffer),
}

impl Presence {
    fn new(nulls: Option<NullBuffer>) -> Self {
        match nulls {
            None => Self::Everywhere,
            Some(nulls) if nulls.null_count() == 0 => Self::Everywhere,
            Some(nulls) if nulls.null_count() == nulls.len() => Self::Nowhere,
            Some(nulls) => Self::Somewhere(nulls),
        }
    }
}

/// One column as the program reads it.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) presence: Presence,
    pub(crate) data: Data<'a>,
}

#[derive(Debug)]
pub(crate) enum Data<'a> {
    Missing,
    Bool(&'a BooleanBuffer),
    Time(&'a [i64]),
    Text(TextColumn<'a>),
}

impl<'a> View<'a> {
    pub(crate) fn of(columns: &'a Columns, attribute: Attribute) -> Self {
        let Some(column) = columns.attribute(attribute) else {
            return Self { presence: Presence::Nowhere, data: Data::Missing };
        };
        match attribute.type_of() {
            Type::Text => {
                let text = TextColumn::of(column.as_ref());
                Self { presence: Presence::new(text.nulls.clone()), data: Data::Text(text) }
            }
            Type::Bool => {
                let column = column.as_boolean();
                let presence = Presence::new(column.nulls().cloned());
                Self { presence, data: Data::Bool(column.values()) }
            }
            Type::Time => {
                let column = column.as_primitive::<TimestampMillisecondType>();
                let presence = Presence::new(column.nulls().cloned());
                Self { presence, data: Data::Time(column.values()) }
            }
        }
    }
}

/// The bits of rows `start` to `start + BLOCK_ROWS`, as far as there are that many.
pub(crate) fn bits_of(buffer: &BooleanBuffer, start: usize, out: &mut Words) {
    let first = buffer.offset() + start;
    let rows = buffer.len().saturating_sub(start).min(BLOCK_ROWS);
    let bytes = buffer.values().get(first / 8..).unwrap_or_default();
    let shift = first % 8;
    for (index, out) in out.iter_mut().take(rows.div_ceil(64)).enumerate() {
        let bytes = bytes.get(8 * index..).unwrap_or_default();
        let (low, next) = match bytes {
            [a, b, c, d, e, f, g, h, rest @ ..] => {
                let low = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
                (low, rest.first().copied().unwrap_or(0))
            }
            short => {
                let mut word = [0; 8];
                for (to, from) in word.iter_mut().zip(short) {
                    *to = *from;
                }
                (u64::from_le_bytes(word), 0)
            }
        };
        *out = if shift == 0 { low } else { (low >> shift) | (u64::from(next) << (64 - shift)) };
    }
}

impl Keys<'_> {
    /// Rows `start` to `start + BLOCK_ROWS`, as far as there are that many.
    pub(crate) fn block(&self, start: usize) -> Keys<'_> {
        match self {
            Self::One(keys) => Keys::One(block(keys, start)),
            Self::Two(keys) => Keys::Two(block(keys, start)),
            Self::Four(keys) => Keys::Four(block(keys, start)),
            Self::Eight(keys) => Keys::Eight(block(keys, start)),
        }
    }
}

/// Rows `start` to `start + BLOCK_ROWS`, as far as there are that many.
pub(crate) fn block<T>(values: &[T], start: usize) -> &[T] {
    let rest = values.get(start..).unwrap_or_default();
    rest.get(..BLOCK_ROWS).unwrap_or(rest)
}
