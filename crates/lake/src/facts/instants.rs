//! Instants in any unit, as columns have them, in whole milliseconds.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowTimestampType, TimestampMicrosecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, ArrayRef, TimestampMillisecondArray};
use arrow_schema::{DataType, TimeUnit};
use std::sync::Arc;

/// A column of instants in milliseconds; any other column as it is. What is finer is cut, as a
/// history's times are: towards the past. `None` when an instant in seconds is out of range.
pub(super) fn to_millis(column: ArrayRef) -> Option<ArrayRef> {
    let DataType::Timestamp(unit, zone) = column.data_type() else { return Some(column) };
    let millis = match unit {
        TimeUnit::Millisecond => return Some(column),
        TimeUnit::Second => map::<TimestampSecondType>(&column, |at| at.checked_mul(1000))?,
        TimeUnit::Microsecond => {
            map::<TimestampMicrosecondType>(&column, |at| Some(at.div_euclid(1000)))?
        }
        TimeUnit::Nanosecond => {
            map::<TimestampNanosecondType>(&column, |at| Some(at.div_euclid(1_000_000)))?
        }
    };
    Some(Arc::new(millis.with_timezone_opt(zone.clone())))
}

fn map<T: ArrowTimestampType>(
    column: &ArrayRef,
    to: impl Fn(i64) -> Option<i64>,
) -> Option<TimestampMillisecondArray> {
    let from = column.as_primitive::<T>();
    // What stands in the place of a null is not an instant.
    let values: Option<Vec<i64>> = from
        .values()
        .iter()
        .enumerate()
        .map(|(row, at)| if from.is_null(row) { Some(0) } else { to(*at) })
        .collect();
    Some(TimestampMillisecondArray::new(values?.into(), from.nulls().cloned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::TimestampMillisecondType;
    use arrow_array::{TimestampMicrosecondArray, TimestampNanosecondArray, TimestampSecondArray};

    fn millis(column: ArrayRef) -> Option<Vec<Option<i64>>> {
        Some(to_millis(column)?.as_primitive::<TimestampMillisecondType>().iter().collect())
    }

    #[test]
    fn what_is_finer_is_cut_towards_the_past() {
        let micros =
            TimestampMicrosecondArray::from(vec![Some(1_999), Some(-1), None, Some(-1000)]);
        let expected = Some(vec![Some(1), Some(-1), None, Some(-1)]);
        assert_eq!(millis(Arc::new(micros)), expected);
        let nanos = TimestampNanosecondArray::from(vec![Some(1_999_999), Some(-1)]);
        assert_eq!(millis(Arc::new(nanos)), Some(vec![Some(1), Some(-1)]));
    }

    #[test]
    fn seconds_out_of_range_are_refused_unless_they_are_nulls() {
        let far = TimestampSecondArray::from(vec![Some(i64::MAX)]);
        assert_eq!(millis(Arc::new(far)), None);
        let fine = TimestampSecondArray::from(vec![Some(2), None]);
        assert_eq!(millis(Arc::new(fine)), Some(vec![Some(2000), None]));
    }
}
