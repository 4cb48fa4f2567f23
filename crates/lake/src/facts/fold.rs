//! A history folded into facts.

use super::{FactsColumns, FactsWriter, Of, Owner};
use crate::history::{History, HistoryError, Owned};
use crate::progress::Progress;
use crate::runs::SortedRuns;
use crate::spool::SpoolOptions;
use consentry_model::conversation::{FeedbackCopy, Message};
use consentry_model::facts::Facts;
use consentry_model::{Instant, Kind, Origin, Part, Rating, Role};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::{self, Write};

/// How a history is folded.
#[derive(Debug)]
pub struct Folding {
    /// What the rows are about.
    pub of: Of,
    /// The instant at which the facts are taken.
    pub as_of: Instant,
    /// The key that makes copies' ids opaque.
    pub copy_key: [u8; 32],
    /// Where copies wait until all conversations are written.
    pub spool: SpoolOptions,
}

/// What was folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Rows in all.
    pub rows: u64,
    /// Of these, parts of feedback copies.
    pub copied: u64,
}

/// Copies wait in memory up to this size before they are sorted.
const RUN_BYTES: usize = 32 << 20;

/// A copy between its conversation and its place in the file. It holds nothing that leads back.
#[derive(Serialize, Deserialize)]
struct Copied<'a> {
    at: Instant,
    rating: Rating,
    #[serde(borrow)]
    parts: Vec<CopiedPart<'a>>,
}

#[derive(Serialize, Deserialize)]
struct CopiedPart<'a> {
    role: Role,
    kind: Kind,
    origin: Origin,
    #[serde(borrow)]
    connector: Option<Cow<'a, str>>,
}

struct Fold<'f, W: Write + Send> {
    options: &'f Folding,
    columns: FactsColumns,
    writer: FactsWriter<W>,
    copies: SortedRuns,
    waiting_bytes: usize,
    folded: Folded,
}

/// Folds a history into a file of facts. The rows of one conversation stand together, by message
/// time, message and part; copies follow, by their id, so that their place tells nothing either.
/// What is in memory is one bucket of conversations and one row group.
///
/// What was written to `out` counts only when this returns `Ok`.
///
/// # Errors
///
/// [`HistoryError::Lines`] when lines are in error; otherwise when temporary storage or `out` fails.
pub fn write_facts(
    history: &mut History,
    options: &Folding,
    progress: &mut dyn Progress,
    out: impl Write + Send,
) -> Result<Folded, HistoryError> {
    let mut fold = Fold {
        options,
        columns: FactsColumns::new(options.of),
        writer: FactsWriter::new(options.of, options.as_of, out)?,
        copies: SortedRuns::new(&options.spool),
        waiting_bytes: 0,
        folded: Folded::default(),
    };
    // Accounts are asked for without conversations, but every line is checked whatever is asked.
    history.each_conversation(progress, |owned| match options.of {
        Of::Parts => fold.conversation(owned),
        Of::Conversations => fold.whole(owned),
        Of::Accounts => Ok(()),
    })?;
    if options.of == Of::Accounts {
        fold.accounts(history)?;
    }
    progress.step("writing", None);
    Ok(fold.finish()?)
}

/// Where a part stands is told in 32 bits. No line that can be read holds more parts.
fn number(index: usize) -> io::Result<i32> {
    i32::try_from(index).map_err(io::Error::other)
}

impl<W: Write + Send> Fold<'_, W> {
    fn conversation(&mut self, owned: Owned<'_>) -> io::Result<()> {
        let Owned { conversation, account, .. } = owned;
        let as_of = self.options.as_of;
        if let (Some(holder), Some(facts)) = (account.at(as_of), conversation.at(as_of)) {
            let mut row = Facts::of_conversation(&holder, &facts);
            let mut messages: Vec<&Message<'_>> = conversation.messages_at(as_of).iter().collect();
            messages.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
            for message in messages {
                let plan = account.plan_at(message.at);
                for (index, part) in message.parts.iter().enumerate() {
                    row.turn_to_part(message, part, plan);
                    let part = number(index)?;
                    self.columns.part(Some(&message.id), part, &row).map_err(io::Error::other)?;
                }
            }
            let owner = Owner::Conversation(&conversation.id);
            self.columns.end(owner, &row).map_err(io::Error::other)?;
            self.writer.take_some(&mut self.columns)?;
        }
        for copy in conversation.feedback_copies(account, as_of) {
            self.put_aside(&copy)?;
        }
        Ok(())
    }

    fn put_aside(&mut self, copy: &FeedbackCopy<'_, '_>) -> io::Result<()> {
        let part = |(message, part): &(&Message<'_>, &'_ Part<'_>)| CopiedPart {
            role: message.role,
            kind: part.kind,
            origin: part.origin,
            connector: part.connector.as_deref().map(|text| Cow::Owned(text.to_owned())),
        };
        let copied = Copied {
            at: copy.feedback.at,
            rating: copy.feedback.rating,
            parts: copy.parts.iter().map(part).collect(),
        };
        let payload = postcard::to_stdvec(&copied).map_err(io::Error::other)?;
        let id = copy.feedback.opaque_id(&self.options.copy_key);
        self.waiting_bytes += id.len() + payload.len();
        self.copies.add(id.as_bytes(), &payload);
        if self.waiting_bytes > RUN_BYTES {
            self.waiting_bytes = 0;
            self.copies.end_run()?;
        }
        Ok(())
    }

    fn whole(&mut self, owned: Owned<'_>) -> io::Result<()> {
        let as_of = self.options.as_of;
        if let (Some(account), Some(facts)) =
            (owned.account.at(as_of), owned.conversation.at(as_of))
        {
            let row = Facts::of_conversation(&account, &facts);
            self.columns.whole(&owned.conversation.id, &row).map_err(io::Error::other)?;
            self.writer.take_some(&mut self.columns)?;
        }
        Ok(())
    }

    fn accounts(&mut self, history: &History) -> io::Result<()> {
        let as_of = self.options.as_of;
        let deadline = history.accounts.notices().earliest_deadline_at(as_of);
        for (id, timeline) in history.accounts.sorted() {
            let Some(account) = timeline.at(as_of) else { continue };
            let row = Facts::of_account(&account, deadline);
            self.columns.whole(id, &row).map_err(io::Error::other)?;
            self.writer.take_some(&mut self.columns)?;
        }
        Ok(())
    }

    fn finish(self) -> io::Result<Folded> {
        let Self { mut columns, mut writer, copies, mut folded, .. } = self;
        copies.merge(|id, payload| {
            let id = std::str::from_utf8(id).map_err(io::Error::other)?;
            let copied: Copied<'_> = postcard::from_bytes(payload).map_err(io::Error::other)?;
            let shared = Facts::of_feedback(copied.at, copied.rating);
            for (index, part) in copied.parts.iter().enumerate() {
                let part_of = Part {
                    kind: part.kind,
                    origin: part.origin,
                    text: None,
                    name: None,
                    connector: part.connector.as_deref().map(Cow::Borrowed),
                    media_type: None,
                    bytes: None,
                };
                let mut row = shared.clone();
                row.turn_to_copied(part.role, &part_of);
                columns.part(None, number(index)?, &row).map_err(io::Error::other)?;
            }
            folded.copied += copied.parts.len() as u64;
            columns.end(Owner::Copy(id), &shared).map_err(io::Error::other)?;
            writer.take_some(&mut columns)
        })?;
        folded.rows = writer.finish(&mut columns)?;
        Ok(folded)
    }
}
