//! Reading what a solver found as a row of facts.

use cedar_policy::{EvalResult, Expression, eval_expression};
use cedar_policy_symcc::Env;
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Resource, Type};
use consentry_policy::{Fact, Witness};

/// The row of facts and the question of a counterexample; `None` where it has no value that could
/// be one.
pub(crate) fn witness(found: &Env, resource: Resource) -> Option<Witness> {
    let ask = |text: &str| -> Option<EvalResult> {
        let expression: Expression = text.parse().ok()?;
        eval_expression(&found.request, &found.entities, &expression).ok()
    };
    let millis = |of: &str| match ask(&format!(
        "{of}.durationSince(datetime(\"1970-01-01\")).toMilliseconds()"
    ))? {
        EvalResult::Long(millis) => Some(Instant::from_millis(millis)),
        _ => None,
    };
    let mut facts = Vec::new();
    for attribute in Attribute::ALL {
        let name = attribute.as_str();
        if ask(&format!("resource has {name}"))? != EvalResult::Bool(true) {
            continue;
        }
        let of = format!("resource.{name}");
        let fact = match attribute.type_of() {
            Type::Time => Fact::Time(millis(&of)?),
            Type::Bool | Type::Text => match ask(&of)? {
                EvalResult::Bool(value) => Fact::Bool(value),
                EvalResult::String(text) => Fact::Text(text),
                _ => return None,
            },
        };
        facts.push((*attribute, fact));
    }
    let EvalResult::String(purpose) = ask("context.purpose")? else { return None };
    Some(Witness { resource, facts, purpose, now: millis("context.now")? })
}
