//! One event has many spellings that mean the same.

use super::dice::Dice;
use consentry_model::Instant;
use serde_json::Value;

/// How a line is written. All false is what `serde_json` writes.
#[derive(Clone, Copy)]
struct Style {
    reverse_keys: bool,
    spaces: bool,
    /// Escapes all that need not be escaped: `/`, and everything outside ASCII.
    escape: bool,
}

/// The event in one of its spellings: keys in another order, the time at another offset or with
/// digits that are cut, `data` absent where it is empty, members that do not belong to the event.
pub(super) fn spell(event: &Value, dice: &mut Dice<'_>) -> String {
    let mut event = event.clone();
    let flags = dice.byte();
    let flag = |bit: u8| flags & (1 << bit) != 0;
    let style = Style { reverse_keys: flag(0), spaces: flag(1), escape: flag(2) };
    if let Some(envelope) = event.as_object_mut() {
        let is_empty = |data: &Value| data.as_object().is_some_and(serde_json::Map::is_empty);
        if flag(3) && envelope.get("data").is_none_or(is_empty) {
            // Both spellings of no data.
            if envelope.remove("data").is_none() {
                envelope.insert("data".to_owned(), serde_json::json!({}));
            }
        }
        if flag(4) {
            envelope.insert("datacontenttype".to_owned(), "application/json".into());
        }
        if flag(5) {
            envelope.insert("traceparent".to_owned(), format!("00-{flags:02x}").into());
        }
        if let Some(time) = envelope.get("time").and_then(Value::as_str)
            && let Ok(time) = Instant::parse(time)
        {
            envelope.insert("time".to_owned(), spell_time(time, dice).into());
        }
    }
    let mut line = String::new();
    write(&event, style, &mut line);
    if style.spaces {
        line = format!(" {line}\t");
    }
    line
}

/// The instant in one of its spellings.
fn spell_time(time: Instant, dice: &mut Dice<'_>) -> String {
    let (offset, minutes) = dice.of(&[
        ("Z", 0),
        ("Z", 0),
        ("z", 0),
        ("+00:00", 0),
        ("-00:00", 0),
        ("+05:30", 330),
        ("-11:00", -660),
        ("+23:59", 1439),
    ]);
    let local = Instant::from_millis(time.millis() + minutes * 60_000).to_string();
    let local = local.trim_end_matches('Z');
    match dice.below(6) {
        1 => format!("{}{offset}", local.trim_end_matches('0').trim_end_matches('.')),
        2 => format!("{local}9{offset}"),
        3 => format!("{local}000999999{offset}"),
        4 => format!("{}{offset}", local.replace('T', "t")),
        _ => format!("{local}{offset}"),
    }
}

fn write(value: &Value, style: Style, out: &mut String) {
    let separator = if style.spaces { " , " } else { "," };
    match value {
        Value::Object(members) => {
            out.push('{');
            let mut members: Vec<_> = members.iter().collect();
            if style.reverse_keys {
                members.reverse();
            }
            for (index, (name, member)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push_str(separator);
                }
                write_text(name, style, out);
                out.push_str(if style.spaces { " : " } else { ":" });
                write(member, style, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(separator);
                }
                write(item, style, out);
            }
            out.push(']');
        }
        Value::String(text) => write_text(text, style, out),
        Value::Null | Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
    }
}

fn write_text(text: &str, style: Style, out: &mut String) {
    let quoted = Value::from(text).to_string();
    if !style.escape {
        out.push_str(&quoted);
        return;
    }
    for c in quoted.chars() {
        if c == '/' {
            out.push_str("\\/");
        } else if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
}
