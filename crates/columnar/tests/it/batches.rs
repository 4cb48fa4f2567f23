//! Batches of every shape give what the formulas say: any kind of text column, nulls, slices that
//! begin anywhere, any instructions, after travelling as bytes.

use crate::formula::{Formula, Situation, TEXTS, formula, program};
use arrow_array::types::{Int8Type, Int32Type, UInt16Type, UInt64Type};
use arrow_array::{
    Array as _, ArrayRef, BooleanArray, DictionaryArray, LargeStringArray, RecordBatch,
    StringArray, StringViewArray, TimestampMillisecondArray,
};
use arrow_schema::{Field, Schema};
use consentry_columnar::{Decisions, Instructions, Program, STORE};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Type, Value};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::HashSet;
use std::sync::Arc;

/// A row: a value or nothing for each attribute that formulas read.
#[derive(Clone, Debug)]
struct Row {
    is_copy: bool,
    texts: [Option<&'static str>; 3],
    truths: [Option<bool>; 2],
    times: [Option<i64>; 3],
}

const WORDS: [Attribute; 3] = [Attribute::Plan, Attribute::Origin, Attribute::Region];
const TRUTHS: [Attribute; 2] = [Attribute::Adult, Attribute::Incognito];
const TIMES: [Attribute; 3] = [Attribute::LastActivity, Attribute::DeletedAt, Attribute::At];

fn row() -> impl Strategy<Value = Row> {
    let text = || prop::option::weighted(0.8, select(TEXTS.to_vec()));
    let truth = || prop::option::weighted(0.8, any::<bool>());
    let number = || prop_oneof![-3..4i64, Just(i64::MIN), Just(i64::MAX), any::<i64>()];
    let time = || prop::option::weighted(0.7, number());
    (any::<bool>(), [text(), text(), text()], [truth(), truth()], [time(), time(), time()])
        .prop_map(|(is_copy, texts, truths, times)| Row { is_copy, texts, truths, times })
}

impl Row {
    fn facts(&self) -> Facts<'static> {
        let mut facts =
            Facts::new(if self.is_copy { Resource::FeedbackPart } else { Resource::Part });
        for (attribute, text) in WORDS.iter().zip(self.texts) {
            facts.set(*attribute, text.map(Value::Text));
        }
        for (attribute, truth) in TRUTHS.iter().zip(self.truths) {
            facts.set(*attribute, truth.map(Value::Bool));
        }
        for (attribute, time) in TIMES.iter().zip(self.times) {
            facts.set(*attribute, time.map(|at| Value::Time(Instant::from_millis(at))));
        }
        facts
    }
}

/// A column of text, of one of the types that there are.
fn text_column(kind: usize, texts: &[Option<&str>]) -> ArrayRef {
    let iter = || texts.iter().copied();
    match kind {
        0 => Arc::new(iter().collect::<StringArray>()),
        1 => Arc::new(iter().collect::<LargeStringArray>()),
        2 => Arc::new(iter().collect::<StringViewArray>()),
        3 => Arc::new(iter().collect::<DictionaryArray<Int8Type>>()),
        4 => Arc::new(iter().collect::<DictionaryArray<UInt16Type>>()),
        5 => Arc::new(iter().collect::<DictionaryArray<UInt64Type>>()),
        // A dictionary that holds every text twice, texts that no row has, and an absent one.
        _ => {
            let values: Vec<Option<&str>> =
                TEXTS.iter().chain(&TEXTS).copied().map(Some).chain([None]).collect();
            let keys = texts.iter().enumerate().map(|(row, text)| {
                let Some(text) = text else {
                    // Absent by its key, or by what the key leads to.
                    return (row % 2 == 0).then_some(12);
                };
                let first = TEXTS.iter().position(|known| known == text).unwrap();
                Some(i32::try_from(first + 6 * (row % 2)).unwrap())
            });
            let values: ArrayRef = Arc::new(values.into_iter().collect::<StringArray>());
            Arc::new(DictionaryArray::<Int32Type>::new(keys.collect(), values))
        }
    }
}

fn batch(rows: &[Row], kind: usize) -> RecordBatch {
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    let store = rows.iter().map(|row| Some(if row.is_copy { "feedback" } else { "conversation" }));
    columns.push((STORE, text_column(kind % 6, &store.collect::<Vec<_>>())));
    for (index, attribute) in Attribute::ALL.iter().enumerate() {
        let name = attribute.as_str();
        let place = |list: &[Attribute]| list.iter().position(|known| known == attribute);
        let column: ArrayRef = match attribute.type_of() {
            Type::Text => {
                let Some(place) = place(&WORDS) else { continue };
                let texts: Vec<_> = rows.iter().map(|row| row.texts[place]).collect();
                text_column((kind + index) % 7, &texts)
            }
            Type::Bool => {
                let Some(place) = place(&TRUTHS) else { continue };
                Arc::new(rows.iter().map(|row| row.truths[place]).collect::<BooleanArray>())
            }
            Type::Time => {
                let Some(place) = place(&TIMES) else { continue };
                let times = rows.iter().map(|row| row.times[place]);
                Arc::new(times.collect::<TimestampMillisecondArray>().with_timezone("UTC"))
            }
        };
        columns.push((name, column));
    }
    let fields: Vec<_> = columns
        .iter()
        .map(|(name, column)| Field::new(*name, column.data_type().clone(), true))
        .collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_row_is_what_the_formulas_say(
        formulas in prop::collection::vec(formula(), 1..6),
        rows in prop::collection::vec(row(), 1..200),
        begin in 0..70usize,
        kind in 0..7usize,
        purpose in select(TEXTS.to_vec()),
        now in prop_oneof![-3..4i64, Just(i64::MIN), Just(i64::MAX)],
    ) {
        let begin = begin.min(rows.len());
        let made = program(&formulas);
        let program = Program::from_bytes(&made.to_bytes().unwrap()).unwrap();
        let batch = batch(&rows, kind).slice(begin, rows.len() - begin);
        for instructions in Instructions::available() {
            let mut evaluator = program.bind(purpose, Instant::from_millis(now)).with(instructions);
            let votes = evaluator.evaluate(&batch).unwrap();
            prop_assert_eq!(votes.rows(), rows.len() - begin);
            let mut decisions = Decisions::new();
            let numbers = decisions.number(&votes);
            prop_assert_eq!(numbers.len(), votes.rows());
            for mut decisions in [decisions.clone(), Decisions::with_permits()] {
                let _ = decisions.number(&votes);
                let different: HashSet<_> = decisions.all().iter().collect();
                prop_assert_eq!(different.len(), decisions.all().len());
            }
            for (index, row) in rows[begin..].iter().enumerate() {
                let facts = row.facts();
                let at = Situation { row: &facts, purpose, now };
                let expected: Vec<bool> = formulas.iter().map(|formula| formula.holds(at)).collect();
                let found: Vec<bool> =
                    (0..formulas.len()).map(|policy| votes.satisfied(policy).value(index)).collect();
                prop_assert_eq!(&found, &expected, "row {} {:?}", index, row);
                let side = |effect: usize| {
                    expected.iter().enumerate().any(|(policy, is)| policy % 2 == effect && *is)
                };
                let permit = side(0) && !side(1);
                prop_assert_eq!(votes.permit().value(index), permit);
                let decision = &decisions.all()[numbers[index] as usize];
                prop_assert_eq!(decision.permit, permit);
                prop_assert_eq!(&decision.reasons[..], &reasons(&expected, permit)[..]);
            }
        }
    }
}

/// The policies on the side that won, in the order of their ids.
fn reasons(satisfied: &[bool], permit: bool) -> Vec<Arc<str>> {
    let winning = usize::from(!permit);
    let all = satisfied.iter().enumerate();
    let won = all.filter(|(policy, is)| **is && policy % 2 == winning);
    let mut ids: Vec<Arc<str>> = won.map(|(policy, _)| format!("p{policy}").into()).collect();
    ids.sort_unstable();
    ids
}

/// With more policies than a word has bits.
#[test]
fn decisions_of_many_policies() {
    let formulas: Vec<Formula> = (0..90)
        .map(|index| match index % 3 {
            0 => Formula::OneOf(Attribute::Plan, vec![TEXTS[index % 6]]),
            1 => Formula::Starts(Attribute::Origin, TEXTS[index / 3 % 6]),
            _ => Formula::Has(Attribute::ALL[index % Attribute::ALL.len()]),
        })
        .collect();
    let rows: Vec<Row> = (0..300usize)
        .map(|index| Row {
            is_copy: false,
            texts: [0, 1, 2]
                .map(|shift| (index % 7 != shift).then_some(TEXTS[(index + shift) % 6])),
            truths: [None; 2],
            times: [(index % 2 == 0).then_some(0), None, None],
        })
        .collect();
    let votes =
        program(&formulas).bind("", Instant::from_millis(0)).evaluate(&batch(&rows, 3)).unwrap();
    let mut decisions = Decisions::new();
    let numbers = decisions.number(&votes);
    for (index, row) in rows.iter().enumerate() {
        let facts = row.facts();
        let at = Situation { row: &facts, purpose: "", now: 0 };
        let expected: Vec<bool> = formulas.iter().map(|formula| formula.holds(at)).collect();
        let decision = &decisions.all()[numbers[index] as usize];
        assert_eq!(decision.permit, votes.permit().value(index));
        assert_eq!(decision.reasons[..], reasons(&expected, decision.permit)[..], "{row:?}");
    }
    assert!(decisions.all().len() > 5);
}

#[test]
fn more_rows_than_a_block() {
    let formulas = [
        Formula::Not(Box::new(Formula::Has(Attribute::DeletedAt))),
        Formula::OneOf(Attribute::Plan, vec!["a", "ab"]),
    ];
    let rows: Vec<Row> = (0..10_000usize)
        .map(|index| Row {
            is_copy: false,
            texts: [Some(TEXTS[index % 6]), None, None],
            truths: [None; 2],
            times: [None, (index % 5000 < 4999).then_some(0), None],
        })
        .collect();
    let votes = program(&formulas)
        .bind("", Instant::from_millis(0))
        .evaluate(&batch(&rows, 0).slice(1, 9_999))
        .unwrap();
    assert_eq!(votes.satisfied(0).set_indices().collect::<Vec<_>>(), [4998, 9998]);
    assert_eq!(votes.satisfied(1).count_set_bits(), 3334);
    // The other of the two has the plan that is forbidden.
    assert_eq!(votes.permit().set_indices().collect::<Vec<_>>(), [9998]);
}
