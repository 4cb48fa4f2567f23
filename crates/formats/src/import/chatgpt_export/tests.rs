use crate::import::Format::ChatgptExport;
use crate::import::testing::{Imported, counts, error, json_of, run, survives};
use proptest::prelude::*;
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
    mapping.insert("root".to_owned(), json!({"id": "root", "message": null, "parent": null, "children": []}));
    let mut parent = json!("root");
    for (number, message) in messages.iter().enumerate() {
        let key = format!("n{number}");
        mapping.insert(key.clone(), json!({"id": key, "message": message, "parent": parent, "children": []}));
        parent = json!(key);
    }
    json!({"id": id, "conversation_id": id, "title": "t", "create_time": T, "update_time": T, "mapping": mapping})
}

fn of(messages: &[Value]) -> Imported {
    let export = json!([conversation("c", messages)]).to_string();
    run(ChatgptExport, &[("conversations.json", &export)])
}

fn tool(name: Value, content: Value, metadata: Value) -> Value {
    with(message("t", "tool", content), json!({"author": {"role": "tool", "name": name}, "metadata": metadata}))
}

#[test]
fn a_conversation_becomes_events() {
    let export = json!([conversation("c", &[
        message("s", "system", text("")),
        message("u", "user", text("Hello")),
        message("a", "assistant", text("Hello to you")),
    ])]).to_string();
    let user = r#"{"id":"user-1","email":"a@example.org","chatgpt_plus_user":true}"#;
    let imported = run(ChatgptExport, &[("conversations.json", &export), ("user.json", user)]);
    assert_eq!(imported.parts(), ["user text user `Hello`", "assistant text assistant `Hello to you`"]);
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
    let export = json!([{"conversation_id": "x", "create_time": 10, "mapping": mapping}]).to_string();
    let imported = run(ChatgptExport, &[("conversations.json", &export)]);
    let times = imported.of("message.added").iter().map(|event| event["time"].as_str().unwrap()[17..19].to_owned()).collect::<Vec<_>>();
    // In circles there is no time but the conversation's; `c` has that of the message before it.
    assert_eq!(times, ["10", "10", "20", "20", "10"]);
}

#[test]
fn content_types_of_the_model() {
    let imported = of(&[
        message("1", "assistant", json!({"content_type": "thoughts", "thoughts": [
            {"summary": "s", "content": "first"}, {"summary": "only a summary", "content": ""}, {}]})),
        message("2", "assistant", json!({"content_type": "reasoning_recap", "content": "Thought for 8s"})),
        with(message("3", "assistant", json!({"content_type": "code", "language": "json", "text": "{\"q\":1}"})), json!({"recipient": "web.run"})),
        with(message("4", "assistant", text("to the tool")), json!({"recipient": "canmore.create_textdoc"})),
        with(message("5", "assistant", text("inner")), json!({"channel": "analysis"})),
        message("6", "assistant", json!({"content_type": "code", "text": "x = 1"})),
        message("7", "assistant", json!({"content_type": "text", "text": "no parts"})),
        message("8", "assistant", json!({"content_type": "hologram", "parts": ["x"]})),
        message("9", "assistant", json!({"parts": ["x"]})),
    ]);
    assert_eq!(imported.parts(), [
        "assistant thinking assistant `first`",
        "assistant thinking assistant `only a summary`",
        "assistant thinking assistant `Thought for 8s`",
        "assistant tool_call assistant web.run `{\"q\":1}`",
        "assistant tool_call assistant canmore.create_textdoc `to the tool`",
        "assistant thinking assistant `inner`",
        "assistant text assistant `x = 1`",
        "assistant text assistant `no parts`",
    ]);
    assert_eq!(imported.exclusions(), counts(&[("empty", 1), ("unknown-block:hologram", 1), ("unknown-block:untyped", 1)]));
}

#[test]
fn what_the_person_set_and_what_the_product_says() {
    let hidden = json!({"metadata": {"is_visually_hidden_from_conversation": true}});
    let data = json!({"about_user_message": "I sail", "about_model_message": ""});
    let imported = of(&[
        with(message("1", "user", json!({"content_type": "user_editable_context", "user_profile": "I sail", "user_instructions": "Be brief"})),
            json!({"metadata": {"is_user_system_message": true, "user_context_message_data": data}})),
        with(message("2", "system", text("")), json!({"metadata": {"user_context_message_data": data}})),
        message("3", "assistant", json!({"content_type": "model_editable_context", "model_set_context": "They sail.", "repository": {"a": 1}, "repo_summary": null})),
        with(message("4", "user", text("unseen")), hidden),
        message("5", "system", text("seen")),
        message("6", "critic", text("who?")),
    ]);
    assert_eq!(imported.parts(), [
        "system preferences user `I sail`",
        "system preferences user `Be brief`",
        "system preferences user `I sail`",
        "system text system memory `They sail.`",
        "system tool_result connector github `{\"a\":1}`",
        "system text system `unseen`",
        "system text system `seen`",
        "system tool_result connector unknown `who?`",
    ]);
    assert_eq!(imported.notes(), counts(&[("unknown-author:critic", 1)]));
}

#[test]
fn tools_of_the_product_are_told_from_connectors() {
    for (name, metadata, expected) in [
        (json!("browser"), json!({}), "tool browser"),
        (json!("web.run"), json!({"search_result_groups": [{"entries": []}]}), "tool web.run"),
        (json!("dalle.text2im"), json!({}), "tool dalle.text2im"),
        (json!("file_search"), json!({}), "tool file_search"),
        (json!("file_search"), json!({"cites": [{"metadata": {"extra": {"connector_source": "Google Drive"}}}]}), "connector google-drive file_search"),
        (json!("file_search"), json!({"cloud_doc_urls": [null]}), "tool file_search"),
        (json!("file_search"), json!({"cloud_doc_urls": [null, "https://example.org/d"]}), "connector unknown file_search"),
        (json!("web.run"), json!({"x": {"contains_mcp_source": true}}), "connector mcp:unknown web.run"),
        (json!("web.run"), json!({"x": {"contains_mcp_source": false, "connector_source": ""}}), "tool web.run"),
        (json!("api_tool.call_tool"), json!({}), "connector mcp:api-tool api_tool.call_tool"),
        (json!("gmail.search_emails"), json!({}), "connector gmail gmail.search_emails"),
        (json!("show_me.get_Route"), json!({"invoked_plugin": {"namespace": "show_me"}}), "connector plugin:show-me show_me.get_Route"),
        (json!("api_example_com__jit_plugin.Get"), json!({}), "connector action:api-example-com api_example_com__jit_plugin.Get"),
        (json!("mcp__notes__read"), json!({}), "connector mcp:notes mcp__notes__read"),
        (json!("brand_new"), json!({}), "connector brand-new brand_new"),
        (json!(null), json!({}), "connector unknown"),
    ] {
        let imported = of(&[tool(name, text("found"), metadata)]);
        assert_eq!(imported.parts(), [format!("tool tool_result {expected} `found`")]);
    }
    let nameless = tool(json!(null), json!({"content_type": "execution_output", "text": "2"}), json!({}));
    assert_eq!(of(&[nameless]).parts(), ["tool tool_result tool `2`"]);
    let real = json!({"author": {"role": "assistant", "metadata": {"real_author": "tool:gmail"}}});
    let real = with(message("r", "assistant", text("mail")), real);
    assert_eq!(of(&[real]).parts(), ["tool tool_result connector gmail gmail `mail`"]);
}

#[test]
fn content_types_of_tools() {
    let own = |content: Value| tool(json!("browser"), content, json!({}));
    let imported = of(&[with(own(json!({"content_type": "tether_browsing_display", "result": "page", "summary": "s",
        "assets": [{"content_type": "image_asset_pointer", "asset_pointer": "p", "size_bytes": 3}]})), json!({"id": "1"})),
        with(own(json!({"content_type": "tether_quote", "title": "Title", "text": "quoted", "url": "u"})), json!({"id": "2"})),
        with(own(json!({"content_type": "sonic_webpage", "title": "Title", "text": "", "snippet": "snip"})), json!({"id": "3"})),
        with(own(json!({"content_type": "system_error", "name": "Timeout", "text": ""})), json!({"id": "4"})),
        with(own(json!({"content_type": "citable_code_output", "output_str": "out"})), json!({"id": "5"})),
        with(own(json!({"content_type": "computer_output", "screenshot": {"size_bytes": 9}, "state": {"url": "u"}})), json!({"id": "6"})),
        with(own(json!({"content_type": "app_pairing_content", "workspaces": []})), json!({"id": "7"})),
    ]);
    assert_eq!(imported.parts(), [
        "tool tool_result tool browser `page`",
        "tool image tool 3",
        "tool tool_result tool Title `quoted`",
        "tool tool_result tool Title `snip`",
        "tool tool_result tool browser `Timeout`",
        "tool tool_result tool browser `out`",
        "tool image tool 9",
        "tool tool_result tool browser `{\"url\":\"u\"}`",
        "tool tool_result connector app-pairing `{\"content_type\":\"app_pairing_content\",\"workspaces\":[]}`",
    ]);
}

#[test]
fn parts_and_attachments() {
    let asked = message("u", "user", json!({"content_type": "multimodal_text", "parts": [
        {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-1", "size_bytes": 5},
        {"content_type": "audio_transcription", "text": "spoken", "direction": "in"},
        {"content_type": "audio_transcription", "text": "answered", "direction": "out"},
        {"content_type": "audio_asset_pointer", "format": "wav", "size_bytes": 6},
        {"content_type": "real_time_user_audio_video_asset_pointer", "audio_asset_pointer": {"format": "mp4", "size_bytes": 7},
            "frames_asset_pointers": [{"size_bytes": 8}]},
        {"content_type": "video_container_asset_pointer", "size_bytes": 9},
        {"content_type": "file_asset_pointer", "name": "x"},
        {"content_type": "text", "text": "typed"},
        {"content_type": "hologram"},
        7,
        "look",
    ]}));
    let asked = with(asked, json!({"metadata": {
        "attachments": [
            {"id": "file-1", "name": "photo.jpg", "mime_type": "image/jpeg", "size": 5},
            {"id": "file-2", "name": "plan.pdf", "mimeType": "application/pdf", "size": 11, "source": "local"},
            {"id": "file-3", "name": "sheet", "source": "google_drive"},
            {"id": "file-4", "name": "page", "cloud_doc_url": "https://example.org/x"},
        ],
        "canvas": {"user_created_textdocs": [{"title": "Draft", "content": "mine"}]},
        "aggregate_result": {"code": "x"},
        "content_references": [{"snippet": "copied"}],
        "citations": [],
    }}));
    let imported = of(&[asked]);
    assert_eq!(imported.parts(), [
        "user image file 5",
        "user text user `spoken`",
        "user text assistant `answered`",
        "user attachment user audio/wav 6",
        "user attachment user audio/mp4 7",
        "user image file 8",
        "user attachment user 9",
        "user attachment file x",
        "user text user `typed`",
        "user text user `look`",
        "user attachment file plan.pdf application/pdf 11",
        "user attachment connector google-drive sheet",
        "user attachment connector unknown page",
        "user attachment user Draft `mine`",
    ]);
    let expected = [("repeated", 1), ("unknown-block:hologram", 1), ("unknown-block:untyped", 1)];
    assert_eq!(imported.exclusions(), counts(&expected));
    let expected = [("aggregate_result-not-imported", 1), ("content_references-not-imported", 1)];
    assert_eq!(imported.notes(), counts(&expected));
    assert!(!imported.lines.concat().contains("copied"));
}

#[test]
fn shards_and_side_files() {
    let shard = |id: &str| json!([conversation(id, &[message("m", "user", text(id))])]).to_string();
    let imported = run(ChatgptExport, &[
        ("conversations-000.json", &shard("a")),
        ("conversations-001.json", &shard("b")),
        ("export_manifest.json", "{}"),
        ("shared_conversations.json", r#"[{"id":"s","conversation_id":"a","title":"t","is_anonymous":true}]"#),
        ("model_comparisons.json", r#"[{"message_id":"m","conversation_id":"a","original_message_id":"x","rating":"new"}]"#),
        ("file-abc-mine.json", "{nope"),
        ("old.zip", "PK"),
        ("chat.html", "<html>"),
        ("__MACOSX/._conversations-000.json", "\u{0}"),
    ]);
    assert_eq!(imported.of("conversation.started").len(), 2);
    assert_eq!(imported.exclusions(), counts(&[("model-comparison", 1)]));
    let expected = [("archive-inside-not-opened", 1), ("file-not-read", 2), ("shared-link", 1)];
    assert_eq!(imported.notes(), counts(&expected));
    assert_eq!(imported.tallies.len(), 7);
}

#[test]
fn feedback_is_given_on_messages_that_are_there() {
    let export = json!([conversation("c", &[message("a", "assistant", text("x"))])]).to_string();
    let row = |message: &str, rating: &str, content: &str| {
        json!({"id": message, "conversation_id": "c", "rating": rating, "content": content, "create_time": "2023-07-23T16:52:31.047678Z"})
    };
    let rows = json!([
        row("a", "thumbs_up", r#"{"text": "good", "tags": ["x"]}"#),
        row("a", "thumbs_up", r#"{"text": "good", "tags": ["x"]}"#),
        row("a", "thumbs_down", r#"{"tags": ["harmful", "slow"]}"#),
        row("a", "thumbs_down", "{}"),
        row("a", "thumbs_up", "plain words"),
        row("gone", "thumbs_up", "{}"),
        row("a", "shrug", "{}"),
        {"id": "a", "conversation_id": "c", "rating": "thumbs_up"},
    ]).to_string();
    let imported = run(ChatgptExport, &[("conversations.json", &export), ("message_feedback.json", &rows)]);
    let given = imported.of("feedback.given");
    let given: Vec<_> = given.iter().map(|event| event["data"].clone()).collect();
    assert_eq!(given, [
        json!({"message": "a", "rating": "up", "comment": "good"}),
        json!({"message": "a", "rating": "down", "comment": "harmful, slow"}),
        json!({"message": "a", "rating": "down"}),
        json!({"message": "a", "rating": "up", "comment": "plain words"}),
    ]);
    assert_eq!(imported.exclusions(), counts(&[
        ("feedback-without-message", 1), ("feedback-without-time", 1), ("unknown-rating:shrug", 1),
    ]));
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

fn any_content() -> impl Strategy<Value = Value> {
    let part = prop_oneof![
        "[a-z]{0,2}".prop_map(|text| json!(text)),
        "(image_asset_pointer|audio_transcription|text|[a-z]{1,3})".prop_map(|kind| json!({"content_type": kind, "text": "x"})),
    ];
    prop_oneof![
        proptest::collection::vec(part, 0..4).prop_map(|parts| json!({"content_type": "multimodal_text", "parts": parts})),
        "(code|execution_output|system_error|thoughts|tether_quote|[a-z]{1,4})".prop_map(|kind| json!({"content_type": kind, "text": "x", "thoughts": [{"content": "y"}, {}]})),
        Just(json!(null)),
    ]
}

prop_compose! {
    fn any_message()(
        id in "[mn]?", role in "(user|assistant|system|tool|x)", name in "(browser|gmail)?", content in any_content(),
        attachments in 0usize..3, time in proptest::option::of(-1.0e12..1.0e12), hidden: bool,
    ) -> Value {
        json!({"id": id, "author": {"role": role, "name": name}, "content": content, "create_time": time,
            "metadata": {"attachments": vec![json!({"name": "a.png"}); attachments], "is_visually_hidden_from_conversation": hidden}})
    }
}

proptest! {
    #[test]
    fn any_mixture_of_blocks_balances(
        shards in proptest::collection::vec(
            proptest::collection::vec(("[cd]?", proptest::collection::vec(any_message(), 0..4)), 0..3), 1..3),
        ratings in proptest::collection::vec(("[cd]", "[mn]", "(thumbs_up|x)"), 0..4),
    ) {
        let mut files: Vec<(String, String)> = shards.iter().enumerate().map(|(number, shard)| {
            let conversations: Vec<Value> = shard.iter().map(|(id, messages)| conversation(id, messages)).collect();
            (format!("conversations-{number:03}.json"), json!(conversations).to_string())
        }).collect();
        let rows: Vec<Value> = ratings.iter().map(|(conversation, message, rating)| {
            json!({"id": message, "conversation_id": conversation, "rating": rating, "create_time": 5})
        }).collect();
        files.push(("message_feedback.json".to_owned(), json!(rows).to_string()));
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        // `run` checks balance, validity and that a second import gives the same.
        let imported = run(ChatgptExport, &files);
        let shards_only = imported.tallies.iter().filter(|tally| tally.file.starts_with("conv"));
        let blocks: u64 = shards_only.map(|tally| tally.blocks).sum();
        let expected: u64 = shards.iter().flatten().flat_map(|(_, messages)| messages).map(count).sum();
        prop_assert_eq!(blocks, expected);
    }

    #[test]
    fn any_json_survives(document in json_of(&[
        "mapping", "message", "author", "role", "content", "content_type", "parts", "text", "multimodal_text",
        "metadata", "attachments", "id", "parent", "thoughts", "tool", "user_editable_context", "canvas", "name",
    ])) {
        survives(ChatgptExport, "conversations.json", &json!([document, {"mapping": document}, {"mapping": {"a": document}}]).to_string());
        survives(ChatgptExport, "x.json", &json!({"mapping": {"a": {"message": document}, "b": {"message": {"content": document, "metadata": document}}}}).to_string());
    }
}

/// The blocks of a message, counted by the definition on the format's page.
fn count(message: &Value) -> u64 {
    let content = &message["content"];
    let blocks = match content["content_type"].as_str() {
        None if content.is_null() => 0,
        Some("multimodal_text") => content["parts"].as_array().unwrap().len(),
        Some("thoughts") => 2,
        _ => 1,
    };
    (blocks + message["metadata"]["attachments"].as_array().unwrap().len()) as u64
}
