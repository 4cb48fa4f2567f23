//! The first pass: every line once.

use super::input::{Opened, Source};
use super::lines::Lines;
use super::rejects::Rejects;
use super::{Accounts, BUCKETS, History, HistoryError, ReadOptions, order};
use crate::progress::Progress;
use crate::spool::Spool;
use consentry_model::event::{Body, ContentDigest, Event, EventKey, Parsed, Parser};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;

/// One event of a conversation between the passes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record<'a> {
    pub(super) order: u64,
    pub(super) key: [u8; 16],
    #[serde(borrow)]
    pub(super) event: Event<'a>,
    /// The line as it was read; empty unless lines in error go to quarantine.
    #[serde(borrow)]
    pub(super) text: &'a [u8],
}

/// Key, content and place of one event: 16 + 16 + 8 bytes.
const KEY_RECORD_BYTES: usize = 40;

struct Scan<'o> {
    options: &'o ReadOptions,
    parser: Parser,
    accounts: Accounts,
    conversations: Spool,
    keys: Spool,
    /// Lines about accounts and notices, kept only for quarantine.
    texts: Spool,
    rejects: Rejects,
    lines: u64,
}

/// Reads all inputs, checks each line by itself, and checks what concerns accounts.
///
/// # Errors
///
/// [`HistoryError::Lines`] with the lines in error, unless they go to quarantine; otherwise when an
/// input or temporary storage fails.
pub fn scan(
    sources: &[Source],
    options: &ReadOptions,
    progress: &mut dyn Progress,
) -> Result<History, HistoryError> {
    let total = sources.iter().map(Source::stored_bytes).sum::<Option<u64>>();
    progress.step("reading", total);
    let names = sources.iter().map(Source::name).collect();
    let mut scan = Scan {
        options,
        parser: Parser::new(),
        accounts: Accounts::default(),
        conversations: Spool::new(&options.spool_for("conversations"), BUCKETS),
        keys: Spool::new(&options.spool_for("keys"), BUCKETS),
        texts: Spool::new(&options.spool_for("texts"), 1),
        rejects: Rejects::new(names, &options.spool_for("rejects")),
        lines: 0,
    };
    let mut inputs = Vec::new();
    for (number, source) in sources.iter().enumerate() {
        let failed = |error| HistoryError::Input { name: source.name(), source: error };
        let opened = Opened::new(source, options.hash_inputs).map_err(failed)?;
        let opened = scan.input(number as u64, opened, progress, &failed)?;
        inputs.push(opened.digest(source.name()));
    }
    scan.finish(inputs)
}

impl Scan<'_> {
    fn input(
        &mut self,
        number: u64,
        opened: Opened,
        progress: &mut dyn Progress,
        failed: &dyn Fn(io::Error) -> HistoryError,
    ) -> Result<Opened, HistoryError> {
        let mut lines = Lines::new(opened);
        let (mut line_number, mut told) = (0, 0);
        loop {
            let stored = lines.reader().stored_bytes();
            if stored > told {
                progress.advance(stored - told);
                told = stored;
            }
            let Some(line) = lines.next().map_err(failed)? else {
                break;
            };
            line_number += 1;
            if !line.iter().all(u8::is_ascii_whitespace) {
                self.lines += 1;
                self.line(order(number, line_number), line)?;
            }
        }
        Ok(lines.into_reader())
    }

    fn line(&mut self, order: u64, line: &mut [u8]) -> io::Result<()> {
        // Parsing unescapes in place, so the text is put aside first.
        let text = if self.options.quarantine { line.to_vec() } else { Vec::new() };
        match self.parser.parse(line) {
            Ok(parsed) => {
                self.keys.append(bucket_of(&parsed.key.0), |buffer| {
                    buffer.extend_from_slice(&parsed.key.0);
                    buffer.extend_from_slice(&parsed.content.0);
                    buffer.extend_from_slice(&order.to_le_bytes());
                })?;
                match parsed.event.body.subject() {
                    ("conversation", id) => {
                        let route = blake3::keyed_hash(&self.options.route_key, id.as_bytes());
                        self.conversation(bucket_of(route.as_bytes()), order, parsed, &text)
                    }
                    _ => self.account(order, &parsed, &text),
                }
            }
            Err(error) => self.rejects.add(order, &error.to_string(), &text),
        }
    }

    fn account(&mut self, order: u64, parsed: &Parsed<'_>, text: &[u8]) -> io::Result<()> {
        if !text.is_empty() {
            self.texts.append(0, |buffer| {
                buffer.extend_from_slice(&order.to_le_bytes());
                buffer.extend_from_slice(&(text.len() as u64).to_le_bytes());
                buffer.extend_from_slice(text);
            })?;
        }
        self.accounts.push(order, parsed);
        Ok(())
    }

    fn conversation(
        &mut self,
        bucket: usize,
        order: u64,
        parsed: Parsed<'_>,
        text: &[u8],
    ) -> io::Result<()> {
        let mut event = parsed.event;
        if !self.options.keep_content
            && let Body::MessageAdded { parts, .. } = &mut event.body
        {
            parts.iter_mut().for_each(|part| part.text = None);
        }
        let record = Record { order, key: parsed.key.0, event, text };
        let mut encoded = Ok(());
        self.conversations.append(bucket, |buffer| {
            match postcard::to_extend(&record, std::mem::take(buffer)) {
                Ok(extended) => *buffer = extended,
                Err(error) => encoded = Err(io::Error::other(error)),
            }
        })?;
        encoded
    }

    fn finish(mut self, inputs: Vec<super::InputDigest>) -> Result<History, HistoryError> {
        let quarantine = self.options.quarantine;
        if !quarantine && self.rejects.count() > 0 {
            // Lines that are in error by themselves make others wrong; they are told first.
            self.rejects.into_error()?;
            return Err(io::Error::other("lines in error were lost").into());
        }
        let mut wanted = BTreeMap::new();
        if quarantine {
            let all = self.texts.take(0)?;
            let mut rest = all.as_slice();
            while let Some((order, text, after)) = split_text(rest) {
                wanted.insert(order, text.to_vec());
                rest = after;
            }
        }
        let mut texts = |order: u64| wanted.get(&order).cloned().unwrap_or_default();
        let conflicts = conflicts(&mut self.keys)?;
        for (order, first) in &conflicts {
            // In quarantine, a conversation's line is told in the second pass, with its text.
            let text = texts(*order);
            if !quarantine || !text.is_empty() {
                self.rejects.add(*order, &conflict_reason(&self.rejects.place(*first)), &text)?;
            }
        }
        self.accounts.check(&conflicts, &mut self.rejects, &mut texts)?;
        Ok(History {
            accounts: self.accounts,
            inputs,
            lines: self.lines,
            rejects: self.rejects,
            conversations: self.conversations,
            conflicts,
            quarantine,
            route_key: self.options.route_key,
        })
    }
}

pub(super) fn conflict_reason(first: &str) -> String {
    format!("an event with this source and id, but other content, is already at {first}")
}

/// The bucket of a hash: by its first two bytes, so that buckets follow the order of the hashes.
fn bucket_of(hash: &[u8]) -> usize {
    let first = hash.first_chunk::<2>().copied().unwrap_or_default();
    usize::from(u16::from_be_bytes(first)) * BUCKETS / (1 << 16)
}

fn split_text(bytes: &[u8]) -> Option<(u64, &[u8], &[u8])> {
    let (order, rest) = bytes.split_first_chunk::<8>()?;
    let (length, rest) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (text, rest) = rest.split_at_checked(length)?;
    Some((u64::from_le_bytes(*order), text, rest))
}

/// Lines that repeat an event's source and id with other content, each with the line that has them
/// first.
fn conflicts(keys: &mut Spool) -> io::Result<BTreeMap<u64, u64>> {
    let mut found = BTreeMap::new();
    for bucket in 0..keys.len() {
        let bytes = keys.take(bucket)?;
        let mut records: Vec<(EventKey, u64, ContentDigest)> = bytes
            .as_chunks::<KEY_RECORD_BYTES>()
            .0
            .iter()
            .filter_map(|record| {
                let (key, rest) = record.split_first_chunk::<16>()?;
                let (content, order) = rest.split_first_chunk::<16>()?;
                let order = u64::from_le_bytes(order.try_into().ok()?);
                Some((EventKey(*key), order, ContentDigest(*content)))
            })
            .collect();
        records.sort_unstable();
        for same_key in records.chunk_by(|one, other| one.0 == other.0) {
            let Some((first, repeats)) = same_key.split_first() else {
                continue;
            };
            let differing = repeats.iter().filter(|repeat| repeat.2 != first.2);
            found.extend(differing.map(|repeat| (repeat.1, first.1)));
        }
    }
    Ok(found)
}
