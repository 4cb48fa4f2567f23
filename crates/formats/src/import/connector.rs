//! Who answers a tool call, and the names of connectors.

use consentry_model::{Kind, Origin, Part};

/// Who answers a tool call. Where an export leaves it open, the answer is a connector's: what is
/// kept out of training by mistake can be let in later, and not the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The product itself, or the application that defined the tool.
    Product,
    /// The provider's own browser extension.
    Browser,
    /// A connector, by its name.
    Connector(String),
}

impl Source {
    /// A connector of which only that it is one is known.
    pub(super) fn unknown() -> Self {
        Self::Connector(UNKNOWN.to_owned())
    }

    /// Whether this is not someone else's content.
    pub(super) fn is_product(&self) -> bool {
        *self == Self::Product
    }

    /// The stricter of two readings of the same thing.
    pub(super) fn or_stricter(self, other: Option<&Self>) -> Self {
        match (&self, other) {
            (Self::Connector(_), _) | (_, None | Some(Self::Product)) => self,
            (_, Some(other)) => other.clone(),
        }
    }

    /// A part that comes from here.
    pub(super) fn part(&self, kind: Kind) -> Part<'static> {
        let (origin, connector) = match self {
            Self::Product => (Origin::Tool, None),
            Self::Browser => (Origin::Browser, None),
            Self::Connector(name) => (Origin::Connector, Some(name.clone().into())),
        };
        let mut part = Part::new(kind, origin);
        part.connector = connector;
        part
    }
}

/// A display name as a connector's id: `Google Drive` is `google-drive`.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().take(64) {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let end = slug.trim_end_matches('-').len();
    slug.truncate(end);
    if slug.is_empty() { UNKNOWN.to_owned() } else { slug }
}

/// A connector of which only that it is one is known.
pub(super) const UNKNOWN: &str = "unknown";

/// The connector behind a tool that an MCP client offers as `mcp__SERVER__TOOL`. A connector of
/// claude.ai, which clients call `claude_ai_NAME`, has the name that claude.ai gives it.
pub(super) fn of_mcp_tool(tool: &str) -> Option<String> {
    let server = tool.strip_prefix("mcp__")?;
    let server = server.split_once("__").map_or(server, |(server, _)| server);
    Some(server.strip_prefix("claude_ai_").map_or_else(|| mcp(server), slug))
}

/// An MCP server as a connector: `mcp:github`.
pub(super) fn mcp(server: &str) -> String {
    format!("mcp:{}", slug(server))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids() {
        for (name, expected) in [
            ("Google Drive", "google-drive"),
            ("  Jira / Confluence (Atlassian) ", "jira-confluence-atlassian"),
            ("Büro", "büro"),
            ("!!", "unknown"),
            ("", "unknown"),
        ] {
            assert_eq!(slug(name), expected, "{name}");
        }
    }

    #[test]
    fn mcp_tools_name_their_server() {
        for (tool, expected) in [
            ("mcp__github__search_code", Some("mcp:github")),
            ("mcp__claude_ai_Gmail__search", Some("gmail")),
            ("mcp__lonely", Some("mcp:lonely")),
            ("mcp_github", None),
            ("search", None),
        ] {
            assert_eq!(of_mcp_tool(tool).as_deref(), expected, "{tool}");
        }
    }
}
