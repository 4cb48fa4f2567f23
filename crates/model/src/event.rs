//! One event of a history: a CloudEvents 1.0 object on one line.

mod digest;
mod fields;
mod parse;
mod write;

use crate::{
    HoldSubject, Instant, Kind, Origin, Plan, Programme, Rating, RequestKind, Role, Surface, Via,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

pub use digest::{ContentDigest, EventKey};
pub use parse::{LineError, Parsed, Parser};

/// What every `type` of a history begins with.
pub const TYPE_PREFIX: &str = "consentry.";

/// An event. Borrows its strings from the line it was read from where it can.
///
/// # Example
///
/// ```
/// use consentry_model::event::{Body, Event};
/// use consentry_model::{Instant, Plan};
///
/// let event = Event {
///     source: "app".into(),
///     id: "1".into(),
///     time: Instant::from_millis(0),
///     body: Body::AccountOpened { account: "ada".into(), plan: Plan::Pro, region: None, adult: true },
/// };
/// assert_eq!(
///     event.to_json_line(),
///     r#"{"specversion":"1.0","id":"1","source":"app","type":"consentry.account.opened","#.to_owned()
///         + r#""subject":"account/ada","time":"1970-01-01T00:00:00.000Z","data":{"plan":"pro"}}"#
///         + "\n"
/// );
/// ```
///
/// The `serde` form of an event is for short-lived binary storage between two passes of one
/// program; the form that lasts is the line of JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event<'a> {
    /// Who recorded it. An event is known by (`source`, `id`).
    #[serde(borrow)]
    pub source: Cow<'a, str>,
    /// Unique within `source`.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// When it happened.
    pub time: Instant,
    /// What happened, and to whom.
    pub body: Body<'a>,
}

/// What happened. The subject (`account/ID`, `conversation/ID`, `notice/ID`) is the first field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of the history format, named as there")]
pub enum Body<'a> {
    /// `account.opened`
    AccountOpened {
        #[serde(borrow)]
        account: Cow<'a, str>,
        plan: Plan,
        region: Option<Cow<'a, str>>,
        adult: bool,
    },
    /// `account.plan_changed`
    PlanChanged {
        #[serde(borrow)]
        account: Cow<'a, str>,
        plan: Plan,
    },
    /// `account.closed`
    AccountClosed {
        #[serde(borrow)]
        account: Cow<'a, str>,
    },
    /// `notice.published`. `subject` is the subject's id; the notice is known by `notice`.
    NoticePublished {
        #[serde(borrow)]
        subject: Cow<'a, str>,
        #[serde(borrow)]
        notice: Cow<'a, str>,
        deadline: Option<Instant>,
    },
    /// `notice.deferred`: "not now".
    NoticeDeferred {
        #[serde(borrow)]
        account: Cow<'a, str>,
        #[serde(borrow)]
        notice: Cow<'a, str>,
    },
    /// `notice.accepted`: the terms were accepted, which is not yet a choice.
    NoticeAccepted {
        #[serde(borrow)]
        account: Cow<'a, str>,
        #[serde(borrow)]
        notice: Cow<'a, str>,
    },
    /// `choice.recorded`
    ChoiceRecorded {
        #[serde(borrow)]
        account: Cow<'a, str>,
        #[serde(borrow)]
        choice: Choice<'a>,
    },
    /// `request.received`
    RequestReceived {
        #[serde(borrow)]
        account: Cow<'a, str>,
        kind: RequestKind,
    },
    /// `programme.joined`
    ProgrammeJoined {
        #[serde(borrow)]
        account: Cow<'a, str>,
        programme: Programme,
    },
    /// `programme.left`
    ProgrammeLeft {
        #[serde(borrow)]
        account: Cow<'a, str>,
        programme: Programme,
    },
    /// `conversation.started`
    ConversationStarted {
        #[serde(borrow)]
        conversation: Cow<'a, str>,
        #[serde(borrow)]
        account: Cow<'a, str>,
        surface: Surface,
        incognito: bool,
        app: Option<Cow<'a, str>>,
    },
    /// `message.added`
    MessageAdded {
        #[serde(borrow)]
        conversation: Cow<'a, str>,
        #[serde(borrow)]
        message: Cow<'a, str>,
        role: Role,
        parts: Vec<Part<'a>>,
    },
    /// `feedback.given`
    FeedbackGiven {
        #[serde(borrow)]
        conversation: Cow<'a, str>,
        #[serde(borrow)]
        message: Cow<'a, str>,
        rating: Rating,
        comment: Option<Cow<'a, str>>,
    },
    /// `safety.flagged`
    SafetyFlagged {
        #[serde(borrow)]
        conversation: Cow<'a, str>,
        message: Option<Cow<'a, str>>,
        #[serde(borrow)]
        category: Cow<'a, str>,
        score: Option<f64>,
    },
    /// `conversation.deleted`
    ConversationDeleted {
        #[serde(borrow)]
        conversation: Cow<'a, str>,
    },
    /// `hold.placed`
    HoldPlaced {
        on: HoldSubject,
        #[serde(borrow)]
        subject: Cow<'a, str>,
        #[serde(borrow)]
        hold: Cow<'a, str>,
        reason: Option<Cow<'a, str>>,
    },
    /// `hold.released`
    HoldReleased {
        on: HoldSubject,
        #[serde(borrow)]
        subject: Cow<'a, str>,
        #[serde(borrow)]
        hold: Cow<'a, str>,
        reason: Option<Cow<'a, str>>,
    },
}

/// What an account said about one purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice<'a> {
    /// A free word; [`crate::words::MODEL_IMPROVEMENT`] is the one that training asks for.
    #[serde(borrow)]
    pub purpose: Cow<'a, str>,
    /// On (`true`) or off.
    pub granted: bool,
    /// Where it was said.
    pub via: Via,
    /// The notice in which it was said.
    pub notice: Option<Cow<'a, str>>,
    /// The version of the terms that was shown.
    pub terms: Option<Cow<'a, str>>,
    /// The state of the switch when it was shown.
    pub preset: Option<bool>,
}

/// The smallest thing decided on: one content block of one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part<'a> {
    /// What it is.
    pub kind: Kind,
    /// Where its content comes from.
    pub origin: Origin,
    /// The content, where it is text. A tool call holds its arguments as JSON text.
    pub text: Option<Cow<'a, str>>,
    /// The name of a tool or a file.
    pub name: Option<Cow<'a, str>>,
    /// Which connector, when the origin is one: `google-drive`, `mcp:github`.
    pub connector: Option<Cow<'a, str>>,
    /// The media type of a file or picture.
    pub media_type: Option<Cow<'a, str>>,
    /// Size in bytes of content that is not text.
    pub bytes: Option<u64>,
}

impl<'a> Part<'a> {
    /// A part with nothing but its kind and origin.
    #[must_use]
    pub const fn new(kind: Kind, origin: Origin) -> Self {
        Self {
            kind,
            origin,
            text: None,
            name: None,
            connector: None,
            media_type: None,
            bytes: None,
        }
    }

    /// The same part with this text.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        self.text = Some(text.into());
        self
    }
}

impl Body<'_> {
    /// The event's type without the [`TYPE_PREFIX`].
    #[must_use]
    pub const fn type_word(&self) -> &'static str {
        match self {
            Self::AccountOpened { .. } => "account.opened",
            Self::PlanChanged { .. } => "account.plan_changed",
            Self::AccountClosed { .. } => "account.closed",
            Self::NoticePublished { .. } => "notice.published",
            Self::NoticeDeferred { .. } => "notice.deferred",
            Self::NoticeAccepted { .. } => "notice.accepted",
            Self::ChoiceRecorded { .. } => "choice.recorded",
            Self::RequestReceived { .. } => "request.received",
            Self::ProgrammeJoined { .. } => "programme.joined",
            Self::ProgrammeLeft { .. } => "programme.left",
            Self::ConversationStarted { .. } => "conversation.started",
            Self::MessageAdded { .. } => "message.added",
            Self::FeedbackGiven { .. } => "feedback.given",
            Self::SafetyFlagged { .. } => "safety.flagged",
            Self::ConversationDeleted { .. } => "conversation.deleted",
            Self::HoldPlaced { .. } => "hold.placed",
            Self::HoldReleased { .. } => "hold.released",
        }
    }

    /// The subject's kind (`account`, `conversation`, `notice`) and id.
    #[must_use]
    pub fn subject(&self) -> (&'static str, &str) {
        match self {
            Self::AccountOpened { account, .. }
            | Self::PlanChanged { account, .. }
            | Self::AccountClosed { account }
            | Self::NoticeDeferred { account, .. }
            | Self::NoticeAccepted { account, .. }
            | Self::ChoiceRecorded { account, .. }
            | Self::RequestReceived { account, .. }
            | Self::ProgrammeJoined { account, .. }
            | Self::ProgrammeLeft { account, .. } => ("account", account),
            Self::NoticePublished { subject, .. } => ("notice", subject),
            Self::ConversationStarted { conversation, .. }
            | Self::MessageAdded { conversation, .. }
            | Self::FeedbackGiven { conversation, .. }
            | Self::SafetyFlagged { conversation, .. }
            | Self::ConversationDeleted { conversation } => ("conversation", conversation),
            Self::HoldPlaced { on, subject, .. } | Self::HoldReleased { on, subject, .. } => {
                (on.as_str(), subject)
            }
        }
    }
}
