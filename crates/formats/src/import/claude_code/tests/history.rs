//! Which events come out: ids, times, repetitions, and files that are not in order.

use super::*;
use consentry_model::Instant;

fn millis(text: &str) -> i64 {
    Instant::parse(text).unwrap().millis()
}

#[test]
fn the_account_and_its_choice_stand_before_everything() {
    let found = records(vec![user(2, json!("b")), user(1, json!("a"))]);
    assert_eq!(found.conversations["s1"], millis("2026-01-01T00:00:01Z"));
    assert_eq!(
        found.lines[..2].concat(),
        "{\"specversion\":\"1.0\",\"id\":\"account.opened/local\",\"source\":\"import/owner\",\
         \"type\":\"consentry.account.opened\",\"subject\":\"account/local\",\
         \"time\":\"2026-01-01T00:00:01.000Z\",\"data\":{\"plan\":\"pro\"}}\n\
         {\"specversion\":\"1.0\",\"id\":\"choice.recorded/model-improvement/local\",\
         \"source\":\"import/owner\",\"type\":\"consentry.choice.recorded\",\
         \"subject\":\"account/local\",\"time\":\"2026-01-01T00:00:01.000Z\",\
         \"data\":{\"granted\":true,\"purpose\":\"model-improvement\",\"via\":\"settings\"}}\n"
    );
    let since = Some(Instant::parse("2020-01-01T00:00:00Z").unwrap());
    let owner = Owner { account: Some("ada".to_owned()), plan: Plan::Team, choice: None, since };
    let content = lines(&[user(1, json!("a"))]).into_bytes();
    let mut bundle = MemoryBundle::new([("s.jsonl".to_owned(), content)]);
    let mut found = Collected::default();
    import(&mut bundle, &owner, &mut found).unwrap();
    assert!(
        found.lines[0]
            .contains("\"time\":\"2020-01-01T00:00:00.000Z\",\"data\":{\"plan\":\"team\"}")
    );
    assert_eq!(found.lines.len(), 3);
}

#[test]
fn several_records_of_one_answer_are_several_messages() {
    let found = records(vec![
        assistant(1, json!([{"type": "thinking", "thinking": "a"}])),
        assistant(2, json!([{"type": "text", "text": "a"}])),
    ]);
    let messages: Vec<_> = found.parts.iter().map(|part| &*part.message).collect();
    assert_eq!(messages, ["u1", "u2"]);
}

#[test]
fn every_branch_is_imported() {
    let at = |record, parent: &str| with(record, json!({ "parentUuid": parent }));
    let found = records(vec![
        user(1, json!("first try")),
        at(assistant(2, json!("a")), "u1"),
        user(3, json!("second try")),
        at(assistant(4, json!("b")), "u3"),
    ]);
    assert_eq!(found.parts.len(), 4);
}

#[test]
fn a_record_that_several_files_hold_is_imported_once() {
    let shared = user(1, json!("go"));
    let fork = |record, id: u64| {
        let from = json!({"sessionId": "s1", "messageUuid": format!("u{id}")});
        with(record, json!({"sessionId": "s0", "forkedFrom": from}))
    };
    let found = files(&[
        // Comes first by name, but says itself that it is a copy.
        (
            "a/s0.jsonl",
            vec![
                fork(shared.clone(), 1),
                with(user(2, json!("other")), json!({"sessionId": "s0"})),
            ],
        ),
        ("a/s1.jsonl", vec![shared.clone(), shared.clone()]),
        (
            "a/s1/subagents/agent-1.jsonl",
            vec![
                with(shared.clone(), json!({"isSidechain": true})),
                with(user(3, json!("look")), json!({"isSidechain": true})),
            ],
        ),
    ]);
    let shown: Vec<_> =
        found.parts.iter().map(|p| (&*p.conversation, &*p.message, p.origin)).collect();
    assert_eq!(shown, [("s1", "u1", "user"), ("s0", "u2", "user"), ("s1", "u3", "assistant")]);
    assert_eq!(found.exclusions(), BTreeMap::from([("repeated", 3)]));
    // Alone, the fork has everything.
    let found = files(&[("a/s0.jsonl", vec![fork(shared, 1)])]);
    assert_eq!(found.parts.len(), 1);
}

#[test]
fn a_record_with_the_same_id_and_other_content_is_another_state_of_it() {
    let found = records(vec![user(1, json!("a")), user(1, json!("ab")), user(1, json!("a"))]);
    assert_eq!(found.parts.len(), 2);
    assert_eq!(found.parts[0].message, "u1");
    assert!(found.parts[1].message.starts_with("u1."));
    // Ids that are not unique, in two sessions.
    let other =
        with(user(1, json!("a")), json!({"sessionId": "s2", "timestamp": "2026-02-01T00:00:00Z"}));
    let found = files(&[("a.jsonl", vec![user(1, json!("a"))]), ("b.jsonl", vec![other])]);
    assert_eq!(found.messages.len(), 2);
}

#[test]
fn ids_of_events_stay_apart_whatever_sessions_are_called() {
    let at = |session: &str, uuid: &str| {
        with(user(1, json!(session)), json!({"sessionId": session, "uuid": uuid}))
    };
    let found = records(vec![at("a", "b/c"), at("a/b", "c"), at("a%2Fb", "c")]);
    assert_eq!(found.messages.len(), 3);
}

#[test]
fn records_without_ids_have_those_of_their_content_and_place() {
    let bare = json!({"type": "user", "message": {"role": "user", "content": "yes"}});
    let found = files(&[("s7.jsonl", vec![bare.clone(), bare.clone()])]);
    assert_eq!(found.conversations.keys().collect::<Vec<_>>(), ["s7"]);
    assert_eq!(found.parts.len(), 2);
    assert_ne!(found.parts[0].message, found.parts[1].message);
    assert_eq!(found.parts[0].time, 0);
    // The same file in two folders is one session.
    let twice = files(&[("a/s7.jsonl", vec![bare.clone()]), ("b/s7.jsonl", vec![bare])]);
    assert_eq!(twice.exclusions(), BTreeMap::from([("repeated", 1)]));
}

#[test]
fn a_message_without_a_time_has_that_of_the_record_before() {
    let untimed = |number, text: &str| with(user(number, json!(text)), json!({"timestamp": null}));
    let found = records(vec![
        untimed(1, "a"),
        user(5, json!("b")),
        untimed(2, "c"),
        with(user(3, json!("d")), json!({"timestamp": "yesterday"})),
    ]);
    let five = millis("2026-01-01T00:00:05Z");
    assert!(found.parts.iter().all(|part| part.time == five));
    assert_eq!(found.tallies[0].notes["time-assumed"], 3);
    // A file without any time takes the earliest of the export.
    let found = files(&[
        ("a.jsonl", vec![with(untimed(1, "a"), json!({"sessionId": "s2"}))]),
        ("b.jsonl", vec![user(5, json!("b"))]),
    ]);
    assert!(found.parts.iter().all(|part| part.time == five));
}

#[test]
fn what_was_handed_over_from_the_queue_is_imported_if_nothing_else_has_it() {
    let queue = |second: u64, operation: &str, text: Option<&str>| {
        let time = format!("2026-01-01T00:00:{second:02}Z");
        json!({"type": "queue-operation", "operation": operation, "sessionId": "s1",
            "timestamp": time, "content": text})
    };
    let found = records(vec![
        queue(1, "enqueue", Some("handed over")),
        queue(2, "enqueue", Some("also a message")),
        queue(3, "remove", None),
        queue(4, "remove", None),
        queue(5, "enqueue", Some("its own turn")),
        queue(6, "dequeue", None),
        queue(7, "enqueue", Some("taken back")),
        queue(8, "popAll", Some("taken back")),
        queue(9, "enqueue", Some("<task-notification>x</task-notification>")),
        queue(10, "remove", None),
        queue(11, "enqueue", Some("still waits")),
        user(12, json!("its own turn")),
        user(13, json!("also a message ")),
    ]);
    assert_eq!(
        found.lines_of_parts(),
        [
            "user text user handed over",
            "system text system <task-notification>x</task-notification>",
            "user text user its own turn",
            "user text user also a message ",
        ]
    );
    assert_eq!(found.exclusions(), BTreeMap::from([("queue-operation", 9)]));
}

#[test]
fn layouts_of_files() {
    let (a, b) = (user(1, json!("a")), assistant(2, json!("b")));
    let pretty = serde_json::to_string_pretty(&a).unwrap();
    let whole = json!({"loglines": [a, b]}).to_string();
    for content in [
        format!("{a}\n{b}\n"),
        format!("\u{feff}{a}\r\n\r\n{b}"),
        format!("{a}{b}"),
        format!("{pretty}\n{b}"),
        whole,
    ] {
        let found = try_files(&[("s1.jsonl", content.as_bytes())]).unwrap();
        assert_eq!(found.lines_of_parts(), ["user text user a", "assistant text assistant b"]);
    }
    let cut: String = b.to_string().chars().take(40).collect();
    let torn = format!("{a}\n{cut}");
    let found = try_files(&[("s1.jsonl", torn.as_bytes())]).unwrap();
    assert_eq!(found.exclusions(), BTreeMap::from([("malformed-line", 1)]));
    let broken = format!("{a}\n{cut}\n{b}\n");
    let error = try_files(&[("s1.jsonl", broken.as_bytes())]).unwrap_err();
    assert!(error.to_string().starts_with("s1.jsonl:2: expected a JSON object"), "{error}");
}

#[test]
fn which_files_are_read() {
    let a = lines(&[user(1, json!("a"))]);
    let found = try_files(&[("x/notes.md", b"# x"), ("x/s1.jsonl", a.as_bytes())]).unwrap();
    assert_eq!(found.tallies[1].file, "x/notes.md");
    assert_eq!(found.tallies[1].notes, BTreeMap::from([("not-a-session-file".to_owned(), 1)]));
    assert_eq!(try_files(&[("session.txt", a.as_bytes())]).unwrap().parts.len(), 1);
    let error = try_files(&[("a.md", b""), ("b.md", b"")]).unwrap_err();
    assert!(error.to_string().starts_with("found no `.jsonl` file of Claude Code"));
    let empty = try_files(&[("s.jsonl", b"")]).unwrap();
    assert_eq!((empty.lines.len(), empty.tallies.len()), (2, 1));
}

#[test]
fn strings_that_no_utf_8_holds_and_nesting_without_end() {
    let lone = r#"{"type":"user","sessionId":"s1","uuid":"u1","message":{"content":"a\ud83d b"}}"#;
    let found = try_files(&[("s1.jsonl", lone.as_bytes())]).unwrap();
    assert_eq!(found.parts[0].text.as_deref(), Some("a\u{fffd} b"));
    let depth = 200_000;
    let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let call = format!(
        r#"{{"type":"assistant","message":{{"content":[{{"type":"tool_use","id":"t","name":"x","input":{deep}}}]}},"odd":{deep}}}"#
    );
    let found = try_files(&[("s1.jsonl", call.as_bytes())]).unwrap();
    assert_eq!(found.parts[0].text.as_ref().map(String::len), Some(2 * depth));
}
