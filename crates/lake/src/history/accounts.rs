//! What concerns accounts and notices. It is small beside the conversations and stays in memory.

use super::rejects::Rejects;
use consentry_model::account::{AccountTimeline, Notices};
use consentry_model::event::{Body, ContentDigest, EventKey, Parsed};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

#[derive(Debug, Default)]
struct Entry {
    timeline: AccountTimeline,
    /// The lines about this account.
    orders: Vec<u64>,
}

/// The accounts and notices of a history.
#[derive(Debug, Default)]
pub struct Accounts {
    by_id: HashMap<Box<str>, Entry>,
    notices: Notices,
    /// Lines that name a notice, and the notice.
    notice_references: Vec<(u64, Box<str>)>,
    seen: HashMap<EventKey, ContentDigest>,
}

/// How the text of a line is found again when it has to be put into quarantine.
pub(super) type Texts<'a> = dyn FnMut(u64) -> Vec<u8> + 'a;

impl Accounts {
    /// The timeline of an account that is opened.
    #[must_use]
    pub fn get(&self, account: &str) -> Option<&AccountTimeline> {
        self.by_id.get(account).map(|entry| &entry.timeline)
    }

    /// The notices.
    #[must_use]
    pub const fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Every account by id, bytewise.
    #[must_use]
    pub fn sorted(&self) -> Vec<(&str, &AccountTimeline)> {
        let mut all: Vec<_> =
            self.by_id.iter().map(|(id, entry)| (id.as_ref(), &entry.timeline)).collect();
        all.sort_by_key(|(id, _)| *id);
        all
    }

    /// Takes an event about an account or a notice. An identical redelivery is ignored; one that
    /// differs is taken, and removed again once all keys are compared.
    pub(super) fn push(&mut self, order: u64, parsed: &Parsed<'_>) {
        if self.seen.get(&parsed.key) == Some(&parsed.content) {
            return;
        }
        self.seen.entry(parsed.key).or_insert(parsed.content);
        let at = parsed.event.time;
        if let Body::NoticePublished { notice, deadline, .. } = &parsed.event.body {
            self.notices.push(at, order, notice, *deadline);
            return;
        }
        let named = match &parsed.event.body {
            Body::NoticeDeferred { notice, .. } | Body::NoticeAccepted { notice, .. } => {
                Some(notice)
            }
            Body::ChoiceRecorded { choice, .. } => choice.notice.as_ref(),
            _ => None,
        };
        if let Some(notice) = named {
            self.notice_references.push((order, notice.as_ref().into()));
        }
        let account = parsed.event.body.subject().1;
        if !self.by_id.contains_key(account) {
            self.by_id.insert(account.into(), Entry::default());
        }
        if let Some(entry) = self.by_id.get_mut(account) {
            entry.timeline.push(at, order, &parsed.event.body);
            entry.orders.push(order);
        }
    }

    /// Checks what needs the whole input and forgets the lines in error. `conflicts` are the lines
    /// that repeat an event with other content; they are already told.
    pub(super) fn check(
        &mut self,
        conflicts: &BTreeMap<u64, u64>,
        rejects: &mut Rejects,
        texts: &mut Texts<'_>,
    ) -> io::Result<()> {
        self.seen = HashMap::new();
        self.notices.remove(&|order| conflicts.contains_key(&order));
        self.notices.sort();
        let mut unknown = BTreeSet::new();
        let published = self.notices.names();
        for (order, notice) in std::mem::take(&mut self.notice_references) {
            if !published.contains(notice.as_ref()) && !conflicts.contains_key(&order) {
                let reason = format!("notice `{notice}` is never published in the input");
                rejects.add(order, &reason, &texts(order))?;
                unknown.insert(order);
            }
        }
        let mut never_opened = Vec::new();
        for (id, entry) in &mut self.by_id {
            entry.remove(&|order| conflicts.contains_key(&order) || unknown.contains(&order));
            entry.timeline.sort();
            if !entry.keep_first_opening(id, rejects, texts)? {
                for order in entry.orders.drain(..) {
                    let reason = format!("account `{id}` is never opened in the input");
                    rejects.add(order, &reason, &texts(order))?;
                }
                never_opened.push(id.clone());
            }
            entry.orders = Vec::new();
        }
        for id in never_opened {
            self.by_id.remove(&id);
        }
        Ok(())
    }
}

impl Entry {
    fn remove(&mut self, wrong: &dyn Fn(u64) -> bool) {
        self.timeline.remove(wrong);
        self.orders.retain(|order| !wrong(*order));
    }

    /// Whether the account is opened at all. Openings after the first in time are in error.
    fn keep_first_opening(
        &mut self,
        id: &str,
        rejects: &mut Rejects,
        texts: &mut Texts<'_>,
    ) -> io::Result<bool> {
        let openings: Vec<u64> = self.timeline.openings().map(|(_, order)| order).collect();
        let Some((first, later)) = openings.split_first() else {
            return Ok(false);
        };
        let place = rejects.place(*first);
        let reason = format!("account `{id}` is opened twice; the first opening is {place}");
        for order in later {
            rejects.add(*order, &reason, &texts(*order))?;
        }
        let later: BTreeSet<u64> = later.iter().copied().collect();
        if !later.is_empty() {
            self.remove(&|order| later.contains(&order));
        }
        Ok(true)
    }
}
