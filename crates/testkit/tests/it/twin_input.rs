//! Section 2: which lines are in error together, redeliveries, and the quarantine.

use crate::story::{FINE, Story, added, file, ground, line};
use consentry_testkit::twin::{self, check, quarantine};
use serde_json::json;

#[test]
fn what_an_event_is_about_must_be_somewhere_in_the_input() {
    let unknown = [
        ("account.closed", "account/bob", json!({})),
        ("hold.placed", "account/c", json!({"hold": "h"})),
        ("hold.placed", "conversation/ada", json!({"hold": "h"})),
        ("conversation.deleted", "conversation/d", json!({})),
        ("conversation.started", "conversation/d", json!({"account": "c", "surface": "chat"})),
        ("feedback.given", "conversation/c", json!({"message": "x", "rating": "up"})),
        ("safety.flagged", "conversation/c", json!({"message": "x", "category": "c"})),
        ("notice.accepted", "account/ada", json!({"notice": "x"})),
        ("notice.deferred", "account/ada", json!({"notice": "x"})),
        (
            "choice.recorded",
            "account/ada",
            json!({"purpose": "p", "granted": true, "via": "notice", "notice": "x"}),
        ),
    ];
    for (kind, subject, data) in unknown {
        assert_eq!(
            added(&[line("x", "2025-02-01", kind, subject, data.clone())]),
            [6],
            "{kind} {subject} {data}"
        );
    }
    // A message is one of that conversation.
    let other = |message: &str| {
        added(&[
            line(
                "x",
                "2025-02-01",
                "conversation.started",
                "conversation/d",
                json!({"account": "ada", "surface": "chat"}),
            ),
            line(
                "y",
                "2025-02-01",
                "feedback.given",
                "conversation/d",
                json!({"message": message, "rating": "up"}),
            ),
        ])
    };
    assert_eq!(other("m"), [7]);
    // A notice is known by its data, not by its subject.
    let published =
        line("x", "2025-02-01", "notice.published", "notice/subject", json!({"notice": "by-data"}));
    let accept = |id: &str, notice: &str| {
        line(id, "2025-02-01", "notice.accepted", "account/ada", json!({"notice": notice}))
    };
    assert_eq!(added(&[published, accept("y", "by-data"), accept("z", "subject")]), [8]);
    // Neither the order of lines nor that of times matters.
    let early = line("x", "1999-01-01", "account.closed", "account/bob", json!({}));
    let opened = line("y", "2025-02-01", "account.opened", "account/bob", json!({"plan": "pro"}));
    assert_eq!(added(&[early, opened]), FINE);
}

#[test]
fn of_two_openings_the_later_in_time_order_is_in_error() {
    let opened = |id: &str, time: &str| {
        line(id, time, "account.opened", "account/bob", json!({"plan": "pro"}))
    };
    assert_eq!(added(&[opened("x", "2025-01-01"), opened("y", "2025-01-02")]), [7]);
    assert_eq!(added(&[opened("x", "2025-01-02"), opened("y", "2025-01-01")]), [6]);
    assert_eq!(added(&[opened("x", "2025-01-01"), opened("y", "2025-01-01")]), [7]);
    // Of three, two.
    let three = [opened("x", "2025-01-02"), opened("y", "2025-01-01"), opened("z", "2025-01-03")];
    assert_eq!(added(&three), [6, 8]);
    let start = |id: &str| {
        let data = json!({"account": "ada", "surface": "chat"});
        line(id, "2025-01-01", "conversation.started", "conversation/d", data)
    };
    assert_eq!(added(&[start("x"), start("y")]), [7]);
    let message = |id: &str, message: &str| {
        let data = json!({"message": message, "role": "user", "parts": []});
        line(id, "2025-01-01", "message.added", "conversation/c", data)
    };
    assert_eq!(added(&[message("x", "x"), message("y", "x"), message("z", "y")]), [7]);
    // The order of the arguments counts before that of the lines.
    let files = [
        file("b", &[String::new(), opened("x", "2025-01-01")]),
        file("a", &[opened("y", "2025-01-01")]),
    ];
    assert_eq!(check(&files).err(), Some(vec![("a".to_owned(), 1)]));
}

#[test]
fn redeliveries_are_ignored_and_differing_ones_are_errors() {
    let data = json!({"plan": "pro", "region": "eu"});
    let first = line("x", "2025-02-01T00:00:00Z", "account.opened", "account/bob", data);
    let again = [
        first.clone(),
        // Other keys first, another offset, digits that are cut, and what is not compared.
        r#"{"data":{"region":"eu","plan":"pro"},"subject":"account/bob","id":"x","source":"app","time":"2025-02-01T05:30:00.0009+05:30","type":"consentry.account.opened","specversion":"1.0","more":1}"#.to_owned(),
    ];
    for again in again {
        let lines = [first.clone(), again];
        assert_eq!(added(&lines), FINE, "{lines:?}");
        let text = file("h", &[ground(), lines.to_vec()].concat());
        assert_eq!(check(&[text]).expect("no error").events.len(), 6);
    }
    let differs = [
        line("x", "2025-02-01", "account.opened", "account/bob", json!({"plan": "pro"})),
        line(
            "x",
            "2025-02-02",
            "account.opened",
            "account/bob",
            json!({"plan": "pro", "region": "eu"}),
        ),
        line(
            "x",
            "2025-02-01",
            "account.opened",
            "account/eve",
            json!({"plan": "pro", "region": "eu"}),
        ),
        line(
            "x",
            "2025-02-01",
            "account.plan_changed",
            "account/bob",
            json!({"plan": "pro", "region": "eu"}),
        ),
    ];
    for differs in differs {
        // The later in line order, whatever its time; a third delivery is held to the first.
        assert_eq!(added(&[first.clone(), differs.clone()]), [7], "{differs}");
        assert_eq!(added(&[first.clone(), differs.clone(), first.clone()]), [7], "{differs}");
        assert_eq!(added(&[first.clone(), differs.clone(), differs.clone()]), [7, 8], "{differs}");
    }
    // Absent data equals {}.
    let closed = line("x", "2025-02-01", "account.closed", "account/ada", json!({}));
    let absent = closed.replace(r#","data":{}"#, "");
    assert_ne!(closed, absent);
    assert_eq!(added(&[closed.clone(), absent]), FINE);
    // Another source is another event.
    let other = closed.replace(r#""source":"app""#, r#""source":"app2""#);
    assert_eq!(added(&[closed, other.replace("2025-02-01", "2025-02-02")]), FINE);
}

#[test]
fn a_redelivery_stands_where_it_first_stood() {
    let time = "2025-02-01";
    let choice = |id: &str, granted: bool| {
        let data = json!({"purpose": "model-improvement", "granted": granted, "via": "api"});
        line(id, time, "choice.recorded", "account/ada", data)
    };
    let lines = [choice("on", true), choice("off", false), choice("on", true)];
    let story = Story([ground(), lines.to_vec()].concat()).says(time, "n");
    assert_eq!(story.train("2026-06-01"), ["c m 0: deny", "c n 0: deny"]);
}

#[test]
fn a_line_in_error_is_no_event() {
    let opened = line("x", "2025-02-01", "account.opened", "account/bob", json!({"plan": "?"}));
    let closed = line("y", "2025-02-01", "account.closed", "account/bob", json!({}));
    assert_eq!(added(&[opened.clone(), closed]), [6, 7]);
    let fine = line("x", "2025-02-01", "account.opened", "account/bob", json!({"plan": "pro"}));
    assert_eq!(added(&[opened, fine]), [6], "nor a delivery of one");
}

#[test]
fn quarantine_rejects_until_nothing_is_wrong() {
    let lines = [
        line("q1", "2025-01-01", "account.opened", "account/bob", json!({"plan": "?"})),
        line(
            "q2",
            "2025-01-01",
            "conversation.started",
            "conversation/d",
            json!({"account": "bob", "surface": "chat"}),
        ),
        line(
            "q3",
            "2025-01-01",
            "message.added",
            "conversation/d",
            json!({"message": "m", "role": "user", "parts": []}),
        ),
        line(
            "q4",
            "2025-01-01",
            "feedback.given",
            "conversation/d",
            json!({"message": "m", "rating": "up"}),
        ),
    ];
    assert_eq!(added(&lines), [6, 7], "the input does start the conversation");
    let files = [file("h", &[ground(), lines.to_vec()].concat())];
    let (history, rejected) = quarantine(&files);
    let numbers: Vec<usize> = rejected.iter().map(|(_, line)| *line).collect();
    assert_eq!(numbers, [6, 7, 8, 9]);
    let without = [file("h", &ground())];
    assert_eq!(Ok(history.events), check(&without).map(|history| history.events));
    // Nothing is rejected where nothing is wrong.
    assert_eq!(quarantine(&without).1, []);
    assert_eq!(twin::check(&[]).map(|history| history.events.len()), Ok(0));
}
