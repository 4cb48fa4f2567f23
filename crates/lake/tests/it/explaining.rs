//! Explanations: what they say is what `decide` says, and each change that they name turns it.

use crate::setting::{Asked, answers, engine, files, options};
use consentry_lake::explain::{Explanation, Group, Subject, explain};
use consentry_lake::history::scan;
use consentry_lake::progress::Silent;
use consentry_model::{Instant, Store};
use consentry_policy::Request;
use consentry_testkit::generate::{SmallHistory, moments, small};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

fn explained(texts: &[(String, String)], subject: Subject, now: Instant) -> Option<Explanation> {
    let files = files(texts);
    let mut history = scan(&files.sources, &options(false, 1 << 20), &mut Silent).unwrap();
    let request = Request { action: "train", purpose: "model-improvement", now };
    explain(&mut history, subject, engine(), &request, &mut Silent).ok()
}

fn decided(texts: &[(String, String)], now: Instant) -> Vec<Value> {
    let asked = Asked { action: "train", purpose: "model-improvement", now, until: false };
    answers(&files(texts).sources, &options(false, 1 << 20), asked).unwrap()
}

fn accounts(history: &SmallHistory) -> Vec<String> {
    let subject = |event: &Value| event["subject"].as_str().unwrap().to_owned();
    let of = history.events.iter().filter(|event| event["type"] == "consentry.account.opened");
    of.map(|event| subject(event).trim_start_matches("account/").to_owned()).collect()
}

/// The account of each conversation, and kind and origin of each part.
struct Index {
    account: BTreeMap<String, String>,
    parts: BTreeMap<(String, String, usize), (String, String)>,
}

fn index(history: &SmallHistory) -> Index {
    let mut index = Index { account: BTreeMap::new(), parts: BTreeMap::new() };
    for event in &history.events {
        let subject = event["subject"].as_str().unwrap();
        let Some(conversation) = subject.strip_prefix("conversation/") else { continue };
        let data = &event["data"];
        if event["type"] == "consentry.conversation.started" {
            let account = data["account"].as_str().unwrap();
            index.account.insert(conversation.to_owned(), account.to_owned());
        }
        if event["type"] == "consentry.message.added" {
            let message = data["message"].as_str().unwrap();
            for (number, part) in data["parts"].as_array().unwrap().iter().enumerate() {
                let key = (conversation.to_owned(), message.to_owned(), number);
                let word = |name: &str| part[name].as_str().unwrap().to_owned();
                index.parts.insert(key, (word("kind"), word("origin")));
            }
        }
    }
    index
}

impl Index {
    /// The rows of `decide` that a group speaks of.
    fn rows<'r>(&self, rows: &'r [Value], account: &str, group: &Group) -> Vec<&'r Value> {
        let reasons: Vec<&str> = group.rules.iter().map(|rule| rule.id.as_ref()).collect();
        let matching = rows.iter().filter(|row| {
            let Some(key) = self.key(row) else { return false };
            let place = self.parts.get(&key);
            self.account.get(&key.0).is_some_and(|owner| owner == account)
                && place.is_some_and(|(kind, origin)| {
                    kind == group.kind.as_str() && origin == group.origin.as_str()
                })
                && row["reasons"] == serde_json::json!(reasons)
                && (row["decision"] == "permit") == group.used
        });
        matching.collect()
    }

    fn key(&self, row: &Value) -> Option<(String, String, usize)> {
        let part = usize::try_from(row["part"].as_u64()?).ok()?;
        Some((row["conversation"].as_str()?.to_owned(), row["message"].as_str()?.to_owned(), part))
    }
}

/// Whether the rows of `decide` look the same for both.
fn same_rows(one: &Group, other: &Group) -> bool {
    let reasons = |group: &Group| -> Vec<String> {
        group.rules.iter().map(|rule| rule.id.to_string()).collect()
    };
    (one.kind, one.origin, one.used, reasons(one))
        == (other.kind, other.origin, other.used, reasons(other))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_named_change_turns_what_decide_says(
        history in small(),
        now in proptest::sample::select(moments()),
    ) {
        let texts = history.texts();
        let index = index(&history);
        let before = decided(&texts, now);
        for account in accounts(&history) {
            let subject = Subject::Account(account.clone());
            let Some(explanation) = explained(&texts, subject, now) else { continue };
            let stored = explanation.groups.iter().filter(|group| group.store == Store::Conversation);
            let groups: Vec<&Group> = stored.collect();
            for group in &groups {
                // Groups that differ only in the plan or in retention cannot be told apart by rows.
                let members = index.rows(&before, &account, group);
                let alike = groups.iter().filter(|other| same_rows(other, group));
                prop_assert_eq!(members.len() as u64, alike.clone().map(|one| one.parts).sum::<u64>());
                let alone = alike.count() == 1;
                prop_assert!(group.since.earliest <= group.since.latest && group.since.latest <= now);
                for change in &group.changes {
                    let mut changed = texts.clone();
                    changed.push(("changes.jsonl".to_owned(), change.events.concat()));
                    let after: BTreeMap<_, _> = decided(&changed, now)
                        .into_iter()
                        .filter_map(|row| Some((index.key(&row)?, row["decision"].clone())))
                        .collect();
                    let turned = members.iter().filter(|member| {
                        let key = index.key(member).unwrap();
                        after[&key] != member["decision"]
                    });
                    let turned = turned.count() as u64;
                    prop_assert!(turned >= group.parts, "{:?}", change.acts);
                    prop_assert!(!alone || turned == group.parts, "{:?}", change.acts);
                }
            }
            let all = before.iter().filter(|row| {
                index.key(row).is_some_and(|key| index.account.get(&key.0) == Some(&account))
            });
            let told: u64 = groups.iter().map(|group| group.parts).sum();
            prop_assert_eq!(told, all.count() as u64, "every part is in exactly one group");
        }
    }

    #[test]
    fn the_answer_holds_where_it_is_said_to_begin(
        history in small(),
        now in proptest::sample::select(moments()),
    ) {
        let texts = history.texts();
        let conversations: Vec<String> = index(&history).account.into_keys().collect();
        for conversation in conversations {
            let subject = Subject::Conversation(conversation.clone());
            let Some(explanation) = explained(&texts, subject, now) else { continue };
            for group in explanation.groups.iter().filter(|one| one.store == Store::Conversation) {
                let answers_at = |at: Instant| -> Vec<bool> {
                    let index = index(&history);
                    decided(&texts, at).iter().filter(|row| {
                        row["conversation"] == conversation.as_str()
                            && index.key(row).and_then(|key| index.parts.get(&key).cloned()).is_some_and(
                                |(kind, origin)| kind == group.kind.as_str() && origin == group.origin.as_str())
                    }).map(|row| row["decision"] == "permit").collect()
                };
                // At its beginning the answer holds for a part of this kind.
                prop_assert!(answers_at(group.since.earliest).contains(&group.used));
            }
        }
    }
}

#[test]
fn the_choice_being_off_is_turned_by_choosing_and_writing_again() {
    let lines = [
        r#"{"specversion":"1.0","source":"s","id":"1","time":"2026-01-01T00:00:00Z","type":"consentry.account.opened","subject":"account/a","data":{"plan":"pro"}}"#,
        r#"{"specversion":"1.0","source":"s","id":"2","time":"2026-01-02T00:00:00Z","type":"consentry.choice.recorded","subject":"account/a","data":{"purpose":"model-improvement","granted":false,"via":"signup"}}"#,
        r#"{"specversion":"1.0","source":"s","id":"3","time":"2026-01-03T00:00:00Z","type":"consentry.conversation.started","subject":"conversation/c","data":{"account":"a","surface":"chat"}}"#,
        r#"{"specversion":"1.0","source":"s","id":"4","time":"2026-01-04T00:00:00Z","type":"consentry.message.added","subject":"conversation/c","data":{"message":"m","role":"user","parts":[{"kind":"text","origin":"user","text":"hello"}]}}"#,
    ];
    let texts = [("h.jsonl".to_owned(), lines.join("\n"))];
    let now = Instant::parse("2026-01-05T00:00:00Z").unwrap();
    let explanation = explained(&texts, Subject::Account("a".to_owned()), now).unwrap();
    let [group] = explanation.groups.as_slice() else { panic!("one kind of part") };
    assert!(!group.used);
    let acts: Vec<_> = group.changes.iter().map(|change| change.acts.join(" ")).collect();
    assert!(
        acts.contains(
            &"Turn the choice for model improvement on. Write again in the conversation."
                .to_owned()
        ),
        "{acts:?}"
    );
    assert_eq!(group.since.earliest.to_string(), "2026-01-04T00:00:00.000Z");
    assert_eq!(group.kept_until, "2026-02-03T00:00:00.000Z");
}
