mod history;
mod origins;
mod properties;
mod records;

use super::import;
use crate::bundle::MemoryBundle;
use crate::import::{ImportError, Output, Owner, Tally};
use consentry_model::event::Parser;
use consentry_model::{Body, Event, Plan};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::io;

/// Everything that an import gives, checked while it comes.
#[derive(Debug, Default)]
struct Collected {
    lines: Vec<String>,
    parts: Vec<Shown>,
    tallies: Vec<Tally>,
    accounts: HashSet<String>,
    conversations: BTreeMap<String, i64>,
    messages: HashSet<(String, String)>,
    ids: HashSet<String>,
}

/// One part, with what it belongs to.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    conversation: String,
    message: String,
    time: i64,
    role: &'static str,
    kind: &'static str,
    origin: &'static str,
    text: Option<String>,
    name: Option<String>,
    connector: Option<String>,
    media_type: Option<String>,
    bytes: Option<u64>,
}

impl Output for Collected {
    /// Takes an event if it keeps the rules of a history, and panics otherwise.
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let line = event.to_json_line();
        let mut bytes = line.clone().into_bytes();
        let parsed = Parser::new().parse(&mut bytes).unwrap();
        assert_eq!(parsed.event, *event, "written and read again");
        assert!(self.ids.insert(event.id.to_string()), "{} twice", event.id);
        match &event.body {
            Body::AccountOpened { account, .. } => {
                assert!(self.accounts.insert(account.to_string()), "account opened twice");
            }
            Body::ChoiceRecorded { account, .. } => assert!(self.accounts.contains(&**account)),
            Body::ConversationStarted { conversation, account, .. } => {
                assert!(self.accounts.contains(&**account));
                let twice =
                    self.conversations.insert(conversation.to_string(), event.time.millis());
                assert_eq!(twice, None, "conversation started twice");
            }
            Body::MessageAdded { conversation, message, parts, .. } => {
                let started = self.conversations[&**conversation];
                assert!(started <= event.time.millis(), "older than its conversation");
                let id = (conversation.to_string(), message.to_string());
                assert!(self.messages.insert(id), "message twice");
                assert!(!parts.is_empty());
                self.show(event);
            }
            other => panic!("unexpected event {other:?}"),
        }
        self.lines.push(line);
        Ok(())
    }

    fn tally(&mut self, tally: Tally) {
        let excluded: u64 = tally.exclusions.values().sum();
        assert_eq!(tally.blocks, tally.parts + excluded, "{tally:?}");
        self.tallies.push(tally);
    }
}

impl Collected {
    fn show(&mut self, event: &Event<'_>) {
        let Body::MessageAdded { conversation, message, role, parts } = &event.body else {
            return;
        };
        let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
        self.parts.extend(parts.iter().map(|part| Shown {
            conversation: conversation.to_string(),
            message: message.to_string(),
            time: event.time.millis(),
            role: role.as_str(),
            kind: part.kind.as_str(),
            origin: part.origin.as_str(),
            text: owned(&part.text),
            name: owned(&part.name),
            connector: owned(&part.connector),
            media_type: owned(&part.media_type),
            bytes: part.bytes,
        }));
    }

    /// `ROLE KIND ORIGIN TEXT` of every part, with the connector behind the origin.
    fn lines_of_parts(&self) -> Vec<String> {
        let line = |part: &Shown| {
            let connector = part.connector.as_ref().map(|name| format!("({name})"));
            format!(
                "{} {} {}{} {}",
                part.role,
                part.kind,
                part.origin,
                connector.unwrap_or_default(),
                part.text.as_deref().unwrap_or("-")
            )
        };
        self.parts.iter().map(line).collect()
    }

    /// The exclusions of all files.
    fn exclusions(&self) -> BTreeMap<&str, u64> {
        let mut all = BTreeMap::new();
        for (reason, count) in self.tallies.iter().flat_map(|tally| &tally.exclusions) {
            *all.entry(reason.as_str()).or_default() += count;
        }
        all
    }
}

fn owner() -> Owner {
    Owner { account: None, plan: Plan::Pro, choice: Some(true), since: None }
}

/// Imports files of raw content; twice, to see that it gives the same.
fn try_files(files: &[(&str, &[u8])]) -> Result<Collected, ImportError> {
    let files = files.iter().map(|(name, content)| ((*name).to_owned(), content.to_vec()));
    let mut bundle = MemoryBundle::new(files);
    let mut collected = Collected::default();
    import(&mut bundle, &owner(), &mut collected)?;
    let mut again = Collected::default();
    import(&mut bundle, &owner(), &mut again)?;
    assert_eq!(collected.lines, again.lines);
    assert_eq!(collected.tallies, again.tallies);
    Ok(collected)
}

/// Imports files of records.
fn files(files: &[(&str, Vec<Value>)]) -> Collected {
    let contents: Vec<String> = files.iter().map(|(_, records)| lines(records)).collect();
    let named = files.iter().zip(&contents);
    let named: Vec<_> = named.map(|((name, _), content)| (*name, content.as_bytes())).collect();
    try_files(&named).unwrap()
}

/// Imports one file of records.
fn records(records: Vec<Value>) -> Collected {
    files(&[("s1.jsonl", records)])
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// A record of a kind with what all records have. Its number makes its id and its time.
fn record(number: u64, kind: &str, more: Value) -> Value {
    let mut record = json!({
        "type": kind,
        "uuid": format!("u{number}"),
        "sessionId": "s1",
        "timestamp": format!("2026-01-01T00:00:{:02}.000Z", number % 60),
    });
    let fields = record.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    record
}

fn user(number: u64, content: Value) -> Value {
    record(number, "user", json!({"message": {"role": "user", "content": content}}))
}

fn assistant(number: u64, content: Value) -> Value {
    let message = json!({"role": "assistant", "id": "msg_1", "model": "m", "content": content});
    record(number, "assistant", json!({ "message": message }))
}

fn call(number: u64, id: &str, name: &str, input: Value) -> Value {
    assistant(number, json!([{"type": "tool_use", "id": id, "name": name, "input": input}]))
}

fn answer(number: u64, id: &str, content: Value) -> Value {
    user(number, json!([{"type": "tool_result", "tool_use_id": id, "content": content}]))
}

/// The record with these fields as well.
fn with(mut record: Value, more: Value) -> Value {
    let fields = record.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    record
}
