//! Deciding with Cedar's own evaluator, one row at a time.

use crate::cache::Cache;
use crate::engine::{Decision, Engine, Request, RequestError, Retention};
use crate::expr::Reads;
use crate::load::RETAIN;
use crate::question::Question;
use crate::set::{Action, PolicySet, Rules};
use cedar_policy::Authorizer;
use consentry_columnar::Until;
use consentry_model::Instant;
use consentry_model::facts::Facts;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many answers an engine remembers, of each sort. At about 300 bytes each this is some 20 MB.
const REMEMBERED: usize = 65_536;

/// An instant at which a decision changes as time passes, and the decision from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurningPoint {
    /// The first millisecond of the new decision.
    pub at: Instant,
    /// The new decision.
    pub decision: Decision,
}

/// Decides with Cedar. It remembers answers: most parts of a conversation share all the attributes
/// that the policies read, and so does a row that is asked about again.
///
/// `cargo bench -p consentry-policy` on two busy cores: 19,000 decisions a second where all rows
/// differ in what the policies read, 400,000 where twenty at a time are alike, millions where all are
/// remembered; 4,500, 90,000 and millions for `retain`, which asks at several instants.
#[derive(Debug)]
pub struct CedarEngine {
    set: Arc<PolicySet>,
    authorizer: Authorizer,
    memory: Option<Memory>,
}

#[derive(Debug)]
struct Memory {
    decisions: Cache<Decision>,
    retentions: Cache<Retention>,
}

/// What each policy made of a row. Sorted bytewise, each.
#[derive(Debug)]
struct Votes {
    permits: Vec<Arc<str>>,
    forbids: Vec<Arc<str>>,
    errors: Vec<Arc<str>>,
}

impl CedarEngine {
    /// An engine for a set.
    #[must_use]
    pub fn new(set: Arc<PolicySet>) -> Self {
        Self {
            memory: Some(Memory {
                decisions: Cache::new(REMEMBERED),
                retentions: Cache::new(REMEMBERED),
            }),
            ..Self::plain(set)
        }
    }

    /// An engine that gives Cedar every fact of every row and remembers nothing: slow, and the
    /// truth that everything faster is held to.
    #[must_use]
    pub fn plain(set: Arc<PolicySet>) -> Self {
        Self { set, authorizer: Authorizer::new(), memory: None }
    }

    /// The set that it decides with.
    #[must_use]
    pub const fn set(&self) -> &Arc<PolicySet> {
        &self.set
    }

    /// Decides a request for one row.
    ///
    /// # Errors
    ///
    /// As [`Engine::decide_all`].
    pub fn decide(&self, request: &Request<'_>, row: &Facts<'_>) -> Result<Decision, RequestError> {
        self.ask(request)?.decide(row)
    }

    /// When the decision or its reasons change after `request.now` if the facts stay as they are,
    /// in the order of time.
    ///
    /// # Errors
    ///
    /// As [`Engine::decide_all`]; and when it cannot be derived when a policy turns, which is
    /// possible for other actions than `retain`.
    pub fn turning_points(
        &self,
        request: &Request<'_>,
        row: &Facts<'_>,
    ) -> Result<Vec<TurningPoint>, RequestError> {
        let asked = self.ask(request)?;
        let rules = asked.rules(row)?;
        let mut last = asked.votes(rules, row)?.decision();
        let mut points = Vec::new();
        for at in asked.turns(rules, row)? {
            let decision = asked.at(at)?.votes(rules, row)?.decision();
            if decision != last {
                last = decision.clone();
                points.push(TurningPoint { at, decision });
            }
        }
        Ok(points)
    }

    fn ask<'e>(&'e self, request: &Request<'e>) -> Result<Asked<'e>, RequestError> {
        let action = self.set.action(request.action)?;
        Ok(Asked {
            engine: self,
            action,
            request: *request,
            question: Question::new(&self.set, action, request)?,
        })
    }
}

/// A request put to an engine.
struct Asked<'e> {
    engine: &'e CedarEngine,
    action: &'e Action,
    request: Request<'e>,
    question: Question<'e>,
}

impl<'e> Asked<'e> {
    /// The same request at another instant.
    fn at(&self, now: Instant) -> Result<Self, RequestError> {
        let request = Request { now, ..self.request };
        self.engine.ask(&request)
    }

    fn rules(&self, row: &Facts<'_>) -> Result<&'e Rules, RequestError> {
        let rules = self.action.rules(row.resource);
        rules.ok_or_else(|| RequestError::NotApplicable {
            action: self.request.action.to_owned(),
            resource: row.resource,
            applies_to: self.action.applies_to.clone(),
        })
    }

    fn decide(&mut self, row: &Facts<'_>) -> Result<Decision, RequestError> {
        let rules = self.rules(row)?;
        let Some(memory) = &self.engine.memory else {
            return Ok(self.votes(rules, row)?.decision());
        };
        if let Some(decision) = memory.decisions.get(self.question.key(&rules.reads, row)) {
            return Ok(decision);
        }
        let decision = self.votes(rules, row)?.decision();
        let key = self.question.key(&rules.reads, row);
        memory.decisions.put(key, decision.clone());
        Ok(decision)
    }

    fn retain(&mut self, row: &Facts<'_>) -> Result<Retention, RequestError> {
        let rules = self.rules(row)?;
        if let Some(memory) = &self.engine.memory
            && let Some(known) = memory.retentions.get(self.question.key(&rules.reads, row))
        {
            return Ok(known);
        }
        let votes = self.votes(rules, row)?;
        let until = if votes.permit() { self.until(rules, row)? } else { Until::Due };
        let retention =
            Retention { until, against: votes.against(), reasons: votes.permits.into() };
        if let Some(memory) = &self.engine.memory {
            let key = self.question.key(&rules.reads, row);
            memory.retentions.put(key, retention.clone());
        }
        Ok(retention)
    }

    /// Until when something stays permitted that is permitted now.
    fn until(&self, rules: &Rules, row: &Facts<'_>) -> Result<Until, RequestError> {
        for at in self.turns(rules, row)? {
            if !self.at(at)?.votes(rules, row)?.permit() {
                return Ok(Until::At(at));
            }
        }
        Ok(Until::NoEnd)
    }

    /// The instants after the request's at which a policy may turn: between two of them none does.
    fn turns(
        &self,
        rules: &Rules,
        row: &Facts<'_>,
    ) -> Result<impl Iterator<Item = Instant> + use<>, RequestError> {
        let turns = rules.turns.as_ref();
        let comparisons = turns.map_err(|policy| RequestError::Underivable {
            action: self.request.action.to_owned(),
            policy: Arc::clone(policy),
        })?;
        let mut turns = BTreeSet::new();
        for comparison in comparisons {
            comparison.turns(row, &mut turns);
        }
        let now = self.request.now;
        Ok(turns.into_iter().filter(move |at| *at > now))
    }

    /// Asks every policy. Permits and forbids are asked apart, since Cedar names the permits only
    /// where nothing forbids, and `retain` needs both.
    fn votes(&self, rules: &Rules, row: &Facts<'_>) -> Result<Votes, RequestError> {
        // An engine without a memory is the truth: it gives Cedar everything.
        let memory = self.engine.memory.as_ref();
        let reads = memory.map_or(&Reads::Any, |_| &rules.reads);
        let (request, entities) = self.question.ask(reads, rules, row)?;
        let mut errors = Vec::new();
        let mut ask = |set: &cedar_policy::PolicySet| {
            if set.is_empty() {
                return Vec::new();
            }
            let authorizer = &self.engine.authorizer;
            let response = authorizer.is_authorized(&request, set, &entities);
            for error in response.diagnostics().errors() {
                let cedar_policy::AuthorizationError::PolicyEvaluationError(error) = error;
                errors.push(format!("policy-error:{}", error.policy_id()).into());
            }
            let satisfied = response.diagnostics().reason();
            let mut satisfied: Vec<Arc<str>> = satisfied.map(|id| Arc::from(id.as_ref())).collect();
            satisfied.sort_unstable();
            satisfied
        };
        let (permits, forbids) = (ask(&rules.permits), ask(&rules.forbids));
        errors.sort_unstable();
        Ok(Votes { permits, forbids, errors })
    }
}

impl Engine for CedarEngine {
    fn decide_all(
        &self,
        request: &Request<'_>,
        rows: &[Facts<'_>],
    ) -> Result<Vec<Decision>, RequestError> {
        let mut asked = self.ask(request)?;
        rows.iter().map(|row| asked.decide(row)).collect()
    }

    fn retain_all(
        &self,
        purpose: &str,
        now: Instant,
        rows: &[Facts<'_>],
    ) -> Result<Vec<Retention>, RequestError> {
        let request = Request { action: RETAIN, purpose, now };
        let mut asked = self.ask(&request)?;
        rows.iter().map(|row| asked.retain(row)).collect()
    }
}

impl Votes {
    const fn permit(&self) -> bool {
        !self.permits.is_empty() && self.forbids.is_empty() && self.errors.is_empty()
    }

    fn against(&self) -> Arc<[Arc<str>]> {
        let mut against: Vec<_> = self.forbids.iter().chain(&self.errors).cloned().collect();
        against.sort_unstable();
        against.into()
    }

    fn decision(self) -> Decision {
        let permit = self.permit();
        let reasons = if permit { self.permits.into() } else { self.against() };
        Decision { permit, reasons }
    }
}
