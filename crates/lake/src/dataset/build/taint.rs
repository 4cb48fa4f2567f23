//! What connectors brought in is followed through a conversation: stretches of later parts that
//! repeat it are taken out, except of what a person typed.

use consentry_deid::Taint;
use consentry_model::conversation::Message;
use consentry_model::{Kind, Origin, Part};
use std::borrow::Cow;
use std::ops::Range;

/// Byte ranges of a part's text that repeat a connector's result.
pub(crate) type Stretches = Vec<Range<usize>>;

/// For each part, in order, what in it repeats the result of a connector before it. Only the
/// results that `teaches` accepts count: one that may itself be trained on is no secret.
pub(super) fn follow<'p>(
    parts: impl Iterator<Item = &'p Part<'p>>,
    least: usize,
    teaches: impl Fn(usize) -> bool,
) -> Vec<Stretches> {
    let mut taint = Taint::new(least);
    let one = |(number, part): (usize, &Part<'_>)| {
        let text = part.text.as_deref().unwrap_or_default();
        if part.origin != Origin::Connector {
            return taint.stretches(text);
        }
        if teaches(number) {
            taint.learn(text);
        }
        Vec::new()
    };
    parts.enumerate().map(one).collect()
}

/// The same for the parts of messages, of which no connector's result is kept; each with the part.
pub(super) fn follow_messages<'m>(
    messages: &'m [Message<'m>],
    least: usize,
) -> Vec<(&'m Part<'m>, Stretches)> {
    let parts = || messages.iter().flat_map(|message| &message.parts);
    parts().zip(follow(parts(), least, |_| true)).collect()
}

/// The text of a part without the stretches that have to go. Where the text is JSON, as the
/// arguments of a call are, only what stands in its strings goes, so that it stays JSON.
pub(super) fn without<'t>(part: &'t Part<'_>, stretches: &[Range<usize>]) -> Cow<'t, str> {
    let text = part.text.as_deref().unwrap_or_default();
    if stretches.is_empty() || part.origin == Origin::User {
        return Cow::Borrowed(text);
    }
    let json = part.kind == Kind::ToolCall && is_json(text);
    let mut stretches = stretches.iter().peekable();
    let (mut strings, mut gone) = (Strings::default(), false);
    let mut goes = |at: usize, character: char| {
        while stretches.next_if(|stretch| stretch.end <= at).is_some() {}
        let repeats = stretches.peek().is_some_and(|stretch| stretch.start <= at);
        // What a backslash announces goes with it.
        let announced = strings.escaped;
        let content = strings.step(character);
        if !(json && announced) {
            gone = repeats && (content || !json);
        }
        gone
    };
    let left = text.char_indices().filter(|(at, character)| !goes(*at, *character));
    let left: String = left.map(|(_, character)| character).collect();
    // Half of a pair of escapes was quoted: on doubt nothing is kept.
    if json && !is_json(&left) { Cow::Borrowed("") } else { Cow::Owned(left) }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Where a reader of JSON stands.
#[derive(Default)]
struct Strings {
    inside: bool,
    escaped: bool,
}

impl Strings {
    /// Reads a character, and tells whether it is part of a string's content.
    const fn step(&mut self, character: char) -> bool {
        if self.escaped {
            self.escaped = false;
            return true;
        }
        match character {
            '"' => {
                self.inside = !self.inside;
                false
            }
            '\\' if self.inside => {
                self.escaped = true;
                true
            }
            _ => self.inside,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULT: &str =
        "The committee \"agreed\" on the fourth draft,\nand asked for two more weeks.";

    fn part(kind: Kind, origin: Origin, text: String) -> Part<'static> {
        Part { text: Some(text.into()), ..Part::new(kind, origin) }
    }

    fn left(part: &Part<'_>) -> String {
        let result =
            Part { text: Some(RESULT.into()), ..Part::new(Kind::ToolResult, Origin::Connector) };
        let stretches = follow([&result, part].into_iter(), 60, |_| true);
        without(part, stretches.last().unwrap()).into_owned()
    }

    #[test]
    fn a_quotation_goes_unless_a_person_typed_it() {
        let text = format!("See: {RESULT} Good.");
        assert_eq!(left(&part(Kind::Text, Origin::Assistant, text.clone())), "See:  Good.");
        assert_eq!(left(&part(Kind::Text, Origin::User, text.clone())), text);
    }

    #[test]
    fn arguments_stay_json() {
        for (call, expected) in [
            (
                serde_json::json!({"path": "a.md", "content": RESULT}),
                r#"{"path":"a.md","content":""}"#,
            ),
            (
                serde_json::json!({"n": [1, format!("{RESULT}!")], "b": "c"}),
                r#"{"n":[1,"!"],"b":"c"}"#,
            ),
        ] {
            assert_eq!(left(&part(Kind::ToolCall, Origin::Assistant, call.to_string())), expected);
        }
    }

    #[test]
    fn escapes_are_not_torn_apart() {
        // The bell is no escape that the plain form knows: the stretch begins behind its backslash.
        let call = format!(r#"{{"a":"x\b{0}","c":"{0}\b"}}"#, "o".repeat(70));
        let result = part(Kind::ToolResult, Origin::Connector, format!("b{}", "o".repeat(70)));
        let part = part(Kind::ToolCall, Origin::Assistant, call);
        let stretches = follow([&result, &part].into_iter(), 60, |_| true);
        assert_eq!(stretches[1].len(), 2);
        let left = without(&part, &stretches[1]);
        assert_eq!(left, r#"{"a":"x\b","c":"\b"}"#);
    }

    #[test]
    fn only_what_comes_later_is_followed() {
        let early = part(Kind::Text, Origin::Assistant, RESULT.to_owned());
        let result = part(Kind::ToolResult, Origin::Connector, RESULT.to_owned());
        let late = early.clone();
        let all = [&early, &result, &late];
        let found = follow(all.into_iter(), 60, |_| true);
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [0, 0, 1]);
        assert_eq!(found[2][0], 0..RESULT.len());
        assert!(follow(all.into_iter(), 60, |_| false).iter().all(Vec::is_empty));
    }
}
