//! Lowering: a set's policies as a program over columns of facts.
//!
//! Cedar's evaluator is followed step by step, for one action and one kind of resource at a time, with
//! the row left open: every expression becomes a [`Value`] by cases, each under a condition on the
//! row. What Cedar says of values of the wrong type is an error, and so it is here, so that nothing
//! hangs on what the type check has ruled out. What is not known is refused, never approximated.

use crate::annotations::PolicyInfo;
use crate::compile::{self, Ready};
use crate::time::Comparison;
use cedar_policy::pst;
use consentry_columnar::graph::{BitId, Graph};
use consentry_columnar::{About, NODES_MAX, Policy, Program, Turn};
use consentry_model::facts::Resource;
use std::sync::Arc;

mod access;
mod arithmetic;
mod constant;
mod expression;
mod logic;
mod sets;
mod value;

use value::Value;

/// A policy that cannot be lowered.
#[derive(Debug)]
pub(crate) struct Unlowerable {
    /// Its index in the list of policies.
    pub(crate) policy: usize,
    pub(crate) reason: String,
}

/// How many values are compared with each other in one policy. Sets of sets are compared both ways,
/// and so are their members, so that a short text could ask for more than anybody waits for.
const COMPARED_MAX: usize = 1_000_000;

/// Why an expression cannot be lowered.
pub(crate) type Refused = String;

/// What is the same for all rows while a policy is lowered.
struct Lowering<'g> {
    graph: &'g mut Graph,
    action: &'g str,
    resource: Resource,
    /// How many values were compared with each other so far.
    compared: usize,
}

/// Lowers the policies that can have a say about an action.
pub(crate) fn program(
    about: About,
    policies: &[Ready<'_>],
    turns: &Result<Vec<Comparison>, Arc<str>>,
) -> Result<Program, Unlowerable> {
    let mut graph = Graph::new();
    let mut lowered = Vec::new();
    for (index, one) in policies.iter().enumerate() {
        let refuse = |reason| Unlowerable { policy: index, reason };
        let applies = |kind: &Resource| compile::applies(one.policy, &about.action, *kind);
        if !about.resources.iter().any(applies) {
            continue;
        }
        let pst = one.policy.to_pst().map_err(|error| refuse(error.to_string()))?;
        let mut outcome: Option<(BitId, BitId)> = None;
        for resource in &about.resources {
            let (satisfied, errs) = if applies(resource) {
                let (graph, action, resource) = (&mut graph, about.action.as_ref(), *resource);
                let mut lowering = Lowering { graph, action, resource, compared: 0 };
                lowering.policy(&pst).map_err(refuse)?
            } else {
                (BitId::FALSE, BitId::FALSE)
            };
            // The kinds are in order, so that a copy's part is the second one.
            outcome = Some(match outcome {
                None => (satisfied, errs),
                Some((of_part, errs_of_part)) => {
                    let copy = graph.copy();
                    (graph.choose(copy, satisfied, of_part), graph.choose(copy, errs, errs_of_part))
                }
            });
            if graph.len() > NODES_MAX {
                return Err(refuse(format!("it takes more than {NODES_MAX} steps")));
            }
        }
        let Some((satisfied, errs)) = outcome else { continue };
        lowered.push(policy(one.info, satisfied, errs));
    }
    lowered.sort_by(|one, other| one.id.cmp(&other.id));
    let turns = match turns {
        Ok(turns) => Ok(turns.iter().map(|turn| turn.lower(&mut graph)).collect::<Vec<Turn>>()),
        Err(policy) => Err(Arc::clone(policy)),
    };
    let program = Program::new(about, lowered, graph, turns);
    program.map_err(|error| Unlowerable { policy: 0, reason: error.to_string() })
}

fn policy(info: &PolicyInfo, satisfied: BitId, errs: BitId) -> Policy {
    Policy { id: Arc::clone(&info.id), effect: info.effect, satisfied, errs }
}

impl Lowering<'_> {
    /// Where a policy is satisfied, and where it errs, as far as its conditions are concerned.
    fn policy(&mut self, policy: &pst::Policy) -> Result<(BitId, BitId), Refused> {
        let pst::Policy::Static(policy) = policy else {
            return Err("it is a template".to_owned());
        };
        let (mut holds, mut errs) = (BitId::TRUE, BitId::FALSE);
        for clause in policy.body().clauses() {
            if holds == BitId::FALSE {
                break;
            }
            let (condition, is_unless) = match clause {
                pst::Clause::When(condition) => (condition, false),
                pst::Clause::Unless(condition) => (condition, true),
            };
            let value = self.expression(condition)?;
            let (is_true, fails) = self.truth(&value);
            let is_met = if is_unless { self.neither(is_true, fails) } else { is_true };
            let fails = self.graph.and(holds, fails);
            errs = self.graph.or(errs, fails);
            holds = self.graph.and(holds, is_met);
        }
        if self.compared > COMPARED_MAX {
            return Err(format!("its sets take more than {COMPARED_MAX} comparisons"));
        }
        Ok((holds, errs))
    }

    /// A value that is there whatever the row, without an error.
    fn always(shape: value::Shape) -> Value {
        Value { errs: BitId::FALSE, cases: vec![(BitId::TRUE, shape)] }
    }
}
