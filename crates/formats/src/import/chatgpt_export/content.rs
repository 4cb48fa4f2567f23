//! What a message holds, by its content type.

use super::tools::connector_in;
use crate::import::connector::{Source, slug};
use crate::import::history::Blocks;
use crate::import::media;
use crate::json::Value;
use consentry_model::{Kind, Origin, Part};
use std::borrow::Cow;

/// Who speaks in a message.
pub(super) enum Speaker<'v> {
    /// The person.
    Person,
    /// The model, perhaps to a tool.
    Model { calls: Option<&'v str>, is_thinking: bool },
    /// The product.
    Product,
    /// A tool.
    Tool { source: Source, name: Option<&'v str> },
}

impl<'v> Speaker<'v> {
    /// A piece of text from here.
    fn text(&self) -> Part<'v> {
        match self {
            Self::Person => Part::new(Kind::Text, Origin::User),
            Self::Product => Part::new(Kind::Text, Origin::System),
            Self::Model { calls: None, is_thinking } => {
                let kind = if *is_thinking { Kind::Thinking } else { Kind::Text };
                Part::new(kind, Origin::Assistant)
            }
            Self::Model { calls: Some(tool), .. } => {
                let mut part = Part::new(Kind::ToolCall, Origin::Assistant);
                part.name = Some(Cow::Borrowed(tool));
                part
            }
            Self::Tool { source, name } => {
                let mut part = source.part(Kind::ToolResult);
                part.name = name.map(Cow::Borrowed);
                part
            }
        }
    }

    /// Something else from here: a picture, a sound, a file. What a person adds is a file.
    fn media(&self, kind: Kind) -> Part<'v> {
        match self {
            Self::Person | Self::Product => Part::new(kind, Origin::File),
            Self::Model { .. } => Part::new(kind, Origin::Assistant),
            Self::Tool { source, .. } => source.part(kind),
        }
    }
}

/// The blocks of a message: those of its content, then those that its metadata carries.
pub(super) fn blocks<'v>(message: &'v Value<'v>, speaker: &Speaker<'v>) -> Blocks<'v> {
    let mut blocks = Blocks::default();
    if let Some(content) = message.get("content") {
        self::content(&mut blocks, content, speaker);
    }
    if let Some(metadata) = message.get("metadata") {
        self::metadata(&mut blocks, metadata, message.get("content"), speaker);
    }
    blocks
}

fn content<'v>(blocks: &mut Blocks<'v>, content: &'v Value<'v>, speaker: &Speaker<'v>) {
    let text = content.str("text").unwrap_or_default();
    match content.str("content_type").unwrap_or_default() {
        "text" | "multimodal_text" => parts(blocks, content, speaker),
        "code" | "execution_output" if content.get("text").is_none() => {
            parts(blocks, content, speaker)
        }
        "code" | "execution_output" => blocks.text(speaker.text(), text),
        "system_error" => {
            let text = if text.is_empty() { content.str("name").unwrap_or_default() } else { text };
            blocks.text(speaker.text(), text);
        }
        "tether_browsing_display" => {
            let text = content.filled("result").or_else(|| content.filled("summary"));
            blocks.text(speaker.text(), text.unwrap_or_default());
            for asset in content.list("assets") {
                part(blocks, asset, speaker);
            }
        }
        "tether_quote" | "sonic_webpage" => {
            let mut part = speaker.text();
            part.name = content.filled("title").map(Cow::Borrowed).or(part.name);
            let text = content.filled("text").or_else(|| content.filled("snippet"));
            blocks.text(part, text.unwrap_or_default());
        }
        "citable_code_output" => {
            blocks.text(speaker.text(), content.str("output_str").unwrap_or_default());
        }
        "thoughts" => {
            for thought in content.list("thoughts") {
                let text = thought.filled("content").or_else(|| thought.filled("summary"));
                let part = Part::new(Kind::Thinking, Origin::Assistant);
                blocks.text(part, text.unwrap_or_default());
            }
        }
        "reasoning_recap" => {
            let part = Part::new(Kind::Thinking, Origin::Assistant);
            blocks.text(part, content.str("content").unwrap_or(text));
        }
        "user_editable_context" => {
            preferences(blocks, content, ["user_profile", "user_instructions"]);
        }
        "model_editable_context" => memory(blocks, content),
        "computer_output" => computer(blocks, content, speaker),
        "app_pairing_content" => blocks.text(seen_in_apps(), content.to_json()),
        kind => blocks.unknown(Some(kind).filter(|kind| !kind.is_empty())),
    }
}

fn parts<'v>(blocks: &mut Blocks<'v>, content: &'v Value<'v>, speaker: &Speaker<'v>) {
    match (content.get("parts"), content.str("text")) {
        (None, Some(text)) => blocks.text(speaker.text(), text),
        _ => {
            for entry in content.list("parts") {
                part(blocks, entry, speaker);
            }
        }
    }
}

fn part<'v>(blocks: &mut Blocks<'v>, part: &'v Value<'v>, speaker: &Speaker<'v>) {
    if let Some(text) = part.as_str() {
        return blocks.text(speaker.text(), text);
    }
    match part.str("content_type").unwrap_or_default() {
        "text" => blocks.text(speaker.text(), part.str("text").unwrap_or_default()),
        "image_asset_pointer" => {
            let mut image = speaker.media(Kind::Image);
            image.media_type = part.filled("mime_type").map(Cow::Borrowed);
            image.bytes = part.u64("size_bytes");
            blocks.part(image);
        }
        "audio_transcription" => {
            let said = match (part.str("direction"), speaker) {
                (Some("in"), _) => Part::new(Kind::Text, Origin::User),
                (Some("out"), _) => Part::new(Kind::Text, Origin::Assistant),
                (_, speaker) => speaker.text(),
            };
            blocks.text(said, part.str("text").unwrap_or_default());
        }
        "audio_asset_pointer" => blocks.part(recording(part, speaker, "audio")),
        "real_time_user_audio_video_asset_pointer" => {
            let audio = part.get("audio_asset_pointer").unwrap_or(part);
            blocks.part(recording(audio, speaker, "audio"));
            for frame in part.list("frames_asset_pointers") {
                let mut image = speaker.media(Kind::Image);
                image.bytes = frame.u64("size_bytes");
                blocks.part(image);
            }
        }
        "video_container_asset_pointer" | "video_asset_pointer" => {
            blocks.part(recording(part, speaker, "video"));
        }
        "file_asset_pointer" | "canvas_asset_pointer" => {
            let mut file = speaker.media(Kind::Attachment);
            file.name = part.filled("name").map(Cow::Borrowed);
            file.bytes = part.u64("size_bytes");
            blocks.part(file);
        }
        "app_pairing_content" => blocks.text(seen_in_apps(), part.to_json()),
        kind => blocks.unknown(Some(kind).filter(|kind| !kind.is_empty())),
    }
}

/// A recording: what a person says is theirs, not a file they found.
fn recording<'v>(part: &'v Value<'v>, speaker: &Speaker<'v>, medium: &str) -> Part<'v> {
    let mut recording = speaker.media(Kind::Attachment);
    if matches!(speaker, Speaker::Person) {
        recording.origin = Origin::User;
    }
    recording.media_type = part.filled("format").map(|format| format!("{medium}/{format}").into());
    recording.bytes = part.u64("size_bytes");
    recording
}

/// What the product read out of other programs on the person's machine.
fn seen_in_apps() -> Part<'static> {
    Source::Connector("app-pairing".to_owned()).part(Kind::ToolResult)
}

/// What the person set once for all conversations.
fn preferences<'v>(blocks: &mut Blocks<'v>, fields: &'v Value<'v>, names: [&str; 2]) {
    for text in names.into_iter().filter_map(|name| fields.filled(name)) {
        blocks.text(Part::new(Kind::Preferences, Origin::User), text);
    }
}

/// What the model noted in earlier conversations, and what it was told of a repository.
fn memory<'v>(blocks: &mut Blocks<'v>, content: &'v Value<'v>) {
    if let Some(text) = content.str("model_set_context") {
        let mut part = Part::new(Kind::Text, Origin::System);
        part.name = Some("memory".into());
        blocks.text(part, text);
    }
    for name in ["repository", "repo_summary", "structured_context"] {
        let Some(value) = content.get(name) else { continue };
        let part = Source::Connector("github".to_owned()).part(Kind::ToolResult);
        match value.as_str() {
            Some(text) => blocks.text(part, text),
            None => blocks.text(part, value.to_json()),
        }
    }
}

/// A screen of the remote computer: its picture, and what the machine says of itself.
fn computer<'v>(blocks: &mut Blocks<'v>, content: &'v Value<'v>, speaker: &Speaker<'v>) {
    if let Some(screenshot) = content.get("screenshot") {
        let mut image = speaker.media(Kind::Image);
        image.bytes = screenshot.u64("size_bytes");
        blocks.part(image);
    }
    if let Some(state) = content.get("state") {
        blocks.text(speaker.text(), state.to_json());
    }
    if let Some(text) = content.str("text") {
        blocks.text(speaker.text(), text);
    }
}

fn metadata<'v>(
    blocks: &mut Blocks<'v>,
    metadata: &'v Value<'v>,
    content: Option<&'v Value<'v>>,
    speaker: &Speaker<'v>,
) {
    for (copy, note) in [
        ("citations", "citations-not-imported"),
        ("content_references", "content_references-not-imported"),
        ("search_result_groups", "search_result_groups-not-imported"),
        ("aggregate_result", "aggregate_result-not-imported"),
        ("chatgpt_sdk", "chatgpt_sdk-not-imported"),
    ] {
        if !metadata.list(copy).is_empty() || metadata.get(copy).is_some_and(Value::is_object) {
            blocks.note(note);
        }
    }
    for attachment in metadata.list("attachments") {
        if is_among_parts(attachment, content) {
            blocks.exclude("repeated");
        } else {
            blocks.part(self::attachment(attachment, speaker));
        }
    }
    let kind = content.and_then(|content| content.str("content_type"));
    if kind != Some("user_editable_context")
        && let Some(context) = metadata.get("user_context_message_data")
    {
        preferences(blocks, context, ["about_user_message", "about_model_message"]);
    }
    let documents =
        metadata.get("canvas").map_or(&[][..], |canvas| canvas.list("user_created_textdocs"));
    for document in documents {
        let mut part = Part::new(Kind::Attachment, Origin::User);
        part.name = document.filled("title").map(Cow::Borrowed);
        blocks.text(part, document.str("content").unwrap_or_default());
    }
}

/// Pictures stand among the parts and again among the attachments.
fn is_among_parts(attachment: &Value<'_>, content: Option<&Value<'_>>) -> bool {
    let Some(id) = attachment.filled("id") else { return false };
    let parts = content.map_or(&[][..], |content| content.list("parts"));
    parts.iter().filter_map(|part| part.filled("asset_pointer")).any(|pointer| {
        let file = pointer.split_once("://").map_or(pointer, |(_, file)| file);
        file.split(['#', '?']).next() == Some(id)
    })
}

/// A file that was attached; one that a connector brought is the connector's.
fn attachment<'v>(attachment: &'v Value<'v>, speaker: &Speaker<'v>) -> Part<'v> {
    let media_type = attachment.filled("mime_type").or_else(|| attachment.filled("mimeType"));
    let file = media::file(Origin::File, attachment.filled("name"), media_type);
    let mut part = speaker.media(file.kind);
    (part.name, part.media_type) = (file.name, file.media_type);
    part.bytes = attachment.u64("size");
    let local =
        ["local", "library", "upload", "user_upload", "file_upload", "paste", "camera", "my_files"];
    let foreign = attachment.filled("source").filter(|source| !local.contains(source));
    if let Some(connector) = connector_in(attachment).or_else(|| foreign.map(slug)) {
        part.origin = Origin::Connector;
        part.connector = Some(connector.into());
    }
    part
}
