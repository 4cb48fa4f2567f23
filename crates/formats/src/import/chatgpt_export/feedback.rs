//! Thumbs up and down.

use crate::import::Tally;
use crate::import::history::{History, unknown};
use crate::json::{self, Value};
use consentry_model::Rating;
use std::io;

/// Imports one row of `message_feedback.json`. Rows about what the export does not hold are counted
/// and left out: a history cannot rate what it never saw.
pub(super) fn import(
    history: &mut History<'_>,
    tally: &mut Tally,
    row: &Value<'_>,
) -> io::Result<()> {
    let rating = match row.str("rating") {
        Some("thumbs_up" | "thumbsUp" | "up") => Rating::Up,
        Some("thumbs_down" | "thumbsDown" | "down") => Rating::Down,
        other => {
            tally.exclude(&unknown("unknown-rating", other));
            return Ok(());
        }
    };
    // The row's own id is that of the message.
    let message = row.filled("message_id").or_else(|| row.filled("id")).unwrap_or_default();
    let conversation = row.filled("conversation_id").unwrap_or_default();
    if !history.has(conversation, message) {
        tally.exclude("feedback-without-message");
        return Ok(());
    }
    let Some(time) = row.time("create_time").or_else(|| row.time("update_time")) else {
        tally.exclude("feedback-without-time");
        return Ok(());
    };
    let comment = row.filled("content").and_then(comment);
    let is_new = history.feedback((conversation, message), time, rating, comment.as_deref())?;
    tally.note(if is_new { "feedback" } else { "feedback-repeated" });
    Ok(())
}

/// What the person wrote, or else the reasons they ticked. The field holds JSON as text.
fn comment(content: &str) -> Option<String> {
    let mut bytes = content.as_bytes().to_vec();
    let Ok(value) = json::parse(&mut bytes) else {
        return Some(content.to_owned());
    };
    if let Some(text) = value.filled("text").or_else(|| value.as_str()) {
        return Some(text.to_owned());
    }
    let tags: Vec<&str> = value.list("tags").iter().filter_map(Value::as_str).collect();
    (!tags.is_empty()).then(|| tags.join(", "))
}
