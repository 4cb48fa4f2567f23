mod content;
mod properties;

use crate::import::Format::ChatgptExport;
use crate::import::testing::{counts, error, run};
use serde_json::{Map, Value, json};

/// 2022-12-13T08:46:48.121Z
const T: f64 = 1_670_921_208.121_227;

fn message(id: &str, role: &str, content: Value) -> Value {
    json!({"id": id, "author": {"role": role, "name": null, "metadata": {}}, "create_time": T,
        "content": content, "metadata": {}, "recipient": "all", "weight": 1.0})
}

fn with(mut message: Value, fields: Value) -> Value {
    for (key, value) in fields.as_object().unwrap() {
        message[key] = value.clone();
    }
    message
}

fn text(text: &str) -> Value {
    json!({"content_type": "text", "parts": [text]})
}

/// A conversation whose messages follow each other.
fn conversation(id: &str, messages: &[Value]) -> Value {
    let mut mapping = Map::new();
    mapping.insert(
        "root".to_owned(),
        json!({"id": "root", "message": null, "parent": null, "children": []}),
    );
    let mut parent = json!("root");
    for (number, message) in messages.iter().enumerate() {
        let key = format!("n{number}");
        mapping.insert(
            key.clone(),
            json!({"id": key, "message": message, "parent": parent, "children": []}),
        );
        parent = json!(key);
    }
    json!({"id": id, "conversation_id": id, "title": "t", "create_time": T, "update_time": T, "mapping": mapping})
}

#[test]
fn a_conversation_becomes_events() {
    let export = json!([conversation(
        "c",
        &[
            message("s", "system", text("")),
            message("u", "user", text("Hello")),
            message("a", "assistant", text("Hello to you")),
        ]
    )])
    .to_string();
    let user = r#"{"id":"user-1","email":"a@example.org","chatgpt_plus_user":true}"#;
    let imported = run(ChatgptExport, &[("conversations.json", &export), ("user.json", user)]);
    assert_eq!(
        imported.parts(),
        ["user text user `Hello`", "assistant text assistant `Hello to you`"]
    );
    assert_eq!(imported.exclusions(), counts(&[("empty", 1)]));
    assert_eq!(imported.notes(), counts(&[("account-record", 1)]));
    let started = &imported.of("conversation.started")[0];
    assert_eq!(started["data"], json!({"account": "user-1", "surface": "chat"}));
    assert_eq!(started["time"], "2022-12-13T08:46:48.121Z");
    assert_eq!(started["source"], "import/chatgpt-export");
    assert_eq!(imported.of("message.added").len(), 3);
}

#[test]
fn every_branch_comes_in_and_links_may_lead_anywhere() {
    let node = |id: &str, parent: &str, time: Value| {
        let message = with(message(id, "user", text(id)), json!({"create_time": time}));
        json!({"id": id, "parent": parent, "children": ["a", "gone"], "message": message})
    };
    let mapping = json!({"a": node("a", "b", json!(null)), "b": node("b", "a", json!(null)),
        "c": node("c", "d", json!(null)), "d": node("d", "gone", json!(20)), "e": node("e", "e", json!(null))});
    let export =
        json!([{"conversation_id": "x", "create_time": 10, "mapping": mapping}]).to_string();
    let imported = run(ChatgptExport, &[("conversations.json", &export)]);
    let times = imported.of("message.added");
    let times: Vec<&Value> = times.iter().map(|event| &event["time"]).collect();
    let (own, before) = ("1970-01-01T00:00:20.000Z", "1970-01-01T00:00:10.000Z");
    // In circles there is no time but the conversation's; `c` has that of the message before it.
    assert_eq!(times, [before, before, own, own, before]);
}

#[test]
fn shards_and_side_files() {
    let shard = |id: &str| json!([conversation(id, &[message("m", "user", text(id))])]).to_string();
    let imported = run(
        ChatgptExport,
        &[
            ("conversations-000.json", &shard("a")),
            ("conversations-001.json", &shard("b")),
            ("export_manifest.json", "{}"),
            (
                "shared_conversations.json",
                r#"[{"id":"s","conversation_id":"a","title":"t","is_anonymous":true}]"#,
            ),
            (
                "model_comparisons.json",
                r#"[{"message_id":"m","conversation_id":"a","original_message_id":"x","rating":"new"}]"#,
            ),
            ("file-abc-mine.json", "{nope"),
            ("old.zip", "PK"),
            ("chat.html", "<html>"),
            ("__MACOSX/._conversations-000.json", "\u{0}"),
        ],
    );
    assert_eq!(imported.of("conversation.started").len(), 2);
    assert_eq!(imported.exclusions(), counts(&[("model-comparison", 1)]));
    let expected = [("archive-inside-not-opened", 1), ("file-not-read", 2), ("shared-link", 1)];
    assert_eq!(imported.notes(), counts(&expected));
    assert_eq!(imported.tallies.len(), 7);
}

#[test]
fn feedback_is_given_on_messages_that_are_there() {
    let export = json!([conversation("c", &[message("a", "assistant", text("x"))])]).to_string();
    let row = |message: &str, rating: &str, content: &str| json!({"id": message, "conversation_id": "c", "rating": rating, "content": content, "create_time": "2023-07-23T16:52:31.047678Z"});
    let rows = json!([
        row("a", "thumbs_up", r#"{"text": "good", "tags": ["x"]}"#),
        row("a", "thumbs_up", r#"{"text": "good", "tags": ["x"]}"#),
        row("a", "thumbs_down", r#"{"tags": ["harmful", "slow"]}"#),
        row("a", "thumbs_down", "{}"),
        row("a", "thumbs_up", "plain words"),
        row("gone", "thumbs_up", "{}"),
        row("a", "shrug", "{}"),
        {"id": "a", "conversation_id": "c", "rating": "thumbs_up"},
    ])
    .to_string();
    let imported =
        run(ChatgptExport, &[("conversations.json", &export), ("message_feedback.json", &rows)]);
    let given = imported.of("feedback.given");
    let given: Vec<_> = given.iter().map(|event| event["data"].clone()).collect();
    assert_eq!(
        given,
        [
            json!({"message": "a", "rating": "up", "comment": "good"}),
            json!({"message": "a", "rating": "down", "comment": "harmful, slow"}),
            json!({"message": "a", "rating": "down"}),
            json!({"message": "a", "rating": "up", "comment": "plain words"}),
        ]
    );
    assert_eq!(
        imported.exclusions(),
        counts(&[
            ("feedback-without-message", 1),
            ("feedback-without-time", 1),
            ("unknown-rating:shrug", 1),
        ])
    );
    assert_eq!(imported.notes(), counts(&[("feedback", 4), ("feedback-repeated", 1)]));
}

#[test]
fn temporary_conversations_are_incognito_and_ids_are_made_where_missing() {
    let mut one = conversation("c", &[with(message("", "user", text("a")), json!({"id": null}))]);
    one["is_temporary_chat"] = json!(true);
    one.as_object_mut().unwrap().retain(|key, _| key != "id" && key != "conversation_id");
    let wrapped = json!({"session": {}, "raw_provider_payload": one});
    let imported = run(ChatgptExport, &[("conversations/x.json", &wrapped.to_string())]);
    assert_eq!(imported.of("conversation.started")[0]["data"]["incognito"], true);
    assert_eq!(imported.of("message.added")[0]["data"]["message"], "n0");
}

#[test]
fn errors_say_what_was_expected() {
    let malformed = error(ChatgptExport, "conversations.json", "[{\"mapping\": {]");
    assert!(malformed.starts_with("conversations.json:1: not JSON"), "{malformed}");
    let foreign = error(ChatgptExport, "conversations.json", r#"[{"chat_messages":[]}]"#);
    assert!(foreign.contains("import it as `claude-export`"), "{foreign}");
    let empty = error(ChatgptExport, "user.json", "{}");
    assert!(empty.contains("give the zip that ChatGPT sent"), "{empty}");
}
