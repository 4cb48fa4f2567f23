//! What an example can be made of: a conversation, or a feedback copy.

use super::taint::Stretches;
use crate::history::Owned;
use consentry_model::conversation::{Feedback, FeedbackCopy, Message};
use consentry_model::facts::Facts;
use consentry_model::{Instant, Part, Rating, Role};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A conversation or a copy, with its parts in order.
pub(crate) struct ExampleSource<'a> {
    /// Opaque.
    pub(crate) id: String,
    pub(crate) rows: Vec<SourceRow<'a>>,
    /// Of a copy.
    pub(crate) rating: Option<Rating>,
}

/// One part.
pub(crate) struct SourceRow<'a> {
    pub(crate) message: i32,
    pub(crate) part_number: i32,
    pub(crate) role: Role,
    pub(crate) part: &'a Part<'a>,
    pub(crate) facts: Facts<'a>,
    pub(crate) rated: bool,
    /// Of a copy, which holds no connector's results itself: what repeats them.
    pub(crate) tainted: Stretches,
}

fn number(index: usize) -> i32 {
    // More than two billion messages in one conversation cannot be held in memory.
    i32::try_from(index).unwrap_or(i32::MAX)
}

/// A conversation at an instant. Its id is the first half of the hash it is ordered by.
pub(crate) fn of_conversation(owned: Owned<'_>, as_of: Instant) -> ExampleSource<'_> {
    let mut rows = Vec::new();
    let (mut message, mut last): (i32, Option<&Message<'_>>) = (-1, None);
    for row in Facts::of_parts(owned.account, owned.conversation, as_of) {
        if last.is_none_or(|last| !std::ptr::eq(last, row.message)) {
            message += 1;
            last = Some(row.message);
        }
        rows.push(SourceRow {
            message,
            part_number: number(row.index),
            role: row.message.role,
            part: row.part,
            facts: row.facts,
            rated: false,
            tainted: Stretches::new(),
        });
    }
    let half = owned.route.first_chunk::<16>().copied().unwrap_or_default();
    ExampleSource { id: crate::hex(&half), rows, rating: None }
}

/// A copy while it waits to be sorted.
#[derive(Serialize, Deserialize)]
pub(crate) struct CopyRecord<'a> {
    feedback: Feedback<'a>,
    /// Only what the copy holds.
    messages: Vec<Message<'a>>,
    /// For each part of it, what repeats a connector's result.
    tainted: Vec<Stretches>,
}

impl<'a> CopyRecord<'a> {
    /// `followed` are the parts of the conversation, in order, with what in them repeats a
    /// connector's result.
    pub(crate) fn new(copy: &FeedbackCopy<'_, 'a>, followed: &[(&Part<'_>, Stretches)]) -> Self {
        let mut followed = followed.iter();
        // Both go through the same parts in the same order; the copy leaves some out.
        let mut stretches_of = |part: &Part<'_>| {
            let found = followed.find(|(one, _)| std::ptr::eq(*one, part));
            found.map(|(_, stretches)| stretches.clone()).unwrap_or_default()
        };
        let tainted = copy.parts.iter().map(|(_, part)| stretches_of(part)).collect();
        let mut messages: Vec<Message<'a>> = Vec::new();
        for (message, part) in &copy.parts {
            if messages.last().is_none_or(|last| last.id != message.id) {
                messages.push(Message { parts: Vec::new(), ..shallow(message) });
            }
            if let Some(last) = messages.last_mut() {
                last.parts.push((*part).clone());
            }
        }
        Self { feedback: copy.feedback.clone(), messages, tainted }
    }
}

/// The message without its parts.
fn shallow<'a>(message: &Message<'a>) -> Message<'a> {
    Message {
        at: message.at,
        order: message.order,
        id: Cow::clone(&message.id),
        role: message.role,
        parts: Vec::new(),
    }
}

/// A copy. Its parts are numbered through.
pub(crate) fn of_copy<'a>(id: String, record: &'a CopyRecord<'a>) -> ExampleSource<'a> {
    let parts = record.messages.iter().enumerate().flat_map(|(at, message)| {
        message.parts.iter().map(move |part| (number(at), message, part))
    });
    let rows = parts
        .enumerate()
        .map(|(index, (at, message, part))| SourceRow {
            message: at,
            part_number: number(index),
            role: message.role,
            part,
            facts: Facts::of_copy(&record.feedback, message, part),
            rated: message.id == record.feedback.message,
            tainted: record.tainted.get(index).cloned().unwrap_or_default(),
        })
        .collect();
    ExampleSource { id, rows, rating: Some(record.feedback.rating) }
}
