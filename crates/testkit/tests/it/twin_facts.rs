//! Section 3: facts, which rows there are, and feedback copies.

use crate::story::{Story, at};
use consentry_testkit::twin::instant;
use serde_json::json;

const NOW: &str = "2026-06-01";

#[test]
fn what_is_not_there_by_t_has_no_rows() {
    let story = Story::account("pro").starts("2025-02-01").says("2025-03-01", "m");
    assert_eq!(story.train("2025-02-28T23:59:59.999Z"), [""; 0]);
    assert_eq!(story.train("2025-03-01"), ["c m 0: deny"]);
    // A message before the start has a row once the conversation is started.
    let story = Story::account("pro").says("2025-01-01", "m").starts("2025-02-01");
    assert_eq!(story.train("2025-01-31"), [""; 0]);
    assert_eq!(story.train("2025-02-01"), ["c m 0: deny"]);
    // A conversation before its account's opening has none until then.
    let story = Story::default()
        .on("2025-02-01", "account.opened", "account/ada", json!({"plan": "pro"}))
        .talks("2025-01-01");
    assert_eq!(story.train("2025-01-31"), [""; 0]);
    assert_eq!(story.train("2025-02-01"), ["c m 0: deny"]);
}

#[test]
fn rows_are_ordered_by_conversation_message_time_message_and_part() {
    let start = |story: Story, id: &str| {
        story.on(
            "2025-01-01",
            "conversation.started",
            &format!("conversation/{id}"),
            json!({"account": "ada", "surface": "chat"}),
        )
    };
    let say = |story: Story, id: &str, time: &str, message: &str| {
        let part = json!({"kind": "text", "origin": "user"});
        story.on(
            time,
            "message.added",
            &format!("conversation/{id}"),
            json!({"message": message, "role": "user", "parts": [part, part]}),
        )
    };
    let story = start(start(Story::account("pro"), "b"), "a/z");
    let story = say(story, "b", "2025-01-02", "2");
    let story = say(story, "b", "2025-01-02", "10");
    let story = say(story, "b", "2025-01-01", "9");
    let story = say(story, "a/z", "2025-01-03", "x");
    let ids = ["a/z x 0", "a/z x 1", "b 9 0", "b 9 1", "b 10 0", "b 10 1", "b 2 0", "b 2 1"];
    assert_eq!(story.train(NOW), ids.map(|id| format!("{id}: deny")));
}

#[test]
fn equal_times_are_ordered_by_line() {
    let time = "2025-01-01";
    let on_last = Story::account("pro").chooses(time, false).chooses(time, true).talks(time);
    assert_eq!(on_last.train(NOW), ["c m 0: permit choice-on"]);
    let off_last = Story::account("pro").chooses(time, true).chooses(time, false).talks(time);
    assert_eq!(off_last.train(NOW), ["c m 0: deny"]);
}

#[test]
fn digits_beyond_milliseconds_are_cut() {
    let story = Story::account("pro")
        .chooses("2025-01-01T00:00:00.0009Z", true)
        .talks("2025-01-01T00:00:00.0001Z");
    assert_eq!(story.train(NOW), ["c m 0: permit choice-on"]);
    assert_eq!(at("2025-01-01T00:00:00.0009Z"), at("2025-01-01"));
}

#[test]
fn plan_changes_before_the_opening_have_no_effect() {
    let story = Story::default()
        .on("2025-02-01", "account.opened", "account/ada", json!({"plan": "pro"}))
        .plan("2025-01-01", "team")
        .chooses("2025-01-01", true)
        .starts("2025-01-15")
        .says("2025-01-15", "before")
        .says("2025-02-01", "after");
    // Before its account's opening a part is neither consumer nor commercial.
    assert_eq!(story.train(NOW), ["c before 0: deny", "c after 0: permit choice-on"]);
}

#[test]
fn a_hold_is_known_by_its_name_and_its_subject() {
    let talks = Story::account("pro").chooses("2025-01-01", true).talks("2025-01-01");
    let held = ["c m 0: deny legal-hold"];
    let free = ["c m 0: permit choice-on"];
    let story = talks.clone().holds("2025-02-01", "account/ada", "h");
    assert_eq!(story.clone().releases("2025-02-02", "account/ada", "other").train(NOW), held);
    assert_eq!(story.clone().releases("2025-02-02", "conversation/c", "h").train(NOW), held);
    assert_eq!(story.clone().releases("2025-01-31", "account/ada", "h").train(NOW), held);
    let released = story.clone().releases("2025-02-02", "account/ada", "h");
    assert_eq!(released.train(NOW), free);
    assert_eq!(released.holds("2025-02-03", "account/ada", "h").train(NOW), held);
    // A set: placed twice, released once.
    let twice = story.clone().holds("2025-02-01", "account/ada", "h");
    assert_eq!(twice.releases("2025-02-02", "account/ada", "h").train(NOW), free);
    let two = story.holds("2025-02-01", "account/ada", "i");
    assert_eq!(two.releases("2025-02-02", "account/ada", "h").train(NOW), held);
}

#[test]
fn a_copy_holds_the_parts_up_to_the_feedback_except_connectors() {
    let story = Story::account("pro")
        .talks("2025-01-01")
        .says_from("2025-01-02", "drive", "connector")
        .says("2025-01-03", "same-time")
        .rates("2025-01-03", "m")
        .says("2025-01-03", "same-time-later-line")
        .says("2025-01-03T00:00:00.001Z", "later");
    let copies: Vec<_> =
        story.train(NOW).into_iter().filter(|row| row.starts_with("copy")).collect();
    assert_eq!(
        copies,
        ["copy 5 0: permit feedback", "copy 5 1: permit feedback", "copy 5 2: permit feedback"]
    );
    assert_eq!(
        story.train("2025-01-02").iter().filter(|row| row.starts_with("copy")).count(),
        0,
        "feedback after T makes no copy yet"
    );
}

#[test]
fn each_feedback_makes_a_copy() {
    let story =
        Story::account("pro").talks("2025-01-01").rates("2025-01-03", "m").rates("2025-01-02", "m");
    assert_eq!(
        story.train(NOW),
        ["c m 0: deny", "copy 3 0: permit feedback", "copy 4 0: permit feedback"]
    );
}

#[test]
fn no_copy_is_made_where_the_contract_says_so() {
    let talks = Story::account("pro").talks("2025-01-02");
    let minor = Story::default()
        .on("2020-01-01", "account.opened", "account/ada", json!({"plan": "pro", "adult": false}))
        .talks("2025-01-02");
    let not_opened = Story::default()
        .on("2025-03-01", "account.opened", "account/ada", json!({"plan": "pro"}))
        .talks("2025-01-02");
    let not_started = Story::account("pro").says("2025-01-02", "m").starts("2025-03-01");
    let none = [
        minor,
        not_opened,
        not_started,
        talks.clone().closes("2025-02-01"),
        talks.clone().deletes("2025-02-01"),
        Story::account("pro").starts_incognito("2025-01-02").says("2025-01-02", "m"),
    ];
    let copies =
        |story: &Story| story.train(NOW).into_iter().filter(|row| row.starts_with("copy")).count();
    for story in none {
        assert_eq!(copies(&story.clone().rates("2025-02-01", "m")), 0, "{:?}", story.0);
    }
    // One millisecond later it is too late to prevent the copy.
    let later = "2025-02-01T00:00:00.001Z";
    assert_eq!(copies(&talks.clone().closes(later).rates("2025-02-01", "m")), 1);
    assert_eq!(copies(&talks.clone().deletes(later).rates("2025-02-01", "m")), 1);
    // Neither a hold, a plan nor a choice prevents it; feedback may name any message.
    let held = talks.holds("2025-01-02", "account/ada", "h").says("2025-03-01", "later");
    assert_eq!(copies(&held.rates("2025-02-01", "later")), 1);
}

#[test]
fn times_are_those_of_rfc_3339() {
    assert_eq!(instant("1970-01-01T00:00:00Z"), Some(0));
    assert_eq!(instant("1970-01-01t00:00:00.5z"), Some(500));
    assert_eq!(instant("1969-12-31T23:59:59.9999Z"), Some(-1));
    assert_eq!(instant("2000-02-29T12:00:00+05:30"), Some(951_805_800_000));
    assert_eq!(instant("1970-01-01T00:00:00-00:00"), Some(0));
    assert_eq!(instant("0000-01-01T00:00:00Z"), Some(-62_167_219_200_000));
    assert_eq!(instant("9999-12-31T23:59:59.999Z"), Some(253_402_300_799_999));
    assert_eq!(instant("2016-12-31T23:59:60Z"), instant("2017-01-01T00:00:00Z"));
    for text in [
        "",
        "2026-06-01",
        "2026-06-01T00:00:00",
        "2026-06-01 00:00:00Z",
        "2025-02-29T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-06-00T00:00:00Z",
        "2026-06-01T24:00:00Z",
        "2026-06-01T00:60:00Z",
        "2026-06-01T12:00:60Z",
        "2026-06-01T00:00:00.Z",
        "2026-06-01T00:00:00+0100",
        "2026-06-01T00:00:00+01",
        "2026-06-01T00:00:00+24:00",
        "2026-06-01T00:00:00ZZ",
        "2026-06-01T00:00:00é",
        "2026-6-01T00:00:00Z",
        "+026-06-01T00:00:00Z",
    ] {
        assert_eq!(instant(text), None, "{text}");
    }
}
