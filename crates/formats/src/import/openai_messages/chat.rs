//! Messages of chat completions.

use super::items;
use crate::import::api_log::{Turn, own_time};
use crate::import::connector::{Source, of_mcp_tool};
use crate::import::history::{Blocks, spoken};
use crate::import::media;
use crate::json::Value;
use consentry_model::{Kind, Origin, Part, Role};
use std::borrow::Cow;
use std::collections::HashMap;

/// One conversation while it is read.
#[derive(Debug, Default)]
pub(super) struct Reading<'v> {
    /// The names of the tools that were called, by the id of the call.
    pub names: HashMap<&'v str, &'v str>,
    /// Long texts that a log keeps apart, by the hash that stands in their place.
    pub attachments: Option<&'v Value<'v>>,
}

impl<'v> Reading<'v> {
    /// Messages and items, one after another.
    pub(super) fn all(&mut self, turns: &mut Vec<Turn<'v>>, messages: &'v [Value<'v>]) {
        for message in messages {
            let turn = if message.str("role").is_some() {
                self.message(message)
            } else {
                items::turn(self, message)
            };
            turns.push(turn);
        }
    }

    /// Instructions that stand outside the list of messages.
    pub(super) fn instructions(&mut self, turns: &mut Vec<Turn<'v>>, text: Option<&'v Value<'v>>) {
        if let Some(text) = text {
            turns.push(self.turn(Role::System, Some(text)));
        }
    }

    /// What the responses interface calls input: a text, or a list of items.
    pub(super) fn input(&mut self, turns: &mut Vec<Turn<'v>>, input: Option<&'v Value<'v>>) {
        match input {
            Some(Value::Array(items)) => self.all(turns, items),
            Some(text @ Value::String(_)) => turns.push(self.turn(Role::User, Some(text))),
            _ => {}
        }
    }

    /// One of the answers that a response holds.
    pub(super) fn choice(&mut self, turns: &mut Vec<Turn<'v>>, choice: &'v Value<'v>) {
        match choice.get("message") {
            Some(message) => turns.push(self.message(message)),
            None => turns.push(self.turn(Role::Assistant, choice.get("text"))),
        }
    }

    /// An answer that is a text or a message.
    pub(super) fn completion(
        &mut self,
        turns: &mut Vec<Turn<'v>>,
        completion: Option<&'v Value<'v>>,
    ) {
        match completion {
            Some(message) if message.str("role").is_some() => turns.push(self.message(message)),
            Some(text @ Value::String(_)) => turns.push(self.turn(Role::Assistant, Some(text))),
            _ => {}
        }
    }

    fn turn(&self, role: Role, content: Option<&'v Value<'v>>) -> Turn<'v> {
        let mut blocks = Blocks::default();
        self.content(&mut blocks, content, &|| spoken(role));
        Turn { role, time: None, blocks }
    }

    fn message(&mut self, message: &'v Value<'v>) -> Turn<'v> {
        let mut blocks = Blocks::default();
        let role = match message.str("role").unwrap_or_default() {
            "user" => Role::User,
            "assistant" => Role::Assistant,
            "tool" | "function" => Role::Tool,
            "system" | "developer" => Role::System,
            _ => {
                blocks.note("unknown-role");
                Role::System
            }
        };
        let answered = message.filled("tool_call_id").and_then(|id| self.names.get(id).copied());
        let name = message.filled("name").or_else(|| message.filled("function")).or(answered);
        let speaks = || match role {
            Role::Tool => result(name),
            role => spoken(role),
        };
        for key in ["reasoning_content", "reasoning"] {
            if let Some(text) = message.filled(key) {
                blocks.text(Part::new(Kind::Thinking, Origin::Assistant), self.resolved(text));
            }
        }
        self.content(&mut blocks, message.get("content"), &speaks);
        if let Some(refusal) = message.filled("refusal") {
            blocks.text(spoken(role), refusal);
        }
        if let Some(audio) = message.get("audio") {
            blocks.text(spoken(role), audio.str("transcript").unwrap_or_default());
        }
        for call in message.list("tool_calls") {
            self.call(&mut blocks, call);
        }
        if let Some(call) = message.get("function_call") {
            self.call(&mut blocks, call);
        }
        if let Some(error) = message.get("error").and_then(|error| error.filled("message")) {
            blocks.text(speaks(), error);
        }
        Turn { role, time: own_time(message), blocks }
    }

    /// A tool call, in the shape of the interface or flattened as logs of evaluations have it.
    fn call(&mut self, blocks: &mut Blocks<'v>, call: &'v Value<'v>) {
        let function = ["function", "custom"].iter().find_map(|key| call.get(key));
        let name = function.and_then(Value::as_str);
        let function = function.filter(|function| function.is_object()).unwrap_or(call);
        let name = name.or_else(|| function.filled("name"));
        if let (Some(id), Some(name)) = (call.filled("id"), name) {
            self.names.insert(id, name);
        }
        let arguments = function.get("arguments").or_else(|| function.get("input"));
        blocks.part(self.called(name, arguments));
    }

    /// The part of a tool call.
    pub(super) fn called(
        &self,
        name: Option<&'v str>,
        arguments: Option<&'v Value<'v>>,
    ) -> Part<'v> {
        let mut part = Part::new(Kind::ToolCall, Origin::Assistant);
        part.name = name.map(Cow::Borrowed);
        match arguments {
            Some(Value::String(text)) => part.with_text(self.resolved(text)),
            Some(arguments) => part.with_text(arguments.to_json()),
            None => part.with_text("{}"),
        }
    }

    /// Content: a text, or typed parts. `speaks` gives the part of a piece of text.
    pub(super) fn content(
        &self,
        blocks: &mut Blocks<'v>,
        content: Option<&'v Value<'v>>,
        speaks: &dyn Fn() -> Part<'v>,
    ) {
        match content {
            None => {}
            Some(Value::String(text)) => blocks.text(speaks(), self.resolved(text)),
            Some(Value::Array(parts)) => {
                for part in parts {
                    self.part(blocks, part, speaks);
                }
            }
            Some(part) => self.part(blocks, part, speaks),
        }
    }

    fn part(&self, blocks: &mut Blocks<'v>, part: &'v Value<'v>, speaks: &dyn Fn() -> Part<'v>) {
        if let Some(text) = part.as_str() {
            return blocks.text(speaks(), self.resolved(text));
        }
        let text = |key: &str| self.resolved(part.str(key).unwrap_or_default());
        match part.str("type").unwrap_or_default() {
            "text" | "input_text" | "output_text" => blocks.text(speaks(), text("text")),
            "refusal" => blocks.text(speaks(), text("refusal")),
            "reasoning" | "thinking" => {
                let key = if part.str("reasoning").is_some() { "reasoning" } else { "thinking" };
                blocks.text(Part::new(Kind::Thinking, Origin::Assistant), text(key));
            }
            "image_url" | "input_image" | "image" | "output_image" => {
                let url = part.get("image_url").or_else(|| part.get("image"));
                let url = url.and_then(|url| url.as_str().or_else(|| url.str("url")));
                let origin = media_origin(&speaks());
                blocks.part(picture(origin, url.map(|url| self.resolved(url))));
            }
            "input_audio" => {
                let audio = part.get("input_audio").unwrap_or(part);
                let mut file = media_origin(&speaks());
                file.kind = Kind::Attachment;
                if file.origin == Origin::File {
                    // A recorded voice is the person's own.
                    file.origin = Origin::User;
                }
                file.media_type =
                    audio.filled("format").map(|format| format!("audio/{format}").into());
                file.bytes = audio.str("data").map(media::base64_size);
                blocks.part(file);
            }
            "file" | "input_file" => {
                let origin = media_origin(&speaks());
                blocks.part(file(origin, part.get("file").unwrap_or(part)));
            }
            kind => blocks.unknown(Some(kind).filter(|kind| !kind.is_empty())),
        }
    }

    /// The text, or the long text that a hash stands for.
    fn resolved(&self, text: &'v str) -> &'v str {
        let kept = text.strip_prefix("attachment://").and_then(|hash| self.attachments?.str(hash));
        kept.unwrap_or(text)
    }
}

/// A tool's answer: the application's own, unless the tool is named after an MCP server.
pub(super) fn result(name: Option<&str>) -> Part<'_> {
    let source = name.and_then(of_mcp_tool).map_or(Source::Product, Source::Connector);
    let mut part = source.part(Kind::ToolResult);
    part.name = name.map(Cow::Borrowed);
    part
}

/// The origin of a picture or file beside a text: what a person adds is a file.
fn media_origin<'v>(text: &Part<'v>) -> Part<'v> {
    let is_persons = matches!(text.origin, Origin::User | Origin::System);
    let mut part = Part::new(Kind::Image, if is_persons { Origin::File } else { text.origin });
    part.connector.clone_from(&text.connector);
    part
}

/// A picture by its URL, which may hold it.
pub(super) fn picture<'v>(mut image: Part<'v>, url: Option<&'v str>) -> Part<'v> {
    if let Some((media_type, bytes)) = url.and_then(media::data_url) {
        image.media_type = media_type.map(Cow::Borrowed);
        image.bytes = Some(bytes);
    }
    image
}

fn file<'v>(origin: Part<'v>, file: &'v Value<'v>) -> Part<'v> {
    let mut part = media::file(origin.origin, file.filled("filename"), None);
    part.connector = origin.connector;
    if let Some(data) = file.str("file_data") {
        let (media_type, bytes) = media::data_url(data).unwrap_or((None, media::base64_size(data)));
        part.media_type = media_type.map(Cow::Borrowed).or(part.media_type);
        part.bytes = Some(bytes);
    }
    part
}
