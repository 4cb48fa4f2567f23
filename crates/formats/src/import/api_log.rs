//! Conversations as programs log them: one JSON value each, with no ids and often no times.

use super::documents::{self, has_extension, malformed, scan_error};
use super::history::{Blocks, History, Message, Start, io_error};
use super::{Bundle, Format, ImportError, Output, Owner, Tally};
use crate::json::{ScanError, Scanner, Value};
use consentry_model::{Instant, Role, Surface};
use std::io::Read;

/// What one provider's interface calls things.
pub(super) trait Dialect {
    const FORMAT: Format;
    /// What a record is called, for errors.
    const RECORD: &'static str;
    /// What a file holds, for errors.
    const EXPECTED: &'static str;
    /// The files of a folder that are read.
    const EXTENSIONS: &'static [&'static str];

    /// Whether the value is a piece of a conversation rather than a whole one.
    fn is_message(value: &Value<'_>) -> bool;

    /// The conversations of a record; `None` when it is no record of the interface, none of them
    /// when it is one that failed.
    fn read<'v>(record: &'v Value<'v>) -> Option<Vec<Logged<'v>>>;

    /// The messages of a file that is a recorded stream of events, as JSON; `None` when the
    /// interface's streams are not read. An error has its line.
    fn stream(text: &str) -> Option<Result<Vec<String>, (u64, String)>>;
}

/// One conversation of a record.
#[derive(Debug, Default)]
pub(super) struct Logged<'v> {
    /// The conversation that the record says it belongs to, as other records may.
    pub id: Option<&'v str>,
    /// The record's own id, which need not be unique.
    pub label: Option<&'v str>,
    pub time: Option<Instant>,
    pub turns: Vec<Turn<'v>>,
}

/// One message of a conversation.
#[derive(Debug)]
pub(super) struct Turn<'v> {
    pub role: Role,
    pub time: Option<Instant>,
    pub blocks: Blocks<'v>,
}

/// The time of a conversation that has none, when the owner gives none either.
const NO_TIME: Instant = Instant::from_millis(0);

/// The keys under which records keep the conversation that they belong to.
const CONVERSATION_KEYS: [&str; 3] = ["conversation_id", "session_id", "thread_id"];
/// The keys under which records keep their own id.
const LABEL_KEYS: [&str; 3] = ["custom_id", "id", "uuid"];
/// The keys under which records and messages keep their time.
const TIME_KEYS: [&str; 4] = ["created_at", "created", "timestamp", "create_time"];

impl<'v> Logged<'v> {
    /// A conversation with the id and the time that the first of these objects has.
    pub(super) fn of(objects: &[Option<&'v Value<'v>>]) -> Self {
        let objects = || objects.iter().copied().flatten();
        let first = |keys: [&str; 3]| {
            objects().find_map(|object| keys.iter().find_map(|key| object.filled(key)))
        };
        Self {
            id: first(CONVERSATION_KEYS),
            label: first(LABEL_KEYS),
            time: objects().find_map(own_time),
            turns: Vec::new(),
        }
    }
}

/// The time that a record or message has of its own.
pub(super) fn own_time(object: &Value<'_>) -> Option<Instant> {
    TIME_KEYS.iter().find_map(|key| object.time(key))
}

/// The object itself, or the body of a recorded exchange over HTTP.
pub(super) fn body<'v>(object: &'v Value<'v>) -> &'v Value<'v> {
    object.get("body").filter(|body| body.is_object()).unwrap_or(object)
}

/// Whether a record is an entry of a batch, which may have failed and hold no messages.
pub(super) fn is_batch_entry(record: &Value<'_>) -> bool {
    let outcomes = ["response", "result", "error"];
    record.get("custom_id").is_some() && outcomes.iter().any(|key| record.get(key).is_some())
}

/// Reads every file of a bundle that the dialect reads; a bundle's only file, whatever its name.
pub(super) fn import<D: Dialect>(
    bundle: &mut dyn Bundle,
    owner: &Owner,
    output: &mut dyn Output,
) -> Result<(), ImportError> {
    let names = bundle.names().to_vec();
    let mut log = Log::<D> {
        history: History::new(D::FORMAT, owner, output),
        since: owner.since,
        records: 0,
        dialect: std::marker::PhantomData,
    };
    for name in &names {
        if names.len() == 1 || has_extension(name, D::EXTENSIONS) {
            log.file(bundle, name)?;
        }
    }
    if log.records == 0 {
        return Err(ImportError::Empty {
            expected: D::RECORD,
            hint: "give a JSONL file with one record a line, a JSON file, or a folder of them",
        });
    }
    log.history.finish().map_err(|error| io_error("the history", error))
}

struct Log<'o, D> {
    history: History<'o>,
    since: Option<Instant>,
    records: u64,
    dialect: std::marker::PhantomData<D>,
}

impl<D: Dialect> Log<'_, D> {
    fn file(&mut self, bundle: &mut dyn Bundle, file: &str) -> Result<(), ImportError> {
        let mut tally = Tally::new(file);
        let reader = bundle.open(file).map_err(|source| io_error(file, source))?;
        let mut scanner = Scanner::new(reader);
        let first = scanner.peek().map_err(|error| scan_error(file, D::EXPECTED, error))?;
        if has_extension(file, &["jsonl", "ndjson"]) {
            self.lines(file, &mut scanner, &mut tally)?;
        } else if first.is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b':') {
            self.stream(file, &mut scanner, &mut tally)?;
        } else {
            self.values(file, &mut scanner, &mut tally)?;
        }
        self.history.tally(tally);
        Ok(())
    }

    /// A record a line.
    fn lines(
        &mut self,
        file: &str,
        scanner: &mut Scanner<impl Read>,
        tally: &mut Tally,
    ) -> Result<(), ImportError> {
        let mut bytes = Vec::new();
        let fail = |error: ScanError| scan_error(file, D::EXPECTED, error);
        while let Some(line) = scanner.next_line(&mut bytes).map_err(fail)? {
            self.record(file, line, &mut bytes, tally)?;
        }
        Ok(())
    }

    /// Values of any layout: records, a list of records, or a list of messages.
    fn values(
        &mut self,
        file: &str,
        scanner: &mut Scanner<impl Read>,
        tally: &mut Tally,
    ) -> Result<(), ImportError> {
        let mut bytes = Vec::new();
        let fail = |error: ScanError| scan_error(file, D::EXPECTED, error);
        loop {
            if scanner.enter_array().map_err(fail)? {
                self.list(file, scanner, tally)?;
            } else {
                let Some(line) = scanner.next_value(&mut bytes).map_err(fail)? else { break };
                self.record(file, line, &mut bytes, tally)?;
            }
        }
        Ok(())
    }

    /// A list: of records, one at a time, or of the messages of one conversation.
    fn list(
        &mut self,
        file: &str,
        scanner: &mut Scanner<impl Read>,
        tally: &mut Tally,
    ) -> Result<(), ImportError> {
        let mut bytes = Vec::new();
        let mut messages: Option<(u64, Vec<u8>)> = None;
        let mut is_first = true;
        let fail = |error: ScanError| scan_error(file, D::EXPECTED, error);
        while let Some(line) = scanner.next_element(is_first, &mut bytes).map_err(fail)? {
            if is_first && D::is_message(&documents::parse(file, line, D::EXPECTED, &mut bytes)?) {
                messages = Some((line, vec![b'[']));
            }
            match &mut messages {
                None => self.record(file, line, &mut bytes, tally)?,
                Some((_, all)) => {
                    if !is_first {
                        all.push(b',');
                    }
                    all.append(&mut bytes);
                }
            }
            is_first = false;
        }
        if let Some((line, mut all)) = messages {
            all.push(b']');
            self.record(file, line, &mut all, tally)?;
        } else if is_first {
            tally.note("empty-list");
        }
        Ok(())
    }

    fn stream(
        &mut self,
        file: &str,
        scanner: &mut Scanner<impl Read>,
        tally: &mut Tally,
    ) -> Result<(), ImportError> {
        let mut text = String::new();
        let mut line = Vec::new();
        let mut next = 1;
        let fail = |error: ScanError| scan_error(file, D::EXPECTED, error);
        while let Some(number) = scanner.next_line(&mut line).map_err(fail)? {
            // Blank lines were skipped; putting them back keeps the numbers of lines right.
            for _ in next..number {
                text.push('\n');
            }
            text.push_str(&String::from_utf8_lossy(&line));
            text.push('\n');
            next = number + 1;
        }
        let expected = || malformed(file, Some(1), format!("not JSON; expected {}", D::EXPECTED));
        let messages = D::stream(&text).ok_or_else(expected)?;
        let messages = messages.map_err(|(line, message)| malformed(file, Some(line), message))?;
        for message in messages {
            self.record(file, 1, &mut message.into_bytes(), tally)?;
        }
        Ok(())
    }

    fn record(
        &mut self,
        file: &str,
        line: u64,
        bytes: &mut [u8],
        tally: &mut Tally,
    ) -> Result<(), ImportError> {
        let hash = blake3::hash(bytes.trim_ascii()).to_hex();
        let record = documents::parse(file, line, D::EXPECTED, bytes)?;
        let Some(conversations) = D::read(&record) else {
            return Err(malformed(file, Some(line), format!("expected {}", D::EXPECTED)));
        };
        self.records += 1;
        if conversations.is_empty() {
            tally.note("record-without-messages");
        }
        for (position, conversation) in conversations.into_iter().enumerate() {
            let hash: String = hash.chars().take(32).collect();
            let suffix = if position == 0 { String::new() } else { format!(".{position}") };
            let id = match (conversation.id, conversation.label) {
                (Some(id), _) => id.to_owned(),
                (None, Some(label)) => format!("{label}-{hash}{suffix}"),
                (None, None) => format!("{hash}{suffix}"),
            };
            self.conversation(&id, conversation, tally).map_err(|error| io_error(file, error))?;
        }
        Ok(())
    }

    fn conversation(
        &mut self,
        id: &str,
        conversation: Logged<'_>,
        tally: &mut Tally,
    ) -> std::io::Result<()> {
        let first = conversation.turns.iter().find_map(|turn| turn.time);
        let mut time = conversation.time.or(first).or(self.since).unwrap_or(NO_TIME);
        self.history.start(&Start {
            id,
            account: None,
            time,
            surface: Surface::Api,
            incognito: false,
        })?;
        for (position, turn) in conversation.turns.into_iter().enumerate() {
            // A millisecond each keeps the order where there is no time.
            let after = if position == 0 { 0 } else { 1 };
            time = turn.time.or_else(|| time.checked_add_millis(after)).unwrap_or(time);
            let message = format!("m{position}-{:032x}", turn.blocks.digest(turn.role));
            let message = Message { conversation: id, id: &message, time, role: turn.role };
            self.history.add(tally, &message, turn.blocks)?;
        }
        Ok(())
    }
}
