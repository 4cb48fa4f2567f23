//! Who answers a tool call of claude.ai.

use crate::import::connector::{self, Source};
use crate::json::Value;
use std::collections::HashMap;

/// The product's own tools, as exports up to 2026 name them.
const PRODUCT_TOOLS: &[&str] = &[
    "artifacts",
    "ask_user_input_v0",
    "bash_tool",
    "code_execution",
    "conversation_search",
    "create_file",
    "end_conversation",
    "fetch_sports_data",
    "image_search",
    "launch_extended_search_task",
    "map_display_v0",
    "memory_user_edits",
    "message_compose_v1",
    "places_map_display_v0",
    "places_search",
    "present_files",
    "project_knowledge_search",
    "recent_chats",
    "recipe_display_v0",
    "recommend_claude_apps",
    "repl",
    "search_mcp_registry",
    "str_replace",
    "suggest_connectors",
    "text_editor",
    "tool_search",
    "user_time_v0",
    "view",
    "weather_fetch",
    "web_fetch",
    "web_search",
];

/// What the product calls its own tools where a connector would show its name.
const PRODUCT_LABELS: &[&str] = &[
    "Artifacts",
    "Dynamic Widget",
    "File Creation",
    "Memory",
    "Search Past Conversations",
    "Tool Search",
    "Web Fetch",
    "Web Search",
    "visualize",
];

/// The product's browser extension, which claude.ai lists among the connectors.
const EXTENSION: &str = "Claude in Chrome";

/// The tool calls of one conversation, by their id.
#[derive(Debug, Default)]
pub(super) struct Calls<'v> {
    sources: HashMap<&'v str, Source>,
}

impl<'v> Calls<'v> {
    /// Remembers who will answer a call.
    pub(super) fn called(&mut self, call: &'v Value<'v>) {
        if let (Some(id), Some(source)) = (call.str("id"), of_block(call)) {
            self.sources.insert(id, source);
        }
    }

    /// Who answered: what the result says of itself and what its call said, the stricter of the
    /// two; a connector when neither says anything.
    pub(super) fn answered(&self, result: &Value<'_>) -> Source {
        let call = result.str("tool_use_id").and_then(|id| self.sources.get(id));
        match of_block(result) {
            Some(source) => source.or_stricter(call),
            None => call.cloned().unwrap_or_else(Source::unknown),
        }
    }
}

/// Who a block's own fields name; `None` when they name no one.
fn of_block(block: &Value<'_>) -> Option<Source> {
    let tool = block.filled("name").unwrap_or_default();
    let label = block.filled("integration_name");
    let server = block.filled("mcp_server_url");
    // A tool of an MCP server is named `SERVER:TOOL`.
    let prefix = tool.split_once(':').map(|(prefix, _)| prefix);
    if tool.is_empty() && label.is_none() && server.is_none() {
        return None;
    }
    if server.is_none() && (label == Some(EXTENSION) || prefix == Some(EXTENSION)) {
        return Some(Source::Browser);
    }
    if server.is_none() && is_product(block, tool, label, prefix) {
        return Some(Source::Product);
    }
    let name = label.or(prefix).or(server).unwrap_or_else(|| service(tool));
    let is_mcp = server.is_some() || block.is_true("is_mcp_app");
    Some(Source::Connector(match connector::of_mcp_tool(tool) {
        Some(name) => name,
        None if is_mcp => connector::mcp(name),
        None => connector::slug(name),
    }))
}

/// The service that a tool's own name tells, or else the name.
fn service(tool: &str) -> &str {
    let known = [("google_drive", "google-drive"), ("gmail", "gmail"), ("gcal", "google-calendar")];
    known.iter().find(|(word, _)| tool.contains(word)).map_or(tool, |(_, service)| service)
}

fn is_product(block: &Value<'_>, tool: &str, label: Option<&str>, prefix: Option<&str>) -> bool {
    // Drawing widgets is built like an MCP server, inside the product.
    if prefix == Some("visualize") {
        return label.is_none_or(|label| label == "visualize");
    }
    // Research that was handed connectors may quote them.
    let was_handed = block.get("context").is_some_and(|context| !context.list("tools").is_empty());
    let by_label = label.is_none_or(|label| PRODUCT_LABELS.contains(&label));
    // The product draws its own tools with a named icon, and connectors with a picture of theirs.
    let by_icon =
        block.filled("icon_name").is_some() && block.filled("integration_icon_url").is_none();
    PRODUCT_TOOLS.contains(&tool)
        && !was_handed
        && !block.is_true("is_mcp_app")
        && (by_label || by_icon)
}
