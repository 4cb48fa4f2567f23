//! A lowered policy set as it travels: whatever the bytes are, they are refused, or are a program
//! that ends and gives the same bits with all instructions.

#![no_main]

use consentry_columnar::{Columns, Instructions, Program};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use libfuzzer_sys::fuzz_target;

fn rows() -> Vec<Facts<'static>> {
    let mut row = Facts::new(Resource::Part);
    row.set(Attribute::Plan, Some(Value::Text("pro")));
    row.set(Attribute::Adult, Some(Value::Bool(true)));
    row.set(Attribute::LastActivity, Some(Value::Time(Instant::from_millis(i64::MAX))));
    vec![row, Facts::new(Resource::FeedbackPart)]
}

fuzz_target!(|input: &[u8]| {
    let Ok(program) = Program::from_bytes(input) else { return };
    let columns = Columns::of_rows(&rows(), Attribute::ALL);
    let now = Instant::from_millis(0);
    let mut found = Vec::new();
    for instructions in Instructions::available() {
        let votes = program.bind("safeguards", now).with(instructions).evaluate_columns(&columns);
        found.push(votes.expect("rows made here have the right columns").permit());
    }
    assert!(found.windows(2).all(|pair| pair[0] == pair[1]));
    if let Ok(mut retainer) = program.bind_retention("", now) {
        let kept = retainer.retain(&columns).expect("rows made here have the right columns");
        assert_eq!(kept.until().len(), 2);
    }
});
