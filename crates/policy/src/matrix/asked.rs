//! How an answer is found: rows of facts are put to a set, and its decisions compared.

use super::rows::{Change, days_before, off, row, text, time, unset};
use super::{Answer, Cell};
use crate::cedar::CedarEngine;
use crate::engine::{Decision, Engine as _, Request, RequestError, Retention};
use consentry_columnar::Until;
use consentry_model::Instant;
use consentry_model::facts::{Attribute as A, Resource};
use consentry_model::words::MODEL_IMPROVEMENT;
use std::collections::BTreeSet;
use std::sync::Arc;

/// When something that is permitted now ends.
enum Ends {
    /// So many milliseconds from now.
    After(i64),
    Never,
    /// It cannot be derived from the policies.
    NotDerived,
}

/// A set that is asked at an instant.
pub(super) struct Asked<'e> {
    pub(super) engine: &'e CedarEngine,
    pub(super) now: Instant,
}

impl Asked<'_> {
    fn decide(
        &self,
        action: &str,
        purpose: &str,
        resource: Resource,
        changes: &[Change],
    ) -> Result<Decision, RequestError> {
        let request = Request { action, purpose, now: self.now };
        let decisions = self.engine.decide_all(&request, &[row(resource, self.now, changes)])?;
        let nothing = Decision { permit: false, reasons: Arc::from([]) };
        Ok(decisions.into_iter().next().unwrap_or(nothing))
    }

    fn train(&self, changes: &[Change]) -> Result<Decision, RequestError> {
        self.decide("train", MODEL_IMPROVEMENT, Resource::Part, changes)
    }

    fn cell<'r>(&self, answer: Answer, reasons: impl IntoIterator<Item = &'r Arc<str>>) -> Cell {
        let policies: BTreeSet<Arc<str>> = reasons.into_iter().cloned().collect();
        let set = self.engine.set();
        Cell {
            answer,
            not_published: set.unknown(policies.iter()).map(str::to_owned).collect(),
            policies: policies.into_iter().collect(),
        }
    }

    pub(super) fn may(
        &self,
        action: &str,
        purpose: &str,
        resource: Resource,
        changes: &[Change],
    ) -> Result<Cell, RequestError> {
        let decision = self.decide(action, purpose, resource, changes)?;
        let answer = if decision.permit {
            Answer::Yes
        } else if self.engine.set().rests_on_unknown(&decision) {
            Answer::NotPublished
        } else {
            Answer::No
        };
        Ok(self.cell(answer, decision.reasons.iter()))
    }

    pub(super) fn used(&self, changes: &[Change]) -> Result<Cell, RequestError> {
        self.may("train", MODEL_IMPROVEMENT, Resource::Part, changes)
    }

    pub(super) fn connector(&self, connector: &'static str) -> Result<Cell, RequestError> {
        self.used(&[text(A::Origin, "connector"), text(A::Connector, connector)])
    }

    pub(super) fn control(&self) -> Cell {
        let label = self.engine.set().control().map(str::to_owned);
        self.cell(label.map_or(Answer::NoLabel, |label| Answer::Label { label }), [])
    }

    /// Which conversations are used once the choice is on: one that was not active since, one that
    /// was, one that began since.
    pub(super) fn start(&self) -> Result<Cell, RequestError> {
        let ago = |days| days_before(self.now, days);
        let since = time(A::ChoiceSince, ago(5));
        let began = [time(A::StartedAt, ago(20)), time(A::At, ago(20))];
        let [started, at] = began;
        let left = self.train(&[since, started, at, time(A::LastActivity, ago(10))])?;
        let resumed = self.train(&[since, started, at])?;
        let new = self.train(&[since])?;
        if left.permit {
            return Ok(self.cell(Answer::AllConversations, left.reasons.iter()));
        }
        let answer = match (resumed.permit, new.permit) {
            (true, _) => Answer::NewOrResumed,
            (false, true) => Answer::NewConversations,
            (false, false) if self.engine.set().rests_on_unknown(&new) => Answer::NotPublished,
            (false, false) => Answer::Nothing,
        };
        let by = if resumed.permit { &resumed } else { &new };
        Ok(self.cell(answer, by.reasons.iter().chain(left.reasons.iter())))
    }

    /// What is used although the choice is off: a conversation from before, one from before in which
    /// something was written since, one that began since.
    pub(super) fn reach(&self) -> Result<Cell, RequestError> {
        let ago = |days| days_before(self.now, days);
        let since_long = off(self.now, 100);
        let later = self.train(&since_long)?;
        if later.permit {
            let answer = match self.ends(&since_long)? {
                Ends::After(milliseconds) => Answer::For { milliseconds },
                Ends::Never => Answer::Everything,
                Ends::NotDerived => Answer::NotDerived,
            };
            return Ok(self.cell(answer, later.reasons.iter()));
        }
        let [choice, since] = off(self.now, 5);
        let started = time(A::StartedAt, ago(20));
        let ended = time(A::LastActivity, ago(10));
        let before = self.train(&[choice, since, started, time(A::At, ago(20)), ended])?;
        let written_since = self.train(&[choice, since, started])?;
        let answer = match (before.permit, written_since.permit) {
            (true, true) => Answer::EarlierConversations,
            (true, false) => Answer::EarlierParts,
            (false, _) if self.engine.set().rests_on_unknown(&before) => Answer::NotPublished,
            (false, _) => Answer::Nothing,
        };
        Ok(self.cell(answer, before.reasons.iter().chain(later.reasons.iter())))
    }

    /// For how long from now on a part stays permitted for training, if it ends.
    fn ends(&self, changes: &[Change]) -> Result<Ends, RequestError> {
        let request = Request { action: "train", purpose: MODEL_IMPROVEMENT, now: self.now };
        let turns = self.engine.turning_points(&request, &row(Resource::Part, self.now, changes));
        let turns = match turns {
            Err(RequestError::Underivable { .. }) => return Ok(Ends::NotDerived),
            turns => turns?,
        };
        let end = turns.iter().find(|turn| !turn.decision.permit);
        Ok(end.map_or(Ends::Never, |end| Ends::After(end.at.millis() - self.now.millis())))
    }

    pub(super) fn safety(&self) -> Result<Cell, RequestError> {
        let [choice, since] = off(self.now, 100);
        let flagged = [choice, since, time(A::FlaggedAt, days_before(self.now, 1))];
        let safeguards = self.decide("train", "safeguards", Resource::Part, &flagged)?;
        let any = self.train(&flagged)?;
        let answer = match (safeguards.permit, any.permit) {
            (_, true) => Answer::AnyModel,
            (true, false) => Answer::SafetyModels,
            (false, false) if self.engine.set().rests_on_unknown(&safeguards) => {
                Answer::NotPublished
            }
            (false, false) => Answer::Nothing,
        };
        let by = if any.permit { &any } else { &safeguards };
        Ok(self.cell(answer, by.reasons.iter()))
    }

    /// Whether a commercial plan is used: by itself, or where the customer switched it on.
    pub(super) fn plan(&self, plan: &'static str) -> Result<Cell, RequestError> {
        let [choice, since] = unset();
        let by_itself = self.used(&[choice, since, text(A::Plan, plan)])?;
        if by_itself.answer == Answer::Yes {
            return Ok(by_itself);
        }
        let allowed = self.train(&[text(A::Plan, plan)])?;
        if allowed.permit {
            let policies = by_itself.policies.iter().chain(allowed.reasons.iter());
            return Ok(self.cell(Answer::IfAllowed, policies));
        }
        Ok(by_itself)
    }

    /// How long a part is kept that is as new as it can be. Where nothing ends it, whether deletion
    /// does.
    pub(super) fn kept(
        &self,
        resource: Resource,
        changes: &[Change],
    ) -> Result<Cell, RequestError> {
        let kept = self.retention(resource, changes)?;
        let answer = match kept.until {
            Until::At(at) => Answer::For { milliseconds: at.millis() - self.now.millis() },
            Until::NoEnd if resource == Resource::FeedbackPart => Answer::NoEnd,
            Until::NoEnd => {
                let deleted = time(A::DeletedAt, self.now);
                let changes: Vec<Change> = changes.iter().copied().chain([deleted]).collect();
                match self.retention(resource, &changes)?.until {
                    Until::NoEnd => Answer::NoEnd,
                    Until::At(_) | Until::Due => Answer::UntilDeleted,
                }
            }
            Until::Due => {
                let decision = Decision { permit: false, reasons: Arc::clone(&kept.against) };
                if self.engine.set().rests_on_unknown(&decision) {
                    Answer::NotPublished
                } else {
                    Answer::AtOnce
                }
            }
        };
        let by = if kept.against.is_empty() { &kept.reasons } else { &kept.against };
        Ok(self.cell(answer, by.iter()))
    }

    fn retention(&self, resource: Resource, changes: &[Change]) -> Result<Retention, RequestError> {
        let rows = [row(resource, self.now, changes)];
        let kept = self.engine.retain_all(MODEL_IMPROVEMENT, self.now, &rows)?;
        let due = || Retention { until: Until::Due, reasons: [].into(), against: [].into() };
        Ok(kept.into_iter().next().unwrap_or_else(due))
    }
}
