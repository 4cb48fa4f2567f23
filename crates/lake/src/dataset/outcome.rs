//! What becomes of each part, and the counts that follow. Building and verifying share this one
//! definition; what differs is where the decisions come from.

use consentry_formats::dataset::manifest::{Counts, Exclusion, InOut};
use consentry_model::Store;
use consentry_model::facts::{Attribute, Facts, Value};
use std::collections::BTreeMap;

/// What is known about a part before its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The message's number in time order.
    pub message: i32,
    /// Whether the policies permit it.
    pub permit: bool,
    /// Whether retention still keeps it.
    pub kept: bool,
    /// Whether it has text.
    pub has_content: bool,
    /// Whether its message is the rated one.
    pub rated: bool,
    /// Whether its message speaks for the assistant.
    pub assistant: bool,
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the dataset.
    Included,
    /// The policies do not permit it.
    Denied,
    /// It is permitted, and left out all the same.
    LeftOut(Exclusion),
}

impl Outcome {
    /// The word in the frozen facts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Included => "included",
            Self::Denied => "denied",
            Self::LeftOut(exclusion) => exclusion.as_str(),
        }
    }
}

/// The outcomes of the parts of one conversation or copy, and why it made no example, if it did
/// not for a reason of its own.
#[must_use]
pub fn outcomes(store: Store, parts: &[Standing]) -> (Vec<Outcome>, Option<&'static str>) {
    let one = |part: &Standing| match part {
        Standing { permit: false, .. } => Outcome::Denied,
        Standing { kept: false, .. } => Outcome::LeftOut(Exclusion::DueForErasure),
        Standing { has_content: false, .. } => Outcome::LeftOut(Exclusion::NoContent),
        _ => Outcome::Included,
    };
    let mut outcomes: Vec<Outcome> = parts.iter().map(one).collect();
    if store == Store::Conversation {
        return (outcomes, None);
    }
    let rated = parts.iter().find(|part| part.rated);
    if let Some(rated) = rated {
        for (part, outcome) in parts.iter().zip(&mut outcomes) {
            if *outcome == Outcome::Included && part.message > rated.message {
                *outcome = Outcome::LeftOut(Exclusion::AfterRatedMessage);
            }
        }
    }
    let any = |rated: bool| {
        let included = parts.iter().zip(&outcomes).filter(|(_, end)| **end == Outcome::Included);
        included.into_iter().any(|(part, _)| part.rated == rated)
    };
    let without = match rated {
        None => Some("rated-message-not-in-copy"),
        Some(rated) if !rated.assistant => Some("rated-message-not-assistant"),
        Some(_) if !any(true) => Some("empty-completion"),
        Some(_) if !any(false) => Some("empty-prompt"),
        Some(_) => None,
    };
    if without.is_some() {
        for outcome in outcomes.iter_mut().filter(|outcome| **outcome == Outcome::Included) {
            *outcome = Outcome::LeftOut(Exclusion::NoExample);
        }
    }
    (outcomes, without)
}

/// Adds one part to the counts. `reasons` are joined by `+`.
pub fn count_part(counts: &mut Counts, facts: &Facts<'_>, outcome: Outcome, reasons: &str) {
    let included = outcome == Outcome::Included;
    counts.parts += 1;
    counts.parts_included += u64::from(included);
    match outcome {
        Outcome::Included => {}
        Outcome::Denied => {
            let why = if reasons.is_empty() { "no-permit" } else { reasons };
            *counts.parts_excluded.entry(format!("denied:{why}")).or_default() += 1;
        }
        Outcome::LeftOut(exclusion) => {
            *counts.parts_excluded.entry(exclusion.as_str().to_owned()).or_default() += 1;
        }
    }
    for reason in reasons.split('+').filter(|reason| !reason.is_empty()) {
        *counts.reasons.entry(reason.to_owned()).or_default() += 1;
    }
    let text = |attribute| match facts.get(attribute) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    };
    if let Some(surface) = text(Attribute::Surface) {
        add(&mut counts.by_surface, surface, included);
        add(&mut counts.by_plan, text(Attribute::Plan).unwrap_or("none"), included);
    }
    if let Some(at) = facts.time(Attribute::At).or_else(|| facts.time(Attribute::FeedbackAt)) {
        let (year, month, _) = at.date();
        add(&mut counts.by_month, &format!("{year:04}-{month:02}"), included);
    }
}

fn add(counts: &mut BTreeMap<String, InOut>, name: &str, included: bool) {
    let entry = match counts.get_mut(name) {
        Some(entry) => entry,
        None => counts.entry(name.to_owned()).or_default(),
    };
    entry.parts += 1;
    entry.included += u64::from(included);
}

/// Adds one conversation or copy to the counts, after its parts.
pub fn count_source(counts: &mut Counts, outcomes: &[Outcome], without: Option<&str>) {
    counts.sources += 1;
    counts.examples += u64::from(outcomes.contains(&Outcome::Included));
    if let Some(reason) = without {
        *counts.sources_without_example.entry(reason.to_owned()).or_default() += 1;
    }
}

/// The outcome of a part that was left out for a reason of this word.
#[must_use]
pub fn left_out(word: &str) -> Option<Outcome> {
    [
        Exclusion::DueForErasure,
        Exclusion::NoContent,
        Exclusion::AfterRatedMessage,
        Exclusion::NoExample,
    ]
    .into_iter()
    .find(|exclusion| exclusion.as_str() == word)
    .map(Outcome::LeftOut)
}
