//! Finding, replacing, explaining and scoring; and what a build does with it.

use crate::program::{Program, build_arguments, example};
use serde_json::Value;

const LETTER: &str = "Dear Hannah Whitfield,\nwrite to ada.byron@engine.org from Lisbon.\n";

#[test]
fn redaction_finds_and_replaces() {
    let program = Program::new();
    let text = "Write to ada.byron@engine.org, please. Ünïcode.\n";
    program.write("text", text);
    let redacted = program.done(&["redact", "text"]);
    assert!(
        !redacted.contains("ada.byron") && redacted.ends_with("please. Ünïcode.\n"),
        "{redacted}"
    );
    let found = program.done(&["redact", "text", "--findings"]);
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["kind"], "email");
    let (start, end) = (found["start"].as_u64().unwrap(), found["end"].as_u64().unwrap());
    assert_eq!((start, end), (9, 29));
    program.write("lines", "{\"t\":\"none\"}\n\n{\"t\":\"ada.byron@engine.org\"}\n");
    let rows = program.done(&["redact", "lines", "--findings", "--jsonl-field", "t"]);
    let row: serde_json::Value = serde_json::from_str(&rows).unwrap();
    assert_eq!(row["line"], 3);
    let ran = program.run(&["redact", "lines", "--jsonl-field", "nothing"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("lines:1: "), "{}", ran.stderr);
}

#[test]
fn profiles_find_what_they_say() {
    let program = Program::new();
    program.write("letter", LETTER);
    let kinds = |profile: &str| -> Vec<String> {
        let rows = program.done(&["redact", "letter", "--findings", "--profile", profile]);
        let rows = rows.lines().map(|row| serde_json::from_str::<Value>(row).unwrap());
        rows.map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds("structured"), ["email"]);
    assert_eq!(kinds("fast"), ["person", "email", "location"]);
    // Without the model the profile that needs it says where it looked, and writes nothing.
    let arguments =
        ["redact", "letter", "--profile", "thorough", "--names-model", "no-such-folder"];
    let ran = program.run(&arguments);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("no-such-folder"), "{}", ran.stderr);
    assert!(ran.stderr.contains("cargo xtask model"), "{}", ran.stderr);
    // Nor does a file that is not the model pass for it.
    std::fs::create_dir(program.path("model")).unwrap();
    program.write("model/model_q4.onnx", "no model");
    program.write("model/vocab.txt", "[UNK]\n[CLS]\n[SEP]\n");
    let ran = program.run(&["redact", "letter", "--profile", "thorough", "--names-model", "model"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("SHA-256"), "{}", ran.stderr);
}

#[test]
fn explanations_mark_findings_and_say_why() {
    let program = Program::new();
    program.write("letter", LETTER);
    let shown = program.done(&["redact", "letter", "--explain"]);
    assert!(shown.contains("Dear ⟦Hannah Whitfield⟧,\nwrite to ⟦ada.byron@engine.org⟧"), "{shown}");
    assert!(shown.contains("rule email") && shown.contains("model name-tagger"), "{shown}");
    assert!(shown.ends_with("3 findings\n") && !shown.contains('\u{1b}'), "{shown}");
    let shown = program.done(&["redact", "letter", "--explain", "--color", "always"]);
    assert!(shown.contains("\u{1b}[33mHannah Whitfield\u{1b}[0m"), "{shown}");
    // What was read cannot steer a terminal.
    program.write("evil", "ada\u{1b}[2J@engine.org and ada.byron@engine.org\n");
    assert!(!program.done(&["redact", "evil", "--explain"]).contains('\u{1b}'));
}

#[test]
fn settings_come_from_a_file() {
    let program = Program::new();
    program.write("letter", LETTER);
    program.write("deid.toml", "[kinds]\nemail = \"tag\"\nperson = \"off\"\nlocation = \"mask\"\n");
    let redacted = program.done(&["redact", "letter", "--deid-settings", "deid.toml"]);
    assert_eq!(redacted, "Dear Hannah Whitfield,\nwrite to [EMAIL_1] from ******.\n");
    program.write("wrong.toml", "[kinds]\nemial = \"tag\"\n");
    let ran = program.run(&["redact", "letter", "--deid-settings", "wrong.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("wrong.toml: line 2: there is no kind `emial`"), "{}", ran.stderr);
}

#[test]
fn a_build_says_which_tiers_ran_and_keeps_the_settings() {
    let program = Program::new();
    let settings = "[kinds]\nemail = \"tag\"\n";
    program.write("deid.toml", settings);
    let history = example();
    let build = |out: &str, more: &[&str]| -> Value {
        let arguments = build_arguments(history.to_str().unwrap(), "r1", out);
        program.done(&[&arguments[..], more].concat());
        program.done(&["verify", out]);
        let manifest = std::fs::read(program.path(out).join("manifest.json")).unwrap();
        serde_json::from_slice::<Value>(&manifest).unwrap()["summary"]["deidentification"].clone()
    };
    let done = build("plain", &["--profile", "structured"]);
    assert_eq!(done["tiers"], serde_json::json!(["structured"]));
    assert!(done.get("settings").is_none());
    let done = build("set", &["--deid-settings", "deid.toml"]);
    assert_eq!(done["tiers"], serde_json::json!(["structured", "names-tagger"]));
    assert_eq!(done["settings"], "deidentification.toml");
    let kept = program.path("set").join("deidentification.toml");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), settings);
    // It is one of the files that the manifest vouches for.
    std::fs::write(&kept, "[kinds]\nemail = \"drop\"\n").unwrap();
    assert_eq!(program.run(&["verify", "set"]).code, 1);
}

#[test]
fn labelled_texts_are_scored() {
    let program = Program::new();
    program.write(
        "gold",
        "{\"id\":1,\"text\":\"é ada.byron@engine.org and 10.20.30.40\",\
         \"spans\":[[2,22,\"EMAIL\",\"raw\"],[27,38,\"IP\"]],\"labelled\":[\"EMAIL\",\"IP\"]}\n",
    );
    let table = program.done(&["deid", "score", "gold"]);
    assert!(table.contains("EMAIL") && table.contains("structured, names-tagger"), "{table}");
    let score = |more: &[&str]| -> Value {
        let arguments = [&["deid", "score", "gold", "--json"], more].concat();
        serde_json::from_str(&program.done(&arguments)).unwrap()
    };
    let own = score(&[]);
    assert_eq!(own["all"]["strict"]["f1"], 1.0, "{own}");
    assert_eq!(own["all"]["gold"], 2);
    assert_eq!(score(&["--labels", "IP"])["all"]["gold"], 1);
    program.write("found", "{\"id\":1,\"spans\":[[0,4,\"EMAIL\"],[30,31,\"EMAIL\"]]}\n");
    let other = score(&["--predictions", "found"]);
    assert_eq!(other["labels"]["EMAIL"]["overlap"]["precision"], 0.5, "{other}");
    assert_eq!(other["labels"]["EMAIL"]["strict"]["f1"], 0.0);
    assert_eq!(other["labels"]["IP"]["overlap"]["recall"], 0.0);
    program.write("broken", "{\"id\":1,\"text\":\"x\",\"spans\":[[0]]}\n");
    let ran = program.run(&["deid", "score", "broken"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("broken:1: expected a row"), "{}", ran.stderr);
}
