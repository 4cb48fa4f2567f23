//! Reading lines.

use consentry_model::event::{Body, Choice, Event, LineError, Parsed, Parser, Part};
use consentry_model::{
    HoldSubject, Instant, Kind, Origin, Plan, Programme, Rating, RequestKind, Role, Surface, Via,
};
use proptest::prelude::*;
use std::borrow::Cow;

fn parse(line: &str) -> Result<Parsed<'static>, LineError> {
    let bytes: &'static mut [u8] = line.as_bytes().to_vec().leak();
    Parser::new().parse(bytes)
}

fn line(type_: &str, subject: &str, data: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","source":"s","id":"1","time":"2026-01-01T00:00:00Z","type":"consentry.{type_}","subject":"{subject}","data":{data}}}"#
    )
}

#[test]
fn every_error_of_a_line_is_told_by_field() {
    let cases = [
        ("{", "not JSON"),
        ("{} {}", "not JSON"),
        ("[]", "`the event`: expected an object, found an array"),
        (r#"{"specversion":"1.0","source":"s"}"#, "`id` is missing"),
        (r#"{"specversion":1,"source":"s"}"#, "`specversion`: expected a string, found a number"),
        (&line("account.opened", "account/a", "{}"), "`data.plan` is missing"),
        (
            &line("account.opened", "account/a", r#"{"plan":7}"#),
            "expected a string, found a number",
        ),
        (
            &line("account.opened", "account/a", r#"{"plan":"gold"}"#),
            "`data.plan`: expected one of free, pro, max, team, enterprise, work, gov, education, api, found `gold`",
        ),
        (
            &line("account.opened", "account/a", r#"{"plan":"pro","adult":"yes"}"#),
            "`data.adult`: expected true or false, found a string",
        ),
        (&line("account.opened", "person/a", r#"{"plan":"pro"}"#), "expected `account/ID`"),
        (&line("account.opened", "account/", r#"{"plan":"pro"}"#), "expected `account/ID`"),
        (&line("account.renamed", "account/a", "{}"), "`type`: expected one of"),
        (&line("account.closed", "account/a", "[]"), "`data`: expected an object, found an array"),
        (
            &line("hold.placed", "notice/n", r#"{"hold":"h"}"#),
            "expected `account/ID or conversation/ID`",
        ),
        (
            &line("notice.published", "notice/n", r#"{"notice":"n","deadline":"soon"}"#),
            "`data.deadline`: expected a time like",
        ),
        (
            &line(
                "message.added",
                "conversation/c",
                r#"{"message":"m","role":"user","parts":[{"kind":"text","origin":"cloud"}]}"#,
            ),
            "`data.parts[].origin`: expected one of",
        ),
        (
            &line(
                "message.added",
                "conversation/c",
                r#"{"message":"m","role":"user","parts":["hi"]}"#,
            ),
            "`data.parts[]`: expected an object, found a string",
        ),
    ];
    for (bad, expected) in cases {
        let error = parse(bad).expect_err(bad).to_string();
        assert!(error.contains(expected), "{bad}\n  said: {error}\n  expected: {expected}");
    }
}

#[test]
fn a_time_that_is_none_is_refused() {
    let bad = line("account.closed", "account/a", "{}").replace("2026-01-01T", "2026-01-32T");
    assert!(matches!(parse(&bad), Err(LineError::Time { .. })));
}

#[test]
fn redeliveries_are_compared_by_value() {
    let one = r#"{"specversion":"1.0","source":"s","id":"1","time":"2026-01-01T00:00:00.0009Z","type":"consentry.safety.flagged","subject":"conversation/c","data":{"category":"x","score":1,"more":{"a":[1,{"b":null}],"c":"é"}}}"#;
    let same = r#"{"data":{"more":{"c":"\u00e9","a":[1.0,{"b":null}]},"score":1e0,"category":"x"},"time":"2026-01-01T01:00:00+01:00","subject":"conversation/c","type":"consentry.safety.flagged","id":"1","source":"s","specversion":"1.0","traceparent":"00"}"#;
    let (one, same) = (parse(one).unwrap(), parse(same).unwrap());
    assert_eq!((one.key, one.content), (same.key, same.content));
    for (from, to) in [("\"a\":[1,", "\"a\":[2,"), ("null", "false"), ("é", "e"), (".0009", ".001")]
    {
        let other = r#"{"specversion":"1.0","source":"s","id":"1","time":"2026-01-01T00:00:00.0009Z","type":"consentry.safety.flagged","subject":"conversation/c","data":{"category":"x","score":1,"more":{"a":[1,{"b":null}],"c":"é"}}}"#.replace(from, to);
        assert_ne!(parse(&other).unwrap().content, one.content, "{from} to {to}");
    }
}

#[test]
fn absent_data_is_empty_data() {
    let with = line("account.closed", "account/a", "{}");
    let without = with.replace(r#","data":{}"#, "");
    assert_ne!(with, without);
    assert_eq!(parse(&with).unwrap().content, parse(&without).unwrap().content);
}

#[test]
fn nesting_beyond_the_limit_is_refused_not_crashed_on() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(parse(&deep), Err(LineError::NotJson { .. })));
    let within = format!("{}1{}", "[".repeat(900), "]".repeat(900));
    parse(&line("account.closed", "account/a", &format!(r#"{{"x":{within}}}"#))).unwrap();
}

fn id() -> impl Strategy<Value = Cow<'static, str>> {
    "[a-z0-9/\"\\\\ é\u{1f600}]{1,8}".prop_map(Cow::Owned)
}

fn text() -> impl Strategy<Value = Option<Cow<'static, str>>> {
    proptest::option::of("\\PC{0,12}".prop_map(Cow::Owned))
}

fn part() -> impl Strategy<Value = Part<'static>> {
    let kind = proptest::sample::select(Kind::ALL);
    let origin = proptest::sample::select(Origin::ALL);
    (kind, origin, text(), text(), text(), text(), proptest::option::of(any::<u64>())).prop_map(
        |(kind, origin, text, name, connector, media_type, bytes)| Part {
            kind,
            origin,
            text,
            name,
            connector,
            media_type,
            bytes,
        },
    )
}

fn account_body() -> impl Strategy<Value = Body<'static>> {
    let plan = proptest::sample::select(Plan::ALL);
    let programme = proptest::sample::select(Programme::ALL);
    let via = proptest::sample::select(Via::ALL);
    let kind = proptest::sample::select(RequestKind::ALL);
    let choice = (id(), any::<bool>(), via, text(), text(), proptest::option::of(any::<bool>()))
        .prop_map(|(purpose, granted, via, notice, terms, preset)| Choice {
            purpose,
            granted,
            via,
            notice,
            terms,
            preset,
        });
    prop_oneof![
        (id(), plan.clone(), text(), any::<bool>()).prop_map(|(account, plan, region, adult)| {
            Body::AccountOpened { account, plan, region, adult }
        }),
        (id(), plan).prop_map(|(account, plan)| Body::PlanChanged { account, plan }),
        id().prop_map(|account| Body::AccountClosed { account }),
        (id(), id(), proptest::option::of(0i64..4_000_000_000_000)).prop_map(
            |(subject, notice, deadline)| Body::NoticePublished {
                subject,
                notice,
                deadline: deadline.map(Instant::from_millis)
            }
        ),
        (id(), id()).prop_map(|(account, notice)| Body::NoticeDeferred { account, notice }),
        (id(), id()).prop_map(|(account, notice)| Body::NoticeAccepted { account, notice }),
        (id(), choice).prop_map(|(account, choice)| Body::ChoiceRecorded { account, choice }),
        (id(), kind).prop_map(|(account, kind)| Body::RequestReceived { account, kind }),
        (id(), programme.clone())
            .prop_map(|(account, programme)| Body::ProgrammeJoined { account, programme }),
        (id(), programme)
            .prop_map(|(account, programme)| Body::ProgrammeLeft { account, programme }),
    ]
}

fn conversation_body() -> impl Strategy<Value = Body<'static>> {
    let surface = proptest::sample::select(Surface::ALL);
    let role = proptest::sample::select(Role::ALL);
    let rating = proptest::sample::select(Rating::ALL);
    let on = proptest::sample::select(HoldSubject::ALL);
    let hold = (on, id(), id(), text()).boxed();
    prop_oneof![
        (id(), id(), surface, any::<bool>(), text()).prop_map(
            |(conversation, account, surface, incognito, app)| Body::ConversationStarted {
                conversation,
                account,
                surface,
                incognito,
                app
            }
        ),
        (id(), id(), role, proptest::collection::vec(part(), 0..4)).prop_map(
            |(conversation, message, role, parts)| Body::MessageAdded {
                conversation,
                message,
                role,
                parts
            }
        ),
        (id(), id(), rating, text()).prop_map(|(conversation, message, rating, comment)| {
            Body::FeedbackGiven { conversation, message, rating, comment }
        }),
        (id(), text(), id(), proptest::option::of(-1e3f64..1e3)).prop_map(
            |(conversation, message, category, score)| Body::SafetyFlagged {
                conversation,
                message,
                category,
                score
            }
        ),
        id().prop_map(|conversation| Body::ConversationDeleted { conversation }),
        hold.clone().prop_map(|(on, subject, hold, reason)| Body::HoldPlaced {
            on,
            subject,
            hold,
            reason
        }),
        hold.prop_map(|(on, subject, hold, reason)| Body::HoldReleased {
            on,
            subject,
            hold,
            reason
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        body in prop_oneof![account_body(), conversation_body()],
        source in id(),
        id in id(),
        millis in -62_000_000_000_000i64..253_000_000_000_000,
    ) {
        let event = Event { source, id, time: Instant::from_millis(millis), body };
        let line = event.to_json_line();
        prop_assert_eq!(line.matches('\n').count(), 1);
        let mut bytes = line.into_bytes();
        let mut parser = Parser::new();
        prop_assert_eq!(&parser.parse(&mut bytes).unwrap().event, &event);
    }

    #[test]
    fn any_bytes_are_read_or_refused(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let json = serde_json::from_slice::<serde_json::Value>(&bytes).is_ok();
        let read = Parser::new().parse(&mut bytes);
        if !json {
            let refused = matches!(read, Err(LineError::NotJson { .. }));
            prop_assert!(refused);
        }
    }
}
