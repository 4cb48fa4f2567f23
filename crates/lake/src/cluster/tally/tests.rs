use super::*;
use arrow_array::types::UInt8Type;
use arrow_array::{Int32Array, ListArray, StringArray, StringViewArray};
use arrow_schema::{Field, Schema};
use proptest::prelude::*;

/// Conversation, part, permit or deny, reasons.
type Row = (Option<String>, i32, bool, Vec<String>);

fn column(name: &str, array: ArrayRef) -> (Field, ArrayRef) {
    (Field::new(name, array.data_type().clone(), true), array)
}

fn batch(columns: Vec<(Field, ArrayRef)>) -> RecordBatch {
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn reasons(rows: &[Row]) -> ArrayRef {
    let mut builder =
        arrow_array::builder::ListBuilder::new(arrow_array::builder::StringBuilder::new());
    for (.., reasons) in rows {
        reasons.iter().for_each(|reason| builder.values().append_value(reason));
        builder.append(true);
    }
    Arc::new(builder.finish())
}

fn word(row: &Row) -> &'static str {
    if row.2 { "permit" } else { "deny" }
}

fn plain(rows: &[Row]) -> RecordBatch {
    batch(vec![
        column(
            "conversation",
            Arc::new(rows.iter().map(|row| row.0.as_deref()).collect::<StringArray>()),
        ),
        column("part", Arc::new(rows.iter().map(|row| row.1).collect::<Int32Array>())),
        column(
            "decision",
            Arc::new(rows.iter().map(|row| Some(word(row))).collect::<StringArray>()),
        ),
        column("reasons", reasons(rows)),
    ])
}

fn tally(batches: &[RecordBatch]) -> Tally {
    let mut counter = Counter::default();
    batches.iter().for_each(|batch| counter.add(batch).unwrap());
    counter.tally()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        proptest::option::of("[a-c]{0,20}"),
        0i32..3,
        any::<bool>(),
        proptest::collection::vec("[xy]{0,9}", 0..3),
    );
    proptest::collection::vec(row, 1..40)
}

proptest! {
    #[test]
    fn neither_order_nor_batches_matter(rows in rows(), at in any::<prop::sample::Index>()) {
        let whole = tally(&[plain(&rows)]);
        let mut reversed = rows.clone();
        reversed.reverse();
        let (first, second) = reversed.split_at(at.index(rows.len()));
        prop_assert_eq!(tally(&[plain(first), plain(second)]), whole);
        prop_assert_eq!(whole.rows, rows.len() as u64);
        prop_assert_eq!(whole.permitted, rows.iter().filter(|row| row.2).count() as u64);
    }

    #[test]
    fn the_kind_of_array_does_not_matter(rows in rows()) {
        let ids = rows.iter().map(|row| row.0.as_deref());
        let words = rows.iter().map(|row| Some(word(row)));
        let plain = plain(&rows);
        let list = plain.column(3).as_list::<i32>().clone();
        let (_, offsets, values, nulls) = list.into_parts();
        let values: DictionaryArray<Int32Type> = values.as_string::<i32>().iter().collect();
        let field = Arc::new(Field::new("item", values.data_type().clone(), true));
        let other = batch(vec![
            column("conversation", Arc::new(ids.collect::<StringViewArray>())),
            column("part", plain.column(1).clone()),
            column("decision", Arc::new(words.collect::<DictionaryArray<UInt8Type>>())),
            column("reasons", Arc::new(ListArray::new(field, offsets, Arc::new(values), nulls))),
        ]);
        prop_assert_eq!(tally(&[other]), tally(&[plain]));
    }

    #[test]
    fn batches_may_share_their_dictionaries(rows in rows(), at in any::<prop::sample::Index>()) {
        let ids = rows.iter().map(|row| row.0.as_deref());
        let plain = plain(&rows);
        let shared = batch(vec![
            column("conversation", Arc::new(ids.collect::<DictionaryArray<Int32Type>>())),
            column("part", plain.column(1).clone()),
            column("decision", plain.column(2).clone()),
            column("reasons", plain.column(3).clone()),
        ]);
        let at = at.index(rows.len());
        let parts = [shared.slice(0, at), shared.slice(at, rows.len() - at)];
        prop_assert_eq!(tally(&parts), tally(&[plain]));
    }

    #[test]
    fn a_slice_counts_as_its_rows_alone(rows in rows(), at in any::<prop::sample::Index>()) {
        let at = at.index(rows.len());
        let slice = plain(&rows).slice(at, rows.len() - at);
        prop_assert_eq!(tally(&[slice]), tally(&[plain(&rows[at..])]));
    }

    #[test]
    fn any_change_shows(rows in rows(), at in any::<prop::sample::Index>(), what in 0..6) {
        let before = tally(&[plain(&rows)]);
        let mut changed = rows.clone();
        let at = at.index(rows.len());
        match what {
            0 => changed[at].0 = Some("another".to_owned()),
            1 => changed[at].1 += 1,
            2 => changed[at].2 = !changed[at].2,
            3 => changed[at].3.push("z".to_owned()),
            4 => drop(changed.remove(at)),
            _ => changed.push(rows[at].clone()),
        }
        if changed.is_empty() {
            return Ok(());
        }
        prop_assert_ne!(tally(&[plain(&changed)]), before);
    }
}

#[test]
fn values_that_change_places_show() {
    let row =
        |id: &str, part, reason: &str| (Some(id.to_owned()), part, true, vec![reason.to_owned()]);
    let before = tally(&[plain(&[row("a", 0, "x"), row("b", 1, "y")])]);
    assert_ne!(tally(&[plain(&[row("a", 0, "y"), row("b", 1, "x")])]), before);
    assert_ne!(tally(&[plain(&[row("a", 1, "x"), row("b", 0, "y")])]), before);
}

#[test]
fn other_types_are_refused_by_name() {
    let odd = batch(vec![column("odd", Arc::new(arrow_array::BooleanArray::from(vec![true])))]);
    let error = Counter::default().add(&odd).unwrap_err();
    assert_eq!(error, "column `odd` has a type that decisions do not have");
}

#[test]
fn tallies_survive_being_written_down() {
    let tally = Tally { rows: 10, permitted: 3, fingerprint: 0xfe };
    assert_eq!(tally.to_string(), "10 3 00000000000000fe");
    assert_eq!(tally.to_string().parse(), Ok(tally));
    for wrong in ["", "1", "1 2", "1 2 x", "1 2 3 4", "-1 2 3"] {
        assert!(wrong.parse::<Tally>().is_err(), "{wrong}");
    }
}
