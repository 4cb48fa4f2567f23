//! Importing: one export in, events out, and an account of every block.

pub mod anthropic_messages;
pub mod chatgpt_export;
pub mod claude_code;
pub mod claude_export;
pub mod openai_messages;

mod api_log;
mod connector;
mod content;
mod documents;
mod history;
mod media;
mod owner;
#[cfg(test)]
mod testing;

use crate::bundle::Bundle;
use consentry_model::{Event, Instant, Plan};
use std::collections::BTreeMap;
use std::io;

/// The export formats, named as on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// The archive that claude.ai sends on request: a zip or its folder, in one or more batches.
    ClaudeExport,
    /// Claude Code's session files: JSONL files or a projects folder.
    ClaudeCode,
    /// The archive that ChatGPT sends on request: a zip or its folder.
    ChatgptExport,
    /// JSONL of OpenAI chat-completions messages.
    OpenaiMessages,
    /// JSONL of Anthropic messages.
    AnthropicMessages,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[
        Self::ClaudeExport,
        Self::ClaudeCode,
        Self::ChatgptExport,
        Self::OpenaiMessages,
        Self::AnthropicMessages,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClaudeExport => "claude-export",
            Self::ClaudeCode => "claude-code",
            Self::ChatgptExport => "chatgpt-export",
            Self::OpenaiMessages => "openai-messages",
            Self::AnthropicMessages => "anthropic-messages",
        }
    }
}

/// What an export cannot tell and the caller says: whose it is, and what that account chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The account's id; `None` takes the one that the export names, or `importer`'s default
    /// `local`.
    pub account: Option<String>,
    /// The account's plan.
    pub plan: Plan,
    /// The choice for model improvement; `None` records no choice.
    pub choice: Option<bool>,
    /// When the account opened and made its choice; `None` takes the earliest time in the export.
    pub since: Option<Instant>,
}

/// What became of one file's blocks. `blocks == parts + exclusions` always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// The file, as the bundle names it.
    pub file: String,
    /// Content blocks found in the file.
    pub blocks: u64,
    /// Blocks that became parts.
    pub parts: u64,
    /// Blocks that did not, by the name of the reason.
    pub exclusions: BTreeMap<String, u64>,
    /// Other things worth telling, by name: unknown record kinds, records without blocks.
    pub notes: BTreeMap<String, u64>,
}

impl Tally {
    /// An empty account for a file.
    #[must_use]
    pub fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), ..Self::default() }
    }

    /// One block came in and became a part.
    pub fn part(&mut self) {
        self.blocks += 1;
        self.parts += 1;
    }

    /// One block came in and was left out for a reason.
    pub fn exclude(&mut self, reason: &str) {
        self.blocks += 1;
        *self.exclusions.entry(reason.to_owned()).or_default() += 1;
    }

    /// Something worth telling that is not a block.
    pub fn note(&mut self, what: &str) {
        *self.notes.entry(what.to_owned()).or_default() += 1;
    }
}

/// Where an import goes.
pub trait Output {
    /// Takes one event. Events come in any order.
    ///
    /// # Errors
    ///
    /// When the destination cannot take it.
    fn event(&mut self, event: &Event<'_>) -> io::Result<()>;

    /// Takes the account of one file, once, when the file is done.
    fn tally(&mut self, tally: Tally);
}

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file is not of the format.
    #[error("{file}{}: {message}", line.map(|line| format!(":{line}")).unwrap_or_default())]
    Malformed {
        /// The file, as the bundle names it.
        file: String,
        /// The line, from 1, in formats of lines.
        line: Option<u64>,
        /// What was expected, what was found, and what to do.
        message: String,
    },
    /// The bundle holds no file of the format.
    #[error("found no {expected}; {hint}")]
    Empty {
        /// What the format needs.
        expected: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// Reading or writing failed.
    #[error("{file}: {source}")]
    Io {
        /// The file, as the bundle names it.
        file: String,
        /// What the system said.
        source: io::Error,
    },
}

/// Reads a bundle of a format and hands every event and every file's account to `output`.
/// Importing the same bundle again gives the same events with the same ids.
///
/// # Errors
///
/// When a file is not of the format, or reading or writing fails. `output` may have taken events by
/// then; callers write beside and rename.
pub fn import(
    format: Format,
    bundle: &mut dyn Bundle,
    owner: &Owner,
    output: &mut dyn Output,
) -> Result<(), ImportError> {
    match format {
        Format::ClaudeExport => claude_export::import(bundle, owner, output),
        Format::ClaudeCode => claude_code::import(bundle, owner, output),
        Format::ChatgptExport => chatgpt_export::import(bundle, owner, output),
        Format::OpenaiMessages => openai_messages::import(bundle, owner, output),
        Format::AnthropicMessages => anthropic_messages::import(bundle, owner, output),
    }
}
