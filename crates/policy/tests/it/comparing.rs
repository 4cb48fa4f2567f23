//! Comparing sets: what is found is so, and what is not found is not there.

use consentry_model::facts::Resource;
use consentry_policy::{
    Against, CedarEngine, ColumnarEngine, Comparing, Confirming, Differences, Engine, Kind,
    PolicySet, Request, Sources, compare,
};
use std::sync::Arc;

fn differences(
    first: &Arc<PolicySet>,
    second: &Arc<PolicySet>,
    comparing: &Comparing,
) -> Differences {
    let one = CedarEngine::new(Arc::clone(first));
    let other = CedarEngine::new(Arc::clone(second));
    let columns = [first, second].map(|set| ColumnarEngine::new(Arc::clone(set)));
    let confirming = [
        Confirming { name: "cedar", first: &one, second: &other },
        Confirming { name: "columnar", first: &columns[0], second: &columns[1] },
    ];
    compare(first, second, comparing, &confirming).unwrap()
}

fn shipped() -> Arc<PolicySet> {
    Arc::new(PolicySet::shipped("claude-consumer").unwrap())
}

/// The shipped set with one text in one of its files replaced, once.
fn edited(from: &str, to: &str) -> Arc<PolicySet> {
    let sources = Sources::shipped("claude-consumer").unwrap();
    let mut done = false;
    let files: Vec<_> = sources
        .iter()
        .map(|(name, text)| {
            let text = if done || !name.ends_with(".cedar") || !text.contains(from) {
                text.to_owned()
            } else {
                done = true;
                text.replacen(from, to, 1)
            };
            (name.to_owned(), text)
        })
        .collect();
    assert!(done, "{from}");
    Arc::new(PolicySet::load(&Sources::new(files)).unwrap())
}

#[test]
fn a_set_agrees_with_itself() {
    let found =
        differences(&shipped(), &shipped(), &Comparing { reasons: true, ..Comparing::default() });
    assert!(found.are_equivalent(), "{found:?}");
    assert!(found.questions > 10);
    assert_eq!(found.questions, found.equal);
}

/// What a group is about, in a line.
fn line(group: &consentry_policy::Group) -> String {
    let against = match &group.against {
        Against::Nothing => "nothing".to_owned(),
        Against::Policies(ids) => ids.join(", "),
    };
    let resource = group.resource.as_str();
    format!(
        "{} {resource} {:?} [{}] [{against}]",
        group.action,
        group.kind,
        group.policies.join(", ")
    )
}

#[test]
fn an_edit_is_found_at_its_limit() {
    let edited = edited("duration(\"730d\")", "duration(\"731d\")");
    let found = differences(&shipped(), &edited, &Comparing::default());
    assert_eq!(found.incomplete, [""; 0]);
    let lines: Vec<_> = found.groups.iter().map(line).collect();
    assert_eq!(lines, ["retain Part SecondPermits [keep-flagged] [nothing]"]);
    let group = &found.groups[0];
    assert_eq!(group.purposes, None);
    let row = group.witness.row();
    let flagged = row.time(consentry_model::facts::Attribute::FlaggedAt).unwrap();
    let after = group.witness.now.millis() - flagged.millis();
    assert!((730 * 86_400_000..731 * 86_400_000).contains(&after));
    let dates = group.dates.as_ref().unwrap();
    assert_ne!(dates.first.until, dates.second.until);
}

#[test]
fn reasons_are_compared_where_they_are_asked_for() {
    // Whoever is under a hold is denied anyway where the content is a connector's.
    let edited = edited(
        "when { resource.origin == \"connector\" };",
        "when { resource.origin == \"connector\" && !resource.account_held };",
    );
    let plain = differences(&shipped(), &edited, &Comparing::default());
    assert!(plain.are_equivalent(), "{plain:?}");
    let reasons = Comparing { reasons: true, ..Comparing::default() };
    let found = differences(&shipped(), &edited, &reasons);
    assert!(!found.groups.is_empty());
    for group in &found.groups {
        assert_eq!(
            (group.kind, group.policies.join(",")),
            (Kind::FirstReason, "raw-connector-content".to_owned())
        );
        let held = consentry_model::facts::Attribute::AccountHeld;
        assert_eq!(group.witness.row().get(held), Some(consentry_model::facts::Value::Bool(true)));
    }
}

#[test]
fn an_unknown_action_is_refused_and_one_of_a_single_set_told() {
    let set = shipped();
    let engine = CedarEngine::new(Arc::clone(&set));
    let confirming = [Confirming { name: "cedar", first: &engine, second: &engine }];
    let comparing = Comparing { action: Some("lend".into()), ..Comparing::default() };
    let error = compare(&set, &set, &comparing, &confirming).unwrap_err().to_string();
    assert!(error.contains("`lend`") && error.contains("`train`"), "{error}");
}

/// Every edit of the shipped set that loads and changes a rule.
#[test]
fn every_edit_is_found_and_confirmed() {
    let shipped = shipped();
    let (mut tried, mut unfound) = (0, Vec::new());
    for (name, text) in Sources::shipped("claude-consumer").unwrap().iter() {
        if !name.ends_with(".cedar") {
            continue;
        }
        for edited in edits(text) {
            let files = shipped.files().iter();
            let files = files
                .map(|(other, text)| (other, if other == name { edited.as_str() } else { text }));
            let Ok(set) = PolicySet::load(&Sources::new(files)) else { continue };
            tried += 1;
            let set = Arc::new(set);
            let mut found = differences(&shipped, &set, &Comparing::default());
            if found.groups.is_empty() {
                let reasons = Comparing { reasons: true, ..Comparing::default() };
                found = differences(&shipped, &set, &reasons);
            }
            assert_eq!(found.incomplete, [""; 0]);
            if found.groups.is_empty() {
                let line = edited.lines().zip(text.lines()).find(|(new, old)| new != old);
                unfound.push(format!("{name}: {line:?}"));
            }
        }
    }
    assert!(tried > 100, "{tried}");
    assert_eq!(unfound, [""; 0]);
}

/// Conditions on parts that a generated policy is made of.
const CONDITIONS: [&str; 28] = [
    "resource.incognito",
    "resource.adult",
    "resource.choice == \"on\"",
    "resource.choice != \"off\"",
    "resource has plan && [\"free\", \"pro\"].contains(resource.plan)",
    "resource has plan && resource.plan like \"*e*\"",
    "resource has region && resource.region like \"e*\"",
    "resource has region && resource.region like \"*u\" && resource.region != \"eu\"",
    "resource has app && resource has region && resource.app == resource.region",
    "resource has app && resource has region && resource.app like \"e*\" && resource.app != resource.region",
    "resource has app && resource.app == context.purpose",
    "resource has region && resource has plan && resource.region == resource.plan",
    "resource has app && [resource.role, context.purpose].contains(resource.app)",
    "resource has app && resource.app like \"e*u\"",
    "context.purpose like \"s*\"",
    "resource has deleted_at",
    "resource has deleted_at && context.now < resource.deleted_at.offset(duration(\"30d\"))",
    "resource has flagged_at && context.now >= resource.flagged_at.offset(duration(\"1d\"))",
    "resource.last_activity >= resource.at.offset(duration(\"1h\"))",
    "resource has choice_since && resource.last_activity >= resource.choice_since",
    "resource has choice_since && resource.at > resource.choice_since",
    "context.now.durationSince(resource.last_activity).toDays() >= 30",
    "context.now.durationSince(resource.at).toDays() * 24 - 12 < 700",
    "resource.at < datetime(\"2026-01-01\")",
    "resource.started_at.toDate() >= datetime(\"2025-12-31\")",
    "context.purpose == \"safeguards\"",
    "(if resource.incognito then resource.role else resource.kind) == \"tool\"",
    "[\"user\", resource.role].containsAll([\"tool\"])",
];

fn generated(dice: &mut impl FnMut(usize) -> usize) -> String {
    let mut text = String::new();
    for number in 0..2 + dice(4) {
        let effect = if number == 0 || dice(2) == 0 { "permit" } else { "forbid" };
        let mut condition = format!("({})", CONDITIONS[dice(CONDITIONS.len())]);
        for _ in 0..dice(3) {
            let not = ["", "!"][dice(2)];
            let joined = ["&&", "||"][dice(2)];
            condition =
                format!("({condition} {joined} {not}({}))", CONDITIONS[dice(CONDITIONS.len())]);
        }
        text.push_str(&format!(
            "@id(\"p{number}\") @title(\"made up\") @cites(\"made-up\")\n{effect} (principal, action == \
             Action::\"train\", resource is Part) when {{ {condition} }};\n"
        ));
    }
    text
}

fn set_of(policies: &str) -> Option<Arc<PolicySet>> {
    let shipped = Sources::shipped("claude-consumer").unwrap();
    let provisions = "[[provision]]\nid = \"made-up\"\ndocument = \"none\"\nwhere = \"nowhere\"\n\
                      date = \"unknown\"\nparaphrase = \"none\"\n";
    PolicySet::load(&Sources::new([
        ("set.toml", "id = \"made-up\"\ntitle = \"made up\"\n"),
        ("schema.cedarschema", shipped.get("schema.cedarschema").unwrap()),
        ("provisions.toml", provisions),
        ("all.cedar", policies),
    ]))
    .ok()
    .map(Arc::new)
}

/// Texts of which neither stands in the policy.
#[test]
fn texts_are_compared_with_each_other_and_the_purpose() {
    let nothing = set_of(&permit("resource.adult && !resource.adult")).unwrap();
    for condition in [
        "resource has app && resource.app == context.purpose",
        "resource has app && resource.app != context.purpose",
        "resource has app && resource.app == context.purpose && resource.app == \"chat\"",
        "resource has app && resource.app like \"x*\" && resource.app == context.purpose",
        "resource has region && resource has plan && resource.region == resource.plan",
        "resource has app && [resource.kind].contains(resource.app)",
        "resource has app && resource has region && resource.app like \"x*\" && \
         resource.region like \"x*\" && resource.app != resource.region",
        "resource has app && resource has region && resource.app != \"x\" && \
         resource.region != \"x\" && resource.app like \"x*\" && resource.region like \"x*\" && \
         resource.app != resource.region",
        "resource has app && resource.app like \"x*\" && resource.app != \"x\"",
    ] {
        let set = set_of(&permit(condition)).unwrap();
        let found = differences(&set, &nothing, &Comparing::default());
        assert_eq!(found.groups.len(), 1, "{condition}: {:?}", found.incomplete);
        let suspicions = consentry_policy::suspicions(&set);
        assert!(suspicions.is_empty(), "{condition}: {suspicions:?}");
    }
    // And nothing is found that is not there.
    for condition in [
        "resource.role == resource.kind",
        "resource has app && resource.app == context.purpose && resource.app like \"x*\" && \
         context.purpose like \"y*\"",
    ] {
        let set = set_of(&permit(condition)).unwrap();
        assert!(differences(&set, &nothing, &Comparing::default()).are_equivalent(), "{condition}");
    }
}

/// Sixteen patterns tell up to 65,536 kinds of texts apart.
#[test]
fn many_patterns_are_not_all_tried_and_that_is_said() {
    let likes: Vec<_> =
        ('a'..='p').map(|letter| format!("resource.app like \"*{letter}*\"")).collect();
    let set = set_of(&permit(&format!("resource has app && ({})", likes.join(" || ")))).unwrap();
    let nothing = set_of(&permit("resource.adult && !resource.adult")).unwrap();
    let found = differences(&set, &nothing, &Comparing::default());
    assert_eq!(found.groups.len(), 1);
    assert!(!found.incomplete.is_empty() && !found.are_equivalent());
    // Where not all texts were tried, nothing is taken for impossible.
    let suspicions = consentry_policy::suspicions(&set);
    assert!(suspicions.iter().all(|problem| problem.kind() == "policy::may-err"), "{suspicions:?}");
}

fn permit(condition: &str) -> String {
    format!(
        "@id(\"p\") @title(\"t\") @cites(\"made-up\") permit (principal, action == Action::\"train\", \
         resource is Part) when {{ {condition} }};"
    )
}

/// Sets that were made up: where the search finds nothing, rows drawn at random find nothing either;
/// what it finds is confirmed while it is found.
#[test]
fn what_is_not_found_is_not_there() {
    let mut state = 7_u64;
    let mut dice = move |sides: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % sides
    };
    let comparing = Comparing { action: Some("train".into()), ..Comparing::default() };
    let (mut equal, mut differ) = (0, 0);
    while equal < 12 || differ < 40 {
        let text = generated(&mut dice);
        // Half of the time another set, half of the time nearly the same one.
        let other = if dice(2) == 0 {
            generated(&mut dice)
        } else {
            let (from, to) = [
                ("30d", "31d"),
                (" >= ", " > "),
                ("!(", "("),
                ("permit", "forbid"),
                (" < ", " <= "),
                ("&& !", "&& "),
                ("|| ", "|| "),
                ("eu", "us"),
                ("\"free\", ", ""),
                ("e*", "*e*"),
            ][dice(10)];
            text.replacen(from, to, 1)
        };
        let (Some(first), Some(second)) = (set_of(&text), set_of(&other)) else { continue };
        let found = differences(&first, &second, &comparing);
        assert_eq!(found.incomplete, [""; 0]);
        if !found.groups.is_empty() {
            differ += 1;
            continue;
        }
        equal += 1;
        let rows = crate::rows::parts_of_histories(&mut dice, 1_500);
        let (one, two) = (CedarEngine::new(first), CedarEngine::new(second));
        for (row, now) in &rows {
            for purpose in ["safeguards", "model-improvement"] {
                let request = Request { action: "train", purpose, now: *now };
                let row = std::slice::from_ref(row);
                let one = one.decide_all(&request, row).unwrap();
                let two = two.decide_all(&request, row).unwrap();
                assert_eq!(one[0].permit, two[0].permit, "{text}\n{other}\n{row:?} {now}");
            }
        }
    }
}

#[test]
fn what_is_beyond_exact_comparison_is_tried_and_said() {
    let at_night = |hours: &str| {
        set_of(&format!(
            "@id(\"night\") @title(\"t\") @cites(\"made-up\") permit (principal, action == \
             Action::\"train\", resource is Part) when {{ resource.at.toTime() < duration(\"{hours}h\") }};"
        ))
        .unwrap()
    };
    let same = differences(&at_night("8"), &at_night("8"), &Comparing::default());
    assert!(same.are_equivalent(), "one input stands for the same comparison in both sets");
    let found = differences(&at_night("8"), &at_night("10"), &Comparing::default());
    // Later than eight and earlier than ten is found; the opposite cannot be shown to be impossible.
    assert_eq!((found.groups.len(), found.incomplete.len()), (1, 1));
    assert!(!found.are_equivalent());
    for group in &found.groups {
        assert_eq!(group.resource, Resource::Part);
        assert!(group.answers.second.permit && !group.answers.first.permit);
    }
}

/// Sets that ship are not looked at again when they are loaded.
#[test]
fn nothing_is_suspicious_in_the_sets_that_ship() {
    for id in Sources::shipped_ids() {
        let found = consentry_policy::suspicions(&Arc::new(PolicySet::shipped(id).unwrap()));
        assert!(found.is_empty(), "{id}: {found:?}");
    }
}

#[test]
fn suspicious_policies_are_told_with_their_place() {
    let policy = |id: &str, effect: &str, condition: &str| {
        format!(
            "@id(\"{id}\")\n@title(\"t\")\n@cites(\"made-up\")\n{effect} (principal, action == \
             Action::\"train\", resource is Part) when {{ {condition} }};\n"
        )
    };
    let set = set_of(
        &[
            policy("wide", "permit", "resource.adult"),
            policy("narrow", "permit", "resource.adult && resource.incognito"),
            policy("never", "permit", "resource.last_activity < resource.at"),
            policy(
                "erring",
                "forbid",
                "context.now < resource.at.offset(duration(\"9223372036854775807ms\"))",
            ),
            policy("twin", "permit", "resource.adult"),
        ]
        .concat(),
    )
    .unwrap();
    let found: Vec<_> = consentry_policy::suspicions(&set)
        .iter()
        .map(|problem| (problem.kind(), problem.line().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            ("policy::redundant", 5),
            ("policy::never-satisfied", 9),
            ("policy::can-err", 13),
            ("policy::redundant", 17),
        ]
    );
}

/// Every edit that shifts or widens a rule by the least amount.
fn edits(text: &str) -> Vec<String> {
    let mut edits = Vec::new();
    let mut edit = |from: &str, to: &str| {
        for (at, found) in text.match_indices(from) {
            let (before, rest) = text.split_at(at);
            edits.push(format!("{before}{to}{}", rest.strip_prefix(found).unwrap()));
        }
    };
    for (from, to) in [
        (" < ", " <= "),
        (" >= ", " > "),
        (" && ", " || "),
        (" || ", " && "),
        (" == ", " != "),
        ("duration(\"30d\")", "duration(\"31d\")"),
        ("duration(\"30d\")", "duration(\"29d23h59m59s999ms\")"),
        ("duration(\"730d\")", "duration(\"731d\")"),
        ("duration(\"1826d\")", "duration(\"1825d\")"),
        ("\"safeguards\"]", "\"other\"]"),
        ("\"model-improvement\",", "\"other\","),
        ("\"free\",", ""),
        ("\"pro\",", ""),
        (", \"max\"]", "]"),
        ("\"team\",", ""),
        ("\"enterprise\",", ""),
        ("\"work\",", ""),
        ("\"gov\",", ""),
        ("\"education\",", ""),
        (", \"api\"]", "]"),
        ("Action::\"train\", ", ""),
        (", Action::\"analyze\"", ""),
        (", Action::\"recall\"", ""),
    ] {
        edit(from, to);
    }
    edits
}
