//! Logs of Anthropic's messages interface.
//! `docs/formats/anthropic-messages.md` says what comes in and what does not.

mod blocks;
mod stream;

use super::api_log::{self, Dialect, Logged, Turn, body, own_time};
use super::history::{Blocks, spoken};
use super::{Bundle, Format, ImportError, Output, Owner};
use crate::json::Value;
use blocks::Calls;
use consentry_model::Role;

/// Reads files of Anthropic messages: JSONL with one record a line, JSON with one record or a list
/// of them, or a recorded stream of server-sent events. A record is a request with `messages`, a
/// request with its response, a response alone, or a list of messages.
///
/// # Errors
///
/// [`ImportError::Malformed`] with the file and the line of the first value that is not JSON or no
/// such record; [`ImportError::Empty`] when there is none at all; [`ImportError::Io`] when reading
/// or writing fails.
pub fn import(
    bundle: &mut dyn Bundle,
    owner: &Owner,
    output: &mut dyn Output,
) -> Result<(), ImportError> {
    api_log::import::<Anthropic>(bundle, owner, output)
}

struct Anthropic;

impl Dialect for Anthropic {
    const FORMAT: Format = Format::AnthropicMessages;
    const RECORD: &'static str = "record of Anthropic messages";
    const EXPECTED: &'static str = "a record of Anthropic messages: an object with `messages` (and `system`), `request` and `response`, a response message, a list of messages, or a stream of `message_start` and later events";
    const EXTENSIONS: &'static [&'static str] = &["jsonl", "ndjson", "json", "txt", "sse"];

    fn is_message(value: &Value<'_>) -> bool {
        value.str("role").is_some() && value.get("content").is_some()
    }

    fn read<'v>(record: &'v Value<'v>) -> Option<Vec<Logged<'v>>> {
        let logged = match record {
            Value::Array(messages) if messages.first().is_some_and(Self::is_message) => {
                let mut logged = Logged::default();
                let mut calls = Calls::default();
                logged.turns.extend(messages.iter().map(|message| turn(message, &mut calls)));
                Some(logged)
            }
            Value::Object(_) => exchange(record),
            _ => None,
        };
        match logged {
            Some(logged) => Some(vec![logged]),
            None => api_log::is_batch_entry(record).then(Vec::new),
        }
    }

    fn stream(text: &str) -> Option<Result<Vec<String>, (u64, String)>> {
        Some(stream::messages(text))
    }
}

/// A request, a response, or both.
fn exchange<'v>(record: &'v Value<'v>) -> Option<Logged<'v>> {
    // A batch keeps a request under `params` and a response under `result`.
    let request = record.get("request").or_else(|| record.get("params"));
    let request = body(request.unwrap_or(record));
    let response =
        record.get("response").map(body).or_else(|| record.get("result")?.get("message"));
    let messages = request.list("messages");
    let is_request = matches!(request.get("messages"), Some(Value::Array(_)))
        && messages.first().is_none_or(Anthropic::is_message);
    let is_answer = Anthropic::is_message(record);
    let answer = response.filter(|response| Anthropic::is_message(response));
    let completion = record.get("completion").or(response).filter(|text| text.as_str().is_some());
    if !is_request && !is_answer && answer.is_none() {
        return None;
    }
    let mut logged = Logged::of(&[Some(record), response, Some(request)]);
    let mut calls = Calls::default();
    if let Some(system) = request.get("system") {
        let mut blocks = Blocks::default();
        calls.content(&mut blocks, Role::System, system);
        logged.turns.push(Turn { role: Role::System, time: None, blocks });
    }
    let all = messages.iter().filter(|_| is_request).chain(Some(record).filter(|_| is_answer));
    logged.turns.extend(all.chain(answer).map(|message| turn(message, &mut calls)));
    if let Some(text) = completion {
        let mut blocks = Blocks::default();
        blocks.text(spoken(Role::Assistant), text.as_str().unwrap_or_default());
        logged.turns.push(Turn { role: Role::Assistant, time: None, blocks });
    }
    Some(logged)
}

fn turn<'v>(message: &'v Value<'v>, calls: &mut Calls<'v>) -> Turn<'v> {
    let mut blocks = Blocks::default();
    if !message.is_object() {
        blocks.exclude("unknown-block:message");
    }
    let role = match message.str("role").unwrap_or_default() {
        "user" | "human" => Role::User,
        "assistant" => Role::Assistant,
        "system" => Role::System,
        _ => {
            blocks.note("unknown-role");
            Role::System
        }
    };
    if let Some(content) = message.get("content") {
        calls.content(&mut blocks, role, content);
    }
    Turn { role, time: own_time(message), blocks }
}

#[cfg(test)]
mod tests;
