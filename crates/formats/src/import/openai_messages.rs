//! Logs of OpenAI's interface, chat completions and responses alike.
//! `docs/formats/openai-messages.md` says what comes in and what does not.

mod chat;
mod items;

use super::api_log::{self, Dialect, Logged, body};
use super::{Bundle, Format, ImportError, Output, Owner};
use crate::json::Value;
use chat::Reading;

/// Reads files of OpenAI messages: JSONL with one record a line, or JSON with one record or a list
/// of them. A record is a list of messages, an object with `messages` or `input`, a request with
/// its response, or a response alone.
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
    api_log::import::<OpenAi>(bundle, owner, output)
}

struct OpenAi;

impl Dialect for OpenAi {
    const FORMAT: Format = Format::OpenaiMessages;
    const RECORD: &'static str = "record of OpenAI messages";
    const EXPECTED: &'static str = "a record of OpenAI messages: a list of messages, an object with `messages` (or `input`), or `request` and `response`";
    const EXTENSIONS: &'static [&'static str] = &["jsonl", "ndjson", "json", "traj"];

    fn is_message(value: &Value<'_>) -> bool {
        value.str("role").is_some() || value.str("type").is_some_and(items::is_item)
    }

    fn read<'v>(record: &'v Value<'v>) -> Option<Vec<Logged<'v>>> {
        match record {
            Value::Array(messages) if messages.first().is_some_and(Self::is_message) => {
                let mut logged = Logged::default();
                Reading::default().all(&mut logged.turns, messages);
                Some(vec![logged])
            }
            // A log of evaluations: one conversation a sample.
            Value::Object(_) if !record.list("samples").is_empty() => {
                record.list("samples").iter().map(sample).collect()
            }
            Value::Object(_) => match exchange(record) {
                Some(logged) => Some(vec![logged]),
                None => api_log::is_batch_entry(record).then(Vec::new),
            },
            _ => None,
        }
    }

    fn stream(_: &str) -> Option<Result<Vec<String>, (u64, String)>> {
        None
    }
}

/// The keys under which records keep their messages.
const MESSAGE_KEYS: [&str; 3] = ["messages", "traj", "history"];

fn messages<'v>(object: &'v Value<'v>) -> Option<&'v [Value<'v>]> {
    let lists = MESSAGE_KEYS.iter().filter_map(|key| object.get(key));
    let mut lists = lists.filter(|list| matches!(list, Value::Array(_))).map(Value::items);
    lists.find(|list| list.first().is_none_or(OpenAi::is_message))
}

fn sample<'v>(sample: &'v Value<'v>) -> Option<Logged<'v>> {
    let mut logged = Logged::of(&[Some(sample)]);
    let mut reading = Reading { attachments: sample.get("attachments"), ..Reading::default() };
    reading.all(&mut logged.turns, messages(sample)?);
    Some(logged)
}

/// A request, a response, or both.
fn exchange<'v>(record: &'v Value<'v>) -> Option<Logged<'v>> {
    let request = body(record.get("request").unwrap_or(record));
    let response = record.get("response").filter(|response| response.is_object()).map(body);
    let answer = response.unwrap_or(request);
    // Fine-tuning on preferences wraps the request once more.
    let request = request.get("input").filter(|input| input.is_object()).unwrap_or(request);

    let mut logged = Logged::of(&[Some(record), response, Some(request)]);
    let mut reading = Reading::default();
    let turns = &mut logged.turns;
    for key in ["system", "instructions"] {
        reading.instructions(turns, request.get(key));
    }
    let asked = messages(request);
    reading.all(turns, asked.unwrap_or_default());
    let input = request.get("input");
    reading.input(turns, input.filter(|_| asked.is_none()));

    let choices = answer.list("choices");
    for choice in choices {
        reading.choice(turns, choice);
    }
    let output = matches!(answer.get("output"), Some(Value::Array(_)));
    reading.all(turns, answer.list("output"));
    let completion =
        record.get("completion").or_else(|| record.get("response").filter(|_| response.is_none()));
    reading.completion(turns, completion);

    let is_record = asked.is_some() || input.is_some() || !choices.is_empty() || output;
    (is_record || completion.is_some_and(|_| !logged.turns.is_empty())).then_some(logged)
}

#[cfg(test)]
mod tests;
