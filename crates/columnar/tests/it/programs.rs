//! Programs as bytes, and columns that no program can read.

use crate::formula::{formula, program};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use consentry_columnar::{Program, STORE};
use consentry_model::Instant;
use proptest::prelude::*;
use std::sync::Arc;

proptest! {
    #[test]
    fn damaged_bytes_are_an_error_or_another_program(
        formulas in prop::collection::vec(formula(), 1..4),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = program(&formulas).to_bytes().unwrap();
        for (place, byte) in damage {
            *place.get_mut::<u8>(&mut bytes) = byte;
        }
        if let Ok(program) = Program::from_bytes(&bytes) {
            let rows = RecordBatch::try_from_iter([("plan", text(&["free", "pro"]))]).unwrap();
            let _ = program.bind("x", Instant::from_millis(0)).evaluate(&rows);
        }
    }
}

fn text(texts: &[&str]) -> ArrayRef {
    Arc::new(texts.iter().map(|text| Some(*text)).collect::<StringArray>())
}

#[test]
fn what_is_no_program_is_told_as_such() {
    for (bytes, expected) in [
        (&b""[..], "the bytes end too early or are none"),
        (&[99][..], "this is version 99"),
        (&[1, 3][..], "it is damaged"),
    ] {
        let error = Program::from_bytes(bytes).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn columns_of_another_type_are_named() {
    use crate::formula::Formula::{Copy, Has};
    use consentry_model::facts::Attribute::DeletedAt;
    let program = program(&[Has(DeletedAt), Copy]);
    let evaluate = |name: &str, column: ArrayRef| {
        let batch = RecordBatch::try_from_iter([(name, column)]).unwrap();
        program.bind("", Instant::from_millis(0)).evaluate(&batch)
    };
    let error = evaluate("deleted_at", Arc::new(Int64Array::from(vec![1]))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the column `deleted_at` is expected to be an instant (a timestamp in milliseconds), not \
         Int64"
    );
    let error = evaluate(STORE, text(&["feedback", "elsewhere"])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the column `store` is expected to hold `conversation` or `feedback` in every row, not \
         `elsewhere`"
    );
    let absent = Arc::new(StringArray::from(vec![Some("feedback"), None]));
    assert!(evaluate(STORE, absent).unwrap_err().to_string().ends_with("not nothing"));
    // A column that nobody knows is left alone.
    assert!(evaluate("warehouse_key", Arc::new(Int64Array::from(vec![1]))).is_ok());
}
