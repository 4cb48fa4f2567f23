//! The first reading of an export: what a record can only be understood by together with others.
//!
//! It keeps ids, hashes and times, never content.

use super::blocks::typed_texts;
use super::file::Record;
use super::json::{self, Object};
use super::tools::{Tool, prompt_connector};
use super::wrappers::{command_name, is_command};
use consentry_model::Instant;
use std::collections::{HashMap, HashSet, VecDeque};

/// A hash that stands for a thing with an id.
pub(super) type Key = u128;

/// The hash of some strings, told apart by their lengths.
pub(super) fn key(parts: &[&str]) -> Key {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    Key::from_le_bytes(bytes)
}

/// What the first reading found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The earliest time of any record.
    pub(super) earliest: Option<Instant>,
    /// Each session's earliest time; `None` if a message of it has none.
    sessions: HashMap<String, Option<Instant>>,
    /// Tools by the id of a call, within a session and over all.
    calls: HashMap<Key, usize>,
    tools: Vec<Tool>,
    tool_indices: HashMap<Tool, usize>,
    /// Records that report a slash command of an MCP server, and the product's records that follow
    /// them, with the connector.
    prompts: HashMap<Key, String>,
    /// Texts that came to the model as messages, by session.
    typed: HashSet<Key>,
    /// Texts that wait in a session's queue, first in first out.
    queued: HashMap<String, VecDeque<Key>>,
    /// Texts that were taken from the queue while the model worked.
    taken: HashSet<Key>,
}

impl Survey {
    /// Looks at one record.
    pub(super) fn see(&mut self, record: &Record<'_>) {
        if !record.time_assumed {
            let times = [self.earliest, record.time];
            self.earliest = times.into_iter().flatten().min();
        }
        match &*record.kind {
            "user" | "assistant" | "system" | "attachment" | "summary" => {}
            "queue-operation" => self.queue(record),
            "progress" => return self.progress(record),
            _ => return,
        }
        let begun = self.sessions.entry(record.session.clone());
        let begun = begun.or_insert(record.time);
        *begun = (*begun).min(record.time);
        if let Some(message) = record.fields.object("message") {
            self.calls(&record.session, &message);
        }
        for text in typed_texts(record) {
            self.typed.insert(key(&[&record.session, text.trim()]));
            self.prompt(record, &text);
        }
        self.prompt(record, &record.fields.text("content").unwrap_or_default());
    }

    fn calls(&mut self, session: &str, message: &Object<'_>) {
        let content = message.get("content").and_then(json::items);
        for block in content.unwrap_or_default() {
            let Some(block) = Object::new(block) else {
                continue;
            };
            let is_call = block.text("type").is_some_and(|kind| kind.ends_with("tool_use"));
            let id = block.id("id");
            if let (true, Some(id)) = (is_call, id) {
                let tool = Tool::of_call(&block, |earlier| self.tool(session, earlier).cloned());
                self.claim(session, &id, tool);
            }
        }
    }

    /// Progress of a call to an MCP server names the server, even where the call is not recorded.
    fn progress(&mut self, record: &Record<'_>) {
        let Some(data) = record.fields.object("data") else {
            return;
        };
        if data.text("type").as_deref() == Some("mcp_progress")
            && let Some(id) = record.fields.id("toolUseID")
        {
            let server = data.text("serverName").unwrap_or_default();
            self.claim(&record.session, &id, Tool::of_server("", &server));
        }
    }

    fn claim(&mut self, session: &str, id: &str, tool: Tool) {
        for call in [key(&[session, id]), key(&[id])] {
            let known = self.calls.get(&call).and_then(|index| self.tools.get(*index));
            let claimed = match known {
                Some(known) => known.clone().stricter(tool.clone()),
                None => tool.clone(),
            };
            let next = self.tools.len();
            let index = *self.tool_indices.entry(claimed.clone()).or_insert(next);
            if index == next {
                self.tools.push(claimed);
            }
            self.calls.insert(call, index);
        }
    }

    /// The tool of a call: as the session itself has it, otherwise as any session has it.
    pub(super) fn tool(&self, session: &str, id: &str) -> Option<&Tool> {
        let own = self.calls.get(&key(&[session, id]));
        let index = own.or_else(|| self.calls.get(&key(&[id])))?;
        self.tools.get(*index)
    }

    /// Remembers a record by which an MCP server's prompt reaches the model.
    fn prompt(&mut self, record: &Record<'_>, text: &str) {
        let Some(uuid) = record.fields.id("uuid") else {
            return;
        };
        let command = is_command(text).then(|| command_name(text)).flatten();
        let connector = match command {
            Some(command) => prompt_connector(command),
            None if record.fields.is("isMeta") => self.prompt_before(record).map(str::to_owned),
            None => None,
        };
        if let Some(connector) = connector {
            self.prompts.insert(key(&[&uuid]), connector);
        }
    }

    /// The connector whose prompt the record directly before this one in its branch stands for.
    pub(super) fn prompt_before(&self, record: &Record<'_>) -> Option<&str> {
        let parent = record.fields.id("parentUuid")?;
        self.prompts.get(&key(&[&parent])).map(String::as_str)
    }

    fn queue(&mut self, record: &Record<'_>) {
        let queue = self.queued.entry(record.session.clone()).or_default();
        match record.fields.text("operation").as_deref() {
            Some("enqueue") => queue.push_back(queue_key(record)),
            Some("remove") => self.taken.extend(queue.pop_front()),
            Some("dequeue") => drop(queue.pop_front()),
            _ => queue.clear(),
        }
    }

    /// Whether a text that a record put into the queue reached the model and is recorded nowhere
    /// else.
    pub(super) fn only_in_queue(&self, record: &Record<'_>, text: &str) -> bool {
        self.taken.contains(&queue_key(record))
            && !self.typed.contains(&key(&[&record.session, text.trim()]))
    }

    /// When a session began, as far as its records tell.
    pub(super) fn begun(&self, session: &str) -> Option<Instant> {
        *self.sessions.get(session)?
    }
}

fn queue_key(record: &Record<'_>) -> Key {
    let time = record.fields.text("timestamp").unwrap_or_default();
    let text = record.fields.get("content").map_or("", |raw| raw.get());
    key(&[&record.session, &time, text])
}
