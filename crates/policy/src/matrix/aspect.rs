//! The questions of a matrix.

use super::asked::Asked;
use super::rows::{days_before, off, text, time, truth, unset};
use super::{Answer, Cell};
use crate::cedar::CedarEngine;
use crate::engine::RequestError;
use consentry_model::Instant;
use consentry_model::facts::{Attribute as A, Resource};
use consentry_model::words::MODEL_IMPROVEMENT;

/// One question.
pub(super) struct Aspect {
    pub(super) id: &'static str,
    pub(super) question: &'static str,
    find: fn(&Asked<'_>) -> Result<Cell, RequestError>,
}

const fn aspect(
    id: &'static str,
    question: &'static str,
    find: fn(&Asked<'_>) -> Result<Cell, RequestError>,
) -> Aspect {
    Aspect { id, question, find }
}

/// Every question, in the order of a reader's interest.
pub(super) const ALL: &[Aspect] = &[
    aspect("default", "Used before anything was chosen?", |asked| asked.used(&unset())),
    aspect("choice-required", "Usable without a choice after a notice's deadline?", |asked| {
        let deadline = time(A::EarliestDeadline, days_before(asked.now, 1));
        let [choice, since] = unset();
        asked.may("converse", MODEL_IMPROVEMENT, Resource::Account, &[choice, since, deadline])
    }),
    aspect("control", "What is the switch called?", |asked| Ok(asked.control())),
    aspect("switched-on", "Switched on: which conversations are used?", |asked| asked.start()),
    aspect("switched-off", "Switched off: which are used all the same?", |asked| asked.reach()),
    aspect("history", "Switched off: does the history still show?", |asked| {
        let off = off(asked.now, 100);
        asked.may("recall", MODEL_IMPROVEMENT, Resource::Conversation, &off)
    }),
    aspect("google-drive", "Content of Google Drive used?", |asked| {
        asked.connector("google-drive")
    }),
    aspect("gmail", "Content of Gmail used?", |asked| asked.connector("gmail")),
    aspect("connector", "Content of another connector used?", |asked| asked.connector("mcp:notes")),
    aspect("files", "Uploaded files used?", |asked| {
        asked.used(&[text(A::Kind, "attachment"), text(A::Origin, "file")])
    }),
    aspect("feedback", "Switched off: rated conversations used?", |asked| {
        asked.may("train", MODEL_IMPROVEMENT, Resource::FeedbackPart, &[])
    }),
    aspect("safety", "Switched off: flagged conversations used for", |asked| asked.safety()),
    aspect("trusted-tester", "Switched off: used of a trusted tester?", |asked| {
        let [choice, since] = off(asked.now, 100);
        asked.used(&[choice, since, time(A::TrustedTesterSince, days_before(asked.now, 100))])
    }),
    aspect("study", "Studied by people without training?", |asked| {
        asked.may("analyze", MODEL_IMPROVEMENT, Resource::Part, &[])
    }),
    aspect("private-mode", "Private mode: used?", |asked| asked.used(&[truth(A::Incognito, true)])),
    aspect("private-history", "Private mode: in the history?", |asked| {
        let private = [truth(A::Incognito, true)];
        asked.may("recall", MODEL_IMPROVEMENT, Resource::Conversation, &private)
    }),
    aspect("private-retention", "Private mode: kept", |asked| {
        asked.kept(Resource::Part, &[truth(A::Incognito, true)])
    }),
    aspect("retention-on", "Switched on: kept after the last activity", |asked| {
        asked.kept(Resource::Part, &[])
    }),
    aspect("retention-off", "Switched off: kept after the last activity", |asked| {
        asked.kept(Resource::Part, &off(asked.now, 100))
    }),
    aspect("retention-feedback", "Feedback: kept", |asked| asked.kept(Resource::FeedbackPart, &[])),
    aspect("retention-flagged", "Flagged and deleted: kept", |asked| {
        let flagged = [time(A::FlaggedAt, asked.now), time(A::DeletedAt, asked.now)];
        asked.kept(Resource::Part, &flagged)
    }),
    aspect("deletion", "Deleted: kept", |asked| {
        asked.kept(Resource::Part, &[time(A::DeletedAt, asked.now)])
    }),
    aspect("deletion-use", "Deleted: used?", |asked| asked.used(&[time(A::DeletedAt, asked.now)])),
    aspect("closing", "Account closed: kept", |asked| {
        asked.kept(Resource::Part, &[time(A::AccountClosedAt, asked.now)])
    }),
    aspect("business", "Business plans: used?", |asked| asked.plan("team")),
    aspect("business-retention", "Business plans: kept", |asked| {
        let [choice, since] = unset();
        asked.kept(Resource::Part, &[choice, since, text(A::Plan, "team")])
    }),
    aspect("api", "API: used?", |asked| asked.plan("api")),
    aspect("partner", "API of a development partner: used?", |asked| {
        let [choice, since] = unset();
        let joined = time(A::DevelopmentPartnerSince, days_before(asked.now, 100));
        asked.used(&[choice, since, text(A::Plan, "api"), joined])
    }),
    aspect("minors", "Under age: used?", |asked| asked.used(&[truth(A::Adult, false)])),
    aspect("sale", "Sold?", |asked| asked.may("sell", MODEL_IMPROVEMENT, Resource::Part, &[])),
];

impl Aspect {
    pub(super) fn cell(&self, engine: &CedarEngine, now: Instant) -> Result<Cell, RequestError> {
        match (self.find)(&Asked { engine, now }) {
            Err(RequestError::UnknownAction(_) | RequestError::NotApplicable { .. }) => Ok(Cell {
                answer: Answer::NoAction,
                policies: Vec::new(),
                not_published: Vec::new(),
            }),
            found => found,
        }
    }
}
