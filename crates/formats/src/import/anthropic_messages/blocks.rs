//! Content blocks of the messages interface.

use crate::import::connector::{self, Source, of_mcp_tool};
use crate::import::content;
use crate::import::history::{Blocks, spoken};
use crate::json::Value;
use consentry_model::{Kind, Origin, Part, Role};
use std::borrow::Cow;
use std::collections::HashMap;

/// The tool calls of one conversation: the tool's name and who answers, by the id of the call.
#[derive(Debug, Default)]
pub(super) struct Calls<'v> {
    by_id: HashMap<&'v str, (Option<&'v str>, Source)>,
}

impl<'v> Calls<'v> {
    /// A message's content: a text, or a list of blocks.
    pub(super) fn content(&mut self, blocks: &mut Blocks<'v>, role: Role, content: &'v Value<'v>) {
        match content {
            Value::String(text) => blocks.text(spoken(role), text.as_ref()),
            Value::Array(list) => {
                for block in list {
                    self.block(blocks, role, block);
                }
            }
            block => self.block(blocks, role, block),
        }
    }

    fn block(&mut self, blocks: &mut Blocks<'v>, role: Role, block: &'v Value<'v>) {
        if let Some(text) = block.as_str() {
            return blocks.text(spoken(role), text);
        }
        match block.str("type").unwrap_or_default() {
            kind @ ("tool_use" | "server_tool_use" | "mcp_tool_use") => {
                self.called(kind, block);
                content::call(blocks, block);
            }
            "tool_result" => {
                let (name, source) = self.call_of(block).unwrap_or((None, Source::Product));
                content::result(blocks, block.get("content"), name, &source);
            }
            "mcp_tool_result" => {
                let unknown = || (None, Source::Connector(connector::mcp(connector::UNKNOWN)));
                let (name, source) = self.call_of(block).unwrap_or_else(unknown);
                content::result(blocks, block.get("content"), name, &source);
            }
            kind if kind.ends_with("_tool_result") => {
                let name = self.call_of(block).and_then(|(name, _)| name);
                server_result(blocks, block.get("content"), name);
            }
            "container_upload" => {
                let mut part = Part::new(Kind::Attachment, content::attached_by(role));
                part.name = block.filled("file_id").map(Cow::Borrowed);
                blocks.part(part);
            }
            "search_result" => {
                // What the application found and handed over as a source.
                let mut part = Part::new(Kind::Attachment, content::attached_by(role));
                part.name = block.filled("title").map(Cow::Borrowed);
                blocks.text(part, content::joined(block.list("content")));
            }
            "compaction" => match block.str("content") {
                Some(summary) => blocks.text(Part::new(Kind::Text, Origin::Assistant), summary),
                None => blocks.exclude("encrypted-compaction"),
            },
            "fallback" => blocks.exclude("fallback"),
            kind => {
                if !content::plain(blocks, role, block) {
                    blocks.unknown(Some(kind).filter(|kind| !kind.is_empty()));
                }
            }
        }
    }

    fn called(&mut self, kind: &str, block: &'v Value<'v>) {
        let name = block.filled("name");
        let source = if kind == "mcp_tool_use" {
            Source::Connector(connector::mcp(block.filled("server_name").unwrap_or_default()))
        } else {
            name.and_then(of_mcp_tool).map_or(Source::Product, Source::Connector)
        };
        if let Some(id) = block.filled("id") {
            self.by_id.insert(id, (name, source));
        }
    }

    fn call_of(&self, result: &Value<'_>) -> Option<(Option<&'v str>, Source)> {
        self.by_id.get(result.filled("tool_use_id")?).cloned()
    }
}

/// The result of a tool that the provider runs: a page, the output of a program, or a list of what
/// a search found.
fn server_result<'v>(
    blocks: &mut Blocks<'v>,
    content: Option<&'v Value<'v>>,
    tool: Option<&'v str>,
) {
    let printed = content.filter(|content| content.is_object()).map(|output| {
        let streams = [output.str("stdout"), output.str("stderr")];
        streams.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
    });
    let page = content.and_then(|content| content.get("content")).filter(|page| page.is_object());
    let mut part = Part::new(Kind::ToolResult, Origin::Tool);
    part.name = tool.map(Cow::Borrowed);
    match (printed, page) {
        (_, Some(page)) => {
            let document = content::document(Origin::Tool, page);
            part.name = document.name.or(part.name);
            (part.text, part.media_type) = (document.text, document.media_type);
            part.bytes = document.bytes;
            blocks.part(part);
        }
        (Some(text), None) if !text.is_empty() => blocks.text(part, text),
        _ => content::result(blocks, content, tool, &Source::Product),
    }
}
