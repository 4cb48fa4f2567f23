//! Who answers a tool call of ChatGPT.

use crate::import::connector::{self, Source, slug};
use crate::json::Value;

/// The product's own tools, by what stands before the first dot of their names. Some are named to
/// be unreadable: `t2uay3k` draws pictures, `n7jupd` and `q7dr546` do research, `a8km123` watches
/// over content.
const PRODUCT_TOOLS: &[&str] = &[
    "a8km123",
    "automations",
    "bio",
    "browser",
    "caas",
    "canmore",
    "computer",
    "container",
    "dalle",
    "file_search",
    "genui",
    "guardian_tool",
    "image_gen",
    "myfiles_browser",
    "n7jupd",
    "personal_context",
    "python",
    "python_user_visible",
    "q7dr546",
    "research_kickoff_tool",
    "summary_reader",
    "t2uay3k",
    "user_info",
    "user_settings",
    "web",
];

/// Who sent a message of role `tool`. A tool that is not known to be the product's own counts as a
/// connector: plugins and actions of custom assistants, `api_tool` (which speaks to MCP servers),
/// and whatever comes next. So does a built-in search whose results say that a connector brought
/// them.
pub(super) fn source(
    name: Option<&str>,
    content_type: &str,
    metadata: Option<&Value<'_>>,
) -> Source {
    if let Some(found) = metadata.and_then(connector_in) {
        return Source::Connector(found);
    }
    let Some(name) = name else {
        // Old exports leave the name out where only one tool can speak.
        let own = ["execution_output", "tether_browsing_display", "tether_quote", "sonic_webpage"];
        return if own.contains(&content_type) { Source::Product } else { Source::unknown() };
    };
    let namespace = name.split('.').next().unwrap_or(name);
    if PRODUCT_TOOLS.contains(&namespace) {
        return Source::Product;
    }
    let plugin = metadata
        .and_then(|metadata| metadata.get("invoked_plugin"))
        .and_then(|plugin| plugin.filled("namespace"));
    Source::Connector(match (connector::of_mcp_tool(name), plugin) {
        (Some(server), _) => server,
        (None, _) if namespace == "api_tool" => connector::mcp("api_tool"),
        (None, Some(plugin)) => match plugin.strip_suffix("__jit_plugin") {
            Some(domain) => format!("action:{}", slug(domain)),
            None => format!("plugin:{}", slug(plugin)),
        },
        (None, None) => match namespace.strip_suffix("__jit_plugin") {
            Some(domain) => format!("action:{}", slug(domain)),
            None => slug(namespace),
        },
    })
}

/// The connector that something in a message's metadata names, at any depth.
pub(super) fn connector_in(value: &Value<'_>) -> Option<String> {
    let named = |value: &Value<'_>| match value {
        Value::Null | Value::Bool(false) => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) if text.contains("://") => Some(connector::UNKNOWN.to_owned()),
        Value::String(text) => Some(slug(text)),
        _ => Some(connector::UNKNOWN.to_owned()),
    };
    let fields = value.fields().iter().find_map(|(key, value)| match key.as_ref() {
        "connector_source" | "connector_name" | "connector_type" | "connector_id"
        | "cloud_doc_url" => named(value),
        "cloud_doc_urls" => value.items().iter().find_map(named),
        "contains_mcp_source" => named(value).map(|_| connector::mcp(connector::UNKNOWN)),
        _ => connector_in(value),
    });
    fields.or_else(|| value.items().iter().find_map(connector_in))
}
