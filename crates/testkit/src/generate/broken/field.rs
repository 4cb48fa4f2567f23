//! Mistakes within one line.

use super::{Workbench, any_of, renamed, text};
use fastrand::Rng;
use serde_json::{Value, json};

/// A line that is not JSON, or not an object.
pub(super) fn no_event(bench: &mut Workbench<'_>, random: &mut Rng) -> Option<String> {
    const LINES: [&str; 12] = [
        "{",
        "}",
        "nonsense",
        "{\"a\":1",
        "{\"a\":}",
        "{\"a\" 1}",
        "{} {}",
        "[]",
        "\"text\"",
        "7",
        "null",
        "\u{feff}",
    ];
    let line = *any_of(&LINES, random)?;
    bench.insert(line.to_owned(), true, random);
    Some(format!("a line that is no event: {line}"))
}

/// A new event with one field of `data` that is missing, of another JSON type, or outside its list.
pub(super) fn wrong_field(bench: &mut Workbench<'_>, random: &mut Rng) -> Option<String> {
    let mut event = renamed(any_of(bench.events, random)?);
    let kind = text(&event, "type").to_owned();
    let data = event.get_mut("data").and_then(Value::as_object_mut)?;
    let candidates = fields(data.get("parts"));
    let candidates: Vec<&Field> =
        candidates.iter().filter(|field| field.types.contains(&kind.as_str())).collect();
    let field = *any_of(&candidates, random)?;
    match any_of(&field.wrong, random).filter(|_| !field.required || random.u8(..) < 192) {
        Some(wrong) => data.insert(field.name.to_owned(), wrong.clone()),
        None => data.remove(field.name),
    };
    bench.insert(event.to_string(), true, random);
    Some(format!("a wrong or missing `{}`: {event}", field.name))
}

/// A field of `data`, and values that it must not have.
struct Field {
    types: Vec<&'static str>,
    name: &'static str,
    required: bool,
    wrong: Vec<Value>,
}

/// The fields of every type but the `notice` of a choice. `parts` are those of the event, if it has
/// any: a wrong list of parts is that list and a wrong part.
fn fields(parts: Option<&Value>) -> Vec<Field> {
    let not_text = [json!(7), json!(true), json!([]), json!({}), json!(null)];
    let not_bool = [json!("true"), json!(1), json!([])];
    let text = |types: &[&'static str], name, required| Field {
        types: types.to_vec(),
        name,
        required,
        wrong: not_text.to_vec(),
    };
    let bool =
        |of, name, required| Field { types: vec![of], name, required, wrong: not_bool.to_vec() };
    let word = |types: &[&'static str], name| {
        let outside = [json!("Pro"), json!(""), json!("chat "), json!("other")];
        let wrong = outside.into_iter().chain(not_text.clone()).collect();
        Field { types: types.to_vec(), name, required: true, wrong }
    };
    let notices = ["consentry.notice.deferred", "consentry.notice.accepted"];
    let holds = ["consentry.hold.placed", "consentry.hold.released"];
    let programmes = ["consentry.programme.joined", "consentry.programme.left"];
    let published = "consentry.notice.published";
    let started = "consentry.conversation.started";
    let added = "consentry.message.added";
    let feedback = "consentry.feedback.given";
    let choice = "consentry.choice.recorded";
    let opened = "consentry.account.opened";
    let flagged = "consentry.safety.flagged";
    vec![
        word(&[opened, "consentry.account.plan_changed"], "plan"),
        text(&[opened], "region", false),
        bool(opened, "adult", false),
        text(&[published], "notice", true),
        Field { types: vec![published], name: "deadline", required: false, wrong: bad_times() },
        text(&notices, "notice", true),
        text(&[choice], "purpose", true),
        bool(choice, "granted", true),
        word(&[choice], "via"),
        text(&[choice], "terms", false),
        bool(choice, "preset", false),
        word(&["consentry.request.received"], "kind"),
        word(&programmes, "programme"),
        text(&[started], "account", true),
        word(&[started], "surface"),
        bool(started, "incognito", false),
        text(&[started], "app", false),
        text(&[added], "message", true),
        word(&[added], "role"),
        Field { types: vec![added], name: "parts", required: true, wrong: wrong_parts(parts) },
        text(&[feedback], "message", true),
        word(&[feedback], "rating"),
        text(&[feedback], "comment", false),
        text(&[flagged], "message", false),
        text(&[flagged], "category", true),
        Field {
            types: vec![flagged],
            name: "score",
            required: false,
            wrong: vec![json!("0.5"), json!(true), json!([])],
        },
        text(&holds, "hold", true),
        text(&holds, "reason", false),
    ]
}

fn bad_times() -> Vec<Value> {
    let mut times = vec![json!(1_780_272_000_000_i64), json!({})];
    times.extend(BAD_TIMES.map(Value::from));
    times
}

const BAD_TIMES: [&str; 10] = [
    "",
    "yesterday",
    "2026-06-01",
    "2026-06-01T00:00:00",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-06-01T24:00:00Z",
    "2026-06-01T00:00:00+0100",
    "2026-06-01T00:00:00.Z",
    "26-06-01T00:00:00Z",
];

fn wrong_parts(parts: Option<&Value>) -> Vec<Value> {
    let wrong = [
        json!("text"),
        json!({"kind": "text"}),
        json!({"origin": "user"}),
        json!({"kind": "video", "origin": "user"}),
        json!({"kind": "text", "origin": "User"}),
        json!({"kind": null, "origin": "user"}),
        json!({"kind": "text", "origin": "user", "text": 7}),
        json!({"kind": "text", "origin": "user", "name": []}),
        json!({"kind": "text", "origin": "connector", "connector": {}}),
        json!({"kind": "image", "origin": "user", "media_type": true}),
        json!({"kind": "image", "origin": "user", "bytes": "7"}),
    ];
    let right = parts.and_then(Value::as_array).cloned().unwrap_or_default();
    let lists = wrong.into_iter().map(|wrong| {
        let mut parts = right.clone();
        parts.push(wrong);
        Value::from(parts)
    });
    lists.chain([json!({}), json!("text"), json!(null)]).collect()
}

/// A new event with a wrong envelope.
pub(super) fn wrong_envelope(bench: &mut Workbench<'_>, random: &mut Rng) -> Option<String> {
    let mut event = renamed(any_of(bench.events, random)?);
    let (kind, id) = text(&event, "subject").split_once('/')?;
    // No type takes a notice but the one that publishes it, and that takes nothing else.
    let other_kind = if kind == "notice" { "account" } else { "notice" };
    let other_subject = format!("{other_kind}/{id}");
    let has_data = event.get("data").and_then(Value::as_object).is_some_and(|d| !d.is_empty());
    let mut wrong: Vec<(&str, Value)> = vec![
        ("subject", other_subject.into()),
        ("subject", json!("")),
        ("subject", kind.into()),
        ("subject", format!("{}/{id}", kind.to_uppercase()).into()),
        ("type", json!("consentry.account.reopened")),
        ("type", json!("consentry.")),
        ("type", text(&event, "type").trim_start_matches("consentry.").into()),
        ("type", text(&event, "type").to_uppercase().into()),
    ];
    wrong.extend(bad_times().into_iter().map(|time| ("time", time)));
    for name in ["source", "id", "type", "subject", "time"] {
        wrong.extend([json!(7), json!([]), json!(true), json!({})].map(|value| (name, value)));
    }
    wrong.extend([json!(7), json!([]), json!("{}")].map(|value| ("data", value)));
    let (name, value) = any_of(&wrong, random)?.clone();
    let envelope = event.as_object_mut()?;
    // Where there is a choice of the two, the member is sometimes missing.
    if random.u8(..) < 64 && (name != "data" || has_required_data(envelope, has_data)) {
        envelope.remove(name);
    } else {
        envelope.insert(name.to_owned(), value);
    }
    bench.insert(event.to_string(), true, random);
    Some(format!("a wrong or missing `{name}`: {event}"))
}

/// Whether the event is wrong without its `data`: all types but two have a required field.
fn has_required_data(envelope: &serde_json::Map<String, Value>, has_data: bool) -> bool {
    let kind = envelope.get("type").and_then(Value::as_str).unwrap_or("");
    has_data && !["consentry.account.closed", "consentry.conversation.deleted"].contains(&kind)
}
