//! The rows of facts that a matrix is found with. All lie within three weeks before the question, so
//! that rules that took effect at a date hold throughout.

use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Value};

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// The instant that lies so many days before `now`; the earliest one there is if that is out of
/// range.
pub(super) fn days_before(now: Instant, days: i64) -> Instant {
    now.checked_add_millis(days.saturating_mul(-DAY)).unwrap_or(Instant::from_millis(i64::MIN))
}

/// What is different in a row from the usual one.
pub(super) type Change = (Attribute, Option<Value<'static>>);

pub(super) const fn text(attribute: Attribute, text: &'static str) -> Change {
    (attribute, Some(Value::Text(text)))
}

pub(super) const fn time(attribute: Attribute, at: Instant) -> Change {
    (attribute, Some(Value::Time(at)))
}

pub(super) const fn truth(attribute: Attribute, value: bool) -> Change {
    (attribute, Some(Value::Bool(value)))
}

/// The choice is off since this many days.
pub(super) fn off(now: Instant, days: i64) -> [Change; 2] {
    [text(Attribute::Choice, "off"), time(Attribute::ChoiceSince, days_before(now, days))]
}

/// Nothing was chosen.
pub(super) const fn unset() -> [Change; 2] {
    [text(Attribute::Choice, "unset"), (Attribute::ChoiceSince, None)]
}

/// A row about `resource` with these changes. Usually: an adult on the plan `pro` whose choice has
/// been on for 100 days; a conversation that began yesterday and went on until now, and text that
/// its owner wrote in it; feedback that was given now.
pub(super) fn row(resource: Resource, now: Instant, changes: &[Change]) -> Facts<'static> {
    let mut row = Facts::new(resource);
    let set = |row: &mut Facts<'static>, usual: &[Change]| {
        for (attribute, value) in usual {
            row.set(*attribute, *value);
        }
    };
    let content = [
        text(Attribute::Role, "user"),
        text(Attribute::Kind, "text"),
        text(Attribute::Origin, "user"),
    ];
    let began = days_before(now, 1);
    if resource == Resource::FeedbackPart {
        set(&mut row, &content);
        set(&mut row, &[time(Attribute::FeedbackAt, now), text(Attribute::Rating, "up")]);
    } else {
        set(
            &mut row,
            &[
                text(Attribute::Plan, "pro"),
                text(Attribute::Choice, "on"),
                time(Attribute::ChoiceSince, days_before(now, 100)),
                truth(Attribute::Adult, true),
                truth(Attribute::AccountHeld, false),
            ],
        );
    }
    if matches!(resource, Resource::Part | Resource::Conversation) {
        set(
            &mut row,
            &[
                text(Attribute::Surface, "chat"),
                truth(Attribute::Incognito, false),
                time(Attribute::StartedAt, began),
                time(Attribute::LastActivity, now),
                truth(Attribute::ConversationHeld, false),
            ],
        );
    }
    if resource == Resource::Part {
        set(&mut row, &content);
        set(&mut row, &[time(Attribute::At, began)]);
    }
    set(&mut row, changes);
    row
}
