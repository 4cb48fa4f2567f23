//! Content blocks as Anthropic's interface shapes them; the exports of claude.ai use them too.

use super::connector::Source;
use super::history::{Blocks, spoken};
use super::media;
use crate::json::Value;
use consentry_model::{Kind, Origin, Part, Role};
use std::borrow::Cow;

/// Where a file beside a message of this role comes from: a person or an application attached it,
/// the model made it with a tool.
pub(super) const fn attached_by(role: Role) -> Origin {
    match role {
        Role::User | Role::System => Origin::File,
        Role::Assistant | Role::Tool => Origin::Tool,
    }
}

/// The blocks that everyone may send. `false` when the kind is none of them.
pub(super) fn plain<'v>(blocks: &mut Blocks<'v>, role: Role, block: &'v Value<'v>) -> bool {
    match block.str("type").unwrap_or_default() {
        "text" => {
            if !block.list("citations").is_empty() {
                blocks.note("citations-not-imported");
            }
            blocks.text(spoken(role), block.str("text").unwrap_or_default());
        }
        "thinking" => {
            let part = Part::new(Kind::Thinking, Origin::Assistant);
            blocks.text(part, block.str("thinking").unwrap_or_default());
        }
        "redacted_thinking" => blocks.exclude("redacted-thinking"),
        "image" => blocks.part(image(attached_by(role), block)),
        "document" => blocks.part(document(attached_by(role), block)),
        _ => return false,
    }
    true
}

/// A tool call: the arguments as JSON text. Lists of citations among them are copies of what other
/// tools and connectors brought, not the model's own words, and stay out.
pub(super) fn call<'v>(blocks: &mut Blocks<'v>, block: &'v Value<'v>) {
    let mut part = Part::new(Kind::ToolCall, Origin::Assistant);
    part.name = block.filled("name").map(Cow::Borrowed);
    let input = block.get("input");
    let input = match input {
        Some(Value::Object(fields)) if input.is_some_and(|input| input.get(COPIES).is_some()) => {
            blocks.note("md_citations-not-imported");
            let own = fields.iter().filter(|(name, _)| name != COPIES);
            Value::Object(own.cloned().collect()).to_json()
        }
        Some(Value::String(text)) => text.clone().into_owned(),
        Some(input) => input.to_json(),
        None => "{}".to_owned(),
    };
    blocks.part(part.with_text(input));
}

const COPIES: &str = "md_citations";

/// A tool's result: a text is one block, a list a block for each of its items, and nothing is one
/// block too.
pub(super) fn result<'v>(
    blocks: &mut Blocks<'v>,
    content: Option<&'v Value<'v>>,
    tool: Option<&'v str>,
    source: &Source,
) {
    let part = || {
        let mut part = source.part(Kind::ToolResult);
        part.name = tool.map(Cow::Borrowed);
        part
    };
    match content {
        None => blocks.exclude("empty"),
        Some(Value::String(text)) => blocks.text(part(), text.as_ref()),
        Some(Value::Array(items)) if items.is_empty() => blocks.exclude("empty"),
        Some(Value::Array(items)) => {
            for item in items {
                self::item(blocks, item, part(), source);
            }
        }
        Some(other) => blocks.text(part(), without_payloads(other).to_json()),
    }
}

fn item<'v>(blocks: &mut Blocks<'v>, item: &'v Value<'v>, mut part: Part<'v>, source: &Source) {
    let text = item.str("text").unwrap_or_default();
    match (item, item.str("type").unwrap_or_default()) {
        (Value::String(text), _) => blocks.text(part, text.as_ref()),
        (_, "text") => blocks.text(part, text),
        (_, "image") => {
            let mut image = image(part.origin, item);
            image.connector = part.connector;
            blocks.part(image);
        }
        (_, "document") => {
            let mut document = document(part.origin, item);
            document.connector = part.connector;
            blocks.part(document);
        }
        (_, "knowledge") => {
            // A document of someone's own drive rather than a page of the web.
            let private = item.get("extras").is_some() || item.get("doc_uuid").is_some();
            if private && source.is_product() {
                part.origin = Origin::Connector;
                part.connector = Some(super::connector::UNKNOWN.into());
            }
            part.name = item.filled("title").map(Cow::Borrowed).or(part.name);
            blocks.text(part, text);
        }
        (_, "local_resource") => {
            let name = item.filled("name").or_else(|| item.filled("file_path"));
            part.name = name.map(Cow::Borrowed).or(part.name);
            part.media_type = item.filled("mime_type").map(Cow::Borrowed);
            blocks.part(part);
        }
        (_, "search_result") => {
            part.name = item.filled("title").map(Cow::Borrowed).or(part.name);
            blocks.text(part, joined(item.list("content")));
        }
        (_, "resource") => {
            let resource = item.get("resource").unwrap_or(item);
            part.media_type = resource.filled("mimeType").map(Cow::Borrowed);
            part.bytes = resource.str("blob").map(media::base64_size);
            match resource.str("text") {
                Some(text) => blocks.text(part, text),
                None => blocks.part(part),
            }
        }
        (_, "rag_reference" | "resource_link" | "tool_reference" | "web_search_result") => {
            part.name = item.filled("title").map(Cow::Borrowed).or(part.name);
            blocks.text(part, without_payloads(item).to_json());
        }
        (_, kind) => blocks.unknown(Some(kind).filter(|kind| !kind.is_empty())),
    }
}

/// A picture: its media type and size, never its bytes.
pub(super) fn image<'v>(origin: Origin, block: &'v Value<'v>) -> Part<'v> {
    let mut part = Part::new(Kind::Image, origin);
    let Some(source) = block.get("source") else { return part };
    part.media_type = source.filled("media_type").map(Cow::Borrowed);
    part.bytes = source.str("data").map(media::base64_size);
    if let Some((media_type, bytes)) = source.str("url").and_then(media::data_url) {
        part.media_type = media_type.map(Cow::Borrowed);
        part.bytes = Some(bytes);
    }
    part
}

/// A document: its text where it is text, otherwise its media type and size.
pub(super) fn document<'v>(origin: Origin, block: &'v Value<'v>) -> Part<'v> {
    let mut part = Part::new(Kind::Attachment, origin);
    part.name = block.filled("title").map(Cow::Borrowed);
    let Some(source) = block.get("source") else { return part };
    part.media_type = source.filled("media_type").map(Cow::Borrowed);
    let data = source.str("data");
    match (source.str("type").unwrap_or_default(), data) {
        ("text", Some(text)) if !text.is_empty() => part.with_text(text),
        ("content", _) => match source.get("content") {
            Some(Value::String(text)) => part.with_text(text.as_ref()),
            _ => part.with_text(joined(source.list("content"))),
        },
        (_, data) => {
            part.bytes = data.map(media::base64_size);
            part
        }
    }
}

/// The texts of a list of blocks, a line each.
pub(super) fn joined(items: &[Value<'_>]) -> String {
    let texts: Vec<&str> = items.iter().filter_map(|item| item.str("text")).collect();
    texts.join("\n")
}

/// The value without what only a machine reads: encrypted and base64 content.
pub(super) fn without_payloads<'v>(value: &Value<'v>) -> Value<'v> {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(without_payloads).collect()),
        Value::Object(fields) => {
            let readable = fields.iter().filter(|(name, _)| !is_payload(name));
            Value::Object(
                readable.map(|(name, value)| (name.clone(), without_payloads(value))).collect(),
            )
        }
        other => other.clone(),
    }
}

fn is_payload(name: &str) -> bool {
    matches!(name, "data" | "blob" | "b64_json" | "signature") || name.starts_with("encrypted_")
}
