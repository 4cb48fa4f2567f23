//! A conversation of the chat.

use super::tools::Calls;
use crate::import::connector::slug;
use crate::import::history::{Blocks, History, Message, Start, spoken};
use crate::import::{Tally, content, media};
use crate::json::Value;
use consentry_model::{Instant, Kind, Origin, Part, Role, Surface};
use std::borrow::Cow;
use std::io;

/// Imports a conversation with all its branches. One that names no account is `person`'s.
pub(super) fn import(
    history: &mut History<'_>,
    tally: &mut Tally,
    conversation: &Value<'_>,
    person: Option<&str>,
) -> io::Result<()> {
    let messages = conversation.list("chat_messages");
    let id = conversation_id(conversation);
    let time = started_at(conversation, messages, "created_at");
    let account = conversation.get("account").and_then(|account| account.filled("uuid"));
    let incognito = ["is_temporary", "is_incognito", "incognito", "temporary"];
    history.start(&Start {
        id: &id,
        account: account.or(person),
        time,
        surface: Surface::Chat,
        incognito: incognito.iter().any(|key| conversation.is_true(key)),
    })?;
    let mut calls = Calls::default();
    let mut time = time;
    for (position, message) in messages.iter().enumerate() {
        if !message.is_object() {
            tally.exclude("unknown-block:message");
            continue;
        }
        let role = role(message.str("sender"), tally);
        let blocks = blocks(message, role, &mut calls);
        time = message.time("created_at").or_else(|| message.time("updated_at")).unwrap_or(time);
        let message_id = match message.filled("uuid") {
            Some(uuid) => uuid.to_owned(),
            None => format!("m{position}-{:032x}", blocks.digest(role)),
        };
        let message = Message { conversation: &id, id: &message_id, time, role };
        history.add(tally, &message, blocks)?;
    }
    Ok(())
}

/// The conversation's own id, or a hash of it.
pub(super) fn conversation_id(conversation: &Value<'_>) -> String {
    match conversation.filled("uuid") {
        Some(uuid) => uuid.to_owned(),
        None => {
            let hash = blake3::hash(conversation.to_json().as_bytes()).to_hex();
            hash.chars().take(32).collect()
        }
    }
}

/// When the conversation says it began, or else its earliest message, or else the year 1970.
pub(super) fn started_at(conversation: &Value<'_>, messages: &[Value<'_>], key: &str) -> Instant {
    let earliest = || messages.iter().filter_map(|message| message.time(key)).min();
    let time = conversation.time("created_at").or_else(earliest);
    time.or_else(|| conversation.time("updated_at")).unwrap_or(Instant::from_millis(0))
}

fn role(sender: Option<&str>, tally: &mut Tally) -> Role {
    match sender {
        Some("human" | "user") => Role::User,
        Some("assistant") => Role::Assistant,
        Some("system") => Role::System,
        Some("tool") => Role::Tool,
        _ => {
            tally.note("unknown-sender");
            Role::System
        }
    }
}

fn blocks<'v>(message: &'v Value<'v>, role: Role, calls: &mut Calls<'v>) -> Blocks<'v> {
    let mut blocks = Blocks::default();
    let content = message.list("content");
    // `text` is a copy of the blocks, or a digest of them; old exports have nothing else.
    match (message.str("content"), message.str("text")) {
        (Some(text), _) => blocks.text(spoken(role), text),
        (None, Some(text)) if content.is_empty() && !text.is_empty() => {
            blocks.text(spoken(role), text);
        }
        _ => {}
    }
    for entry in content {
        block(&mut blocks, entry, role, calls);
    }
    for attachment in message.list("attachments") {
        blocks.part(self::attachment(attachment, role));
    }
    files(&mut blocks, message, role);
    for style in message.list("personalized_styles") {
        blocks.part(self::style(style));
    }
    for summary in message.list("compaction_summary") {
        let part = Part::new(Kind::Text, Origin::Assistant);
        blocks.text(part, summary.str("text").unwrap_or_default());
    }
    for source in message.list("sync_sources") {
        blocks.part(synced(source));
    }
    blocks
}

fn block<'v>(blocks: &mut Blocks<'v>, block: &'v Value<'v>, role: Role, calls: &mut Calls<'v>) {
    for (copy, note) in [
        ("display_content", "display_content-not-imported"),
        ("structured_content", "structured_content-not-imported"),
    ] {
        if block.get(copy).is_some() {
            blocks.note(note);
        }
    }
    match block.str("type").unwrap_or_default() {
        "tool_use" | "server_tool_use" | "mcp_tool_use" => {
            calls.called(block);
            content::call(blocks, block);
        }
        "tool_result" | "mcp_tool_result" => {
            let source = calls.answered(block);
            content::result(blocks, block.get("content"), block.filled("name"), &source);
        }
        "voice_note" => blocks.text(spoken(role), block.str("text").unwrap_or_default()),
        "token_budget" => blocks.exclude("token-budget"),
        "flag" => blocks.exclude("flag"),
        kind => {
            if !content::plain(blocks, role, block) {
                blocks.unknown(Some(kind).filter(|kind| !kind.is_empty()));
            }
        }
    }
}

/// A file whose text the export holds, or a long text that was pasted.
fn attachment<'v>(attachment: &'v Value<'v>, role: Role) -> Part<'v> {
    let name = attachment.filled("file_name");
    let mut part = media::file(content::attached_by(role), name, attachment.filled("file_type"));
    match attachment.filled("extracted_content") {
        Some(text) => part = part.with_text(text),
        None => part.bytes = attachment.u64("file_size"),
    }
    part
}

/// Files that the export only names. `files_v2` lists those of `files` again.
fn files<'v>(blocks: &mut Blocks<'v>, message: &'v Value<'v>, role: Role) {
    let files = message.list("files");
    let again = |file: &Value<'_>| {
        files.iter().any(|known| {
            let same =
                |key: &str| known.filled(key).is_some() && known.filled(key) == file.filled(key);
            same("file_uuid") || (file.filled("file_uuid").is_none() && same("file_name"))
        })
    };
    let second = message.list("files_v2");
    for file in files.iter().chain(second.iter().filter(|file| !again(file))) {
        let name = file.filled("file_name");
        let mut part = media::file(content::attached_by(role), name, file.filled("file_type"));
        if file.str("file_kind") == Some("image") {
            part.kind = Kind::Image;
        }
        part.bytes = file.u64("size_bytes").or_else(|| file.u64("file_size"));
        blocks.part(part);
    }
    for _ in second.iter().filter(|file| again(file)) {
        blocks.exclude("repeated");
    }
}

/// A writing style: the person's own, or one that the product offers.
fn style<'v>(style: &'v Value<'v>) -> Part<'v> {
    let is_own = style.str("type") == Some("custom");
    let mut part = Part::new(Kind::Style, if is_own { Origin::User } else { Origin::System });
    part.name = style.filled("name").map(Cow::Borrowed);
    match style.filled("prompt") {
        Some(text) => part.with_text(text),
        None => part,
    }
}

/// A document that stays in step with the service it lies on.
fn synced<'v>(source: &'v Value<'v>) -> Part<'v> {
    let mut part = Part::new(Kind::Attachment, Origin::Connector);
    part.connector = Some(slug(source.filled("type").unwrap_or_default()).into());
    part.name = source.filled("name").or_else(|| source.filled("file_name")).map(Cow::Borrowed);
    match source.filled("extracted_content").or_else(|| source.filled("content")) {
        Some(text) => part.with_text(text),
        None => part,
    }
}
