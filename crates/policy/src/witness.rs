//! A row of facts with a question about it, as an example of something that was found.

use consentry_model::Instant;
use consentry_model::event::{Body, Choice, Event, Part};
use consentry_model::facts::{Attribute as A, Facts, Resource, Value};
use consentry_model::{HoldSubject, Kind, Origin, Plan, Programme, Rating, Role, Surface, Via};
use std::fmt::Write as _;

/// The value of an attribute, owned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// UTF-8 text.
    Text(String),
    /// True or false.
    Bool(bool),
    /// An instant.
    Time(Instant),
}

/// A concrete question: about one row of facts, for one purpose, at one instant. There is a history
/// that gives this row: [`Witness::history`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// What the row is about.
    pub resource: Resource,
    /// The facts that are there, in the order of [`A::ALL`].
    pub facts: Vec<(A, Fact)>,
    /// What for.
    pub purpose: String,
    /// The instant of the question.
    pub now: Instant,
}

impl Witness {
    /// The row, as engines take it.
    #[must_use]
    pub fn row(&self) -> Facts<'_> {
        let mut row = Facts::new(self.resource);
        for (attribute, fact) in &self.facts {
            row.set(
                *attribute,
                Some(match fact {
                    Fact::Text(text) => Value::Text(text),
                    Fact::Bool(value) => Value::Bool(*value),
                    Fact::Time(at) => Value::Time(*at),
                }),
            );
        }
        row
    }

    fn text(&self, attribute: A) -> Option<&str> {
        self.facts.iter().find_map(|(known, fact)| match fact {
            Fact::Text(text) if *known == attribute => Some(text.as_str()),
            _ => None,
        })
    }

    fn time(&self, attribute: A) -> Option<Instant> {
        self.facts.iter().find_map(|(known, fact)| match fact {
            Fact::Time(at) if *known == attribute => Some(*at),
            _ => None,
        })
    }

    fn yes(&self, attribute: A) -> Option<bool> {
        self.facts.iter().find_map(|(known, fact)| match fact {
            Fact::Bool(value) if *known == attribute => Some(*value),
            _ => None,
        })
    }

    /// The same row with another value, or none, of one attribute.
    pub(crate) fn with(&self, attribute: A, fact: Option<Fact>) -> Self {
        let mut facts = self.facts.clone();
        facts.retain(|(known, _)| *known != attribute);
        facts.extend(fact.map(|fact| (attribute, fact)));
        facts.sort_by_key(|(known, _)| *known);
        Self { facts, ..self.clone() }
    }

    /// The latest instant at which any of its facts came about: from then on the row holds.
    #[must_use]
    pub fn holds_from(&self) -> Instant {
        let mut times: Vec<_> = self
            .facts
            .iter()
            .filter_map(|(attribute, fact)| match fact {
                Fact::Time(at) if *attribute != A::EarliestDeadline => Some(*at),
                _ => None,
            })
            .collect();
        if self.resource == Resource::Part && self.text(A::Plan).is_none() {
            times.extend(self.time(A::At).and_then(|at| at.checked_add_millis(1)));
        }
        times.into_iter().max().unwrap_or(self.now)
    }

    /// The witness in words, for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.tell(&mut text);
        text
    }

    fn tell(&self, out: &mut String) -> std::fmt::Result {
        match self.resource {
            Resource::Account => self.tell_account(out, "")?,
            Resource::Conversation => {
                self.tell_conversation(out)?;
                self.tell_account(out, " of ")?;
            }
            Resource::Part => {
                self.tell_part(out)?;
                write!(out, " of ")?;
                self.tell_conversation(out)?;
                self.tell_account(out, " of ")?;
            }
            Resource::FeedbackPart => {
                self.tell_part(out)?;
                if let Some(at) = self.time(A::FeedbackAt) {
                    let rating = self.text(A::Rating).unwrap_or("up");
                    write!(out, ", copied by feedback (rated {rating}) at {at}")?;
                }
            }
        }
        Ok(())
    }

    fn tell_part(&self, out: &mut String) -> std::fmt::Result {
        write!(
            out,
            "a part (kind {}, origin {}",
            self.text(A::Kind).unwrap_or("text"),
            self.text(A::Origin).unwrap_or("user")
        )?;
        if let Some(connector) = self.text(A::Connector) {
            write!(out, ", connector {connector:?}")?;
        }
        write!(out, ") of a message by {}", self.text(A::Role).unwrap_or("user"))?;
        self.tell_time(out, A::At, " written at ")
    }

    fn tell_time(&self, out: &mut String, attribute: A, words: &str) -> std::fmt::Result {
        match self.time(attribute) {
            Some(at) => write!(out, "{words}{at}"),
            None => Ok(()),
        }
    }

    fn tell_conversation(&self, out: &mut String) -> std::fmt::Result {
        let incognito = if self.yes(A::Incognito) == Some(true) { "an incognito" } else { "a" };
        write!(out, "{incognito} conversation on {}", self.text(A::Surface).unwrap_or("chat"))?;
        if let Some(app) = self.text(A::App) {
            write!(out, " in the app {app:?}")?;
        }
        self.tell_time(out, A::StartedAt, ", started at ")?;
        self.tell_time(out, A::LastActivity, ", last active at ")?;
        self.tell_time(out, A::FlaggedAt, ", flagged at ")?;
        self.tell_time(out, A::DeletedAt, ", deleted at ")?;
        if self.yes(A::ConversationHeld) == Some(true) {
            write!(out, ", under a legal hold")?;
        }
        Ok(())
    }

    fn tell_account(&self, out: &mut String, before: &str) -> std::fmt::Result {
        write!(out, "{before}an account")?;
        match self.text(A::Plan) {
            Some(plan) => write!(out, " on plan {plan}")?,
            None => write!(out, " opened after the part was written")?,
        }
        match self.text(A::Choice) {
            None | Some("unset") => write!(out, ", choice unset")?,
            Some(choice) => {
                write!(out, ", choice {choice}")?;
                self.tell_time(out, A::ChoiceSince, " since ")?;
            }
        }
        self.tell_time(out, A::TrustedTesterSince, ", trusted tester since ")?;
        self.tell_time(out, A::DevelopmentPartnerSince, ", development partner since ")?;
        self.tell_time(out, A::AccountClosedAt, ", closed at ")?;
        self.tell_time(out, A::EarliestDeadline, ", a notice's deadline at ")?;
        if self.yes(A::Adult) == Some(false) {
            write!(out, ", not an adult")?;
        }
        if self.yes(A::AccountHeld) == Some(true) {
            write!(out, ", under a legal hold")?;
        }
        if let Some(region) = self.text(A::Region) {
            write!(out, ", region {region:?}")?;
        }
        Ok(())
    }

    /// A history that gives this row at [`Self::now`]: lines of JSON. It has one account `ada` and,
    /// where the row is about more than an account, one conversation `talk`, whose message `asked`
    /// holds the part. For the part of a feedback copy, the copy is the only one.
    #[must_use]
    pub fn history(&self) -> String {
        let mut told = Telling { witness: self, lines: String::new(), count: 0 };
        told.account();
        if self.resource != Resource::Account {
            told.conversation();
        }
        told.lines
    }
}

/// Writing a history, event by event.
struct Telling<'w> {
    witness: &'w Witness,
    lines: String,
    count: usize,
}

const ACCOUNT: &str = "ada";
const TALK: &str = "talk";

impl Telling<'_> {
    fn event(&mut self, time: Instant, body: Body<'_>) {
        self.count += 1;
        let id = self.count.to_string();
        let event = Event { source: "witness".into(), id: id.into(), time, body };
        self.lines.push_str(&event.to_json_line());
    }

    /// When the account is opened: with its first fact, or after a part that is older.
    fn opened(&self) -> Instant {
        let witness = self.witness;
        let has_plan = witness.resource != Resource::Part || witness.text(A::Plan).is_some();
        if !has_plan && let Some(at) = witness.time(A::At) {
            return at.checked_add_millis(1).unwrap_or(at);
        }
        let times = witness.facts.iter().filter_map(|(attribute, fact)| match fact {
            Fact::Time(at) if *attribute != A::EarliestDeadline => Some(*at),
            _ => None,
        });
        times.min().unwrap_or(witness.now)
    }

    fn account(&mut self) {
        let witness = self.witness;
        let opened = self.opened();
        let account = || ACCOUNT.into();
        let plan = witness.text(A::Plan).and_then(Plan::from_word).unwrap_or(Plan::Pro);
        let region = witness.text(A::Region).map(Into::into);
        let adult = witness.yes(A::Adult).unwrap_or(true);
        self.event(opened, Body::AccountOpened { account: account(), plan, region, adult });
        if let Some(at) = witness.time(A::ChoiceSince) {
            let choice = Choice {
                purpose: consentry_model::words::MODEL_IMPROVEMENT.into(),
                granted: witness.text(A::Choice) == Some("on"),
                via: Via::Settings,
                notice: None,
                terms: None,
                preset: None,
            };
            self.event(at, Body::ChoiceRecorded { account: account(), choice });
        }
        for (attribute, programme) in [
            (A::TrustedTesterSince, Programme::TrustedTester),
            (A::DevelopmentPartnerSince, Programme::DevelopmentPartner),
        ] {
            if let Some(at) = witness.time(attribute) {
                self.event(at, Body::ProgrammeJoined { account: account(), programme });
            }
        }
        if witness.yes(A::AccountHeld) == Some(true) {
            self.hold(opened, HoldSubject::Account, ACCOUNT);
        }
        if let Some(deadline) = witness.time(A::EarliestDeadline) {
            let (subject, notice) = ("terms".into(), "terms".into());
            let deadline = Some(deadline);
            self.event(opened, Body::NoticePublished { subject, notice, deadline });
        }
        if let Some(at) = witness.time(A::AccountClosedAt) {
            self.event(at, Body::AccountClosed { account: account() });
        }
    }

    fn hold(&mut self, at: Instant, on: HoldSubject, subject: &str) {
        let (subject, hold) = (subject.into(), "hold".into());
        self.event(at, Body::HoldPlaced { on, subject, hold, reason: None });
    }

    fn message(&mut self, at: Instant, message: &'static str) {
        let witness = self.witness;
        let word = |attribute| witness.text(attribute).unwrap_or_default();
        let mut part = Part::new(
            Kind::from_word(word(A::Kind)).unwrap_or(Kind::Text),
            Origin::from_word(word(A::Origin)).unwrap_or(Origin::User),
        );
        part.connector = witness.text(A::Connector).map(Into::into);
        let role = Role::from_word(word(A::Role)).unwrap_or(Role::User);
        let (conversation, message) = (TALK.into(), message.into());
        let parts = vec![part];
        self.event(at, Body::MessageAdded { conversation, message, role, parts });
    }

    fn conversation(&mut self) {
        let witness = self.witness;
        let conversation = || TALK.into();
        let copied = witness.time(A::FeedbackAt);
        let started = witness.time(A::StartedAt).or(copied).unwrap_or(witness.now);
        self.event(
            started,
            Body::ConversationStarted {
                conversation: conversation(),
                account: ACCOUNT.into(),
                surface: (witness.text(A::Surface).and_then(Surface::from_word))
                    .unwrap_or(Surface::Chat),
                incognito: witness.yes(A::Incognito).unwrap_or(false),
                app: witness.text(A::App).map(Into::into),
            },
        );
        let written = witness.time(A::At).or(copied);
        if let Some(at) = written {
            self.message(at, "asked");
        }
        // The conversation is active until its last activity.
        let last = witness.time(A::LastActivity).unwrap_or(started);
        if last > written.map_or(started, |at| at.max(started)) {
            self.message(last, "later");
        }
        if witness.yes(A::ConversationHeld) == Some(true) {
            self.hold(started, HoldSubject::Conversation, TALK);
        }
        if let Some(at) = witness.time(A::FlaggedAt) {
            let category = "flagged".into();
            let (message, score) = (None, None);
            self.event(
                at,
                Body::SafetyFlagged { conversation: conversation(), message, category, score },
            );
        }
        if let Some(at) = copied {
            let rating = witness.text(A::Rating).and_then(Rating::from_word);
            let rating = rating.unwrap_or(Rating::Up);
            let (message, comment) = ("asked".into(), None);
            self.event(
                at,
                Body::FeedbackGiven { conversation: conversation(), message, rating, comment },
            );
        }
        if let Some(at) = witness.time(A::DeletedAt) {
            self.event(at, Body::ConversationDeleted { conversation: conversation() });
        }
    }
}
