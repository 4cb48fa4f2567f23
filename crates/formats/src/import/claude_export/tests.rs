mod blocks;
mod properties;

use crate::import::Format::ClaudeExport;
use crate::import::testing::{counts, error, owner, run, run_as};
use crate::import::{Owner, Tally};
use consentry_model::{Instant, Plan};
use serde_json::{Value, json};

const T: &str = "2026-01-02T03:04:05.678901Z";

fn message(id: &str, sender: &str, content: Value) -> Value {
    json!({"uuid": id, "sender": sender, "text": "a digest", "content": content, "created_at": T,
        "updated_at": T, "attachments": [], "files": [], "parent_message_uuid": null})
}

fn conversation(id: &str, messages: Value) -> Value {
    json!({"uuid": id, "name": "", "created_at": T, "updated_at": T, "account": {"uuid": "ada"},
        "chat_messages": messages})
}

#[test]
fn a_conversation_becomes_events() {
    let export = json!([conversation(
        "c",
        json!([
            message("m1", "human", json!([{"type": "text", "text": "Hello"}])),
            message(
                "m2",
                "assistant",
                json!([
                    {"type": "thinking", "thinking": "A greeting.", "signature": "x", "summaries": []},
                    {"type": "text", "text": "Hello to you", "citations": []},
                ])
            ),
        ]),
    )]);
    let owner = Owner {
        choice: Some(false),
        since: Instant::parse("2026-01-01T00:00:00Z").ok(),
        ..owner()
    };
    let imported =
        run_as(ClaudeExport, &[("conversations.json", &export.to_string())], &owner).unwrap();
    assert_eq!(
        imported.parts(),
        [
            "user text user `Hello`",
            "assistant thinking assistant `A greeting.`",
            "assistant text assistant `Hello to you`"
        ]
    );
    let started = &imported.of("conversation.started")[0];
    assert_eq!(started["subject"], "conversation/c");
    assert_eq!(started["data"], json!({"account": "ada", "surface": "chat"}));
    assert_eq!(started["time"], "2026-01-02T03:04:05.678Z");
    assert_eq!(started["source"], "import/claude-export");
    let opened = &imported.of("account.opened")[0];
    assert_eq!(
        (&opened["subject"], &opened["time"]),
        (&json!("account/ada"), &json!("2026-01-01T00:00:00.000Z"))
    );
    assert_eq!(opened["data"], json!({"plan": "pro"}));
    let choice = &imported.of("choice.recorded")[0];
    let expected = json!({"purpose": "model-improvement", "granted": false, "via": "settings"});
    assert_eq!((&choice["data"], &choice["time"]), (&expected, &opened["time"]));
    let message = &imported.of("message.added")[1];
    assert_eq!(
        (&message["id"], &message["data"]["message"]),
        (&json!("message.added/c/m2"), &json!("m2"))
    );
    let mut tally = Tally::new("conversations.json");
    for _ in 0..3 {
        tally.part();
    }
    assert_eq!(imported.tallies, [tally]);
}

#[test]
fn the_account_opens_at_the_earliest_time_and_may_be_named() {
    let mut early = message("m", "human", json!([{"type": "text", "text": "x"}]));
    early["created_at"] = json!("2020-01-01T00:00:00Z");
    let export = json!([conversation("c", json!([early]))]).to_string();
    let owner = Owner { account: Some("me".to_owned()), plan: Plan::Team, ..owner() };
    let imported = run_as(ClaudeExport, &[("conversations.json", &export)], &owner).unwrap();
    let opened = &imported.of("account.opened")[0];
    assert_eq!(
        (&opened["subject"], &opened["time"]),
        (&json!("account/me"), &json!("2020-01-01T00:00:00.000Z"))
    );
    assert_eq!(imported.of("choice.recorded").len(), 0);
    assert_eq!(imported.of("conversation.started")[0]["data"]["account"], "me");
}

#[test]
fn old_messages_have_only_their_text() {
    let mut old = message("m1", "human", json!([]));
    old["text"] = json!("Hello");
    let mut none = message("m2", "assistant", json!([]));
    none["text"] = json!("");
    let imported =
        run(ClaudeExport, &[("x.json", &conversation("c", json!([old, none])).to_string())]);
    assert_eq!(imported.parts(), ["user text user `Hello`"]);
    assert_eq!(imported.of("message.added").len(), 2);
    assert_eq!(imported.exclusions(), counts(&[]));
}

#[test]
fn side_files_are_counted_and_left_out() {
    let export = json!([conversation("c", json!([message("m", "human", json!([]))]))]).to_string();
    let imported = run(
        ClaudeExport,
        &[
            ("conversations.json", &export),
            ("users.json", r#"[{"uuid":"ada","full_name":"A","email_address":"a@example.org"}]"#),
            (
                "projects/p.json",
                r#"{"uuid":"p","prompt_template":"Be kind","docs":[{"content":"x"},{"content":"y"}]}"#,
            ),
            ("projects.json", r#"[{"uuid":"q","prompt_template":"","docs":[]}]"#),
            (
                "memories.json",
                r#"[{"conversations_memory":"m","project_memories":{"p":"m","q":""},"memory_files":[{"content":"f"}]}]"#,
            ),
            ("login_history.json", r#"[{"ip":"127.0.0.1"}, 7]"#),
            ("manifest-1.json", r#"{"data_files":[]}"#),
            ("uploads/broken.json", "{nope"),
            ("batch-0001.zip", "PK"),
            ("artifacts/a/x.json", "{nope"),
            ("__MACOSX/._conversations.json", "\u{0}"),
            ("photo.png", "\u{0}"),
        ],
    );
    assert_eq!(
        imported.exclusions(),
        counts(&[("memory", 3), ("project-doc", 2), ("project-instructions", 1)])
    );
    assert_eq!(
        imported.notes(),
        counts(&[
            ("account-record", 1),
            ("archive-inside-not-opened", 1),
            ("manifest", 1),
            ("not-readable-as-json", 1),
            ("project", 2),
            ("record-is-no-object", 1),
            ("unknown-record", 1),
        ])
    );
    assert_eq!(imported.tallies.len(), 9);
}

#[test]
fn batches_may_repeat_and_the_latest_state_counts() {
    let text = |text: &str| json!([{"type": "text", "text": text}]);
    let first = json!([conversation(
        "c",
        json!([message("m1", "human", text("Hi")), message("m2", "assistant", text("Hal"))])
    )]);
    let second = json!([conversation(
        "c",
        json!([
            message("m1", "human", text("Hi")),
            message("m2", "assistant", text("Hallo")),
            message("m3", "human", text("More")),
        ])
    )]);
    let imported = run(
        ClaudeExport,
        &[
            ("batch-0000/conversations.json", &first.to_string()),
            ("batch-0001/conversations.json", &second.to_string()),
        ],
    );
    assert_eq!(
        imported.parts(),
        ["user text user `Hi`", "assistant text assistant `Hallo`", "user text user `More`"]
    );
    assert_eq!(imported.exclusions(), counts(&[("other-version", 1), ("repeated", 1)]));
    assert_eq!(imported.notes(), counts(&[("message-other-version", 1), ("message-repeated", 1)]));
    assert_eq!(imported.of("conversation.started").len(), 1);
}

#[test]
fn temporary_conversations_are_incognito_and_wrappers_are_opened() {
    let mut temporary = conversation("c", json!([]));
    temporary["is_temporary"] = json!(true);
    temporary["account"] = json!(null);
    let wrapped = json!({"capture_id": "x", "session": {}, "raw_provider_payload": temporary});
    let imported = run(
        ClaudeExport,
        &[
            ("chats/c.json", &wrapped.to_string()),
            ("users.json", r#"[{"uuid":"ada","full_name":"A"}]"#),
        ],
    );
    let expected = json!({"account": "ada", "surface": "chat", "incognito": true});
    assert_eq!(imported.of("conversation.started")[0]["data"], expected);
}

#[test]
fn what_has_no_id_and_no_time_gets_both() {
    let bare = json!([{"chat_messages": [
        {"sender": "human", "text": "a"}, {"sender": "human", "text": "a"}, {"sender": "martian", "text": "b"}, null,
    ]}]).to_string();
    let imported = run(ClaudeExport, &[("conversations.json", &bare)]);
    let messages = imported.of("message.added");
    assert_eq!(messages.len(), 3);
    assert_eq!(messages[0]["time"], "1970-01-01T00:00:00.000Z");
    assert_eq!(imported.parts()[2], "system text system `b`");
    assert_eq!(imported.notes(), counts(&[("unknown-sender", 1)]));
    assert_eq!(imported.of("conversation.started")[0]["data"]["account"], "local");
}

#[test]
fn ids_with_slashes_stay_apart() {
    let one = json!([{"type": "text", "text": "x"}]);
    let export = json!([
        conversation("a/b", json!([message("c", "human", one.clone())])),
        conversation("a", json!([message("b/c", "human", one)])),
    ]);
    assert_eq!(run(ClaudeExport, &[("x.json", &export.to_string())]).parts().len(), 2);
}

#[test]
fn a_string_cut_in_a_character_is_mended() {
    let text = json!([conversation(
        "c",
        json!([message("m", "human", json!([{"type": "text", "text": "CUT"}]))])
    )]);
    let text = text.to_string().replace("CUT", r"cut \ud83d");
    assert_eq!(
        run(ClaudeExport, &[("conversations.json", &text)]).parts(),
        ["user text user `cut \u{FFFD}`"]
    );
}

#[test]
fn errors_say_what_was_expected() {
    let malformed = error(ClaudeExport, "conversations.json", "[\n{\"uuid\":1},\n{\"uuid\":}]");
    assert!(
        malformed.starts_with(
            "conversations.json:3: not JSON (expected value); expected a file of a claude.ai export"
        ),
        "{malformed}"
    );
    let foreign = error(ClaudeExport, "conversations.json", r#"[{"mapping":{}}]"#);
    assert!(foreign.contains("import it as `chatgpt-export`"), "{foreign}");
    let empty = error(ClaudeExport, "memories.json", "[]");
    assert!(empty.contains("give the zip that claude.ai sent"), "{empty}");
    assert!(error(ClaudeExport, "conversations.json", "").contains("the file is empty"));
    assert!(
        error(ClaudeExport, "conversations.json", "[] x")
            .contains("expected the end of the file, found `x`")
    );
    assert_eq!(run(ClaudeExport, &[("conversations.json", "[]")]).lines.len(), 0);
}
