//! Section 5: which rows a command prints, and in which order. Section 3 for the feedback copies.

use super::facts::At;
use super::line::Event;
use serde_json::Value;

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A part of a conversation.
    Part {
        /// The conversation's id.
        conversation: String,
        /// The message's id.
        message: String,
        /// The place of the part in its message, from 0.
        part: usize,
    },
    /// A part of a feedback copy. The product shows an opaque id in place of (`source`, `id`), so
    /// the order among copies cannot be known here.
    Copy {
        /// The source of the feedback event.
        source: String,
        /// The id of the feedback event.
        id: String,
        /// The number of the part in the copy, from 0.
        part: usize,
    },
    /// An account.
    Account {
        /// The account's id.
        account: String,
    },
    /// A conversation.
    Conversation {
        /// The conversation's id.
        conversation: String,
    },
}

/// A part of a conversation, where it stands.
pub(super) struct Part<'h> {
    pub account: &'h str,
    pub conversation: &'h str,
    pub message: &'h str,
    pub part: usize,
    /// Of its message.
    pub time: i64,
    pub origin: &'h str,
}

impl Part<'_> {
    pub(super) fn key(&self) -> Key {
        Key::Part {
            conversation: self.conversation.to_owned(),
            message: self.message.to_owned(),
            part: self.part,
        }
    }
}

/// A part of a feedback copy.
pub(super) struct CopyPart<'h> {
    pub source: &'h str,
    pub id: &'h str,
    pub part: usize,
    /// Of the feedback.
    pub given_at: i64,
}

impl CopyPart<'_> {
    pub(super) fn key(&self) -> Key {
        Key::Copy { source: self.source.to_owned(), id: self.id.to_owned(), part: self.part }
    }
}

/// Accounts opened by now, by id.
pub(super) fn accounts(at: At<'_>) -> Vec<&str> {
    let mut accounts: Vec<&str> = at
        .events()
        .filter(|event| event.kind == "account.opened")
        .map(|event| event.subject.as_str())
        .collect();
    accounts.sort_unstable();
    accounts
}

/// Conversations started by now whose account is opened by now, by id, with their account.
pub(super) fn conversations(at: At<'_>) -> Vec<(&str, &str)> {
    let mut conversations: Vec<(&str, &str)> = at
        .events()
        .filter(|event| event.kind == "conversation.started")
        .map(|event| (event.subject.as_str(), event.text("account")))
        .filter(|(_, account)| at.opening(account).is_some())
        .collect();
    conversations.sort_unstable();
    conversations
}

/// Parts of those conversations that were added by now: by conversation id, message time, message
/// id, part.
pub(super) fn parts(at: At<'_>) -> Vec<Part<'_>> {
    let mut rows = Vec::new();
    for (conversation, account) in conversations(at) {
        let mut messages: Vec<&Event> = at.messages(conversation).collect();
        messages.sort_by_key(|message| (message.time, message.text("message")));
        for message in messages {
            for (part, value) in message.parts().into_iter().enumerate() {
                rows.push(Part {
                    account,
                    conversation,
                    message: message.text("message"),
                    part,
                    time: message.time,
                    origin: origin(value),
                });
            }
        }
    }
    rows
}

/// Parts of the feedback copies made by now, by the (`source`, `id`) of the feedback.
pub(super) fn copies(at: At<'_>) -> Vec<CopyPart<'_>> {
    let mut rows = Vec::new();
    for feedback in at.events().filter(|event| event.kind == "feedback.given") {
        let conversation = feedback.subject.as_str();
        let then = at.seen_at(feedback.time);
        if !makes_copy(then, conversation) {
            continue;
        }
        let kept = then
            .messages(conversation)
            .flat_map(Event::parts)
            .filter(|part| origin(part) != "connector");
        for (part, _) in kept.enumerate() {
            rows.push(CopyPart {
                source: &feedback.source,
                id: &feedback.id,
                part,
                given_at: feedback.time,
            });
        }
    }
    rows.sort_by_key(|copy| (copy.source, copy.id, copy.part));
    rows
}

/// Whether feedback given now makes a copy.
fn makes_copy<'h>(then: At<'h>, conversation: &'h str) -> bool {
    let Some(start) = then.start(conversation) else {
        return false;
    };
    let account = start.text("account");
    if then.opening(account).is_none() {
        return false;
    }
    if !then.is_adult(account) || then.closed_at(account).is_some() {
        return false;
    }
    if then.is_incognito(conversation) || then.deleted_at(conversation).is_some() {
        return false;
    }
    true
}

fn origin(part: &Value) -> &str {
    part.get("origin").and_then(Value::as_str).unwrap_or("")
}
