//! What the fuzz targets of the importers share: an export out of any bytes, and what every import
//! of it has to keep to.

use consentry_formats::bundle::MemoryBundle;
use consentry_formats::import::{Format, Output, Owner, Tally, import};
use consentry_model::event::Parser;
use consentry_model::{Body, Event, Plan};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// What stands between two files in an input.
const BETWEEN_FILES: &[u8] = b"\n---\n";

/// Imports the files in `input`, named in order as in `names` (what is left over belongs to the
/// last), and asserts what holds for every import:
///
/// - nothing panics, and a second import gives the same;
/// - every block of every file is a part or an exclusion;
/// - every event can be written and read again;
/// - all events together are a history without errors.
pub fn check(format: Format, names: &[&str], input: &[u8]) {
    let first = collect(format, names, input);
    assert_eq!(first, collect(format, names, input), "a second import differs");
    for tally in &first.tallies {
        let excluded: u64 = tally.exclusions.values().sum();
        assert_eq!(tally.blocks, tally.parts + excluded, "{tally:?}");
    }
    if first.error.is_none() {
        first.history.check();
        let counted: u64 = first.tallies.iter().map(|tally| tally.parts).sum();
        assert_eq!(counted, first.history.parts, "parts in the tallies and in the events");
    }
}

fn collect(format: Format, names: &[&str], input: &[u8]) -> Collected {
    let mut bundle = MemoryBundle::new(files(names, input));
    let owner = Owner { account: None, plan: Plan::Pro, choice: Some(true), since: None };
    let mut collected = Collected::default();
    let outcome = import(format, &mut bundle, &owner, &mut collected);
    collected.error = outcome.err().map(|error| error.to_string());
    collected
}

fn files(names: &[&str], input: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut rest = input;
    for (index, name) in names.iter().enumerate() {
        let end = rest.windows(BETWEEN_FILES.len()).position(|window| window == BETWEEN_FILES);
        let (content, after) = match end.filter(|_| index + 1 < names.len()) {
            Some(end) => (&rest[..end], Some(&rest[end + BETWEEN_FILES.len()..])),
            None => (rest, None),
        };
        files.push(((*name).to_owned(), content.to_vec()));
        match after {
            Some(after) => rest = after,
            None => break,
        }
    }
    files
}

#[derive(Debug, Default, PartialEq)]
struct Collected {
    lines: Vec<String>,
    tallies: Vec<Tally>,
    history: History,
    error: Option<String>,
}

impl Output for Collected {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let line = event.to_json_line();
        let mut bytes = line.clone().into_bytes();
        let mut parser = Parser::new();
        let parsed = parser.parse(&mut bytes).expect("a written event is read again");
        assert_eq!(parsed.event, *event);
        self.history.add(event, &line);
        self.lines.push(line);
        Ok(())
    }

    fn tally(&mut self, tally: Tally) {
        self.tallies.push(tally);
    }
}

/// What has to fit together in a history. Everything is judged at the end, for order carries no
/// meaning.
#[derive(Debug, Default, PartialEq)]
struct History {
    events: BTreeMap<(String, String), String>,
    accounts: BTreeSet<String>,
    conversations: BTreeSet<String>,
    messages: BTreeSet<(String, String)>,
    needed_accounts: BTreeSet<String>,
    needed_conversations: BTreeSet<String>,
    needed_messages: BTreeSet<(String, String)>,
    parts: u64,
}

impl History {
    fn add(&mut self, event: &Event<'_>, line: &str) {
        let key = (event.source.to_string(), event.id.to_string());
        if let Some(before) = self.events.insert(key, line.to_owned()) {
            // A redelivery is ignored by whoever reads the history.
            assert_eq!(before, line, "two events with one id");
            if let Body::MessageAdded { parts, .. } = &event.body {
                self.parts += parts.len() as u64;
            }
            return;
        }
        let (kind, subject) = event.body.subject();
        match &event.body {
            Body::AccountOpened { account, .. } => {
                assert!(self.accounts.insert(account.to_string()), "opened twice: {line}");
            }
            Body::ConversationStarted { conversation, account, .. } => {
                let new = self.conversations.insert(conversation.to_string());
                assert!(new, "started twice: {line}");
                self.needed_accounts.insert(account.to_string());
            }
            Body::MessageAdded { conversation, message, parts, .. } => {
                let new = self.messages.insert((conversation.to_string(), message.to_string()));
                assert!(new, "added twice: {line}");
                self.needed_conversations.insert(conversation.to_string());
                self.parts += parts.len() as u64;
            }
            Body::FeedbackGiven { conversation, message, .. } => {
                self.needed_messages.insert((conversation.to_string(), message.to_string()));
            }
            _ if kind == "account" => {
                self.needed_accounts.insert(subject.to_owned());
            }
            _ if kind == "conversation" => {
                self.needed_conversations.insert(subject.to_owned());
            }
            _ => {}
        }
    }

    fn check(&self) {
        assert!(self.needed_accounts.is_subset(&self.accounts), "{self:?}");
        assert!(self.needed_conversations.is_subset(&self.conversations), "{self:?}");
        assert!(self.needed_messages.is_subset(&self.messages), "{self:?}");
    }
}
