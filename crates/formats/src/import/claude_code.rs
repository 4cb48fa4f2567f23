//! Claude Code's session files: JSONL files, or a whole projects folder.
//!
//! A file is read twice. The first reading remembers what a record can only be understood by
//! together with others: which tool a call named, when a session began, what became of a queued
//! prompt. The second writes one message for each record that carries one. Neither keeps content;
//! what they keep is one hash or a few for each record.
//!
//! What becomes of each kind of record, and what the format cannot tell, is written down in
//! `docs/formats/claude-code.md`. Three rules stand above all:
//!
//! - What came through an MCP server is `connector`, and so is the answer of a tool whose call is
//!   not to be found.
//! - A field or record that repeats content of other records is never read.
//! - What is not known is counted and named, and stays out.

mod attachments;
mod blocks;
mod file;
mod json;
mod messages;
mod survey;
mod tools;
mod values;
mod wrappers;

use super::{Bundle, ImportError, Output, Owner, Tally, owner};
use consentry_model::{Body, Event, Instant, Surface};
use file::{Record, Step, session_files};
use messages::{Message, message};
use std::collections::HashSet;
use std::io;
use survey::{Key, Survey, key};

/// The `source` of every event of this importer.
pub const SOURCE: &str = "import/claude-code";

/// The account where the caller names none: session files do not say whose they are.
const LOCAL_ACCOUNT: &str = "local";

/// Reads session files into events of the account that `owner` names, or of `local`.
///
/// Every `.jsonl` file of the bundle is read, and a bundle of one file whatever its name. All
/// branches of a session and the transcripts of its sub-agents are one conversation, known by the
/// session's id. A record that another file holds as well, as resumed and forked sessions do, is
/// imported once, from the file that comes first.
///
/// # Errors
///
/// [`ImportError::Empty`] if there is no session file, and otherwise as [`super::import`]. A value
/// that is not JSON is an error that names its line, except for one that the end of a file cuts off:
/// that is counted as `malformed-line`.
pub fn import(
    bundle: &mut dyn Bundle,
    owner: &Owner,
    output: &mut dyn Output,
) -> Result<(), ImportError> {
    let (files, others) = session_files(bundle)?;
    if files.is_empty() {
        return Err(ImportError::Empty {
            expected: "`.jsonl` file of Claude Code",
            hint: "name a session file, or the folder `projects` in Claude Code's own folder",
        });
    }
    let mut survey = Survey::default();
    for file in &files {
        file.read(bundle, &mut |step| {
            if let Step::Record(record) = step {
                survey.see(&record);
            }
            Ok(())
        })?;
    }
    let mut writer = Writer::new(&survey, owner, output);
    writer.account(owner).map_err(|source| ImportError::Io { file: SOURCE.to_owned(), source })?;
    for file in &files {
        let mut tally = Tally::new(&file.name);
        file.read(bundle, &mut |step| {
            match step {
                Step::Record(record) => {
                    return writer
                        .record(&record, &mut tally)
                        .map_err(|source| values::io_error(&file.name, source));
                }
                Step::Other => tally.exclude("not-an-object"),
                Step::Torn => tally.exclude("malformed-line"),
            }
            Ok(())
        })?;
        writer.output.tally(tally);
    }
    for name in others {
        let mut tally = Tally::new(name);
        tally.note("not-a-session-file");
        writer.output.tally(tally);
    }
    Ok(())
}

/// The second reading: events out, each message once.
struct Writer<'s, 'o> {
    survey: &'s Survey,
    account: &'s str,
    /// The earliest time of the export, or the epoch if it has none.
    earliest: Instant,
    output: &'o mut dyn Output,
    /// Conversations that were started.
    started: HashSet<Key>,
    /// Messages by conversation and id.
    written: HashSet<Key>,
    /// Records by id, time and content, and by conversation, id and content.
    seen: HashSet<Key>,
}

impl<'s, 'o> Writer<'s, 'o> {
    fn new(survey: &'s Survey, owner: &'s Owner, output: &'o mut dyn Output) -> Self {
        Self {
            survey,
            account: owner.account.as_deref().unwrap_or(LOCAL_ACCOUNT),
            earliest: survey.earliest.or(owner.since).unwrap_or(Instant::from_millis(0)),
            output,
            started: HashSet::new(),
            written: HashSet::new(),
            seen: HashSet::new(),
        }
    }

    fn event(&mut self, id: String, time: Instant, body: Body<'_>) -> io::Result<()> {
        self.output.event(&Event { source: SOURCE.into(), id: id.into(), time, body })
    }

    fn account(&mut self, owner: &Owner) -> io::Result<()> {
        let since = owner.since.unwrap_or(self.earliest);
        for event in owner::events(owner, self.account, since) {
            self.output.event(&event)?;
        }
        Ok(())
    }

    fn record(&mut self, record: &Record<'_>, tally: &mut Tally) -> io::Result<()> {
        let Message { role, blocks, content } =
            message(self.survey, record, &mut |what| tally.note(&what));
        for reason in &blocks.excluded {
            tally.exclude(reason);
        }
        (0..blocks.orphans).for_each(|_| tally.note("answer-without-call"));
        if blocks.parts.is_empty() {
            return Ok(());
        }
        let Some(message) = self.new_message(record, content) else {
            blocks.parts.iter().for_each(|_| tally.exclude("repeated"));
            return Ok(());
        };
        if record.time_assumed {
            tally.note("time-assumed");
        }
        self.start(&record.session)?;
        blocks.parts.iter().for_each(|_| tally.part());
        // A session's id may hold anything; what follows the second slash is the message's.
        let session = record.session.replace('%', "%25").replace('/', "%2F");
        let id = format!("message/{session}/{message}");
        let added = Body::MessageAdded {
            conversation: record.session.as_str().into(),
            message: message.into(),
            role,
            parts: blocks.parts,
        };
        self.event(id, record.time.unwrap_or(self.earliest), added)
    }

    /// The id of a record's message; `None` if the record repeats one before it.
    fn new_message(&mut self, record: &Record<'_>, content: &str) -> Option<String> {
        let (session, fields) = (&record.session, &record.fields);
        let time = fields.text("timestamp").unwrap_or_default();
        let own = fields.id("uuid").map(|uuid| uuid.into_owned());
        let id = own.unwrap_or_else(|| {
            let position = record.position.to_string();
            // What has no id of its own is known by what it belongs to, or else by its place.
            let place = match &*record.kind {
                "summary" => fields.text("leafUuid").unwrap_or_default(),
                "queue-operation" => time.clone(),
                _ => position.as_str().into(),
            };
            hex(key(&[session, &record.kind, &place, content]))
        });
        // Copies in other sessions keep their time; within a session the id is enough.
        let copies = [key(&["copy", &id, &time, content]), key(&["own", session, &id, content])];
        if copies.iter().any(|copy| self.seen.contains(copy)) {
            return None;
        }
        self.seen.extend(copies);
        if self.written.insert(key(&[session, &id])) {
            return Some(id);
        }
        // The same record with other content: a later state of it.
        let state = format!("{id}.{}", hex(key(&[content])));
        self.written.insert(key(&[session, &state])).then_some(state)
    }

    fn start(&mut self, session: &str) -> io::Result<()> {
        if !self.started.insert(key(&[session])) {
            return Ok(());
        }
        let begun = self.survey.begun(session).unwrap_or(self.earliest);
        let started = Body::ConversationStarted {
            conversation: session.into(),
            account: self.account.into(),
            surface: Surface::Code,
            incognito: false,
            app: None,
        };
        self.event(format!("conversation/{session}"), begun, started)
    }
}

fn hex(key: Key) -> String {
    format!("{key:032x}")
}

#[cfg(test)]
mod tests;
