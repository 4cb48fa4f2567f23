//! What becomes of each kind of block.

use super::{T, conversation, message};
use crate::import::Format::ClaudeExport;
use crate::import::testing::{Imported, counts, run};
use serde_json::{Value, json};

fn of(content: Value) -> Imported {
    let export = json!([conversation("c", json!([message("m", "assistant", content)]))]);
    run(ClaudeExport, &[("conversations.json", &export.to_string())])
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
        (
            "bash_tool",
            json!({"integration_name": "New Label", "icon_name": "commandLine"}),
            "tool bash_tool",
        ),
        (
            "visualize:show_widget",
            json!({"integration_name": "visualize", "is_mcp_app": true}),
            "tool visualize:show_widget",
        ),
        (
            "Claude in Chrome:navigate",
            json!({"integration_name": "Claude in Chrome"}),
            "browser Claude in Chrome:navigate",
        ),
        (
            "search_gmail_messages",
            json!({"integration_name": "Gmail"}),
            "connector gmail search_gmail_messages",
        ),
        ("google_drive_search", json!({}), "connector google-drive google_drive_search"),
        (
            "Linear:list_issues",
            json!({"integration_name": "Linear"}),
            "connector linear Linear:list_issues",
        ),
        (
            "web_search",
            json!({"mcp_server_url": "https://example.org/mcp", "integration_name": "Mine"}),
            "connector mcp:mine web_search",
        ),
        (
            "create_file",
            json!({"integration_name": "Mine", "integration_icon_url": "https://example.org/i"}),
            "connector mine create_file",
        ),
        ("mcp__files__read", json!({}), "connector mcp:files mcp__files__read"),
        (
            "launch_extended_search_task",
            json!({"context": {"tools": [{"server_uuid": "u", "tool_name": "t"}]}}),
            "connector launch-extended-search-task launch_extended_search_task",
        ),
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
    assert_eq!(
        imported.parts()[4],
        "assistant tool_result connector mcp:https-x-org web_search `found`"
    );
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
    assert_eq!(
        imported.parts(),
        [
            "assistant tool_result tool web_search `one`",
            "assistant tool_result tool A page `two`",
            "assistant tool_result connector unknown A file `three`",
            "assistant image tool",
            "assistant tool_result tool out.md text/markdown",
            "assistant tool_result tool web_search `{\"type\":\"rag_reference\",\"uuid\":\"u\"}`",
            "assistant tool_result tool web_search `plain`",
        ]
    );
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
    assert_eq!(
        imported.parts(),
        ["assistant text assistant `spoken`", "assistant attachment tool d text/plain `words`",]
    );
    assert_eq!(
        imported.exclusions(),
        counts(&[
            ("empty", 1),
            ("flag", 1),
            ("redacted-thinking", 1),
            ("token-budget", 1),
            ("unknown-block:hologram", 1),
            ("unknown-block:untyped", 1),
        ])
    );
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
    assert_eq!(
        imported.parts()[1],
        "assistant tool_call assistant artifacts `{\"content\":\"c\",\"title\":\"t\"}`"
    );
    assert_eq!(
        imported.notes(),
        counts(&[
            ("citations-not-imported", 1),
            ("display_content-not-imported", 1),
            ("md_citations-not-imported", 1),
            ("structured_content-not-imported", 1),
        ])
    );
}

#[test]
fn attachments_files_and_styles() {
    let mut asked = message("m", "human", json!([{"type": "text", "text": "look"}]));
    asked["attachments"] = json!([
        {"file_name": "notes.txt", "file_size": 9, "file_type": "txt", "extracted_content": "my notes"},
        {"file_name": "scan.pdf", "file_size": 12, "file_type": "application/pdf", "extracted_content": ""},
    ]);
    asked["files"] =
        json!([{"file_name": "photo.jpg", "file_uuid": "f1"}, {"file_name": "data.bin"}]);
    asked["files_v2"] = json!([
        {"file_name": "photo.jpg", "file_uuid": "f1", "file_kind": "image"},
        {"file_name": "data.bin"},
        {"file_name": "second", "file_uuid": "f2", "file_kind": "image", "size_bytes": 7},
    ]);
    asked["personalized_styles"] = json!([
        {"type": "custom", "name": "Mine", "prompt": "Be brief."},
        {"type": "default", "name": "Normal", "prompt": "Normal"},
    ]);
    asked["sync_sources"] =
        json!([{"type": "gdrive", "name": "Plan", "extracted_content": "from the drive"}]);
    asked["compaction_summary"] = json!([{"type": "text", "text": "so far"}]);
    let export = json!([conversation("c", json!([asked]))]);
    let imported = run(ClaudeExport, &[("conversations.json", &export.to_string())]);
    assert_eq!(
        imported.parts(),
        [
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
        ]
    );
    assert_eq!(imported.exclusions(), counts(&[("repeated", 2)]));
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
    assert_eq!(
        imported.parts(),
        [
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
        ]
    );
    assert_eq!(
        imported.exclusions(),
        counts(&[("unknown-block:message", 1), ("unknown-block:new", 1)])
    );
    assert_eq!(imported.of("account.opened")[0]["subject"], "account/ada");
}
