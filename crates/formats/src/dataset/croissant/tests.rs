use super::*;
use crate::dataset::sample;
use proptest::prelude::*;

fn description(summary: &Summary) -> Value {
    let text = render(summary, &sample::facts(), sample::SIGNER);
    serde_json::from_str(&text).expect("the description is JSON")
}

/// Every value of a key, anywhere.
fn all<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get(key));
            map.values().for_each(|value| all(value, key, found));
        }
        Value::Array(values) => values.iter().for_each(|value| all(value, key, found)),
        _ => {}
    }
}

fn field_ids(description: &Value) -> Vec<String> {
    let mut found = Vec::new();
    all(&description["recordSet"], "@id", &mut found);
    let mut ids: Vec<String> = found
        .into_iter()
        .filter_map(Value::as_str)
        .filter_map(|id| id.strip_prefix("examples/").map(str::to_owned))
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

#[test]
fn it_says_what_it_conforms_to_and_when_it_was_made() {
    let description = description(&sample::conversation());
    assert_eq!(
        description["conformsTo"],
        json!(["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"])
    );
    assert_eq!(description["datePublished"], "2026-06-01");
    assert_eq!(description["creator"]["name"], "example.org/consentry");
    assert_eq!(
        description["rai:dataCollectionTimeframe"],
        json!(["2025-12-01", "2026-06-01T00:00:00.000Z"])
    );
    let purpose = &description["usageInfo"]["odrl:permission"]["odrl:constraint"];
    assert_eq!(purpose["odrl:rightOperand"], "model-improvement");
}

#[test]
fn every_file_has_its_hash_and_size() {
    let summary = sample::conversation();
    let description = description(&summary);
    let files: Vec<&Value> = description["distribution"]
        .as_array()
        .expect("a list of files")
        .iter()
        .filter(|file| file["@type"] == "cr:FileObject")
        .collect();
    let mut expected = summary.shards.clone();
    expected.push(sample::facts());
    assert_eq!(files.len(), expected.len());
    for (file, shard) in files.iter().zip(&expected) {
        assert_eq!(file["contentUrl"], shard.path);
        assert_eq!(file["sha256"], shard.sha256);
        assert_eq!(file["contentSize"], format!("{} B", shard.bytes));
    }
}

#[test]
fn conversations_have_their_fields() {
    let ids = field_ids(&description(&sample::conversation()));
    let expected = [
        "example_id",
        "messages",
        "messages/content",
        "messages/name",
        "messages/reasoning_content",
        "messages/role",
        "messages/tool_calls",
        "messages/tool_calls/function",
        "messages/tool_calls/function/arguments",
        "messages/tool_calls/function/name",
        "messages/tool_calls/type",
        "parts",
        "surface",
    ];
    assert_eq!(ids, expected);
}

#[test]
fn feedback_has_its_fields() {
    let description = description(&sample::feedback());
    let ids = field_ids(&description);
    let columns: Vec<&str> =
        ids.iter().map(String::as_str).filter(|id| !id.contains('/')).collect();
    assert_eq!(columns, ["completion", "example_id", "label", "parts", "prompt"]);
    assert!(ids.contains(&"prompt/tool_calls/function/name".to_owned()));
    assert!(description["rai:dataAnnotationProtocol"].as_str().expect("text").contains("rated"));
}

#[test]
fn every_source_is_the_set_of_files() {
    let description = description(&sample::feedback());
    let mut sources = Vec::new();
    all(&description["recordSet"], "fileSet", &mut sources);
    assert!(sources.len() > 10);
    assert!(sources.iter().all(|source| source["@id"] == "shards"));
    let set = description["distribution"]
        .as_array()
        .expect("a list of files")
        .iter()
        .find(|file| file["@type"] == "cr:FileSet")
        .expect("a set of files");
    assert_eq!((&set["@id"], &set["includes"]), (&json!("shards"), &json!("data/*.parquet")));
}

#[test]
fn what_is_missing_is_told_with_its_reasons() {
    let description = description(&sample::conversation());
    let missing = description["rai:dataCollectionMissingData"].as_str().expect("text");
    assert!(missing.contains("Nothing permitted it"), "{missing}");
    assert!(missing.contains("(300 parts)") && missing.contains("2 lines were in error"));
}

#[test]
fn an_empty_dataset_has_a_description() {
    let description = description(&sample::empty());
    assert_eq!(description["rai:dataCollectionMissingData"], "No part was left out.");
    assert!(description.get("rai:dataCollectionTimeframe").is_none());
}

proptest! {
    #[test]
    fn any_text_is_kept_as_it_is(texts in prop::collection::vec(any::<String>(), 1..5)) {
        let summary = sample::filled(Store::Conversation, &texts);
        let description = description(&summary);
        let plain = vec!["x".to_owned(); texts.len()];
        let expected = self::description(&sample::filled(Store::Conversation, &plain));
        prop_assert_eq!(&description["name"], &json!(format!("Dataset of training run {}", summary.run)));
        let keys = |value: &Value| value.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
        prop_assert_eq!(keys(&description), keys(&expected));
        prop_assert_eq!(field_ids(&description), field_ids(&expected));
    }
}
