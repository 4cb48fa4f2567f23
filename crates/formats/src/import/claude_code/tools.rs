//! Where a tool's answers come from, told from the call alone.

use super::json::Object;
use consentry_model::Origin;
use serde_json::value::RawValue;

/// The connector of content that came through MCP from nobody knows where.
pub(super) const UNKNOWN_CONNECTOR: &str = "mcp:unknown";

/// What a call says about the content of its answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Tool {
    /// The tool's name, as the call has it; empty if only the server is known.
    pub(super) name: String,
    /// `tool`, `browser` or `connector`.
    pub(super) origin: Origin,
    /// Which connector, if the origin is one.
    pub(super) connector: Option<String>,
}

impl Tool {
    /// The tool of a name: `mcp__SERVER__TOOL` is a server's, every other is built in.
    pub(super) fn named(name: &str) -> Self {
        match server_of(name) {
            Some(server) => Self::of_server(name, server),
            // `ListMcpResourcesTool`, `ReadMcpResourceTool` and what may follow them.
            None if name.to_ascii_lowercase().contains("mcp") => {
                Self::connected(name, UNKNOWN_CONNECTOR.to_owned())
            }
            None => Self { name: name.to_owned(), origin: Origin::Tool, connector: None },
        }
    }

    /// A tool of an MCP server. The provider's own browser extension speaks MCP as well, under a
    /// name that Claude Code reserves for it.
    pub(super) fn of_server(name: &str, server: &str) -> Self {
        if plain(server) == "claude-in-chrome" {
            return Self { name: name.to_owned(), origin: Origin::Browser, connector: None };
        }
        Self::connected(name, connector(server))
    }

    fn connected(name: &str, connector: String) -> Self {
        Self { name: name.to_owned(), origin: Origin::Connector, connector: Some(connector) }
    }

    /// The tool of a `tool_use`, `server_tool_use` or `mcp_tool_use` block. `earlier` finds the tool
    /// of an earlier call by the call's id.
    pub(super) fn of_call(call: &Object<'_>, earlier: impl Fn(&str) -> Option<Self>) -> Self {
        let name = call.text("name").unwrap_or_default();
        if let Some(server) = call.id("server_name") {
            return Self::of_server(&name, &server);
        }
        let mut tool = Self::named(&name);
        let Some(input) = call.get("input") else {
            return tool;
        };
        if tool.connector.as_deref() == Some(UNKNOWN_CONNECTOR) {
            let server = Object::new(input).and_then(|input| input.id("server"));
            if let Some(server) = server {
                tool = Self::of_server(&name, &server);
            }
        } else if tool.origin == Origin::Tool {
            let reached =
                reached_server(&name, input).or_else(|| stored_answer(input.get(), earlier));
            if let Some(connector) = reached {
                tool = Self::connected(&name, connector);
            }
        }
        tool
    }

    /// Which of two claims about one call holds: the one that permits less, then the one that names
    /// the tool, then the first.
    pub(super) fn stricter(self, other: Self) -> Self {
        let rank = |tool: &Self| {
            let strict = match tool.origin {
                Origin::Connector => 2,
                Origin::Browser => 1,
                _ => 0,
            };
            (strict, !tool.name.is_empty())
        };
        if rank(&other) > rank(&self) { other } else { self }
    }
}

/// `SERVER` of `mcp__SERVER__TOOL`.
pub(super) fn server_of(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("mcp__")?;
    Some(rest.split_once("__").map_or(rest, |(server, _)| server))
}

/// How a connector is called: those of claude.ai by their own name (`google-drive`), every other
/// server as `mcp:SERVER`.
pub(super) fn connector(server: &str) -> String {
    let plain = plain(server);
    match plain.strip_prefix("claude-ai-") {
        Some(own) if !own.is_empty() => own.to_owned(),
        _ if server.is_empty() => UNKNOWN_CONNECTOR.to_owned(),
        _ => format!("mcp:{server}"),
    }
}

/// In lower case, and with a hyphen for everything that is neither a letter nor a digit.
fn plain(server: &str) -> String {
    let hyphened =
        server.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    hyphened.collect()
}

/// The connector behind a skill or slash command that an MCP server offers as a prompt.
fn reached_server(tool: &str, input: &RawValue) -> Option<String> {
    if !matches!(tool, "Skill" | "SlashCommand") {
        return None;
    }
    let fields = Object::new(input)?;
    let named = ["skill", "command", "name"].iter().find_map(|field| fields.id(field))?;
    prompt_connector(&named)
}

/// The connector of a slash command, if it is a prompt of an MCP server: `/mcp__SERVER__PROMPT`, or
/// as people see it `/SERVER:PROMPT (MCP)`.
pub(super) fn prompt_connector(command: &str) -> Option<String> {
    let command = command.trim().trim_start_matches('/');
    let name = command.split_whitespace().next().unwrap_or_default();
    if let Some(server) = server_of(name) {
        return Some(connector(server));
    }
    let shown = command.contains("(MCP)");
    shown.then(|| connector(name.split(':').next().unwrap_or_default()))
}

/// The connector whose stored answer a text names by its path. Claude Code keeps answers that are too
/// long in a folder `tool-results`: those of MCP tools as `mcp-SERVER-TOOL-…`, others under the id of
/// their call, which `earlier` knows.
pub(super) fn stored_answer(text: &str, earlier: impl Fn(&str) -> Option<Tool>) -> Option<String> {
    let mut stems = text.split("tool-results").skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix(['/', '\\'])?.trim_start_matches(['/', '\\']);
        rest.split(|c: char| !(c.is_alphanumeric() || "_-".contains(c))).next()
    });
    stems.find_map(|stem| match stem.strip_prefix("mcp-") {
        Some(rest) => {
            let server = rest.split('-').next().unwrap_or_default();
            Some(connector(server))
        }
        None => earlier(stem)?.connector,
    })
}

/// Whether a built-in tool answers with transcripts of sub-agents, in which other tools' answers
/// stand.
pub(super) fn gives_transcripts(tool: &str) -> bool {
    matches!(tool, "TaskOutput" | "AgentOutputTool" | "AgentOutput")
}

/// The connector whose call a text quotes as a session record has it (`"name":"mcp__…"`, with quotes
/// escaped or not): the text then may hold the answer as well, as transcripts of sub-agents do.
pub(super) fn quoted_call(text: &str) -> Option<String> {
    let mut before = "";
    for (index, after) in text.split("mcp__").enumerate() {
        let field = before.trim_end_matches(['"', '\\', ':', ' ']);
        if index > 0 && field.ends_with("name") && before.ends_with('"') {
            let end = after.find("__").unwrap_or(0);
            return Some(connector(after.get(..end).unwrap_or_default()));
        }
        before = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(json: &str) -> (String, Option<String>) {
        let raw = RawValue::from_string(json.to_owned()).unwrap();
        let earlier = |id: &str| (id == "toolu_9").then(|| Tool::named("mcp__files__read"));
        let tool = Tool::of_call(&Object::new(&raw).unwrap(), earlier);
        (tool.origin.to_string(), tool.connector)
    }

    #[test]
    fn origins_of_calls() {
        for (json, origin, connector) in [
            (r#"{"name":"Bash","input":{"command":"ls"}}"#, "tool", None),
            (r#"{"name":"ToolSearch","input":{"query":"select:mcp__a__b"}}"#, "tool", None),
            (r#"{"name":"Skill","input":{"skill":"plugin:commit"}}"#, "tool", None),
            (
                r#"{"name":"Skill","input":{"skill":"mcp__wiki__find"}}"#,
                "connector",
                Some("mcp:wiki"),
            ),
            (
                r#"{"name":"SlashCommand","input":{"command":"/wiki:find (MCP) x"}}"#,
                "connector",
                Some("mcp:wiki"),
            ),
            (r#"{"name":"mcp__wiki__get_page"}"#, "connector", Some("mcp:wiki")),
            (r#"{"name":"mcp__wiki"}"#, "connector", Some("mcp:wiki")),
            (r#"{"name":"mcp__"}"#, "connector", Some("mcp:unknown")),
            (
                r#"{"name":"mcp__claude_ai_Google_Drive__search"}"#,
                "connector",
                Some("google-drive"),
            ),
            (r#"{"name":"mcp__claude-in-chrome__read_page"}"#, "browser", None),
            (r#"{"name":"mcp__Claude_in_Chrome__read_page"}"#, "browser", None),
            (
                r#"{"name":"mcp__claude-in-chrome-2__x"}"#,
                "connector",
                Some("mcp:claude-in-chrome-2"),
            ),
            (r#"{"name":"search","server_name":"wiki"}"#, "connector", Some("mcp:wiki")),
            (
                r#"{"name":"ReadMcpResourceTool","input":{"server":"wiki"}}"#,
                "connector",
                Some("mcp:wiki"),
            ),
            (r#"{"name":"ListMcpResourcesTool","input":{}}"#, "connector", Some("mcp:unknown")),
            (
                r#"{"name":"Read","input":{"file_path":"/p/s/tool-results/mcp-wiki-get-17.txt"}}"#,
                "connector",
                Some("mcp:wiki"),
            ),
            (
                r#"{"name":"Bash","input":{"command":"cat C:\\p\\tool-results\\toolu_9.json"}}"#,
                "connector",
                Some("mcp:files"),
            ),
            (
                r#"{"name":"Read","input":{"file_path":"/p/tool-results/toolu_8.txt"}}"#,
                "tool",
                None,
            ),
            (r#"{"name":"Grep","input":{"path":"/src/tool-results"}}"#, "tool", None),
            (r#"{}"#, "tool", None),
        ] {
            let (found, named) = call(json);
            assert_eq!((&*found, named.as_deref()), (origin, connector), "{json}");
        }
    }

    #[test]
    fn a_quoted_record_of_a_call_gives_its_server() {
        for (text, connector) in [
            (r#"{"type":"tool_use","name":"mcp__wiki__get"}"#, Some("mcp:wiki")),
            (r#"x \"name\": \"mcp__wiki__get\""#, Some("mcp:wiki")),
            ("use mcp__wiki__get and the name mcp__x__y", None),
            (r#"{"tools":["mcp__wiki__get"]}"#, None),
            ("", None),
        ] {
            assert_eq!(quoted_call(text).as_deref(), connector, "{text}");
        }
    }

    #[test]
    fn of_two_claims_the_one_that_permits_less_holds() {
        let (tool, connected) = (Tool::named("Bash"), Tool::named("mcp__a__b"));
        let (browser, bare) = (Tool::named("mcp__claude-in-chrome__x"), Tool::of_server("", "a"));
        assert_eq!(tool.clone().stricter(connected.clone()), connected);
        assert_eq!(connected.clone().stricter(tool.clone()), connected);
        assert_eq!(tool.stricter(browser.clone()), browser);
        assert_eq!(browser.stricter(bare.clone()), bare);
        assert_eq!(bare.stricter(connected.clone()), connected);
    }
}
