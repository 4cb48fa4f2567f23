//! Section 2: what one line of a history must hold.

use super::time::instant;
use serde_json::{Map, Value};

/// What every type begins with.
const PREFIX: &str = "consentry.";

/// A line that is an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Which file (from 0) and which of its lines (from 1).
    pub at: (usize, usize),
    /// Milliseconds since 1970.
    pub time: i64,
    /// Who recorded it.
    pub source: String,
    /// Unique within the source.
    pub id: String,
    /// The type without `consentry.`.
    pub kind: String,
    /// `account`, `conversation` or `notice`.
    pub subject_kind: String,
    /// The subject's id.
    pub subject: String,
    /// The fields of the type; empty when `data` is absent.
    pub data: Map<String, Value>,
}

impl Event {
    /// A text of `data`; the empty text when it has none by that name.
    pub(super) fn text(&self, name: &str) -> &str {
        self.data.get(name).and_then(Value::as_str).unwrap_or("")
    }

    pub(super) fn is(&self, kind: &str, subject_kind: &str, subject: &str) -> bool {
        self.kind == kind && self.subject_kind == subject_kind && self.subject == subject
    }

    /// The parts of a `message.added`, in their order.
    pub(super) fn parts(&self) -> Vec<&Value> {
        match self.data.get("parts") {
            Some(Value::Array(parts)) => parts.iter().collect(),
            _ => Vec::new(),
        }
    }
}

const PLANS: &[&str] =
    &["free", "pro", "max", "team", "enterprise", "work", "gov", "education", "api"];
const VIAS: &[&str] = &["signup", "notice", "settings", "api"];
const REQUESTS: &[&str] = &["access", "export", "erasure", "objection"];
const PROGRAMMES: &[&str] = &["trusted-tester", "development-partner"];
const SURFACES: &[&str] = &["chat", "code", "browser", "api"];
const ROLES: &[&str] = &["user", "assistant", "system", "tool"];
const RATINGS: &[&str] = &["up", "down"];
const KINDS: &[&str] = &[
    "text",
    "thinking",
    "tool_call",
    "tool_result",
    "attachment",
    "image",
    "style",
    "preferences",
];
const ORIGINS: &[&str] = &["user", "assistant", "system", "tool", "file", "browser", "connector"];

/// What a field holds.
#[derive(Clone, Copy)]
enum Holds {
    Text,
    Bool,
    Number,
    Time,
    Word(&'static [&'static str]),
    Parts,
}

struct Field {
    name: &'static str,
    required: bool,
    holds: Holds,
}

const fn need(name: &'static str, holds: Holds) -> Field {
    Field { name, required: true, holds }
}

const fn may(name: &'static str, holds: Holds) -> Field {
    Field { name, required: false, holds }
}

/// The table of section 2: the kinds of subject and the fields of `data` for each type.
fn table(kind: &str) -> Option<(&'static [&'static str], Vec<Field>)> {
    use Holds::{Bool, Number, Parts, Text, Time, Word};
    let account: &[&str] = &["account"];
    let conversation: &[&str] = &["conversation"];
    let either: &[&str] = &["account", "conversation"];
    Some(match kind {
        "account.opened" => {
            (account, vec![need("plan", Word(PLANS)), may("region", Text), may("adult", Bool)])
        }
        "account.plan_changed" => (account, vec![need("plan", Word(PLANS))]),
        "account.closed" => (account, vec![]),
        "notice.published" => (&["notice"], vec![need("notice", Text), may("deadline", Time)]),
        "notice.deferred" | "notice.accepted" => (account, vec![need("notice", Text)]),
        "choice.recorded" => (
            account,
            vec![
                need("purpose", Text),
                need("granted", Bool),
                need("via", Word(VIAS)),
                may("notice", Text),
                may("terms", Text),
                may("preset", Bool),
            ],
        ),
        "request.received" => (account, vec![need("kind", Word(REQUESTS))]),
        "programme.joined" | "programme.left" => {
            (account, vec![need("programme", Word(PROGRAMMES))])
        }
        "conversation.started" => (
            conversation,
            vec![
                need("account", Text),
                need("surface", Word(SURFACES)),
                may("incognito", Bool),
                may("app", Text),
            ],
        ),
        "message.added" => (
            conversation,
            vec![need("message", Text), need("role", Word(ROLES)), need("parts", Parts)],
        ),
        "feedback.given" => (
            conversation,
            vec![need("message", Text), need("rating", Word(RATINGS)), may("comment", Text)],
        ),
        "safety.flagged" => {
            (conversation, vec![may("message", Text), need("category", Text), may("score", Number)])
        }
        "conversation.deleted" => (conversation, vec![]),
        "hold.placed" | "hold.released" => (either, vec![need("hold", Text), may("reason", Text)]),
        _ => return None,
    })
}

fn part_fields() -> Vec<Field> {
    use Holds::{Number, Text, Word};
    vec![
        need("kind", Word(KINDS)),
        need("origin", Word(ORIGINS)),
        may("text", Text),
        may("name", Text),
        may("connector", Text),
        may("media_type", Text),
        may("bytes", Number),
    ]
}

/// The event on a line; `None` when the line is in error by itself. Members that the contract does
/// not name are nobody's business.
pub(super) fn read(at: (usize, usize), line: &str) -> Option<Event> {
    let Ok(Value::Object(envelope)) = serde_json::from_str(line) else {
        return None;
    };
    if envelope.get("specversion")?.as_str()? != "1.0" {
        return None;
    }
    let kind = envelope.get("type")?.as_str()?.strip_prefix(PREFIX)?;
    let (subject_kinds, fields) = table(kind)?;
    let (subject_kind, subject) = envelope.get("subject")?.as_str()?.split_once('/')?;
    if !subject_kinds.contains(&subject_kind) {
        return None;
    }
    let data = match envelope.get("data") {
        None => Map::new(),
        Some(Value::Object(data)) => data.clone(),
        Some(_) => return None,
    };
    if !all_fine(&fields, &data) {
        return None;
    }
    Some(Event {
        at,
        time: instant(envelope.get("time")?.as_str()?)?,
        source: envelope.get("source")?.as_str()?.to_owned(),
        id: envelope.get("id")?.as_str()?.to_owned(),
        kind: kind.to_owned(),
        subject_kind: subject_kind.to_owned(),
        subject: subject.to_owned(),
        data,
    })
}

fn all_fine(fields: &[Field], object: &Map<String, Value>) -> bool {
    fields.iter().all(|field| match object.get(field.name) {
        None => !field.required,
        Some(value) => fine(field.holds, value),
    })
}

fn fine(holds: Holds, value: &Value) -> bool {
    match holds {
        Holds::Text => value.is_string(),
        Holds::Bool => value.is_boolean(),
        Holds::Number => value.is_number(),
        Holds::Time => value.as_str().is_some_and(|text| instant(text).is_some()),
        Holds::Word(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        Holds::Parts => value.as_array().is_some_and(|parts| {
            parts
                .iter()
                .all(|part| part.as_object().is_some_and(|part| all_fine(&part_fields(), part)))
        }),
    }
}
