//! Timelines that outlive the lines they were read from.

use super::{Change, ConversationTimeline, Feedback, Message, Start};
use crate::Part;
use std::borrow::Cow;

fn owned(text: &str) -> Cow<'static, str> {
    Cow::Owned(text.to_owned())
}

fn maybe(text: Option<&Cow<'_, str>>) -> Option<Cow<'static, str>> {
    text.map(|text| owned(text))
}

fn part(part: &Part<'_>) -> Part<'static> {
    Part {
        kind: part.kind,
        origin: part.origin,
        text: maybe(part.text.as_ref()),
        name: maybe(part.name.as_ref()),
        connector: maybe(part.connector.as_ref()),
        media_type: maybe(part.media_type.as_ref()),
        bytes: part.bytes,
    }
}

fn message(message: &Message<'_>) -> Message<'static> {
    Message {
        at: message.at,
        order: message.order,
        id: owned(&message.id),
        role: message.role,
        parts: message.parts.iter().map(part).collect(),
    }
}

fn feedback(given: &Feedback<'_>) -> Feedback<'static> {
    Feedback {
        at: given.at,
        order: given.order,
        source: owned(&given.source),
        id: owned(&given.id),
        message: owned(&given.message),
        rating: given.rating,
        comment: maybe(given.comment.as_ref()),
    }
}

fn start(start: &Start<'_>) -> Start<'static> {
    Start {
        at: start.at,
        order: start.order,
        account: owned(&start.account),
        surface: start.surface,
        incognito: start.incognito,
        app: maybe(start.app.as_ref()),
    }
}

fn change(change: &Change<'_>) -> Change<'static> {
    match change {
        Change::Deleted => Change::Deleted,
        Change::Flagged { message } => Change::Flagged { message: maybe(message.as_ref()) },
        Change::HoldPlaced(hold) => Change::HoldPlaced(owned(hold)),
        Change::HoldReleased(hold) => Change::HoldReleased(owned(hold)),
    }
}

impl ConversationTimeline<'_> {
    /// A copy that borrows nothing.
    #[must_use]
    pub fn to_owned_timeline(&self) -> ConversationTimeline<'static> {
        ConversationTimeline {
            id: owned(&self.id),
            starts: self.starts.iter().map(start).collect(),
            messages: self.messages.iter().map(message).collect(),
            feedback: self.feedback.iter().map(feedback).collect(),
            changes: self.changes.iter().map(|(at, order, of)| (*at, *order, change(of))).collect(),
        }
    }
}
