//! What every importer writes into: it keeps the history valid and the account of blocks balanced,
//! whatever an export repeats.

use super::{Format, ImportError, Output, Owner, Tally, owner};
use crate::json::LATEST;
use consentry_model::{Body, Event, Instant, Kind, Origin, Part, Rating, Role, Surface};
use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;

/// The account when neither the owner nor the export names one.
pub(super) const LOCAL: &str = "local";

/// A history being written.
pub(super) struct History<'o> {
    source: String,
    owner: &'o Owner,
    output: &'o mut dyn Output,
    /// Those that a conversation belongs to; opened when all is read and the earliest time known.
    accounts: BTreeSet<String>,
    earliest: Option<Instant>,
    conversations: HashSet<u128>,
    /// What each message said: by conversation and message, a digest of its role and parts.
    messages: HashMap<u128, u128>,
    feedback: HashSet<u128>,
}

/// A conversation begins.
pub(super) struct Start<'a> {
    pub id: &'a str,
    /// The account that the export names.
    pub account: Option<&'a str>,
    pub time: Instant,
    pub surface: Surface,
    pub incognito: bool,
}

/// A message of a conversation that was started.
pub(super) struct Message<'a> {
    pub conversation: &'a str,
    pub id: &'a str,
    pub time: Instant,
    pub role: Role,
}

/// The blocks of one message: what becomes parts and what does not.
#[derive(Debug, Default)]
pub(super) struct Blocks<'a> {
    parts: Vec<Part<'a>>,
    excluded: Vec<Cow<'static, str>>,
    notes: Vec<&'static str>,
}

impl<'a> Blocks<'a> {
    /// A block that becomes a part.
    pub(super) fn part(&mut self, part: Part<'a>) {
        self.parts.push(part);
    }

    /// A block that is text and nothing else. One without any is left out as `empty`.
    pub(super) fn text(&mut self, part: Part<'a>, text: impl Into<Cow<'a, str>>) {
        let text = text.into();
        if text.is_empty() {
            self.exclude("empty");
        } else {
            self.part(part.with_text(text));
        }
    }

    /// A block that is left out for a reason.
    pub(super) fn exclude(&mut self, reason: impl Into<Cow<'static, str>>) {
        self.excluded.push(reason.into());
    }

    /// A block whose kind this version does not know.
    pub(super) fn unknown(&mut self, kind: Option<&str>) {
        self.exclude(unknown("unknown-block", kind));
    }

    /// Something worth telling that is no block.
    pub(super) fn note(&mut self, what: &'static str) {
        self.notes.push(what);
    }

    /// A digest of the parts, for messages that carry no id of their own.
    pub(super) fn digest(&self, role: Role) -> u128 {
        let mut hasher = blake3::Hasher::new();
        hash(&mut hasher, role.as_str());
        for part in &self.parts {
            hash(&mut hasher, part.kind.as_str());
            hash(&mut hasher, part.origin.as_str());
            for text in [&part.text, &part.name, &part.connector, &part.media_type] {
                // A byte apart from absent and empty.
                hasher.update(&[u8::from(text.is_some())]);
                hash(&mut hasher, text.as_deref().unwrap_or_default());
            }
            hasher.update(&part.bytes.map_or([0xFF; 8], u64::to_le_bytes));
        }
        first_half(&hasher.finalize())
    }
}

/// `WHAT:NAME`, with the name cut and cleaned: it comes out of a file and goes onto a terminal.
pub(super) fn unknown(what: &str, name: Option<&str>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let name = name.unwrap_or("untyped").chars().take(48);
    let name: String = name.map(|c| if plain(c) { c } else { '_' }).collect();
    format!("{what}:{name}")
}

impl<'o> History<'o> {
    pub(super) fn new(format: Format, owner: &'o Owner, output: &'o mut dyn Output) -> Self {
        Self {
            source: format!("import/{}", format.as_str()),
            owner,
            output,
            accounts: BTreeSet::new(),
            earliest: None,
            conversations: HashSet::new(),
            messages: HashMap::new(),
            feedback: HashSet::new(),
        }
    }

    /// Starts a conversation unless it is started already: the first to say so counts.
    pub(super) fn start(&mut self, start: &Start<'_>) -> io::Result<()> {
        if !self.conversations.insert(key(&[start.id])) {
            return Ok(());
        }
        let named = self.owner.account.as_deref().or(start.account);
        let account = named.filter(|id| !id.is_empty()).unwrap_or(LOCAL).to_owned();
        self.accounts.insert(account.clone());
        let body = Body::ConversationStarted {
            conversation: start.id.into(),
            account: account.into(),
            surface: start.surface,
            incognito: start.incognito,
            app: None,
        };
        self.event(&format!("conversation.started/{}", escaped(start.id)), start.time, body)
    }

    /// Adds a message with its blocks. One that was added before is not added again: its blocks are
    /// left out as `repeated` if it said the same, and as `other-version` if it did not.
    pub(super) fn add(
        &mut self,
        tally: &mut Tally,
        message: &Message<'_>,
        blocks: Blocks<'_>,
    ) -> io::Result<()> {
        let digest = blocks.digest(message.role);
        let repeated = match self.messages.entry(key(&[message.conversation, message.id])) {
            Entry::Vacant(entry) => {
                entry.insert(digest);
                None
            }
            Entry::Occupied(entry) if *entry.get() == digest => Some("repeated"),
            Entry::Occupied(_) => Some("other-version"),
        };
        for reason in &blocks.excluded {
            tally.exclude(reason);
        }
        for note in &blocks.notes {
            tally.note(note);
        }
        for _ in &blocks.parts {
            match repeated {
                Some(reason) => tally.exclude(reason),
                None => tally.part(),
            }
        }
        if let Some(reason) = repeated {
            tally.note(&format!("message-{reason}"));
            return Ok(());
        }
        let (conversation, id) = (message.conversation, message.id);
        let body = Body::MessageAdded {
            conversation: conversation.into(),
            message: id.into(),
            role: message.role,
            parts: blocks.parts,
        };
        let event = format!("message.added/{}/{}", escaped(conversation), escaped(id));
        self.event(&event, message.time, body)
    }

    /// Whether a message of a conversation was added.
    pub(super) fn has(&self, conversation: &str, message: &str) -> bool {
        self.messages.contains_key(&key(&[conversation, message]))
    }

    /// Records feedback on a message that was added; `false` if just this was recorded already.
    pub(super) fn feedback(
        &mut self,
        (conversation, message): (&str, &str),
        time: Instant,
        rating: Rating,
        comment: Option<&str>,
    ) -> io::Result<bool> {
        let stamp = time.millis().to_string();
        let said = [conversation, message, &stamp, rating.as_str(), comment.unwrap_or_default()];
        let digest = key(&said);
        if !self.feedback.insert(digest) {
            return Ok(false);
        }
        let body = Body::FeedbackGiven {
            conversation: conversation.into(),
            message: message.into(),
            rating,
            comment: comment.map(Into::into),
        };
        self.event(&format!("feedback.given/{digest:032x}"), time, body)?;
        Ok(true)
    }

    /// Opens the accounts that conversations belong to and records their choice. Without a
    /// conversation there is no account to open.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let since = self.owner.since.or(self.earliest);
        let Some(since) = since else { return Ok(()) };
        for account in std::mem::take(&mut self.accounts) {
            for event in owner::events(self.owner, &account, since.min(LATEST)) {
                self.output.event(&event)?;
            }
        }
        Ok(())
    }

    /// Hands over the account of one file.
    pub(super) fn tally(&mut self, tally: Tally) {
        self.output.tally(tally);
    }

    fn event(&mut self, id: &str, time: Instant, body: Body<'_>) -> io::Result<()> {
        // A history cannot write later years.
        let time = time.min(LATEST);
        self.earliest = Some(self.earliest.map_or(time, |earliest| earliest.min(time)));
        self.output.event(&Event { source: self.source.as_str().into(), id: id.into(), time, body })
    }
}

/// An error of reading or writing, at a file.
pub(super) fn io_error(file: &str, source: io::Error) -> ImportError {
    ImportError::Io { file: file.to_owned(), source }
}

/// The part that a piece of text makes, by who speaks.
pub(super) const fn spoken(role: Role) -> Part<'static> {
    let origin = match role {
        Role::User => Origin::User,
        Role::Assistant => Origin::Assistant,
        Role::System => Origin::System,
        Role::Tool => Origin::Tool,
    };
    Part::new(Kind::Text, origin)
}

/// The id with the separator of event ids escaped, so that different ids stay different.
fn escaped(id: &str) -> Cow<'_, str> {
    if id.contains(['/', '%']) {
        id.replace('%', "%25").replace('/', "%2F").into()
    } else {
        id.into()
    }
}

fn key(names: &[&str]) -> u128 {
    let mut hasher = blake3::Hasher::new();
    for name in names {
        hash(&mut hasher, name);
    }
    first_half(&hasher.finalize())
}

fn hash(hasher: &mut blake3::Hasher, text: &str) {
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

/// 128 bits tell 10¹⁵ messages apart.
fn first_half(hash: &blake3::Hash) -> u128 {
    let half = hash.as_bytes().first_chunk::<16>();
    half.map_or(0, |half| u128::from_be_bytes(*half))
}
