//! The columns of the examples as a Croissant record set.

use consentry_model::Store;
use serde_json::{Map, Value, json};

/// The id of the set of files that hold the examples.
pub(super) const FILES: &str = "shards";
/// The id of the record set.
const RECORDS: &str = "examples";

/// The record set `examples`: one record a row.
pub(super) fn examples(store: Store) -> Value {
    let id = column(
        "example_id",
        "sc:Text",
        "An opaque id that leads back to nobody without a key kept apart.",
    );
    let parts = column("parts", "cr:Int32", "How many parts the example is made of.");
    let fields = match store {
        Store::Conversation => vec![
            id,
            column(
                "surface",
                "sc:Text",
                "Where the conversation took place: chat, code, browser or api.",
            ),
            parts,
            messages("messages", "What is permitted of the conversation, in order."),
        ],
        Store::Feedback => vec![
            id,
            parts,
            messages("prompt", "What came before the rated answer."),
            messages("completion", "The rated answer."),
            column("label", "sc:Boolean", "Whether the answer was rated good."),
        ],
    };
    json!({
        "@type": "cr:RecordSet",
        "@id": RECORDS,
        "name": RECORDS,
        "description": "One record is one example.",
        "key": {"@id": format!("{RECORDS}/example_id")},
        "field": fields,
    })
}

fn messages(column: &str, description: &str) -> Value {
    let text = |name: &str, description: &str| {
        leaf(&format!("{column}/{name}"), "sc:Text", description, &[name])
    };
    list(
        column,
        description,
        vec![
            text("role", "Who speaks: user, assistant, system or tool."),
            text("content", "The text of the message."),
            text("reasoning_content", "The model's reasoning; null where there is none."),
            text("name", "The tool that answered; null in other messages."),
            tool_calls(column),
        ],
    )
}

/// The calls of a message. Their source goes in two steps, first from the message to its calls, since
/// mlcroissant's JSON paths do not survive a message without calls otherwise.
fn tool_calls(column: &str) -> Value {
    let calls = format!("{column}/tool_calls");
    let text = |path: &str, json_path: &str, description: &str| {
        leaf(&format!("{calls}/{path}"), "sc:Text", description, &["tool_calls", json_path])
    };
    let function = vec![
        text("function/name", "[*].function.name", "The tool."),
        text("function/arguments", "[*].function.arguments", "Its arguments, as JSON text."),
    ];
    list(
        &calls,
        "The tools that the message calls; null where it calls none.",
        vec![
            text("type", "[*].type", "Always function."),
            group(&format!("{calls}/function"), "What is called.", function),
        ],
    )
}

/// The field at a path of names joined by `/`, of which the first is the column.
fn field(path: &str, description: &str) -> Map<String, Value> {
    let name = path.rsplit('/').next().unwrap_or(path);
    [
        ("@type", "cr:Field"),
        ("@id", &format!("{RECORDS}/{path}")),
        ("name", name),
        ("description", description),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.into()))
    .collect()
}

fn column(name: &str, data_type: &str, description: &str) -> Value {
    leaf(name, data_type, description, &[])
}

/// A value that is read from its column by JSON paths, one after the other.
fn leaf(path: &str, data_type: &str, description: &str, json_paths: &[&str]) -> Value {
    let column = path.split('/').next().unwrap_or(path);
    let mut source = Map::new();
    source.insert("fileSet".to_owned(), json!({"@id": FILES}));
    source.insert("extract".to_owned(), json!({"column": column}));
    if !json_paths.is_empty() {
        let steps: Vec<Value> = json_paths.iter().map(|path| json!({"jsonPath": path})).collect();
        source.insert("transform".to_owned(), steps.into());
    }
    let mut leaf = field(path, description);
    leaf.insert("dataType".to_owned(), data_type.into());
    leaf.insert("source".to_owned(), source.into());
    leaf.into()
}

fn group(path: &str, description: &str, fields: Vec<Value>) -> Value {
    let mut group = field(path, description);
    group.insert("subField".to_owned(), fields.into());
    group.into()
}

fn list(path: &str, description: &str, fields: Vec<Value>) -> Value {
    let mut list = field(path, description);
    list.insert("isArray".to_owned(), true.into());
    list.insert("arrayShape".to_owned(), "-1".into());
    list.insert("subField".to_owned(), fields.into());
    list.into()
}
