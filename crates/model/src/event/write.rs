//! Writing an event as one line of a history.

use super::{Body, Event, Part, TYPE_PREFIX};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;

impl Event<'_> {
    /// The event as one line of JSON, ending in a line feed. Fields that are absent or have their
    /// default are left out, so equal events give equal bytes.
    #[must_use]
    pub fn to_json_line(&self) -> String {
        let (subject_kind, subject_id) = self.body.subject();
        // A struct and sorted maps keep their order whatever features `serde_json` is built with.
        #[derive(serde::Serialize)]
        struct Envelope<'e> {
            specversion: &'static str,
            id: &'e str,
            source: &'e str,
            r#type: String,
            subject: String,
            time: crate::Instant,
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            data: Fields,
        }
        let envelope = Envelope {
            specversion: "1.0",
            id: &self.id,
            source: &self.source,
            r#type: format!("{TYPE_PREFIX}{}", self.body.type_word()),
            subject: format!("{subject_kind}/{subject_id}"),
            time: self.time,
            data: data(&self.body),
        };
        // Strings, numbers and maps with string keys always serialize.
        let mut line = serde_json::to_string(&envelope).unwrap_or_default();
        line.push('\n');
        line
    }
}

/// Members of an object, sorted by name.
type Fields = BTreeMap<&'static str, Value>;

fn data(body: &Body<'_>) -> Fields {
    let mut data = Fields::new();
    let mut put = |name: &'static str, value: Value| {
        data.insert(name, value);
    };
    match body {
        Body::AccountClosed { .. } | Body::ConversationDeleted { .. } => {}
        Body::NoticePublished { notice, deadline, .. } => {
            put("notice", json!(notice));
            if let Some(deadline) = deadline {
                put("deadline", json!(deadline));
            }
        }
        Body::ConversationStarted { account, surface, incognito, app, .. } => {
            put("account", json!(account));
            put("surface", json!(surface));
            if *incognito {
                put("incognito", json!(true));
            }
            put_optional(&mut put, "app", app);
        }
        Body::MessageAdded { message, role, parts, .. } => {
            put("message", json!(message));
            put("role", json!(role));
            put("parts", Value::Array(parts.iter().map(part).collect()));
        }
        Body::FeedbackGiven { message, rating, comment, .. } => {
            put("message", json!(message));
            put("rating", json!(rating));
            put_optional(&mut put, "comment", comment);
        }
        Body::SafetyFlagged { message, category, score, .. } => {
            put_optional(&mut put, "message", message);
            put("category", json!(category));
            if let Some(score) = score {
                put("score", json!(score));
            }
        }
        Body::HoldPlaced { hold, reason, .. } | Body::HoldReleased { hold, reason, .. } => {
            put("hold", json!(hold));
            put_optional(&mut put, "reason", reason);
        }
        of_account => account_data(of_account, &mut put),
    }
    data
}

/// The data of what only ever concerns an account; nothing for anything else.
fn account_data(body: &Body<'_>, put: &mut impl FnMut(&'static str, Value)) {
    match body {
        Body::AccountOpened { plan, region, adult, .. } => {
            put("plan", json!(plan));
            put_optional(put, "region", region);
            if !adult {
                put("adult", json!(false));
            }
        }
        Body::PlanChanged { plan, .. } => put("plan", json!(plan)),
        Body::NoticeDeferred { notice, .. } | Body::NoticeAccepted { notice, .. } => {
            put("notice", json!(notice));
        }
        Body::ChoiceRecorded { choice, .. } => {
            put("purpose", json!(choice.purpose));
            put("granted", json!(choice.granted));
            put("via", json!(choice.via));
            put_optional(put, "notice", &choice.notice);
            put_optional(put, "terms", &choice.terms);
            if let Some(preset) = choice.preset {
                put("preset", json!(preset));
            }
        }
        Body::RequestReceived { kind, .. } => put("kind", json!(kind)),
        Body::ProgrammeJoined { programme, .. } | Body::ProgrammeLeft { programme, .. } => {
            put("programme", json!(programme));
        }
        _ => {}
    }
}

fn put_optional(
    put: &mut impl FnMut(&'static str, Value),
    name: &'static str,
    value: &Option<Cow<'_, str>>,
) {
    if let Some(value) = value {
        put(name, Value::String(value.clone().into_owned()));
    }
}

fn part(part: &Part<'_>) -> Value {
    let mut fields = Fields::new();
    let mut put = |name: &'static str, field: Value| {
        fields.insert(name, field);
    };
    put("kind", json!(part.kind));
    put("origin", json!(part.origin));
    put_optional(&mut put, "text", &part.text);
    put_optional(&mut put, "name", &part.name);
    put_optional(&mut put, "connector", &part.connector);
    put_optional(&mut put, "media_type", &part.media_type);
    if let Some(bytes) = part.bytes {
        put("bytes", json!(bytes));
    }
    fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect()
}
