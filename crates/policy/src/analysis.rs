//! What the policies of a set read and when they turn, found out once for all.

use crate::expr::{self, Reads, children};
use crate::time::{self, Comparison, Refusal};
use cedar_policy::Policy;
use cedar_policy::pst::Expr;

/// How deep the expressions of a policy may be nested. Cedar evaluates a deeper one or gives up on
/// it according to the stack that is left, so that the same policy might answer differently in
/// another thread.
const DEEPEST: usize = 64;

/// What was found out about one policy.
pub(crate) struct Analysis {
    pub(crate) reads: Reads,
    /// The comparisons that time can turn, or why they cannot be derived.
    pub(crate) turns: Result<Vec<Comparison>, Vec<Refusal>>,
}

/// Analyses a policy, or says why that is impossible.
pub(crate) fn analyse(policy: &Policy) -> Result<Analysis, String> {
    let pst = policy.to_pst().map_err(|error| error.to_string())?;
    let conditions = expr::conditions(&pst).ok_or("the policy is a template")?;
    // Cedar joins the conditions with `&&`, a level each.
    let deepest = conditions.iter().map(|condition| depth(condition)).max();
    let depth = deepest.unwrap_or(0) + conditions.len();
    if depth > DEEPEST {
        return Err(format!(
            "the policy's conditions are nested {depth} levels deep, more than {DEEPEST}"
        ));
    }
    let reads = conditions.iter().map(|condition| Reads::of(condition));
    Ok(Analysis {
        reads: reads.fold(Reads::nothing(), Reads::union),
        turns: time::comparisons(&conditions),
    })
}

fn depth(expr: &Expr) -> usize {
    let children = children(expr).unwrap_or_default().into_iter();
    1 + children.map(depth).max().unwrap_or(0)
}
