//! Which records carry messages, whose they are, and what they hold.

use super::attachments::{attachment, origin_author};
use super::blocks::{Author, Blocks, named, typed_texts};
use super::file::Record;
use super::json;
use super::survey::Survey;
use super::wrappers::{is_command, is_compaction, is_own_plan};
use consentry_model::{Origin, Role};

/// Fields of a record that repeat content of messages, and are not read.
const SIDE_CARS: &[&str] = &["toolUseResult", "mcpMeta", "planContent", "todos"];

/// Fields of a record that hold no content: ids, times, flags and measurements.
const METADATA: &[&str] = &[
    "advisorModel",
    "agentColor",
    "agentId",
    "agentName",
    "apiError",
    "apiErrorStatus",
    "attachment",
    "attributionAgent",
    "attributionMcpServer",
    "attributionMcpTool",
    "attributionPlugin",
    "attributionSkill",
    "cause",
    "compactMetadata",
    "content",
    "costUSD",
    "cwd",
    "durationMs",
    "entrypoint",
    "environmentId",
    "error",
    "errorDetails",
    "forkedFrom",
    "gitBranch",
    "hasOutput",
    "hookCount",
    "hookErrors",
    "hookInfos",
    "imagePasteIds",
    "isApiErrorMessage",
    "isCompactSummary",
    "isMeta",
    "isReplay",
    "isSidechain",
    "isSynthetic",
    "isVisibleInTranscriptOnly",
    "leafUuid",
    "level",
    "logicalParentUuid",
    "maxRetries",
    "message",
    "messageCount",
    "microcompactMetadata",
    "operation",
    "origin",
    "parentToolUseID",
    "parentUuid",
    "parent_tool_use_id",
    "permissionMode",
    "preventedContinuation",
    "promptId",
    "promptSource",
    "requestId",
    "retryAttempt",
    "retryInMs",
    "sessionId",
    "sessionKind",
    "session_id",
    "slug",
    "sourceToolAssistantUUID",
    "sourceToolUseID",
    "stopReason",
    "subtype",
    "summarizeMetadata",
    "summary",
    "teamName",
    "thinkingMetadata",
    "timestamp",
    "toolDenialKind",
    "toolUseID",
    "type",
    "upgradeNudge",
    "url",
    "userType",
    "uuid",
    "version",
];

/// Kinds of records that hold no message: the state of the session and copies of what messages say.
const STATE: &[&str] = &[
    "agent-color",
    "agent-name",
    "agent-setting",
    "ai-title",
    "attribution-snapshot",
    "content-replacement",
    "custom-title",
    "file-history-snapshot",
    "last-prompt",
    "mode",
    "permission-mode",
    "pr-link",
    "result",
    "stream_event",
    "tag",
    "task-summary",
    "worktree-state",
];

/// What a record says, ready to be written as one message.
#[derive(Debug)]
pub(super) struct Message<'a> {
    pub(super) role: Role,
    pub(super) blocks: Blocks<'a>,
    /// The raw JSON that the content was read from, by which repetitions are known.
    pub(super) content: &'a str,
}

/// Reads a record. Each block of it is a part or an exclusion of the result, and there is at least
/// one. `note` takes the names of things that are worth telling.
pub(super) fn message<'a>(
    survey: &'a Survey,
    record: &'a Record<'a>,
    note: &mut dyn FnMut(String),
) -> Message<'a> {
    let mut blocks = Blocks::new(survey, record);
    let (role, content) = match &*record.kind {
        kind @ ("user" | "assistant") => spoken(kind, &mut blocks, survey, record),
        "system" => notice(&mut blocks, survey, record),
        "attachment" => attached(&mut blocks, survey, record),
        "summary" => summary(&mut blocks, record),
        "queue-operation" => queued(&mut blocks, survey, record),
        "progress" => {
            let data = record.fields.object("data");
            let kind = data.and_then(|data| data.text("type")).unwrap_or_default();
            blocks.exclude("progress", &kind);
            (Role::System, "")
        }
        kind if STATE.contains(&kind) => {
            blocks.exclude(kind, "");
            (Role::System, "")
        }
        kind => {
            blocks.exclude("unknown-record", if kind.is_empty() { "(no type)" } else { kind });
            (Role::System, "")
        }
    };
    let reads = matches!(&*record.kind, "user" | "assistant" | "system" | "attachment" | "summary");
    for (name, raw) in record.fields.fields().filter(|_| reads) {
        if SIDE_CARS.contains(&name) {
            if raw != "[]" {
                blocks.exclude("side-car", name);
            }
        } else if !METADATA.contains(&name) {
            note(named("unknown-field", name));
        }
    }
    if blocks.parts.is_empty() && blocks.excluded.is_empty() {
        blocks.exclude("empty", "");
    }
    Message { role, blocks, content }
}

/// A message of the person's or the model's, or what stands in the place of one.
fn spoken<'a>(
    kind: &str,
    blocks: &mut Blocks<'a>,
    survey: &Survey,
    record: &'a Record<'a>,
) -> (Role, &'a str) {
    let Some(message) = record.fields.object("message") else {
        blocks.exclude("message-without-content", "");
        return (Role::User, "");
    };
    let role = message.text("role");
    let role = role.as_deref().filter(|role| matches!(*role, "user" | "assistant" | "system"));
    let role = role.unwrap_or(kind);
    let author = match role {
        "user" => author(survey, record),
        "assistant" if is_synthetic(record, message.text("model").as_deref()) => Author::Product,
        "assistant" => Author::Model,
        _ => Author::Product,
    };
    let Some(content) = message.get("content") else {
        blocks.exclude("message-without-content", "");
        return (Role::User, "");
    };
    blocks.content(content, &author);
    let role = match role {
        "assistant" => Role::Assistant,
        "user" => user_role(blocks, &author, record),
        _ => Role::System,
    };
    (role, content.get())
}

/// Whether Claude Code wrote an answer in the model's place: errors of the API, mostly.
fn is_synthetic(record: &Record<'_>, model: Option<&str>) -> bool {
    record.fields.is("isApiErrorMessage") || model == Some("<synthetic>")
}

/// Whose the text of a record of kind `user` is.
fn author(survey: &Survey, record: &Record<'_>) -> Author {
    let fields = &record.fields;
    let message = fields.object("message");
    let content = message.and_then(|message| message.get("content"));
    let text = typed_texts(record).into_iter().next().unwrap_or_default();
    let meta = fields.is("isMeta") || fields.is("isSynthetic");
    if is_summary(record) {
        return Author::Model;
    }
    // The prompt of an MCP server's slash command, or what the server answered instead.
    if let Some(connector) = survey.prompt_before(record)
        && (meta || is_command(&text) || content.is_some_and(|raw| json::items(raw).is_some()))
    {
        return Author::Connector(connector.to_owned());
    }
    if meta || fields.get("sourceToolUseID").is_some() {
        let call = fields.id("sourceToolUseID");
        let call = call.and_then(|id| survey.tool(&record.session, &id));
        let connector = call.and_then(|call| call.connector.clone());
        return connector.map_or(Author::Product, Author::Connector);
    }
    // A plan of the model that the person told it to carry out.
    if fields.get("planContent").is_some() || is_own_plan(&text) {
        return Author::Model;
    }
    if fields.is("isVisibleInTranscriptOnly") {
        return Author::Product;
    }
    match fields.object("origin").map(|origin| origin_author(&origin)) {
        Some(author) if author != Author::Person => author,
        _ if record.sidechain => Author::Delegate,
        _ => Author::Person,
    }
}

/// Whether a record stands for a conversation that was compacted.
fn is_summary(record: &Record<'_>) -> bool {
    let first = || typed_texts(record).into_iter().next();
    record.fields.is("isCompactSummary") || first().is_some_and(|text| is_compaction(&text))
}

/// Who a record of kind `user` speaks for.
fn user_role(blocks: &Blocks<'_>, author: &Author, record: &Record<'_>) -> Role {
    let typed = blocks.parts.iter().any(|part| part.origin == Origin::User);
    let only_product = blocks.parts.iter().all(|part| part.origin == Origin::System);
    match author {
        _ if blocks.answers && !typed => Role::Tool,
        Author::Product => Role::System,
        Author::Person | Author::Delegate if only_product => Role::System,
        // A compaction stands for the model's side as well; a plan or a teammate asks something.
        Author::Model if is_summary(record) => Role::Assistant,
        _ => Role::User,
    }
}

/// A notice of Claude Code: its text, and what hooks complained about.
fn notice<'a>(blocks: &mut Blocks<'a>, survey: &Survey, record: &'a Record<'a>) -> (Role, &'a str) {
    let subtype = record.fields.text("subtype").unwrap_or_default();
    let author = match survey.prompt_before(record) {
        Some(connector) => Author::Connector(connector.to_owned()),
        // The model's own account of what happened while the person was away.
        None if subtype == "away_summary" => Author::Model,
        None => Author::Product,
    };
    let content = record.fields.get("content");
    if let Some(text) = content.and_then(json::text) {
        blocks.text(text, &author);
    }
    let errors = record.fields.get("hookErrors").and_then(json::items);
    for error in errors.unwrap_or_default() {
        blocks.content(error, &author);
    }
    if let Some(reason) = record.fields.id("stopReason") {
        blocks.text(reason, &author);
    }
    if blocks.parts.is_empty() && blocks.excluded.is_empty() {
        blocks.exclude("system", &subtype);
    }
    (Role::System, content.map_or("", |raw| raw.get()))
}

fn attached<'a>(
    blocks: &mut Blocks<'a>,
    survey: &Survey,
    record: &'a Record<'a>,
) -> (Role, &'a str) {
    let Some((raw, fields)) =
        record.fields.get("attachment").and_then(|raw| Some((raw, json::Object::new(raw)?)))
    else {
        blocks.exclude("attachment", "(none)");
        return (Role::System, "");
    };
    if survey.prompt_before(record).is_some() {
        // What an MCP server's prompt attaches: of every shape, so none is read.
        blocks.exclude("attachment", "of-mcp-prompt");
        return (Role::System, "");
    }
    let author = author(survey, record);
    let role = attachment(blocks, &fields, &author, survey, &record.session);
    (role, raw.get())
}

/// What the model calls a conversation, to be found by.
fn summary<'a>(blocks: &mut Blocks<'a>, record: &'a Record<'a>) -> (Role, &'a str) {
    let raw = record.fields.get("summary");
    let text = raw.and_then(json::text).unwrap_or_default();
    blocks.text(text, &Author::Model);
    (Role::Assistant, raw.map_or("", |raw| raw.get()))
}

/// A text that waits while the model works. Most come again as messages; one that was handed over
/// while the model worked stands only here in sessions before attachments were recorded.
fn queued<'a>(blocks: &mut Blocks<'a>, survey: &Survey, record: &'a Record<'a>) -> (Role, &'a str) {
    let raw = record.fields.get("content");
    let text = raw.and_then(json::text).unwrap_or_default();
    let enters = record.fields.text("operation").as_deref() == Some("enqueue");
    if !enters || !survey.only_in_queue(record, &text) {
        blocks.exclude("queue-operation", "");
        return (Role::User, "");
    }
    blocks.text(text, &Author::Person);
    let role = user_role(blocks, &Author::Person, record);
    (role, raw.map_or("", |raw| raw.get()))
}
