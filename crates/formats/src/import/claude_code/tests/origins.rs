//! Whose each part of a message is.

use super::*;

#[test]
fn a_plain_exchange() {
    let found = records(vec![
        user(1, json!("fix it")),
        assistant(
            2,
            json!([
                {"type": "thinking", "thinking": "hm", "signature": "x"},
                {"type": "thinking", "thinking": "", "signature": "x"},
                {"type": "redacted_thinking", "data": "AAAA"},
                {"type": "text", "text": "I look"},
                {"type": "tool_use", "id": "t1", "name": "Read", "input": {"file_path": "/a"}},
            ]),
        ),
        answer(3, "t1", json!("content")),
        assistant(4, json!([{"type": "text", "text": "\n\n"}, {"type": "text", "text": "done"}])),
    ]);
    assert_eq!(
        found.lines_of_parts(),
        [
            "user text user fix it",
            "assistant thinking assistant hm",
            "assistant thinking assistant -",
            "assistant thinking assistant -",
            "assistant text assistant I look",
            "assistant tool_call assistant {\"file_path\":\"/a\"}",
            "tool tool_result tool content",
            "assistant text assistant done",
        ]
    );
    assert_eq!(found.parts[5].name.as_deref(), Some("Read"));
    assert_eq!(found.parts[6].name.as_deref(), Some("Read"));
    assert_eq!(found.parts[3].bytes, Some(3));
    assert_eq!(found.exclusions(), BTreeMap::from([("empty", 1)]));
}

#[test]
fn answers_have_the_origin_of_their_call() {
    for (name, input, origin) in [
        ("Bash", json!({}), "tool"),
        ("Task", json!({"prompt": "look at mcp__wiki__get"}), "tool"),
        ("mcp__linear-server__get_issue", json!({}), "connector(mcp:linear-server)"),
        ("mcp__claude_ai_Google_Drive__search", json!({}), "connector(google-drive)"),
        ("mcp__claude-in-chrome__read_page", json!({}), "browser"),
        ("mcp__ide__getDiagnostics", json!({}), "connector(mcp:ide)"),
        ("ListMcpResourcesTool", json!({}), "connector(mcp:unknown)"),
        ("ReadMcpResourceTool", json!({"server": "wiki"}), "connector(mcp:wiki)"),
        ("Skill", json!({"skill": "mcp__wiki__find"}), "connector(mcp:wiki)"),
        ("Read", json!({"file_path": "/s/tool-results/mcp-wiki-get-1.txt"}), "connector(mcp:wiki)"),
    ] {
        let answered = answer(2, "t1", json!([{"type": "text", "text": "x"}]));
        let called = call(1, "t1", name, input);
        let wanted = format!("tool tool_result {origin} x");
        let found = records(vec![called.clone(), answered.clone()]);
        assert_eq!(found.lines_of_parts()[1], wanted, "{name}");
        assert_eq!(found.parts[0].origin, "assistant");
        // A call that comes later, or in another file.
        let found = records(vec![answered.clone(), called.clone()]);
        assert_eq!(found.lines_of_parts()[0], wanted, "{name}");
        let elsewhere = with(called, json!({"sessionId": "s2"}));
        let found = files(&[("a.jsonl", vec![answered]), ("b.jsonl", vec![elsewhere])]);
        assert_eq!(found.lines_of_parts()[0], wanted, "{name}");
    }
}

#[test]
fn an_answer_whose_call_is_not_to_be_found_is_a_connectors() {
    let found = records(vec![answer(1, "t9", json!("x"))]);
    assert_eq!(found.lines_of_parts(), ["tool tool_result connector(mcp:unknown) x"]);
    assert_eq!(found.tallies[0].notes["answer-without-call"], 1);
    let found =
        records(vec![with(answer(1, "t9", json!("x")), json!({"attributionMcpServer": "wiki"}))]);
    assert_eq!(found.lines_of_parts(), ["tool tool_result connector(mcp:wiki) x"]);
    let progress = json!({"toolUseID": "t9",
        "data": {"type": "mcp_progress", "serverName": "wiki", "toolName": "get"}});
    let found = records(vec![answer(1, "t9", json!("x")), record(2, "progress", progress)]);
    assert_eq!(found.lines_of_parts(), ["tool tool_result connector(mcp:wiki) x"]);
}

#[test]
fn a_session_reads_its_own_calls_first_and_the_strictest_of_several() {
    let bash = call(1, "t1", "Bash", json!({}));
    let wiki = with(call(1, "t1", "mcp__wiki__get", json!({})), json!({"sessionId": "s2"}));
    let own = answer(2, "t1", json!("x"));
    let other = with(own.clone(), json!({"sessionId": "s2", "uuid": "u9"}));
    let found =
        files(&[("a.jsonl", vec![bash.clone(), own.clone()]), ("b.jsonl", vec![wiki, other])]);
    assert_eq!(found.parts[1].origin, "tool");
    assert_eq!(found.parts[3].origin, "connector");
    let found = records(vec![bash, call(3, "t1", "mcp__wiki__get", json!({})), own.clone()]);
    assert_eq!(found.parts[2].origin, "connector");
    // What says that it came through MCP, did.
    let marked = with(own, json!({"mcpMeta": {"structuredContent": {"a": "secret"}}}));
    let found = records(vec![call(1, "t1", "Bash", json!({})), marked]);
    assert_eq!(found.lines_of_parts()[1], "tool tool_result connector(mcp:unknown) x");
    assert_eq!(found.exclusions(), BTreeMap::from([("side-car:mcpMeta", 1)]));
}

#[test]
fn items_of_an_answer_are_blocks_of_its_origin() {
    let image = json!({"type": "base64", "media_type": "image/png", "data": "AAAAAA=="});
    let found = records(vec![
        call(1, "t1", "mcp__wiki__get", json!({})),
        answer(
            2,
            "t1",
            json!([
                {"type": "text", "text": "a"},
                {"type": "image", "source": image},
                {"type": "document", "title": "d", "source": {"type": "text", "data": "b"}},
                {"type": "resource", "resource": {"uri": "w:1", "mimeType": "text/plain", "text": "c"}},
                {"type": "resource", "resource": {"uri": "w:2", "blob": "AAAA"}},
                {"type": "tool_reference", "tool_name": "mcp__a__b"},
                {"type": "search_result", "title": "e"},
                {"type": "audio", "data": "AAAA"},
                "bare",
                7,
            ]),
        ),
        answer(3, "t1", json!([])),
        answer(4, "t1", json!(null)),
    ]);
    assert!(found.parts[1..].iter().all(|part| part.connector.as_deref() == Some("mcp:wiki")));
    let kinds: Vec<_> = found.parts[1..].iter().map(|part| part.kind).collect();
    let wanted = ["tool_result", "image", "attachment", "attachment", "attachment"];
    assert_eq!(kinds[..5], wanted);
    assert_eq!(kinds[5..], ["tool_result"; 5]);
    let image = &found.parts[2];
    assert_eq!((image.media_type.as_deref(), image.bytes), (Some("image/png"), Some(4)));
    assert_eq!(image.text, None);
    let unknown = ["unknown-block:tool_result.(not an object)", "unknown-block:tool_result.audio"];
    assert_eq!(found.exclusions(), BTreeMap::from(unknown.map(|name| (name, 1))));
}

#[test]
fn tools_that_the_provider_runs() {
    let found = records(vec![assistant(
        1,
        json!([
            {"type": "server_tool_use", "id": "t1", "name": "web_search", "input": {"query": "q"}},
            {"type": "web_search_tool_result", "tool_use_id": "t1", "content": [{"title": "a"}]},
            {"type": "mcp_tool_use", "id": "t2", "name": "get", "server_name": "wiki", "input": {}},
            {"type": "mcp_tool_result", "tool_use_id": "t2", "content": [{"type": "text", "text": "b"}]},
            {"type": "mcp_tool_result", "tool_use_id": "t3", "content": "c"},
            {"type": "connector_text", "connector_text": "d"},
        ]),
    )]);
    assert_eq!(
        found.lines_of_parts(),
        [
            "assistant tool_call assistant {\"query\":\"q\"}",
            "assistant tool_result tool [{\"title\":\"a\"}]",
            "assistant tool_call assistant {}",
            "assistant tool_result connector(mcp:wiki) b",
            "assistant tool_result connector(mcp:unknown) c",
        ]
    );
    assert_eq!(found.exclusions(), BTreeMap::from([("unknown-block:connector_text", 1)]));
}

#[test]
fn a_transcript_of_a_sub_agent_may_hold_what_a_connector_answered() {
    let transcript = r#"{"type":"tool_use","name":"mcp__wiki__get"} {"content":"secret"}"#;
    for (tool, origin) in [("TaskOutput", "connector"), ("Read", "tool")] {
        let found =
            records(vec![call(1, "t1", tool, json!({})), answer(2, "t1", json!(transcript))]);
        assert_eq!(found.parts[1].origin, origin, "{tool}");
    }
}

#[test]
fn only_what_the_person_wrote_is_the_persons() {
    let cases = [
        (json!("go"), json!({}), "user text user go"),
        (json!([{"type": "text", "text": "go"}]), json!({}), "user text user go"),
        (json!({"type": "text", "text": "go"}), json!({}), "user text user go"),
        (json!(["go"]), json!({}), "user text user go"),
        (json!("go"), json!({"isMeta": true}), "system text system go"),
        (json!("go"), json!({"isSynthetic": true}), "system text system go"),
        (json!("go"), json!({"sourceToolUseID": "t0"}), "system text system go"),
        (json!("go"), json!({"isCompactSummary": true}), "assistant text assistant go"),
        (json!("go"), json!({"isVisibleInTranscriptOnly": true}), "system text system go"),
        (json!("go"), json!({"isSidechain": true}), "user text assistant go"),
        (json!("go"), json!({"parent_tool_use_id": "t0"}), "user text assistant go"),
        (json!("go"), json!({"origin": {"kind": "human"}}), "user text user go"),
        (json!("go"), json!({"origin": {"kind": "task-notification"}}), "system text system go"),
        (json!("go"), json!({"origin": {"kind": "peer"}}), "user text assistant go"),
        (
            json!("go"),
            json!({"origin": {"kind": "channel", "server": "wiki"}}),
            "user text connector(mcp:wiki) go",
        ),
        (
            json!("[Request interrupted by user]"),
            json!({}),
            "system text system [Request interrupted by user]",
        ),
        (json!("Stop hook feedback: no"), json!({}), "system text system Stop hook feedback: no"),
        (
            json!("<command-name>/a</command-name>\n<command-args>b</command-args>"),
            json!({}),
            "system text system <command-name>/a</command-name>\n<command-args>b</command-args>",
        ),
        (
            json!("<bash-input>ls</bash-input>"),
            json!({"isSidechain": true}),
            "system text system <bash-input>ls</bash-input>",
        ),
        (
            json!("see <mcp-resource server=\"wiki\" uri=\"w:1\">x"),
            json!({"isMeta": true}),
            "system text connector(mcp:wiki) see <mcp-resource server=\"wiki\" uri=\"w:1\">x",
        ),
    ];
    for (content, more, wanted) in cases {
        let found = records(vec![with(user(1, content), more.clone())]);
        assert_eq!(found.lines_of_parts(), [wanted], "{more}");
    }
}

#[test]
fn a_plan_of_the_model_that_the_person_accepts_is_the_models() {
    let plan = "Implement the following plan:\n\n# A";
    let pointed =
        format!("{plan}\n\nIf you need specific details from before exiting plan mode, x");
    for (record, origin) in [
        (with(user(1, json!(plan)), json!({"planContent": "# A"})), "assistant"),
        (user(1, json!(pointed)), "assistant"),
        (user(1, json!(plan)), "user"),
    ] {
        let found = records(vec![record]);
        assert_eq!((found.parts[0].role, found.parts[0].origin), ("user", origin));
    }
}

#[test]
fn a_message_is_divided_by_who_wrote_what() {
    let reminder = "<system-reminder>be kind</system-reminder>";
    let found = records(vec![
        user(1, json!(format!("go{reminder}\n<channel source=\"wiki\">x</channel>"))),
        user(2, json!([{"type": "text", "text": reminder}, {"type": "text", "text": "on"}])),
        user(
            3,
            json!([
                {"type": "tool_result", "tool_use_id": "t1", "content": format!("a{reminder}")},
                {"type": "text", "text": "and page it"},
            ]),
        ),
        call(4, "t1", "Read", json!({})),
    ]);
    assert_eq!(
        found.lines_of_parts()[..6],
        [
            "user text user go",
            "user text system <system-reminder>be kind</system-reminder>",
            "user text connector(mcp:wiki) <channel source=\"wiki\">x</channel>",
            "user text system <system-reminder>be kind</system-reminder>",
            "user text user on",
            "user tool_result tool a<system-reminder>be kind</system-reminder>",
        ]
    );
    assert_eq!(found.lines_of_parts()[6], "user text user and page it");
    assert_eq!((found.tallies[0].blocks, found.tallies[0].parts), (8, 8));
}

#[test]
fn prompts_of_mcp_servers_are_theirs() {
    let command =
        "<command-message>x</command-message>\n<command-name>/mcp__wiki__find</command-name>";
    let found = records(vec![
        user(1, json!(command)),
        with(
            user(2, json!([{"type": "text", "text": "a"}])),
            json!({"parentUuid": "u1", "isMeta": true}),
        ),
        with(user(3, json!("b")), json!({"parentUuid": "u2", "isMeta": true})),
        with(
            user(4, json!("<local-command-stdout>c</local-command-stdout>")),
            json!({"parentUuid": "u1"}),
        ),
        with(user(5, json!("d")), json!({"parentUuid": "u4"})),
        with(
            record(6, "attachment", json!({"attachment": {"type": "file", "content": "e"}})),
            json!({"parentUuid": "u2"}),
        ),
        call(7, "t1", "Skill", json!({"skill": "mcp__wiki__find"})),
        with(user(8, json!("f")), json!({"sourceToolUseID": "t1", "isMeta": true})),
    ]);
    let origins: Vec<_> = found.parts.iter().map(|part| part.origin).collect();
    let wanted =
        ["system", "connector", "connector", "connector", "user", "assistant", "connector"];
    assert_eq!(origins, wanted);
    assert_eq!(found.exclusions(), BTreeMap::from([("attachment:of-mcp-prompt", 1)]));
}

#[test]
fn pictures_and_documents_of_a_message() {
    let source = |kind: &str| json!({"type": "base64", "media_type": kind, "data": "AAAA"});
    let blocks = json!([
        {"type": "image", "source": source("image/png")},
        {"type": "document", "title": "d.pdf", "source": source("application/pdf")},
    ]);
    for (more, image, document) in [
        (json!({}), "user", "file"),
        (json!({"isMeta": true}), "tool", "tool"),
        (json!({"isSidechain": true}), "assistant", "assistant"),
    ] {
        let found = records(vec![with(user(1, blocks.clone()), more)]);
        let shown: Vec<_> = found.parts.iter().map(|p| (p.kind, p.origin, p.bytes)).collect();
        assert_eq!(shown, [("image", image, Some(3)), ("attachment", document, Some(3))]);
        assert_eq!(found.parts[1].name.as_deref(), Some("d.pdf"));
        assert!(found.parts.iter().all(|part| part.text.is_none()));
    }
}

#[test]
fn answers_that_claude_code_writes_itself_are_the_products() {
    let mut error = assistant(1, json!([{"type": "text", "text": "API Error: 500"}]));
    error["isApiErrorMessage"] = json!(true);
    let mut stand_in = assistant(2, json!([{"type": "text", "text": "No response requested."}]));
    stand_in["message"]["model"] = json!("<synthetic>");
    let found = records(vec![error, stand_in]);
    assert!(found.parts.iter().all(|p| (p.role, p.origin) == ("assistant", "system")));
}
