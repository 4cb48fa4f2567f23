//! Rows of answers as JSON, one for each thing decided on, in the contract's order: conversations
//! by id, messages by time and id, parts by number, copies last by their id.

mod parquet_lines;

pub use parquet_lines::write_rows_as_parquet;

use crate::history::{History, HistoryError, Owned};
use crate::progress::Progress;
use crate::runs::SortedRuns;
use crate::spool::SpoolOptions;
use crate::whatif::{self, Place, SetDecisions, Side, Summary};
use consentry_model::Instant;
use consentry_model::facts::{Facts, PartRow, Resource};
use consentry_policy::{Engine, Request, Until};
use serde::Serialize;
use std::io::{self, Write};
use std::sync::Arc;

/// What is asked of every row.
#[derive(Clone, Copy)]
pub enum Question<'a> {
    /// May this be done?
    Decide(&'a dyn Engine),
    /// Until when is this kept?
    Retain(&'a dyn Engine),
    /// May this be done under the rules of each of these sets?
    Compare(&'a [Side<'a>]),
}

impl std::fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Decide(_) => "Decide",
            Self::Retain(_) => "Retain",
            Self::Compare(_) => "Compare",
        })
    }
}

/// A question about everything in a history.
#[derive(Debug)]
pub struct Asking<'a> {
    /// What is asked.
    pub question: Question<'a>,
    /// The action, the purpose and the instant.
    pub request: Request<'a>,
    /// What the action applies to.
    pub resources: &'a [Resource],
    /// The key that makes copies' ids opaque.
    pub copy_key: [u8; 32],
    /// Where answers wait for their order.
    pub spool: SpoolOptions,
}

/// How many rows, by answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Rows in all.
    pub rows: u64,
    /// Of these permitted; for retention, kept.
    pub permitted: u64,
}

/// How many rows are decided at once.
const BATCH_ROWS: usize = 4096;

/// Answers wait in memory up to this size before they are sorted.
pub(crate) const RUN_BYTES: usize = 32 << 20;

#[derive(Serialize)]
pub(crate) struct PartAnswer<'a> {
    pub(crate) store: &'static str,
    pub(crate) conversation: &'a str,
    pub(crate) message: &'a str,
    pub(crate) part: usize,
    #[serde(flatten)]
    pub(crate) answer: Answer,
}

#[derive(Serialize)]
pub(crate) struct CopyAnswer<'a> {
    pub(crate) store: &'static str,
    pub(crate) copy: &'a str,
    pub(crate) part: usize,
    #[serde(flatten)]
    pub(crate) answer: Answer,
}

#[derive(Serialize)]
pub(crate) struct ConversationAnswer<'a> {
    pub(crate) conversation: &'a str,
    #[serde(flatten)]
    pub(crate) answer: Answer,
}

#[derive(Serialize)]
pub(crate) struct AccountAnswer<'a> {
    pub(crate) account: &'a str,
    #[serde(flatten)]
    pub(crate) answer: Answer,
}

/// The end of a row: `decision` or `until`, and the reasons; or `decisions`, by set.
#[derive(Serialize)]
pub(crate) struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reasons: Option<Arc<[Arc<str>]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decisions: Option<SetDecisions>,
}

impl Answer {
    /// The end of the row of a decision, which is `permit` or `deny`.
    pub(crate) const fn decided(decision: &'static str, reasons: Arc<[Arc<str>]>) -> Self {
        Self { decision: Some(decision), until: None, reasons: Some(reasons), decisions: None }
    }
}

struct Answers<'a, 'p> {
    asking: &'p Asking<'a>,
    conversations: SortedRuns,
    copies: SortedRuns,
    waiting_bytes: usize,
    answered: Answered,
    summary: Summary,
}

/// Answers the question for everything in the history and writes the rows to `out` once all of the
/// input has been checked.
///
/// # Errors
///
/// [`HistoryError::Lines`] when lines are in error, with nothing written; otherwise when temporary
/// storage or `out` fails.
pub fn write_rows(
    history: &mut History,
    asking: &Asking<'_>,
    progress: &mut dyn Progress,
    out: &mut dyn Write,
) -> Result<Answered, HistoryError> {
    Ok(write_all(history, asking, progress, out)?.0)
}

/// The same for a question that compares sets, with a summary of their decisions.
///
/// # Errors
///
/// As [`write_rows`].
pub fn write_compared(
    history: &mut History,
    asking: &Asking<'_>,
    progress: &mut dyn Progress,
    out: &mut dyn Write,
) -> Result<Summary, HistoryError> {
    Ok(write_all(history, asking, progress, out)?.1)
}

fn write_all(
    history: &mut History,
    asking: &Asking<'_>,
    progress: &mut dyn Progress,
    out: &mut dyn Write,
) -> Result<(Answered, Summary), HistoryError> {
    let sides = match asking.question {
        Question::Compare(sides) => sides,
        Question::Decide(_) | Question::Retain(_) => &[],
    };
    let mut spool = asking.spool.clone();
    let conversations = SortedRuns::new(&spool);
    spool.key = blake3::derive_key("consentry 2026 temporary file copies", &asking.spool.key);
    let mut answers = Answers {
        asking,
        conversations,
        copies: SortedRuns::new(&spool),
        waiting_bytes: 0,
        answered: Answered::default(),
        summary: Summary::new(sides),
    };
    history.each_bucket(progress, |all| answers.conversations(all))?;
    if asking.resources.contains(&Resource::Account) {
        answers.accounts(history, out)?;
    }
    progress.step("writing", None);
    let mut write = |_: &[u8], rows: &[u8]| {
        progress.advance(rows.iter().filter(|byte| **byte == b'\n').count() as u64);
        out.write_all(rows)
    };
    answers.conversations.merge(&mut write)?;
    answers.copies.merge(&mut write)?;
    Ok((answers.answered, answers.summary))
}

impl Answers<'_, '_> {
    fn answer(&mut self, facts: &[Facts<'_>]) -> io::Result<Vec<Answer>> {
        let request = &self.asking.request;
        let answers: Vec<Answer> = match self.asking.question {
            Question::Decide(engine) => {
                let decisions = engine.decide_all(request, facts).map_err(io::Error::other)?;
                self.answered.permitted +=
                    decisions.iter().filter(|decision| decision.permit).count() as u64;
                let word = |permit| if permit { "permit" } else { "deny" };
                let answer = |decision: consentry_policy::Decision| {
                    Answer::decided(word(decision.permit), decision.reasons)
                };
                decisions.into_iter().map(answer).collect()
            }
            Question::Retain(engine) => {
                let kept = engine
                    .retain_all(request.purpose, request.now, facts)
                    .map_err(io::Error::other)?;
                self.answered.permitted +=
                    kept.iter().filter(|one| one.until != Until::Due).count() as u64;
                let answer = |one: consentry_policy::Retention| Answer {
                    decision: None,
                    until: Some(until_text(one.until)),
                    reasons: Some(one.reasons),
                    decisions: None,
                };
                kept.into_iter().map(answer).collect()
            }
            Question::Compare(sides) => {
                let decisions = whatif::ask(sides, request, facts).map_err(io::Error::other)?;
                let answer = |decisions| Answer {
                    decision: None,
                    until: None,
                    reasons: None,
                    decisions: Some(decisions),
                };
                decisions.into_iter().map(answer).collect()
            }
        };
        self.answered.rows += answers.len() as u64;
        Ok(answers)
    }

    /// Answers for many conversations at once: an engine that decides in columns is worth its while
    /// only then.
    fn conversations(&mut self, all: &[Owned<'_>]) -> io::Result<()> {
        let mut batch = Batch::default();
        for owned in all {
            batch.add(*owned, self.asking);
            if batch.facts.len() >= BATCH_ROWS {
                self.batch(std::mem::take(&mut batch))?;
            }
        }
        self.batch(batch)
    }

    fn batch(&mut self, batch: Batch<'_>) -> io::Result<()> {
        let mut answers = self.answer(&batch.facts)?.into_iter();
        for group in batch.groups {
            let mut rows = Vec::new();
            match &group {
                Group::Parts(conversation, parts) => {
                    for ((message, part), answer) in parts.iter().zip(&mut answers) {
                        let (store, part) = ("conversation", *part);
                        let place = Place::Part { conversation, message, part };
                        self.summary.add(&place, answer.decisions.as_ref());
                        push_row(
                            &mut rows,
                            &PartAnswer { store, conversation, message, part, answer },
                        )?;
                    }
                    self.conversations.add(conversation.as_bytes(), &rows);
                }
                Group::Whole(conversation) => {
                    if let Some(answer) = answers.next() {
                        let place = Place::Conversation { conversation };
                        self.summary.add(&place, answer.decisions.as_ref());
                        push_row(&mut rows, &ConversationAnswer { conversation, answer })?;
                    }
                    self.conversations.add(conversation.as_bytes(), &rows);
                }
                Group::Copy(copy, parts) => {
                    for (part, answer) in (0..*parts).zip(&mut answers) {
                        let store = "feedback";
                        self.summary.add(&Place::Copy { copy, part }, answer.decisions.as_ref());
                        push_row(&mut rows, &CopyAnswer { store, copy, part, answer })?;
                    }
                    self.copies.add(copy.as_bytes(), &rows);
                }
            }
            self.waiting_bytes += rows.len();
        }
        if self.waiting_bytes > RUN_BYTES {
            self.waiting_bytes = 0;
            self.conversations.end_run()?;
            self.copies.end_run()?;
        }
        Ok(())
    }

    fn accounts(&mut self, history: &History, out: &mut dyn Write) -> io::Result<()> {
        let now = self.asking.request.now;
        let deadline = history.accounts.notices().earliest_deadline_at(now);
        for (id, timeline) in history.accounts.sorted() {
            let Some(account) = timeline.at(now) else { continue };
            for answer in self.answer(&[Facts::of_account(&account, deadline)])? {
                self.summary.add(&Place::Account { account: id }, answer.decisions.as_ref());
                let mut row = Vec::new();
                push_row(&mut row, &AccountAnswer { account: id, answer })?;
                out.write_all(&row)?;
            }
        }
        Ok(())
    }
}

/// Rows of facts that are decided at once.
#[derive(Default)]
struct Batch<'b> {
    facts: Vec<Facts<'b>>,
    groups: Vec<Group<'b>>,
}

/// What the next rows of facts belong to.
enum Group<'b> {
    /// Parts of a conversation, each with its message and its index there.
    Parts(&'b str, Vec<(&'b str, usize)>),
    /// One conversation as a whole.
    Whole(&'b str),
    /// So many parts of the copy with this opaque id.
    Copy(String, usize),
}

impl<'b> Batch<'b> {
    fn add(&mut self, owned: Owned<'b>, asking: &Asking<'_>) {
        let now = asking.request.now;
        let asks = |resource| asking.resources.contains(&resource);
        let (account, conversation) = (owned.account, owned.conversation);
        if asks(Resource::Part) {
            let mut parts = Facts::of_parts(account, conversation, now);
            parts.sort_by(|one, other| place(one).cmp(&place(other)));
            if !parts.is_empty() {
                let ids = parts.iter().map(|row| (row.message.id.as_ref(), row.index)).collect();
                self.groups.push(Group::Parts(&conversation.id, ids));
            }
            self.facts.extend(parts.into_iter().map(|row| row.facts));
        }
        if asks(Resource::Conversation)
            && let (Some(account), Some(facts)) = (account.at(now), conversation.at(now))
        {
            self.groups.push(Group::Whole(&conversation.id));
            self.facts.push(Facts::of_conversation(&account, &facts));
        }
        if asks(Resource::FeedbackPart) {
            for copy in conversation.feedback_copies(account, now) {
                let id = copy.feedback.opaque_id(&asking.copy_key);
                self.groups.push(Group::Copy(id, copy.parts.len()));
                let parts = copy.parts.iter();
                self.facts.extend(
                    parts.map(|(message, part)| Facts::of_copy(copy.feedback, message, part)),
                );
            }
        }
    }
}

/// Message time, message id, part.
pub(crate) fn place<'r>(row: &'r PartRow<'_>) -> (Instant, &'r str, usize) {
    (row.message.at, &row.message.id, row.index)
}

pub(crate) fn push_row(rows: &mut Vec<u8>, row: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *rows, row)?;
    rows.push(b'\n');
    Ok(())
}

/// `no-end`, `due`, or the instant.
#[must_use]
pub fn until_text(until: Until) -> String {
    match until {
        Until::At(instant) => instant.to_string(),
        Until::NoEnd => "no-end".to_owned(),
        Until::Due => "due".to_owned(),
    }
}
