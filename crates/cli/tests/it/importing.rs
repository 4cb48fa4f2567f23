//! From an export to a dataset that holds.

use crate::program::{Program, build_arguments};

#[test]
fn an_import_is_decided_built_and_verified() {
    let program = Program::new();
    program.write(
        "chats.jsonl",
        concat!(
            r#"{"messages":[{"role":"user","content":"Call me at ada@corp-mail.org"},"#,
            r#"{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"mcp__crm__find","arguments":"{}"}}]},"#,
            r#"{"role":"tool","tool_call_id":"t1","content":"from the connector"},"#,
            r#"{"role":"assistant","content":"Done."}]}"#,
            "\n"
        ),
    );
    let arguments = [
        "import",
        "openai-messages",
        "chats.jsonl",
        "--account",
        "ada",
        "--plan",
        "pro",
        "--choice",
        "on",
        "--since",
        "2026-05-01T00:00:00Z",
    ];
    let history = program.done(&arguments);
    assert_eq!(history, program.done(&arguments), "the same again");
    program.write("history.jsonl", &history);
    let now = "2026-06-01T00:00:00Z";
    let rows = program.done(&["decide", "history.jsonl", "--as-of", now]);
    assert_eq!(rows.matches("raw-connector-content").count(), 1, "{rows}");
    assert_eq!(rows.matches("choice-on").count(), 3, "{rows}");
    program.done(&build_arguments("history.jsonl", "r", "dataset"));
    program.done(&["verify", "dataset"]);
}

#[test]
fn what_is_no_export_is_refused_by_name() {
    let program = Program::new();
    program.write("chats.jsonl", "{\"messages\": [\n");
    for format in
        ["claude-export", "claude-code", "chatgpt-export", "openai-messages", "anthropic-messages"]
    {
        let ran = program.run(&["import", format, "chats.jsonl", "--out", "history.jsonl"]);
        if ran.code == 0 {
            // A torn last line of a session that is still being written is told, not refused.
            assert!(ran.stderr.contains("malformed"), "{format}: {}", ran.stderr);
        } else {
            assert_eq!(ran.code, 2, "{format}: {}", ran.stderr);
            assert!(!program.path("history.jsonl").exists(), "{format}");
        }
    }
}
