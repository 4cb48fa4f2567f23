//! Cedar's own evaluator, asked about expressions in which nothing is open.

use cedar_policy::pst::UnaryOp;
use cedar_policy::{Context, Entities, EvalResult, Expression, Request};
use std::sync::Arc;

/// What Cedar makes of the text of an instant or a duration, in milliseconds. `None` where it is
/// none.
pub(crate) fn millis(op: UnaryOp, text: &str) -> Option<i64> {
    let text = escaped(text);
    let call = match op {
        UnaryOp::Datetime => {
            format!("datetime(\"{text}\").durationSince(datetime(\"1970-01-01\"))")
        }
        _ => format!("duration(\"{text}\")"),
    };
    match value(&format!("{call}.toMilliseconds()"))? {
        EvalResult::Long(millis) => Some(millis),
        _ => None,
    }
}

/// A decimal number or an address, as an expression. `None` where the text is none.
pub(crate) fn extension(op: UnaryOp, text: &str) -> Option<Arc<str>> {
    let call = format!("{op}(\"{}\")", escaped(text));
    value(&call).map(|_| call.into())
}

/// Whether an expression is true. `None` where it errs or is no truth value.
pub(crate) fn truth(expression: &str) -> Option<bool> {
    match value(expression)? {
        EvalResult::Bool(value) => Some(value),
        _ => None,
    }
}

fn value(expression: &str) -> Option<EvalResult> {
    let expression: Expression = expression.parse().ok()?;
    let nobody = || "Provider::\"self\"".parse().ok();
    let request = Request::new(nobody()?, nobody()?, nobody()?, Context::empty(), None).ok()?;
    cedar_policy::eval_expression(&request, &Entities::empty(), &expression).ok()
}

/// A text as it stands between quotation marks in an expression.
fn escaped(text: &str) -> String {
    text.escape_default().to_string()
}
