//! The smallest changes that would turn an answer, found by trying them: each is applied to the
//! history at the instant in question, the facts are folded again, and the policies decide.

use super::{Case, Members, Rule, rule};
use consentry_model::account::ChoiceState;
use consentry_model::event::{Body, Choice, Event, Part};
use consentry_model::words::MODEL_IMPROVEMENT;
use consentry_model::{HoldSubject, Instant, Kind, Origin, Programme, Role, Via};
use consentry_policy::{CedarEngine, Request, RequestError};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// Something that would turn the answer: all of its events together, none of them without the
/// others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What to do, in words, one sentence an act.
    pub acts: Vec<String>,
    /// The events that it would add to the history, as lines of a history.
    pub events: Vec<String>,
    /// The rules that would then determine the answer. Empty if it would then be used by none.
    pub then: Vec<Rule>,
}

/// What a group is judged with.
pub(super) struct Situation<'a> {
    pub(super) cases: &'a [Case],
    pub(super) engine: &'a CedarEngine,
    pub(super) request: &'a Request<'a>,
}

/// One thing that could be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Choose(bool),
    WriteAgain,
    Delete,
    Close,
    Join(Programme),
    Leave(Programme),
    ReleaseAccountHolds,
    ReleaseConversationHolds,
}

/// In the order in which they would have to be done: writing again counts only after a choice.
const ACTS: [Act; 11] = [
    Act::Choose(true),
    Act::Choose(false),
    Act::Join(Programme::TrustedTester),
    Act::Join(Programme::DevelopmentPartner),
    Act::Leave(Programme::TrustedTester),
    Act::Leave(Programme::DevelopmentPartner),
    Act::ReleaseAccountHolds,
    Act::ReleaseConversationHolds,
    Act::WriteAgain,
    Act::Delete,
    Act::Close,
];

/// How many acts one change may take together.
const ACTS_MAX: usize = 4;

/// Comes after every line of the history at its instant.
const AFTER_ALL: u64 = u64::MAX / 2;

impl Situation<'_> {
    /// Every change that turns the answer for all members and of which no smaller part would.
    pub(super) fn changes(
        &self,
        members: &Members,
        used: bool,
    ) -> Result<Vec<Change>, RequestError> {
        let mut found: Vec<Vec<Act>> = Vec::new();
        let possible = self.possible(members);
        for size in 1..=ACTS_MAX.min(possible.len()) {
            for acts in combinations(&possible, size) {
                let has_smaller =
                    found.iter().any(|known| known.iter().all(|act| acts.contains(act)));
                if !has_smaller && self.turns(&acts, members, used)? {
                    found.push(acts);
                }
            }
        }
        found.iter().map(|acts| self.tell(acts, members)).collect()
    }

    /// The acts that would change anything for a member: nobody leaves a programme twice.
    fn possible(&self, members: &Members) -> Vec<Act> {
        let now = self.request.now;
        let cases: Vec<&Case> =
            members.keys().filter_map(|number| self.cases.get(*number)).collect();
        let any = |act: &Act| cases.iter().any(|case| act.matters(case, now));
        ACTS.into_iter().filter(any).collect()
    }

    /// Whether every member gets the other answer after these acts.
    fn turns(&self, acts: &[Act], members: &Members, used: bool) -> Result<bool, RequestError> {
        for (number, parts) in members {
            let Some(case) = self.cases.get(*number) else { continue };
            let changed = self.apply(acts, case);
            let now = self.request.now;
            // Most acts fail for the first part already; only then is it worth looking at all.
            let Some(facts) = parts.first().and_then(|part| changed.facts(part, now)) else {
                return Ok(false);
            };
            if self.engine.decide(self.request, &facts)?.permit == used {
                return Ok(false);
            }
            let rows: BTreeMap<_, _> = changed.rows(now).into_iter().collect();
            for part in parts {
                let Some(facts) = rows.get(part) else { return Ok(false) };
                if self.engine.decide(self.request, facts)?.permit == used {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn apply(&self, acts: &[Act], case: &Case) -> Case {
        let mut changed =
            Case { conversation: case.conversation.clone(), account: case.account.clone() };
        let events = acts.iter().flat_map(|act| act.events(case, self.request.now));
        for (order, event) in (AFTER_ALL..).zip(events) {
            changed.account.push(event.time, order, &event.body);
            changed.conversation.push(order, event);
        }
        changed.account.sort();
        changed.conversation.sort();
        changed
    }

    fn tell(&self, acts: &[Act], members: &Members) -> Result<Change, RequestError> {
        let cases = || members.keys().filter_map(|number| self.cases.get(*number));
        let mut events: Vec<String> = Vec::new();
        let mut told = HashSet::new();
        for act in acts {
            for case in cases() {
                for event in act.events(case, self.request.now) {
                    let line = event.to_json_line();
                    // What is done to the account is done once, whatever the conversations.
                    if told.insert(line.clone()) {
                        events.push(line);
                    }
                }
            }
        }
        let mut then = Vec::new();
        let first = members.iter().next().and_then(|(number, parts)| {
            Some((self.apply(acts, self.cases.get(*number)?), parts.first()?))
        });
        if let Some((changed, part)) = first
            && let Some(facts) = changed.facts(part, self.request.now)
        {
            let decision = self.engine.decide(self.request, &facts)?;
            then = decision.reasons.iter().map(|id| rule(self.engine.set(), id)).collect();
        }
        Ok(Change { acts: acts.iter().map(|act| act.words(members.len())).collect(), events, then })
    }
}

fn combinations(possible: &[Act], size: usize) -> Vec<Vec<Act>> {
    let mut all: Vec<Vec<Act>> = vec![Vec::new()];
    for act in possible {
        let longer: Vec<Vec<Act>> = all
            .iter()
            .filter(|acts| acts.len() < size)
            .map(|acts| acts.iter().copied().chain([*act]).collect())
            .collect();
        all.extend(longer);
    }
    all.retain(|acts| acts.len() == size);
    all
}

impl Act {
    /// Whether the act would change a fact of the case.
    fn matters(self, case: &Case, now: Instant) -> bool {
        let (Some(account), Some(conversation)) = (case.account.at(now), case.conversation.at(now))
        else {
            return false;
        };
        let member = |programme| match programme {
            Programme::TrustedTester => account.trusted_tester_since.is_some(),
            Programme::DevelopmentPartner => account.development_partner_since.is_some(),
        };
        match self {
            Self::Choose(true) => account.choice != ChoiceState::On,
            Self::Choose(false) => account.choice != ChoiceState::Off,
            Self::WriteAgain => conversation.last_activity < now,
            Self::Delete => conversation.deleted_at.is_none(),
            Self::Close => account.closed_at.is_none(),
            Self::Join(programme) => !member(programme),
            Self::Leave(programme) => member(programme),
            Self::ReleaseAccountHolds => account.held,
            Self::ReleaseConversationHolds => conversation.held,
        }
    }

    /// What the act would add to the history of a case.
    fn events(self, case: &Case, now: Instant) -> Vec<Event<'static>> {
        let conversation = || case.conversation.id.clone();
        let Some(account) = case.conversation.starts.first().map(|start| start.account.clone())
        else {
            return Vec::new();
        };
        let bodies = match self {
            Self::Choose(granted) => vec![Body::ChoiceRecorded {
                account: account.clone(),
                choice: Choice {
                    purpose: MODEL_IMPROVEMENT.into(),
                    granted,
                    via: Via::Settings,
                    notice: None,
                    terms: None,
                    preset: None,
                },
            }],
            Self::WriteAgain => vec![Body::MessageAdded {
                conversation: conversation(),
                message: format!("explain-{}", now.millis()).into(),
                role: Role::User,
                parts: vec![Part::new(Kind::Text, Origin::User)],
            }],
            Self::Delete => {
                vec![Body::ConversationDeleted { conversation: conversation() }]
            }
            Self::Close => vec![Body::AccountClosed { account: account.clone() }],
            Self::Join(programme) => {
                vec![Body::ProgrammeJoined { account: account.clone(), programme }]
            }
            Self::Leave(programme) => {
                vec![Body::ProgrammeLeft { account: account.clone(), programme }]
            }
            Self::ReleaseAccountHolds => case
                .account
                .holds_at(now)
                .into_iter()
                .map(|hold| released(HoldSubject::Account, &account, hold))
                .collect(),
            Self::ReleaseConversationHolds => case
                .conversation
                .holds_at(now)
                .into_iter()
                .map(|hold| released(HoldSubject::Conversation, &case.conversation.id, hold))
                .collect(),
        };
        bodies.into_iter().map(|body| event(body, now)).collect()
    }

    /// The act in words, for a group of this many conversations.
    fn words(self, conversations: usize) -> String {
        let here = |one: &str, many: &str| {
            if conversations == 1 {
                one.to_owned()
            } else {
                format!("{many} {conversations} conversations")
            }
        };
        match self {
            Self::Choose(true) => "Turn the choice for model improvement on.".to_owned(),
            Self::Choose(false) => "Turn the choice for model improvement off.".to_owned(),
            Self::WriteAgain => {
                format!("Write again {}.", here("in the conversation", "in each of the"))
            }
            Self::Delete => format!("Delete {}.", here("the conversation", "each of the")),
            Self::Close => "Close the account.".to_owned(),
            Self::Join(programme) => format!("Join the programme {programme}."),
            Self::Leave(programme) => format!("Leave the programme {programme}."),
            Self::ReleaseAccountHolds => "Have the legal holds on the account released.".to_owned(),
            Self::ReleaseConversationHolds => {
                format!(
                    "Have the legal holds on {} released.",
                    here("the conversation", "each of the")
                )
            }
        }
    }
}

fn released(on: HoldSubject, subject: &str, hold: &str) -> Body<'static> {
    let (subject, hold) = (subject.to_owned().into(), hold.to_owned().into());
    Body::HoldReleased { on, subject, hold, reason: None }
}

/// An event of ours. Its id is a hash of what it says, so that two of them never clash.
fn event(body: Body<'static>, now: Instant) -> Event<'static> {
    let mut event = Event { source: "consentry/explain".into(), id: "".into(), time: now, body };
    let hash = blake3::hash(event.to_json_line().as_bytes());
    event.id = hash.to_hex().chars().take(32).collect::<String>().into();
    event
}
