//! A recorded stream of server-sent events, put together into the messages that it carried.

use crate::json::{self, Value};
use std::borrow::Cow;

/// The messages of a stream, each as JSON. An error comes with its line, from 1.
pub(super) fn messages(text: &str) -> Result<Vec<String>, (u64, String)> {
    let mut messages: Vec<Assembly> = Vec::new();
    for (number, line) in (1u64..).zip(text.lines()) {
        let Some(data) = line.strip_prefix("data:") else {
            let known = ["event:", "id:", "retry:", ":"];
            if line.trim().is_empty() || known.iter().any(|known| line.starts_with(known)) {
                continue;
            }
            let message = "expected a line of a stream, `event:` or `data:`; for JSON with one record a line, name the file `.jsonl`";
            return Err((number, message.to_owned()));
        };
        let mut data = data.trim().as_bytes().to_vec();
        let event = json::parse(&mut data)
            .map_err(|error| (number, format!("expected JSON after `data:`: {error}")))?;
        match (event.str("type").unwrap_or_default(), messages.last_mut()) {
            ("message_start", _) => messages.push(Assembly::new(&event)),
            ("ping", _) => {}
            (_, None) => {
                let message = "expected `message_start` before any other event of a stream";
                return Err((number, message.to_owned()));
            }
            (kind, Some(message)) => message.event(kind, &event),
        }
    }
    if messages.is_empty() {
        return Err((1, "expected a stream of events with `message_start`, found none".to_owned()));
    }
    Ok(messages.iter().map(Assembly::to_json).collect())
}

/// A message while its stream is read.
struct Assembly {
    /// The message of `message_start` without its content, as JSON fields.
    head: Vec<(String, String)>,
    blocks: Vec<Block>,
}

/// A block while its deltas come in.
struct Block {
    index: Option<u64>,
    /// The fields of `content_block_start`, as JSON.
    head: Vec<(String, String)>,
    /// The field that deltas add to, and what they added.
    grown: Option<(&'static str, String)>,
}

impl Assembly {
    fn new(event: &Value<'_>) -> Self {
        let message = event.get("message").map_or(&[][..], Value::fields);
        Self { head: json_fields(message, "content"), blocks: Vec::new() }
    }

    fn event(&mut self, kind: &str, event: &Value<'_>) {
        let index = event.u64("index");
        match kind {
            "content_block_start" => {
                let block = event.get("content_block").map_or(&[][..], Value::fields);
                self.blocks.push(Block { index, head: json_fields(block, ""), grown: None });
            }
            "content_block_delta" => {
                let block = self.blocks.iter_mut().rev().find(|block| block.index == index);
                if let (Some(block), Some(delta)) = (block, event.get("delta")) {
                    block.delta(delta);
                }
            }
            _ => {}
        }
    }

    fn to_json(&self) -> String {
        let blocks: Vec<String> = self.blocks.iter().map(Block::to_json).collect();
        let content = ("content".to_owned(), format!("[{}]", blocks.join(",")));
        object(self.head.iter().chain([&content]))
    }
}

impl Block {
    fn delta(&mut self, delta: &Value<'_>) {
        let (field, key) = match delta.str("type").unwrap_or_default() {
            "text_delta" => ("text", "text"),
            "thinking_delta" => ("thinking", "thinking"),
            "input_json_delta" => ("input", "partial_json"),
            "compaction_delta" => ("content", "content"),
            // Signatures and citations are not imported.
            _ => return,
        };
        let text = delta.str(key).unwrap_or_default();
        self.grown.get_or_insert_with(|| (field, String::new())).1.push_str(text);
    }

    fn to_json(&self) -> String {
        let Some((field, text)) = self.grown.as_ref().filter(|(_, text)| !text.is_empty()) else {
            return object(&self.head);
        };
        // Arguments that the stream broke off stay the text that they are.
        let is_json = *field == "input" && json::parse(&mut text.clone().into_bytes()).is_ok();
        let value = if is_json {
            text.clone()
        } else {
            Value::String(Cow::Borrowed(text.as_str())).to_json()
        };
        let kept = self.head.iter().filter(|(name, _)| name != field);
        object(kept.chain([&((*field).to_owned(), value)]))
    }
}

fn json_fields(fields: &[(Cow<'_, str>, Value<'_>)], without: &str) -> Vec<(String, String)> {
    let fields = fields.iter().filter(|(name, _)| name != without);
    fields.map(|(name, value)| (name.clone().into_owned(), value.to_json())).collect()
}

fn object<'f>(fields: impl IntoIterator<Item = &'f (String, String)>) -> String {
    let name = |name: &str| Value::String(Cow::Borrowed(name)).to_json();
    let fields = fields.into_iter().map(|(key, value)| format!("{}:{value}", name(key)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}
