use crate::import::Format::ClaudeExport;
use crate::import::testing::{
    Imported, counts, error, json_of, owner, run, run_as, survives,
};
use crate::import::{Owner, Tally};
use consentry_model::{Instant, Plan};
use proptest::prelude::*;
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

fn of(content: Value) -> Imported {
    let export = json!([conversation("c", json!([message("m", "assistant", content)]))]);
    run(ClaudeExport, &[("conversations.json", &export.to_string())])
}

#[test]
fn a_conversation_becomes_events() {
    let export = json!([conversation(
        "c",
        json!([
            message("m1", "human", json!([{"type": "text", "text": "Hello"}])),
            message("m2", "assistant", json!([
                {"type": "thinking", "thinking": "A greeting.", "signature": "x", "summaries": []},
                {"type": "text", "text": "Hello to you", "citations": []},
            ])),
        ]),
    )]);
    let owner = Owner { choice: Some(false), since: Instant::parse("2026-01-01T00:00:00Z").ok(), ..owner() };
    let imported = run_as(ClaudeExport, &[("conversations.json", &export.to_string())], &owner).unwrap();
    assert_eq!(
        imported.parts(),
        ["user text user `Hello`", "assistant thinking assistant `A greeting.`",
            "assistant text assistant `Hello to you`"]
    );
    let started = &imported.of("conversation.started")[0];
    assert_eq!(started["subject"], "conversation/c");
    assert_eq!(started["data"], json!({"account": "ada", "surface": "chat"}));
    assert_eq!(started["time"], "2026-01-02T03:04:05.678Z");
    assert_eq!(started["source"], "import/claude-export");
    let opened = &imported.of("account.opened")[0];
    assert_eq!((&opened["subject"], &opened["time"]), (&json!("account/ada"), &json!("2026-01-01T00:00:00.000Z")));
    assert_eq!(opened["data"], json!({"plan": "pro"}));
    let choice = &imported.of("choice.recorded")[0];
    let expected = json!({"purpose": "model-improvement", "granted": false, "via": "settings"});
    assert_eq!((&choice["data"], &choice["time"]), (&expected, &opened["time"]));
    let message = &imported.of("message.added")[1];
    assert_eq!((&message["id"], &message["data"]["message"]), (&json!("message.added/c/m2"), &json!("m2")));
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
    assert_eq!((&opened["subject"], &opened["time"]), (&json!("account/me"), &json!("2020-01-01T00:00:00.000Z")));
    assert_eq!(imported.of("choice.recorded").len(), 0);
    assert_eq!(imported.of("conversation.started")[0]["data"]["account"], "me");
}

#[test]
fn old_messages_have_only_their_text() {
    let mut old = message("m1", "human", json!([]));
    old["text"] = json!("Hello");
    let mut none = message("m2", "assistant", json!([]));
    none["text"] = json!("");
    let imported = run(ClaudeExport, &[("x.json", &conversation("c", json!([old, none])).to_string())]);
    assert_eq!(imported.parts(), ["user text user `Hello`"]);
    assert_eq!(imported.of("message.added").len(), 2);
    assert_eq!(imported.exclusions(), counts(&[]));
}

#[test]
fn tools_of_the_product_are_told_from_connectors() {
    let use_of = |name: &str, more: Value| {
        let mut block = json!({"type": "tool_use", "id": format!("id-{name}"), "name": name, "input": {"q": 1}});
        block.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        block
    };
    let result_of = |name: &str| {
        json!({"type": "tool_result", "tool_use_id": format!("id-{name}"), "name": name,
            "content": [{"type": "text", "text": "r"}]})
    };
    for (name, fields, expected) in [
        ("web_search", json!({"icon_name": "globe", "integration_name": null}), "tool web_search"),
        ("view", json!({"integration_name": "File Creation"}), "tool view"),
        ("bash_tool", json!({"integration_name": "New Label", "icon_name": "commandLine"}), "tool bash_tool"),
        ("visualize:show_widget", json!({"integration_name": "visualize", "is_mcp_app": true}), "tool visualize:show_widget"),
        ("Claude in Chrome:navigate", json!({"integration_name": "Claude in Chrome"}), "browser Claude in Chrome:navigate"),
        ("search_gmail_messages", json!({"integration_name": "Gmail"}), "connector gmail search_gmail_messages"),
        ("google_drive_search", json!({}), "connector google-drive google_drive_search"),
        ("Linear:list_issues", json!({"integration_name": "Linear"}), "connector mcp:linear Linear:list_issues"),
        ("web_search", json!({"mcp_server_url": "https://example.org/mcp", "integration_name": "Mine"}), "connector mcp:mine web_search"),
        ("create_file", json!({"integration_name": "Mine", "integration_icon_url": "https://example.org/i"}), "connector mine create_file"),
        ("mcp__files__read", json!({}), "connector mcp:files mcp__files__read"),
        ("launch_extended_search_task", json!({"context": {"tools": [{"server_uuid": "u", "tool_name": "t"}]}}), "connector launch-extended-search-task launch_extended_search_task"),
        ("something_new", json!({}), "connector something-new something_new"),
    ] {
        let imported = of(json!([use_of(name, fields), result_of(name)]));
        let parts = imported.parts();
        assert_eq!(parts[0], format!("assistant tool_call assistant {name} `{{\"q\":1}}`"));
        assert_eq!(parts[1], format!("assistant tool_result {expected} `r`"), "{name}");
    }
}

#[test]
fn a_result_that_names_no_one_is_what_its_call_was_or_a_connectors() {
    let imported = of(json!([
        {"type": "tool_use", "id": "a", "name": "web_search", "input": {}},
        {"type": "tool_result", "tool_use_id": "a", "content": "found"},
        {"type": "tool_result", "tool_use_id": "b", "content": "found"},
        // What the result says is overruled by a stricter call.
        {"type": "tool_use", "id": "c", "name": "web_search", "input": {}, "mcp_server_url": "https://x.org"},
        {"type": "tool_result", "tool_use_id": "c", "name": "web_search", "content": "found"},
    ]));
    assert_eq!(imported.parts()[1], "assistant tool_result tool `found`");
    assert_eq!(imported.parts()[2], "assistant tool_result connector unknown `found`");
    assert_eq!(imported.parts()[4], "assistant tool_result connector mcp:https-x-org web_search `found`");
}

#[test]
fn the_items_of_a_result_are_blocks() {
    let imported = of(json!([{"type": "tool_result", "name": "web_search", "content": [
        {"type": "text", "text": "one"},
        {"type": "knowledge", "title": "A page", "text": "two", "metadata": {"type": "webpage_metadata"}},
        {"type": "knowledge", "title": "A file", "text": "three", "extras": {"owner": "x"}},
        {"type": "image", "file_uuid": "f"},
        {"type": "local_resource", "name": "out.md", "mime_type": "text/markdown", "file_path": "/out.md"},
        {"type": "rag_reference", "uuid": "u"},
        {"type": "new kind"},
        {"text": "untyped"},
        "plain",
        {"type": "text", "text": ""},
    ]}, {"type": "tool_result", "name": "web_search", "content": []}]));
    assert_eq!(imported.parts(), [
        "assistant tool_result tool web_search `one`",
        "assistant tool_result tool A page `two`",
        "assistant tool_result connector unknown A file `three`",
        "assistant image tool",
        "assistant tool_result tool out.md text/markdown",
        "assistant tool_result tool web_search `{\"type\":\"rag_reference\",\"uuid\":\"u\"}`",
        "assistant tool_result tool web_search `plain`",
    ]);
    let expected = [("empty", 2), ("unknown-block:new_kind", 1), ("unknown-block:untyped", 1)];
    assert_eq!(imported.exclusions(), counts(&expected));
}

#[test]
fn other_blocks() {
    let imported = of(json!([
        {"type": "voice_note", "title": "t", "text": "spoken"},
        {"type": "token_budget", "remaining": null},
        {"type": "flag", "flag": "self_harm_risk"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "hologram"},
        7,
        {"type": "text", "text": ""},
        {"type": "document", "title": "d", "source": {"type": "text", "media_type": "text/plain", "data": "words"}},
    ]));
    assert_eq!(imported.parts(), [
        "assistant text assistant `spoken`",
        "assistant attachment tool d text/plain `words`",
    ]);
    assert_eq!(imported.exclusions(), counts(&[
        ("empty", 1), ("flag", 1), ("redacted-thinking", 1), ("token-budget", 1),
        ("unknown-block:hologram", 1), ("unknown-block:untyped", 1),
    ]));
}

#[test]
fn copies_of_what_tools_brought_stay_out() {
    let imported = of(json!([
        {"type": "text", "text": "said", "citations": [{"url": "https://example.org", "sources": [{"content_body": "copied"}]}]},
        {"type": "tool_use", "name": "artifacts", "input": {"content": "c", "md_citations": [{"sources": ["copied"]}], "title": "t"}},
        {"type": "tool_result", "name": "Gmail:search_threads", "integration_name": "Gmail", "content": [],
            "structured_content": {"threads": ["copied"]}, "display_content": {"text": "copied"}},
    ]));
    assert!(!imported.lines.concat().contains("copied"));
    assert_eq!(imported.parts()[1], "assistant tool_call assistant artifacts `{\"content\":\"c\",\"title\":\"t\"}`");
    assert_eq!(imported.notes(), counts(&[
        ("citations-not-imported", 1), ("display_content-not-imported", 1),
        ("md_citations-not-imported", 1), ("structured_content-not-imported", 1),
    ]));
}

#[test]
fn attachments_files_and_styles() {
    let mut asked = message("m", "human", json!([{"type": "text", "text": "look"}]));
    asked["attachments"] = json!([
        {"file_name": "notes.txt", "file_size": 9, "file_type": "txt", "extracted_content": "my notes"},
        {"file_name": "scan.pdf", "file_size": 12, "file_type": "application/pdf", "extracted_content": ""},
    ]);
    asked["files"] = json!([{"file_name": "photo.jpg", "file_uuid": "f1"}, {"file_name": "data.bin"}]);
    asked["files_v2"] = json!([
        {"file_name": "photo.jpg", "file_uuid": "f1", "file_kind": "image"},
        {"file_name": "data.bin"},
        {"file_name": "second", "file_uuid": "f2", "file_kind": "image", "size_bytes": 7},
    ]);
    asked["personalized_styles"] = json!([
        {"type": "custom", "name": "Mine", "prompt": "Be brief."},
        {"type": "default", "name": "Normal", "prompt": "Normal"},
    ]);
    asked["sync_sources"] = json!([{"type": "gdrive", "name": "Plan", "extracted_content": "from the drive"}]);
    asked["compaction_summary"] = json!([{"type": "text", "text": "so far"}]);
    let export = json!([conversation("c", json!([asked]))]);
    let imported = run(ClaudeExport, &[("conversations.json", &export.to_string())]);
    assert_eq!(imported.parts(), [
        "user text user `look`",
        "user attachment file notes.txt `my notes`",
        "user attachment file scan.pdf application/pdf 12",
        "user image file photo.jpg image/jpeg",
        "user attachment file data.bin",
        "user image file second 7",
        "user style user Mine `Be brief.`",
        "user style system Normal `Normal`",
        "user text assistant `so far`",
        "user attachment connector gdrive Plan `from the drive`",
    ]);
    assert_eq!(imported.exclusions(), counts(&[("repeated", 2)]));
}

#[test]
fn side_files_are_counted_and_left_out() {
    let export = json!([conversation("c", json!([message("m", "human", json!([]))]))]).to_string();
    let imported = run(ClaudeExport, &[
        ("conversations.json", &export),
        ("users.json", r#"[{"uuid":"ada","full_name":"A","email_address":"a@example.org"}]"#),
        ("projects/p.json", r#"{"uuid":"p","prompt_template":"Be kind","docs":[{"content":"x"},{"content":"y"}]}"#),
        ("projects.json", r#"[{"uuid":"q","prompt_template":"","docs":[]}]"#),
        ("memories.json", r#"[{"conversations_memory":"m","project_memories":{"p":"m","q":""},"memory_files":[{"content":"f"}]}]"#),
        ("login_history.json", r#"[{"ip":"127.0.0.1"}, 7]"#),
        ("manifest-1.json", r#"{"data_files":[]}"#),
        ("uploads/broken.json", "{nope"),
        ("batch-0001.zip", "PK"),
        ("artifacts/a/x.json", "{nope"),
        ("__MACOSX/._conversations.json", "\u{0}"),
        ("photo.png", "\u{0}"),
    ]);
    assert_eq!(imported.exclusions(), counts(&[("memory", 3), ("project-doc", 2), ("project-instructions", 1)]));
    assert_eq!(imported.notes(), counts(&[
        ("account-record", 1), ("archive-inside-not-opened", 1), ("manifest", 1), ("not-readable-as-json", 1),
        ("project", 2), ("record-is-no-object", 1), ("unknown-record", 1),
    ]));
    assert_eq!(imported.tallies.len(), 9);
}

#[test]
fn batches_may_repeat_and_the_latest_state_counts() {
    let text = |text: &str| json!([{"type": "text", "text": text}]);
    let first = json!([conversation("c", json!([message("m1", "human", text("Hi")), message("m2", "assistant", text("Hal"))]))]);
    let second = json!([conversation("c", json!([
        message("m1", "human", text("Hi")), message("m2", "assistant", text("Hallo")), message("m3", "human", text("More")),
    ]))]);
    let imported = run(ClaudeExport, &[
        ("batch-0000/conversations.json", &first.to_string()),
        ("batch-0001/conversations.json", &second.to_string()),
    ]);
    assert_eq!(imported.parts(), ["user text user `Hi`", "assistant text assistant `Hallo`", "user text user `More`"]);
    assert_eq!(imported.exclusions(), counts(&[("other-version", 1), ("repeated", 1)]));
    assert_eq!(imported.notes(), counts(&[("message-other-version", 1), ("message-repeated", 1)]));
    assert_eq!(imported.of("conversation.started").len(), 1);
}

#[test]
fn design_chats_have_their_own_shape() {
    let chat = json!({"uuid": "d", "title": "Chat", "project": {"uuid": "p"}, "created_at": T, "messages": [
        {"uuid": "m1", "role": "user", "created_at": T, "content": {"authorAccountUuid": "ada", "content": "Draw", "contentBlocks": [],
            "attachments": [{"type": "text", "name": "brief.md", "content": "words"},
                {"type": "image", "name": "a", "content": "data:image/png;base64,aGVsbG8="}]}},
        {"uuid": "m2", "role": "assistant", "content": {"content": "a copy", "contentBlocks": [
            {"type": "thinking", "text": "hm"},
            {"type": "tool_call", "toolCall": {"name": "write_file", "input": {"a": 1}, "output": "done"}},
            {"type": "tool_call", "toolCall": {"name": "mcp__figma__get", "input": {}, "output": "frames"}},
            {"type": "tool_call", "toolCall": {"name": "wait"}},
            {"type": "user_interjection", "message": {"content": "stop", "attachments": []}},
            {"type": "error", "message": "overloaded"},
            {"type": "text", "text": "there"},
            {"type": "new"},
        ]}},
        null,
    ]});
    let imported = run(ClaudeExport, &[("design_chats/d.json", &chat.to_string())]);
    assert_eq!(imported.parts(), [
        "user text user `Draw`",
        "user attachment file brief.md `words`",
        "user image file a image/png 5",
        "assistant thinking assistant `hm`",
        "assistant tool_call assistant write_file `{\"a\":1}`",
        "assistant tool_result tool write_file `done`",
        "assistant tool_call assistant mcp__figma__get `{}`",
        "assistant tool_result connector mcp:figma mcp__figma__get `frames`",
        "assistant tool_call assistant wait `{}`",
        "assistant text user `stop`",
        "assistant text system `overloaded`",
        "assistant text assistant `there`",
    ]);
    assert_eq!(imported.exclusions(), counts(&[("unknown-block:message", 1), ("unknown-block:new", 1)]));
    assert_eq!(imported.of("account.opened")[0]["subject"], "account/ada");
}

#[test]
fn temporary_conversations_are_incognito_and_wrappers_are_opened() {
    let mut temporary = conversation("c", json!([]));
    temporary["is_temporary"] = json!(true);
    temporary["account"] = json!(null);
    let wrapped = json!({"capture_id": "x", "session": {}, "raw_provider_payload": temporary});
    let imported = run(ClaudeExport, &[
        ("chats/c.json", &wrapped.to_string()),
        ("users.json", r#"[{"uuid":"ada","full_name":"A"}]"#),
    ]);
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
    let text = json!([conversation("c", json!([message("m", "human", json!([{"type": "text", "text": "CUT"}]))]))]);
    let text = text.to_string().replace("CUT", r"cut \ud83d");
    assert_eq!(run(ClaudeExport, &[("conversations.json", &text)]).parts(), ["user text user `cut \u{FFFD}`"]);
}

#[test]
fn errors_say_what_was_expected() {
    let malformed = error(ClaudeExport, "conversations.json", "[\n{\"uuid\":1},\n{\"uuid\":}]");
    assert!(malformed.starts_with("conversations.json:3: not JSON (expected value); expected a file of a claude.ai export"), "{malformed}");
    let foreign = error(ClaudeExport, "conversations.json", r#"[{"mapping":{}}]"#);
    assert!(foreign.contains("import it as `chatgpt-export`"), "{foreign}");
    let empty = error(ClaudeExport, "memories.json", "[]");
    assert!(empty.contains("give the zip that claude.ai sent"), "{empty}");
    assert!(error(ClaudeExport, "conversations.json", "").contains("the file is empty"));
    assert!(error(ClaudeExport, "conversations.json", "[] x").contains("expected the end of the file, found `x`"));
    assert_eq!(run(ClaudeExport, &[("conversations.json", "[]")]).lines.len(), 0);
}

fn any_block() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-z]{0,3}".prop_map(|text| json!({"type": "text", "text": text})),
        "[a-z]{0,3}".prop_map(|text| json!({"type": "thinking", "thinking": text})),
        ("[ab]", "(web_search|Gmail:x|new)").prop_map(|(id, name)| json!({"type": "tool_use", "id": id, "name": name, "input": {}})),
        ("[ab]", "[a-z]{0,2}").prop_map(|(id, text)| json!({"type": "tool_result", "tool_use_id": id, "content": [
            {"type": "text", "text": text}, {"type": "image"}, {"type": text}]})),
        "[a-z_]{1,6}".prop_map(|kind| json!({"type": kind})),
        Just(json!({"type": "token_budget"})),
        Just(json!(null)),
    ]
}

prop_compose! {
    fn any_message()(
        id in "[mn]?",
        sender in "(human|assistant|x)",
        blocks in proptest::collection::vec(any_block(), 0..5),
        text in "[a-z]{0,2}",
        time in proptest::option::of("(2026-01-0[1-9]T00:00:00Z|never)"),
        names in proptest::collection::vec("[a-z]{0,3}(\\.png)?", 0..3),
    ) -> Value {
        let files: Vec<Value> = names.iter().map(|name| json!({"file_name": name})).collect();
        json!({"uuid": id, "sender": sender, "content": blocks, "text": text, "created_at": time,
            "files": files, "files_v2": files, "attachments": files})
    }
}

proptest! {
    #[test]
    fn any_mixture_of_blocks_balances(
        batches in proptest::collection::vec(
            proptest::collection::vec(("[cd]?", proptest::collection::vec(any_message(), 0..4)), 0..3), 1..3),
    ) {
        let files: Vec<(String, String)> = batches.iter().enumerate().map(|(number, batch)| {
            let conversations: Vec<Value> = batch.iter().map(|(id, messages)| conversation(id, json!(messages))).collect();
            (format!("batch-{number}/conversations.json"), json!(conversations).to_string())
        }).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        // `run` checks balance, validity and that a second import gives the same.
        let imported = run(ClaudeExport, &files);
        let blocks: u64 = imported.tallies.iter().map(|tally| tally.blocks).sum();
        let expected: u64 = batches.iter().flatten().flat_map(|(_, messages)| messages).map(count).sum();
        prop_assert_eq!(blocks, expected);
    }

    #[test]
    fn any_json_survives(document in json_of(&[
        "chat_messages", "content", "type", "text", "tool_use", "tool_result", "uuid", "account", "input",
        "attachments", "files", "messages", "contentBlocks", "toolCall", "knowledge", "source", "id", "name",
    ])) {
        survives(ClaudeExport, "conversations.json", &json!([document, {"chat_messages": [document]}]).to_string());
        survives(ClaudeExport, "d.json", &json!({"messages": [document, {"content": document}]}).to_string());
    }

    #[test]
    fn any_text_survives(text in "\\PC{0,40}") {
        survives(ClaudeExport, "conversations.json", &text);
    }
}

/// The blocks of a message, counted by the definition on the format's page.
fn count(message: &Value) -> u64 {
    let content = message["content"].as_array().unwrap();
    let of_block = |block: &Value| match block["type"].as_str() {
        Some("tool_result") => block["content"].as_array().map_or(1, |items| items.len().max(1)),
        _ => 1,
    };
    let blocks: usize = content.iter().map(of_block).sum();
    let legacy = usize::from(content.is_empty() && message["text"] != "");
    (blocks + legacy + 3 * message["files"].as_array().unwrap().len()) as u64
}
