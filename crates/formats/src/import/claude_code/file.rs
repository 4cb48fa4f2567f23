//! Session files as records, each with its session and its time.

use super::json::{self, Object};
use super::values::{Chunk, Values, io_error};
use crate::bundle::Bundle;
use crate::import::ImportError;
use consentry_model::Instant;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// What a record takes from the records before it in its file when it does not say itself.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The session.
    pub(super) session: String,
    /// The time; `None` while no record of the file has one.
    pub(super) time: Option<Instant>,
}

/// A file that holds sessions.
#[derive(Clone, Debug)]
pub(super) struct SessionFile {
    pub(super) name: String,
    /// Whether it is the transcript of a sub-agent.
    agent: bool,
    /// Whether it begins with records that say they are copies from another session.
    fork: bool,
    /// For records before the first that says: the first session and the first time of the file.
    first: Place,
}

/// One record of a session file.
pub(super) struct Record<'a> {
    pub(super) fields: Object<'a>,
    /// `type`; empty if there is none.
    pub(super) kind: Cow<'a, str>,
    /// The session that it belongs to.
    pub(super) session: String,
    /// When it was recorded; `None` if no record of the file has a time.
    pub(super) time: Option<Instant>,
    /// Whether the time is that of another record.
    pub(super) time_assumed: bool,
    /// Whether it belongs to a sub-agent's transcript.
    pub(super) sidechain: bool,
    /// How many values stand before it in its file.
    pub(super) position: u64,
}

/// What a file has next.
pub(super) enum Step<'a> {
    Record(Record<'a>),
    /// A JSON value that is not an object.
    Other,
    /// The file ends in the middle of a record.
    Torn,
}

/// The session files of a bundle in the order in which they are read: those of sub-agents after all
/// others and forks after what is none, so that what several hold counts where it came from; then by
/// name. What no session file is follows in the second list.
pub(super) fn session_files(
    bundle: &mut dyn Bundle,
) -> Result<(Vec<SessionFile>, Vec<String>), ImportError> {
    let names = bundle.names().to_vec();
    let alone = names.len() == 1;
    let (sessions, others): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| alone || name.to_ascii_lowercase().ends_with(".jsonl"));
    let sessions = sessions.into_iter().map(|name| SessionFile::open(bundle, name));
    let mut sessions: Vec<SessionFile> = sessions.collect::<Result<_, _>>()?;
    sessions.sort_by(|a, b| a.order().cmp(&b.order()));
    Ok((sessions, others))
}

fn is_agent_file(name: &str) -> bool {
    last(name).starts_with("agent-")
}

/// The last component of a path.
fn last(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// The session that a file's path names: that of a sub-agent is the folder around `subagents`.
fn session_of_path(name: &str) -> &str {
    let around = name.split_once("/subagents/").map(|(session, _)| last(session));
    let file = last(name);
    let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    [around.unwrap_or_default(), stem, file, name]
        .into_iter()
        .find(|session| !session.is_empty())
        .unwrap_or("session")
}

impl SessionFile {
    /// Looks for the first session and the first time.
    fn open(bundle: &mut dyn Bundle, name: String) -> Result<Self, ImportError> {
        let (mut session, mut time, mut fork) = (None, None, false);
        let reader = bundle.open(&name).map_err(|error| io_error(&name, error))?;
        let mut values = Values::new(&name, reader);
        while session.is_none() || time.is_none() {
            let Some(Chunk::Values(found)) = values.next()? else {
                break;
            };
            for fields in found.iter().flat_map(|raw| objects(raw)).flatten() {
                session = session.or_else(|| said_session(&fields));
                time = time.or_else(|| said_time(&fields));
                fork |= fields.get("forkedFrom").is_some();
            }
        }
        drop(values);
        let session = session.unwrap_or_else(|| session_of_path(&name).to_owned());
        Ok(Self { agent: is_agent_file(&name), fork, first: Place { session, time }, name })
    }

    fn order(&self) -> (bool, bool, &str) {
        (self.agent, self.fork, &self.name)
    }

    /// Hands every step of the file to `take`.
    pub(super) fn read(
        &self,
        bundle: &mut dyn Bundle,
        take: &mut dyn FnMut(Step<'_>) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let reader = bundle.open(&self.name).map_err(|error| io_error(&self.name, error))?;
        let mut values = Values::new(&self.name, reader);
        let mut place = self.first.clone();
        let mut position = 0;
        while let Some(chunk) = values.next()? {
            let Chunk::Values(found) = chunk else {
                take(Step::Torn)?;
                break;
            };
            for object in found.iter().flat_map(|raw| objects(raw)) {
                take(match object {
                    Some(fields) => Step::Record(self.record(fields, &mut place, position)),
                    None => Step::Other,
                })?;
                position += 1;
            }
        }
        Ok(())
    }

    fn record<'a>(&self, fields: Object<'a>, place: &mut Place, position: u64) -> Record<'a> {
        if let Some(session) = said_session(&fields) {
            place.session = session;
        }
        let said = said_time(&fields);
        place.time = said.or(place.time);
        Record {
            kind: fields.text("type").unwrap_or_default(),
            session: place.session.clone(),
            time: place.time,
            time_assumed: said.is_none(),
            sidechain: self.agent
                || fields.is("isSidechain")
                || fields.get("parent_tool_use_id").is_some(),
            fields,
            position,
        }
    }
}

/// The records that a value holds, `None` for one that is not an object: itself, or those in the
/// `loglines` of a whole session in one object.
fn objects(raw: &RawValue) -> Vec<Option<Object<'_>>> {
    let object = Object::new(raw);
    let lines = object
        .as_ref()
        .filter(|object| object.get("type").is_none())
        .and_then(|object| json::items(object.get("loglines")?));
    match lines {
        Some(lines) => lines.into_iter().map(Object::new).collect(),
        None => vec![object],
    }
}

fn said_session(fields: &Object<'_>) -> Option<String> {
    // Claude Code itself writes the first, its stream of JSON the second.
    let session = fields.id("sessionId").or_else(|| fields.id("session_id"))?;
    Some(session.into_owned())
}

/// The record's own time, if a history can hold it.
fn said_time(fields: &Object<'_>) -> Option<Instant> {
    let time = Instant::parse(&fields.text("timestamp")?).ok()?;
    (0..=9999).contains(&time.date().0).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::MemoryBundle;

    #[test]
    fn the_path_names_the_session_where_no_record_does() {
        for (path, session) in [
            ("p/0a1b.jsonl", "0a1b"),
            ("p/0a1b/subagents/agent-7.jsonl", "0a1b"),
            ("p/agent-7.jsonl", "agent-7"),
            (".jsonl", ".jsonl"),
            ("/", "/"),
            ("", "session"),
        ] {
            assert_eq!(session_of_path(path), session, "{path}");
        }
    }

    #[test]
    fn records_without_session_or_time_take_those_around_them() {
        let lines = br#"{"type":"a"}
            {"type":"b","sessionId":"s1","timestamp":"2026-01-01T00:00:01Z"}
            7
            {"type":"c","sessionId":"s2","timestamp":"0000-01-01T00:00:00+01:00"}
            {"type":"d","timestamp":"2026-01-01T00:00:03Z"}"#;
        let mut bundle = MemoryBundle::new([
            ("a/agent-1.jsonl".to_owned(), b"{}".to_vec()),
            ("b.jsonl".to_owned(), lines.to_vec()),
            ("c.txt".to_owned(), Vec::new()),
        ]);
        let (files, others) = session_files(&mut bundle).unwrap();
        assert_eq!(others, ["c.txt"]);
        assert_eq!(files[0].name, "b.jsonl");
        assert_eq!((&*files[1].first.session, files[1].agent), ("agent-1", true));
        let mut seen = String::new();
        files[0]
            .read(&mut bundle, &mut |step| {
                if let Step::Record(record) = step {
                    let second = record.time.unwrap().millis() / 1000 % 60;
                    let (kind, session) = (record.kind, record.session);
                    seen += &format!("{kind} {session} {second} {}; ", record.time_assumed);
                }
                Ok(())
            })
            .unwrap();
        assert_eq!(seen, "a s1 1 true; b s1 1 false; c s2 1 true; d s2 3 false; ");
    }
}
