//! A chat of the design canvas, which has a shape of its own.

use super::conversation::{conversation_id, started_at};
use crate::import::connector::{Source, of_mcp_tool, slug};
use crate::import::history::{Blocks, History, Message, Start, spoken};
use crate::import::{Tally, media};
use crate::json::Value;
use consentry_model::{Kind, Origin, Part, Role, Surface};
use std::borrow::Cow;
use std::io;

/// Imports a design chat. Its own messages name their author; where none does, `person` is the
/// account.
pub(super) fn import(
    history: &mut History<'_>,
    tally: &mut Tally,
    chat: &Value<'_>,
    person: Option<&str>,
) -> io::Result<()> {
    let messages = chat.list("messages");
    let id = conversation_id(chat);
    let started = started_at(chat, messages, "created_at");
    let author = |message: &Value<'_>| {
        message.get("content")?.filled("authorAccountUuid").map(str::to_owned)
    };
    let author = messages.iter().find_map(author);
    history.start(&Start {
        id: &id,
        account: author.as_deref().or(person),
        time: started,
        surface: Surface::Chat,
        incognito: false,
    })?;
    let mut time = started;
    for (position, message) in messages.iter().enumerate() {
        if !message.is_object() {
            tally.exclude("unknown-block:message");
            continue;
        }
        let content = message.get("content").unwrap_or(message);
        let role = match message.str("role").or_else(|| content.str("role")) {
            Some("assistant") => Role::Assistant,
            Some("user" | "human") => Role::User,
            _ => Role::System,
        };
        let blocks = blocks(content, role);
        time = message.time("created_at").or_else(|| content.time("timestamp")).unwrap_or(time);
        let message_id = match message.filled("uuid").or_else(|| content.filled("id")) {
            Some(uuid) => uuid.to_owned(),
            None => format!("m{position}-{:032x}", blocks.digest(role)),
        };
        let message = Message { conversation: &id, id: &message_id, time, role };
        history.add(tally, &message, blocks)?;
    }
    Ok(())
}

fn blocks<'v>(content: &'v Value<'v>, role: Role) -> Blocks<'v> {
    let mut blocks = Blocks::default();
    let typed = content.list("contentBlocks");
    match content.as_str().or_else(|| content.str("content")) {
        // Beside typed blocks the text is a copy of them.
        Some(text) if typed.is_empty() => blocks.text(spoken(role), text),
        _ => {}
    }
    // Some write the typed blocks straight into the content.
    for entry in typed.iter().chain(content.items()) {
        block(&mut blocks, entry, role);
    }
    for attachment in content.list("attachments") {
        blocks.part(self::attachment(attachment));
    }
    blocks
}

fn block<'v>(blocks: &mut Blocks<'v>, block: &'v Value<'v>, role: Role) {
    let text = block.str("text").unwrap_or_default();
    match block.str("type").unwrap_or_default() {
        "text" => blocks.text(spoken(role), text),
        "thinking" => {
            let text = Some(text).filter(|text| !text.is_empty()).or_else(|| block.str("thinking"));
            blocks.text(Part::new(Kind::Thinking, Origin::Assistant), text.unwrap_or_default());
        }
        "tool_call" => tool_call(blocks, block),
        // What the person typed while the model was at work.
        "user_interjection" => match block.get("message") {
            Some(Value::String(text)) => blocks.text(spoken(Role::User), text.as_ref()),
            Some(message) => {
                blocks.text(spoken(Role::User), message.str("content").unwrap_or_default());
                for attachment in message.list("attachments") {
                    blocks.part(self::attachment(attachment));
                }
            }
            None => blocks.text(spoken(Role::User), text),
        },
        "error" => {
            let text = block.str("message").unwrap_or(text);
            blocks.text(spoken(Role::System), text);
        }
        kind => blocks.unknown(Some(kind).filter(|kind| !kind.is_empty())),
    }
}

/// A call and, where the block holds one, its answer: two blocks.
fn tool_call<'v>(blocks: &mut Blocks<'v>, block: &'v Value<'v>) {
    let call = block.get("toolCall").unwrap_or(block);
    let name = call.filled("name");
    let mut part = Part::new(Kind::ToolCall, Origin::Assistant);
    part.name = name.map(Cow::Borrowed);
    let input = call.get("input").map_or_else(|| "{}".to_owned(), Value::to_json);
    blocks.part(part.with_text(input));
    let Some(output) = call.get("output") else { return };
    let mut part = source(name.unwrap_or_default()).part(Kind::ToolResult);
    part.name = name.map(Cow::Borrowed);
    match output.as_str() {
        Some(text) => blocks.text(part, text),
        None => blocks.text(part, output.to_json()),
    }
}

/// The canvas brings its own tools; those of MCP servers carry the server's name.
fn source(tool: &str) -> Source {
    match (of_mcp_tool(tool), tool.split_once(':')) {
        (Some(server), _) => Source::Connector(server),
        (None, Some((server, _))) => Source::Connector(slug(server)),
        (None, None) => Source::Product,
    }
}

fn attachment<'v>(attachment: &'v Value<'v>) -> Part<'v> {
    let name = attachment.filled("name").or_else(|| attachment.filled("path"));
    let mut part = media::file(Origin::File, name, None);
    if attachment.str("type") == Some("image") {
        part.kind = Kind::Image;
    }
    let Some(text) = attachment.filled("content") else { return part };
    match media::data_url(text) {
        Some((media_type, bytes)) => {
            part.media_type = media_type.map(Cow::Borrowed);
            part.bytes = Some(bytes);
            part
        }
        None if part.kind == Kind::Image => {
            part.bytes = Some(media::base64_size(text));
            part
        }
        None => part.with_text(text),
    }
}
