//! What becomes of each content type.

use super::{conversation, message, text, with};
use crate::import::Format::ChatgptExport;
use crate::import::testing::{Imported, counts, run};
use serde_json::{Value, json};

fn of(messages: &[Value]) -> Imported {
    let export = json!([conversation("c", messages)]).to_string();
    run(ChatgptExport, &[("conversations.json", &export)])
}

fn tool(name: Value, content: Value, metadata: Value) -> Value {
    with(
        message("t", "tool", content),
        json!({"author": {"role": "tool", "name": name}, "metadata": metadata}),
    )
}

#[test]
fn content_types_of_the_model() {
    let imported = of(&[
        message(
            "1",
            "assistant",
            json!({"content_type": "thoughts", "thoughts": [
            {"summary": "s", "content": "first"}, {"summary": "only a summary", "content": ""}, {}]}),
        ),
        message(
            "2",
            "assistant",
            json!({"content_type": "reasoning_recap", "content": "Thought for 8s"}),
        ),
        with(
            message(
                "3",
                "assistant",
                json!({"content_type": "code", "language": "json", "text": "{\"q\":1}"}),
            ),
            json!({"recipient": "web.run"}),
        ),
        with(
            message("4", "assistant", text("to the tool")),
            json!({"recipient": "canmore.create_textdoc"}),
        ),
        with(message("5", "assistant", text("inner")), json!({"channel": "analysis"})),
        message("6", "assistant", json!({"content_type": "code", "text": "x = 1"})),
        message("7", "assistant", json!({"content_type": "text", "text": "no parts"})),
        message("8", "assistant", json!({"content_type": "hologram", "parts": ["x"]})),
        message("9", "assistant", json!({"parts": ["x"]})),
    ]);
    assert_eq!(
        imported.parts(),
        [
            "assistant thinking assistant `first`",
            "assistant thinking assistant `only a summary`",
            "assistant thinking assistant `Thought for 8s`",
            "assistant tool_call assistant web.run `{\"q\":1}`",
            "assistant tool_call assistant canmore.create_textdoc `to the tool`",
            "assistant thinking assistant `inner`",
            "assistant text assistant `x = 1`",
            "assistant text assistant `no parts`",
        ]
    );
    assert_eq!(
        imported.exclusions(),
        counts(&[("empty", 1), ("unknown-block:hologram", 1), ("unknown-block:untyped", 1)])
    );
}

#[test]
fn what_the_person_set_and_what_the_product_says() {
    let hidden = json!({"metadata": {"is_visually_hidden_from_conversation": true}});
    let data = json!({"about_user_message": "I sail", "about_model_message": ""});
    let imported = of(&[
        with(
            message(
                "1",
                "user",
                json!({"content_type": "user_editable_context", "user_profile": "I sail", "user_instructions": "Be brief"}),
            ),
            json!({"metadata": {"is_user_system_message": true, "user_context_message_data": data}}),
        ),
        with(
            message("2", "system", text("")),
            json!({"metadata": {"user_context_message_data": data}}),
        ),
        message(
            "3",
            "assistant",
            json!({"content_type": "model_editable_context", "model_set_context": "They sail.", "repository": {"a": 1}, "repo_summary": null}),
        ),
        with(message("4", "user", text("unseen")), hidden),
        message("5", "system", text("seen")),
        message("6", "critic", text("who?")),
    ]);
    assert_eq!(
        imported.parts(),
        [
            "system preferences user `I sail`",
            "system preferences user `Be brief`",
            "system preferences user `I sail`",
            "system text system memory `They sail.`",
            "system tool_result connector github `{\"a\":1}`",
            "system text system `unseen`",
            "system text system `seen`",
            "system tool_result connector unknown `who?`",
        ]
    );
    assert_eq!(imported.notes(), counts(&[("unknown-author:critic", 1)]));
}

#[test]
fn tools_of_the_product_are_told_from_connectors() {
    for (name, metadata, expected) in [
        (json!("browser"), json!({}), "tool browser"),
        (json!("web.run"), json!({"search_result_groups": [{"entries": []}]}), "tool web.run"),
        (json!("dalle.text2im"), json!({}), "tool dalle.text2im"),
        (json!("file_search"), json!({}), "tool file_search"),
        (
            json!("file_search"),
            json!({"cites": [{"metadata": {"extra": {"connector_source": "Google Drive"}}}]}),
            "connector google-drive file_search",
        ),
        (json!("file_search"), json!({"cloud_doc_urls": [null]}), "tool file_search"),
        (
            json!("file_search"),
            json!({"cloud_doc_urls": [null, "https://example.org/d"]}),
            "connector unknown file_search",
        ),
        (
            json!("web.run"),
            json!({"x": {"contains_mcp_source": true}}),
            "connector mcp:unknown web.run",
        ),
        (
            json!("web.run"),
            json!({"x": {"contains_mcp_source": false, "connector_source": ""}}),
            "tool web.run",
        ),
        (json!("api_tool.call_tool"), json!({}), "connector mcp:api-tool api_tool.call_tool"),
        (json!("gmail.search_emails"), json!({}), "connector gmail gmail.search_emails"),
        (
            json!("show_me.get_Route"),
            json!({"invoked_plugin": {"namespace": "show_me"}}),
            "connector plugin:show-me show_me.get_Route",
        ),
        (
            json!("api_example_com__jit_plugin.Get"),
            json!({}),
            "connector action:api-example-com api_example_com__jit_plugin.Get",
        ),
        (json!("mcp__notes__read"), json!({}), "connector mcp:notes mcp__notes__read"),
        (json!("brand_new"), json!({}), "connector brand-new brand_new"),
        (json!(null), json!({}), "connector unknown"),
    ] {
        let imported = of(&[tool(name, text("found"), metadata)]);
        assert_eq!(imported.parts(), [format!("tool tool_result {expected} `found`")]);
    }
    let nameless =
        tool(json!(null), json!({"content_type": "execution_output", "text": "2"}), json!({}));
    assert_eq!(of(&[nameless]).parts(), ["tool tool_result tool `2`"]);
    let real = json!({"author": {"role": "assistant", "metadata": {"real_author": "tool:gmail"}}});
    let real = with(message("r", "assistant", text("mail")), real);
    assert_eq!(of(&[real]).parts(), ["tool tool_result connector gmail gmail `mail`"]);
}

#[test]
fn content_types_of_tools() {
    let own = |content: Value| tool(json!("browser"), content, json!({}));
    let imported = of(&[
        with(
            own(
                json!({"content_type": "tether_browsing_display", "result": "page", "summary": "s",
        "assets": [{"content_type": "image_asset_pointer", "asset_pointer": "p", "size_bytes": 3}]}),
            ),
            json!({"id": "1"}),
        ),
        with(
            own(
                json!({"content_type": "tether_quote", "title": "Title", "text": "quoted", "url": "u"}),
            ),
            json!({"id": "2"}),
        ),
        with(
            own(
                json!({"content_type": "sonic_webpage", "title": "Title", "text": "", "snippet": "snip"}),
            ),
            json!({"id": "3"}),
        ),
        with(
            own(json!({"content_type": "system_error", "name": "Timeout", "text": ""})),
            json!({"id": "4"}),
        ),
        with(
            own(json!({"content_type": "citable_code_output", "output_str": "out"})),
            json!({"id": "5"}),
        ),
        with(
            own(
                json!({"content_type": "computer_output", "screenshot": {"size_bytes": 9}, "state": {"url": "u"}}),
            ),
            json!({"id": "6"}),
        ),
        with(
            own(json!({"content_type": "app_pairing_content", "workspaces": []})),
            json!({"id": "7"}),
        ),
    ]);
    assert_eq!(
        imported.parts(),
        [
            "tool tool_result tool browser `page`",
            "tool image tool 3",
            "tool tool_result tool Title `quoted`",
            "tool tool_result tool Title `snip`",
            "tool tool_result tool browser `Timeout`",
            "tool tool_result tool browser `out`",
            "tool image tool 9",
            "tool tool_result tool browser `{\"url\":\"u\"}`",
            "tool tool_result connector app-pairing `{\"content_type\":\"app_pairing_content\",\"workspaces\":[]}`",
        ]
    );
}

#[test]
fn parts_and_attachments() {
    let asked = message(
        "u",
        "user",
        json!({"content_type": "multimodal_text", "parts": [
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
        ]}),
    );
    let asked = with(
        asked,
        json!({"metadata": {
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
        }}),
    );
    let imported = of(&[asked]);
    assert_eq!(
        imported.parts(),
        [
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
        ]
    );
    let expected = [("repeated", 1), ("unknown-block:hologram", 1), ("unknown-block:untyped", 1)];
    assert_eq!(imported.exclusions(), counts(&expected));
    let expected = [("aggregate_result-not-imported", 1), ("content_references-not-imported", 1)];
    assert_eq!(imported.notes(), counts(&expected));
    assert!(!imported.lines.concat().contains("copied"));
}
