//! The archive that ChatGPT sends on request: a zip or its folder.
//! `docs/formats/chatgpt-export.md` says what comes in and what does not.

mod content;
mod conversation;
mod feedback;
mod tools;

use super::documents::{self, base_name, has_extension, malformed};
use super::history::{History, io_error};
use super::{Bundle, Format, ImportError, Output, Owner, Tally};
use crate::json::Value;

const EXPECTED: &str = "a file of a ChatGPT export, such as `conversations.json`: a list of conversations, each with a `mapping`";

/// The files of an export that are read, by how their names begin.
const READ: &[&str] = &[
    "conversations",
    "message_feedback",
    "model_comparisons",
    "shared_conversations",
    "user.json",
];

/// Reads an export of ChatGPT: one `conversations.json`, or its shards `conversations-000.json`
/// and on. Files are told apart by what they hold. They are read in the reverse order of their
/// names, feedback last: exports are named by date, and of a message that several of them hold in
/// different versions, the version read first is the one imported.
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
    let mut names = bundle.names().to_vec();
    let account = account(bundle, &names)?;
    names.reverse();
    // Feedback can only be matched once the messages are known.
    names.sort_by_key(|name| base_name(name).starts_with("message_feedback"));
    let mut export = Export {
        history: History::new(Format::ChatgptExport, owner, output),
        account,
        conversation_files: 0,
    };
    for name in &names {
        export.file(bundle, name, names.len() == 1)?;
    }
    if export.conversation_files == 0 {
        return Err(ImportError::Empty {
            expected: "conversation of ChatGPT: no `conversations.json`, no `conversations-000.json`",
            hint: "give the zip that ChatGPT sent, the folder it unpacks to, or its `conversations.json`",
        });
    }
    export.history.finish().map_err(|error| io_error("the history", error))
}

struct Export<'o> {
    history: History<'o>,
    /// The account of `user.json`.
    account: Option<String>,
    /// Files with conversations, or that are named for them.
    conversation_files: u64,
}

impl Export<'_> {
    fn file(&mut self, bundle: &mut dyn Bundle, name: &str, only: bool) -> Result<(), ImportError> {
        let is_json = has_extension(name, &["json"]);
        let is_debris = name.split('/').any(|piece| piece == "__MACOSX" || piece.starts_with("._"));
        let is_known = is_json
            && name.split('/').any(|piece| READ.iter().any(|known| piece.starts_with(known)));
        let is_archive = has_extension(name, &["zip"]);
        if is_debris || !(is_json || is_archive || only) {
            return Ok(());
        }
        let mut tally = Tally::new(name);
        if is_known || (only && !is_archive) {
            let before = self.conversation_files;
            documents::each(bundle, name, EXPECTED, &mut |document| {
                self.document(name, document, &mut tally)
            })?;
            if self.conversation_files == before && base_name(name).starts_with("conversations") {
                self.conversation_files += 1;
            }
        } else {
            // Files that people uploaded lie beside under their own names, and are not the format's.
            tally.note(if is_archive { "archive-inside-not-opened" } else { "file-not-read" });
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
        if document.get("chat_messages").is_some() {
            let message =
                "this is an export of claude.ai, not of ChatGPT; import it as `claude-export`";
            return Err(malformed(file, None, message));
        }
        let written = if document.get("mapping").is_some_and(Value::is_object) {
            self.conversation_files += 1;
            conversation::import(&mut self.history, tally, document, self.account.as_deref())
        } else if document.get("original_message_id").is_some() {
            // Which of two answers someone liked better is no rating of either.
            tally.exclude("model-comparison");
            Ok(())
        } else if document.get("rating").is_some() && document.get("conversation_id").is_some() {
            feedback::import(&mut self.history, tally, document)
        } else {
            tally.note(match document {
                Value::Object(_) if document.get("is_anonymous").is_some() => "shared-link",
                Value::Object(_) if document.get("email").is_some() => "account-record",
                Value::Object(_) => "unknown-record",
                _ => "record-is-no-object",
            });
            Ok(())
        };
        written.map_err(|error| io_error(file, error))
    }
}

/// The account of the export's `user.json`.
fn account(bundle: &mut dyn Bundle, names: &[String]) -> Result<Option<String>, ImportError> {
    let mut account = None;
    for name in names.iter().filter(|name| base_name(name) == "user.json") {
        documents::each(bundle, name, EXPECTED, &mut |user| {
            account = account.take().or_else(|| user.filled("id").map(str::to_owned));
            Ok(())
        })?;
    }
    Ok(account)
}

#[cfg(test)]
mod tests;
