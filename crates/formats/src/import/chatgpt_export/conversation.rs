//! A conversation: a tree of messages, of which every branch is imported.

use super::content::{self, Speaker};
use super::tools;
use crate::import::Tally;
use crate::import::connector::Source;
use crate::import::history::{History, Message, Start, unknown};
use crate::json::Value;
use consentry_model::{Instant, Role, Surface};
use std::collections::HashMap;
use std::io;

/// How far up the tree a message without a time looks for one.
const ANCESTORS_MAX: usize = 64;

/// Imports a conversation.
pub(super) fn import(
    history: &mut History<'_>,
    tally: &mut Tally,
    conversation: &Value<'_>,
    account: Option<&str>,
) -> io::Result<()> {
    let tree = Tree::new(conversation);
    let own_id = conversation.filled("conversation_id").or_else(|| conversation.filled("id"));
    let id = match own_id {
        Some(id) => id.to_owned(),
        None => {
            let hash = blake3::hash(conversation.to_json().as_bytes()).to_hex();
            hash.chars().take(32).collect()
        }
    };
    let incognito = ["is_temporary_chat", "is_temporary", "is_do_not_remember"];
    history.start(&Start {
        id: &id,
        account,
        time: tree.started,
        surface: Surface::Chat,
        incognito: incognito.iter().any(|key| conversation.is_true(key)),
    })?;
    for (key, node) in tree.nodes.iter().copied() {
        let Some(message) = node.get("message") else { continue };
        if !message.is_object() {
            tally.exclude("unknown-block:message");
            continue;
        }
        let (speaker, role) = speaker(message, tally);
        let blocks = content::blocks(message, &speaker);
        let message_id = match message.filled("id").or(Some(key).filter(|key| !key.is_empty())) {
            Some(id) => id.to_owned(),
            None => format!("{:032x}", blocks.digest(role)),
        };
        let time = tree.time(node);
        let message = Message { conversation: &id, id: &message_id, time, role };
        history.add(tally, &message, blocks)?;
    }
    Ok(())
}

/// The nodes of a conversation.
struct Tree<'v> {
    nodes: Vec<(&'v str, &'v Value<'v>)>,
    by_id: HashMap<&'v str, &'v Value<'v>>,
    started: Instant,
}

impl<'v> Tree<'v> {
    fn new(conversation: &'v Value<'v>) -> Self {
        let fields = conversation.get("mapping").map_or(&[][..], Value::fields);
        let nodes: Vec<_> = fields.iter().map(|(key, node)| (key.as_ref(), node)).collect();
        let earliest = || nodes.iter().filter_map(|(_, node)| own_time(node)).min();
        let started = conversation.time("create_time").or_else(earliest);
        let started = started.or_else(|| conversation.time("update_time"));
        Self {
            by_id: nodes.iter().copied().collect(),
            nodes,
            started: started.unwrap_or(Instant::from_millis(0)),
        }
    }

    /// The message's time, or that of the nearest message before it, or the conversation's. The
    /// links between nodes may lead anywhere, in circles too.
    fn time(&self, node: &Value<'_>) -> Instant {
        if let Some(time) = own_time(node) {
            return time;
        }
        let mut parent = node.str("parent");
        for _ in 0..ANCESTORS_MAX {
            let Some(node) = parent.and_then(|id| self.by_id.get(id)) else { break };
            if let Some(time) = own_time(node) {
                return time;
            }
            parent = node.str("parent");
        }
        self.started
    }
}

fn own_time(node: &Value<'_>) -> Option<Instant> {
    let message = node.get("message")?;
    message.time("create_time").or_else(|| message.time("update_time"))
}

/// Who speaks, and for whom the message stands.
fn speaker<'v>(message: &'v Value<'v>, tally: &mut Tally) -> (Speaker<'v>, Role) {
    let author = message.get("author");
    let role = author.and_then(|author| author.str("role"));
    let name = author.and_then(|author| author.filled("name"));
    let metadata = message.get("metadata");
    let content_type = message.get("content").and_then(|content| content.str("content_type"));
    let content_type = content_type.unwrap_or_default();
    let real = author
        .and_then(|author| author.get("metadata"))
        .and_then(|metadata| metadata.filled("real_author"))
        .and_then(|real| real.strip_prefix("tool:"));
    if role == Some("tool") || real.is_some() {
        let name = name.or(real);
        let source = tools::source(name, content_type, metadata);
        return (Speaker::Tool { source, name }, Role::Tool);
    }
    let is_hidden =
        metadata.is_some_and(|metadata| metadata.is_true("is_visually_hidden_from_conversation"));
    let is_context = matches!(content_type, "user_editable_context" | "model_editable_context");
    match role {
        // What the product says in the person's name, unseen by them.
        Some("user" | "assistant") if is_context => (Speaker::Product, Role::System),
        Some("user") if is_hidden => (Speaker::Product, Role::System),
        Some("user") => (Speaker::Person, Role::User),
        Some("assistant") => (model(message), Role::Assistant),
        Some("system" | "developer") => (Speaker::Product, Role::System),
        other => {
            tally.note(&unknown("unknown-author", other));
            (Speaker::Tool { source: Source::unknown(), name: None }, Role::System)
        }
    }
}

fn model<'v>(message: &'v Value<'v>) -> Speaker<'v> {
    match message.filled("recipient") {
        None | Some("all" | "user" | "assistant") => {
            Speaker::Model { calls: None, is_thinking: message.str("channel") == Some("analysis") }
        }
        Some(tool) => Speaker::Model { calls: Some(tool), is_thinking: false },
    }
}
