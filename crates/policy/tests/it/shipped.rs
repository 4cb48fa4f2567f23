//! The sets that come with Consentry: embedded whole, without a warning, and held by their cases.

use consentry_model::facts::{Attribute, Facts, Resource, Value};
use consentry_policy::{CedarEngine, Effect, Engine, PolicySet, Request, Sources, check};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");

fn read(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else {
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_folder_is_embedded_whole() {
    let folders: BTreeSet<String> = std::fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(Sources::shipped_ids().map(str::to_owned).collect::<BTreeSet<_>>(), folders);
    for id in folders {
        let mut files = Vec::new();
        read(&Path::new(FOLDER).join(&id), "", &mut files);
        assert_eq!(Sources::shipped(&id).unwrap(), Sources::new(files), "{id}");
        assert_eq!(PolicySet::shipped(&id).unwrap().id(), id);
    }
}

#[test]
fn every_case_holds_and_nothing_is_worth_a_warning() {
    for id in Sources::shipped_ids() {
        let report = check(&Sources::shipped(id).unwrap()).unwrap();
        let failures: Vec<_> = report.failures.iter().map(ToString::to_string).collect();
        assert_eq!(failures, [""; 0], "{id}");
        let warnings: Vec<_> = report.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(warnings, [""; 0], "{id}");
        assert!(report.passed());
        assert!(report.cases > 30 && report.questions > report.cases, "{id}");
    }
}

#[test]
fn all_ask_the_same_questions() {
    let reference = Sources::shipped("claude-consumer").unwrap();
    for id in Sources::shipped_ids() {
        let other = Sources::shipped(id).unwrap();
        assert_eq!(other.get("schema.cedarschema"), reference.get("schema.cedarschema"), "{id}");
    }
}

#[test]
fn what_permits_cites_a_document_and_asks_for_deidentified_content() {
    for id in Sources::shipped_ids() {
        let set = PolicySet::shipped(id).unwrap();
        for policy in set.policies() {
            assert!(policy.unknown.is_some() || set.cited_by(&policy.id).next().is_some(), "{id}");
            let uses = policy.file.as_ref() == "use.cedar" && policy.effect == Effect::Permit;
            assert_eq!(policy.obligations.len(), if uses { 2 } else { 0 }, "{id}: {}", policy.id);
        }
    }
}

#[test]
fn loading_its_files_again_gives_the_same_set() {
    let set = PolicySet::shipped("claude-consumer").unwrap();
    let again = PolicySet::load(set.files()).unwrap();
    assert_eq!(again.hash(), set.hash());
    assert_eq!(again.policies(), set.policies());
}

/// Plans that a set must not tell apart, so that a misspelled or missing one shows.
#[test]
fn consumer_plans_are_alike_and_so_are_those_of_organisations() {
    let at = |text: &str| Some(Value::Time(consentry_model::Instant::parse(text).unwrap()));
    for id in Sources::shipped_ids() {
        let engine = CedarEngine::new(Arc::new(PolicySet::shipped(id).unwrap()));
        for (action, resource) in
            [("train", Resource::Part), ("analyze", Resource::Part), ("retain", Resource::Part)]
        {
            for choice in ["on", "off", "unset"] {
                let decide = |plan| {
                    let mut row = Facts::new(resource);
                    for (attribute, text) in [
                        (Attribute::Plan, plan),
                        (Attribute::Choice, choice),
                        (Attribute::Surface, "chat"),
                        (Attribute::Role, "user"),
                        (Attribute::Kind, "text"),
                        (Attribute::Origin, "user"),
                    ] {
                        row.set(attribute, Some(Value::Text(text)));
                    }
                    for held in [Attribute::AccountHeld, Attribute::ConversationHeld] {
                        row.set(held, Some(Value::Bool(false)));
                    }
                    row.set(Attribute::Incognito, Some(Value::Bool(false)));
                    row.set(Attribute::Adult, Some(Value::Bool(true)));
                    for time in [Attribute::StartedAt, Attribute::At, Attribute::LastActivity] {
                        row.set(time, at("2026-06-10T00:00:00Z"));
                    }
                    if choice != "unset" {
                        row.set(Attribute::ChoiceSince, at("2026-06-01T00:00:00Z"));
                    }
                    let now = consentry_model::Instant::parse("2026-06-11T00:00:00Z").unwrap();
                    let request = Request { action, purpose: "model-improvement", now };
                    engine.decide_all(&request, &[row]).unwrap().remove(0)
                };
                for plan in ["free", "max"] {
                    assert_eq!(decide(plan), decide("pro"), "{id}: {action}, {choice}, {plan}");
                }
                for plan in ["enterprise", "work", "gov", "education"] {
                    assert_eq!(decide(plan), decide("team"), "{id}: {action}, {choice}, {plan}");
                }
            }
        }
    }
}

/// Edits that shift a limit or turn a condition by the least amount.
const LIMITS: &[(&str, &str)] = &[
    (" < ", " <= "),
    (" >= ", " > "),
    (" && ", " || "),
    (" || ", " && "),
    (" == ", " != "),
    (" != ", " == "),
    ("d\"))", "d1ms\"))"),
    ("h\"))", "h1ms\"))"),
    ("Action::\"train\", ", ""),
    (", Action::\"analyze\"", ""),
    (", Action::\"recall\"", ""),
];

/// Further edits for the set that everything else is held to.
const WORDS: &[(&str, &str)] = &[
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
];

/// One edit of one file of a set.
struct Edit {
    id: &'static str,
    file: String,
    text: String,
    line: String,
}

/// Every edit of the policies of these sets. What several sets say in the same words is edited in
/// the first of them.
fn edits(ids: impl Iterator<Item = &'static str>, changes: &[(&str, &str)]) -> Vec<Edit> {
    let mut seen = BTreeSet::new();
    let mut edits = Vec::new();
    for id in ids {
        let shipped = Sources::shipped(id).unwrap();
        for (file, text) in shipped.iter().filter(|(name, _)| name.ends_with(".cedar")) {
            let statements: Vec<&str> = text.split_inclusive(";\n").collect();
            for (nth, statement) in statements.iter().enumerate() {
                let is_rule = |line: &&str| !line.starts_with(['@', '/']) && !line.is_empty();
                let rule: Vec<&str> = statement.lines().filter(is_rule).collect();
                if !seen.insert(rule.join("\n")) {
                    continue;
                }
                for (line, (from, to)) in
                    rule.iter().flat_map(|line| changes.iter().map(move |change| (line, change)))
                {
                    for (at, _) in line.match_indices(from) {
                        let (before, rest) = line.split_at(at);
                        let changed = format!("{before}{to}{}", rest.strip_prefix(from).unwrap());
                        let mut text: Vec<String> =
                            statements.iter().map(ToString::to_string).collect();
                        text[nth] = statement.replacen(line, &changed, 1);
                        let text = text.concat();
                        edits.push(Edit { id, file: file.to_owned(), text, line: changed });
                    }
                }
            }
        }
    }
    edits
}

/// The edits that no case of their set notices.
fn unnoticed(edits: &[Edit]) -> Vec<String> {
    let unnoticed = |edit: &&Edit| {
        let shipped = Sources::shipped(edit.id).unwrap();
        let files = shipped
            .iter()
            .map(|(name, text)| (name, if name == edit.file { &edit.text } else { text }));
        check(&Sources::new(files)).is_ok_and(|report| report.passed())
    };
    let told = |edit: &Edit| format!("{}: {}: {}", edit.id, edit.file, edit.line);
    edits.iter().filter(unnoticed).map(told).collect()
}

#[test]
fn no_edit_of_a_limit_goes_unnoticed() {
    let edits = edits(Sources::shipped_ids(), LIMITS);
    assert!(edits.len() > 400, "{}", edits.len());
    let found: Vec<String> = std::thread::scope(|scope| {
        let halves: Vec<_> = edits
            .chunks(edits.len().div_ceil(2))
            .map(|half| scope.spawn(move || unnoticed(half)))
            .collect();
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    assert_eq!(found, [""; 0]);
}

#[test]
fn no_edit_of_the_reference_goes_unnoticed() {
    let edits = edits(std::iter::once("claude-consumer"), WORDS);
    assert_eq!(unnoticed(&edits), [""; 0]);
}
