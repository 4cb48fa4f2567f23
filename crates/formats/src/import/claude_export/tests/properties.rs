//! What holds whatever an export contains.

use super::conversation;
use crate::import::Format::ClaudeExport;
use crate::import::testing::{json_of, run, survives};
use proptest::prelude::*;
use serde_json::{Value, json};

fn any_block() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-z]{0,3}".prop_map(|text| json!({"type": "text", "text": text})),
        "[a-z]{0,3}".prop_map(|text| json!({"type": "thinking", "thinking": text})),
        ("[ab]", "(web_search|Gmail:x|new)").prop_map(
            |(id, name)| json!({"type": "tool_use", "id": id, "name": name, "input": {}})
        ),
        ("[ab]", "[a-z]{0,2}")
            .prop_map(|(id, text)| json!({"type": "tool_result", "tool_use_id": id, "content": [
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
