//! Records of what Claude Code adds to a conversation beside its messages: files, resources of MCP
//! servers, the output of hooks, prompts that waited in a queue.

use super::blocks::{Author, Blocks};
use super::json::{self, Object, decoded_bytes};
use super::survey::Survey;
use super::tools::{Tool, UNKNOWN_CONNECTOR, server_of, stored_answer};
use super::wrappers::connector_in;
use consentry_model::{Kind, Origin, Part, Role};
use std::borrow::Cow;

/// Reads the attachment of a record whose own text would be `author`'s. Kinds that are not known to
/// be free of connector content stay out.
pub(super) fn attachment<'a>(
    blocks: &mut Blocks<'a>,
    attachment: &Object<'a>,
    author: &Author,
    survey: &Survey,
    session: &str,
) -> Role {
    let kind = attachment.text("type").unwrap_or_default();
    match &*kind {
        "file"
        | "already_read_file"
        | "edited_text_file"
        | "edited_image_file"
        | "directory"
        | "selected_lines_in_ide"
        | "nested_memory"
        | "pdf_reference" => {
            file(blocks, attachment, survey, session);
            Role::User
        }
        "mcp_resource" => {
            blocks.server_resource(attachment);
            Role::User
        }
        "mcp_instructions_delta" => {
            server_instructions(blocks, attachment);
            Role::System
        }
        "queued_command" => {
            let author = queued_author(attachment, author);
            match attachment.get("prompt") {
                Some(prompt) => blocks.content(prompt, &author),
                None => blocks.exclude("empty", ""),
            }
            match author {
                Author::Product => Role::System,
                _ => Role::User,
            }
        }
        _ if kind.starts_with("hook_") || kind == "async_hook_response" => {
            hook(blocks, attachment, survey, session);
            Role::System
        }
        _ => {
            blocks.exclude("attachment", &kind);
            Role::System
        }
    }
}

/// Whose a prompt is that waited while the model worked.
fn queued_author(attachment: &Object<'_>, author: &Author) -> Author {
    match attachment.text("commandMode").as_deref() {
        None | Some("prompt" | "bash") if !attachment.is("isMeta") => attachment
            .object("origin")
            .map_or_else(|| author.clone(), |origin| origin_author(&origin)),
        _ => Author::Product,
    }
}

/// Whose the text of a record is that names its origin.
pub(super) fn origin_author(origin: &Object<'_>) -> Author {
    let kind = origin.text("kind").unwrap_or_default();
    let server = origin.id("server");
    match &*kind {
        "human" => Author::Person,
        "teammate" | "peer" | "coordinator" | "agent" => Author::Model,
        _ if server.is_some() || kind == "channel" || kind.contains("mcp") => {
            let tool = Tool::of_server("", &server.unwrap_or_default());
            Author::Connector(tool.connector.unwrap_or_else(|| UNKNOWN_CONNECTOR.to_owned()))
        }
        _ => Author::Product,
    }
}

fn file<'a>(blocks: &mut Blocks<'a>, attachment: &Object<'a>, survey: &Survey, session: &str) {
    let content = attachment.object("content");
    let inner = content.as_ref().and_then(|content| content.object("file"));
    let name = ["filename", "path", "filePath"].iter().find_map(|field| attachment.id(field));
    let name = name.or_else(|| inner.as_ref()?.id("filePath"));
    let text = inner.as_ref().and_then(|file| file.text("content"));
    let text = text
        .or_else(|| content.as_ref()?.text("content"))
        .or_else(|| attachment.text("content"))
        .or_else(|| attachment.text("snippet"));
    let data = inner.as_ref().and_then(|file| file.text("base64"));
    let cells = inner.as_ref().and_then(|file| file.get("cells"));
    let text = text.or_else(|| cells.map(|cells| cells.get().into()));
    if text.is_none() && data.is_none() {
        return blocks.exclude("empty", "");
    }
    let image = content.is_some_and(|content| content.text("type").as_deref() == Some("image"));
    let mut part = Part::new(if image { Kind::Image } else { Kind::Attachment }, Origin::File);
    // The stored answer of an MCP tool, and what a text says of itself.
    let earlier = |id: &str| survey.tool(session, id).cloned();
    let stored = name.as_deref().and_then(|name| stored_answer(name, earlier));
    let connector = stored.or_else(|| connector_in(text.as_deref().unwrap_or_default()));
    if let Some(connector) = connector {
        part.origin = Origin::Connector;
        part.connector = Some(connector.into());
    }
    part.name = name;
    part.text = text;
    part.bytes = data.map(|data| decoded_bytes(&data));
    part.media_type = inner.and_then(|file| file.id("type")).filter(|kind| kind.contains('/'));
    blocks.push(part);
}

/// What MCP servers say about their use: each text is its server's own.
fn server_instructions<'a>(blocks: &mut Blocks<'a>, attachment: &Object<'a>) {
    let names = attachment.get("addedNames").and_then(json::items).unwrap_or_default();
    let added = attachment.get("addedBlocks").and_then(json::items).unwrap_or_default();
    if added.is_empty() {
        return blocks.exclude("empty", "");
    }
    for (index, text) in added.into_iter().enumerate() {
        let server = names.get(index).and_then(|name| json::text(name)).unwrap_or_default();
        let connector = Tool::of_server("", &server).connector;
        let connector = connector.unwrap_or_else(|| UNKNOWN_CONNECTOR.to_owned());
        blocks.content(text, &Author::Connector(connector));
    }
}

/// The output of a hook. What a hook says about the call of a connector's tool may repeat what the
/// tool answered.
fn hook<'a>(blocks: &mut Blocks<'a>, attachment: &Object<'a>, survey: &Survey, session: &str) {
    let named = attachment.text("hookName").unwrap_or_default();
    let named = named.split_once(':').and_then(|(_, tool)| server_of(tool));
    let call = attachment.id("toolUseID").and_then(|id| survey.tool(session, &id));
    let connector = named
        .and_then(|server| Tool::of_server("", server).connector)
        .or_else(|| call.and_then(|call| call.connector.clone()));
    let author = connector.map_or(Author::Product, Author::Connector);
    let error = attachment.object("blockingError");
    let error = error.and_then(|error| error.get("blockingError"));
    let content = attachment.get("content");
    let stdout = attachment.get("stdout").filter(|stdout| !same_text(content, stdout));
    let mut said = [content, stdout, attachment.get("stderr"), error]
        .into_iter()
        .flatten()
        .filter(|raw| json::text(raw).is_none_or(|text| !text.trim().is_empty()))
        .peekable();
    if said.peek().is_none() {
        blocks.exclude("empty", "");
    }
    for raw in said {
        blocks.content(raw, &author);
    }
}

fn same_text(
    content: Option<&serde_json::value::RawValue>,
    stdout: &serde_json::value::RawValue,
) -> bool {
    let text = |raw| json::text(raw).map(|text: Cow<'_, str>| text.trim().to_owned());
    content.is_some_and(|content| text(content) == text(stdout))
}
