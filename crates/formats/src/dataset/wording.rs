//! What the words and figures of a summary mean, for people. The card, the report and the Croissant
//! description all take their sentences from here, so that they cannot disagree.

use super::manifest::{
    CONNECTOR_TAINT, Deidentification, Exclusion, InOut, Policy, PolicySet, Provision, Summary,
};
use consentry_model::{Instant, Store};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Words that a reason of a denial has when nothing permitted the part.
const NO_PERMIT: &str = "no-permit";
/// What stands before the reasons of a denial among the exclusions.
const DENIED: &str = "denied:";
/// What stands before a policy's id when it could not be evaluated.
const POLICY_ERROR: &str = "policy-error:";

/// `1234567` as `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count with its noun: `1 part`, `2 parts`.
pub(super) fn counted(number: u64, one: &str, more: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { more })
}

/// `part` of `whole` in percent with one digit. Says 0% and 100% only of nothing and of everything,
/// and `–` of nothing at all.
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    let tenths = (part * 1000 + whole / 2) / whole;
    match tenths {
        0 if part > 0 => "under 0.1%".to_owned(),
        1000 if part < whole => "over 99.9%".to_owned(),
        0 | 1000 => format!("{}%", tenths / 10),
        _ => format!("{}.{}%", tenths / 10, tenths % 10),
    }
}

/// The day in words, in UTC: `1 June 2026`.
pub(super) fn day(instant: Instant) -> String {
    let (year, month, day) = instant.date();
    format!("{day} {} {year}", month_name(month).unwrap_or("?"))
}

/// The English name of a month, from 1.
pub(super) fn month_name(month: u8) -> Option<&'static str> {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES.get(usize::from(month).checked_sub(1)?).copied()
}

/// What a purpose means. `None` for the words that a provider made up, which speak for themselves.
pub(super) fn purpose(purpose: &str) -> Option<&'static str> {
    match purpose {
        "model-improvement" => Some("training and improving the provider's models"),
        "safeguards" => Some("training models that help to keep the service safe"),
        _ => None,
    }
}

/// What a store holds.
pub(super) const fn store(store: Store) -> &'static str {
    match store {
        Store::Conversation => "conversations as they were held",
        Store::Feedback => "copies of conversations, made when feedback was given",
    }
}

/// What the store's source units are called: one, many.
pub(super) const fn sources(store: Store) -> (&'static str, &'static str) {
    match store {
        Store::Conversation => ("conversation", "conversations"),
        Store::Feedback => ("feedback copy", "feedback copies"),
    }
}

/// One reason why parts are not in a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reason<'a> {
    /// A policy's id, or a word of ours.
    pub id: &'a str,
    /// What it means.
    pub text: String,
    /// The published provisions behind it.
    pub cites: &'a [Provision],
}

/// The reasons behind one key of [`parts_excluded`](super::manifest::Counts::parts_excluded). More
/// than one when several policies forbade the same parts.
pub(super) fn reasons<'a>(key: &'a str, set: &'a PolicySet) -> Vec<Reason<'a>> {
    match key.strip_prefix(DENIED) {
        Some(ids) => ids.split('+').map(|id| denial(id, set)).collect(),
        None => vec![Reason { id: key, text: exclusion(key), cites: &[] }],
    }
}

fn denial<'a>(id: &'a str, set: &'a PolicySet) -> Reason<'a> {
    if id == NO_PERMIT {
        let text = "Nothing permitted it: no policy of the set allows this use of these parts";
        return Reason { id, text: text.to_owned(), cites: &[] };
    }
    let (failed, id) = match id.strip_prefix(POLICY_ERROR) {
        Some(id) => (true, id),
        None => (false, id),
    };
    let policy = set.policies.iter().find(|policy| policy.id == id);
    let title = policy.map_or_else(|| id.to_owned(), title);
    let text = if failed {
        format!("A policy could not be evaluated, and what cannot be evaluated is denied: {title}")
    } else {
        title
    };
    Reason { id, text, cites: policy.map_or(&[], |policy| policy.cites.as_slice()) }
}

/// A policy's title, or its id where it has none.
pub(super) fn title(policy: &Policy) -> String {
    if policy.title.is_empty() { policy.id.clone() } else { policy.title.clone() }
}

fn exclusion(key: &str) -> String {
    const MEANINGS: [(Exclusion, &str); 4] = [
        (
            Exclusion::DueForErasure,
            "Permitted, but no retention rule keeps it any longer: it is due for erasure",
        ),
        (
            Exclusion::NoContent,
            "Permitted, but there is no text to learn from: a picture, or a file that is only named",
        ),
        (Exclusion::AfterRatedMessage, "Permitted, but it comes after the message that was rated"),
        (Exclusion::NoExample, "Permitted, but its feedback copy makes no example"),
    ];
    MEANINGS
        .iter()
        .find(|(exclusion, _)| exclusion.as_str() == key)
        .map_or_else(|| key.to_owned(), |(_, meaning)| (*meaning).to_owned())
}

/// A kind of finding, as people call it; `None` for a kind that this list does not know.
pub(super) fn finding(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "person" => "Names of people",
        "location" => "Places and addresses",
        "organisation" => "Organisations",
        "date_of_birth" => "Dates of birth",
        "age" => "Ages",
        "email" => "E-mail addresses",
        "phone" => "Phone numbers",
        "card" => "Payment card numbers",
        "iban" => "Bank account numbers (IBAN)",
        "us_ssn" => "US social security numbers",
        "national_id" => "National identity numbers",
        "passport" => "Passport numbers",
        "driving_licence" => "Driving licence numbers",
        "ip" => "IP addresses",
        "mac" => "Hardware (MAC) addresses",
        "url_credentials" => "User names and passwords in URLs",
        "handle" => "User names and handles",
        "wallet" => "Crypto wallet addresses",
        "secret" => "Keys, tokens and passwords",
        _ => return None,
    })
}

/// The tier of detection that goes by form alone.
const STRUCTURED: &str = "structured";

/// What was done to the text before it was written, and what that cannot promise.
pub(super) fn deidentification(done: &Deidentification) -> String {
    if done.tiers.is_empty() {
        return "No detection of sensitive text ran: texts are as they were recorded. Handle this \
                dataset as personal data."
            .to_owned();
    }
    let findings = done.findings.iter().filter(|(kind, _)| *kind != CONNECTOR_TAINT);
    let total = findings.fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
    let replaced = match total {
        0 => "nothing was found".to_owned(),
        1 => format!("1 finding was replaced{}", how(done, " by a surrogate")),
        _ => format!("{} findings were replaced{}", grouped(total), how(done, " by surrogates")),
    };
    let tiers: Vec<&str> = done.tiers.iter().map(|tier| self::tier(tier)).collect();
    let blind = if done.tiers.iter().all(|tier| tier == STRUCTURED) {
        " Names of people, places and organisations, dates of birth and other things without a form \
         of their own were not looked for."
    } else {
        ""
    };
    format!(
        "Detection ran before anything was written ({}), and {replaced}.{}{blind} Detection misses \
         some of what it looks for, and it does not look for what only the context gives away: a \
         rare illness, a small village, a way of writing. Handle this dataset as personal data.",
        tiers.join(", "),
        tainted(done),
    )
}

/// How findings were replaced.
fn how(done: &Deidentification, usually: &str) -> String {
    let by_settings =
        |file: &String| format!(" as {file} says, which may also say what was not looked for");
    done.settings.as_ref().map_or_else(|| usually.to_owned(), by_settings)
}

/// What became of text that repeats what a connector brought in; empty when there was none.
fn tainted(done: &Deidentification) -> String {
    let count = |counts: &BTreeMap<String, u64>| counts.get(CONNECTOR_TAINT).copied().unwrap_or(0);
    let repeats = |count| match count {
        1 => "1 stretch that repeats".to_owned(),
        _ => format!("{} stretches that repeat", grouped(count)),
    };
    let removed = match count(&done.findings) {
        0 => String::new(),
        count => format!(" Taken out: {} what a connector brought in.", repeats(count)),
    };
    match count(&done.left) {
        0 => removed,
        count => format!("{removed} Left in what people typed: {} it.", repeats(count)),
    }
}

/// A tier of detection in words; its own word if this list does not know it.
fn tier(tier: &str) -> &str {
    match tier {
        STRUCTURED => "of what has a form: addresses, numbers, keys and tokens",
        "names-model" => "of persons and places, by a neural model where the tagger may be wrong",
        "names-model-everywhere" => "of persons and places, by a neural model in every sentence",
        "names-tagger" => "of persons, places and organisations, by a small tagger",
        other => other,
    }
}

/// Why a feedback copy made no example; `None` for a reason that this list does not know.
pub(super) fn lost_copy(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "rated-message-not-in-copy" => "The rated message is not in the copy",
        "rated-message-not-assistant" => "The rated message is not an answer of the model",
        "empty-completion" => "No part of the rated answer may be used, or none has text",
        "empty-prompt" => "No part before the rated answer may be used, or none has text",
        _ => return None,
    })
}

/// A plan as a table names it. A part that is older than its account's opening has none.
pub(super) fn plan(plan: &str) -> &str {
    if plan == "none" { "none: older than the account" } else { plan }
}

/// What no dataset may be used for.
pub(super) fn not_for(store: Store) -> &'static str {
    match store {
        Store::Conversation => {
            "Do not use it for another purpose: each purpose is decided on its own. Do not combine \
             it with a dataset from the feedback store, or with anything else that would bring \
             feedback and conversations together. Do not try to find out who wrote something."
        }
        Store::Feedback => {
            "Do not use it for another purpose: each purpose is decided on its own. Do not combine \
             it with conversations, in a dataset or in any other way: feedback was separated from \
             its account and is never put back together. Do not try to find out who wrote \
             something."
        }
    }
}

/// Who annotated.
pub(super) const fn annotation(store: Store) -> &'static str {
    match store {
        Store::Conversation => "Nobody annotated anything.",
        Store::Feedback => {
            "A person who used the product rated the answer good or bad; that rating is the label. \
             Nobody else annotated anything."
        }
    }
}

/// What whoever trains on it should expect.
pub(super) const fn limitations(store: Store) -> &'static str {
    match store {
        Store::Conversation => {
            "Where single parts of a conversation stayed out, what remains can read oddly. What \
             models said may be wrong."
        }
        Store::Feedback => {
            "Where single parts of a copy stayed out, what remains can read oddly. What models said \
             may be wrong, also where it was rated good."
        }
    }
}

/// Whom the dataset represents.
pub(super) const fn biases(store: Store) -> &'static str {
    match store {
        Store::Conversation => {
            "The people in this dataset are those whose conversations may be used for this purpose, \
             not a sample of all people: plans, regions, languages and surfaces are represented \
             unevenly."
        }
        Store::Feedback => {
            "The people in this dataset are those who rated an answer, not a sample of all people, \
             and what moves somebody to rate differs with the answer and the person."
        }
    }
}

/// What time does to a dataset.
pub(super) fn retention(store: Store) -> &'static str {
    match store {
        Store::Conversation => {
            "Parts that no retention rule kept at the instant were left out. The facts are frozen: \
             choices, deletions, objections and holds that came later are not in this dataset. \
             Build a new run to honour them, and delete this one when its run is over or when the \
             terms call for it. A model that was trained already is not undone by that."
        }
        Store::Feedback => {
            "Parts of copies that no retention rule kept at the instant were left out. A feedback \
             copy carries nothing that leads back to an account or a conversation, so a later \
             deletion of either does not reach it; its own retention does. Build a new run rather \
             than keep this one beyond its purpose. A model that was trained already is not undone \
             by that."
        }
    }
}

/// The entries of a count, the largest first, equal ones by key.
pub(super) fn by_count(counts: &BTreeMap<String, u64>) -> Vec<(&str, u64)> {
    let mut entries: Vec<(&str, u64)> =
        counts.iter().map(|(key, count)| (key.as_str(), *count)).collect();
    entries.sort_by_key(|(_, count)| Reverse(*count));
    entries
}

/// Counts by month (`2026-05`) in the order of time, by year and month. `None` if a key is no month.
pub(super) fn months(counts: &BTreeMap<String, InOut>) -> Option<BTreeMap<(i64, u8), InOut>> {
    counts
        .iter()
        .map(|(key, count)| {
            let (year, month) = key.rsplit_once('-')?;
            let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
            Some(((year.parse().ok()?, month), *count))
        })
        .collect()
}

/// How to name a dataset so that it can be told from every other one.
pub(super) fn citation(summary: &Summary) -> String {
    format!(
        "Dataset of training run {} for the purpose {}, {} store, facts frozen at {}; Merkle root \
         {} (SHA-256).",
        summary.run, summary.purpose, summary.store, summary.as_of, summary.merkle_root
    )
}

/// What `consentry verify` does.
pub(super) const VERIFICATION: &str = "It checks the signature and the hash of every file, decides \
     every part again from the frozen facts and the policies that are in the dataset, counts \
     everything again, recomputes the Merkle root over the example ids, and makes this document \
     again. It names what does not hold, down to the row. What it cannot tell without the history: \
     that the facts and the texts are those of the history, what de-identification found, and how \
     many lines were read.";

#[cfg(test)]
mod tests;
