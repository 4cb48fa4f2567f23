//! Since when and until when an answer is what it is.

use super::change::Situation;
use super::{Case, Members, PartId, Span};
use consentry_model::Instant;
use consentry_model::facts::Facts;
use consentry_policy::{Engine as _, Request, RequestError, Until};

/// The spans of a group.
pub(super) struct Spans {
    pub(super) since: Span,
    pub(super) until: Option<Span>,
    pub(super) kept_until: Option<Until>,
}

fn widen(span: &mut Option<Span>, instant: Instant) {
    let known = span.get_or_insert(Span { earliest: instant, latest: instant });
    known.earliest = known.earliest.min(instant);
    known.latest = known.latest.max(instant);
}

impl Spans {
    /// The spans over all cases, told by the oldest and the newest part that each has in the
    /// group.
    pub(super) fn of(
        situation: &Situation<'_>,
        members: &Members,
        used: bool,
    ) -> Result<Self, RequestError> {
        let now = situation.request.now;
        let (mut since, mut until, mut kept_until) = (None, None, None);
        for (number, parts) in members {
            let (Some(case), Some(part)) = (situation.cases.get(*number), parts.first()) else {
                continue;
            };
            for part in parts.first().into_iter().chain(parts.last()) {
                widen(&mut since, situation.since(case, part, used)?);
            }
            let Some(facts) = case.facts(part, now) else { continue };
            if let Some(turn) = situation.next_turn(&facts, used)? {
                widen(&mut until, turn);
            }
            let purpose = situation.request.purpose;
            for kept in situation.engine.retain_all(purpose, now, &[facts])? {
                let known = kept_until.get_or_insert(kept.until);
                *known = later(*known, kept.until);
            }
        }
        let since = since.unwrap_or(Span { earliest: now, latest: now });
        Ok(Self { since, until, kept_until })
    }
}

fn later(one: Until, other: Until) -> Until {
    match (one, other) {
        (Until::NoEnd, _) | (_, Until::NoEnd) => Until::NoEnd,
        (Until::Due, any) | (any, Until::Due) => any,
        (Until::At(one), Until::At(other)) => Until::At(one.max(other)),
    }
}

impl Situation<'_> {
    /// The first instant from now on at which the answer is no longer `used`, as the facts stand.
    fn next_turn(&self, facts: &Facts<'_>, used: bool) -> Result<Option<Instant>, RequestError> {
        let turns = self.engine.turning_points(self.request, facts)?;
        Ok(turns.iter().find(|turn| turn.decision.permit != used).map(|turn| turn.at))
    }

    /// The beginning of the unbroken stretch up to now in which the part exists and its answer is
    /// `used`. Between two recorded events the facts stand still, and only the policies' own
    /// turning points can turn the answer.
    fn since(&self, case: &Case, part: &PartId, used: bool) -> Result<Instant, RequestError> {
        let now = self.request.now;
        let mut instants: Vec<Instant> = (case.account.instants())
            .chain(case.conversation.instants())
            .filter(|instant| *instant <= now)
            .collect();
        instants.sort_unstable();
        instants.dedup();
        let mut since = now;
        let mut end = now.checked_add_millis(1).unwrap_or(now);
        for start in instants.into_iter().rev() {
            let Some(facts) = case.facts(part, start) else { return Ok(since) };
            let request = Request { now: start, ..*self.request };
            let at_start = self.engine.decide(&request, &facts)?.permit;
            let mut same_since = (at_start == used).then_some(start);
            for turn in self.engine.turning_points(&request, &facts)? {
                if turn.at >= end {
                    break;
                }
                if turn.decision.permit == used {
                    same_since.get_or_insert(turn.at);
                } else {
                    same_since = None;
                }
            }
            match same_since {
                Some(begun) if begun == start => since = start,
                Some(begun) => return Ok(begun),
                None => return Ok(since),
            }
            end = start;
        }
        Ok(since)
    }
}
