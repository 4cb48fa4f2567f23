use crate::import::Format::OpenaiMessages;
use crate::import::Owner;
use crate::import::testing::{Imported, counts, error, json_of, owner, run, run_as, survives};
use consentry_model::Instant;
use proptest::prelude::*;
use serde_json::{Value, json};

fn of(record: Value) -> Imported {
    run(OpenaiMessages, &[("log.jsonl", &record.to_string())])
}

#[test]
fn messages_of_every_role() {
    let imported = of(json!({"messages": [
        {"role": "system", "content": "rules"},
        {"role": "developer", "content": "more rules"},
        {"role": "user", "content": "question"},
        {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look_up", "arguments": "{\"id\":7}"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "seven"},
        {"role": "assistant", "content": "", "function_call": {"name": "old", "arguments": "{}"}},
        {"role": "function", "name": "old", "content": "older"},
        {"role": "assistant", "content": "answer", "refusal": "no", "reasoning_content": "hm"},
        {"role": "oracle", "content": "who?"},
    ]}));
    assert_eq!(
        imported.parts(),
        [
            "system text system `rules`",
            "system text system `more rules`",
            "user text user `question`",
            "assistant tool_call assistant look_up `{\"id\":7}`",
            "tool tool_result tool look_up `seven`",
            "assistant tool_call assistant old `{}`",
            "tool tool_result tool old `older`",
            "assistant thinking assistant `hm`",
            "assistant text assistant `answer`",
            "assistant text assistant `no`",
            "system text system `who?`",
        ]
    );
    assert_eq!(imported.exclusions(), counts(&[("empty", 1)]));
    assert_eq!(imported.notes(), counts(&[("unknown-role", 1)]));
    let started = &imported.of("conversation.started")[0];
    assert_eq!(started["data"], json!({"account": "local", "surface": "api"}));
    // Without any time, a millisecond each keeps the order.
    let times: Vec<Value> =
        imported.of("message.added").iter().map(|event| event["time"].clone()).collect();
    assert_eq!(times[..2], [json!("1970-01-01T00:00:00.000Z"), json!("1970-01-01T00:00:00.001Z")]);
}

#[test]
fn parts_of_messages() {
    let imported = of(json!({"messages": [
        {"role": "user", "content": [
            {"type": "text", "text": "look"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGVsbG8="}},
            {"type": "input_image", "image_url": "https://example.org/a.png"},
            {"type": "input_audio", "input_audio": {"data": "aGVsbG8=", "format": "wav"}},
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,aGVsbG8="}},
            {"type": "input_file", "file_id": "f"},
            {"type": "hologram"},
            "bare",
        ]},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}, {"type": "reasoning", "reasoning": "hm"}], "audio": {"transcript": "said"}},
        {"role": "tool", "name": "mcp__maps__route", "content": [{"type": "text", "text": "left"}, {"type": "image_url", "image_url": {"url": "x"}}]},
    ]}));
    assert_eq!(
        imported.parts(),
        [
            "user text user `look`",
            "user image file image/png 5",
            "user image file",
            "user attachment user audio/wav 5",
            "user attachment file a.pdf application/pdf 5",
            "user attachment file",
            "user text user `bare`",
            "assistant text assistant `no`",
            "assistant thinking assistant `hm`",
            "assistant text assistant `said`",
            "tool tool_result connector mcp:maps mcp__maps__route `left`",
            "tool image connector mcp:maps",
        ]
    );
    assert_eq!(imported.exclusions(), counts(&[("unknown-block:hologram", 1)]));
}

#[test]
fn items_of_the_responses_interface() {
    let imported = of(json!({
        "request": {"instructions": "rules", "input": [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "question"}]},
            {"type": "function_call_output", "call_id": "f", "output": "seven"},
        ]},
        "response": {"created_at": 1_700_000_000, "output": [
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
            {"type": "reasoning", "summary": [], "encrypted_content": "x"},
            {"type": "web_search_call", "action": {"query": "q"}},
            {"type": "file_search_call", "queries": ["q"], "results": [{"filename": "a.md", "text": "found"}]},
            {"type": "code_interpreter_call", "code": "1+1", "outputs": [{"type": "logs", "logs": "2"}, {"type": "image", "url": "data:image/png;base64,aGVsbG8="}]},
            {"type": "function_call", "call_id": "g", "name": "look_up", "arguments": "{}"},
            {"type": "custom_tool_call", "call_id": "h", "name": "mcp__notes__read", "input": "x"},
            {"type": "custom_tool_call_output", "call_id": "h", "output": [{"type": "input_text", "text": "note"}]},
            {"type": "mcp_list_tools", "server_label": "shop", "tools": [{"name": "buy"}]},
            {"type": "mcp_call", "server_label": "shop", "name": "buy", "arguments": "{\"n\":1}", "output": "bought"},
            {"type": "mcp_approval_request", "name": "buy", "arguments": "{}"},
            {"type": "mcp_approval_response", "approve": true},
            {"type": "image_generation_call", "result": "aGVsbG8="},
            {"type": "computer_call", "action": {"type": "click"}},
            {"type": "computer_call_output", "output": {"type": "computer_screenshot", "image_url": "data:image/png;base64,aGVsbG8="}},
            {"type": "local_shell_call_output", "output": {"stdout": "ok"}},
            {"type": "item_reference", "id": "x"},
            {"type": "telepathy_call"},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "answer", "annotations": []}]},
        ]},
    }));
    assert_eq!(
        imported.parts(),
        [
            "system text system `rules`",
            "user text user `question`",
            "tool tool_result tool `seven`",
            "assistant thinking assistant `hm`",
            "assistant tool_call assistant web_search `{\"query\":\"q\"}`",
            "assistant tool_call assistant file_search `[\"q\"]`",
            "assistant tool_result tool a.md `found`",
            "assistant tool_call assistant code_interpreter `1+1`",
            "assistant tool_result tool code_interpreter `2`",
            "assistant image tool image/png 5",
            "assistant tool_call assistant look_up `{}`",
            "assistant tool_call assistant mcp__notes__read `x`",
            "tool tool_result connector mcp:notes mcp__notes__read `note`",
            "assistant tool_result connector mcp:shop `[{\"name\":\"buy\"}]`",
            "assistant tool_call assistant buy `{\"n\":1}`",
            "assistant tool_result connector mcp:shop buy `bought`",
            "assistant tool_call assistant buy `{}`",
            "assistant image tool 5",
            "assistant tool_call assistant computer `{\"type\":\"click\"}`",
            "tool image tool image/png 5",
            "tool tool_result tool `{\"stdout\":\"ok\"}`",
            "assistant text assistant `answer`",
        ]
    );
    assert_eq!(
        imported.exclusions(),
        counts(&[
            ("approval", 1),
            ("encrypted-reasoning", 1),
            ("reference", 1),
            ("unknown-block:telepathy_call", 1),
        ])
    );
    assert_eq!(imported.of("conversation.started")[0]["time"], "2023-11-14T22:13:20.000Z");
}

#[test]
fn every_shape_of_a_record() {
    let ask = json!({"role": "user", "content": "q"});
    let answer = json!({"role": "assistant", "content": "a"});
    let both = ["user text user `q`", "assistant text assistant `a`"];
    for record in [
        json!([ask, answer]),
        json!({"messages": [ask, answer]}),
        json!({"traj": [ask, answer], "task_id": 1}),
        json!({"messages": [ask], "completion": "a"}),
        json!({"messages": [ask], "completion": answer}),
        json!({"messages": [ask], "response": "a"}),
        json!({"messages": [ask], "choices": [{"message": answer}]}),
        json!({"request": {"messages": [ask]}, "response": {"choices": [{"message": answer}]}}),
        json!({"request": {"url": "u", "body": {"messages": [ask]}}, "response": {"status_code": 200, "body": {"choices": [{"text": "a"}]}}}),
        json!({"custom_id": "1", "method": "POST", "body": {"messages": [ask, answer]}}),
        json!({"input": "q", "output": [answer]}),
        json!({"input": {"messages": [ask, answer]}}),
        json!({"samples": [{"id": "s", "messages": [{"role": "user", "content": "attachment://h"}, answer], "attachments": {"h": "q"}}], "eval": {}}),
    ] {
        assert_eq!(of(record.clone()).parts(), both, "{record}");
    }
    let failed = json!({"custom_id": "1", "response": null, "error": {"message": "x"}});
    assert_eq!(of(failed).notes(), counts(&[("record-without-messages", 1)]));
    let many = json!({"messages": [ask], "choices": [{"message": answer}, {"message": {"role": "assistant", "content": "b"}}]});
    assert_eq!(of(many).parts().len(), 3);
}

#[test]
fn every_layout_of_a_file() {
    let record = json!({"messages": [{"role": "user", "content": "q"}]});
    let other = json!({"messages": [{"role": "user", "content": "r"}]});
    let list = json!([{"role": "user", "content": "q"}]);
    for (name, text, expected) in [
        ("a.jsonl", format!("\n{record}\r\n\n{other}"), 2),
        ("a.json", format!("{record:#}\n{other:#}"), 2),
        ("a.json", format!("[{record:#},\n{other:#}]"), 2),
        ("a.json", format!("{list:#}"), 1),
        ("a.json", format!("{list}\n{list}"), 1),
        ("whatever", record.to_string(), 1),
        ("a.json", format!("\u{FEFF}{record}"), 1),
    ] {
        assert_eq!(
            run(OpenaiMessages, &[(name, &text)]).of("conversation.started").len(),
            expected,
            "{text}"
        );
    }
    let imported = run(
        OpenaiMessages,
        &[
            ("a.jsonl", &record.to_string()),
            ("README.md", "# no"),
            ("b.json", "[]"),
            ("c.ndjson", &other.to_string()),
        ],
    );
    assert_eq!((imported.tallies.len(), imported.parts().len()), (3, 2));
    assert_eq!(imported.notes(), counts(&[("empty-list", 1)]));
}

#[test]
fn a_log_that_repeats_what_was_said_adds_only_what_is_new() {
    let turn = |role: &str, text: &str| json!({"role": role, "content": text});
    let first = json!({"conversation_id": "x", "messages": [turn("user", "a"), turn("assistant", "b")], "timestamp": 10});
    let second = json!({"conversation_id": "x", "messages": [turn("user", "a"), turn("assistant", "b"), turn("user", "c")], "timestamp": 20});
    let imported = run(OpenaiMessages, &[("log.jsonl", &format!("{first}\n{second}"))]);
    assert_eq!(imported.of("conversation.started")[0]["subject"], "conversation/x");
    assert_eq!(
        imported.parts(),
        ["user text user `a`", "assistant text assistant `b`", "user text user `c`"]
    );
    assert_eq!(imported.exclusions(), counts(&[("repeated", 2)]));
    assert_eq!(imported.of("message.added")[2]["time"], "1970-01-01T00:00:20.002Z");
}

#[test]
fn times_come_from_the_record_or_the_owner() {
    let owner = Owner {
        since: Instant::parse("2026-01-01T00:00:00Z").ok(),
        account: Some("me".to_owned()),
        ..owner()
    };
    let record = json!({"id": "r1", "messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b", "created_at": "2026-02-01T00:00:00Z"}, {"role": "user", "content": "c"}]});
    let imported = run_as(OpenaiMessages, &[("x.jsonl", &record.to_string())], &owner).unwrap();
    let times: Vec<Value> =
        imported.of("message.added").iter().map(|event| event["time"].clone()).collect();
    assert_eq!(
        times,
        ["2026-02-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z", "2026-02-01T00:00:00.001Z"]
    );
    let bare = json!([{"role": "user", "content": "a"}]).to_string();
    let imported = run_as(OpenaiMessages, &[("x.jsonl", &bare)], &owner).unwrap();
    assert_eq!(imported.of("message.added")[0]["time"], "2026-01-01T00:00:00.000Z");
    assert_eq!(imported.of("account.opened")[0]["subject"], "account/me");
}

#[test]
fn errors_name_the_line() {
    let good = r#"{"messages":[]}"#;
    let broken = error(OpenaiMessages, "x.jsonl", &format!("{good}\n\n{{\"messages\":[}}\n{good}"));
    assert!(broken.starts_with("x.jsonl:3: not JSON"), "{broken}");
    assert!(broken.contains("expected a record of OpenAI messages"), "{broken}");
    for other in [r#"{"prompt":"x"}"#, "7", "\"x\"", r#"{"role":"user","content":"x"}"#, "[7]"] {
        let message = error(OpenaiMessages, "x.jsonl", &format!("{good}\n{other}"));
        assert!(message.starts_with("x.jsonl:2: expected a record"), "{message}");
    }
    assert!(error(OpenaiMessages, "x.txt", "event: x").contains("not JSON"));
    let empty = error(OpenaiMessages, "x.jsonl", "\n");
    assert!(empty.starts_with("found no record of OpenAI messages; give a JSONL file"), "{empty}");
}

fn any_message() -> impl Strategy<Value = Value> {
    let part = prop_oneof![
        "[a-z]{0,2}".prop_map(|text| json!({"type": "text", "text": text})),
        "[a-z_]{1,6}".prop_map(|kind| json!({"type": kind})),
        Just(json!("bare")),
    ];
    let content = prop_oneof![
        Just(json!(null)),
        "[a-z]{0,2}".prop_map(|text| json!(text)),
        proptest::collection::vec(part, 0..3).prop_map(|parts| json!(parts)),
    ];
    ("(system|user|assistant|tool|x)", content, 0usize..3, proptest::option::of("[0-9]{1,14}")).prop_map(|(role, content, calls, time)| {
        let call = json!({"id": "i", "function": {"name": "mcp__a__b", "arguments": "{}"}});
        json!({"role": role, "content": content, "tool_calls": vec![call; calls], "tool_call_id": "i", "created_at": time})
    })
}

proptest! {
    #[test]
    fn any_mixture_of_blocks_balances(
        records in proptest::collection::vec((proptest::option::of("[cd]"), proptest::collection::vec(any_message(), 0..5)), 0..5),
    ) {
        let lines: Vec<String> = records.iter()
            .map(|(id, messages)| json!({"conversation_id": id, "messages": messages}).to_string()).collect();
        prop_assume!(!lines.is_empty());
        // `run` checks balance, validity and that a second import gives the same.
        let imported = run(OpenaiMessages, &[("x.jsonl", &lines.join("\n"))]);
        let expected: usize = records.iter().flat_map(|(_, messages)| messages).map(|message| {
            let content = match &message["content"] { Value::Null => 0, Value::Array(parts) => parts.len(), _ => 1 };
            content + message["tool_calls"].as_array().unwrap().len()
        }).sum();
        prop_assert_eq!(imported.tallies[0].blocks, expected as u64);
    }

    #[test]
    fn any_json_survives(document in json_of(&[
        "messages", "role", "content", "type", "text", "tool_calls", "function", "name", "id", "input", "output",
        "choices", "message", "request", "response", "samples", "mcp_call", "reasoning", "function_call_output",
    ])) {
        survives(OpenaiMessages, "x.json", &document.to_string());
        survives(OpenaiMessages, "x.jsonl", &json!({"messages": [{"role": "user"}, document], "output": [document]}).to_string());
        survives(OpenaiMessages, "x.jsonl", &json!({"input": [document], "choices": [document], "samples": document}).to_string());
    }

    #[test]
    fn any_text_survives(text in "\\PC{0,40}") {
        survives(OpenaiMessages, "x.jsonl", &text);
        survives(OpenaiMessages, "x", &text);
    }
}
