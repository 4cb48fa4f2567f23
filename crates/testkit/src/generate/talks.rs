//! Folded facts of conversations by the million, as they are likely to be, without a history behind
//! them.

use super::big::plan_of;
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use consentry_model::instant::MILLIS_PER_DAY;
use consentry_model::{Instant, Kind, Origin, Plan, Role};
use fastrand::Rng;

/// The instant at which the facts hold: 2026-06-01T00:00:00Z.
pub const FACTS_AS_OF: Instant = Instant::from_millis(1_780_272_000_000);

/// The oldest conversations and accounts began so many days before.
const DAYS: i64 = 729;

/// Of so many rows one is of a feedback copy.
const ROWS_PER_COPIED: u64 = 50;

/// The parts of one conversation or of one feedback copy.
#[derive(Clone, Debug)]
pub struct Talk {
    /// The id of the conversation, or the opaque one of the copy.
    pub id: String,
    /// What all parts have in common.
    pub shared: Facts<'static>,
    /// The parts: the id of the message, the part's number, and its row.
    pub parts: Vec<(String, i32, Facts<'static>)>,
}

/// Makes the facts of conversations, then of feedback copies.
#[derive(Clone, Debug)]
pub struct TalkStream {
    random: Rng,
    rows: u64,
    left: u64,
    talks: u64,
}

/// So many rows of facts, in conversations of some twenty parts, with the shares of plans, choices
/// and rare states that [`super::big()`] has. The same seed gives the same rows everywhere.
#[must_use]
pub fn talks(seed: u64, rows: u64) -> TalkStream {
    TalkStream { random: Rng::with_seed(seed), rows, left: rows, talks: 0 }
}

impl Iterator for TalkStream {
    type Item = Talk;

    fn next(&mut self) -> Option<Talk> {
        if self.left == 0 {
            return None;
        }
        let number = self.talks;
        self.talks += 1;
        let is_copy = self.left <= self.rows / ROWS_PER_COPIED;
        let before_copies = self.left - if is_copy { 0 } else { self.rows / ROWS_PER_COPIED };
        // Two dice make sizes around twenty likelier than small and large ones.
        let parts = (self.random.u64(1..21) + self.random.u64(0..20)).min(before_copies);
        self.left -= parts;
        let id = if is_copy {
            format!("{:016x}{:016x}", super::big::mix(0x66, number), super::big::mix(0x67, number))
        } else {
            format!("conv-{:016x}", super::big::mix(0x63, number))
        };
        let shared = if is_copy { self.feedback() } else { self.conversation() };
        Some(self.parts(id, shared, number, parts))
    }
}

fn at(millis: i64) -> Option<Value<'static>> {
    Some(Value::Time(Instant::from_millis(millis)))
}

impl TalkStream {
    fn one_in(&mut self, count: u32) -> bool {
        self.random.u32(0..count) == 0
    }

    /// A time between then and the instant of the facts.
    fn since(&mut self, millis: i64) -> i64 {
        self.random.i64(millis..FACTS_AS_OF.millis().max(millis + 1))
    }

    fn feedback(&mut self) -> Facts<'static> {
        let mut facts = Facts::new(Resource::FeedbackPart);
        // A few are older than feedback is kept.
        let days = if self.one_in(40) { 2500 } else { DAYS };
        let given = self.since(FACTS_AS_OF.millis() - days * MILLIS_PER_DAY);
        let rating = if self.random.u8(..) < 160 { "up" } else { "down" };
        facts.set(Attribute::FeedbackAt, at(given));
        facts.set(Attribute::Rating, Some(Value::Text(rating)));
        facts
    }

    fn conversation(&mut self) -> Facts<'static> {
        let mut facts = Facts::new(Resource::Conversation);
        let plan = plan_of(self.random.u64(..));
        let opened = self.since(FACTS_AS_OF.millis() - DAYS * MILLIS_PER_DAY);
        facts.set(Attribute::Plan, Some(Value::Text(plan.as_str())));
        self.account(&mut facts, plan, opened);
        let started = self.since(opened);
        let last = (started + self.random.i64(0..7_200_000)).min(FACTS_AS_OF.millis());
        let surface = self.random.choice(["chat", "chat", "code", "browser", "api"]);
        facts.set(Attribute::Surface, surface.map(Value::Text));
        facts.set(Attribute::Incognito, Some(Value::Bool(self.one_in(25))));
        facts.set(Attribute::App, self.one_in(40).then_some(Value::Text("partner-app")));
        facts.set(Attribute::StartedAt, at(started));
        facts.set(Attribute::LastActivity, at(last));
        let (deleted, flagged) = (self.since(last), self.since(last));
        facts.set(Attribute::DeletedAt, at(deleted).filter(|_| self.one_in(20)));
        facts.set(Attribute::FlaggedAt, at(flagged).filter(|_| self.one_in(300)));
        facts.set(Attribute::ConversationHeld, Some(Value::Bool(self.one_in(2000))));
        facts
    }

    fn account(&mut self, facts: &mut Facts<'static>, plan: Plan, opened: i64) {
        let (chosen, joined, closed) = (self.since(opened), self.since(opened), self.since(opened));
        let choice = match self.random.u32(0..7) {
            _ if !plan.is_consumer() => "unset",
            0 => "unset",
            1 | 2 => "off",
            _ => "on",
        };
        let since = if self.one_in(6) { chosen } else { opened + 60_000 };
        facts.set(Attribute::Choice, Some(Value::Text(choice)));
        facts.set(Attribute::ChoiceSince, at(since).filter(|_| choice != "unset"));
        let tests = plan.is_consumer() && self.one_in(100);
        facts.set(Attribute::TrustedTesterSince, at(joined).filter(|_| tests));
        let develops = plan == Plan::Api && self.one_in(5);
        facts.set(Attribute::DevelopmentPartnerSince, at(joined).filter(|_| develops));
        facts.set(Attribute::AccountClosedAt, at(closed).filter(|_| self.one_in(60)));
        facts.set(Attribute::Adult, Some(Value::Bool(!self.one_in(100))));
        let region = self.random.choice(["us", "eu", "uk", "in", "jp", "br"]);
        facts.set(Attribute::Region, region.map(Value::Text));
        facts.set(Attribute::AccountHeld, Some(Value::Bool(self.one_in(1000))));
    }

    fn parts(&mut self, id: String, shared: Facts<'static>, number: u64, parts: u64) -> Talk {
        let is_copy = shared.resource == Resource::FeedbackPart;
        let connected = !is_copy && self.one_in(20);
        let (mut message, mut index, mut of_message) = (0u64, 0, 0);
        let mut time = shared.time(Attribute::StartedAt).map_or(0, Instant::millis);
        let mut all = Vec::new();
        for place in 0..parts {
            if index == of_message {
                message += u64::from(place > 0);
                of_message = if self.one_in(4) { 2 } else { 1 };
                index = 0;
                time += self.random.i64(2_000..240_000);
            }
            let (role, kind, origin) = match (message % 2, index) {
                (0, 0) => (Role::User, Kind::Text, Origin::User),
                (0, _) => (Role::User, Kind::Attachment, Origin::File),
                (_, 0) => (Role::Assistant, Kind::Text, Origin::Assistant),
                _ if connected => (Role::Assistant, Kind::ToolResult, Origin::Connector),
                _ => (Role::Assistant, Kind::ToolCall, Origin::Assistant),
            };
            let mut facts = shared.clone();
            facts.set(Attribute::Role, Some(Value::Text(role.as_str())));
            facts.set(Attribute::Kind, Some(Value::Text(kind.as_str())));
            facts.set(Attribute::Origin, Some(Value::Text(origin.as_str())));
            let connector = (origin == Origin::Connector).then_some(Value::Text("google-drive"));
            facts.set(Attribute::Connector, connector);
            if !is_copy {
                facts.resource = Resource::Part;
                let last = shared.time(Attribute::LastActivity).map_or(0, Instant::millis);
                facts.set(Attribute::At, at(time.min(last)));
            }
            let part = if is_copy { place } else { index };
            let name = format!("{:012x}-{message}", super::big::mix(0x6d, number) >> 16);
            all.push((name, i32::try_from(part).unwrap_or(i32::MAX), facts));
            index += 1;
        }
        Talk { id, shared, parts: all }
    }
}
