//! The archive that claude.ai sends on request: a zip or its folder, in one or more batches.
//! `docs/formats/claude-export.md` says what comes in and what does not.

mod conversation;
mod design;
mod tools;

use super::documents::{self, base_name, has_extension, malformed};
use super::history::{History, io_error};
use super::{Bundle, Format, ImportError, Output, Owner, Tally};
use crate::json::Value;

const EXPECTED: &str = "a file of a claude.ai export, such as `conversations.json`: a list of conversations, each with `chat_messages`";

/// Reads an export of claude.ai. Each file is told apart by what it holds, not by its name, so one
/// file for all conversations, one for each, and any number of batches are read alike.
///
/// Files are read in the reverse order of their names: batches are named by date, and of a message
/// that several of them hold in different versions, the version read first is the one imported.
///
/// # Errors
///
/// [`ImportError::Malformed`] when a file that the format names is not JSON, or is an export of
/// another product; [`ImportError::Empty`] when there is no conversation file at all;
/// [`ImportError::Io`] when reading or writing fails.
pub fn import(
    bundle: &mut dyn Bundle,
    owner: &Owner,
    output: &mut dyn Output,
) -> Result<(), ImportError> {
    let names = bundle.names().to_vec();
    let person = only_person(bundle, &names)?;
    let mut export = Export {
        history: History::new(Format::ClaudeExport, owner, output),
        person,
        conversation_files: 0,
    };
    for name in names.iter().rev() {
        export.file(bundle, name, names.len() == 1)?;
    }
    if export.conversation_files == 0 {
        return Err(ImportError::Empty {
            expected: "conversation of claude.ai: no `conversations.json` and no other file with `chat_messages`",
            hint: "give the zip that claude.ai sent, the folder it unpacks to, or its `conversations.json`",
        });
    }
    export.history.finish().map_err(|error| io_error("the history", error))
}

/// What a document of an export is.
enum Document {
    Conversation,
    DesignChat,
    Project,
    Memory,
    /// Nothing that a conversation consists of, by the name of its note.
    Other(&'static str),
}

struct Export<'o> {
    history: History<'o>,
    /// The account of `users.json`, when it names exactly one.
    person: Option<String>,
    /// Files with conversations, or that are named for them.
    conversation_files: u64,
}

impl Export<'_> {
    fn file(&mut self, bundle: &mut dyn Bundle, name: &str, only: bool) -> Result<(), ImportError> {
        let mut tally = Tally::new(name);
        if has_extension(name, &["zip"]) {
            tally.note("archive-inside-not-opened");
        } else if !is_read(name, only) {
            return Ok(());
        } else {
            let before = self.conversation_files;
            let read = documents::each(bundle, name, EXPECTED, &mut |document| {
                self.document(name, document, &mut tally)
            });
            match read {
                // Whatever else an account holds may lie beside: files that people uploaded too.
                Err(ImportError::Malformed { .. }) if !is_named_by_the_format(name) && !only => {
                    tally.note("not-readable-as-json");
                }
                read => read?,
            }
            if self.conversation_files == before && is_conversations(name) {
                self.conversation_files += 1;
            }
        }
        self.history.tally(tally);
        Ok(())
    }

    fn document(
        &mut self,
        file: &str,
        document: &Value<'_>,
        tally: &mut Tally,
    ) -> Result<(), ImportError> {
        // Browser extensions that save conversations wrap the product's own object.
        let document = document.get("raw_provider_payload").unwrap_or(document);
        if document.get("mapping").is_some() {
            let message =
                "this is an export of ChatGPT, not of claude.ai; import it as `chatgpt-export`";
            return Err(malformed(file, None, message));
        }
        let person = self.person.as_deref();
        let written = match kind(file, document) {
            Document::Conversation => {
                conversation::import(&mut self.history, tally, document, person)
            }
            Document::DesignChat => design::import(&mut self.history, tally, document, person),
            Document::Project => {
                project(tally, document);
                return Ok(());
            }
            Document::Memory => {
                memory(tally, document);
                return Ok(());
            }
            Document::Other(note) => {
                tally.note(note);
                return Ok(());
            }
        };
        self.conversation_files += 1;
        written.map_err(|error| io_error(file, error))
    }
}

fn kind(file: &str, document: &Value<'_>) -> Document {
    let has = |keys: &[&str]| keys.iter().any(|key| document.get(key).is_some());
    let in_file = |name: &str| file.split('/').any(|piece| piece.starts_with(name));
    if matches!(document.get("chat_messages"), Some(Value::Array(_))) {
        Document::Conversation
    } else if matches!(document.get("messages"), Some(Value::Array(_))) {
        Document::DesignChat
    } else if has(&["conversations_memory", "memory_files", "project_memories"])
        || (in_file("memories") && document.is_object())
    {
        Document::Memory
    } else if has(&["docs", "prompt_template"]) {
        Document::Project
    } else if has(&["email_address", "full_name"]) {
        Document::Other("account-record")
    } else if has(&["data_files"]) {
        Document::Other("manifest")
    } else if document.is_object() {
        Document::Other("unknown-record")
    } else {
        Document::Other("record-is-no-object")
    }
}

/// A project has no conversation in it: its instructions and documents are counted and left out.
fn project(tally: &mut Tally, project: &Value<'_>) {
    tally.note("project");
    if project.filled("prompt_template").is_some() {
        tally.exclude("project-instructions");
    }
    for _ in project.list("docs") {
        tally.exclude("project-doc");
    }
}

/// Memories are drawn from many conversations and belong to none: they are counted and left out.
fn memory(tally: &mut Tally, memory: &Value<'_>) {
    let projects = memory.get("project_memories").map_or(&[][..], Value::fields);
    let of_projects =
        projects.iter().filter(|(_, text)| text.as_str().is_some_and(|text| !text.is_empty()));
    let texts = ["conversations_memory", "content", "memory", "text"];
    let texts = texts.iter().filter(|key| memory.filled(key).is_some());
    let files = memory.list("memory_files");
    for _ in 0..of_projects.count() + texts.count() + files.len() {
        tally.exclude("memory");
    }
}

/// The account of the export's `users.json`, when there is exactly one.
fn only_person(bundle: &mut dyn Bundle, names: &[String]) -> Result<Option<String>, ImportError> {
    let mut people = std::collections::BTreeSet::new();
    for name in names.iter().filter(|name| base_name(name) == "users.json" && !is_debris(name)) {
        documents::each(bundle, name, EXPECTED, &mut |user| {
            people.extend(user.filled("uuid").map(str::to_owned));
            Ok(())
        })?;
    }
    Ok(people.pop_first().filter(|_| people.is_empty()))
}

fn is_conversations(name: &str) -> bool {
    base_name(name).starts_with("conversations")
}

/// What an archiver of macOS puts beside each file.
fn is_debris(name: &str) -> bool {
    base_name(name).starts_with("._") || name.split('/').any(|folder| folder == "__MACOSX")
}

fn is_read(name: &str, only: bool) -> bool {
    let is_artifact = name.split('/').any(|folder| folder == "artifacts");
    only || (has_extension(name, &["json"]) && !is_debris(name) && !is_artifact)
}

fn is_named_by_the_format(name: &str) -> bool {
    let known = ["conversations", "projects", "memories", "users", "design_chats", "chats"];
    name.split('/').any(|piece| known.iter().any(|known| piece.starts_with(known)))
}

#[cfg(test)]
mod tests;
