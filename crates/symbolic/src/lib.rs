//! Proofs about policy sets with a solver: the symbolic analysis of `cedar-policy-symcc`, which asks
//! cvc5.
//!
//! It answers the same question as the search of `consentry-policy`, whether two sets decide every
//! row of facts alike, by another way and another solver, so that the one can be held to the other.
//! It is a crate of its own, and the second one that names Cedar, because it talks to a process and
//! so waits, which `consentry-policy` never does.
//!
//! Cedar skips a policy that errs, and Consentry denies. Therefore sets are proved equal only where
//! none of their policies can err; otherwise the answer is that nothing was proved.

mod laws;
mod model;

use cedar_policy::{EntityTypeName, EntityUid, PolicySet as Policies, RequestEnv, Schema};
use cedar_policy_symcc::err::Error as SymbolicError;
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicy, CompiledPolicySet};
use consentry_model::facts::Resource;
use consentry_policy::{PolicySet, Witness};
use std::path::{Path, PathBuf};

/// How long one question may take the solver, in milliseconds.
pub const QUESTION_MILLIS_MAX: u32 = 60_000;

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The sets decide alike on every row that a history can give, for every purpose.
    Equivalent,
    /// They do not on this one. Whoever asks has it confirmed by an engine.
    Differ(Box<Witness>),
    /// Nothing was proved, and why.
    Undecided(String),
}

/// Why a question could not be put.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The solver cannot be started.
    #[error("the solver {} cannot be started: {reason}", path.display())]
    Solver {
        /// The program.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Cedar did not take a policy or a schema that was checked before: a mistake in Consentry.
    #[error("the sets cannot be made ready for the solver (please report this): {0}")]
    Cedar(String),
}

/// A solver on this machine: cvc5, 1.0.3 or later.
#[derive(Clone, Debug)]
pub struct Prover {
    path: PathBuf,
}

impl Prover {
    /// A solver at a place. It is started for each question.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Whether two sets decide everything alike that can be asked about an action on a kind of
    /// resource. Reasons are not compared.
    ///
    /// # Errors
    ///
    /// When the solver cannot be started, or Cedar does not take the sets.
    pub fn compare(
        &self,
        first: &PolicySet,
        second: &PolicySet,
        action: &str,
        resource: Resource,
    ) -> Result<Proof, ProveError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| self.unstarted(&error))?;
        runtime.block_on(self.ask(first, second, action, resource))
    }

    fn unstarted(&self, reason: &dyn std::fmt::Display) -> ProveError {
        ProveError::Solver { path: self.path.clone(), reason: reason.to_string() }
    }

    async fn ask(
        &self,
        first: &PolicySet,
        second: &PolicySet,
        action: &str,
        resource: Resource,
    ) -> Result<Proof, ProveError> {
        let schema = schema(&laws::schema(&[first, second]))?;
        let environment = environment(action, resource)?;
        let laws = laws::laws(resource);
        let forbid = format!("forbid (principal, action, resource) when {{ {laws} }};");
        let laws_hold = cedar_policy::Policy::parse(None, forbid).map_err(|e| mishap(&e))?;
        let mut command = tokio::process::Command::new(&self.path);
        command.args(["--lang", "smt", &format!("--tlimit-per={QUESTION_MILLIS_MAX}")]);
        command.kill_on_drop(true);
        let solver = LocalSolver::from_command(&mut command).map_err(|e| self.unstarted(&e))?;
        let mut compiler = CedarSymCompiler::new(solver).map_err(|e| mishap(&e))?;
        let mut compiled = Vec::new();
        for set in [first, second] {
            let policies = policies(set, action, resource)?;
            for policy in policies.policies() {
                let policy = laws::within(policy, &laws_hold).map_err(|e| mishap(&e))?;
                let one = CompiledPolicy::compile(&policy, &environment, &schema);
                let one = match one {
                    Ok(one) => one,
                    Err(error) => return Ok(Proof::Undecided(told(&error))),
                };
                match compiler.check_never_errors_opt(&one).await {
                    Ok(true) => {}
                    Ok(false) => {
                        let policy = policy.id().to_string();
                        let message = format!("a policy of `{}` can err: {policy}", set.id());
                        return Ok(Proof::Undecided(message));
                    }
                    Err(error) => return Ok(Proof::Undecided(told(&error))),
                }
            }
            let mut policies = policies;
            let forbid = format!("forbid (principal, action, resource) unless {{ {laws} }};");
            let forbid =
                cedar_policy::Policy::parse(Some(cedar_policy::PolicyId::new("laws")), forbid);
            let forbid = forbid.map_err(|e| mishap(&e))?;
            policies.add(forbid).map_err(|e| mishap(&e))?;
            match CompiledPolicySet::compile(&policies, &environment, &schema) {
                Ok(set) => compiled.push(set),
                Err(error) => return Ok(Proof::Undecided(told(&error))),
            }
        }
        let [one, other] = compiled.as_slice() else {
            return Err(ProveError::Cedar("two sets were asked about".to_owned()));
        };
        Ok(match compiler.check_equivalent_with_counterexample_opt(one, other).await {
            Ok(None) => Proof::Equivalent,
            Ok(Some(found)) => match model::witness(&found, resource) {
                Some(witness) => Proof::Differ(Box::new(witness)),
                None => Proof::Undecided("its counterexample cannot be read".to_owned()),
            },
            Err(error) => Proof::Undecided(told(&error)),
        })
    }
}

fn told(error: &SymbolicError) -> String {
    match error {
        SymbolicError::SolverUnknown => "the solver does not know".to_owned(),
        SymbolicError::PolicyNotWellTyped { errs } => {
            let errors: Vec<_> = errs.iter().map(ToString::to_string).collect();
            format!("{error}: {}", errors.join("; "))
        }
        error => error.to_string(),
    }
}

fn mishap(error: &dyn std::fmt::Display) -> ProveError {
    ProveError::Cedar(error.to_string())
}

fn schema(text: &str) -> Result<Schema, ProveError> {
    let schema = Schema::from_cedarschema_str(text).map_err(|error| mishap(&error))?;
    Ok(schema.0)
}

fn environment(action: &str, resource: Resource) -> Result<RequestEnv, ProveError> {
    let kind = |name: &str| name.parse::<EntityTypeName>().map_err(|error| mishap(&error));
    let uid =
        EntityUid::from_type_name_and_id(kind("Action")?, cedar_policy::EntityId::new(action));
    Ok(RequestEnv::new(kind("Provider")?, uid, kind(resource.as_str())?))
}

/// The policies of a set that can have a say about an action on a kind of resource.
fn policies(set: &PolicySet, action: &str, resource: Resource) -> Result<Policies, ProveError> {
    let mut text = String::new();
    for (name, file) in set.files().iter().filter(|(name, _)| name.ends_with(".cedar")) {
        text.push_str(&format!("// {name}\n{file}\n"));
    }
    let all: Policies = text.parse().map_err(|error| mishap(&error))?;
    let about = all.policies().filter(|policy| laws::is_about(policy, action, resource));
    // A policy is named by its annotation, as in decisions.
    let named = about.map(|policy| {
        let id = policy.annotation("id").unwrap_or_default();
        policy.new_id(cedar_policy::PolicyId::new(id))
    });
    Policies::from_policies(named).map_err(|error| mishap(&error))
}
