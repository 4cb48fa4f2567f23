//! Folding the events of one conversation, and the feedback copies that it leaves behind.

mod owned;

use crate::account::{AccountTimeline, Order};
use crate::event::{Body, Event, EventKey};
use crate::{HoldSubject, Instant, Origin, Part, Rating, Role, Surface};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message<'a> {
    /// When it was added.
    pub at: Instant,
    /// Its place among events of that instant.
    pub order: Order,
    /// Unique within the conversation.
    pub id: Cow<'a, str>,
    /// Who it speaks for.
    pub role: Role,
    /// Its content blocks.
    pub parts: Vec<Part<'a>>,
}

/// One rating that was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feedback<'a> {
    /// When it was given.
    pub at: Instant,
    /// Its place among events of that instant.
    pub order: Order,
    /// The recorder of the event.
    pub source: Cow<'a, str>,
    /// The event's id within `source`.
    pub id: Cow<'a, str>,
    /// The rated message.
    pub message: Cow<'a, str>,
    /// Good or bad.
    pub rating: Rating,
    /// What the person wrote with it.
    pub comment: Option<Cow<'a, str>>,
}

/// How a conversation began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start<'a> {
    /// When.
    pub at: Instant,
    /// Its place among events of that instant.
    pub order: Order,
    /// Whose it is.
    pub account: Cow<'a, str>,
    /// On which product surface.
    pub surface: Surface,
    /// Whether it was started as one that leaves no history.
    pub incognito: bool,
    /// A third party's product, if it took place in one.
    pub app: Option<Cow<'a, str>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Change<'a> {
    Deleted,
    Flagged { message: Option<Cow<'a, str>> },
    HoldPlaced(Cow<'a, str>),
    HoldReleased(Cow<'a, str>),
}

/// Everything that was recorded about one conversation, in the order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationTimeline<'a> {
    /// The conversation's id.
    pub id: Cow<'a, str>,
    /// Every start that was recorded. A valid history has exactly one.
    pub starts: Vec<Start<'a>>,
    /// The messages by time, then order.
    pub messages: Vec<Message<'a>>,
    /// The ratings by time, then order.
    pub feedback: Vec<Feedback<'a>>,
    changes: Vec<(Instant, Order, Change<'a>)>,
}

/// What is true about a conversation at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationFacts<'a> {
    /// Whose it is.
    pub account: &'a str,
    /// Where it took place.
    pub surface: Surface,
    /// Whether it was started as one that leaves no history.
    pub incognito: bool,
    /// A third party's product.
    pub app: Option<&'a str>,
    /// When it started.
    pub started_at: Instant,
    /// The latest of its start and its messages.
    pub last_activity: Instant,
    /// The first deletion.
    pub deleted_at: Option<Instant>,
    /// The latest safety flag.
    pub flagged_at: Option<Instant>,
    /// Whether a hold is placed on the conversation.
    pub held: bool,
}

/// A copy that one rating made: references into its timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedbackCopy<'t, 'a> {
    /// The rating.
    pub feedback: &'t Feedback<'a>,
    /// The parts in time order; a part's number in the copy is its index here.
    pub parts: Vec<(&'t Message<'a>, &'t Part<'a>)>,
}

impl<'a> ConversationTimeline<'a> {
    /// A conversation of which nothing is known yet.
    #[must_use]
    pub fn new(id: impl Into<Cow<'a, str>>) -> Self {
        Self {
            id: id.into(),
            starts: Vec::new(),
            messages: Vec::new(),
            feedback: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Adds an event of this conversation. Events about something else are let pass. Events may
    /// come in any order; call [`Self::sort`] before asking.
    pub fn push(&mut self, order: Order, event: Event<'a>) {
        let at = event.time;
        let change = match event.body {
            Body::ConversationStarted { account, surface, incognito, app, .. } => {
                self.starts.push(Start { at, order, account, surface, incognito, app });
                return;
            }
            Body::MessageAdded { message, role, parts, .. } => {
                self.messages.push(Message { at, order, id: message, role, parts });
                return;
            }
            Body::FeedbackGiven { message, rating, comment, .. } => {
                let (source, id) = (event.source, event.id);
                self.feedback.push(Feedback { at, order, source, id, message, rating, comment });
                return;
            }
            Body::SafetyFlagged { message, .. } => Change::Flagged { message },
            Body::ConversationDeleted { .. } => Change::Deleted,
            Body::HoldPlaced { on: HoldSubject::Conversation, hold, .. } => {
                Change::HoldPlaced(hold)
            }
            Body::HoldReleased { on: HoldSubject::Conversation, hold, .. } => {
                Change::HoldReleased(hold)
            }
            _ => return,
        };
        self.changes.push((at, order, change));
    }

    /// Brings everything into the order of time.
    pub fn sort(&mut self) {
        self.starts.sort_by_key(|start| (start.at, start.order));
        self.messages.sort_by_key(|message| (message.at, message.order));
        self.feedback.sort_by_key(|feedback| (feedback.at, feedback.order));
        self.changes.sort_by_key(|(at, order, _)| (*at, *order));
    }

    /// The lines that name a message, with the message: ratings and flags.
    pub fn message_references(&self) -> impl Iterator<Item = (Order, &str)> + '_ {
        let rated = self.feedback.iter().map(|given| (given.order, given.message.as_ref()));
        let flagged = self.changes.iter().filter_map(|(_, order, change)| match change {
            Change::Flagged { message } => message.as_deref().map(|message| (*order, message)),
            _ => None,
        });
        rated.chain(flagged)
    }

    /// The lines of everything that was recorded.
    pub fn orders(&self) -> impl Iterator<Item = Order> + '_ {
        (self.starts.iter().map(|start| start.order))
            .chain(self.messages.iter().map(|message| message.order))
            .chain(self.feedback.iter().map(|given| given.order))
            .chain(self.changes.iter().map(|(_, order, _)| *order))
    }

    /// Forgets the events of these lines.
    pub fn remove(&mut self, orders: &BTreeSet<Order>) {
        self.starts.retain(|start| !orders.contains(&start.order));
        self.messages.retain(|message| !orders.contains(&message.order));
        self.feedback.retain(|given| !orders.contains(&given.order));
        self.changes.retain(|(_, order, _)| !orders.contains(order));
    }

    /// The instants at which something changes, messages included, in no particular order.
    pub fn instants(&self) -> impl Iterator<Item = Instant> + '_ {
        (self.starts.iter().map(|start| start.at))
            .chain(self.messages.iter().map(|message| message.at))
            .chain(self.feedback.iter().map(|given| given.at))
            .chain(self.changes.iter().map(|(at, ..)| *at))
    }

    /// The messages added by an instant.
    pub fn messages_at(&self, instant: Instant) -> &[Message<'a>] {
        let count = self.messages.partition_point(|message| message.at <= instant);
        self.messages.get(..count).unwrap_or_default()
    }

    /// What is true at an instant; `None` before the start.
    #[must_use]
    pub fn at(&self, instant: Instant) -> Option<ConversationFacts<'_>> {
        let start = self.starts.first().filter(|start| start.at <= instant)?;
        let mut facts = ConversationFacts {
            account: &start.account,
            surface: start.surface,
            incognito: start.incognito,
            app: start.app.as_deref(),
            started_at: start.at,
            last_activity: start.at,
            deleted_at: None,
            flagged_at: None,
            held: !self.holds_at(instant).is_empty(),
        };
        if let Some(last) = self.messages_at(instant).last() {
            facts.last_activity = facts.last_activity.max(last.at);
        }
        for (at, _, change) in self.changes.iter().take_while(|(at, ..)| *at <= instant) {
            match change {
                Change::Deleted => facts.deleted_at = facts.deleted_at.or(Some(*at)),
                Change::Flagged { .. } => facts.flagged_at = Some(*at),
                Change::HoldPlaced(_) | Change::HoldReleased(_) => {}
            }
        }
        Some(facts)
    }

    /// The ids of the holds in force at an instant.
    #[must_use]
    pub fn holds_at(&self, instant: Instant) -> BTreeSet<&str> {
        let mut holds = BTreeSet::new();
        for (_, _, change) in self.changes.iter().take_while(|(at, ..)| *at <= instant) {
            match change {
                Change::HoldPlaced(hold) => drop(holds.insert(hold.as_ref())),
                Change::HoldReleased(hold) => drop(holds.remove(hold.as_ref())),
                Change::Deleted | Change::Flagged { .. } => {}
            }
        }
        holds
    }

    /// The copies that exist at an instant: one for each rating given by then, unless at the moment
    /// of the rating the account was not open yet, not adult or closed, or the conversation not
    /// started yet, incognito or deleted. A copy holds every part with a time up to the rating's,
    /// except those of origin `connector`.
    #[must_use]
    pub fn feedback_copies(
        &self,
        account: &AccountTimeline,
        instant: Instant,
    ) -> Vec<FeedbackCopy<'_, 'a>> {
        let given = self.feedback.iter().take_while(|given| given.at <= instant);
        given.filter_map(|feedback| self.copy(account, feedback)).collect()
    }

    fn copy<'t>(
        &'t self,
        account: &AccountTimeline,
        feedback: &'t Feedback<'a>,
    ) -> Option<FeedbackCopy<'t, 'a>> {
        let holder = account.at(feedback.at)?;
        let conversation = self.at(feedback.at)?;
        if !holder.adult
            || holder.closed_at.is_some()
            || conversation.incognito
            || conversation.deleted_at.is_some()
        {
            return None;
        }
        let parts = self
            .messages_at(feedback.at)
            .iter()
            .flat_map(|message| message.parts.iter().map(move |part| (message, part)))
            .filter(|(_, part)| part.origin != Origin::Connector)
            .collect();
        Some(FeedbackCopy { feedback, parts })
    }
}

impl Feedback<'_> {
    /// The copy's opaque id: 32 hexadecimal digits of a keyed hash of the event's source and id.
    /// Nothing leads back from it without `key`, which is kept apart from every dataset.
    #[must_use]
    pub fn opaque_id(&self, key: &[u8; 32]) -> String {
        opaque_id(key, &EventKey::new(&self.source, &self.id).0)
    }
}

/// 32 hexadecimal digits of a keyed BLAKE3 hash.
#[must_use]
pub fn opaque_id(key: &[u8; 32], of: &[u8]) -> String {
    let hex = blake3::keyed_hash(key, of).to_hex();
    hex.chars().take(32).collect()
}
