//! Content blocks of messages, as parts.

use super::file::Record;
use super::json::{self, Object, decoded_bytes};
use super::survey::Survey;
use super::tools::{Tool, UNKNOWN_CONNECTOR, gives_transcripts, quoted_call};
use super::wrappers::{By, connector_in, sections};
use consentry_model::{Kind, Origin, Part};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Whose words the text of a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Author {
    /// The person; what Claude Code wrapped in tags of its own is not.
    Person,
    /// The model, speaking to a sub-agent in the person's place; tags as above.
    Delegate,
    /// The model.
    Model,
    /// Claude Code, its hooks and commands.
    Product,
    /// A connector, by name.
    Connector(String),
}

/// The blocks of one record: those that became parts, and the reason for each that did not.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    pub(super) parts: Vec<Part<'a>>,
    pub(super) excluded: Vec<String>,
    /// Whether any of them is the answer of a tool.
    pub(super) answers: bool,
    /// How many answers belong to a call that is recorded nowhere.
    pub(super) orphans: u64,
    survey: &'a Survey,
    session: &'a str,
    /// The server that the record names as the source of its content.
    server: Option<Cow<'a, str>>,
    /// Whether the record says that its content came through MCP.
    mcp: bool,
}

/// What the content of an answer inherits from its call.
#[derive(Clone, Debug)]
struct Source<'a> {
    origin: Origin,
    connector: Option<Cow<'a, str>>,
    name: Option<Cow<'a, str>>,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(survey: &'a Survey, record: &'a Record<'a>) -> Self {
        Self {
            parts: Vec::new(),
            excluded: Vec::new(),
            answers: false,
            orphans: 0,
            survey,
            session: &record.session,
            server: record.fields.id("attributionMcpServer"),
            mcp: record.fields.get("mcpMeta").is_some(),
        }
    }

    /// Reads the content of a message: a string, a block, or blocks and strings.
    pub(super) fn content(&mut self, content: &'a RawValue, author: &Author) {
        match json::items(content) {
            Some(items) => items.into_iter().for_each(|item| self.block(item, author)),
            None => self.block(content, author),
        }
    }

    fn block(&mut self, raw: &'a RawValue, author: &Author) {
        if let Some(text) = json::text(raw) {
            return self.text(text, author);
        }
        let Some(block) = Object::new(raw) else {
            return self.exclude("unknown-block", "(not an object)");
        };
        let kind = block.text("type").unwrap_or_default();
        match &*kind {
            "text" => self.text(block.text("text").unwrap_or_default(), author),
            "thinking" => self.thinking(&block),
            "redacted_thinking" => {
                let mut part = Part::new(Kind::Thinking, Origin::Assistant);
                part.bytes = block.text("data").map(|data| decoded_bytes(&data));
                self.parts.push(part);
            }
            "compaction" => self.text(block.text("content").unwrap_or_default(), &Author::Model),
            "tool_use" | "server_tool_use" | "mcp_tool_use" => self.call(&block),
            "tool_result" | "mcp_tool_result" => self.answer(&block, &kind),
            "image" | "document" => self.file(&block, &kind, &author_source(author, &kind)),
            _ if kind.ends_with("_tool_result") => self.server_answer(&block),
            _ => self.exclude("unknown-block", &kind),
        }
    }

    /// One block of text, divided by who wrote what if a person or a delegate sent it.
    pub(super) fn text(&mut self, text: Cow<'a, str>, author: &Author) {
        if text.trim().is_empty() {
            return self.exclude("empty", "");
        }
        let whole = match author {
            Author::Model => (Origin::Assistant, None),
            Author::Connector(name) => (Origin::Connector, Some(name.clone())),
            Author::Product => match connector_in(&text) {
                Some(name) => (Origin::Connector, Some(name)),
                None => (Origin::System, None),
            },
            Author::Person => return self.divided(text, Origin::User),
            Author::Delegate => return self.divided(text, Origin::Assistant),
        };
        let mut part = Part::new(Kind::Text, whole.0).with_text(text);
        part.connector = whole.1.map(Cow::Owned);
        self.parts.push(part);
    }

    fn divided(&mut self, text: Cow<'a, str>, writer: Origin) {
        for (by, range) in sections(&text) {
            let stretch = match &text {
                Cow::Borrowed(text) => Cow::Borrowed(text.get(range).unwrap_or_default()),
                Cow::Owned(text) => Cow::Owned(text.get(range).unwrap_or_default().to_owned()),
            };
            let origin = match by {
                By::Writer => writer,
                By::Product => Origin::System,
                By::Model => Origin::Assistant,
                By::Connector(_) => Origin::Connector,
            };
            let mut part = Part::new(Kind::Text, origin).with_text(stretch);
            if let By::Connector(name) = by {
                part.connector = Some(name.into());
            }
            self.parts.push(part);
        }
    }

    fn thinking(&mut self, block: &Object<'a>) {
        let text = block.text("thinking").filter(|text| !text.is_empty());
        let part = Part::new(Kind::Thinking, Origin::Assistant);
        self.parts.push(match text {
            Some(text) => part.with_text(text),
            None => part,
        });
    }

    fn call(&mut self, block: &Object<'a>) {
        let mut part = Part::new(Kind::ToolCall, Origin::Assistant);
        part.text = block.get("input").map(|input| input.get().into());
        part.name = block.id("name");
        self.parts.push(part);
    }

    /// The source of an answer: what its call says, and in doubt a connector.
    fn source(&mut self, block: &Object<'a>, mcp: bool) -> Source<'a> {
        let survey = self.survey;
        let id = block.id("tool_use_id").unwrap_or_default();
        let call = survey.tool(self.session, &id);
        let mut source = Source {
            origin: Origin::Connector,
            connector: None,
            name: call
                .map(|call| call.name.as_str().into())
                .filter(|name: &Cow<'_, str>| !name.is_empty()),
        };
        match call {
            Some(call) if call.origin != Origin::Tool || !mcp => {
                source.origin = call.origin;
                source.connector = call.connector.as_deref().map(Cow::Borrowed);
            }
            _ => {
                self.orphans += u64::from(call.is_none());
                let server = self.server.as_deref().map(|server| Tool::of_server("", server));
                source.connector = server.and_then(|tool| tool.connector).map(Cow::Owned);
            }
        }
        if source.origin == Origin::Connector && source.connector.is_none() {
            source.connector = Some(UNKNOWN_CONNECTOR.into());
        }
        source
    }

    fn answer(&mut self, block: &Object<'a>, kind: &str) {
        self.answers = true;
        let source = self.source(block, self.mcp || kind == "mcp_tool_result");
        let Some(content) = block.get("content") else {
            return self.parts.push(source.part(Kind::ToolResult));
        };
        match json::items(content) {
            Some(items) if items.is_empty() => self.parts.push(source.part(Kind::ToolResult)),
            Some(items) => items.into_iter().for_each(|item| self.answer_item(item, &source)),
            None => self.answer_item(content, &source),
        }
    }

    /// One item of an answer; each is a block of its own.
    fn answer_item(&mut self, raw: &'a RawValue, source: &Source<'a>) {
        if let Some(text) = json::text(raw) {
            return self.answer_text(text, source);
        }
        let Some(item) = Object::new(raw) else {
            return self.exclude("unknown-block", "tool_result.(not an object)");
        };
        let kind = item.text("type").unwrap_or_default();
        match &*kind {
            "text" => self.answer_text(item.text("text").unwrap_or_default(), source),
            "tool_reference" => {
                self.answer_text(item.text("tool_name").unwrap_or_default(), source);
            }
            "image" | "document" => self.file(&item, &kind, source),
            "search_result" => self.answer_text(raw.get().into(), source),
            "resource" => match item.object("resource") {
                Some(resource) => self.resource(&resource, source),
                None => self.exclude("unknown-block", "tool_result.resource"),
            },
            _ => self.exclude("unknown-block", &format!("tool_result.{kind}")),
        }
    }

    fn answer_text(&mut self, text: Cow<'a, str>, source: &Source<'a>) {
        let mut part = source.part(Kind::ToolResult);
        if part.origin == Origin::Tool
            && part.name.as_deref().is_some_and(gives_transcripts)
            && let Some(connector) = quoted_call(&text)
        {
            part.origin = Origin::Connector;
            part.connector = Some(connector.into());
        }
        self.parts.push(part.with_text(text));
    }

    /// A resource of an MCP server: text, or a file in base64.
    fn resource(&mut self, resource: &Object<'a>, source: &Source<'a>) {
        let mut part = source.part(Kind::Attachment);
        part.name = resource.id("uri");
        part.media_type = resource.id("mimeType");
        part.text = resource.text("text");
        part.bytes = resource.text("blob").map(|blob| decoded_bytes(&blob));
        self.parts.push(part);
    }

    /// The contents that a record attached from an MCP server.
    pub(super) fn server_resource(&mut self, attachment: &Object<'a>) {
        let server = attachment.text("server").unwrap_or_default();
        let source = Source {
            origin: Origin::Connector,
            connector: Tool::of_server("", &server).connector.map(Cow::Owned),
            name: None,
        };
        let source =
            Source { connector: source.connector.or(Some(UNKNOWN_CONNECTOR.into())), ..source };
        let content = attachment.object("content");
        let items = content.and_then(|content| json::items(content.get("contents")?));
        let items = items.unwrap_or_default();
        if items.is_empty() {
            self.exclude("empty", "");
        }
        for item in items {
            match Object::new(item) {
                Some(resource) => self.resource(&resource, &source),
                None => self.exclude("unknown-block", "mcp_resource.(not an object)"),
            }
        }
    }

    /// The answer of a tool that the provider runs itself; its content stays JSON.
    fn server_answer(&mut self, block: &Object<'a>) {
        self.answers = true;
        let source = self.source(block, self.mcp);
        let Some(content) = block.get("content") else {
            return self.parts.push(source.part(Kind::ToolResult));
        };
        self.answer_text(json::text(content).unwrap_or_else(|| content.get().into()), &source);
    }

    /// A picture or document. Only a document that is itself text has text.
    fn file(&mut self, block: &Object<'a>, kind: &str, source: &Source<'a>) {
        let image = kind == "image";
        let mut part = source.part(if image { Kind::Image } else { Kind::Attachment });
        part.name = block.id("title").or(part.name);
        if let Some(data) = block.object("source") {
            part.media_type = data.id("media_type");
            match data.text("type").as_deref() {
                Some("text") => part.text = data.text("data"),
                Some("content") => {
                    part.text =
                        data.text("content").or_else(|| Some(data.get("content")?.get().into()))
                }
                _ => part.bytes = data.text("data").map(|data| decoded_bytes(&data)),
            }
        }
        self.parts.push(part);
    }

    /// A part of another record kind.
    pub(super) fn push(&mut self, part: Part<'a>) {
        self.parts.push(part);
    }

    /// A block that stays out: the reason, and what it applies to where that differs.
    pub(super) fn exclude(&mut self, reason: &str, what: &str) {
        self.excluded.push(named(reason, what));
    }
}

impl<'a> Source<'a> {
    fn part(&self, kind: Kind) -> Part<'a> {
        let mut part = Part::new(kind, self.origin);
        part.connector.clone_from(&self.connector);
        part.name.clone_from(&self.name);
        part
    }
}

/// Where a picture or document comes from that stands in a message itself.
fn author_source<'a>(author: &Author, kind: &str) -> Source<'a> {
    let (origin, connector) = match author {
        // Pictures are pasted, documents attached.
        Author::Person if kind == "image" => (Origin::User, None),
        Author::Person => (Origin::File, None),
        Author::Delegate | Author::Model => (Origin::Assistant, None),
        // What follows the reading of a file, whose answer itself cannot hold it.
        Author::Product => (Origin::Tool, None),
        Author::Connector(name) => (Origin::Connector, Some(name.clone().into())),
    };
    Source { origin, connector, name: None }
}

/// `REASON:WHAT` in few and plain characters, as `what` may come from the file.
pub(super) fn named(reason: &str, what: &str) -> String {
    let plain = what.chars().take(64).map(|c| {
        let known = c.is_ascii_alphanumeric() || "-_./()".contains(c);
        if known || c == ' ' { c } else { '?' }
    });
    let plain: String = plain.collect();
    if plain.is_empty() { reason.to_owned() } else { format!("{reason}:{plain}") }
}

/// The texts of a record that came to the model as a message of the person's or in its place.
pub(super) fn typed_texts<'a>(record: &Record<'a>) -> Vec<Cow<'a, str>> {
    let content = match &*record.kind {
        "user" => record.fields.object("message").and_then(|message| message.get("content")),
        "attachment" => record.fields.object("attachment").and_then(|attachment| {
            let queued = attachment.text("type").as_deref() == Some("queued_command");
            attachment.get("prompt").filter(|_| queued)
        }),
        _ => None,
    };
    let Some(content) = content else {
        return Vec::new();
    };
    let Some(items) = json::items(content) else {
        return json::text(content).into_iter().collect();
    };
    let text = |item| json::text(item).or_else(|| Object::new(item)?.text("text"));
    items.into_iter().filter_map(text).collect()
}
