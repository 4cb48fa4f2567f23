//! Policy sets as files that people edit.

use crate::program::{NOW, Program, example};

fn retained(program: &Program, policy: &str) -> Vec<serde_json::Value> {
    let example = example();
    let rows =
        program.done(&["retain", example.to_str().unwrap(), "--as-of", NOW, "--policy", policy]);
    rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn editing_days_in_the_file_moves_until() {
    let program = Program::new();
    program.done(&["policy", "export", "claude-consumer", "--out", "mine"]);
    let path = program.path("mine/retain.cedar");
    let text = std::fs::read_to_string(&path).unwrap();
    let at = text.find("keep-standard").unwrap();
    let (before, after) = text.split_at(at);
    assert!(after.contains("\"30d\""), "the days stand in the file");
    let end = after.find(';').unwrap();
    let edited = format!("{before}{}{}", after[..end].replace("\"30d\"", "\"45d\""), &after[end..]);
    std::fs::write(&path, edited).unwrap();
    let (shipped, mine) = (retained(&program, "claude-consumer"), retained(&program, "mine"));
    let day = 86_400_000;
    let millis = |row: &serde_json::Value| {
        consentry_model::Instant::parse(row["until"].as_str().unwrap()).unwrap().millis()
    };
    let mut moved = 0;
    for (one, other) in shipped.iter().zip(&mine) {
        if one["reasons"] == serde_json::json!(["keep-standard"]) {
            assert_eq!(millis(other) - millis(one), 15 * day, "{one} {other}");
            moved += 1;
        }
    }
    assert!(moved > 0, "the example has a part that only keep-standard keeps");
}

#[test]
fn the_shipped_set_passes_its_own_cases() {
    let program = Program::new();
    let report = program.done(&["policy", "check", "claude-consumer", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["holds"], true);
    assert_eq!(report["policies"], 23);
    assert!(report["questions"].as_u64().unwrap() > 100);
}

#[test]
fn a_mistake_is_shown_like_a_compiler_would() {
    let program = Program::new();
    for (file, from, to, expected) in [
        ("use.cedar", "resource.choice == \"on\"", "resource.chioce == \"on\"", "chioce"),
        ("use.cedar", "@title(", "@titel(", "titel"),
        ("use.cedar", "@id(\"choice-on\")", "", "@id"),
        ("never.cedar", "@cites(\"", "@cites(\"no-such-provision, ", "no-such-provision"),
        ("use.cedar", "permit (", "permit permit (", "use.cedar"),
    ] {
        let name = format!("set-{from}").replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        program.done(&["policy", "export", "claude-consumer", "--out", &name]);
        let path = program.path(&name).join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has {from}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let ran = program.run(&["policy", "check", &name]);
        assert_eq!(ran.code, 2, "{from}: {}", ran.stdout);
        assert!(ran.stderr.contains(expected), "{from}: {}", ran.stderr);
        assert!(ran.stderr.contains(&format!("{file}:")), "{from}: {}", ran.stderr);
    }
}

#[test]
fn a_case_that_fails_is_exit_1() {
    let program = Program::new();
    program.done(&["policy", "export", "claude-consumer", "--out", "mine"]);
    let path = program.path("mine/retain.cedar");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"30d\"", "\"31d\"")).unwrap();
    let ran = program.run(&["policy", "check", "mine"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("retain.toml"), "{}", ran.stderr);
}

/// A copy of the shipped set in the folder `mine`, with a text of `file` replaced.
fn edit(program: &Program, file: &str, from: &str, to: &str) {
    program.done(&["policy", "export", "claude-consumer", "--out", "mine"]);
    let path = program.path(&format!("mine/{file}"));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from));
    std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
}

/// Every witness of a comparison, as a history, is decided as the comparison says, by both sets.
#[test]
fn the_histories_of_compare_show_the_disagreements() {
    for (file, from, to) in [
        ("use.cedar", "resource.choice == \"on\"", "resource.choice != \"off\""),
        ("use.cedar", "duration(\"1826d\")", "duration(\"1825d\")"),
        ("use.cedar", "when { resource has plan &&", "when { !(resource has plan) ||"),
        ("retain.cedar", "duration(\"30d\")", "duration(\"31d\")"),
        ("access.cedar", ">= resource.earliest_deadline", "> resource.earliest_deadline"),
        ("never.cedar", "resource.incognito", "!resource.incognito"),
    ] {
        let program = Program::new();
        edit(&program, file, from, to);
        let told = program.done(&["policy", "compare", "claude-consumer", "mine", "--json"]);
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["method"]["search"], "exhaustive");
        let groups = told["disagreements"].as_array().unwrap();
        assert!(!groups.is_empty(), "{from} → {to}");
        for (index, group) in groups.iter().enumerate() {
            let number = (index + 1).to_string();
            let compare = ["policy", "compare", "claude-consumer", "mine", "--witness-history"];
            program.done(&[&compare[..], &["w.jsonl", "--witness", &number]].concat());
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            let (now, purpose) =
                (text(&group["witness"]["now"]), text(&group["witness"]["purpose"]));
            let action = text(&group["action"]);
            for (set, side) in [("claude-consumer", "first"), ("mine", "second")] {
                let rows = program.done(&[
                    "decide",
                    "w.jsonl",
                    "--as-of",
                    &now,
                    "--action",
                    &action,
                    "--purpose",
                    &purpose,
                    "--policy",
                    set,
                ]);
                let rows = rows.lines().map(|line| serde_json::from_str(line).unwrap());
                let store =
                    if group["resource"] == "FeedbackPart" { "feedback" } else { "conversation" };
                let found = rows.into_iter().find(|row: &serde_json::Value| {
                    row.get("store").is_none_or(|found| found == store)
                        && row.get("message").is_none_or(|message| message == "asked")
                });
                let found = found.unwrap();
                assert_eq!(found["decision"], group[side]["decision"], "{group}");
                assert_eq!(found["reasons"], group[side]["reasons"], "{group}");
            }
        }
    }
}

#[test]
fn equivalent_sets_are_said_to_be_so() {
    let program = Program::new();
    edit(&program, "retain.cedar", "duration(\"30d\")", "duration(\"720h\")");
    let told = program.done(&["policy", "compare", "claude-consumer", "mine"]);
    assert!(told.contains("are equivalent") && told.contains("exhaustive"), "{told}");
}
