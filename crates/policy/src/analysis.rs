//! What the policies of a set read and when they turn, found out once for all.

use crate::expr::{self, Reads, children};
use crate::time::{self, Comparison, Refusal};
use cedar_policy::Policy;
use cedar_policy::pst::Expr;

/// How deep the expressions of a policy may be nested. Cedar evaluates a deeper one or gives up on
/// it according to the stack that is left, so that the same policy might answer differently in
/// another thread.
const DEEPEST: usize = 64;

/// How many tokens a policy may have. Together with [`STACK`] this bounds what its conversion takes:
/// there is at most one level of nesting a token, at about 25 kB a level without optimisation.
pub(crate) const LONGEST: usize = 4000;

/// The stack of the thread that converts policies, in bytes. Only what is used is allocated.
const STACK: usize = 256 << 20;

/// What was found out about one policy.
pub(crate) struct Analysis {
    pub(crate) reads: Reads,
    /// The comparisons that time can turn, or why they cannot be derived.
    pub(crate) turns: Result<Vec<Comparison>, Vec<Refusal>>,
}

/// Analyses policies, in their order; for a policy with which that is impossible, the reason.
///
/// # Errors
///
/// When the thread for it cannot be had.
pub(crate) fn analyse(policies: &[&Policy]) -> std::io::Result<Vec<Result<Analysis, String>>> {
    // Cedar's conversion of a policy recurses without looking at the stack that is left.
    std::thread::scope(|scope| {
        let all = || policies.iter().map(|policy| one(policy)).collect();
        let thread = std::thread::Builder::new().stack_size(STACK);
        let ended = thread.spawn_scoped(scope, all)?.join();
        ended.map_err(|_| std::io::Error::other("the thread that reads policies broke off"))
    })
}

fn one(policy: &Policy) -> Result<Analysis, String> {
    let pst = policy.to_pst().map_err(|error| error.to_string())?;
    let conditions = expr::conditions(&pst).ok_or("the policy is a template")?;
    let depth = conditions.iter().map(|condition| depth(condition)).max().unwrap_or(0);
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
