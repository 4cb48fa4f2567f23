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
    let nulls = Arc::new(arrow_array::NullArray::new(1));
    let error = evaluate(STORE, nulls).unwrap_err().to_string();
    assert_eq!(error, "the column `store` is expected to be text, not Null");
    let absent = Arc::new(StringArray::from(vec![Some("feedback"), None]));
    assert!(evaluate(STORE, absent).unwrap_err().to_string().ends_with("not nothing"));
    // A column that nobody knows is left alone.
    assert!(evaluate("warehouse_key", Arc::new(Int64Array::from(vec![1]))).is_ok());
}

/// A row of the other store would be decided as what it is not.
#[test]
fn rows_that_the_action_does_not_apply_to_are_refused() {
    use consentry_columnar::graph::{BitId, Graph};
    use consentry_columnar::{About, ColumnError, Effect, Policy};
    use consentry_model::facts::Resource;
    for (resource, other) in
        [(Resource::Part, "feedback"), (Resource::FeedbackPart, "conversation")]
    {
        let about = About {
            set: "test".into(),
            set_hash: "none".into(),
            action: "x".into(),
            resources: vec![resource],
        };
        let (satisfied, errs) = (BitId::TRUE, BitId::FALSE);
        let policy = Policy { id: "p".into(), effect: Effect::Permit, satisfied, errs };
        let program = Program::new(about, vec![policy], Graph::new(), Ok(Vec::new())).unwrap();
        let mut evaluator = program.bind("", Instant::from_millis(0));
        let mut evaluate = |stores: &[&str]| {
            evaluator.evaluate(&RecordBatch::try_from_iter([(STORE, text(stores))]).unwrap())
        };
        let own = if other == "feedback" { "conversation" } else { "feedback" };
        assert_eq!(evaluate(&[own, own]).unwrap().permit().count_set_bits(), 2);
        let refused = evaluate(&[own, other]).unwrap_err();
        assert_eq!(refused, ColumnError::NotApplicable { store: other });
        assert!(evaluate(&["elsewhere"]).is_err());
    }
}

#[test]
fn two_columns_of_one_name_are_refused() {
    let program = program(&[crate::formula::Formula::Copy]);
    for name in [STORE, "plan"] {
        let batch = RecordBatch::try_from_iter([(name, text(&["feedback"])), (name, text(&["x"]))]);
        let error = program.bind("", Instant::from_millis(0)).evaluate(&batch.unwrap());
        assert_eq!(error.unwrap_err().to_string(), format!("there are two columns `{name}`"));
    }
}

/// Few steps may stand for an expression that nobody could go through.
#[test]
fn numbers_that_would_take_for_ever_are_refused() {
    use consentry_columnar::graph::{BitId, Graph, Relation};
    use consentry_columnar::{About, Effect, Policy, Turn};
    use consentry_model::facts::{Attribute, Resource};
    let refused = |make: &dyn Fn(&mut Graph) -> consentry_columnar::graph::NumberId,
                   turns: bool| {
        let mut graph = Graph::new();
        let (number, now) = (make(&mut graph), graph.now());
        let satisfied = graph.compare(Relation::Less, now, number);
        let turn = Turn { relation: Relation::Less, left: now, right: number };
        let about = About {
            set: "test".into(),
            set_hash: "none".into(),
            action: "retain".into(),
            resources: vec![Resource::Part],
        };
        let policy =
            Policy { id: "p".into(), effect: Effect::Permit, satisfied, errs: BitId::FALSE };
        let turns = if turns { vec![turn] } else { Vec::new() };
        Program::new(about, vec![policy], graph, Ok(turns)).unwrap_err().to_string()
    };
    let doubled = |graph: &mut Graph| {
        (0..16).fold(graph.time(Attribute::At), |number, _| graph.times(number, number))
    };
    assert!(refused(&doubled, false).contains("made of more than"));
    let chained = |graph: &mut Graph| {
        let by = graph.time(Attribute::StartedAt);
        (0..300).fold(graph.time(Attribute::At), |number, _| graph.times(number, by))
    };
    assert!(refused(&chained, false).contains("nested more than"));
    let many = |graph: &mut Graph| {
        let at = graph.time(Attribute::At);
        (2..2000)
            .map(|by| {
                let by = graph.constant(by);
                graph.times(at, by)
            })
            .last()
            .unwrap()
    };
    assert!(refused(&many, false).contains("calculates"));
    let daily = |graph: &mut Graph| {
        let now = graph.now();
        graph.time_of_day(now)
    };
    assert!(refused(&daily, true).contains("cannot be derived"));
}
