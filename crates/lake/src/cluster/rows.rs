//! The contract's rows of a history, decided on a cluster.

use super::ClusterError;
use super::client::Client;
use super::decisions::{decisions_path, open};
use super::facts_files::FactsFiles;
use super::facts_writer::{About, FactsWriter};
use super::job::Job;
use crate::history::{History, HistoryError, Owned};
use crate::progress::Progress;
use crate::rows::{
    AccountAnswer, Answer, Answered, ConversationAnswer, CopyAnswer, PartAnswer, RUN_BYTES, place,
    push_row,
};
use crate::runs::SortedRuns;
use crate::spool::SpoolOptions;
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int32Type;
use arrow_array::{Array as _, ArrayRef, Int32Array, RecordBatch};
use consentry_columnar::Program;
use consentry_model::Instant;
use consentry_model::facts::{Facts, Resource};
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// A question about everything in a history, for a cluster.
#[derive(Debug)]
pub struct Asking<'a> {
    /// The lowered policies.
    pub program: &'a Program,
    /// What for.
    pub purpose: &'a str,
    /// The instant, of the facts and of the question.
    pub now: Instant,
    /// What the action applies to.
    pub resources: &'a [Resource],
    /// The key that makes copies' ids opaque.
    pub copy_key: [u8; 32],
    /// Where answers wait for their order.
    pub spool: SpoolOptions,
    /// A folder that client and executors reach by the same absolute name. Facts and decisions are
    /// in a folder of their own there as long as this lasts.
    pub shared: &'a Path,
    /// How many rows a task has at least, but for the last.
    pub task_rows: usize,
}

/// Why there are no rows.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// The history cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The cluster failed.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// Files failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Folds the history into files of facts, has the cluster decide them, and writes the rows to `out`
/// in the contract's order.
///
/// # Errors
///
/// When the history is in error, the cluster fails or does other than was planned, or files fail.
/// Only in the last case has anything been written to `out`.
pub fn write_rows(
    history: &mut History,
    asking: &Asking<'_>,
    client: &Client,
    progress: &mut dyn Progress,
    out: &mut dyn Write,
) -> Result<Answered, RowsError> {
    let folder = tempfile::Builder::new().prefix("consentry-job-").tempdir_in(asking.shared)?;
    let directory = folder.path().canonicalize()?;
    let facts = write_facts(history, asking, &directory, progress)?;
    let facts = FactsFiles::look(&facts)?;
    let job = Job {
        program: asking.program,
        purpose: asking.purpose,
        now: asking.now,
        facts: &facts,
        directory: &directory,
    };
    progress.step("deciding", None);
    let told = client.decide(&job)?;
    progress.step("writing", None);
    let mut answers = Answers::new(&asking.spool, out);
    for bucket in told.keys() {
        for batch in open(&decisions_path(&directory, *bucket))? {
            answers.batch(&batch.map_err(io::Error::other)?)?;
        }
    }
    Ok(answers.finish()?)
}

fn write_facts(
    history: &mut History,
    asking: &Asking<'_>,
    directory: &Path,
    progress: &mut dyn Progress,
) -> Result<Vec<std::path::PathBuf>, RowsError> {
    let asks = |resource| asking.resources.contains(&resource);
    let about: &[&str] = match (asks(Resource::Account), asks(Resource::Conversation)) {
        (true, _) => &["account"],
        (_, true) => &["conversation"],
        _ => &["store", "conversation", "message", "part", "copy"],
    };
    let mut writer = FactsWriter::new(directory.to_owned(), asking.now, about, asking.task_rows);
    // Everything is folded whatever is asked: errors that need the whole input show here.
    history.each_conversation(progress, |owned| {
        add_conversation(owned, asking, &mut writer)?;
        writer.may_cut()
    })?;
    if asks(Resource::Account) {
        let deadline = history.accounts.notices().earliest_deadline_at(asking.now);
        for (id, timeline) in history.accounts.sorted() {
            if let Some(account) = timeline.at(asking.now) {
                let about = About { account: Some(id), ..About::default() };
                writer.add(&about, &Facts::of_account(&account, deadline))?;
            }
        }
    }
    Ok(writer.finish()?)
}

fn add_conversation(
    owned: Owned<'_>,
    asking: &Asking<'_>,
    writer: &mut FactsWriter,
) -> io::Result<()> {
    let asks = |resource| asking.resources.contains(&resource);
    let conversation = Some(owned.conversation.id.as_ref());
    if asks(Resource::Part) {
        let mut parts = Facts::of_parts(owned.account, owned.conversation, asking.now);
        parts.sort_by(|one, other| place(one).cmp(&place(other)));
        for row in &parts {
            let about = About {
                store: Some("conversation"),
                conversation,
                message: Some(&row.message.id),
                part: Some(row.index),
                ..About::default()
            };
            writer.add(&about, &row.facts)?;
        }
    }
    if asks(Resource::Conversation)
        && let (Some(account), Some(facts)) =
            (owned.account.at(asking.now), owned.conversation.at(asking.now))
    {
        let about = About { conversation, ..About::default() };
        writer.add(&about, &Facts::of_conversation(&account, &facts))?;
    }
    if asks(Resource::FeedbackPart) {
        for copy in owned.conversation.feedback_copies(owned.account, asking.now) {
            let id = copy.feedback.opaque_id(&asking.copy_key);
            for (number, (message, part)) in copy.parts.iter().enumerate() {
                let about = About {
                    store: Some("feedback"),
                    part: Some(number),
                    copy: Some(&id),
                    ..About::default()
                };
                writer.add(&about, &Facts::of_copy(copy.feedback, message, part))?;
            }
        }
    }
    Ok(())
}

/// Answers on their way into the contract's order.
struct Answers<'a> {
    out: &'a mut dyn Write,
    conversations: SortedRuns,
    copies: SortedRuns,
    /// The rows of the conversation or copy that is being read.
    key: (bool, String),
    rows: Vec<u8>,
    waiting_bytes: usize,
    answered: Answered,
    reasons: HashMap<String, Arc<str>>,
}

/// The text columns of a batch of decisions, whatever arrays they are in.
struct Texts<'b>(Option<&'b ArrayRef>);

impl<'b> Texts<'b> {
    fn get(&self, row: usize) -> Option<&'b str> {
        let column = self.0?;
        if let Some(dictionary) = column.as_dictionary_opt::<Int32Type>() {
            let values = dictionary.values().as_string_opt::<i32>()?;
            return dictionary.key(row).map(|key| values.value(key));
        }
        let plain = column.as_string_opt::<i32>()?;
        plain.is_valid(row).then(|| plain.value(row))
    }
}

fn misses(what: &str) -> io::Error {
    io::Error::other(format!("a decision without {what}"))
}

impl<'a> Answers<'a> {
    fn new(spool: &SpoolOptions, out: &'a mut dyn Write) -> Self {
        let mut other = spool.clone();
        other.key = blake3::derive_key("consentry 2026 temporary file copies", &spool.key);
        Self {
            out,
            conversations: SortedRuns::new(spool),
            copies: SortedRuns::new(&other),
            key: (false, String::new()),
            rows: Vec::new(),
            waiting_bytes: 0,
            answered: Answered::default(),
            reasons: HashMap::new(),
        }
    }

    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let texts = |name: &str| Texts(batch.column_by_name(name));
        let parts =
            batch.column_by_name("part").and_then(|one| one.as_primitive_opt::<Int32Type>());
        let list = batch.column_by_name("reasons").and_then(|one| one.as_list_opt::<i32>());
        let list = list.ok_or_else(|| misses("reasons"))?;
        let (words, ends) = (Texts(Some(list.values())), list.value_offsets());
        let (decisions, accounts) = (texts("decision"), texts("account"));
        let (conversations, messages, copies) =
            (texts("conversation"), texts("message"), texts("copy"));
        for row in 0..batch.num_rows() {
            let decision = match decisions.get(row) {
                Some("permit") => "permit",
                Some("deny") => "deny",
                _ => return Err(misses("a word that is known")),
            };
            let range = ends.get(row).zip(ends.get(row + 1));
            let (from, to) = range.ok_or_else(|| misses("reasons"))?;
            let reasons: Option<Arc<[Arc<str>]>> = (*from as usize..*to as usize)
                .map(|place| words.get(place).map(|word| self.reason(word)))
                .collect();
            let reasons = reasons.ok_or_else(|| misses("reasons"))?;
            self.answered.rows += 1;
            self.answered.permitted += u64::from(decision == "permit");
            let answer = Answer::decided(decision, reasons);
            let part = parts.and_then(|parts: &Int32Array| usize::try_from(parts.value(row)).ok());
            if let Some(account) = accounts.get(row) {
                let mut line = Vec::new();
                push_row(&mut line, &AccountAnswer { account, answer })?;
                self.out.write_all(&line)?;
            } else if let Some(copy) = copies.get(row) {
                self.about(true, copy)?;
                let part = part.ok_or_else(|| misses("a part"))?;
                push_row(&mut self.rows, &CopyAnswer { store: "feedback", copy, part, answer })?;
            } else if let Some(conversation) = conversations.get(row) {
                self.about(false, conversation)?;
                match messages.get(row).zip(part) {
                    Some((message, part)) => {
                        let store = "conversation";
                        let line = PartAnswer { store, conversation, message, part, answer };
                        push_row(&mut self.rows, &line)?;
                    }
                    None => push_row(&mut self.rows, &ConversationAnswer { conversation, answer })?,
                }
            } else {
                return Err(misses("what it is about"));
            }
        }
        Ok(())
    }

    fn reason(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.reasons.get(word) {
            return Arc::clone(known);
        }
        let new: Arc<str> = word.into();
        self.reasons.insert(word.to_owned(), Arc::clone(&new));
        new
    }

    /// What follows is about this conversation or copy. Its rows stand together.
    fn about(&mut self, is_copy: bool, id: &str) -> io::Result<()> {
        if self.key.0 == is_copy && self.key.1 == id {
            return Ok(());
        }
        self.put_aside()?;
        self.key = (is_copy, id.to_owned());
        Ok(())
    }

    fn put_aside(&mut self) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let (is_copy, id) = &self.key;
        let runs = if *is_copy { &mut self.copies } else { &mut self.conversations };
        runs.add(id.as_bytes(), &self.rows);
        self.waiting_bytes += self.rows.len();
        self.rows.clear();
        if self.waiting_bytes > RUN_BYTES {
            self.waiting_bytes = 0;
            self.conversations.end_run()?;
            self.copies.end_run()?;
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<Answered> {
        self.put_aside()?;
        let out = self.out;
        self.conversations.merge(|_, rows| out.write_all(rows))?;
        self.copies.merge(|_, rows| out.write_all(rows))?;
        Ok(self.answered)
    }
}
