//! What is suspicious about a set that loads: policies that can err, that can never be satisfied, or
//! that another one makes redundant. Found over all rows of facts that a history can give.

use crate::annotations::PolicyInfo;
use crate::cedar::CedarEngine;
use crate::field::{Field, Slip, holds, purposes};
use crate::logic::{Answer, Lit};
use crate::problem::{self, File, Problem};
use crate::set::PolicySet;
use crate::witness::Witness;
use consentry_columnar::Effect;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What was found out about one policy.
#[derive(Debug, Default)]
struct Standing {
    can_match: bool,
    /// A row on which it errs, and the action.
    errs: Option<(String, Witness)>,
    /// Whether it could not be decided if it errs.
    may_err: bool,
    /// The policies that were satisfied wherever this one was. `None` before it ever was.
    implied_by: Option<BTreeSet<Arc<str>>>,
}

/// Looks for policies that can err, permits and forbids that can never be satisfied, and policies
/// that another one of the same effect makes redundant, whatever the facts. Each is a warning at the
/// policy's place, with an example where there is one. In the order of files and lines.
///
/// Takes some tens of milliseconds for a set of 20 policies in an optimised build, so that it is not
/// part of [`PolicySet::load`]: whoever loads a set that is not known yet asks here as well.
///
/// # Example
///
/// ```
/// use consentry_policy::{PolicySet, suspicions};
/// use std::sync::Arc;
/// let set = Arc::new(PolicySet::shipped("claude-consumer")?);
/// assert!(suspicions(&set).is_empty());
/// # Ok::<(), consentry_policy::LoadError>(())
/// ```
#[must_use]
pub fn suspicions(set: &Arc<PolicySet>) -> Vec<Problem> {
    let mut standings: BTreeMap<Arc<str>, Standing> =
        set.policies().iter().map(|info| (Arc::clone(&info.id), Standing::default())).collect();
    let engine = CedarEngine::plain(Arc::clone(set));
    for (action, applies_to) in set.actions() {
        for resource in applies_to {
            for purpose in purposes(&[set], action, *resource) {
                let mut field = Field::new(&[set], action, *resource, &purpose);
                examine(&mut field, action, &engine, &mut standings);
            }
        }
    }
    let mut problems: Vec<_> = set
        .policies()
        .iter()
        .filter_map(|info| {
            let standing = standings.get(&info.id)?;
            Some(tell(set, info, standing, &standings))
        })
        .flatten()
        .collect();
    problem::sort(&mut problems);
    problems
}

fn examine(
    field: &mut Field,
    action: &str,
    engine: &CedarEngine,
    standings: &mut BTreeMap<Arc<str>, Standing>,
) {
    let rulings = field.sides.first().map(|side| side.rulings.clone()).unwrap_or_default();
    for ruling in &rulings {
        let Some(standing) = standings.get_mut(&ruling.id) else { continue };
        if standing.errs.is_none() && ruling.outcome.errs != Lit::FALSE {
            match error(field, action, engine, &ruling.id, ruling.outcome.errs) {
                Error::Found(found) => standing.errs = Some(*found),
                Error::Impossible => {}
                Error::Undecided => standing.may_err = true,
            }
        }
        let satisfied = ruling.outcome.satisfied;
        // What cannot be decided counts as possible.
        if satisfied == Lit::FALSE || is_impossible(field, &[satisfied]) {
            continue;
        }
        standing.can_match = true;
        let others = rulings.iter().filter(|other| {
            other.effect == ruling.effect
                && other.id != ruling.id
                && standing.implied_by.as_ref().is_none_or(|known| known.contains(&other.id))
        });
        let implying = others.filter(|other| {
            let only_this = [satisfied, !other.outcome.satisfied];
            is_impossible(field, &only_this)
        });
        let implying = implying.map(|other| Arc::clone(&other.id)).collect();
        standing.implied_by = Some(implying);
    }
}

/// Whether it is proved that these cannot all hold.
fn is_impossible(field: &mut Field, all: &[Lit]) -> bool {
    field.has_all_texts && field.circuit.solve(all) == Answer::Impossible
}

/// Whether a policy errs on some row.
enum Error {
    /// Cedar errs at this row, asked about this action.
    Found(Box<(String, Witness)>),
    Impossible,
    Undecided,
}

fn error(field: &mut Field, action: &str, engine: &CedarEngine, id: &str, errs: Lit) -> Error {
    let mut fixed = vec![errs];
    let model = match field.simplest(&mut fixed, &[]) {
        Answer::Found(model) => model,
        Answer::Impossible if field.has_all_texts => return Error::Impossible,
        _ => return Error::Undecided,
    };
    debug_assert!(holds(&model, errs), "a solution keeps to what was asked");
    let grounds = field.grounds(errs, &model);
    let wanted = format!("policy-error:{id}");
    let found = (0..16).find_map(|seed| {
        let witness = field.witness(&grounds, &model, &Slip { seed });
        let answers = witness.answers(action, engine, engine).ok()?;
        let erred = answers.first.reasons.iter().any(|reason| reason.as_ref() == wanted);
        erred.then(|| Box::new((action.to_owned(), witness)))
    });
    found.map_or(Error::Undecided, Error::Found)
}

fn tell(
    set: &PolicySet,
    info: &PolicyInfo,
    standing: &Standing,
    standings: &BTreeMap<Arc<str>, Standing>,
) -> Vec<Problem> {
    let file = File::new(&info.file, set.files().get(&info.file).unwrap_or_default());
    let span = file.line_span(info.line);
    let at = |problem: Problem| problem.at(&file, span.clone());
    let id = &info.id;
    let mut problems = Vec::new();
    if let Some((action, witness)) = &standing.errs {
        let effect = match info.effect {
            Effect::Permit => "permit",
            Effect::Forbid => "forbid",
        };
        let message = format!(
            "the {effect} `{id}` can err, and denies where it does: `{action}` at {} for {}",
            witness.now,
            witness.sentence()
        );
        let help = "ask for an attribute with `has` first, and keep numbers within 64 bits";
        problems.push(at(Problem::warning("policy::can-err", message).help(help)));
    }
    if standing.errs.is_none() && standing.may_err {
        let message =
            format!("whether `{id}` can err could not be decided; it denies where it does");
        let help = "compare instants without arithmetic on both sides, or test it with a case";
        problems.push(at(Problem::warning("policy::may-err", message).help(help)));
    }
    if !standing.can_match {
        let message = format!("no facts that a history can give satisfy `{id}`");
        let help = "its conditions contradict each other, or what is always so: take it out, or \
                    correct it";
        problems.push(at(Problem::warning("policy::never-satisfied", message).help(help)));
    }
    let stronger = standing.implied_by.iter().flatten().find(|other| {
        let Some(known) = set.policy(other) else { return false };
        // Of two that say the same, the later one is redundant.
        let is_mutual = standings
            .get(*other)
            .and_then(|standing| standing.implied_by.as_ref())
            .is_some_and(|implied_by| implied_by.contains(id));
        let is_later = (&info.file, info.line) > (&known.file, known.line);
        let asks_no_less = info.obligations.iter().all(|asked| known.obligations.contains(asked));
        (!is_mutual || is_later) && asks_no_less
    });
    if let Some(other) = stronger.and_then(|other| set.policy(other)) {
        let message = format!(
            "`{id}` is redundant: wherever it is satisfied, `{}` ({}:{}) is as well",
            other.id, other.file, other.line
        );
        let help = "no decision changes without it; it only adds a reason";
        problems.push(at(Problem::warning("policy::redundant", message).help(help)));
    }
    problems
}
