//! Finding, replacing, explaining and scoring; and what a build does with it.

use crate::program::{Program, Ran, build_arguments, example};
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
fn all_but_the_field_of_a_row_stays_byte_for_byte() {
    let program = Program::new();
    let rows = [
        r#"{"n":1.10,"t":"HERE","big":12345678901234567890,"e":1e400,"z":-0.0}"#,
        r#"  { "b" : [ 1.0 , {"t":"ada@b.io"} ] ,  "t" :  "HERE"  , "a":"\u00e9\/" } "#,
        r#"{"t":"HERE","t":"HERE","x":{"t":1}}"#,
        r#"{"\u0074":"HERE","o":null}"#,
        // What is not changed keeps its escapes.
        r#"{"t":"caf\u00e9 \/ \n","o":1E5}"#,
        "",
        "   ",
        r#"{"t":"","n":0.10}"#,
    ];
    program.write("drop.toml", "[kinds]\nemail = \"drop\"\n");
    for end in ["\n", "\r\n"] {
        for last in ["", end] {
            let text = rows.join(end) + last;
            program.write("rows", &text.replace("HERE", r#"é \"ada@engine.org\""#));
            let arguments = ["redact", "rows", "--jsonl-field", "t", "--profile", "structured"];
            let more = ["--deid-settings", "drop.toml"];
            let redacted = program.done(&[&arguments[..], &more].concat());
            assert_eq!(redacted, text.replace("HERE", r#"é \"\""#));
        }
    }
    for (row, error) in [
        (r#"{"t":1}"#, "expected a text in the field `t`, found something else"),
        (r#"{"t":"x","t":null}"#, "expected a text in the field `t`, found something else"),
        (r#"{"T":"x"}"#, "expected a field `t` in the row itself"),
        (r#"{"o":{"t":"x"}}"#, "expected a field `t` in the row itself"),
        (r#"["t"]"#, "expected a row that is an object of JSON: invalid type: sequence"),
        ("true story", "expected a row that is an object of JSON: "),
        (r#"{"t":"x"} {}"#, "expected a row that is an object of JSON: trailing characters"),
        (r#"{"t":"x""#, "EOF while parsing an object at column 8"),
    ] {
        program.write("rows", &format!("{{\"t\":\"ada@engine.org\"}}\n{row}\n"));
        let ran = program.run(&["redact", "rows", "--jsonl-field", "t"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{row}");
        let told = ran.stderr.split_once("rows:2: ").map_or("", |(_, told)| told);
        assert!(told.contains(error), "{row}: {}", ran.stderr);
    }
}

#[test]
fn any_file_is_read_or_its_first_wrong_byte_is_named() {
    let program = Program::new();
    let redact = |bytes: &[u8], more: &[&str]| {
        std::fs::write(program.path("file"), bytes).unwrap();
        program.run(&[&["redact", "file", "--profile", "structured"], more].concat())
    };
    for text in ["", "x", "no line break", "\n", "a\r\nb\0\u{feff}c\n\n"] {
        let ran = redact(text.as_bytes(), &[]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, text));
        assert_eq!(redact(text.as_bytes(), &["--findings"]).stdout, "");
    }
    // Before the wrong byte stands more than is read at once, and something to find.
    let before = "ada@engine.org é\n".repeat(60_000);
    for wrong in [&b"\xff and more"[..], b"\xe2\x82", b"\xc3("] {
        let bytes = [before.as_bytes(), wrong].concat();
        for more in [&[][..], &["--findings"], &["--explain"]] {
            let ran = redact(&bytes, more);
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
            let place = format!("file: not text in UTF-8: see the byte at {},", before.len());
            assert!(ran.stderr.contains(&place), "{}", ran.stderr);
        }
    }
    let ran = redact(b"{\"t\":\"x\"}\n{\"t\":\"\xff\"}\n", &["--jsonl-field", "t"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("file:2: not text in UTF-8: see the byte at 6,"), "{}", ran.stderr);
    let ran = program.run(&["redact", "no-such-file"]);
    assert!(ran.code == 2 && ran.stderr.contains("no-such-file: "), "{}", ran.stderr);
}

#[test]
fn more_text_than_memory_may_hold_comes_out_whole() {
    let program = Program::new();
    let text = "{\"t\":\"so it goes on and on, é\"}\n".repeat(900_000);
    program.write("text", &text);
    for more in [&[][..], &["--jsonl-field", "t"]] {
        let arguments = [&["redact", "text", "--profile", "structured"], more].concat();
        assert!(program.done(&arguments) == text, "{more:?}");
    }
}

#[test]
fn packed_texts_are_unpacked() {
    // `{"t":"ada@engine.org"}` and a line feed.
    const GZIP: &[u8] = &[
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0x2a, 0x51, 0xb2,
        0x52, 0x4a, 0x4c, 0x49, 0x74, 0x48, 0xcd, 0x4b, 0xcf, 0xcc, 0x4b, 0xd5, 0xcb, 0x2f, 0x4a,
        0x57, 0xaa, 0xe5, 0x02, 0x00, 0xac, 0x0e, 0x20, 0x75, 0x17, 0x00, 0x00, 0x00,
    ];
    const ZSTD: &[u8] = &[
        0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0xb9, 0x00, 0x00, 0x7b, 0x22, 0x74, 0x22, 0x3a, 0x22,
        0x61, 0x64, 0x61, 0x40, 0x65, 0x6e, 0x67, 0x69, 0x6e, 0x65, 0x2e, 0x6f, 0x72, 0x67, 0x22,
        0x7d, 0x0a, 0x62, 0x3d, 0xa0, 0x4a,
    ];
    let program = Program::new();
    for (name, bytes) in [("gzip", GZIP), ("zstd", ZSTD)] {
        std::fs::write(program.path(name), bytes).unwrap();
        let found = program.done(&["redact", name, "--findings", "--profile", "structured"]);
        assert!(found.starts_with(r#"{"start":6,"end":20,"kind":"email""#), "{name}: {found}");
        let rows = program.done(&["redact", name, "--jsonl-field", "t"]);
        assert!(rows.starts_with(r#"{"t":""#) && rows.ends_with("\"}\n"), "{name}: {rows}");
        assert!(!rows.contains("engine"), "{name}: {rows}");
        // One that ends too early is an error, and nothing of it is written.
        std::fs::write(program.path(name), &bytes[..bytes.len() - 6]).unwrap();
        let ran = program.run(&["redact", name]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{name}");
        assert!(ran.stderr.contains(&format!("{name}: ")), "{}", ran.stderr);
    }
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
    let warned = program.run(&["deid", "score", "gold", "--labels", "IP,LOCATION,mac"]).stderr;
    assert!(warned.contains("no finding has the label LOCATION; there are AGE, CARD"), "{warned}");
    program.write("found", "{\"id\":1,\"spans\":[[0,4,\"EMAIL\"],[30,31,\"EMAIL\"]]}\n");
    let other = score(&["--predictions", "found"]);
    assert_eq!(other["labels"]["EMAIL"]["overlap"]["precision"], 0.5, "{other}");
    assert_eq!(other["labels"]["EMAIL"]["strict"]["f1"], 0.0);
    assert_eq!(other["labels"]["IP"]["overlap"]["recall"], 0.0);
    let gold = std::fs::File::open(program.path("gold")).unwrap();
    let piped = Ran::from(program.command(&["deid", "score", "-"]).stdin(gold).output().unwrap());
    assert_eq!((piped.code, piped.stdout), (0, table));
}

#[test]
fn sets_that_are_not_right_are_refused_with_their_line() {
    let program = Program::new();
    let good = r#"{"id":1,"text":"an é","spans":[[3,4,"A"]]}"#;
    for (row, error) in [
        (r#"{"id":2,"text":"x","spans":[[0]]}"#, "expected a row with `id` and `spans`"),
        (r#"{"id":1,"text":"x","spans":[]}"#, "expected an `id` that no earlier row has"),
        (r#"{"id":2,"text":"é","spans":[[0,2,"A"]]}"#, "within the text of 1 characters"),
        (r#"{"id":2,"text":"an","spans":[[1,1,"A"]]}"#, "found [1, 1, \"A\"]"),
        (r#"{"id":2,"spans":[]}"#, "expected a text in the field `text`"),
    ] {
        program.write("set", &format!("{good}\n{row}\n"));
        let ran = program.run(&["deid", "score", "set"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{row}");
        assert!(ran.stderr.contains("set:2: "), "{row}: {}", ran.stderr);
        assert!(ran.stderr.contains(error), "{row}: {}", ran.stderr);
    }
}
