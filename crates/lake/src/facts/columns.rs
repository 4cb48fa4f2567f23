//! Facts on their way into a file, in columns: what a conversation's parts have in common is
//! appended as a run.

use super::Of;
use arrow_array::builder::{
    BooleanBuilder, Int32Builder, StringBuilder, StringDictionaryBuilder,
    TimestampMillisecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use consentry_columnar::{CONVERSATION, FEEDBACK};
use consentry_model::facts::{Attribute, Facts, Type, Value};
use std::sync::Arc;

/// What the rows before an [`FactsColumns::end`] belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'a> {
    /// Parts of the conversation with this id.
    Conversation(&'a str),
    /// Parts of the feedback copy with this opaque id.
    Copy(&'a str),
}

fn text() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn data_type(attribute: Attribute) -> DataType {
    match attribute.type_of() {
        Type::Text => text(),
        Type::Bool => DataType::Boolean,
        Type::Time => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
    }
}

/// The columns of a file of facts: what a row is about, then every attribute, null where the row
/// does not have it.
#[must_use]
pub fn schema(of: Of) -> SchemaRef {
    let id = |name: &&str| match *name {
        "store" => Field::new("store", text(), false),
        "message" => Field::new("message", DataType::Utf8, true),
        "part" => Field::new("part", DataType::Int32, false),
        other => Field::new(other, text(), of == Of::Parts),
    };
    let attribute =
        |attribute: &Attribute| Field::new(attribute.as_str(), data_type(*attribute), true);
    let fields = of.ids().iter().map(id).chain(Attribute::ALL.iter().map(attribute));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

enum Builder {
    Text(StringDictionaryBuilder<Int32Type>),
    Bool(BooleanBuilder),
    Time(TimestampMillisecondBuilder),
}

impl Builder {
    fn new(attribute: Attribute) -> Self {
        match attribute.type_of() {
            Type::Text => Self::Text(StringDictionaryBuilder::new()),
            Type::Bool => Self::Bool(BooleanBuilder::new()),
            Type::Time => Self::Time(TimestampMillisecondBuilder::new().with_timezone("UTC")),
        }
    }

    /// Appends one value `rows` times. A value of another type than the attribute's is none.
    fn append(&mut self, value: Option<Value<'_>>, rows: usize) -> Result<(), ArrowError> {
        match (self, value) {
            (Self::Text(to), Some(Value::Text(text))) => {
                to.append_n(text, rows)?;
            }
            (Self::Bool(to), Some(Value::Bool(value))) => to.append_n(rows, value),
            (Self::Time(to), Some(Value::Time(at))) => to.append_value_n(at.millis(), rows),
            (Self::Text(to), _) => to.append_nulls(rows),
            (Self::Bool(to), _) => to.append_nulls(rows),
            (Self::Time(to), _) => to.append_nulls(rows),
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(from) => Arc::new(from.finish()),
            Self::Bool(from) => Arc::new(from.finish()),
            Self::Time(from) => Arc::new(from.finish()),
        }
    }
}

/// Rows of facts in the making.
pub struct FactsColumns {
    schema: SchemaRef,
    of: Of,
    store: StringDictionaryBuilder<Int32Type>,
    /// The conversation's id, or the account's.
    subject: StringDictionaryBuilder<Int32Type>,
    message: StringBuilder,
    part: Int32Builder,
    copy: StringDictionaryBuilder<Int32Type>,
    attributes: Vec<(Attribute, Builder)>,
    /// Rows that are complete.
    rows: usize,
    /// Rows whose owner is not yet known.
    open: usize,
}

impl std::fmt::Debug for FactsColumns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FactsColumns")
            .field("of", &self.of)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

impl FactsColumns {
    /// No rows yet.
    #[must_use]
    pub fn new(of: Of) -> Self {
        Self {
            schema: schema(of),
            of,
            store: StringDictionaryBuilder::new(),
            subject: StringDictionaryBuilder::new(),
            message: StringBuilder::new(),
            part: Int32Builder::new(),
            copy: StringDictionaryBuilder::new(),
            attributes: Attribute::ALL.iter().map(|name| (*name, Builder::new(*name))).collect(),
            rows: 0,
            open: 0,
        }
    }

    /// How many rows are complete.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Begins the row of a part, of which `facts` are read only for [`Attribute::OF_PART`]. `message`
    /// is the id of its message in a conversation; a copy has none.
    ///
    /// # Errors
    ///
    /// When there are too many different texts for a column.
    pub fn part(
        &mut self,
        message: Option<&str>,
        part: i32,
        facts: &Facts<'_>,
    ) -> Result<(), ArrowError> {
        self.message.append_option(message);
        self.part.append_value(part);
        for attribute in Attribute::OF_PART {
            if let Some((_, builder)) = self.attributes.get_mut(attribute as usize) {
                builder.append(facts.get(attribute), 1)?;
            }
        }
        self.open += 1;
        Ok(())
    }

    /// Completes the rows of all parts since the last call with what they have in common.
    ///
    /// # Errors
    ///
    /// When there are too many different texts for a column.
    pub fn end(&mut self, owner: Owner<'_>, facts: &Facts<'_>) -> Result<(), ArrowError> {
        let rows = std::mem::take(&mut self.open);
        if rows == 0 {
            return Ok(());
        }
        match owner {
            Owner::Conversation(id) => {
                self.store.append_n(CONVERSATION, rows)?;
                self.subject.append_n(id, rows)?;
                self.copy.append_nulls(rows);
            }
            Owner::Copy(id) => {
                self.store.append_n(FEEDBACK, rows)?;
                self.subject.append_nulls(rows);
                self.copy.append_n(id, rows)?;
            }
        }
        for (attribute, builder) in &mut self.attributes {
            if !Attribute::OF_PART.contains(attribute) {
                builder.append(facts.get(*attribute), rows)?;
            }
        }
        self.rows += rows;
        Ok(())
    }

    /// Adds the row of a whole conversation or account.
    ///
    /// # Errors
    ///
    /// When there are too many different texts for a column.
    pub fn whole(&mut self, id: &str, facts: &Facts<'_>) -> Result<(), ArrowError> {
        self.subject.append(id)?;
        for (attribute, builder) in &mut self.attributes {
            builder.append(facts.get(*attribute), 1)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Takes the complete rows as a batch of [`schema`].
    ///
    /// # Errors
    ///
    /// When rows are left without their owner.
    pub fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        self.rows = 0;
        let mut columns: Vec<ArrayRef> = Vec::new();
        if self.of == Of::Parts {
            columns.push(Arc::new(self.store.finish()));
            columns.push(Arc::new(self.subject.finish()));
            columns.push(Arc::new(self.message.finish()));
            columns.push(Arc::new(self.part.finish()));
            columns.push(Arc::new(self.copy.finish()));
        } else {
            columns.push(Arc::new(self.subject.finish()));
        }
        columns.extend(self.attributes.iter_mut().map(|(_, builder)| builder.finish()));
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}
