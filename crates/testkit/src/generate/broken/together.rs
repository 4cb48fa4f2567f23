//! Mistakes between lines.

use super::{Place, Workbench, any_of, data_text, renamed, text};
use crate::generate::small::moments;
use consentry_model::Instant;
use fastrand::Rng;
use serde_json::{Value, json};

/// An id that no generated history uses.
const NOBODY: &str = "nobody/knows";

/// Events by which something comes into being; the field of `data` that names it next to the
/// subject.
const OPENINGS: [&str; 3] =
    ["consentry.account.opened", "consentry.conversation.started", "consentry.message.added"];

/// A new event about an account, conversation, message or notice that there is not.
pub(super) fn unknown(bench: &mut Workbench<'_>, random: &mut Rng) -> Option<String> {
    let mut event = renamed(any_of(bench.events, random)?);
    let mut wrong: Vec<(&str, &str)> = Vec::new();
    let kind = text(&event, "type").to_owned();
    let (subject_kind, _) = text(&event, "subject").split_once('/')?;
    let subject = format!("{subject_kind}/{NOBODY}");
    if kind == "consentry.conversation.started" {
        wrong.push(("data", "account"));
    } else if kind != "consentry.account.opened" && kind != "consentry.notice.published" {
        wrong.push(("envelope", "subject"));
    }
    if kind == "consentry.notice.deferred" || kind == "consentry.notice.accepted" {
        wrong.push(("data", "notice"));
    }
    if kind == "consentry.feedback.given" || kind == "consentry.safety.flagged" {
        wrong.push(("data", "message"));
    }
    let (part, name) = *any_of(&wrong, random)?;
    if part == "data" {
        let data = event.get_mut("data")?.as_object_mut()?;
        data.insert(name.to_owned(), NOBODY.into());
        if name == "account" {
            // Not the start of a conversation that was started already.
            event.as_object_mut()?.insert("subject".to_owned(), subject.into());
        }
    } else {
        event.as_object_mut()?.insert(name.to_owned(), subject.into());
    }
    bench.insert(event.to_string(), true, random);
    Some(format!("an unknown `{name}`: {event}"))
}

/// A second opening, start or message of that id: the later in time order is in error.
pub(super) fn second_opening(bench: &mut Workbench<'_>, random: &mut Rng) -> Option<String> {
    let all: Vec<usize> = (0..bench.events.len())
        .filter(|event| {
            bench.events.get(*event).is_some_and(|event| OPENINGS.contains(&text(event, "type")))
        })
        .collect();
    let first = *any_of(&all, random)?;
    let first_event = bench.events.get(first)?;
    let mut second = renamed(first_event);
    let first_time = Instant::parse(text(first_event, "time")).ok()?;
    let other_times = moments();
    // Often at the same time, so that the order of lines decides.
    let second_time = if random.bool() { first_time } else { *any_of(&other_times, random)? };
    second.as_object_mut()?.insert("time".to_owned(), second_time.to_string().into());
    let place = bench.insert(second.to_string(), false, random);
    let first_place = bench.first(first)?;
    let wrong = if (first_time, first_place) < (second_time, place) { place } else { first_place };
    bench.mark(|place, _| place == wrong);
    Some(format!("a second opening, start or message: {second}"))
}

/// A delivery that differs from an earlier one of the same event.
pub(super) fn differing_delivery(bench: &mut Workbench<'_>, random: &mut Rng) -> Option<String> {
    let event = random.usize(0..bench.events.len().max(1));
    let original = bench.events.get(event)?;
    let mut differing = original.clone();
    let kind = text(original, "type");
    let change = random.usize(0..4);
    let envelope = differing.as_object_mut()?;
    match change {
        0 | 1 => {
            let time = Instant::parse(text(original, "time")).ok()?;
            let time = time.checked_add_millis(if change == 0 { 1 } else { -86_400_000 })?;
            envelope.insert("time".to_owned(), time.to_string().into());
        }
        2 => {
            let data = envelope.entry("data").or_insert_with(|| json!({})).as_object_mut()?;
            data.insert("other".to_owned(), json!(0));
        }
        _ => {
            let subject = format!("{}/", text(original, "subject"));
            envelope.insert("subject".to_owned(), subject.into());
        }
    }
    let place = bench.insert(differing.to_string(), false, random);
    let first = bench.first(event)?;
    if first < place {
        bench.mark(|at, _| at == place);
    } else if change != 3 && !OPENINGS.contains(&kind) {
        // It stands first, so it is the others that differ. It opens nothing and is about the
        // same, so nothing else goes wrong.
        bench.mark(|_, line| line.event == Some(event));
    } else {
        bench.remove(place);
        return None;
    }
    Some(format!("a delivery that differs: {differing}"))
}

/// Takes away all that opens an account, starts a conversation, adds a message or publishes a
/// notice, and leaves what is about it. What is left is delivered once, for a redelivery of an
/// event in error is nothing that must be named.
pub(super) fn missing_opening(bench: &mut Workbench<'_>, random: &mut Rng) -> Option<String> {
    let targets: Vec<Target> = bench.events.iter().filter_map(Target::opened_by).collect();
    let about = |target: &Target| -> Vec<usize> {
        let all = bench.events.iter().enumerate();
        all.filter(|(_, event)| target.is_subject_of(event)).map(|(index, _)| index).collect()
    };
    let usable: Vec<(&Target, Vec<usize>)> = targets
        .iter()
        .map(|target| (target, about(target)))
        .filter(|(target, about)| {
            // A start in error would leave open whether its conversation is started.
            let starts = |index: &usize| {
                let kind = bench.events.get(*index).map_or("", |event| text(event, "type"));
                matches!(target, Target::Account(_)) && kind == "consentry.conversation.started"
            };
            !about.is_empty() && !about.iter().any(starts)
        })
        .collect();
    let (target, about) = any_of(&usable, random)?.clone();
    let openings: Vec<usize> = (0..bench.events.len())
        .filter(|index| {
            bench.events.get(*index).and_then(Target::opened_by).as_ref() == Some(target)
        })
        .collect();
    let firsts: Vec<Option<Place>> = about.iter().map(|event| bench.first(*event)).collect();
    for (file, (_, lines)) in bench.files.iter_mut().enumerate() {
        let mut number = 0;
        lines.retain_mut(|line| {
            let place = Place { file, line: number };
            number += 1;
            let is_about = line.event.is_some_and(|event| about.contains(&event));
            line.wrong |= is_about;
            let is_opening = line.event.is_some_and(|event| openings.contains(&event));
            !is_opening && (!is_about || firsts.contains(&Some(place)))
        });
    }
    Some(format!("nothing opens, starts, adds or publishes {target:?}"))
}

impl Workbench<'_> {
    fn remove(&mut self, place: Place) {
        if let Some((_, lines)) = self.files.get_mut(place.file) {
            lines.remove(place.line);
        }
    }
}

/// What can be opened, started, added or published.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    /// A subject: `account/ID`.
    Account(String),
    /// A subject: `conversation/ID`.
    Conversation(String),
    /// The subject of its conversation, and the message.
    Message(String, String),
    /// By `data.notice`.
    Notice(String),
}

impl Target {
    fn opened_by(event: &Value) -> Option<Self> {
        let subject = text(event, "subject").to_owned();
        Some(match text(event, "type") {
            "consentry.account.opened" => Self::Account(subject),
            "consentry.conversation.started" => Self::Conversation(subject),
            "consentry.message.added" => {
                Self::Message(subject, data_text(event, "message").to_owned())
            }
            "consentry.notice.published" => Self::Notice(data_text(event, "notice").to_owned()),
            _ => return None,
        })
    }

    /// Whether the event would be in error if this did not exist.
    fn is_subject_of(&self, event: &Value) -> bool {
        let kind = text(event, "type");
        let subject = text(event, "subject");
        match self {
            Self::Account(account) => {
                let started = kind == "consentry.conversation.started"
                    && format!("account/{}", data_text(event, "account")) == *account;
                (subject == account && kind != "consentry.account.opened") || started
            }
            Self::Conversation(conversation) => {
                subject == conversation && kind != "consentry.conversation.started"
            }
            Self::Message(conversation, message) => {
                let data = event.get("data");
                let names = data.and_then(|data| data.get("message")).and_then(Value::as_str);
                subject == conversation
                    && kind != "consentry.message.added"
                    && names == Some(message)
            }
            Self::Notice(notice) => {
                let data = event.get("data");
                let names = data.and_then(|data| data.get("notice")).and_then(Value::as_str);
                kind != "consentry.notice.published" && names == Some(notice)
            }
        }
    }
}
