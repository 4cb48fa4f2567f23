//! Having a solver answer what was searched, so that the one is held to the other.

use crate::exit::Failure;
use consentry_model::facts::Resource;
use consentry_policy::{Differences, PolicySet};
use std::sync::Arc;

/// What a solver said about one action on a kind of resource.
pub struct Proved {
    pub action: String,
    pub resource: Resource,
    /// `proved-equal`, `differ`, or `undecided`.
    pub standing: &'static str,
    /// Why nothing was proved.
    pub reason: Option<String>,
}

/// What a solver said, or why none was asked.
pub enum Proofs {
    #[cfg_attr(
        not(feature = "symbolic"),
        expect(dead_code, reason = "only a binary with the solver's crate asks")
    )]
    Asked(String, Vec<Proved>),
    NotAsked(String),
}

/// Asks the solver that `--solver` names about every action that both sets know.
#[cfg(feature = "symbolic")]
pub fn prove(
    solver: &str,
    [first, second]: [&Arc<PolicySet>; 2],
    action: Option<&str>,
    purpose: Option<&str>,
    differences: &Differences,
) -> Result<Proofs, Failure> {
    use consentry_policy::{CedarEngine, Kind};
    use consentry_symbolic::{Proof, Prover};
    let path = match solver {
        "none" => return Ok(Proofs::NotAsked("not asked for".to_owned())),
        "auto" => match find() {
            Some(path) => path,
            None => return Ok(Proofs::NotAsked("no cvc5 in `CVC5` or on `PATH`".to_owned())),
        },
        path => path.into(),
    };
    let prover = Prover::new(&path);
    let engines = [first, second].map(|set| CedarEngine::plain(Arc::clone(set)));
    let mut all = Vec::new();
    for (known, applies_to) in first.actions() {
        let Ok(others) = second.applies_to(known) else { continue };
        if action.is_some_and(|only| only != known) {
            continue;
        }
        for resource in applies_to.iter().filter(|resource| others.contains(resource)) {
            let proof = prover.compare(first, second, known, *resource).map_err(Failure::input)?;
            let is_found = differences.groups.iter().any(|group| {
                matches!(group.kind, Kind::FirstPermits | Kind::SecondPermits)
                    && (group.action.as_str(), group.resource) == (known, *resource)
            });
            let (standing, reason) = match proof {
                Proof::Equivalent => ("proved-equal", None),
                Proof::Undecided(reason) => ("undecided", Some(reason)),
                Proof::Differ(witness) => {
                    let [one, other] = &engines;
                    let answers = witness.answers(known, one, other).map_err(Failure::work)?;
                    if answers.first.permit == answers.second.permit {
                        let reason = "Cedar does not confirm its counterexample".to_owned();
                        ("undecided", Some(reason))
                    } else {
                        ("differ", None)
                    }
                }
            };
            let contradicts = match standing {
                "proved-equal" => is_found,
                "differ" => !is_found && purpose.is_none() && differences.incomplete.is_empty(),
                _ => false,
            };
            if contradicts {
                return Err(Failure::Work(format!(
                    "the solver and the search answer differently for `{known}` on `{}` (please \
                     report this)",
                    resource.as_str()
                )));
            }
            all.push(Proved { action: known.to_owned(), resource: *resource, standing, reason });
        }
    }
    Ok(Proofs::Asked(path.display().to_string(), all))
}

#[cfg(feature = "symbolic")]
fn find() -> Option<std::path::PathBuf> {
    let named = std::env::var_os("CVC5").filter(|path| !path.is_empty()).map(Into::into);
    named.or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|folder| folder.join("cvc5")).find(|file| file.is_file())
    })
}

/// No solver can be asked: the feature `symbolic` was left out.
#[cfg(not(feature = "symbolic"))]
pub fn prove(
    solver: &str,
    _: [&Arc<PolicySet>; 2],
    _: Option<&str>,
    _: Option<&str>,
    _: &Differences,
) -> Result<Proofs, Failure> {
    match solver {
        "none" => Ok(Proofs::NotAsked("not asked for".to_owned())),
        "auto" => Ok(Proofs::NotAsked("built without the feature `symbolic`".to_owned())),
        path => Err(Failure::Input(format!(
            "the solver `{path}` cannot be asked: this consentry was built without the feature \
             `symbolic`"
        ))),
    }
}

impl Proofs {
    /// What was proved, for people.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotAsked(reason) => format!("no solver was asked: {reason}"),
            Self::Asked(path, all) => {
                let count = |word| all.iter().filter(|one| one.standing == word).count();
                format!(
                    "{path} proved {} actions on kinds of resource equal for every purpose, found \
                     counterexamples for {} (confirmed by Cedar), left {} undecided",
                    count("proved-equal"),
                    count("differ"),
                    count("undecided")
                )
            }
        }
    }

    /// What was proved, for programs.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::NotAsked(reason) => serde_json::json!({ "asked": false, "reason": reason }),
            Self::Asked(path, all) => {
                let answers: Vec<_> = all
                    .iter()
                    .map(|one| {
                        serde_json::json!({
                            "action": one.action,
                            "resource": one.resource.as_str(),
                            "answer": one.standing,
                            "reason": one.reason,
                        })
                    })
                    .collect();
                serde_json::json!({ "asked": true, "solver": path, "answers": answers })
            }
        }
    }
}
