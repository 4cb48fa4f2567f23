//! A lowered policy set as it travels: whatever the bytes are, they are refused, or are a program
//! that ends and gives the same bits with all instructions.

#![no_main]

use consentry_columnar::{ColumnError, Columns, Instructions, Program};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use libfuzzer_sys::fuzz_target;

/// One row a store: a program answers for one of them, and refuses the other.
fn columns() -> [Columns; 2] {
    [Resource::Part, Resource::FeedbackPart].map(|store| {
        let mut row = Facts::new(store);
        row.set(Attribute::Plan, Some(Value::Text("pro")));
        row.set(Attribute::Adult, Some(Value::Bool(true)));
        row.set(Attribute::LastActivity, Some(Value::Time(Instant::from_millis(i64::MAX))));
        Columns::of_rows(&[row], Attribute::ALL)
    })
}

fuzz_target!(|input: &[u8]| {
    let Ok(program) = Program::from_bytes(input) else { return };
    let now = Instant::from_millis(0);
    for columns in columns() {
        let found: Vec<_> = Instructions::available()
            .into_iter()
            .map(|instructions| {
                let mut evaluator = program.bind("safeguards", now).with(instructions);
                match evaluator.evaluate_columns(&columns) {
                    Ok(votes) => Some(votes.permit()),
                    Err(ColumnError::NotApplicable { .. }) => None,
                    Err(error) => panic!("rows made here have the right columns: {error}"),
                }
            })
            .collect();
        assert!(found.windows(2).all(|pair| pair[0] == pair[1]));
        let Ok(mut retainer) = program.bind_retention("", now) else { continue };
        match retainer.retain(&columns) {
            Ok(kept) => assert_eq!(kept.until().len(), 1),
            Err(ColumnError::NotApplicable { .. }) => {}
            Err(error) => panic!("rows made here have the right columns: {error}"),
        }
    }
});
