//! Deciding, de-identifying and writing one source after another.

use super::super::example::{self, Content, Example, ExamplePart, chat_messages};
use super::super::facts_table::{self, FactsRow};
use super::super::merkle::Root;
use super::super::outcome::{Outcome, Standing, count_part, count_source, outcomes};
use super::super::parquet_file::ParquetFile;
use super::super::{FACTS, shard_path};
use super::source::{ExampleSource, SourceRow};
use super::taint::{Stretches, follow, without};
use super::{BuildError, Maker, Making, Written};
use crate::progress::Progress;
use arrow_schema::SchemaRef;
use consentry_deid::Scope;
use consentry_formats::dataset::manifest::{CONNECTOR_TAINT, Counts, Shard};
use consentry_model::facts::{Attribute, Facts, Value};
use consentry_model::{Origin, Rating, Role, Surface};
use consentry_policy::Request;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// A shard is closed once it has this many bytes.
const SHARD_BYTES: usize = 512 << 20;
/// Examples are written in batches of at most this many bytes of text.
const BATCH_BYTES: usize = 8 << 20;
/// And at most this many examples.
const BATCH_EXAMPLES: usize = 1024;

/// Attributes that counts, outcomes and examples are made of, whatever the policies read.
const COUNTED: [Attribute; 8] = [
    Attribute::Plan,
    Attribute::Surface,
    Attribute::At,
    Attribute::FeedbackAt,
    Attribute::Role,
    Attribute::Kind,
    Attribute::Origin,
    Attribute::Rating,
];

/// Makes examples here and now.
pub(crate) struct DatasetWriter<'a> {
    making: Making<'a>,
    folder: PathBuf,
    schema: SchemaRef,
    shard: Option<ParquetFile>,
    shards: Vec<Shard>,
    facts: ParquetFile,
    batch: Vec<Example>,
    batch_bytes: usize,
    counts: Counts,
    findings: BTreeMap<String, u64>,
    left: BTreeMap<String, u64>,
    root: Root,
}

impl<'a> DatasetWriter<'a> {
    /// Files go into `folder`, which must be empty.
    pub(crate) fn begin(folder: &Path, making: Making<'a>) -> io::Result<Self> {
        let folder = folder.to_owned();
        std::fs::create_dir(folder.join("data"))?;
        Ok(Self {
            making,
            schema: example::schema(making.store),
            shard: None,
            shards: Vec::new(),
            facts: ParquetFile::create(&folder.join(FACTS), facts_table::schema())?,
            folder,
            batch: Vec::new(),
            batch_bytes: 0,
            counts: Counts::default(),
            findings: BTreeMap::new(),
            left: BTreeMap::new(),
            root: Root::new(),
        })
    }

    fn source(&mut self, source: &ExampleSource<'_>) -> io::Result<()> {
        if source.rows.is_empty() {
            return Ok(());
        }
        let mut decided = self.standings(source)?;
        let texts = self.texts(source, &decided);
        for ((standing, _), text) in decided.iter_mut().zip(&texts) {
            standing.has_content = !text.trim().is_empty();
        }
        let standings: Vec<Standing> = decided.iter().map(|(standing, _)| *standing).collect();
        let (ends, without) = outcomes(self.making.store, &standings);
        let mut facts = Vec::with_capacity(source.rows.len());
        for ((row, (standing, reasons)), end) in source.rows.iter().zip(&decided).zip(&ends) {
            count_part(&mut self.counts, &row.facts, *end, reasons);
            facts.push(FactsRow {
                example_id: &source.id,
                message: row.message,
                part: row.part_number,
                rated: row.rated,
                has_content: standing.has_content,
                facts: self.frozen(&row.facts),
                permit: standing.permit,
                reasons,
                outcome: end.as_str(),
            });
        }
        count_source(&mut self.counts, &ends, without);
        let batch = facts_table::batch(&facts).map_err(io::Error::other)?;
        self.facts.write(&batch)?;
        if ends.contains(&Outcome::Included) {
            self.example(source, &ends, &texts)?;
        }
        Ok(())
    }

    /// The texts of a source's parts, without what repeats the result of a connector that stays
    /// out; and counts what was taken out and what was left.
    fn texts<'s>(
        &mut self,
        source: &'s ExampleSource<'_>,
        decided: &[(Standing, String)],
    ) -> Vec<Cow<'s, str>> {
        let stays = |at: usize| decided.get(at).is_some_and(|(one, _)| one.permit && one.kept);
        let tainted: Vec<Stretches> = if source.rating.is_some() {
            source.rows.iter().map(|row| row.tainted.clone()).collect()
        } else {
            let parts = source.rows.iter().map(|row| row.part);
            follow(parts, self.making.taint_characters, |at| !stays(at))
        };
        let mut texts = Vec::with_capacity(source.rows.len());
        for (at, (row, stretches)) in source.rows.iter().zip(&tainted).enumerate() {
            texts.push(without(row.part, stretches));
            if !stretches.is_empty() && stays(at) {
                let typed = row.part.origin == Origin::User;
                let counts = if typed { &mut self.left } else { &mut self.findings };
                *counts.entry(CONNECTOR_TAINT.to_owned()).or_default() += stretches.len() as u64;
            }
        }
        texts
    }

    /// What is kept of a row's facts: what a policy can ask for, and what the counts are made of.
    /// The rest (a region, an app, a connector's name) says more about a person than anyone needs.
    fn frozen<'f>(&self, facts: &Facts<'f>) -> Facts<'f> {
        let mut frozen = Facts::new(facts.resource);
        for (attribute, value) in facts.iter() {
            let set = self.making.set;
            let read = |action| set.reads(action, facts.resource, attribute);
            if COUNTED.contains(&attribute) || read("train") || read("retain") {
                frozen.set(attribute, Some(value));
            }
        }
        frozen
    }

    /// Asks the policies about every part. What is denied stays out anyway, so retention is asked
    /// about the rest only. Whether there is content is not known yet.
    fn standings(&self, source: &ExampleSource<'_>) -> io::Result<Vec<(Standing, String)>> {
        let Making { engine, purpose, as_of, .. } = self.making;
        let train = Request { action: "train", purpose, now: as_of };
        let retain = Request { action: "retain", ..train };
        let facts: Vec<Facts<'_>> = source.rows.iter().map(|row| row.facts.clone()).collect();
        let decisions = engine.decide_all(&train, &facts).map_err(io::Error::other)?;
        let permitted: Vec<Facts<'_>> = (facts.into_iter().zip(&decisions))
            .filter(|(_, decision)| decision.permit)
            .map(|(facts, _)| facts)
            .collect();
        let kept = engine.decide_all(&retain, &permitted).map_err(io::Error::other)?;
        let mut kept = kept.into_iter();
        let standing = |(row, decision): (&SourceRow<'_>, &consentry_policy::Decision)| {
            let standing = Standing {
                message: row.message,
                permit: decision.permit,
                kept: decision.permit && kept.next().is_some_and(|kept| kept.permit),
                has_content: false,
                rated: row.rated,
                assistant: row.role == Role::Assistant,
            };
            (standing, decision.reasons.join("+"))
        };
        Ok(source.rows.iter().zip(&decisions).map(standing).collect())
    }

    fn example(
        &mut self,
        source: &ExampleSource<'_>,
        ends: &[Outcome],
        texts: &[Cow<'_, str>],
    ) -> io::Result<()> {
        let mut scope = Scope::derive(&self.making.surrogate_key, &source.id);
        let (mut prompt, mut completion) = (Vec::new(), Vec::new());
        let rows = source.rows.iter().zip(texts).zip(ends);
        for ((row, text), _) in rows.filter(|(_, end)| **end == Outcome::Included) {
            let part = ExamplePart {
                message: usize::try_from(row.message).unwrap_or_default(),
                role: row.role,
                kind: row.part.kind,
                name: row.part.name.as_deref().map(|name| self.redact(name, &mut scope)),
                text: self.redact(text, &mut scope),
            };
            self.batch_bytes += part.text.len();
            if row.rated { completion.push(part) } else { prompt.push(part) }
        }
        let parts = i32::try_from(prompt.len() + completion.len()).unwrap_or(i32::MAX);
        let prompt = chat_messages(prompt);
        let content = match source.rating {
            None => Content::Conversation { surface: surface(source), messages: prompt },
            Some(rating) => Content::Feedback {
                prompt,
                completion: chat_messages(completion),
                label: rating == Rating::Up,
            },
        };
        self.root.push(source.id.as_bytes());
        self.batch.push(Example { id: source.id.clone(), parts, content });
        if self.batch_bytes > BATCH_BYTES || self.batch.len() >= BATCH_EXAMPLES {
            self.flush()?;
        }
        Ok(())
    }

    fn redact(&mut self, text: &str, scope: &mut Scope) -> String {
        let redacted = self.making.deid.redact(text, scope);
        for (kind, count) in redacted.counts() {
            *self.findings.entry(kind.to_string()).or_default() += count as u64;
        }
        redacted.text.into_owned()
    }

    fn flush(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.batch);
        self.batch_bytes = 0;
        let batch = example::batch(&rows, self.schema.clone()).map_err(io::Error::other)?;
        let shard = match &mut self.shard {
            Some(shard) => shard,
            none => {
                let path = self.folder.join(unnumbered(self.shards.len()));
                none.insert(ParquetFile::create(&path, self.schema.clone())?)
            }
        };
        shard.write(&batch)?;
        if shard.bytes_written() > SHARD_BYTES {
            self.close_shard()?;
        }
        Ok(())
    }

    fn close_shard(&mut self) -> io::Result<()> {
        if let Some(shard) = self.shard.take() {
            self.shards.push(shard.finish(unnumbered(self.shards.len()))?);
        }
        Ok(())
    }

    /// Closes the files and gives the shards their final names, which tell how many there are.
    fn close(mut self) -> io::Result<Written> {
        if !self.batch.is_empty() || self.shards.is_empty() {
            self.flush()?;
        }
        self.close_shard()?;
        let count = self.shards.len();
        for (number, shard) in self.shards.iter_mut().enumerate() {
            let named = shard_path(number, count);
            std::fs::rename(self.folder.join(&shard.path), self.folder.join(&named))?;
            shard.path = named;
        }
        Ok(Written {
            shards: self.shards,
            facts: self.facts.finish(FACTS.to_owned())?,
            counts: self.counts,
            findings: self.findings,
            left: self.left,
            root: self.root,
        })
    }
}

impl Maker for DatasetWriter<'_> {
    fn take(&mut self, source: &ExampleSource<'_>) -> io::Result<()> {
        self.source(source)
    }

    fn finish(self: Box<Self>, _: &mut dyn Progress) -> Result<Written, BuildError> {
        Ok(self.close()?)
    }
}

fn unnumbered(number: usize) -> String {
    format!("data/{number:05}.parquet")
}

fn surface(source: &ExampleSource<'_>) -> &'static str {
    let value = source.rows.first().and_then(|row| row.facts.get(Attribute::Surface));
    let Some(Value::Text(word)) = value else { return "" };
    Surface::from_word(word).map_or("", Surface::as_str)
}
