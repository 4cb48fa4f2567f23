//! The second pass: one conversation after another, checked.

use super::rejects::Rejects;
use super::scan::{Record, conflict_reason};
use super::{Accounts, History, HistoryError};
use crate::progress::Progress;
use consentry_model::account::AccountTimeline;
use consentry_model::conversation::ConversationTimeline;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;

/// One conversation with the account that it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Owned<'a> {
    /// The conversation, complete and checked.
    pub conversation: &'a ConversationTimeline<'a>,
    /// Its account, which is opened.
    pub account: &'a AccountTimeline,
    /// The keyed hash of the conversation's id, by which conversations are ordered.
    pub route: [u8; 32],
}

impl History {
    /// Hands every conversation of the input to `take`, in the order of the keyed hash of its id.
    /// What `take` was given counts only when this returns `Ok`: errors that need the whole input
    /// are known at the end.
    ///
    /// # Errors
    ///
    /// [`HistoryError::Lines`] with the lines in error, unless they go to quarantine; otherwise when
    /// temporary storage or `take` fails.
    pub fn each_conversation(
        &mut self,
        progress: &mut dyn Progress,
        mut take: impl FnMut(Owned<'_>) -> io::Result<()>,
    ) -> Result<(), HistoryError> {
        self.each_bucket(progress, |all| all.iter().try_for_each(|owned| take(*owned)))
    }

    /// As [`Self::each_conversation`], with many conversations at once, as they are in memory.
    ///
    /// # Errors
    ///
    /// As [`Self::each_conversation`].
    pub fn each_bucket(
        &mut self,
        progress: &mut dyn Progress,
        mut take: impl FnMut(&[Owned<'_>]) -> io::Result<()>,
    ) -> Result<(), HistoryError> {
        progress.step("folding", Some(self.conversations.len() as u64));
        for bucket in 0..self.conversations.len() {
            let bytes = self.conversations.take(bucket)?;
            let mut fold = Fold {
                accounts: &self.accounts,
                rejects: &mut self.rejects,
                conflicts: &self.conflicts,
                texts: BTreeMap::new(),
                quarantine: self.quarantine,
            };
            let mut conversations = Vec::new();
            for (route, mut conversation) in fold.bucket(&bytes, &self.route_key)? {
                if fold.check(&mut conversation)? {
                    conversations.push((route, conversation));
                }
            }
            let owned = conversations.iter().filter_map(|(route, conversation)| {
                let account = self.accounts.get(&conversation.starts.first()?.account)?;
                Some(Owned { conversation, account, route: *route })
            });
            take(&owned.collect::<Vec<_>>())?;
            progress.advance(1);
        }
        if self.quarantine || self.rejects.count() == 0 {
            return Ok(());
        }
        Err(self.lines_in_error())
    }

    fn lines_in_error(&mut self) -> HistoryError {
        let nothing = crate::spool::SpoolOptions {
            directory: std::path::PathBuf::new(),
            buffered_bytes_max: usize::MAX,
            key: [0; 32],
        };
        let found = std::mem::replace(&mut self.rejects, Rejects::new(Vec::new(), &nothing));
        match found.into_error() {
            Err(error) => error,
            Ok(()) => io::Error::other("lines in error were lost").into(),
        }
    }
}

struct Fold<'f> {
    accounts: &'f Accounts,
    rejects: &'f mut Rejects,
    conflicts: &'f BTreeMap<u64, u64>,
    /// The lines of this bucket, where they may have to go to quarantine.
    texts: BTreeMap<u64, &'f [u8]>,
    quarantine: bool,
}

/// A conversation with the hash of its id.
type Routed<'b> = ([u8; 32], ConversationTimeline<'b>);

impl<'f> Fold<'f> {
    /// Brings the events of a bucket together, sorted by the hash of the conversation's id.
    fn bucket(&mut self, bytes: &'f [u8], route_key: &[u8; 32]) -> io::Result<Vec<Routed<'f>>> {
        let mut by_id: HashMap<Box<str>, usize> = HashMap::new();
        let mut conversations: Vec<Routed<'f>> = Vec::new();
        let mut seen: HashSet<[u8; 16]> = HashSet::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let (record, after) =
                postcard::take_from_bytes::<Record<'f>>(rest).map_err(io::Error::other)?;
            rest = after;
            if let Some(first) = self.conflicts.get(&record.order) {
                if self.quarantine {
                    let reason = conflict_reason(&self.rejects.place(*first));
                    self.rejects.add(record.order, &reason, record.text)?;
                }
                continue;
            }
            if !seen.insert(record.key) {
                continue;
            }
            if self.quarantine {
                self.texts.insert(record.order, record.text);
            }
            let id = record.event.body.subject().1;
            let index = match by_id.get(id) {
                Some(index) => *index,
                None => {
                    let route = *blake3::keyed_hash(route_key, id.as_bytes()).as_bytes();
                    conversations.push((route, ConversationTimeline::new(id.to_owned())));
                    by_id.insert(id.into(), conversations.len() - 1);
                    conversations.len() - 1
                }
            };
            if let Some((_, conversation)) = conversations.get_mut(index) {
                conversation.push(record.order, record.event);
            }
        }
        conversations.sort_by_key(|(route, _)| *route);
        Ok(conversations)
    }

    fn reject(&mut self, order: u64, reason: &str) -> io::Result<()> {
        self.rejects.add(order, reason, self.texts.get(&order).copied().unwrap_or_default())
    }

    /// Removes what is in error, telling it. `false` if nothing of the conversation can stand.
    fn check(&mut self, conversation: &mut ConversationTimeline<'_>) -> io::Result<bool> {
        conversation.sort();
        let mut wrong = BTreeSet::new();
        if let Some(first) = conversation.starts.first() {
            let place = self.rejects.place(first.order);
            for later in conversation.starts.iter().skip(1) {
                let reason = format!(
                    "conversation `{}` is started twice; the first start is {place}",
                    conversation.id
                );
                self.reject(later.order, &reason)?;
                wrong.insert(later.order);
            }
            if self.accounts.get(&first.account).is_none() {
                let reason = format!("account `{}` is never opened in the input", first.account);
                self.reject(first.order, &reason)?;
                if !self.quarantine {
                    // The rest of the conversation is wrong only because of this line.
                    return Ok(false);
                }
                wrong.insert(first.order);
            }
        }
        conversation.remove(&wrong);
        if conversation.starts.is_empty() {
            let reason =
                format!("conversation `{}` is never started in the input", conversation.id);
            for order in conversation.orders().collect::<Vec<_>>() {
                self.reject(order, &reason)?;
            }
            return Ok(false);
        }
        self.check_messages(conversation)?;
        Ok(true)
    }

    fn check_messages(&mut self, conversation: &mut ConversationTimeline<'_>) -> io::Result<()> {
        let mut wrong = Vec::new();
        let mut known: HashMap<&str, u64> = HashMap::new();
        for message in &conversation.messages {
            if let Some(first) = known.get(message.id.as_ref()) {
                let place = self.rejects.place(*first);
                let reason = format!(
                    "message `{}` is added twice to conversation `{}`; first at {place}",
                    message.id, conversation.id
                );
                wrong.push((message.order, reason));
            } else {
                known.insert(&message.id, message.order);
            }
        }
        for (order, message) in conversation.message_references() {
            if !known.contains_key(message) {
                let reason = format!(
                    "message `{message}` is never added to conversation `{}`",
                    conversation.id
                );
                wrong.push((order, reason));
            }
        }
        for (order, reason) in &wrong {
            self.reject(*order, reason)?;
        }
        conversation.remove(&wrong.into_iter().map(|(order, _)| order).collect());
        Ok(())
    }
}
