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
