//! What holds whatever an export contains.

use super::conversation;
use crate::import::Format::ChatgptExport;
use crate::import::testing::{json_of, run, survives};
use proptest::prelude::*;
use serde_json::{Value, json};

fn any_content() -> impl Strategy<Value = Value> {
    let part = prop_oneof![
        "[a-z]{0,2}".prop_map(|text| json!(text)),
        "(image_asset_pointer|audio_transcription|text|[a-z]{1,3})"
            .prop_map(|kind| json!({"content_type": kind, "text": "x"})),
    ];
    prop_oneof![
        proptest::collection::vec(part, 0..4)
            .prop_map(|parts| json!({"content_type": "multimodal_text", "parts": parts})),
        "(code|execution_output|system_error|thoughts|tether_quote|[a-z]{1,4})".prop_map(
            |kind| json!({"content_type": kind, "text": "x", "thoughts": [{"content": "y"}, {}]})
        ),
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
