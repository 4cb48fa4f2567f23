//! Items of the responses interface.

use super::chat::{Reading, picture, result};
use crate::import::api_log::{Turn, own_time};
use crate::import::connector::{self, Source};
use crate::import::history::Blocks;
use crate::import::media;
use crate::json::Value;
use consentry_model::{Kind, Origin, Part, Role};
use std::borrow::Cow;

/// Whether a `type` is that of an item.
pub(super) fn is_item(kind: &str) -> bool {
    matches!(kind, "message" | "reasoning" | "item_reference" | "mcp_list_tools" | "compaction")
        || ["_call", "_call_output", "_approval_request", "_approval_response"]
            .iter()
            .any(|end| kind.ends_with(end))
}

/// Reads an item that is no message.
pub(super) fn turn<'v>(reading: &mut Reading<'v>, item: &'v Value<'v>) -> Turn<'v> {
    let mut blocks = Blocks::default();
    let kind = item.str("type").unwrap_or_default();
    let role = if kind.ends_with("_output") { Role::Tool } else { Role::Assistant };
    match kind {
        "function_call" | "custom_tool_call" | "mcp_approval_request" => {
            let name = item.filled("name");
            if let (Some(id), Some(name)) = (item.filled("call_id"), name) {
                reading.names.insert(id, name);
            }
            let arguments = item.get("arguments").or_else(|| item.get("input"));
            blocks.part(reading.called(name, arguments));
        }
        "reasoning" => reasoning(&mut blocks, item),
        "mcp_call" => mcp_call(reading, &mut blocks, item),
        "mcp_list_tools" => {
            let part = server(item).part(Kind::ToolResult);
            blocks.text(part, item.get("tools").map(Value::to_json).unwrap_or_default());
        }
        "web_search_call" | "computer_call" | "local_shell_call" | "shell_call" => {
            blocks.part(reading.called(kind.strip_suffix("_call"), item.get("action")));
        }
        "apply_patch_call" => {
            blocks.part(reading.called(Some("apply_patch"), item.get("operation")))
        }
        "file_search_call" => file_search(reading, &mut blocks, item),
        "code_interpreter_call" => code_interpreter(reading, &mut blocks, item),
        "image_generation_call" => match item.filled("result") {
            Some(data) => {
                let mut image = Part::new(Kind::Image, Origin::Tool);
                image.bytes = Some(media::base64_size(data));
                blocks.part(image);
            }
            None => blocks.exclude("empty"),
        },
        "computer_call_output" => {
            let url = item.get("output").and_then(|output| output.str("image_url"));
            blocks.part(picture(Part::new(Kind::Image, Origin::Tool), url));
        }
        "mcp_approval_response" => blocks.exclude("approval"),
        "item_reference" => blocks.exclude("reference"),
        "compaction" => blocks.exclude("encrypted-compaction"),
        _ if kind.ends_with("_call_output") => output(reading, &mut blocks, item),
        kind => blocks.unknown(Some(kind).filter(|kind| !kind.is_empty())),
    }
    Turn { role, time: own_time(item), blocks }
}

/// The server of an MCP item.
fn server(item: &Value<'_>) -> Source {
    Source::Connector(connector::mcp(item.filled("server_label").unwrap_or_default()))
}

fn reasoning<'v>(blocks: &mut Blocks<'v>, item: &'v Value<'v>) {
    let texts = item.list("summary").iter().chain(item.list("content"));
    let mut count = 0;
    for text in texts {
        let part = Part::new(Kind::Thinking, Origin::Assistant);
        blocks.text(part, text.str("text").unwrap_or_default());
        count += 1;
    }
    if count == 0 {
        blocks.exclude("encrypted-reasoning");
    }
}

/// A call of an MCP server and its answer: two blocks, once there is an answer.
fn mcp_call<'v>(reading: &Reading<'v>, blocks: &mut Blocks<'v>, item: &'v Value<'v>) {
    let name = item.filled("name");
    blocks.part(reading.called(name, item.get("arguments")));
    let answers = [item.get("output"), item.get("error")];
    for answer in answers.into_iter().flatten() {
        let mut part = server(item).part(Kind::ToolResult);
        part.name = name.map(Cow::Borrowed);
        match answer.as_str() {
            Some(text) => blocks.text(part, text),
            None => blocks.text(part, answer.to_json()),
        }
    }
}

fn file_search<'v>(reading: &Reading<'v>, blocks: &mut Blocks<'v>, item: &'v Value<'v>) {
    blocks.part(reading.called(Some("file_search"), item.get("queries")));
    for found in item.list("results") {
        let mut part = result(Some("file_search"));
        part.name = found.filled("filename").map(Cow::Borrowed).or(part.name);
        blocks.text(part, found.str("text").unwrap_or_default());
    }
}

fn code_interpreter<'v>(reading: &Reading<'v>, blocks: &mut Blocks<'v>, item: &'v Value<'v>) {
    blocks.part(reading.called(Some("code_interpreter"), item.get("code")));
    for output in item.list("outputs") {
        match output.str("type").unwrap_or_default() {
            "image" => {
                let image = Part::new(Kind::Image, Origin::Tool);
                blocks.part(picture(image, output.str("url")));
            }
            _ => blocks
                .text(result(Some("code_interpreter")), output.str("logs").unwrap_or_default()),
        }
    }
}

/// The answer to a call of the application's own tools.
fn output<'v>(reading: &Reading<'v>, blocks: &mut Blocks<'v>, item: &'v Value<'v>) {
    let name = item.filled("call_id").and_then(|id| reading.names.get(id).copied());
    match item.get("output") {
        None => blocks.exclude("empty"),
        Some(output @ Value::Object(_)) => blocks.text(result(name), output.to_json()),
        output => reading.content(blocks, output, &|| result(name)),
    }
}
