//! Section 2: which lines are in error by themselves, and which are not.

use crate::story::{FINE, added, line};
use serde_json::{Value, json};

/// The errors when one event is added to the ground.
fn one(kind: &str, subject: &str, data: Value) -> Vec<usize> {
    added(&[line("x", "2025-02-01", kind, subject, data)])
}

/// One event of each type with every field that it can have.
fn every_type() -> Vec<(&'static str, &'static str, Value, &'static [&'static str])> {
    let part = json!({"kind": "text", "origin": "user", "text": "t", "name": "n",
        "connector": "c", "media_type": "m", "bytes": 1});
    vec![
        (
            "account.opened",
            "account/bob",
            json!({"plan": "pro", "region": "eu", "adult": true}),
            &["plan"],
        ),
        ("account.plan_changed", "account/ada", json!({"plan": "pro"}), &["plan"]),
        ("account.closed", "account/ada", json!({}), &[]),
        (
            "notice.published",
            "notice/x",
            json!({"notice": "x", "deadline": "2025-02-01T00:00:00Z"}),
            &["notice"],
        ),
        ("notice.deferred", "account/ada", json!({"notice": "n"}), &["notice"]),
        ("notice.accepted", "account/ada", json!({"notice": "n"}), &["notice"]),
        (
            "choice.recorded",
            "account/ada",
            json!({"purpose": "p", "granted": true, "via": "api", "notice": "n", "terms": "t",
                "preset": true}),
            &["purpose", "granted", "via"],
        ),
        ("request.received", "account/ada", json!({"kind": "access"}), &["kind"]),
        ("programme.joined", "account/ada", json!({"programme": "trusted-tester"}), &["programme"]),
        ("programme.left", "account/ada", json!({"programme": "trusted-tester"}), &["programme"]),
        (
            "conversation.started",
            "conversation/d",
            json!({"account": "ada", "surface": "chat", "incognito": true, "app": "a"}),
            &["account", "surface"],
        ),
        (
            "message.added",
            "conversation/c",
            json!({"message": "x", "role": "user", "parts": [part]}),
            &["message", "role", "parts"],
        ),
        (
            "feedback.given",
            "conversation/c",
            json!({"message": "m", "rating": "up", "comment": "c"}),
            &["message", "rating"],
        ),
        (
            "safety.flagged",
            "conversation/c",
            json!({"message": "m", "category": "c", "score": 0.5}),
            &["category"],
        ),
        ("conversation.deleted", "conversation/c", json!({}), &[]),
        ("hold.placed", "account/ada", json!({"hold": "h", "reason": "r"}), &["hold"]),
        ("hold.released", "conversation/c", json!({"hold": "h", "reason": "r"}), &["hold"]),
    ]
}

#[test]
fn every_type_is_read_with_and_without_its_optional_fields() {
    for (kind, subject, data, required) in every_type() {
        assert_eq!(one(kind, subject, data.clone()), FINE, "{kind}");
        let fields = data.as_object().expect("an object");
        for name in fields.keys() {
            let mut less = fields.clone();
            less.remove(name);
            let expected = if required.contains(&name.as_str()) { vec![6] } else { vec![] };
            assert_eq!(one(kind, subject, Value::Object(less)), expected, "{kind} without {name}");
        }
    }
}

#[test]
fn every_field_has_its_json_type() {
    let values = [json!("text"), json!(true), json!(1), json!([]), json!({}), json!(null)];
    for (kind, subject, data, _) in every_type() {
        for (name, value) in data.as_object().expect("an object") {
            for other in &values {
                if std::mem::discriminant(other) == std::mem::discriminant(value) {
                    continue;
                }
                let mut wrong = data.clone();
                wrong[name] = other.clone();
                assert_eq!(one(kind, subject, wrong), [6], "{kind} with {name}: {other}");
            }
        }
    }
}

#[test]
fn lists_are_closed() {
    let outside = [
        ("account.opened", "account/bob", json!({"plan": "Pro"})),
        ("account.plan_changed", "account/ada", json!({"plan": "business"})),
        ("request.received", "account/ada", json!({"kind": "rectification"})),
        ("programme.joined", "account/ada", json!({"programme": "beta"})),
        ("programme.left", "account/ada", json!({"programme": ""})),
        ("choice.recorded", "account/ada", json!({"purpose": "p", "granted": true, "via": "mail"})),
        ("conversation.started", "conversation/d", json!({"account": "ada", "surface": "phone"})),
        (
            "message.added",
            "conversation/c",
            json!({"message": "x", "role": "developer", "parts": []}),
        ),
        ("feedback.given", "conversation/c", json!({"message": "m", "rating": "UP"})),
    ];
    for (kind, subject, data) in outside {
        assert_eq!(one(kind, subject, data.clone()), [6], "{kind} {data}");
    }
    let part = |part: Value| {
        let data = json!({"message": "x", "role": "user", "parts": [part]});
        one("message.added", "conversation/c", data)
    };
    assert_eq!(part(json!({"kind": "text", "origin": "connector"})), FINE);
    assert_eq!(part(json!({"kind": "video", "origin": "user"})), [6]);
    assert_eq!(part(json!({"kind": "text", "origin": "developer"})), [6]);
    assert_eq!(part(json!({"kind": "text"})), [6]);
    assert_eq!(part(json!({"origin": "user"})), [6]);
    assert_eq!(part(json!({"kind": "text", "origin": "user", "text": 1})), [6]);
    assert_eq!(part(json!("text")), [6]);
}

#[test]
fn purposes_categories_and_unknown_members_are_free() {
    let choice = json!({"purpose": "any word", "granted": true, "via": "api", "more": [null]});
    assert_eq!(one("choice.recorded", "account/ada", choice), FINE);
    assert_eq!(one("safety.flagged", "conversation/c", json!({"category": ""})), FINE);
    let mut event: Value =
        serde_json::from_str(&line("x", "2025-02-01", "account.closed", "account/ada", json!({})))
            .expect("an event");
    event["traceparent"] = json!({"of": "whatever type"});
    assert_eq!(added(&[event.to_string()]), FINE);
}

#[test]
fn subjects_have_the_kind_of_their_type() {
    for (kind, subject, data, _) in every_type() {
        let (_, id) = subject.split_once('/').expect("a subject");
        for other in ["account", "conversation", "notice", "Account", ""] {
            let known = [("account", "ada"), ("conversation", "c"), ("notice", "n")];
            let id = known.iter().find(|(kind, _)| *kind == other).map_or(id, |(_, id)| id);
            let allowed = subject.starts_with(&format!("{other}/"))
                || (kind.starts_with("hold.") && ["account", "conversation"].contains(&other));
            if !allowed {
                let subject = format!("{other}/{id}");
                assert_eq!(one(kind, &subject, data.clone()), [6], "{kind} {subject}");
            }
        }
        assert_eq!(one(kind, id, data), [6], "{kind} without a kind of subject");
    }
    assert_eq!(one("account.opened", "account/a/b c", json!({"plan": "pro"})), FINE);
}

#[test]
fn the_envelope_is_whole() {
    let whole: Value = serde_json::from_str(&line(
        "x",
        "2025-02-01",
        "account.plan_changed",
        "account/ada",
        json!({"plan": "pro"}),
    ))
    .expect("an event");
    for name in ["specversion", "source", "id", "type", "subject", "time", "data"] {
        let mut event = whole.clone();
        event.as_object_mut().expect("an object").remove(name);
        assert_eq!(added(&[event.to_string()]), [6], "without {name}");
        for wrong in [json!(1), json!(null), json!([])] {
            event[name] = wrong;
            assert_eq!(added(&[event.to_string()]), [6], "{event}");
        }
    }
    for (name, wrong) in [
        ("type", "account.plan_changed"),
        ("type", "consentry.account.reopened"),
        ("type", "consentry."),
        ("time", "yesterday"),
        ("time", "2025-02-29T00:00:00Z"),
    ] {
        let mut event = whole.clone();
        event[name] = json!(wrong);
        assert_eq!(added(&[event.to_string()]), [6], "{event}");
    }
    let bad = json!({"notice": "x", "deadline": "2025-02-01"});
    assert_eq!(one("notice.published", "notice/x", bad), [6]);
}

#[test]
fn lines_that_are_no_object_are_errors_and_blank_lines_are_not_lines() {
    for text in ["{", "nonsense", "[]", "1", "null", "\"text\"", "{} {}", "{\"a\":1}x"] {
        assert_eq!(added(&[text.to_owned()]), [6], "{text}");
    }
    for text in ["", "  ", "\t", "\r"] {
        assert_eq!(added(&[text.to_owned()]), FINE, "{text:?}");
    }
}
