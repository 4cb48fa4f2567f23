//! `consentry_decide`: the decisions on a batch of facts.

use super::idle::Idle;
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array as _, ArrayRef, DictionaryArray, Int32Array, ListArray, RecordBatch, StringArray,
    StructArray,
};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, FieldRef, Fields};
use consentry_columnar::{Decisions, Evaluator, Program, STORE};
use consentry_model::Instant;
use datafusion::common::{DataFusionError, Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The name of the function.
pub const DECIDE: &str = "consentry_decide";

/// `consentry_decide(program, purpose, now, facts)`: a decision and its reasons for each row.
///
/// - `program`: a constant of bytes, from `Program::to_bytes`; it is checked before it is used
/// - `purpose`: a constant of text
/// - `now`: a constant instant: a timestamp in milliseconds, or milliseconds since 1970 as a number
/// - `facts`: a structure with a field for `store`, if the action is about parts, and for each
///   attribute that the program reads once purpose and instant are known. One that is missing is an
///   error, not an absent value.
///
/// The result is of [`answer_type`].
#[derive(Debug)]
pub(super) struct Decide {
    signature: Signature,
    idle: Idle<Asked, Bound>,
}

/// All of them are one.
impl PartialEq for Decide {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Decide {}

impl Hash for Decide {
    fn hash<H: Hasher>(&self, state: &mut H) {
        DECIDE.hash(state);
    }
}

/// The constants of a call.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    program: Vec<u8>,
    purpose: String,
    now: Instant,
}

/// A program that is ready to evaluate batches.
#[derive(Debug)]
struct Bound {
    evaluator: Evaluator,
    decisions: Decisions,
    answers: Answers,
}

fn word_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn reason_field() -> FieldRef {
    Arc::new(Field::new_list_field(word_type(), false))
}

fn answer_fields() -> Fields {
    Fields::from(vec![
        Field::new("decision", word_type(), false),
        Field::new("reasons", DataType::List(reason_field()), false),
    ])
}

/// What the function returns: a structure of `decision`, which is `permit` or `deny`, and
/// `reasons`, a list of texts in the contract's order. Both as dictionaries, since there are few.
#[must_use]
pub fn answer_type() -> DataType {
    DataType::Struct(answer_fields())
}

impl Decide {
    pub(super) fn new() -> Self {
        Self { signature: Signature::any(4, Volatility::Immutable), idle: Idle::new() }
    }

    fn bound(&self, program: &[u8], purpose: &str, now: Instant) -> Result<(Asked, Bound)> {
        let same = |asked: &Asked| {
            asked.now == now && asked.purpose == purpose && asked.program == program
        };
        if let Some(found) = self.idle.take(same) {
            return Ok(found);
        }
        let parsed = Program::from_bytes(program).map_err(external)?;
        let bound = Bound {
            evaluator: parsed.bind(purpose, now),
            decisions: Decisions::default(),
            answers: Answers::default(),
        };
        let asked = Asked { program: program.to_vec(), purpose: purpose.to_owned(), now };
        Ok((asked, bound))
    }
}

fn external(error: impl std::error::Error + Send + Sync + 'static) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

impl ScalarUDFImpl for Decide {
    fn name(&self) -> &str {
        DECIDE
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(answer_type())
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let [program, purpose, now, facts] = arguments.scalar_arguments else {
            return plan_err!("{DECIDE} takes a program, a purpose, an instant and facts");
        };
        if program.and_then(bytes).is_none() {
            return plan_err!(
                "{DECIDE}: expected the first argument, the program, as constant bytes"
            );
        }
        if purpose.and_then(text).is_none() {
            return plan_err!(
                "{DECIDE}: expected the second argument, the purpose, as constant text"
            );
        }
        if now.and_then(instant).is_none() {
            return plan_err!(
                "{DECIDE}: expected the third argument, the instant, as a constant timestamp in \
                 milliseconds or a constant number of milliseconds since 1970"
            );
        }
        let of_facts = arguments.arg_fields.get(3).map(|field| field.data_type());
        if facts.is_some() || !matches!(of_facts, Some(DataType::Struct(_))) {
            return plan_err!("{DECIDE}: expected the fourth argument, the facts, as a structure");
        }
        Ok(Arc::new(Field::new(DECIDE, answer_type(), false)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [program, purpose, now, ColumnarValue::Array(facts)] = arguments.args.as_slice() else {
            return exec_err!("{DECIDE} takes a program, a purpose, an instant and facts");
        };
        let (Some(program), Some(purpose), Some(now)) = (
            constant(program).and_then(bytes),
            constant(purpose).and_then(text),
            constant(now).and_then(instant),
        ) else {
            return exec_err!(
                "{DECIDE}: the program, the purpose and the instant must be constants"
            );
        };
        let batch = batch(facts)?;
        let (asked, mut bound) = self.bound(program, purpose, now)?;
        let answer = bound.evaluate(&batch);
        self.idle.give(asked, bound);
        Ok(ColumnarValue::Array(Arc::new(answer?)))
    }
}

const fn constant(value: &ColumnarValue) -> Option<&ScalarValue> {
    match value {
        ColumnarValue::Scalar(value) => Some(value),
        ColumnarValue::Array(_) => None,
    }
}

fn bytes(value: &ScalarValue) -> Option<&[u8]> {
    match value {
        ScalarValue::Binary(Some(bytes))
        | ScalarValue::LargeBinary(Some(bytes))
        | ScalarValue::BinaryView(Some(bytes)) => Some(bytes),
        _ => None,
    }
}

fn text(value: &ScalarValue) -> Option<&str> {
    match value {
        ScalarValue::Utf8(Some(text))
        | ScalarValue::LargeUtf8(Some(text))
        | ScalarValue::Utf8View(Some(text)) => Some(text),
        _ => None,
    }
}

const fn instant(value: &ScalarValue) -> Option<Instant> {
    match value {
        ScalarValue::Int64(Some(millis)) | ScalarValue::TimestampMillisecond(Some(millis), _) => {
            Some(Instant::from_millis(*millis))
        }
        _ => None,
    }
}

/// The fields of a structure as a batch.
fn batch(facts: &ArrayRef) -> Result<RecordBatch> {
    let Some(facts) = facts.as_struct_opt() else {
        return exec_err!("{DECIDE}: expected the fourth argument, the facts, as a structure");
    };
    if facts.null_count() > 0 {
        return exec_err!("{DECIDE}: the facts of a row are null as a whole; only fields may be");
    }
    Ok(RecordBatch::from(facts))
}

impl Bound {
    fn evaluate(&mut self, batch: &RecordBatch) -> Result<StructArray> {
        let schema = batch.schema_ref();
        for attribute in self.evaluator.reads() {
            if schema.column_with_name(attribute.as_str()).is_none() {
                return exec_err!(
                    "{DECIDE}: the program reads `{}`, which the facts do not have",
                    attribute.as_str()
                );
            }
        }
        if self.evaluator.reads_store() && schema.column_with_name(STORE).is_none() {
            return exec_err!(
                "{DECIDE}: the program asks for `{STORE}`, which the facts do not have"
            );
        }
        let votes = self.evaluator.evaluate(batch).map_err(external)?;
        let numbers = self.decisions.number(&votes);
        self.answers.learn(&self.decisions);
        self.answers.of(&numbers)
    }
}

/// The distinct answers so far, in the form in which rows of them are put together.
#[derive(Debug, Default)]
struct Answers {
    /// Of each outcome: 0 for `permit`, 1 for `deny`.
    decisions: Vec<i32>,
    /// Of each outcome: its reasons, as places in `words`.
    reasons: Vec<Vec<i32>>,
    words: Vec<Arc<str>>,
    words_array: Option<ArrayRef>,
}

impl Answers {
    /// Takes in the decisions that are new.
    fn learn(&mut self, decisions: &Decisions) {
        for outcome in decisions.all().iter().skip(self.decisions.len()) {
            self.decisions.push(i32::from(!outcome.permit));
            let mut places = Vec::with_capacity(outcome.reasons.len());
            for reason in outcome.reasons.iter() {
                let found = self.words.iter().position(|word| word == reason);
                let place = found.unwrap_or_else(|| {
                    self.words.push(Arc::clone(reason));
                    self.words_array = None;
                    self.words.len() - 1
                });
                places.push(i32::try_from(place).unwrap_or(i32::MAX));
            }
            self.reasons.push(places);
        }
    }

    fn of(&mut self, numbers: &[u32]) -> Result<StructArray> {
        let words = self
            .words_array
            .get_or_insert_with(|| Arc::new(StringArray::from_iter_values(self.words.iter())));
        let mut decisions = Vec::with_capacity(numbers.len());
        let mut ends = Vec::with_capacity(numbers.len() + 1);
        ends.push(0i32);
        let mut places: Vec<i32> = Vec::with_capacity(numbers.len());
        for number in numbers {
            let number = *number as usize;
            let (Some(decision), Some(reasons)) =
                (self.decisions.get(number), self.reasons.get(number))
            else {
                return exec_err!("{DECIDE}: an outcome without a name");
            };
            decisions.push(*decision);
            places.extend_from_slice(reasons);
            ends.push(i32::try_from(places.len()).map_err(external)?);
        }
        let word_pair: ArrayRef = Arc::new(StringArray::from(vec!["permit", "deny"]));
        let decisions = DictionaryArray::try_new(Int32Array::from(decisions), word_pair)?;
        let places =
            DictionaryArray::<Int32Type>::try_new(Int32Array::from(places), Arc::clone(words))?;
        let ends = OffsetBuffer::new(ScalarBuffer::from(ends));
        let reasons = ListArray::try_new(reason_field(), ends, Arc::new(places), None)?;
        let columns: Vec<ArrayRef> = vec![Arc::new(decisions), Arc::new(reasons)];
        Ok(StructArray::try_new(answer_fields(), columns, None)?)
    }
}
