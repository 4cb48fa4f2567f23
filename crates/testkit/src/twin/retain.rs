//! Section 4: how long the provider keeps its copy of a part.

use super::DAY;
use super::facts::{At, Choice, is_commercial, is_consumer};
use super::input::History;
use super::rows::{CopyPart, Key, Part, copies, parts};

/// How long a part is kept if the facts stay as they are; a longer time is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Until {
    /// Nothing permits keeping it: due for erasure.
    Due,
    /// Until this millisecond since 1970, at which it is no longer kept.
    At(i64),
    /// Without end.
    NoEnd,
}

/// One row of `retain`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// What it is about.
    pub key: Key,
    /// The latest end of the satisfied permits.
    pub until: Until,
    /// Every satisfied permit, sorted.
    pub reasons: Vec<String>,
}

/// The rows of `retain` at `now` (milliseconds since 1970), in the order of section 5; copies by
/// the (`source`, `id`) of their feedback.
#[must_use]
pub fn retain(history: &History, now: i64) -> Vec<Kept> {
    let at = At { history, now };
    let parts = parts(at).into_iter().map(|part| keep_part(at, &part));
    let copies = copies(at).into_iter().map(|copy| keep_copy(at, &copy));
    parts.chain(copies).collect()
}

/// Of the permits whose conditions hold, those whose end has not come are satisfied.
fn kept(key: Key, now: i64, permits: Vec<(&str, Until)>) -> Kept {
    let mut until = Until::Due;
    let mut reasons = Vec::new();
    for (permit, end) in permits {
        if Until::At(now) < end {
            reasons.push(permit.to_owned());
            until = until.max(end);
        }
    }
    reasons.sort();
    Kept { key, until, reasons }
}

fn keep_copy(at: At<'_>, copy: &CopyPart<'_>) -> Kept {
    let end = Until::At(copy.given_at + 1826 * DAY);
    kept(copy.key(), at.now, vec![("keep-feedback", end)])
}

fn keep_part(at: At<'_>, part: &Part<'_>) -> Kept {
    let plan = at.seen_at(part.time).plan(part.account);
    let choice = at.choice(part.account);
    let choice_since = at.choice_since(part.account);
    let last_activity = at.last_activity(part.conversation).unwrap_or(i64::MIN);
    let is_incognito = at.is_incognito(part.conversation);
    let deleted_at = at.deleted_at(part.conversation);
    let closed_at = at.closed_at(part.account);
    let flagged_at = at.flagged_at(part.conversation);
    let mut permits = vec![];

    if is_consumer(plan)
        && choice == Choice::On
        && Some(last_activity) >= choice_since
        && !is_incognito
        && deleted_at.is_none()
        && closed_at.is_none()
    {
        permits.push(("keep-training", Until::At(last_activity + 1826 * DAY)));
    }
    if is_consumer(plan) && deleted_at.is_none() && closed_at.is_none() {
        let mut from = last_activity;
        if choice == Choice::Off {
            from = from.max(choice_since.unwrap_or(from));
        }
        permits.push(("keep-standard", Until::At(from + 30 * DAY)));
    }
    if is_commercial(plan) && deleted_at.is_none() && closed_at.is_none() {
        permits.push(("keep-commercial", Until::NoEnd));
    }
    if let Some(deleted_at) = deleted_at {
        permits.push(("keep-deleted", Until::At(deleted_at + 30 * DAY)));
    }
    if let Some(closed_at) = closed_at {
        permits.push(("keep-closed", Until::At(closed_at + 30 * DAY)));
    }
    if let Some(flagged_at) = flagged_at {
        permits.push(("keep-flagged", Until::At(flagged_at + 730 * DAY)));
    }
    if at.is_held("account", part.account) || at.is_held("conversation", part.conversation) {
        permits.push(("keep-held", Until::NoEnd));
    }
    kept(part.key(), at.now, permits)
}
