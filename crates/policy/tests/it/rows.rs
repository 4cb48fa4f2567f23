//! Generated rows of facts.

use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Type, Value};
use consentry_model::instant::MILLIS_PER_DAY;
use proptest::prelude::*;
use proptest::sample::{Index, select};

pub const RESOURCES: [Resource; 4] =
    [Resource::Part, Resource::FeedbackPart, Resource::Conversation, Resource::Account];

/// 2026-01-01T00:00:00Z.
pub const BASE: i64 = 1_767_225_600_000;

/// Instants that often meet, or miss each other by a millisecond or by one of the set's periods.
pub fn instant() -> impl Strategy<Value = Instant> {
    let days = select(vec![0, 0, 0, 30, -30, 730, -730, 1826, -1826, 60]);
    (0..3i64, days, -1..=1i64).prop_map(|(near, days, slip)| {
        Instant::from_millis(BASE + near * 5 + days * MILLIS_PER_DAY + slip)
    })
}

/// Like `Value`, but owned.
#[derive(Clone, Debug)]
pub enum Fact {
    Text(&'static str),
    Bool(bool),
    Time(Instant),
}

fn fact(attribute: Attribute) -> BoxedStrategy<Fact> {
    let words: &[&'static str] = match attribute {
        Attribute::Plan => {
            &["free", "pro", "max", "team", "enterprise", "work", "gov", "education", "api", "api"]
        }
        Attribute::Choice => &["on", "on", "off", "unset"],
        Attribute::Origin => &["user", "assistant", "file", "browser", "connector"],
        _ => &["", "a", "connector", "on"],
    };
    match attribute.type_of() {
        Type::Text => select(words).prop_map(Fact::Text).boxed(),
        // Most rows are as harmless as in life, so that permits are met as often as forbids.
        Type::Bool if attribute == Attribute::Adult => {
            prop::bool::weighted(0.9).prop_map(Fact::Bool).boxed()
        }
        Type::Bool => prop::bool::weighted(0.15).prop_map(Fact::Bool).boxed(),
        Type::Time => instant().prop_map(Fact::Time).boxed(),
    }
}

/// Whether rows of a kind carry an attribute: not, sometimes, always. Written down from the
/// descriptions of the facts, apart from the crate's own table.
fn carried(resource: Resource, attribute: Attribute) -> Option<bool> {
    use Attribute as A;
    let account = resource != Resource::FeedbackPart;
    let conversation = matches!(resource, Resource::Part | Resource::Conversation);
    let content = matches!(resource, Resource::Part | Resource::FeedbackPart);
    let (there, always) = match attribute {
        A::Plan => (account, resource != Resource::Part),
        A::Choice | A::Adult | A::AccountHeld => (account, true),
        A::ChoiceSince | A::TrustedTesterSince | A::DevelopmentPartnerSince => (account, false),
        A::AccountClosedAt | A::Region => (account, false),
        A::EarliestDeadline => (resource == Resource::Account, false),
        A::Surface | A::Incognito | A::StartedAt => (conversation, true),
        A::LastActivity | A::ConversationHeld => (conversation, true),
        A::App | A::DeletedAt | A::FlaggedAt => (conversation, false),
        A::At => (resource == Resource::Part, true),
        A::Role | A::Kind | A::Origin => (content, true),
        A::Connector => (content, false),
        A::FeedbackAt | A::Rating => (resource == Resource::FeedbackPart, true),
    };
    there.then_some(always)
}

/// A row of owned facts about a kind of resource, with the attributes that such rows carry.
#[derive(Clone, Debug)]
pub struct Row {
    pub resource: Resource,
    pub facts: Vec<(Attribute, Fact)>,
}

impl Row {
    pub fn facts(&self) -> Facts<'_> {
        let mut facts = Facts::new(self.resource);
        for (attribute, fact) in &self.facts {
            let value = match fact {
                Fact::Text(text) => Value::Text(text),
                Fact::Bool(value) => Value::Bool(*value),
                Fact::Time(at) => Value::Time(*at),
            };
            facts.set(*attribute, Some(value));
        }
        facts
    }
}

/// Rows about one kind of resource.
pub fn row_about(resource: Resource) -> impl Strategy<Value = Row> {
    let facts = Attribute::ALL.iter().filter_map(|attribute| {
        let always = carried(resource, *attribute)?;
        let present = prop::bool::weighted(match attribute {
            _ if always => 1.0,
            Attribute::Plan => 0.9,
            Attribute::ChoiceSince => 0.8,
            Attribute::AccountClosedAt | Attribute::DeletedAt => 0.15,
            _ => 0.4,
        });
        let fact = (present, fact(*attribute));
        Some(fact.prop_map(|(present, fact)| present.then_some((*attribute, fact))))
    });
    let facts: Vec<_> = facts.collect();
    facts.prop_map(move |facts| Row { resource, facts: facts.into_iter().flatten().collect() })
}

/// An instant to ask about a row: mostly a time of the row, or a period later, give or take a
/// millisecond.
pub fn now_for(row: &Row, pick: &Index, days: i64, slip: i64) -> Instant {
    let times = row.facts.iter().filter_map(|(_, fact)| match fact {
        Fact::Time(at) => Some(at.millis()),
        _ => None,
    });
    let times: Vec<_> = times.chain([BASE]).collect();
    Instant::from_millis(pick.get(&times) + days * MILLIS_PER_DAY + slip)
}

/// A row and an instant to ask about it.
pub fn asked_about(resource: Resource) -> impl Strategy<Value = (Row, Instant)> {
    let days = select(vec![0, 1, 30, 30, 730, 1826]);
    let now = (any::<Index>(), days, -1..=1i64);
    (row_about(resource), now).prop_map(|(row, (pick, days, slip))| {
        let now = now_for(&row, &pick, days, slip);
        (row, now)
    })
}

/// Rows of parts as histories give them, with instants that often meet, each with an instant to ask
/// at.
pub fn parts_of_histories(
    dice: &mut impl FnMut(usize) -> usize,
    count: usize,
) -> Vec<(Facts<'static>, Instant)> {
    use Attribute as A;
    let mut rows = Vec::new();
    for _ in 0..count {
        let mut time = |dice: &mut dyn FnMut(usize) -> usize| {
            let apart =
                [0, 0, 0, 1, 30 * MILLIS_PER_DAY, MILLIS_PER_DAY, 3_600_000, 29 * MILLIS_PER_DAY];
            let slip = [-1, 0, 0, 1][dice(4)];
            BASE - apart[dice(apart.len())] - apart[dice(apart.len())] + slip
        };
        let mut facts = Facts::new(Resource::Part);
        let mut pick = |words: &[&'static str], dice: &mut dyn FnMut(usize) -> usize| {
            Some(Value::Text(words[dice(words.len())]))
        };
        let choice = ["on", "off", "unset"][dice(3)];
        facts.set(A::Choice, Some(Value::Text(choice)));
        facts.set(A::Plan, pick(&["free", "pro", "max", "team", "api"], dice));
        facts.set(A::Surface, pick(&["chat", "code"], dice));
        facts.set(A::Role, pick(&["user", "tool", "system"], dice));
        facts.set(A::Kind, pick(&["text", "image"], dice));
        facts.set(A::Origin, pick(&["user", "connector"], dice));
        for optional in [A::Region, A::App] {
            if dice(2) == 0 {
                facts.set(optional, pick(&["eu", "us", "e", "u", "other", "eeu", "ae"], dice));
            }
        }
        for yes in [A::Adult, A::AccountHeld, A::Incognito, A::ConversationHeld] {
            facts.set(yes, Some(Value::Bool(dice(2) == 0)));
        }
        let (start, at) = (time(dice), time(dice));
        let last = start.max(at).max(time(dice));
        let mut now = last;
        let mut set = |attribute, at: i64| {
            now = now.max(at);
            facts.set(attribute, Some(Value::Time(Instant::from_millis(at))));
        };
        set(A::StartedAt, start);
        set(A::At, at);
        set(A::LastActivity, last);
        if choice != "unset" {
            set(A::ChoiceSince, time(dice));
        }
        for optional in [A::DeletedAt, A::FlaggedAt] {
            if dice(2) == 0 {
                set(optional, time(dice));
            }
        }
        now = now.max(time(dice));
        rows.push((facts, Instant::from_millis(now)));
    }
    rows
}
