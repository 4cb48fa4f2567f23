//! Reading one line of a history, and saying exactly what is wrong with a bad one.

use super::fields::{Fields, Value, elements};
use super::{Body, Choice, ContentDigest, Event, EventKey, Part, TYPE_PREFIX};
use crate::instant::TimeError;
use crate::{HoldSubject, Kind, Origin, Plan, Programme, Rating, RequestKind, Role, Surface, Via};
use simd_json::{Buffers, StaticNode, Tape};

/// What is wrong with a line, taken by itself. The list is complete: nothing else about one line
/// is an error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are named in the messages")]
pub enum LineError {
    /// Not one JSON value.
    #[error("expected one event as a JSON object, found what is not JSON near byte {at}")]
    NotJson { at: usize },
    /// A value of the wrong JSON type.
    #[error("`{field}`: expected {expected}, found {found}")]
    WrongType { field: String, expected: &'static str, found: &'static str },
    /// A field that the event's type needs is not there.
    #[error("`{field}` is missing")]
    Missing { field: String },
    /// A value outside its list.
    #[error("`{field}`: expected one of {expected}, found `{found}`")]
    OutsideList { field: String, expected: String, found: String },
    /// A subject of the wrong kind.
    #[error("`subject`: expected `{expected}`, found `{found}`")]
    Subject { expected: &'static str, found: String },
    /// A time that is not RFC 3339.
    #[error("`{field}`: {error}")]
    Time { field: String, error: TimeError },
}

/// An event with the digests by which a redelivery of it is recognised.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed<'l> {
    /// The event.
    pub event: Event<'l>,
    /// Which event it is.
    pub key: EventKey,
    /// What it says.
    pub content: ContentDigest,
}

/// Reads lines one after another, reusing its working memory.
///
/// # Example
///
/// ```
/// use consentry_model::event::Parser;
///
/// let mut line = br#"{"specversion":"1.0","source":"app","id":"7","time":"2026-01-02T00:00:00Z",
///     "type":"consentry.account.closed","subject":"account/ada"}"#.to_vec();
/// let parsed = Parser::new().parse(&mut line)?;
/// assert_eq!(parsed.event.body.subject(), ("account", "ada"));
/// # Ok::<(), consentry_model::LineError>(())
/// ```
pub struct Parser {
    buffers: Buffers,
    tape: Tape<'static>,
}

impl std::fmt::Debug for Parser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parser").finish_non_exhaustive()
    }
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}

impl Parser {
    /// A parser with small buffers; they grow to the longest line.
    #[must_use]
    pub fn new() -> Self {
        Self { buffers: Buffers::new(16 * 1024), tape: Tape(Vec::new()) }
    }

    /// Reads one line. Strings are unescaped inside `line`, whose bytes are therefore not what they
    /// were afterwards. Nesting is limited to 1,024 levels and a line to 4 GiB.
    ///
    /// # Errors
    ///
    /// [`LineError`], whose list is complete.
    pub fn parse<'l>(&mut self, line: &'l mut [u8]) -> Result<Parsed<'l>, LineError> {
        let mut tape: Tape<'l> = std::mem::replace(&mut self.tape, Tape(Vec::new())).reset();
        let parsed = match simd_json::fill_tape(line, &mut self.buffers, &mut tape) {
            Ok(()) => event(&tape.0),
            Err(error) => Err(LineError::NotJson { at: error.index() }),
        };
        self.tape = tape.reset();
        parsed
    }
}

fn event<'l>(tape: Value<'_, 'l>) -> Result<Parsed<'l>, LineError> {
    let envelope = Fields::new(tape, "the event", "")?;
    let specversion = envelope.str("specversion")?;
    if specversion != "1.0" {
        return Err(LineError::OutsideList {
            field: "specversion".to_owned(),
            expected: "1.0".to_owned(),
            found: specversion.chars().take(64).collect(),
        });
    }
    let source = envelope.text("source")?;
    let id = envelope.text("id")?;
    let type_ = envelope.str("type")?;
    let subject = envelope.str("subject")?;
    let time = envelope
        .optional_time("time")?
        .ok_or_else(|| LineError::Missing { field: "time".to_owned() })?;
    let data = match envelope.get("data") {
        Some(value) => Fields::new(value, "data", "data.")?,
        None => Fields::empty("data."),
    };
    let body = body(type_, subject, data)?;
    Ok(Parsed {
        key: EventKey::new(&source, &id),
        content: ContentDigest::new(type_, time, subject, data.nodes()),
        event: Event { source, id, time, body },
    })
}

/// The id behind `account/`, `conversation/` or `notice/`. An id is never empty.
fn id_of<'l>(subject: &'l str, prefix: &str) -> Option<&'l str> {
    subject.strip_prefix(prefix).filter(|id| !id.is_empty())
}

fn wrong_subject(expected: &'static str, found: &str) -> LineError {
    LineError::Subject { expected, found: found.chars().take(64).collect() }
}

fn account(subject: &str) -> Result<std::borrow::Cow<'_, str>, LineError> {
    id_of(subject, "account/").map(Into::into).ok_or_else(|| wrong_subject("account/ID", subject))
}

fn conversation(subject: &str) -> Result<std::borrow::Cow<'_, str>, LineError> {
    id_of(subject, "conversation/")
        .map(Into::into)
        .ok_or_else(|| wrong_subject("conversation/ID", subject))
}

/// `fields.word(name, …)` for one of the model's word lists.
macro_rules! word {
    ($fields:expr, $name:literal, $list:ty) => {
        $fields.word($name, <$list>::from_word, <$list>::ALL, <$list>::as_str)
    };
}

fn body<'l>(type_: &str, subject: &'l str, data: Fields<'_, 'l>) -> Result<Body<'l>, LineError> {
    match type_.strip_prefix(TYPE_PREFIX).unwrap_or_default() {
        "notice.published" => notice_published(subject, data),
        "conversation.started" => Ok(Body::ConversationStarted {
            conversation: conversation(subject)?,
            account: data.text("account")?,
            surface: word!(data, "surface", Surface)?,
            incognito: data.optional_bool("incognito")?.unwrap_or(false),
            app: data.optional_text("app")?,
        }),
        "message.added" => message_added(subject, data),
        "feedback.given" => Ok(Body::FeedbackGiven {
            conversation: conversation(subject)?,
            message: data.text("message")?,
            rating: word!(data, "rating", Rating)?,
            comment: data.optional_text("comment")?,
        }),
        "safety.flagged" => safety_flagged(subject, data),
        "conversation.deleted" => {
            Ok(Body::ConversationDeleted { conversation: conversation(subject)? })
        }
        "hold.placed" => {
            let (on, subject) = hold_subject(subject)?;
            let (hold, reason) = (data.text("hold")?, data.optional_text("reason")?);
            Ok(Body::HoldPlaced { on, subject: subject.into(), hold, reason })
        }
        "hold.released" => {
            let (on, subject) = hold_subject(subject)?;
            let (hold, reason) = (data.text("hold")?, data.optional_text("reason")?);
            Ok(Body::HoldReleased { on, subject: subject.into(), hold, reason })
        }
        word => account_body(word, subject, data).unwrap_or_else(|| {
            Err(LineError::OutsideList {
                field: "type".to_owned(),
                expected: "the types of a history, such as consentry.account.opened".to_owned(),
                found: type_.chars().take(64).collect(),
            })
        }),
    }
}

/// The types that only ever concern an account.
const ACCOUNT_TYPES: [&str; 9] = [
    "account.opened",
    "account.plan_changed",
    "account.closed",
    "notice.deferred",
    "notice.accepted",
    "choice.recorded",
    "request.received",
    "programme.joined",
    "programme.left",
];

/// What only ever concerns an account; `None` for any other type.
fn account_body<'l>(
    word: &str,
    subject: &'l str,
    data: Fields<'_, 'l>,
) -> Option<Result<Body<'l>, LineError>> {
    let account = match account(subject) {
        Ok(account) => account,
        Err(error) => return ACCOUNT_TYPES.contains(&word).then_some(Err(error)),
    };
    let read = || {
        let body = match word {
            "account.opened" => Body::AccountOpened {
                account,
                plan: word!(data, "plan", Plan)?,
                region: data.optional_text("region")?,
                adult: data.optional_bool("adult")?.unwrap_or(true),
            },
            "account.plan_changed" => {
                Body::PlanChanged { account, plan: word!(data, "plan", Plan)? }
            }
            "account.closed" => Body::AccountClosed { account },
            "notice.deferred" => Body::NoticeDeferred { account, notice: data.text("notice")? },
            "notice.accepted" => Body::NoticeAccepted { account, notice: data.text("notice")? },
            "choice.recorded" => Body::ChoiceRecorded { account, choice: choice(data)? },
            "request.received" => {
                Body::RequestReceived { account, kind: word!(data, "kind", RequestKind)? }
            }
            "programme.joined" => {
                Body::ProgrammeJoined { account, programme: word!(data, "programme", Programme)? }
            }
            "programme.left" => {
                Body::ProgrammeLeft { account, programme: word!(data, "programme", Programme)? }
            }
            _ => return Ok(None),
        };
        Ok(Some(body))
    };
    read().transpose()
}

fn hold_subject(subject: &str) -> Result<(HoldSubject, &str), LineError> {
    if let Some(id) = id_of(subject, "account/") {
        Ok((HoldSubject::Account, id))
    } else if let Some(id) = id_of(subject, "conversation/") {
        Ok((HoldSubject::Conversation, id))
    } else {
        Err(wrong_subject("account/ID or conversation/ID", subject))
    }
}

fn notice_published<'l>(subject: &'l str, data: Fields<'_, 'l>) -> Result<Body<'l>, LineError> {
    Ok(Body::NoticePublished {
        subject: id_of(subject, "notice/")
            .ok_or_else(|| wrong_subject("notice/ID", subject))?
            .into(),
        notice: data.text("notice")?,
        deadline: data.optional_time("deadline")?,
    })
}

fn choice<'l>(data: Fields<'_, 'l>) -> Result<Choice<'l>, LineError> {
    Ok(Choice {
        purpose: data.text("purpose")?,
        granted: data.bool("granted")?,
        via: word!(data, "via", Via)?,
        notice: data.optional_text("notice")?,
        terms: data.optional_text("terms")?,
        preset: data.optional_bool("preset")?,
    })
}

fn safety_flagged<'l>(subject: &'l str, data: Fields<'_, 'l>) -> Result<Body<'l>, LineError> {
    #[expect(clippy::cast_precision_loss, reason = "a score is a small number")]
    let score = data.optional_number("score")?.map(|number| match number {
        StaticNode::I64(value) => value as f64,
        StaticNode::U64(value) => value as f64,
        StaticNode::F64(value) => value,
        StaticNode::Bool(_) | StaticNode::Null => f64::NAN,
    });
    Ok(Body::SafetyFlagged {
        conversation: conversation(subject)?,
        message: data.optional_text("message")?,
        category: data.text("category")?,
        score,
    })
}

fn message_added<'l>(subject: &'l str, data: Fields<'_, 'l>) -> Result<Body<'l>, LineError> {
    Ok(Body::MessageAdded {
        conversation: conversation(subject)?,
        message: data.text("message")?,
        role: word!(data, "role", Role)?,
        parts: elements(data.array("parts")?).map(part).collect::<Result<_, _>>()?,
    })
}

fn part<'l>(value: Value<'_, 'l>) -> Result<Part<'l>, LineError> {
    let fields = Fields::new(value, "data.parts[]", "data.parts[].")?;
    Ok(Part {
        kind: word!(fields, "kind", Kind)?,
        origin: word!(fields, "origin", Origin)?,
        text: fields.optional_text("text")?,
        name: fields.optional_text("name")?,
        connector: fields.optional_text("connector")?,
        media_type: fields.optional_text("media_type")?,
        // Any number is well-formed; only a whole one that is not negative is a size.
        bytes: fields.optional_number("bytes")?.and_then(|number| match number {
            StaticNode::U64(value) => Some(value),
            StaticNode::I64(value) => u64::try_from(value).ok(),
            StaticNode::F64(_) | StaticNode::Bool(_) | StaticNode::Null => None,
        }),
    })
}
