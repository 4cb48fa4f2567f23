use super::*;
use consentry_model::Instant;
use consentry_model::account::AccountTimeline;
use consentry_model::conversation::ConversationTimeline;
use consentry_model::event::Parser;
use consentry_model::facts::Facts;
use std::collections::BTreeSet;

/// A history in which everything that can happen happened, or as little as possible.
fn rows(lines: &[String]) -> Vec<(Resource, BTreeSet<Attribute>)> {
    let mut account = AccountTimeline::default();
    let mut conversation = ConversationTimeline::new("c");
    let mut parser = Parser::new();
    let mut texts: Vec<_> = lines.iter().map(|line| line.clone().into_bytes()).collect();
    for (order, line) in (0..).zip(&mut texts) {
        let event = parser.parse(line).unwrap().event;
        account.push(event.time, order, &event.body);
        conversation.push(order, event);
    }
    account.sort();
    conversation.sort();
    let now = Instant::parse("2026-02-01T00:00:00Z").unwrap();
    let (holder, facts) = (account.at(now).unwrap(), conversation.at(now).unwrap());
    let deadline = (lines.len() > 4).then_some(now);
    let mut rows =
        vec![Facts::of_account(&holder, deadline), Facts::of_conversation(&holder, &facts)];
    let parts = Facts::of_parts(&account, &conversation, now);
    rows.extend(parts.into_iter().map(|row| row.facts));
    let copies = conversation.feedback_copies(&account, now);
    for copy in &copies {
        let parts = copy.parts.iter();
        rows.extend(parts.map(|(message, part)| Facts::of_copy(copy.feedback, message, part)));
    }
    rows.iter().map(|row| (row.resource, row.iter().map(|(name, _)| name).collect())).collect()
}

fn event(kind: &str, subject: &str, time: &str, data: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"{kind}{time}","source":"s","type":"consentry.{kind}","time":"{time}","subject":"{subject}","data":{data}}}"#
    )
}

#[test]
fn the_table_says_what_rows_of_facts_carry() {
    let day = |n: u32| format!("2026-01-{n:02}T00:00:00Z");
    let part = r#"{"kind":"text","origin":"user","text":"x"}"#;
    let started = r#"{"account":"a","surface":"chat"}"#;
    let sparse = [
        event("conversation.started", "conversation/c", &day(1), started),
        event(
            "message.added",
            "conversation/c",
            &day(2),
            &format!(r#"{{"message":"m","role":"user","parts":[{part}]}}"#),
        ),
        event("account.opened", "account/a", &day(3), r#"{"plan":"pro"}"#),
        event("feedback.given", "conversation/c", &day(4), r#"{"message":"m","rating":"up"}"#),
    ];
    let full_part = r#"{"kind":"text","origin":"user","text":"x","connector":"google-drive"}"#;
    let full_start = r#"{"account":"a","surface":"chat","app":"x"}"#;
    let full = [
        event("account.opened", "account/a", &day(1), r#"{"plan":"pro","region":"EU"}"#),
        event("conversation.started", "conversation/c", &day(2), full_start),
        event(
            "message.added",
            "conversation/c",
            &day(3),
            &format!(r#"{{"message":"m","role":"user","parts":[{full_part}]}}"#),
        ),
        event(
            "choice.recorded",
            "account/a",
            &day(4),
            r#"{"purpose":"model-improvement","granted":true,"via":"api"}"#,
        ),
        event("programme.joined", "account/a", &day(4), r#"{"programme":"trusted-tester"}"#),
        event("programme.joined", "account/a", &day(5), r#"{"programme":"development-partner"}"#),
        event("feedback.given", "conversation/c", &day(6), r#"{"message":"m","rating":"up"}"#),
        event("safety.flagged", "conversation/c", &day(7), r#"{"category":"x"}"#),
        event("conversation.deleted", "conversation/c", &day(8), "{}"),
        event("account.closed", "account/a", &day(9), "{}"),
    ];
    let (sparse, full) = (rows(&sparse), rows(&full));
    for (sparse, full) in [(0, 0), (1, 1), (2, 2), (3, 3)].map(|(a, b)| (&sparse[a], &full[b])) {
        assert_eq!(sparse.0, full.0);
        for attribute in Attribute::ALL {
            let expected = match (sparse.1.contains(attribute), full.1.contains(attribute)) {
                (true, true) => Supply::Always,
                (false, true) => Supply::Sometimes,
                (false, false) => Supply::Never,
                (true, false) => panic!("{attribute:?}"),
            };
            assert_eq!(supply(sparse.0, *attribute), expected, "{:?} {attribute:?}", sparse.0);
        }
    }
}

#[test]
fn lists_are_quoted() {
    assert_eq!(list(&["a", "b"]), "`a`, `b`");
    assert_eq!(list::<&str>(&[]), "");
}
