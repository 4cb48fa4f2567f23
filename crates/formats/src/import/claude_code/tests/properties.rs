//! Whatever a folder holds, the history is valid, every block is accounted for, and no content of a
//! connector comes out under another origin. [`Collected`] checks the first two.

use super::*;
use proptest::prelude::*;

/// What only a connector's content holds.
const MARK: &str = "connector-content";

/// Content of a connector in one of the shapes that answers have.
fn marked() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(MARK)),
        Just(json!([{"type": "text", "text": MARK}])),
        Just(
            json!([{"type": "text", "text": format!("<system-reminder>{MARK}</system-reminder>")}])
        ),
        Just(json!([{"type": "resource", "resource": {"uri": "w:1", "text": MARK}}])),
        Just(json!([{"type": "document", "source": {"type": "text", "data": MARK}}, "x"])),
        Just(json!([{"type": "brand-new", "text": MARK}])),
    ]
}

fn plain() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-z <>\\n]{0,12}".prop_map(Value::from),
        Just(json!("<system-reminder>x</system-reminder> y")),
        Just(json!([{"type": "text", "text": "y"}, {"type": "image", "source": {"data": "AAAA"}}])),
        Just(json!("<command-name>/clear</command-name>")),
        Just(json!([])),
        Just(json!(null)),
        Just(json!(7)),
    ]
}

/// A record of any kind; ids come from a small pool, so that they meet.
fn any_record() -> impl Strategy<Value = Value> {
    let number = 0_u64..12;
    let id = prop_oneof![Just("t1"), Just("t2")];
    // Calls `m…` are a connector's. Their own ids are never those of a built-in tool.
    let mcp = prop_oneof![Just("m1"), Just("m2"), Just("unseen")];
    prop_oneof![
        4 => (number.clone(), plain()).prop_map(|(n, content)| user(n, content)),
        4 => (number.clone(), plain()).prop_map(|(n, content)| assistant(n, content)),
        2 => (number.clone(), id.clone()).prop_map(|(n, id)| call(n, id, "Bash", json!({"a": 1}))),
        2 => (number.clone(), id, plain()).prop_map(|(n, id, content)| answer(n, id, content)),
        2 => (number.clone(), prop_oneof![Just("m1"), Just("m2")])
            .prop_map(|(n, id)| call(n, id, "mcp__wiki__get", json!({}))),
        4 => (number.clone(), mcp.clone(), marked()).prop_map(|(n, id, content)| {
            with(answer(n, id, content.clone()), json!({"toolUseResult": content, "mcpMeta": MARK}))
        }),
        2 => (number.clone(), mcp, marked()).prop_map(|(n, id, content)| {
            let nested = answer(n, id, content);
            let data = json!({"type": "agent_progress", "message": nested, "normalizedMessages": [nested]});
            record(n, "progress", json!({ "data": data }))
        }),
        1 => number.clone().prop_map(|n| {
            let contents = json!({"contents": [{"text": MARK}, MARK, {"blob": MARK}]});
            record(n, "attachment", json!({"attachment":
                {"type": "mcp_resource", "server": "wiki", "content": contents}}))
        }),
        1 => number.clone().prop_map(|n| record(n, "attachment", json!({"attachment":
            {"type": "hook_success", "toolUseID": "m1", "hookName": "PostToolUse:mcp__a__b",
             "content": MARK, "stdout": MARK}}))),
        1 => (number.clone(), "[a-z-]{0,8}").prop_map(|(n, kind)| {
            record(n, &kind, json!({"content": MARK, "message": {"role": "odd"}, "data": MARK}))
        }).prop_filter("a kind that is known", |record| {
            !["user", "assistant", "system", "summary"].contains(&record["type"].as_str().unwrap())
        }),
        1 => (number.clone(), "[a-z]{0,3}").prop_map(|(n, text)| {
            json!({"type": "summary", "leafUuid": format!("u{n}"), "summary": text})
        }),
        1 => (number, prop_oneof![Just("enqueue"), Just("remove"), Just("popAll")]).prop_map(|(n, what)| {
            json!({"type": "queue-operation", "operation": what, "sessionId": "s1", "content": format!("q{n}")})
        }),
        1 => Just(json!({"silly": true})),
        1 => Just(json!([1])),
    ]
}

/// Fields that change what a record is, mixed into any.
fn any_change() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => Just(json!({})),
        1 => Just(json!({"sessionId": "s2"})),
        1 => Just(json!({"sessionId": null, "uuid": null})),
        1 => Just(json!({"timestamp": null})),
        1 => Just(json!({"isSidechain": true})),
        1 => Just(json!({"isMeta": true, "parentUuid": "u3"})),
        1 => Just(json!({"forkedFrom": {"sessionId": "s1"}})),
        1 => Just(json!({"uuid": 7, "isMeta": "yes", "origin": 3})),
    ]
}

fn any_file() -> impl Strategy<Value = Vec<Value>> {
    let changed = (any_record(), any_change()).prop_map(|(record, change)| {
        if record.is_object() { with(record, change) } else { record }
    });
    proptest::collection::vec(changed, 0..24)
}

proptest! {
    #[test]
    fn any_folder_gives_a_valid_history_and_keeps_connectors_apart(
        main in any_file(), other in any_file(), agent in any_file()
    ) {
        let found = files(&[("s1.jsonl", main), ("s2.jsonl", other), ("s1/subagents/agent-1.jsonl", agent)]);
        for part in &found.parts {
            let holds = [&part.text, &part.name].into_iter().flatten().any(|text| text.contains(MARK));
            prop_assert!(!holds || part.origin == "connector", "{:?}", part);
            prop_assert_eq!(part.origin == "connector", part.connector.is_some());
        }
    }

    #[test]
    fn any_bytes_give_a_history_or_an_error(
        content in prop_oneof![
            "\\PC{0,200}".prop_map(String::into_bytes),
            proptest::collection::vec(any::<u8>(), 0..200),
            (any_file(), 0_usize..4000).prop_map(|(records, cut)| {
                let mut content = lines(&records).into_bytes();
                content.truncate(cut);
                content
            }),
            (any_file(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(records, at, byte)| {
                let mut content = lines(&records).into_bytes();
                if !content.is_empty() {
                    let at = at.index(content.len());
                    content[at] = byte;
                }
                content
            }),
        ]
    ) {
        let _ = try_files(&[("s1.jsonl", &content)]);
    }
}
