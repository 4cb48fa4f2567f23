//! Text as keys of a dictionary, whatever a batch has it as.

use crate::kernels::Keys;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::DataType;
use std::collections::HashMap;

/// A column of text.
#[derive(Debug)]
pub(crate) struct TextColumn<'a> {
    pub(crate) nulls: Option<NullBuffer>,
    keys: TextKeys,
    pub(crate) dictionary: Dictionary<'a>,
}

/// Keys that are negative as signed numbers are far behind the end of any dictionary as unsigned
/// ones; only rows without a value have such.
#[derive(Debug)]
enum TextKeys {
    One(ScalarBuffer<u8>),
    Two(ScalarBuffer<u16>),
    Four(ScalarBuffer<u32>),
    Eight(ScalarBuffer<u64>),
}

/// The different texts of a column, by key.
#[derive(Debug)]
pub(crate) enum Dictionary<'a> {
    /// As the batch has them. The same array means the same texts.
    Shared(&'a ArrayRef),
    /// As they were found in the batch.
    Found(Vec<&'a str>),
}

impl<'a> TextColumn<'a> {
    /// Sees a column of text in this way. The column must be of text.
    pub(crate) fn of(column: &'a dyn Array) -> Self {
        match column.data_type() {
            DataType::Dictionary(key, _) => match **key {
                DataType::Int8 => Self::dictionary::<Int8Type>(column),
                DataType::Int16 => Self::dictionary::<Int16Type>(column),
                DataType::Int32 => Self::dictionary::<Int32Type>(column),
                DataType::Int64 => Self::dictionary::<Int64Type>(column),
                DataType::UInt8 => Self::dictionary::<UInt8Type>(column),
                DataType::UInt16 => Self::dictionary::<UInt16Type>(column),
                DataType::UInt32 => Self::dictionary::<UInt32Type>(column),
                _ => Self::dictionary::<UInt64Type>(column),
            },
            DataType::LargeUtf8 => Self::plain(column, column.as_string::<i64>().iter()),
            DataType::Utf8View => Self::plain(column, column.as_string_view().iter()),
            _ => Self::plain(column, column.as_string::<i32>().iter()),
        }
    }

    fn dictionary<K: ArrowDictionaryKeyType>(column: &'a dyn Array) -> Self {
        let column = column.as_dictionary::<K>();
        // A key may also lead to a text that is absent.
        let nulls = if column.values().null_count() == 0 {
            column.nulls().cloned()
        } else {
            column.logical_nulls()
        };
        let keys = column.keys().values().inner().clone();
        let keys = match size_of::<K::Native>() {
            1 => TextKeys::One(keys.into()),
            2 => TextKeys::Two(keys.into()),
            4 => TextKeys::Four(keys.into()),
            _ => TextKeys::Eight(keys.into()),
        };
        Self { nulls, keys, dictionary: Dictionary::Shared(column.values()) }
    }

    /// Finds out the different texts. A row that is as the one before it costs next to nothing.
    fn plain(column: &'a dyn Array, texts: impl Iterator<Item = Option<&'a str>>) -> Self {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut found = Vec::new();
        let mut last: Option<(&str, u32)> = None;
        let mut keys = Vec::with_capacity(column.len());
        for text in texts {
            let Some(text) = text else {
                keys.push(u32::MAX);
                continue;
            };
            let key = match last {
                Some((before, key)) if before == text => key,
                _ => *known.entry(text).or_insert_with(|| {
                    found.push(text);
                    u32::try_from(found.len() - 1).unwrap_or(u32::MAX)
                }),
            };
            last = Some((text, key));
            keys.push(key);
        }
        Self {
            nulls: column.nulls().cloned(),
            keys: TextKeys::Four(keys.into()),
            dictionary: Dictionary::Found(found),
        }
    }

    pub(crate) fn keys(&self) -> Keys<'_> {
        match &self.keys {
            TextKeys::One(keys) => Keys::One(keys),
            TextKeys::Two(keys) => Keys::Two(keys),
            TextKeys::Four(keys) => Keys::Four(keys),
            TextKeys::Eight(keys) => Keys::Eight(keys),
        }
    }
}

impl Dictionary<'_> {
    /// The texts in the order of their keys. Absent ones are empty.
    pub(crate) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Found(texts) => texts.clone(),
            Self::Shared(values) => match values.data_type() {
                DataType::LargeUtf8 => {
                    values.as_string::<i64>().iter().map(Option::unwrap_or_default).collect()
                }
                DataType::Utf8View => {
                    values.as_string_view().iter().map(Option::unwrap_or_default).collect()
                }
                _ => values.as_string::<i32>().iter().map(Option::unwrap_or_default).collect(),
            },
        }
    }
}

impl Keys<'_> {
    /// The key of a row; behind any dictionary for a row that is not there.
    pub(crate) fn get(&self, row: usize) -> u64 {
        match self {
            Self::One(keys) => keys.get(row).copied().map_or(u64::MAX, u64::from),
            Self::Two(keys) => keys.get(row).copied().map_or(u64::MAX, u64::from),
            Self::Four(keys) => keys.get(row).copied().map_or(u64::MAX, u64::from),
            Self::Eight(keys) => keys.get(row).copied().unwrap_or(u64::MAX),
        }
    }
}
