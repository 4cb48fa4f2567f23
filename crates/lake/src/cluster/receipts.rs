//! What tasks say that they did, held to what was planned and to what is found.

use super::ClusterError;
use super::tally::Tally;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{UInt32Type, UInt64Type};
use arrow_array::{RecordBatch, UInt32Array, UInt64Array};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use datafusion::common::{Result, internal_err};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a task did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The file of facts that it decided.
    pub bucket: u32,
    /// What its decisions come to.
    pub tally: Tally,
}

const FIELDS: [(&str, DataType); 4] = [
    ("bucket", DataType::UInt32),
    ("rows", DataType::UInt64),
    ("permitted", DataType::UInt64),
    ("fingerprint", DataType::UInt64),
];

/// The columns of receipts.
#[must_use]
pub fn schema() -> SchemaRef {
    let fields = FIELDS.into_iter().map(|(name, of)| Field::new(name, of, false));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Receipts as a batch of [`schema`].
///
/// # Errors
///
/// Never, as long as the schema is this module's.
pub fn to_batch(receipts: &[Receipt]) -> Result<RecordBatch> {
    let numbers = |number: fn(&Tally) -> u64| {
        Arc::new(receipts.iter().map(|receipt| number(&receipt.tally)).collect::<UInt64Array>())
    };
    let buckets = receipts.iter().map(|receipt| receipt.bucket).collect::<UInt32Array>();
    Ok(RecordBatch::try_new(
        schema(),
        vec![
            Arc::new(buckets),
            numbers(|tally| tally.rows),
            numbers(|tally| tally.permitted),
            numbers(|tally| tally.fingerprint),
        ],
    )?)
}

/// The receipts of a batch.
///
/// # Errors
///
/// When the batch is not of [`schema`].
pub fn from_batch(batch: &RecordBatch) -> Result<Vec<Receipt>> {
    let number = |name: &str| {
        batch.column_by_name(name).and_then(|column| column.as_primitive_opt::<UInt64Type>())
    };
    let buckets =
        batch.column_by_name("bucket").and_then(|column| column.as_primitive_opt::<UInt32Type>());
    let (Some(buckets), Some(rows), Some(permitted), Some(fingerprints)) =
        (buckets, number("rows"), number("permitted"), number("fingerprint"))
    else {
        return internal_err!("what came back are not receipts");
    };
    let tallies = rows.values().iter().zip(permitted.values()).zip(fingerprints.values());
    let receipt = |(bucket, ((rows, permitted), fingerprint)): (&u32, ((&u64, &u64), &u64))| {
        let tally = Tally { rows: *rows, permitted: *permitted, fingerprint: *fingerprint };
        Receipt { bucket: *bucket, tally }
    };
    Ok(buckets.values().iter().zip(tallies).map(receipt).collect())
}

/// Holds the receipts to the plan: one for each bucket that has rows, with as many as it has.
/// Returns what they say of each bucket.
///
/// # Errors
///
/// [`ClusterError::Differs`], naming the bucket.
pub fn check(
    planned: &BTreeMap<u32, u64>,
    receipts: &[Receipt],
) -> Result<BTreeMap<u32, Tally>, ClusterError> {
    let mut told = BTreeMap::new();
    for Receipt { bucket, tally } in receipts {
        let Some(rows) = planned.get(bucket) else {
            return Err(ClusterError::Differs(format!("bucket {bucket} was not planned")));
        };
        if tally.rows != *rows {
            let told = tally.rows;
            return Err(ClusterError::Differs(format!(
                "bucket {bucket} has {rows} rows, but {told} were decided"
            )));
        }
        if told.insert(*bucket, *tally).is_some() {
            return Err(ClusterError::Differs(format!("bucket {bucket} was decided twice")));
        }
    }
    match planned.iter().find(|(bucket, rows)| **rows > 0 && !told.contains_key(bucket)) {
        Some((bucket, _)) => Err(ClusterError::Differs(format!("bucket {bucket} was not decided"))),
        None => Ok(told),
    }
}

/// What is found where a task said that it did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// How many rows, or sources.
    pub rows: u64,
    /// The fingerprint of what is there.
    pub fingerprint: u64,
}

/// Holds what is found to what the task said.
///
/// # Errors
///
/// [`ClusterError::Differs`], naming the bucket.
pub fn check_found(bucket: u32, told: Tally, found: Found) -> Result<(), ClusterError> {
    if (told.rows, told.fingerprint) == (found.rows, found.fingerprint) {
        return Ok(());
    }
    Err(ClusterError::Differs(format!(
        "the executor answered {} rows of bucket {bucket} (fingerprint {:016x}), but {} are found \
         (fingerprint {:016x})",
        told.rows, told.fingerprint, found.rows, found.fingerprint
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(bucket: u32, rows: u64) -> Receipt {
        Receipt { bucket, tally: Tally { rows, permitted: rows / 2, fingerprint: rows * 7 } }
    }

    #[test]
    fn receipts_survive_their_batch() {
        let receipts = [receipt(3, 10), receipt(0, 0)];
        assert_eq!(from_batch(&to_batch(&receipts).unwrap()).unwrap(), receipts);
        assert!(from_batch(&RecordBatch::new_empty(Arc::new(Schema::empty()))).is_err());
    }

    #[test]
    fn receipts_that_fit_the_plan() {
        // A bucket without rows makes no receipt.
        let planned = BTreeMap::from([(0, 10), (1, 0), (2, 4)]);
        let told = check(&planned, &[receipt(2, 4), receipt(0, 10)]).unwrap();
        assert_eq!(told[&2].rows, 4);
        assert_eq!(told.len(), 2);
    }

    #[test]
    fn receipts_that_do_not() {
        let planned = BTreeMap::from([(0, 10), (2, 4)]);
        let cases: [(&[Receipt], &str); 4] = [
            (&[receipt(0, 10)], "bucket 2 was not decided"),
            (&[receipt(0, 10), receipt(2, 3)], "bucket 2 has 4 rows, but 3 were decided"),
            (&[receipt(0, 10), receipt(2, 4), receipt(0, 10)], "bucket 0 was decided twice"),
            (&[receipt(0, 10), receipt(2, 4), receipt(9, 1)], "bucket 9 was not planned"),
        ];
        for (receipts, reason) in cases {
            let error = check(&planned, receipts).unwrap_err().to_string();
            assert!(error.ends_with(reason), "{error}");
        }
    }

    #[test]
    fn files_that_do_not_hold_what_was_written() {
        let told = receipt(1, 10).tally;
        let found = Found { rows: told.rows, fingerprint: told.fingerprint };
        check_found(1, told, found).unwrap();
        check_found(1, told, Found { fingerprint: 1, ..found }).unwrap_err();
        check_found(1, told, Found { rows: 9, ..found }).unwrap_err();
    }
}
