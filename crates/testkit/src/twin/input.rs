//! Section 2: what the lines of a history must hold together.

use super::line::{Event, read};
use std::collections::BTreeSet;

/// A line of a file: the file's name, and the number of the line from 1.
pub type Place = (String, usize);

/// A history without errors: its events in time order, each once.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// By time; at equal times in the order of the arguments, then of the lines.
    pub events: Vec<Event>,
}

/// Reads a history as the commands do without `--quarantine`. `files` are the names and texts in
/// the order of the arguments.
///
/// # Errors
///
/// Every line that is in error, in the order of the arguments and lines. Of two openings, starts or
/// message ids the later in time order is in error; of two differing deliveries of one event the
/// later in line order. What an event refers to is looked for in all events of the input, also in
/// those that are in error because of another line; a line that is in error by itself, or as a
/// differing delivery, is no event. Redeliveries are ignored, so they are never named.
pub fn check(files: &[(String, String)]) -> Result<History, Vec<Place>> {
    let (history, errors) = round(files, &BTreeSet::new());
    if errors.is_empty() { Ok(history) } else { Err(names(files, &errors)) }
}

/// Reads a history as the commands do with `--quarantine`: rejects the lines in error, reads the
/// rest without them, and so on until nothing is wrong. Redeliveries of a rejected event are ignored
/// like any other. Returns what is left and every rejected line, in the order of the arguments and
/// lines.
#[must_use]
pub fn quarantine(files: &[(String, String)]) -> (History, Vec<Place>) {
    let mut rejected = BTreeSet::new();
    loop {
        let (history, errors) = round(files, &rejected);
        if errors.is_empty() {
            return (history, names(files, &rejected));
        }
        rejected.extend(errors);
    }
}

fn names(files: &[(String, String)], places: &BTreeSet<(usize, usize)>) -> Vec<Place> {
    places.iter().filter_map(|(file, line)| Some((files.get(*file)?.0.clone(), *line))).collect()
}

/// The events of all lines but the rejected ones, and which lines are in error.
fn round(
    files: &[(String, String)],
    rejected: &BTreeSet<(usize, usize)>,
) -> (History, BTreeSet<(usize, usize)>) {
    let mut errors = BTreeSet::new();
    let mut events: Vec<Event> = Vec::new();
    for (file, (_, text)) in files.iter().enumerate() {
        for (line, text) in text.lines().enumerate() {
            let at = (file, line + 1);
            if text.trim().is_empty() {
                continue;
            }
            let Some(event) = read(at, text) else {
                errors.insert(at);
                continue;
            };
            // Known by (source, id): the first in line order stands.
            let first = events.iter().find(|e| e.source == event.source && e.id == event.id);
            match first {
                None => events.push(event),
                Some(first) if same(first, &event) => {}
                Some(_) => {
                    errors.insert(at);
                }
            }
        }
    }
    // A rejected event stays rejected, however often it is delivered.
    events.retain(|event| !rejected.contains(&event.at));
    events.sort_by_key(|event| (event.time, event.at));
    for event in &events {
        let earlier = events.iter().filter(|e| (e.time, e.at) < (event.time, event.at));
        if is_second(event, earlier) || !is_about_known(event, &events) {
            errors.insert(event.at);
        }
    }
    (History { events }, errors.difference(rejected).copied().collect())
}

fn same(first: &Event, second: &Event) -> bool {
    first.kind == second.kind
        && first.time == second.time
        && first.subject_kind == second.subject_kind
        && first.subject == second.subject
        && first.data == second.data
}

/// Opens an account, starts a conversation or adds a message that an earlier event already did.
fn is_second<'e>(event: &Event, mut earlier: impl Iterator<Item = &'e Event>) -> bool {
    match event.kind.as_str() {
        "account.opened" | "conversation.started" => {
            earlier.any(|e| e.kind == event.kind && e.subject == event.subject)
        }
        "message.added" => earlier.any(|e| {
            e.kind == event.kind
                && e.subject == event.subject
                && e.text("message") == event.text("message")
        }),
        _ => false,
    }
}

/// Every account, conversation, message and notice that the event is about is opened, started,
/// added or published somewhere in the input.
fn is_about_known(event: &Event, events: &[Event]) -> bool {
    let opened = |account: &str| events.iter().any(|e| e.is("account.opened", "account", account));
    let started = |conversation: &str| {
        events.iter().any(|e| e.is("conversation.started", "conversation", conversation))
    };
    let published = |notice: &str| {
        events.iter().any(|e| e.kind == "notice.published" && e.text("notice") == notice)
    };
    let added = |message: &str| {
        events.iter().any(|e| {
            e.is("message.added", "conversation", &event.subject) && e.text("message") == message
        })
    };

    if event.subject_kind == "account" && !opened(&event.subject) {
        return false;
    }
    if event.subject_kind == "conversation" && !started(&event.subject) {
        return false;
    }
    if event.kind == "conversation.started" && !opened(event.text("account")) {
        return false;
    }
    let names_notice =
        ["notice.deferred", "notice.accepted", "choice.recorded"].contains(&event.kind.as_str());
    if names_notice && event.data.contains_key("notice") && !published(event.text("notice")) {
        return false;
    }
    let names_message = ["feedback.given", "safety.flagged"].contains(&event.kind.as_str());
    if names_message && event.data.contains_key("message") && !added(event.text("message")) {
        return false;
    }
    true
}
