//! Counting decisions, and a fingerprint of them that does not depend on their order.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{ArrowDictionaryKeyType, Int32Type};
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch, downcast_dictionary_array};
use arrow_schema::DataType;
use std::collections::HashMap;
use std::sync::Arc;

/// What a set of decisions comes to. Two sets with the same rows, in whatever order, have the same
/// tally.
///
/// The fingerprint finds rows that were lost, doubled, mixed up or changed by mistake. It is not a
/// cryptographic hash: who can write the files can also make them fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many rows.
    pub rows: u64,
    /// How many of these are permitted.
    pub permitted: u64,
    /// The sum of the hashes of the rows, modulo 2⁶⁴. A row is all of its columns.
    pub fingerprint: u64,
}

/// As [`std::str::FromStr`] reads it.
impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {:016x}", self.rows, self.permitted, self.fingerprint)
    }
}

impl std::str::FromStr for Tally {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = text.splitn(3, ' ');
        let mut next = || words.next().unwrap_or_default();
        let (rows, permitted) = (next().parse()?, next().parse()?);
        Ok(Self { rows, permitted, fingerprint: u64::from_str_radix(next(), 16)? })
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.rows += other.rows;
        self.permitted += other.permitted;
        self.fingerprint = self.fingerprint.wrapping_add(other.fingerprint);
    }
}

/// Counts decisions batch by batch.
#[derive(Debug, Default)]
pub struct Counter {
    tally: Tally,
    /// Of each column that is a dictionary: the values that its last batch had, and their hashes.
    /// The batches of a file share their values, which may be more than a batch has rows.
    known: HashMap<usize, (ArrayRef, Arc<[u64]>)>,
}

impl Counter {
    /// What was counted so far.
    #[must_use]
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// Counts the rows of a batch of decisions. It has a column `decision` and any others, of text,
    /// of numbers of 32 bits, or lists of these.
    ///
    /// # Errors
    ///
    /// When a column has another type, naming it.
    pub fn add(&mut self, batch: &RecordBatch) -> Result<(), String> {
        let mut rows = vec![0; batch.num_rows()];
        let fields = batch.schema_ref().fields().iter();
        for (index, (field, column)) in fields.zip(batch.columns()).enumerate() {
            let hashes = self.hashes(index, column).ok_or_else(|| {
                format!("column `{}` has a type that decisions do not have", field.name())
            })?;
            if field.name() == "decision" {
                let permit = text_hash("permit");
                let permitted = hashes.iter().filter(|hash| **hash == permit).count();
                self.tally.permitted += permitted as u64;
            }
            for (row, hash) in rows.iter_mut().zip(hashes) {
                *row = mix(*row ^ hash, ROW);
            }
        }
        self.tally.rows += batch.num_rows() as u64;
        let sum = rows.into_iter().fold(0u64, u64::wrapping_add);
        self.tally.fingerprint = self.tally.fingerprint.wrapping_add(sum);
        Ok(())
    }

    fn hashes(&mut self, index: usize, column: &ArrayRef) -> Option<Vec<u64>> {
        let Some(dictionary) = column.as_any_dictionary_opt() else { return hashes(column) };
        let values = dictionary.values();
        let of_values = match self.known.get(&index) {
            Some((known, hashes)) if Arc::ptr_eq(known, values) => Arc::clone(hashes),
            _ => {
                let hashes: Arc<[u64]> = hashes(values)?.into();
                self.known.insert(index, (Arc::clone(values), Arc::clone(&hashes)));
                hashes
            }
        };
        of_dictionary(column, &of_values)
    }
}

/// Odd numbers without a pattern: digits of π and of e.
const TEXT: u64 = 0x243f_6a88_85a3_08d3;
const ROW: u64 = 0x1319_8a2e_0370_7345;
const LIST: u64 = 0xb7e1_5162_8aed_2a6b;
/// The hash of a value that is absent.
const ABSENT: u64 = 0xa409_3822_299f_31d1;

/// Both halves of the product, so that every bit of the factors reaches every bit of the result.
const fn mix(one: u64, other: u64) -> u64 {
    let product = (one as u128).wrapping_mul(other as u128);
    (product as u64) ^ ((product >> 64) as u64)
}

fn text_hash(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut hash = mix(TEXT ^ bytes.len() as u64, ROW);
    for chunk in chunks {
        hash = mix(hash ^ u64::from_le_bytes(*chunk), TEXT);
    }
    let last = rest.iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte));
    mix(hash ^ last, LIST)
}

fn number_hash(number: i32) -> u64 {
    mix(TEXT ^ u64::from(number.cast_unsigned()), LIST)
}

/// A hash for each row; `None` where the type is not one of those that decisions have. The same
/// values have the same hashes in whichever of arrow's arrays they are.
fn hashes(column: &ArrayRef) -> Option<Vec<u64>> {
    let texts = |values: &mut dyn Iterator<Item = Option<&str>>| {
        Some(values.map(|text| text.map_or(ABSENT, text_hash)).collect())
    };
    match column.data_type() {
        DataType::Utf8 => texts(&mut column.as_string::<i32>().iter()),
        DataType::LargeUtf8 => texts(&mut column.as_string::<i64>().iter()),
        DataType::Utf8View => texts(&mut column.as_string_view().iter()),
        DataType::Int32 => {
            let numbers = column.as_primitive::<Int32Type>().iter();
            Some(numbers.map(|number| number.map_or(ABSENT, number_hash)).collect())
        }
        DataType::List(_) => {
            let list = column.as_list::<i32>();
            let entries = hashes(list.values())?;
            let offsets = list.offsets().windows(2);
            let of_row = |(row, ends): (usize, &[i32])| {
                let &[from, to] = ends else { return ABSENT };
                let entries = entries.get(from as usize..to as usize).unwrap_or_default();
                let seed = mix(LIST ^ entries.len() as u64, TEXT);
                let hash = entries.iter().fold(seed, |hash, entry| mix(hash ^ entry, LIST));
                if list.is_null(row) { ABSENT } else { hash }
            };
            Some(offsets.enumerate().map(of_row).collect())
        }
        DataType::Dictionary(_, _) => {
            let values = column.as_any_dictionary_opt()?.values();
            of_dictionary(column, &hashes(values)?)
        }
        _ => None,
    }
}

/// The hashes of the rows of a dictionary, given those of its values.
fn of_dictionary(column: &ArrayRef, values: &[u64]) -> Option<Vec<u64>> {
    let column = column.as_ref();
    downcast_dictionary_array!(
        column => Some(of_keys(column, values)),
        _ => None
    )
}

fn of_keys<K: ArrowDictionaryKeyType>(column: &DictionaryArray<K>, values: &[u64]) -> Vec<u64> {
    let of_key =
        |key: Option<usize>| key.and_then(|key| values.get(key)).copied().unwrap_or(ABSENT);
    column.keys_iter().map(of_key).collect()
}

#[cfg(test)]
mod tests;
