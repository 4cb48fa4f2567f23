//! Explaining: is a person's data used, by which rule, since when, until when, and what would
//! change it.

mod change;
mod spans;

use crate::history::{History, HistoryError};
use crate::progress::Progress;
use change::Situation;
use consentry_model::account::AccountTimeline;
use consentry_model::conversation::ConversationTimeline;
use consentry_model::facts::{Attribute, Facts, Value};
use consentry_model::{Instant, Kind, Origin, Plan, Store};
use consentry_policy::{CedarEngine, Engine as _, PolicySet, Request, RequestError, Until};
use serde::Serialize;
use spans::Spans;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use change::Change;

/// Whom or what to explain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// Everything of an account.
    Account(String),
    /// One conversation.
    Conversation(String),
}

/// The answer as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Used {
    /// Every part is used.
    Yes,
    /// No part is used.
    No,
    /// Some parts are used.
    Partly,
    /// There is nothing that could be used.
    Nothing,
}

/// The first and the last of several instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The first.
    pub earliest: Instant,
    /// The last.
    pub latest: Instant,
}

/// A policy in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its id.
    pub id: Arc<str>,
    /// What it says.
    pub title: String,
    /// The published provisions that it implements: document and place, and what it says there.
    pub sources: Vec<RuleSource>,
}

/// A published provision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleSource {
    /// The document and the place in it.
    pub source: String,
    /// What it says, in our words.
    pub paraphrase: String,
}

/// Parts of one kind and origin that get the same answer for the same reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Which store holds them.
    pub store: Store,
    /// What they are.
    pub kind: Kind,
    /// Where their content comes from.
    pub origin: Origin,
    /// How many.
    pub parts: u64,
    /// In how many conversations.
    pub conversations: u64,
    /// Whether they are used.
    pub used: bool,
    /// The rules that determine it. Empty if nothing permits the use.
    pub rules: Vec<Rule>,
    /// Since when the answer has been what it is, without a break.
    pub since: Span,
    /// When the answer turns by itself, as the facts stand; absent if it does not.
    pub until: Option<Span>,
    /// Until when the parts are kept, as the facts stand: the last of them.
    pub kept_until: String,
    /// The smallest changes that would turn the answer for all of these parts. Empty if none would.
    pub changes: Vec<Change>,
}

/// The answer to "is my data used?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Whom it is about.
    pub subject: Subject,
    /// At which instant.
    pub as_of: Instant,
    /// For which purpose.
    pub purpose: String,
    /// By which set.
    pub policy_set: String,
    /// The choice for model improvement: `on`, `off` or `unset`.
    pub choice: &'static str,
    /// Since when it is what it is.
    pub choice_since: Option<Instant>,
    /// The account's plan.
    pub plan: Plan,
    /// The answer as a whole.
    pub used: Used,
    /// The answer for each kind of part.
    pub groups: Vec<Group>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The history could not be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The set has no such action.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The history does not know the subject at that instant.
    #[error("{0} is not in the history at that instant")]
    Unknown(String),
}

/// One conversation of the subject.
struct Case {
    conversation: ConversationTimeline<'static>,
    account: AccountTimeline,
}

/// What all parts of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct GroupKey {
    store: Store,
    kind: Kind,
    origin: Origin,
    used: bool,
    reasons: Arc<[Arc<str>]>,
    /// The plan at the part's time, on which other rules may turn.
    plan: Option<String>,
    /// Whether the part is due for erasure.
    due: bool,
}

/// The parts of a group in one case: message id (or the number of a copy) and part.
type Members = BTreeMap<usize, Vec<PartId>>;

/// A part within its conversation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PartId {
    Part { message: String, part: usize },
    Copy { feedback: usize, part: usize },
}

/// Explains what the history says about a subject.
///
/// # Errors
///
/// [`ExplainError`].
pub fn explain(
    history: &mut History,
    subject: Subject,
    engine: &CedarEngine,
    request: &Request<'_>,
    progress: &mut dyn Progress,
) -> Result<Explanation, ExplainError> {
    let cases = cases(history, &subject, request.now, progress)?;
    let mut groups: BTreeMap<GroupKey, Members> = BTreeMap::new();
    for (number, case) in cases.iter().enumerate() {
        for (id, facts) in case.rows(request.now) {
            let decision = engine.decide(request, &facts)?;
            let (store, kind, origin) = place(&id, &facts);
            let kept =
                engine.retain_all(request.purpose, request.now, std::slice::from_ref(&facts))?;
            let key = GroupKey {
                store,
                kind,
                origin,
                used: decision.permit,
                reasons: decision.reasons,
                plan: text(&facts, Attribute::Plan),
                due: kept.iter().any(|kept| kept.until == Until::Due),
            };
            groups.entry(key).or_default().entry(number).or_default().push(id);
        }
    }
    progress.step("explaining", Some(groups.len() as u64));
    let situation = Situation { cases: &cases, engine, request };
    let mut explained = Vec::new();
    for (key, members) in groups {
        explained.push(situation.group(key, &members)?);
        progress.advance(1);
    }
    let any = |used| explained.iter().any(|group: &Group| group.used == used);
    let used = match (any(true), any(false)) {
        (true, true) => Used::Partly,
        (true, false) => Used::Yes,
        (false, true) => Used::No,
        (false, false) => Used::Nothing,
    };
    let holder = match (&subject, cases.first()) {
        (Subject::Account(id), None) => history.accounts.get(id),
        (_, first) => first.map(|case| &case.account),
    };
    let account = holder.and_then(|account| account.at(request.now));
    let account = account.ok_or_else(|| ExplainError::Unknown("the account".to_owned()))?;
    Ok(Explanation {
        choice: account.choice.as_str(),
        choice_since: account.choice_since,
        plan: account.plan,
        subject,
        as_of: request.now,
        purpose: request.purpose.to_owned(),
        policy_set: engine.set().id().to_owned(),
        used,
        groups: explained,
    })
}

/// Picks the conversations of the subject out of the history.
fn cases(
    history: &mut History,
    subject: &Subject,
    now: Instant,
    progress: &mut dyn Progress,
) -> Result<Vec<Case>, ExplainError> {
    let mut cases = Vec::new();
    history.each_conversation(progress, |owned| {
        let wanted = match subject {
            Subject::Account(id) => {
                owned.conversation.starts.first().is_some_and(|start| start.account == *id)
            }
            Subject::Conversation(id) => owned.conversation.id == *id,
        };
        if wanted && owned.conversation.at(now).is_some() && owned.account.at(now).is_some() {
            cases.push(Case {
                conversation: owned.conversation.to_owned_timeline(),
                account: owned.account.clone(),
            });
        }
        Ok(())
    })?;
    let unknown = match subject {
        Subject::Account(id) => {
            let opened = history.accounts.get(id).is_some_and(|account| account.at(now).is_some());
            (!opened).then(|| format!("account `{id}`"))
        }
        Subject::Conversation(id) => cases.is_empty().then(|| format!("conversation `{id}`")),
    };
    cases.sort_by(|one, other| one.conversation.id.cmp(&other.conversation.id));
    unknown.map_or(Ok(cases), |what| Err(ExplainError::Unknown(what)))
}

fn text(facts: &Facts<'_>, attribute: Attribute) -> Option<String> {
    match facts.get(attribute) {
        Some(Value::Text(word)) => Some(word.to_owned()),
        _ => None,
    }
}

/// The store, kind and origin of a part.
fn place(id: &PartId, facts: &Facts<'_>) -> (Store, Kind, Origin) {
    let word = |attribute| text(facts, attribute).unwrap_or_default();
    let store = match id {
        PartId::Part { .. } => Store::Conversation,
        PartId::Copy { .. } => Store::Feedback,
    };
    // Both words were written by the model from its own lists.
    let kind = Kind::from_word(&word(Attribute::Kind)).unwrap_or(Kind::Text);
    let origin = Origin::from_word(&word(Attribute::Origin)).unwrap_or(Origin::System);
    (store, kind, origin)
}

impl Case {
    /// Every part at an instant, of the conversation and of the copies it left behind.
    fn rows(&self, now: Instant) -> Vec<(PartId, Facts<'_>)> {
        let parts = Facts::of_parts(&self.account, &self.conversation, now);
        let mut rows: Vec<_> = parts
            .into_iter()
            .map(|row| {
                let message = row.message.id.clone().into_owned();
                (PartId::Part { message, part: row.index }, row.facts)
            })
            .collect();
        for copy in self.conversation.feedback_copies(&self.account, now) {
            let feedback = self
                .conversation
                .feedback
                .iter()
                .position(|given| given.order == copy.feedback.order)
                .unwrap_or_default();
            for (part, (message, of)) in copy.parts.iter().enumerate() {
                let facts = Facts::of_copy(copy.feedback, message, of);
                rows.push((PartId::Copy { feedback, part }, facts));
            }
        }
        rows
    }

    /// The facts of one part at an instant, if it exists then.
    fn facts(&self, id: &PartId, now: Instant) -> Option<Facts<'_>> {
        let conversation = &self.conversation;
        match id {
            PartId::Part { message, part } => {
                let message = conversation.messages.iter().find(|known| known.id == *message)?;
                let part = message.parts.get(*part)?;
                Facts::of_part(&self.account, conversation, message, part, now)
            }
            PartId::Copy { feedback, part } => {
                let feedback = conversation.feedback.get(*feedback)?;
                let copies = conversation.feedback_copies(&self.account, now);
                let copy = copies.iter().find(|copy| copy.feedback.order == feedback.order)?;
                let (message, part) = copy.parts.get(*part)?;
                Some(Facts::of_copy(feedback, message, part))
            }
        }
    }
}

impl Situation<'_> {
    fn group(&self, key: GroupKey, members: &Members) -> Result<Group, RequestError> {
        let GroupKey { store, kind, origin, used, reasons, .. } = key;
        let spans = Spans::of(self, members, used)?;
        Ok(Group {
            store,
            kind,
            origin,
            parts: members.values().map(|parts| parts.len() as u64).sum(),
            conversations: members.len() as u64,
            used,
            rules: reasons.iter().map(|id| rule(self.engine.set(), id)).collect(),
            since: spans.since,
            until: spans.until,
            kept_until: crate::rows::until_text(spans.kept_until.unwrap_or(Until::Due)),
            changes: match store {
                // Nothing leads from an account or a conversation to its copies.
                Store::Feedback => Vec::new(),
                Store::Conversation => self.changes(members, used)?,
            },
        })
    }
}

fn rule(set: &PolicySet, id: &Arc<str>) -> Rule {
    let title = set.policy(id).map_or_else(
        || "The rule could not be evaluated, and on doubt nothing is used".to_owned(),
        |policy| policy.title.clone(),
    );
    let sources = set.cited_by(id).map(|provision| RuleSource {
        source: crate::dataset::source_of(provision),
        paraphrase: provision.paraphrase.clone(),
    });
    Rule { id: Arc::clone(id), title, sources: sources.collect() }
}
