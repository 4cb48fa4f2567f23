//! Deciding with columns: the policies as a program, many rows at a time.

use crate::engine::{Decision, Engine, Request, RequestError, Retention};
use crate::load::RETAIN;
use crate::set::PolicySet;
use consentry_columnar::{Columns, Decisions, Evaluator, NumberedDecision, Retainer, Until};
use consentry_model::Instant;
use consentry_model::facts::Facts;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

/// How many different decisions are remembered before the memory is begun anew.
const REMEMBERED: usize = 65_536;

/// Decides with the set's programs: the same answers as [`crate::CedarEngine`], thousands of times
/// faster where many rows are given at once.
pub struct ColumnarEngine {
    set: Arc<PolicySet>,
    deciding: Mutex<Option<Deciding>>,
    retaining: Mutex<Option<Retaining>>,
}

/// What was made ready for the last request: the next one is most often the same.
struct Deciding {
    asked: Asked,
    evaluator: Evaluator,
    decisions: Decisions,
}

struct Retaining {
    asked: Asked,
    retainer: Retainer,
    decisions: Decisions,
}

#[derive(PartialEq, Eq)]
struct Asked {
    action: String,
    purpose: String,
    now: Instant,
}

impl fmt::Debug for ColumnarEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ColumnarEngine").field("set", &self.set.id()).finish_non_exhaustive()
    }
}

impl ColumnarEngine {
    /// An engine for a set.
    #[must_use]
    pub fn new(set: Arc<PolicySet>) -> Self {
        Self { set, deciding: Mutex::new(None), retaining: Mutex::new(None) }
    }

    fn check(&self, action: &str, rows: &[Facts<'_>]) -> Result<(), RequestError> {
        let applies_to = self.set.applies_to(action)?;
        match rows.iter().find(|row| !applies_to.contains(&row.resource)) {
            None => Ok(()),
            Some(row) => Err(RequestError::NotApplicable {
                action: action.to_owned(),
                resource: row.resource,
                applies_to: applies_to.to_vec(),
            }),
        }
    }
}

impl Asked {
    fn new(request: &Request<'_>) -> Self {
        Self {
            action: request.action.to_owned(),
            purpose: request.purpose.to_owned(),
            now: request.now,
        }
    }

    fn is(&self, request: &Request<'_>) -> bool {
        self.action == request.action && self.purpose == request.purpose && self.now == request.now
    }
}

impl Engine for ColumnarEngine {
    fn decide_all(
        &self,
        request: &Request<'_>,
        rows: &[Facts<'_>],
    ) -> Result<Vec<Decision>, RequestError> {
        self.check(request.action, rows)?;
        let mut kept = lock(&self.deciding);
        let again = kept.take().filter(|deciding| {
            deciding.asked.is(request) && deciding.decisions.all().len() < REMEMBERED
        });
        let deciding = match again {
            Some(deciding) => kept.insert(deciding),
            None => kept.insert(Deciding {
                asked: Asked::new(request),
                evaluator: self.set.program(request.action)?.bind(request.purpose, request.now),
                decisions: Decisions::new(),
            }),
        };
        let columns = Columns::of_rows(rows, deciding.evaluator.reads());
        let votes = deciding.evaluator.evaluate_columns(&columns)?;
        let numbers = deciding.decisions.number(&votes);
        let decisions = deciding.decisions.all();
        let decision = |number: u32| {
            let outcome = decisions.get(number as usize);
            outcome.map_or_else(
                || Decision { permit: false, reasons: Arc::default() },
                |outcome| Decision {
                    permit: outcome.permit,
                    reasons: Arc::clone(&outcome.reasons),
                },
            )
        };
        Ok(numbers.into_iter().map(decision).collect())
    }

    fn retain_all(
        &self,
        purpose: &str,
        now: Instant,
        rows: &[Facts<'_>],
    ) -> Result<Vec<Retention>, RequestError> {
        let request = Request { action: RETAIN, purpose, now };
        self.check(RETAIN, rows)?;
        let mut kept = lock(&self.retaining);
        let again = kept.take().filter(|retaining| {
            retaining.asked.is(&request) && retaining.decisions.all().len() < REMEMBERED
        });
        let retaining = match again {
            Some(retaining) => kept.insert(retaining),
            None => {
                let retainer = self.set.program(RETAIN)?.bind_retention(purpose, now);
                let retainer = retainer.map_err(|policy| RequestError::Underivable {
                    action: RETAIN.to_owned(),
                    policy,
                })?;
                let asked = Asked::new(&request);
                kept.insert(Retaining { asked, retainer, decisions: Decisions::with_permits() })
            }
        };
        let columns = Columns::of_rows(rows, &retaining.retainer.reads());
        let answer = retaining.retainer.retain(&columns)?;
        let numbers = retaining.decisions.number(&answer.votes);
        let decisions = retaining.decisions.all();
        let retention = |(until, number): (Until, u32)| match decisions.get(number as usize) {
            None => {
                Retention { until: Until::Due, reasons: Arc::default(), against: Arc::default() }
            }
            Some(NumberedDecision { permit, reasons, permits }) => Retention {
                until,
                reasons: Arc::clone(permits),
                against: if *permit { Arc::default() } else { Arc::clone(reasons) },
            },
        };
        Ok(answer.until().iter().copied().zip(numbers).map(retention).collect())
    }
}

/// What is kept. A panic may have left it half changed: then it is made anew.
fn lock<T>(kept: &Mutex<Option<T>>) -> MutexGuard<'_, Option<T>> {
    kept.lock().unwrap_or_else(|poisoned| {
        let mut half_changed = poisoned.into_inner();
        *half_changed = None;
        kept.clear_poison();
        half_changed
    })
}
