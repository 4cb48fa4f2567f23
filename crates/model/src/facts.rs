//! Facts as a policy sees them: one flat row of attributes for each thing decided on.

use crate::account::{AccountFacts, AccountTimeline, ChoiceState};
use crate::conversation::{ConversationFacts, ConversationTimeline, Feedback, Message};
use crate::{Instant, Kind, Origin, Part, Plan, Rating, Role, Surface};

/// What a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// A part in the conversation store.
    Part,
    /// A part of a feedback copy.
    FeedbackPart,
    /// A conversation as a whole.
    Conversation,
    /// An account as a whole.
    Account,
}

impl Resource {
    /// The name of the type in a policy set's schema.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Part => "Part",
            Self::FeedbackPart => "FeedbackPart",
            Self::Conversation => "Conversation",
            Self::Account => "Account",
        }
    }
}

/// The type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// UTF-8 text.
    Text,
    /// True or false.
    Bool,
    /// An instant.
    Time,
}

macro_rules! attributes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal: $type:ident,)+) => {
        /// One attribute of a row of facts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Attribute { $($(#[$doc])* $variant,)+ }

        impl Attribute {
            /// Every attribute, in the order of its declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in schemas and in columns.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The attribute's type.
            #[must_use]
            pub const fn type_of(self) -> Type {
                match self { $(Self::$variant => Type::$type,)+ }
            }

            /// The attribute with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

attributes! {
    /// The account's plan: of a part at the part's time, otherwise at the instant of the facts.
    Plan = "plan": Text,
    /// `on`, `off` or `unset`.
    Choice = "choice": Text,
    /// When the present unbroken run of the choice began.
    ChoiceSince = "choice_since": Time,
    /// Since when the account is a trusted tester.
    TrustedTesterSince = "trusted_tester_since": Time,
    /// Since when the account is a development partner.
    DevelopmentPartnerSince = "development_partner_since": Time,
    /// When the account was closed.
    AccountClosedAt = "account_closed_at": Time,
    /// Whether the account's holder is an adult.
    Adult = "adult": Bool,
    /// The account's region.
    Region = "region": Text,
    /// Whether a hold is placed on the account.
    AccountHeld = "account_held": Bool,
    /// The earliest deadline of the notices in force.
    EarliestDeadline = "earliest_deadline": Time,
    /// Where the conversation took place.
    Surface = "surface": Text,
    /// Whether the conversation leaves no history.
    Incognito = "incognito": Bool,
    /// A third party's product.
    App = "app": Text,
    /// When the conversation started.
    StartedAt = "started_at": Time,
    /// The latest of the conversation's start and its messages.
    LastActivity = "last_activity": Time,
    /// When the conversation was deleted.
    DeletedAt = "deleted_at": Time,
    /// When the conversation was last flagged.
    FlaggedAt = "flagged_at": Time,
    /// Whether a hold is placed on the conversation.
    ConversationHeld = "conversation_held": Bool,
    /// The part's time.
    At = "at": Time,
    /// Who the part's message speaks for.
    Role = "role": Text,
    /// The part's kind.
    Kind = "kind": Text,
    /// Where the part's content comes from.
    Origin = "origin": Text,
    /// Which connector.
    Connector = "connector": Text,
    /// When the feedback was given that made the copy.
    FeedbackAt = "feedback_at": Time,
    /// How the rated message was rated.
    Rating = "rating": Text,
}

impl Attribute {
    /// The attributes in which the parts of one conversation, or of one feedback copy, can differ.
    /// All others are the same for all of its parts.
    pub const OF_PART: [Self; 6] =
        [Self::Plan, Self::At, Self::Role, Self::Kind, Self::Origin, Self::Connector];

    /// The words that a text attribute is one of in every fact of a history; `None` where any text
    /// will do, and for attributes that are no text.
    ///
    /// ```
    /// use consentry_model::facts::Attribute;
    /// assert_eq!(Attribute::Choice.words().unwrap(), ["unset", "on", "off"]);
    /// assert_eq!(Attribute::Region.words(), None);
    /// ```
    #[must_use]
    pub fn words(self) -> Option<Vec<&'static str>> {
        Some(match self {
            Self::Plan => Plan::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Choice => {
                let states = [ChoiceState::Unset, ChoiceState::On, ChoiceState::Off];
                states.map(ChoiceState::as_str).to_vec()
            }
            Self::Surface => Surface::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Role => Role::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Kind => Kind::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Origin => Origin::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Rating => Rating::ALL.iter().map(|word| word.as_str()).collect(),
            _ => return None,
        })
    }
}

/// How many attributes there are.
pub const ATTRIBUTE_COUNT: usize = Attribute::ALL.len();

/// The value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value<'a> {
    /// UTF-8 text.
    Text(&'a str),
    /// True or false.
    Bool(bool),
    /// An instant.
    Time(Instant),
}

/// One row: what a policy may ask about one resource at one instant. An attribute without a value
/// is absent, as Cedar's `has` sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Facts<'a> {
    /// What the row is about.
    pub resource: Resource,
    values: [Option<Value<'a>>; ATTRIBUTE_COUNT],
}

impl<'a> Facts<'a> {
    /// A row without any value.
    #[must_use]
    pub const fn new(resource: Resource) -> Self {
        Self { resource, values: [None; ATTRIBUTE_COUNT] }
    }

    /// The value of an attribute, if it has one.
    #[must_use]
    pub fn get(&self, attribute: Attribute) -> Option<Value<'a>> {
        self.values.get(attribute as usize).copied().flatten()
    }

    /// Sets or clears an attribute.
    pub fn set(&mut self, attribute: Attribute, value: Option<Value<'a>>) {
        if let Some(slot) = self.values.get_mut(attribute as usize) {
            *slot = value;
        }
    }

    /// The instant of a time attribute.
    #[must_use]
    pub fn time(&self, attribute: Attribute) -> Option<Instant> {
        match self.get(attribute) {
            Some(Value::Time(instant)) => Some(instant),
            _ => None,
        }
    }

    /// The attributes that have a value.
    pub fn iter(&self) -> impl Iterator<Item = (Attribute, Value<'a>)> + '_ {
        Attribute::ALL.iter().filter_map(|name| Some((*name, self.get(*name)?)))
    }

    /// The row of an account. `deadline` is the earliest one of the notices in force.
    #[must_use]
    pub fn of_account(account: &AccountFacts<'a>, deadline: Option<Instant>) -> Self {
        let mut facts = Self::new(Resource::Account);
        facts.set_account(account);
        facts.set(Attribute::EarliestDeadline, deadline.map(Value::Time));
        facts
    }

    /// The row of a conversation.
    #[must_use]
    pub fn of_conversation(
        account: &AccountFacts<'a>,
        conversation: &ConversationFacts<'a>,
    ) -> Self {
        let mut facts = Self::new(Resource::Conversation);
        facts.set_account(account);
        facts.set_conversation(conversation);
        facts
    }

    /// The rows of every part of a conversation at an instant, in the order of its messages, each
    /// with its message and its index there. Empty when the conversation is not started, or its
    /// account not opened, by then.
    #[must_use]
    pub fn of_parts(
        holder: &'a AccountTimeline,
        conversation: &'a ConversationTimeline<'a>,
        instant: Instant,
    ) -> Vec<PartRow<'a>> {
        let (Some(account), Some(facts)) = (holder.at(instant), conversation.at(instant)) else {
            return Vec::new();
        };
        let base = Self::of_conversation(&account, &facts);
        let mut rows = Vec::new();
        for message in conversation.messages_at(instant) {
            let plan = holder.plan_at(message.at);
            for (index, part) in message.parts.iter().enumerate() {
                let mut facts = base.clone();
                facts.turn_to_part(message, part, plan);
                rows.push(PartRow { message, index, part, facts });
            }
        }
        rows
    }

    /// The row of one part at an instant, as [`Self::of_parts`] gives it; `None` where that gives
    /// none. `message` and `part` must be the conversation's.
    #[must_use]
    pub fn of_part(
        holder: &'a AccountTimeline,
        conversation: &'a ConversationTimeline<'a>,
        message: &'a Message<'a>,
        part: &'a Part<'a>,
        instant: Instant,
    ) -> Option<Self> {
        let (account, facts) = (holder.at(instant)?, conversation.at(instant)?);
        let mut row = Self::of_conversation(&account, &facts);
        row.turn_to_part(message, part, holder.plan_at(message.at));
        (message.at <= instant).then_some(row)
    }

    /// Turns the row of a conversation, or of one of its parts, into that of a part of it. Of the
    /// attributes only those of [`Attribute::OF_PART`] change. `plan` is the account's at the time
    /// of the message.
    pub fn turn_to_part(&mut self, message: &Message<'_>, part: &'a Part<'_>, plan: Option<Plan>) {
        self.resource = Resource::Part;
        self.set(Attribute::Plan, plan.map(|plan| Value::Text(plan.as_str())));
        self.set(Attribute::At, Some(Value::Time(message.at)));
        self.turn_to_copied(message.role, part);
    }

    /// The row of one part of a feedback copy. It carries nothing of the account or conversation.
    #[must_use]
    pub fn of_copy(feedback: &Feedback<'_>, message: &Message<'_>, part: &'a Part<'_>) -> Self {
        let mut facts = Self::of_feedback(feedback.at, feedback.rating);
        facts.turn_to_copied(message.role, part);
        facts
    }

    /// What the parts of a feedback copy have in common: when the rating was given, and which.
    #[must_use]
    pub fn of_feedback(at: Instant, rating: Rating) -> Self {
        let mut facts = Self::new(Resource::FeedbackPart);
        facts.set(Attribute::FeedbackAt, Some(Value::Time(at)));
        facts.set(Attribute::Rating, Some(Value::Text(rating.as_str())));
        facts
    }

    /// Turns the row of a feedback copy, or of one of its parts, into that of a part of it. Of the
    /// attributes only those of [`Attribute::OF_PART`] change. `role` is that of its message.
    pub fn turn_to_copied(&mut self, role: Role, part: &'a Part<'_>) {
        self.set(Attribute::Role, Some(Value::Text(role.as_str())));
        self.set(Attribute::Kind, Some(Value::Text(part.kind.as_str())));
        self.set(Attribute::Origin, Some(Value::Text(part.origin.as_str())));
        self.set(Attribute::Connector, part.connector.as_deref().map(Value::Text));
    }

    fn set_account(&mut self, account: &AccountFacts<'a>) {
        let time = |instant: Option<Instant>| instant.map(Value::Time);
        self.set(Attribute::Plan, Some(Value::Text(account.plan.as_str())));
        self.set(Attribute::Choice, Some(Value::Text(account.choice.as_str())));
        self.set(Attribute::ChoiceSince, time(account.choice_since));
        self.set(Attribute::TrustedTesterSince, time(account.trusted_tester_since));
        self.set(Attribute::DevelopmentPartnerSince, time(account.development_partner_since));
        self.set(Attribute::AccountClosedAt, time(account.closed_at));
        self.set(Attribute::Adult, Some(Value::Bool(account.adult)));
        self.set(Attribute::Region, account.region.map(Value::Text));
        self.set(Attribute::AccountHeld, Some(Value::Bool(account.held)));
    }

    fn set_conversation(&mut self, conversation: &ConversationFacts<'a>) {
        let time = |instant: Option<Instant>| instant.map(Value::Time);
        self.set(Attribute::Surface, Some(Value::Text(conversation.surface.as_str())));
        self.set(Attribute::Incognito, Some(Value::Bool(conversation.incognito)));
        self.set(Attribute::App, conversation.app.map(Value::Text));
        self.set(Attribute::StartedAt, time(Some(conversation.started_at)));
        self.set(Attribute::LastActivity, time(Some(conversation.last_activity)));
        self.set(Attribute::DeletedAt, time(conversation.deleted_at));
        self.set(Attribute::FlaggedAt, time(conversation.flagged_at));
        self.set(Attribute::ConversationHeld, Some(Value::Bool(conversation.held)));
    }
}

/// The facts of one part, with where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct PartRow<'t> {
    /// The message that holds it.
    pub message: &'t Message<'t>,
    /// Its index in the message, from 0.
    pub index: usize,
    /// The part itself.
    pub part: &'t Part<'t>,
    /// The row that policies see.
    pub facts: Facts<'t>,
}
