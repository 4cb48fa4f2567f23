//! Records beside messages: what comes in, and what stays out under which name.

use super::*;

#[test]
fn attachments_by_their_kind() {
    let file = json!({"type": "text", "file": {"filePath": "/a.rs", "content": "fn"}});
    let stored = json!({"type": "text", "file": {"content": "page"}});
    let image = json!({"type": "image", "file": {"base64": "AAAA", "type": "image/png"}});
    let contents =
        json!({"contents": [{"uri": "w:1", "text": "a"}, {"uri": "w:2", "blob": "AAAA"}]});
    for (attachment, wanted) in [
        (
            json!({"type": "file", "filename": "/a.rs", "content": file}),
            vec!["user attachment file fn"],
        ),
        (
            json!({"type": "file", "filename": "/i.png", "content": image}),
            vec!["user image file -"],
        ),
        (
            json!({"type": "edited_text_file", "filename": "/a", "snippet": "1 x"}),
            vec!["user attachment file 1 x"],
        ),
        (
            json!({"type": "file", "filename": "/s/tool-results/mcp-wiki-get-1.txt", "content": stored}),
            vec!["user attachment connector(mcp:wiki) page"],
        ),
        (
            json!({"type": "mcp_resource", "server": "wiki", "uri": "w:1", "content": contents}),
            vec!["user attachment connector(mcp:wiki) a", "user attachment connector(mcp:wiki) -"],
        ),
        (
            json!({"type": "mcp_instructions_delta", "addedNames": ["wiki"], "addedBlocks": ["a", "b"]}),
            vec!["system text connector(mcp:wiki) a", "system text connector(mcp:unknown) b"],
        ),
        (
            json!({"type": "queued_command", "prompt": "go", "commandMode": "prompt"}),
            vec!["user text user go"],
        ),
        (
            json!({"type": "queued_command", "prompt": [{"type": "text", "text": "go"}]}),
            vec!["user text user go"],
        ),
        (
            json!({"type": "queued_command", "prompt": "done", "commandMode": "task-notification"}),
            vec!["system text system done"],
        ),
        (
            json!({"type": "hook_success", "hookName": "PreToolUse:Bash", "content": "ok", "stdout": "ok\n", "stderr": ""}),
            vec!["system text system ok"],
        ),
        (
            json!({"type": "hook_additional_context", "hookName": "PostToolUse:mcp__wiki__get", "content": ["a"]}),
            vec!["system text connector(mcp:wiki) a"],
        ),
        (
            json!({"type": "hook_blocking_error", "toolUseID": "t1", "blockingError": {"blockingError": "no"}}),
            vec!["system text connector(mcp:wiki) no"],
        ),
        (json!({"type": "diagnostics", "files": [{"uri": "secret"}]}), vec![]),
        (json!({"type": "skill_listing", "content": "secret"}), vec![]),
    ] {
        let found = records(vec![
            record(1, "attachment", json!({"attachment": attachment.clone()})),
            call(2, "t1", "mcp__wiki__get", json!({})),
        ]);
        let parts = found.lines_of_parts();
        assert_eq!(parts[..parts.len() - 1], wanted, "{attachment}");
        let left_out = format!("attachment:{}", attachment["type"].as_str().unwrap());
        assert_eq!(found.exclusions().contains_key(&*left_out), wanted.is_empty());
    }
}

#[test]
fn records_without_messages_are_counted_by_name() {
    let copy = json!({"content": [{"type": "tool_result", "content": "secret"}]});
    let found = records(vec![
        record(1, "progress", json!({"data": {"type": "agent_progress", "message": copy}})),
        record(2, "file-history-snapshot", json!({"snapshot": {"a": "secret"}})),
        record(3, "last-prompt", json!({"lastPrompt": "secret"})),
        record(4, "system", json!({"subtype": "turn_duration", "durationMs": 1})),
        record(5, "brand-new\u{1b}[31m", json!({"message": copy})),
        with(
            user(6, json!("go")),
            json!({"toolUseResult": "secret", "todos": [], "strange": "secret"}),
        ),
        json!({"silly": "secret"}),
        json!("secret"),
        record(7, "user", json!({"message": {"role": "user", "contents": "secret"}})),
        record(8, "user", json!({"message": "secret"})),
        user(9, json!([])),
        user(10, json!([{"type": "new", "new": "secret"}, 3])),
    ]);
    assert_eq!(found.lines_of_parts(), ["user text user go"]);
    assert_eq!(
        found.exclusions(),
        BTreeMap::from([
            ("empty", 1),
            ("file-history-snapshot", 1),
            ("last-prompt", 1),
            ("message-without-content", 2),
            ("not-an-object", 1),
            ("progress:agent_progress", 1),
            ("side-car:toolUseResult", 1),
            ("system:turn_duration", 1),
            ("unknown-block:(not an object)", 1),
            ("unknown-block:new", 1),
            ("unknown-record:(no type)", 1),
            ("unknown-record:brand-new??31m", 1),
        ])
    );
    assert_eq!(found.tallies[0].notes["unknown-field:strange"], 1);
    assert!(!found.lines.concat().contains("secret"));
}

#[test]
fn notices_and_summaries() {
    let found = records(vec![
        user(1, json!("go")),
        record(
            2,
            "system",
            json!({"subtype": "compact_boundary", "content": "Conversation compacted"}),
        ),
        record(
            3,
            "system",
            json!({"subtype": "stop_hook_summary", "hookErrors": ["no"], "stopReason": "why"}),
        ),
        record(4, "system", json!({"subtype": "away_summary", "content": "meanwhile"})),
        json!({"type": "summary", "summary": "A title", "leafUuid": "u1"}),
        json!({"type": "summary", "summary": "A title", "leafUuid": "u1"}),
        user(
            5,
            json!(
                "This session is being continued from a previous conversation that ran out of context."
            ),
        ),
    ]);
    assert_eq!(
        found.lines_of_parts()[1..6],
        [
            "system text system Conversation compacted",
            "system text system no",
            "system text system why",
            "system text assistant meanwhile",
            "assistant text assistant A title",
        ]
    );
    assert_eq!((found.parts[6].role, found.parts[6].origin), ("assistant", "assistant"));
    assert_eq!(found.exclusions(), BTreeMap::from([("repeated", 1)]));
}
