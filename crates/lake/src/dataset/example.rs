//! Examples: what training receives of one conversation or one feedback copy.

use arrow_array::{
    ArrayRef, BooleanArray, Int32Array, ListArray, RecordBatch, StringArray, StructArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};
use consentry_model::{Kind, Role, Store};
use std::sync::Arc;

/// A message in the shape that chat templates read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatMessage {
    /// `user`, `assistant`, `system` or `tool`.
    pub role: &'static str,
    /// The texts of the message, parted by an empty line.
    pub content: String,
    /// The model's reasoning, if any of it is in the dataset.
    pub reasoning_content: Option<String>,
    /// The tool that answered, on messages of role `tool`.
    pub name: Option<String>,
    /// The tools that were called.
    pub tool_calls: Vec<ToolCall>,
}

/// One call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolCall {
    /// The tool.
    pub name: String,
    /// Its arguments, as JSON text.
    pub arguments: String,
}

/// A part as an example holds it: already permitted and de-identified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExamplePart {
    /// Which message of the conversation, from 0.
    pub message: usize,
    /// Who the message speaks for.
    pub role: Role,
    /// What the part is.
    pub kind: Kind,
    /// The name of a tool or file.
    pub name: Option<String>,
    /// The content.
    pub text: String,
}

/// Joins parts into chat messages. A tool's result becomes a message of role `tool` of its own, as
/// chat templates expect; everything else of one message stays together.
///
/// # Example
///
/// ```
/// use consentry_lake::dataset::example::{ExamplePart, chat_messages};
/// use consentry_model::{Kind, Role};
///
/// let part = |kind, text: &str| ExamplePart {
///     message: 0, role: Role::Assistant, kind, name: None, text: text.to_owned(),
/// };
/// let chat = chat_messages(vec![part(Kind::Thinking, "Hm."), part(Kind::Text, "Yes.")]);
/// assert_eq!(chat.len(), 1);
/// assert_eq!(chat[0].content, "Yes.");
/// assert_eq!(chat[0].reasoning_content.as_deref(), Some("Hm."));
/// ```
#[must_use]
pub fn chat_messages(parts: Vec<ExamplePart>) -> Vec<ChatMessage> {
    let mut chat: Vec<ChatMessage> = Vec::new();
    let mut open = None;
    for part in parts {
        if part.kind == Kind::ToolResult {
            open = None;
            chat.push(ChatMessage {
                role: Role::Tool.as_str(),
                content: part.text,
                name: part.name,
                ..ChatMessage::default()
            });
            continue;
        }
        if open != Some(part.message) {
            open = Some(part.message);
            chat.push(ChatMessage { role: part.role.as_str(), ..ChatMessage::default() });
        }
        if let Some(message) = chat.last_mut() {
            message.take(part);
        }
    }
    chat
}

impl ChatMessage {
    fn take(&mut self, part: ExamplePart) {
        match part.kind {
            Kind::ToolCall => self
                .tool_calls
                .push(ToolCall { name: part.name.unwrap_or_default(), arguments: part.text }),
            Kind::Thinking => {
                append(self.reasoning_content.get_or_insert_with(String::new), &part.text);
            }
            _ => append(&mut self.content, &part.text),
        }
    }
}

fn append(content: &mut String, text: &str) {
    if !content.is_empty() {
        content.push_str("\n\n");
    }
    content.push_str(text);
}

/// One row of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// 32 hexadecimal digits that lead back to nobody without this machine's key.
    pub id: String,
    /// How many parts it was made of.
    pub parts: i32,
    /// What it holds.
    pub content: Content,
}

/// The content of a row, by store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A conversation.
    Conversation {
        /// Where it took place.
        surface: &'static str,
        /// Its messages.
        messages: Vec<ChatMessage>,
    },
    /// A rated answer: what KTO training reads.
    Feedback {
        /// What came before the answer.
        prompt: Vec<ChatMessage>,
        /// The answer.
        completion: Vec<ChatMessage>,
        /// Whether it was rated good.
        label: bool,
    },
}

/// The columns of conversations: `example_id`, `surface`, `parts`, `messages`.
#[must_use]
pub fn conversation_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("example_id", DataType::Utf8, false),
        Field::new("surface", DataType::Utf8, false),
        Field::new("parts", DataType::Int32, false),
        Field::new("messages", DataType::List(message_item()), false),
    ]))
}

/// The columns of feedback: `example_id`, `parts`, `prompt`, `completion`, `label`.
#[must_use]
pub fn feedback_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("example_id", DataType::Utf8, false),
        Field::new("parts", DataType::Int32, false),
        Field::new("prompt", DataType::List(message_item()), false),
        Field::new("completion", DataType::List(message_item()), false),
        Field::new("label", DataType::Boolean, false),
    ]))
}

/// The columns of a store's examples.
#[must_use]
pub fn schema(store: Store) -> SchemaRef {
    match store {
        Store::Conversation => conversation_schema(),
        Store::Feedback => feedback_schema(),
    }
}

fn function_fields() -> Fields {
    vec![Field::new("name", DataType::Utf8, false), Field::new("arguments", DataType::Utf8, false)]
        .into()
}

fn tool_call_fields() -> Fields {
    vec![
        Field::new("type", DataType::Utf8, false),
        Field::new("function", DataType::Struct(function_fields()), false),
    ]
    .into()
}

fn tool_call_item() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Struct(tool_call_fields()), false))
}

fn message_fields() -> Fields {
    vec![
        Field::new("role", DataType::Utf8, false),
        Field::new("content", DataType::Utf8, false),
        Field::new("reasoning_content", DataType::Utf8, true),
        Field::new("name", DataType::Utf8, true),
        Field::new("tool_calls", DataType::List(tool_call_item()), true),
    ]
    .into()
}

fn message_item() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Struct(message_fields()), false))
}

fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn optional_texts<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringArray>())
}

fn tool_calls(messages: &[&ChatMessage]) -> Result<ArrayRef, ArrowError> {
    let calls: Vec<&ToolCall> = messages.iter().flat_map(|message| &message.tool_calls).collect();
    let function = StructArray::try_new(
        function_fields(),
        vec![
            texts(calls.iter().map(|call| call.name.as_str())),
            texts(calls.iter().map(|call| call.arguments.as_str())),
        ],
        None,
    )?;
    let call = StructArray::try_new(
        tool_call_fields(),
        vec![texts(calls.iter().map(|_| "function")), Arc::new(function)],
        None,
    )?;
    let offsets = OffsetBuffer::from_lengths(messages.iter().map(|one| one.tool_calls.len()));
    let present: NullBuffer = messages.iter().map(|one| !one.tool_calls.is_empty()).collect();
    Ok(Arc::new(ListArray::try_new(tool_call_item(), offsets, Arc::new(call), Some(present))?))
}

fn message_lists(rows: &[&[ChatMessage]]) -> Result<ArrayRef, ArrowError> {
    let messages: Vec<&ChatMessage> = rows.iter().flat_map(|row| row.iter()).collect();
    let message = StructArray::try_new(
        message_fields(),
        vec![
            texts(messages.iter().map(|one| one.role)),
            texts(messages.iter().map(|one| one.content.as_str())),
            optional_texts(messages.iter().map(|one| one.reasoning_content.as_deref())),
            optional_texts(messages.iter().map(|one| one.name.as_deref())),
            tool_calls(&messages)?,
        ],
        None,
    )?;
    let offsets = OffsetBuffer::from_lengths(rows.iter().map(|row| row.len()));
    Ok(Arc::new(ListArray::try_new(message_item(), offsets, Arc::new(message), None)?))
}

/// Rows of one store as a batch of its schema. Rows of the other store are left out.
///
/// # Errors
///
/// When the texts of a batch exceed what 32-bit offsets address (2 GiB).
pub fn batch(examples: &[Example], schema: SchemaRef) -> Result<RecordBatch, ArrowError> {
    let ids = texts(examples.iter().map(|example| example.id.as_str()));
    let parts: ArrayRef = Arc::new(examples.iter().map(|one| one.parts).collect::<Int32Array>());
    let (mut surfaces, mut first, mut second, mut labels) = (vec![], vec![], vec![], vec![]);
    for example in examples {
        match &example.content {
            Content::Conversation { surface, messages } => {
                surfaces.push(*surface);
                first.push(messages.as_slice());
            }
            Content::Feedback { prompt, completion, label } => {
                first.push(prompt);
                second.push(completion.as_slice());
                labels.push(*label);
            }
        }
    }
    let columns = if schema.column_with_name("surface").is_some() {
        vec![ids, texts(surfaces), parts, message_lists(&first)?]
    } else {
        let labels = Arc::new(BooleanArray::from(labels));
        vec![ids, parts, message_lists(&first)?, message_lists(&second)?, labels]
    };
    RecordBatch::try_new(schema, columns)
}
