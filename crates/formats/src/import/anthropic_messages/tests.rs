use crate::import::Format::AnthropicMessages;
use crate::import::testing::{Imported, counts, error, json_of, run, survives};
use proptest::prelude::*;
use serde_json::{Value, json};

fn of(record: Value) -> Imported {
    run(AnthropicMessages, &[("log.jsonl", &record.to_string())])
}

#[test]
fn blocks_of_a_conversation() {
    let imported = of(json!({
        "model": "m",
        "system": [{"type": "text", "text": "rules", "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": [
                {"type": "text", "text": "question"},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}},
                {"type": "image", "source": {"type": "url", "url": "https://example.org/a.png"}},
                {"type": "document", "title": "d", "source": {"type": "base64", "media_type": "application/pdf", "data": "aGVsbG8="}},
                {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "x"}, {"type": "text", "text": "y"}]}},
                {"type": "search_result", "title": "s", "content": [{"type": "text", "text": "found"}]},
                {"type": "container_upload", "file_id": "f"},
            ]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "hm", "signature": "x"},
                {"type": "redacted_thinking", "data": "x"},
                {"type": "tool_use", "id": "a", "name": "look_up", "input": {"id": 7}},
                {"type": "tool_use", "id": "b", "name": "mcp__shop__buy", "input": {}},
            ]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "a", "content": "seven"},
                {"type": "tool_result", "tool_use_id": "b", "content": [{"type": "text", "text": "bought"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}}]},
                {"type": "tool_result", "tool_use_id": "unknown", "content": "app"},
                {"type": "tool_result", "tool_use_id": "a"},
            ]},
            {"role": "assistant", "content": "answer"},
            {"role": "oracle", "content": "who?"},
        ],
    }));
    assert_eq!(
        imported.parts(),
        [
            "system text system `rules`",
            "user text user `question`",
            "user image file image/png 5",
            "user image file",
            "user attachment file d application/pdf 5",
            "user attachment file `x\ny`",
            "user attachment file s `found`",
            "user attachment file f",
            "assistant thinking assistant `hm`",
            "assistant tool_call assistant look_up `{\"id\":7}`",
            "assistant tool_call assistant mcp__shop__buy `{}`",
            "user tool_result tool look_up `seven`",
            "user tool_result connector mcp:shop mcp__shop__buy `bought`",
            "user image connector mcp:shop image/png 5",
            "user tool_result tool `app`",
            "assistant text assistant `answer`",
            "system text system `who?`",
        ]
    );
    assert_eq!(imported.exclusions(), counts(&[("empty", 1), ("redacted-thinking", 1)]));
    assert_eq!(imported.notes(), counts(&[("unknown-role", 1)]));
    assert!(!imported.lines.concat().contains("aGVsbG8"));
}

#[test]
fn tools_that_the_provider_runs_and_connectors() {
    let imported = of(json!({"messages": [{"role": "assistant", "content": [
        {"type": "server_tool_use", "id": "w", "name": "web_search", "input": {"query": "q"}},
        {"type": "web_search_tool_result", "tool_use_id": "w", "content": [
            {"encrypted_content": "secret", "title": "Page", "type": "web_search_result", "url": "u"}]},
        {"type": "web_search_tool_result", "tool_use_id": "w", "content": {"error_code": "x", "type": "web_search_tool_result_error"}},
        {"type": "web_fetch_tool_result", "content": {"type": "web_fetch_result", "content": {"type": "document", "title": "T", "source": {"type": "text", "media_type": "text/plain", "data": "page"}}}},
        {"type": "code_execution_tool_result", "content": {"type": "code_execution_result", "stdout": "2", "stderr": "warning"}},
        {"type": "bash_code_execution_tool_result", "content": {"stderr": "", "stdout": "", "type": "bash_code_execution_result"}},
        {"type": "mcp_tool_use", "id": "m", "name": "search", "server_name": "Shop", "input": {}},
        {"type": "mcp_tool_result", "tool_use_id": "m", "content": [{"type": "text", "text": "shoes"}]},
        {"type": "mcp_tool_result", "tool_use_id": "lost", "content": "hats"},
        {"type": "compaction", "content": "so far"},
        {"type": "compaction", "content": null},
        {"type": "fallback", "from": {}},
        {"type": "hologram"},
        null,
    ]}]}));
    assert_eq!(
        imported.parts(),
        [
            "assistant tool_call assistant web_search `{\"query\":\"q\"}`",
            "assistant tool_result tool Page `{\"title\":\"Page\",\"type\":\"web_search_result\",\"url\":\"u\"}`",
            "assistant tool_result tool web_search `{\"error_code\":\"x\",\"type\":\"web_search_tool_result_error\"}`",
            "assistant tool_result tool T text/plain `page`",
            "assistant tool_result tool `2\nwarning`",
            "assistant tool_result tool `{\"stderr\":\"\",\"stdout\":\"\",\"type\":\"bash_code_execution_result\"}`",
            "assistant tool_call assistant search `{}`",
            "assistant tool_result connector mcp:shop search `shoes`",
            "assistant tool_result connector mcp:unknown `hats`",
            "assistant text assistant `so far`",
        ]
    );
    assert_eq!(
        imported.exclusions(),
        counts(&[
            ("encrypted-compaction", 1),
            ("fallback", 1),
            ("unknown-block:hologram", 1),
            ("unknown-block:untyped", 1),
        ])
    );
}

#[test]
fn every_shape_of_a_record() {
    let ask = json!({"role": "user", "content": "q"});
    let answer = json!({"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "text", "text": "a"}]});
    let both = ["user text user `q`", "assistant text assistant `a`"];
    for record in [
        json!({"messages": [ask, answer]}),
        json!([ask, answer]),
        json!({"request": {"messages": [ask]}, "response": answer}),
        json!([{"request": {"method": "POST", "body": {"messages": [ask]}}, "response": {"status_code": 200, "body": answer}}]),
        json!({"messages": [ask], "response": answer}),
        json!({"messages": [ask], "completion": "a"}),
        json!({"messages": [ask], "response": "a"}),
        json!({"custom_id": "1", "params": {"messages": [ask, answer]}}),
    ] {
        let imported = run(AnthropicMessages, &[("x.json", &format!("{record:#}"))]);
        assert_eq!(imported.parts(), both, "{record}");
    }
    for record in [
        answer.clone(),
        json!({"custom_id": "1", "result": {"type": "succeeded", "message": answer}}),
    ] {
        assert_eq!(of(record.clone()).parts(), both[1..], "{record}");
    }
    let failed = json!({"custom_id": "1", "result": {"type": "errored", "error": {}}});
    assert_eq!(of(failed).notes(), counts(&[("record-without-messages", 1)]));
}

#[test]
fn a_stream_is_put_together() {
    let events = [
        json!({"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant", "content": []}}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "x"}}),
        json!({"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "ping"}),
        json!({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Hel"}}),
        json!({"type": "content_block_start", "index": 2, "content_block": {"type": "tool_use", "id": "t", "name": "f", "input": {}}}),
        json!({"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": "{\"a\""}}),
        json!({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "lo"}}),
        json!({"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": ":1}"}}),
        json!({"type": "content_block_start", "index": 3, "content_block": {"type": "tool_use", "id": "u", "name": "g", "input": {}}}),
        json!({"type": "content_block_delta", "index": 3, "delta": {"type": "input_json_delta", "partial_json": "{\"cut"}}),
        json!({"type": "content_block_start", "index": 4, "content_block": {"type": "compaction", "content": null}}),
        json!({"type": "content_block_delta", "index": 4, "delta": {"type": "compaction_delta", "content": "so far"}}),
        json!({"type": "content_block_start", "index": 5, "content_block": {"type": "tool_use", "id": "v", "name": "h", "input": {}}}),
        json!({"type": "message_stop"}),
    ];
    let stream: String = events
        .iter()
        .map(|event| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap()))
        .collect();
    let imported = run(AnthropicMessages, &[("answer.txt", &stream)]);
    assert_eq!(
        imported.parts(),
        [
            "assistant thinking assistant `hm`",
            "assistant text assistant `Hello`",
            "assistant tool_call assistant f `{\"a\":1}`",
            "assistant tool_call assistant g `{\"cut`",
            "assistant text assistant `so far`",
            "assistant tool_call assistant h `{}`",
        ]
    );
    let twice = format!("{stream}{stream}").replacen("Hel", "Bel", 1);
    assert_eq!(
        run(AnthropicMessages, &[("answer.txt", &twice)]).of("conversation.started").len(),
        2
    );
}

#[test]
fn errors_name_the_line() {
    let good = r#"{"messages":[]}"#;
    let broken = error(AnthropicMessages, "x.jsonl", &format!("{good}\n{{\"messages\":"));
    assert!(broken.starts_with("x.jsonl:2: not JSON"), "{broken}");
    let other = error(AnthropicMessages, "x.jsonl", r#"{"prompt":"x"}"#);
    assert!(other.starts_with("x.jsonl:1: expected a record of Anthropic messages"), "{other}");
    for (text, expected) in [
        ("event: ping\n\n\ndata: {", "x.txt:4: expected JSON after `data:`"),
        ("event: a\ndata: {\"type\":\"content_block_stop\"}", "x.txt:2: expected `message_start`"),
        ("event: a\n\nhello", "x.txt:3: expected a line of a stream"),
        ("event: a", "x.txt:1: expected a stream of events"),
    ] {
        let message = error(AnthropicMessages, "x.txt", text);
        assert!(message.starts_with(expected), "{message}");
    }
}

fn any_block() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-z]{0,2}".prop_map(|text| json!({"type": "text", "text": text})),
        ("[ab]", "(f|mcp__s__t)").prop_map(|(id, name)| json!({"type": "tool_use", "id": id, "name": name, "input": {}})),
        ("[ab]", 0usize..3).prop_map(|(id, items)| json!({"type": "tool_result", "tool_use_id": id, "content": vec![json!({"type": "text", "text": "x"}); items]})),
        ("[ab]", "(mcp_tool_use|mcp_tool_result|image|thinking|fallback|[a-z]{1,3})").prop_map(|(id, kind)| json!({"type": kind, "id": id, "tool_use_id": id, "content": "x"})),
    ]
}

proptest! {
    #[test]
    fn any_mixture_of_blocks_balances(
        records in proptest::collection::vec(proptest::collection::vec(("(user|assistant|x)", proptest::collection::vec(any_block(), 0..4)), 0..4), 1..4),
    ) {
        let lines: Vec<String> = records.iter().map(|messages| {
            let messages: Vec<Value> = messages.iter().map(|(role, content)| json!({"role": role, "content": content})).collect();
            json!({"messages": messages}).to_string()
        }).collect();
        // `run` checks balance, validity and that a second import gives the same.
        let imported = run(AnthropicMessages, &[("x.jsonl", &lines.join("\n"))]);
        let count = |block: &Value| match (block["type"].as_str().unwrap(), &block["content"]) {
            ("tool_result", Value::Array(items)) => items.len().max(1),
            _ => 1,
        };
        let expected: usize = records.iter().flatten().flat_map(|(_, content)| content).map(count).sum();
        prop_assert_eq!(imported.tallies[0].blocks, expected as u64);
    }

    #[test]
    fn any_json_survives(document in json_of(&[
        "messages", "role", "content", "type", "text", "tool_use", "tool_result", "mcp_tool_result", "source", "data",
        "id", "tool_use_id", "name", "input", "request", "response", "body", "system", "web_search_tool_result",
    ])) {
        survives(AnthropicMessages, "x.json", &document.to_string());
        survives(AnthropicMessages, "x.jsonl", &json!({"messages": [{"role": "user", "content": [document]}, document], "system": document}).to_string());
        survives(AnthropicMessages, "x.txt", &format!("data: {}\ndata: {document}\ndata: {{\"type\":\"content_block_delta\",\"delta\":{document}}}", json!({"type": "message_start", "message": document})));
    }

    #[test]
    fn any_text_survives(text in "\\PC{0,40}") {
        survives(AnthropicMessages, "x", &text);
    }
}
