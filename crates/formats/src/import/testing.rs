//! What the tests of the importers share: running one, and checking what every import must hold.

use super::{Format, ImportError, Output, Owner, Tally, import};
use crate::bundle::MemoryBundle;
use consentry_model::event::Parser;
use consentry_model::{Body, Event, Plan};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::io;

/// What an import gave.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Imported {
    /// The history, a line an event.
    pub lines: Vec<String>,
    pub tallies: Vec<Tally>,
}

impl Output for Imported {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        self.lines.push(event.to_json_line());
        Ok(())
    }

    fn tally(&mut self, tally: Tally) {
        self.tallies.push(tally);
    }
}

pub(super) fn owner() -> Owner {
    Owner { account: None, plan: Plan::Pro, choice: None, since: None }
}

/// Imports files, and checks what must hold of every import.
pub(super) fn run_as(
    format: Format,
    files: &[(&str, &str)],
    owner: &Owner,
) -> Result<Imported, ImportError> {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    let mut bundle = MemoryBundle::new(files);
    let mut imported = Imported::default();
    import(format, &mut bundle, owner, &mut imported)?;
    imported.check();
    let mut again = Imported::default();
    import(format, &mut bundle, owner, &mut again)?;
    assert_eq!(imported, again, "importing again gives the same events");
    Ok(imported)
}

/// [`run_as`] with the plain [`owner`], for imports that succeed.
pub(super) fn run(format: Format, files: &[(&str, &str)]) -> Imported {
    run_as(format, files, &owner()).unwrap()
}

/// The message of the error that an import of one file ends with.
pub(super) fn error(format: Format, name: &str, text: &str) -> String {
    run_as(format, &[(name, text)], &owner()).unwrap_err().to_string()
}

impl Imported {
    /// Every line is an event, the whole is a valid history, and the blocks of each file balance.
    fn check(&self) {
        for tally in &self.tallies {
            let excluded: u64 = tally.exclusions.values().sum();
            assert_eq!(tally.blocks, tally.parts + excluded, "{tally:?}");
        }
        let mut parts = 0;
        let mut ids = HashSet::new();
        let (mut accounts, mut conversations, mut messages) = Default::default();
        let mut named = Vec::new();
        for line in &self.lines {
            let mut bytes = line.clone().into_bytes();
            let event = Parser::new().parse(&mut bytes).map_err(|error| format!("{error}: {line}"));
            let event = event.unwrap().event;
            let source = event.source.clone().into_owned();
            assert!(ids.insert((source, event.id.clone().into_owned())), "twice: {line}");
            parts +=
                index(&event.body, [&mut accounts, &mut conversations, &mut messages], &mut named);
        }
        for (known, id) in named {
            let known = [&accounts, &conversations, &messages][known];
            assert!(known.contains(&id), "refers to nothing: {id}");
        }
        assert_eq!(parts, self.tallies.iter().map(|tally| tally.parts).sum::<u64>());
    }

    /// The events of one type, as JSON.
    pub(super) fn of(&self, kind: &str) -> Vec<serde_json::Value> {
        let all = self.lines.iter().map(|line| serde_json::from_str(line).unwrap());
        let kind = format!("consentry.{kind}");
        all.filter(|event: &serde_json::Value| event["type"] == kind.as_str()).collect()
    }

    /// Every part of every message as `ROLE KIND ORIGIN`, with connector, name and text where it
    /// has them.
    pub(super) fn parts(&self) -> Vec<String> {
        let mut parts = Vec::new();
        for message in self.of("message.added") {
            let data = &message["data"];
            for part in data["parts"].as_array().unwrap() {
                let fields = ["kind", "origin", "connector", "name", "media_type", "bytes", "text"];
                let texts = fields.iter().filter_map(|field| match &part[field] {
                    serde_json::Value::Null => None,
                    serde_json::Value::String(text) if *field == "text" => {
                        Some(format!("`{text}`"))
                    }
                    serde_json::Value::String(text) => Some(text.clone()),
                    other => Some(other.to_string()),
                });
                let texts: Vec<String> = texts.collect();
                parts.push(format!("{} {}", data["role"].as_str().unwrap(), texts.join(" ")));
            }
        }
        parts
    }

    /// The exclusions of all files together.
    pub(super) fn exclusions(&self) -> Vec<(String, u64)> {
        sum(self.tallies.iter().map(|tally| &tally.exclusions))
    }

    /// The notes of all files together.
    pub(super) fn notes(&self) -> Vec<(String, u64)> {
        sum(self.tallies.iter().map(|tally| &tally.notes))
    }
}

fn sum<'t>(counts: impl Iterator<Item = &'t BTreeMap<String, u64>>) -> Vec<(String, u64)> {
    let mut all: BTreeMap<String, u64> = BTreeMap::new();
    for (name, count) in counts.flatten() {
        *all.entry(name.clone()).or_default() += count;
    }
    all.into_iter().collect()
}

/// `[(name, count)]` as the functions above return it.
pub(super) fn counts(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

/// Notes what an event opens, starts or adds, and what it refers to; returns its number of parts.
fn index(
    body: &Body<'_>,
    opened: [&mut HashSet<String>; 3],
    named: &mut Vec<(usize, String)>,
) -> u64 {
    let [accounts, conversations, messages] = opened;
    let message_key = |conversation: &str, message: &str| format!("{conversation}\0{message}");
    match body {
        Body::AccountOpened { account, .. } => {
            assert!(accounts.insert(account.to_string()), "opened twice: {account}");
        }
        Body::ChoiceRecorded { account, .. } => named.push((0, account.to_string())),
        Body::ConversationStarted { conversation, account, .. } => {
            assert!(
                conversations.insert(conversation.to_string()),
                "started twice: {conversation}"
            );
            named.push((0, account.to_string()));
        }
        Body::MessageAdded { conversation, message, parts, .. } => {
            assert!(messages.insert(message_key(conversation, message)), "added twice: {message}");
            named.push((1, conversation.to_string()));
            return parts.len() as u64;
        }
        Body::FeedbackGiven { conversation, message, .. } => {
            named.push((1, conversation.to_string()));
            named.push((2, message_key(conversation, message)));
        }
        other => panic!("importers write no {}", other.type_word()),
    }
    0
}

/// JSON of any shape, whose keys and strings are often those that a format knows.
pub(super) fn json_of(words: &'static [&'static str]) -> impl Strategy<Value = serde_json::Value> {
    let word = prop_oneof![
        4 => proptest::sample::select(words).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        word.clone().prop_map(Into::into),
        Just("2026-01-02T03:04:05Z".into()),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            proptest::collection::vec((word.clone(), inner), 0..6)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Imports whatever text: it may be refused, but what is imported must hold, and nothing panics.
pub(super) fn survives(format: Format, name: &str, text: &str) {
    let _ = run_as(format, &[(name, text)], &owner());
}
