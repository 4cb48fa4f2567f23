//! Section 4: what the reference policy set `claude-consumer` decides.

use super::DAY;
use super::facts::{At, Choice, is_commercial, is_consumer};
use super::input::History;
use super::retain;
use super::rows::{CopyPart, Key, Part, accounts, conversations, copies, parts};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// To train on a part.
    Train,
    /// Research and study without training, on a part.
    Analyze,
    /// To sell a part.
    Sell,
    /// To keep a part: permit while any permit is satisfied. See [`super::retain()`] for how long.
    Retain,
    /// May an account go on using the product.
    Converse,
    /// Does a conversation show in its owner's history.
    Recall,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 6] =
        [Self::Train, Self::Analyze, Self::Sell, Self::Retain, Self::Converse, Self::Recall];

    /// The word for `--action`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Analyze => "analyze",
            Self::Sell => "sell",
            Self::Retain => "retain",
            Self::Converse => "converse",
            Self::Recall => "recall",
        }
    }
}

/// Permit or deny.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// At least one permit and no forbid.
    Permit,
    /// Anything else.
    Deny,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// What it is about.
    pub key: Key,
    /// What was decided.
    pub decision: Decision,
    /// On permit every satisfied permit, on deny every satisfied forbid; sorted.
    pub reasons: Vec<String>,
}

/// The rows of `decide` at `now` (milliseconds since 1970), in the order of section 5; copies by
/// the (`source`, `id`) of their feedback. `purpose` matters to [`Action::Train`] alone.
#[must_use]
pub fn decide(history: &History, now: i64, action: Action, purpose: &str) -> Vec<Row> {
    let at = At { history, now };
    let of_parts = |of_part: fn(At<'_>, &Part<'_>, &str) -> Row,
                    of_copy: fn(At<'_>, &CopyPart<'_>, &str) -> Row| {
        let parts = parts(at).into_iter().map(|part| of_part(at, &part, purpose));
        let copies = copies(at).into_iter().map(|copy| of_copy(at, &copy, purpose));
        parts.chain(copies).collect()
    };
    match action {
        Action::Train => of_parts(train_part, train_copy),
        Action::Analyze => of_parts(analyze_part, analyze_copy),
        Action::Sell => of_parts(
            |_, part, _| row(part.key(), vec![], vec![]),
            |_, copy, _| row(copy.key(), vec![], vec![]),
        ),
        Action::Retain => retain(history, now)
            .into_iter()
            .map(|kept| {
                let permits = kept.reasons;
                let decision = if permits.is_empty() { Decision::Deny } else { Decision::Permit };
                Row { key: kept.key, decision, reasons: permits }
            })
            .collect(),
        Action::Converse => accounts(at).into_iter().map(|account| converse(at, account)).collect(),
        Action::Recall => conversations(at)
            .into_iter()
            .map(|(conversation, account)| recall(at, conversation, account))
            .collect(),
    }
}

/// Permit = at least one permit and no forbid.
fn row(key: Key, permits: Vec<&str>, forbids: Vec<&str>) -> Row {
    let permitted = !permits.is_empty() && forbids.is_empty();
    let (decision, reasons) =
        if permitted { (Decision::Permit, permits) } else { (Decision::Deny, forbids) };
    let mut reasons: Vec<String> = reasons.into_iter().map(str::to_owned).collect();
    reasons.sort();
    Row { key, decision, reasons }
}

// Train.

fn train_part(at: At<'_>, part: &Part<'_>, purpose: &str) -> Row {
    let (mut permits, mut forbids) = (vec![], vec![]);
    if purpose != "model-improvement" && purpose != "safeguards" {
        return row(part.key(), permits, forbids);
    }

    if choice_on(at, part) {
        permits.push("choice-on");
    }
    if purpose == "safeguards" && safety_flag(at, part) {
        permits.push("safety-flag");
    }
    if trusted_tester(at, part) {
        permits.push("trusted-tester");
    }
    if development_partner(at, part) {
        permits.push("development-partner");
    }

    if purpose == "model-improvement" && at.is_incognito(part.conversation) {
        forbids.push("incognito");
    }
    forbids.extend(forbids_of_both_purposes(at, part));
    row(part.key(), permits, forbids)
}

fn train_copy(at: At<'_>, copy: &CopyPart<'_>, purpose: &str) -> Row {
    let mut permits = vec![];
    if (purpose == "model-improvement" || purpose == "safeguards") && feedback(at, copy) {
        permits.push("feedback");
    }
    row(copy.key(), permits, vec![])
}

// Analyze: these permits as for `train` with purpose `safeguards`, and the forbids that apply to it.

fn analyze_part(at: At<'_>, part: &Part<'_>, _: &str) -> Row {
    let mut permits = vec![];
    if choice_on(at, part) {
        permits.push("choice-on");
    }
    if safety_flag(at, part) {
        permits.push("safety-flag");
    }
    row(part.key(), permits, forbids_of_both_purposes(at, part))
}

fn analyze_copy(at: At<'_>, copy: &CopyPart<'_>, _: &str) -> Row {
    let mut permits = vec![];
    if feedback(at, copy) {
        permits.push("feedback");
    }
    row(copy.key(), permits, vec![])
}

// The permits, one by one.

fn choice_on(at: At<'_>, part: &Part<'_>) -> bool {
    is_consumer(at.seen_at(part.time).plan(part.account))
        && at.choice(part.account) == Choice::On
        && at.last_activity(part.conversation) >= at.choice_since(part.account)
}

fn safety_flag(at: At<'_>, part: &Part<'_>) -> bool {
    at.flagged_at(part.conversation).is_some_and(|flagged_at| at.now < flagged_at + 730 * DAY)
}

fn trusted_tester(at: At<'_>, part: &Part<'_>) -> bool {
    let joined_at = at.joined_at(part.account, "trusted-tester");
    is_consumer(at.seen_at(part.time).plan(part.account))
        && joined_at.is_some()
        && at.last_activity(part.conversation) >= joined_at
}

fn development_partner(at: At<'_>, part: &Part<'_>) -> bool {
    let joined_at = at.joined_at(part.account, "development-partner");
    at.seen_at(part.time).plan(part.account) == Some("api")
        && joined_at.is_some()
        && at.last_activity(part.conversation) >= joined_at
}

fn feedback(at: At<'_>, copy: &CopyPart<'_>) -> bool {
    at.now < copy.given_at + 1826 * DAY
}

// The forbids: all but `incognito` have both purposes.

fn forbids_of_both_purposes(at: At<'_>, part: &Part<'_>) -> Vec<&'static str> {
    let mut forbids = vec![];
    if part.origin == "connector" {
        forbids.push("raw-connector-content");
    }
    if at.deleted_at(part.conversation).is_some() {
        forbids.push("deleted");
    }
    if at.closed_at(part.account).is_some() {
        forbids.push("account-closed");
    }
    if at.is_held("account", part.account) || at.is_held("conversation", part.conversation) {
        forbids.push("legal-hold");
    }
    if !at.is_adult(part.account) {
        forbids.push("under-age");
    }
    let plan = at.seen_at(part.time).plan(part.account);
    let is_partner = at.joined_at(part.account, "development-partner").is_some();
    if is_commercial(plan) && !(plan == Some("api") && is_partner) {
        forbids.push("commercial");
    }
    forbids
}

// Other actions.

fn converse<'h>(at: At<'h>, account: &'h str) -> Row {
    let mut forbids = vec![];
    if is_consumer(at.plan(account))
        && at.choice(account) == Choice::Unset
        && at.is_past_any_deadline()
    {
        forbids.push("choice-overdue");
    }
    let key = Key::Account { account: account.to_owned() };
    row(key, vec!["converse"], forbids)
}

fn recall<'h>(at: At<'h>, conversation: &'h str, account: &'h str) -> Row {
    let mut forbids = vec![];
    if at.deleted_at(conversation).is_some() {
        forbids.push("deleted");
    }
    if at.is_incognito(conversation) {
        forbids.push("incognito");
    }
    if at.closed_at(account).is_some() {
        forbids.push("account-closed");
    }
    let key = Key::Conversation { conversation: conversation.to_owned() };
    row(key, vec!["recall"], forbids)
}
