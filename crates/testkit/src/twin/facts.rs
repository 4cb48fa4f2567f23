//! Section 3: what is true at an instant.

use super::input::History;
use super::line::Event;

/// What an account said last about `model-improvement`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    On,
    Off,
    Unset,
}

/// A history seen from one instant.
#[derive(Clone, Copy)]
pub(super) struct At<'h> {
    pub history: &'h History,
    pub now: i64,
}

impl<'h> At<'h> {
    /// The same history seen from another instant.
    pub(super) fn seen_at(self, now: i64) -> Self {
        Self { now, ..self }
    }

    /// The events up to and including the instant, in time order.
    pub(super) fn events(self) -> impl DoubleEndedIterator<Item = &'h Event> {
        self.history.events.iter().filter(move |event| event.time <= self.now)
    }

    fn of(
        self,
        kind: &'h str,
        subject_kind: &'h str,
        subject: &'h str,
    ) -> impl DoubleEndedIterator<Item = &'h Event> {
        self.events().filter(move |event| event.is(kind, subject_kind, subject))
    }

    // Accounts.

    pub(super) fn opening(self, account: &'h str) -> Option<&'h Event> {
        self.of("account.opened", "account", account).next()
    }

    /// The plan in force; none before the opening, and plan changes before it have no effect.
    pub(super) fn plan(self, account: &str) -> Option<&'h str> {
        let mut plan = None;
        for event in self.events() {
            if event.is("account.opened", "account", account) {
                plan = Some(event.text("plan"));
            }
            if event.is("account.plan_changed", "account", account) && plan.is_some() {
                plan = Some(event.text("plan"));
            }
        }
        plan
    }

    fn choices(self, account: &'h str) -> impl DoubleEndedIterator<Item = (i64, bool)> {
        self.of("choice.recorded", "account", account)
            .filter(|event| event.text("purpose") == "model-improvement")
            .map(|event| (event.time, event.data.get("granted") == Some(&true.into())))
    }

    pub(super) fn choice(self, account: &'h str) -> Choice {
        match self.choices(account).next_back() {
            Some((_, true)) => Choice::On,
            Some((_, false)) => Choice::Off,
            None => Choice::Unset,
        }
    }

    /// When the present unbroken run of the same value began.
    pub(super) fn choice_since(self, account: &'h str) -> Option<i64> {
        let (_, present) = self.choices(account).next_back()?;
        let run = self.choices(account).rev().take_while(|(_, granted)| *granted == present);
        run.last().map(|(time, _)| time)
    }

    /// When a member joined: the joining that made a non-member a member.
    pub(super) fn joined_at(self, account: &str, programme: &str) -> Option<i64> {
        let mut joined_at = None;
        for event in self.events().filter(|event| event.text("programme") == programme) {
            if event.is("programme.joined", "account", account) && joined_at.is_none() {
                joined_at = Some(event.time);
            }
            if event.is("programme.left", "account", account) {
                joined_at = None;
            }
        }
        joined_at
    }

    pub(super) fn closed_at(self, account: &'h str) -> Option<i64> {
        self.of("account.closed", "account", account).next().map(|event| event.time)
    }

    pub(super) fn is_adult(self, account: &'h str) -> bool {
        self.opening(account).is_some_and(|event| event.data.get("adult") != Some(&false.into()))
    }

    // Holds.

    /// Whether any hold was placed on the subject and not released since.
    pub(super) fn is_held(self, subject_kind: &'h str, subject: &'h str) -> bool {
        self.of("hold.placed", subject_kind, subject).any(|placed| {
            !self.of("hold.released", subject_kind, subject).any(|released| {
                released.text("hold") == placed.text("hold")
                    && (released.time, released.at) > (placed.time, placed.at)
            })
        })
    }

    // Notices.

    /// Whether the latest publication of any notice has a deadline that has come.
    pub(super) fn is_past_any_deadline(self) -> bool {
        let publications = || self.events().filter(|event| event.kind == "notice.published");
        publications().any(|publication| {
            let notice = publication.text("notice");
            let latest = publications().rfind(|event| event.text("notice") == notice);
            latest
                .and_then(|latest| super::instant(latest.text("deadline")))
                .is_some_and(|deadline| self.now >= deadline)
        })
    }

    // Conversations.

    pub(super) fn start(self, conversation: &'h str) -> Option<&'h Event> {
        self.of("conversation.started", "conversation", conversation).next()
    }

    pub(super) fn messages(
        self,
        conversation: &'h str,
    ) -> impl DoubleEndedIterator<Item = &'h Event> {
        self.of("message.added", "conversation", conversation)
    }

    pub(super) fn is_incognito(self, conversation: &'h str) -> bool {
        self.start(conversation)
            .is_some_and(|event| event.data.get("incognito") == Some(&true.into()))
    }

    /// The latest of the start and the messages.
    pub(super) fn last_activity(self, conversation: &'h str) -> Option<i64> {
        self.start(conversation)
            .into_iter()
            .chain(self.messages(conversation))
            .map(|event| event.time)
            .max()
    }

    pub(super) fn deleted_at(self, conversation: &'h str) -> Option<i64> {
        self.of("conversation.deleted", "conversation", conversation).next().map(|event| event.time)
    }

    pub(super) fn flagged_at(self, conversation: &'h str) -> Option<i64> {
        self.of("safety.flagged", "conversation", conversation).next_back().map(|event| event.time)
    }
}

pub(super) fn is_consumer(plan: Option<&str>) -> bool {
    matches!(plan, Some("free" | "pro" | "max"))
}

pub(super) fn is_commercial(plan: Option<&str>) -> bool {
    matches!(plan, Some("team" | "enterprise" | "work" | "gov" | "education" | "api"))
}
