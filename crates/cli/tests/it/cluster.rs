//! A cluster of real processes on this machine: one scheduler, two executors.

#![expect(clippy::panic, reason = "a test that waits in vain has to fail")]

use crate::program::{NOW, Program, Ran, build_arguments, example};
use consentry_lake::cluster::facts_writer::{About, FactsWriter};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use consentry_testkit::generate::{Big, Limit, big};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

/// Nothing here takes as long, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_millis(20);

/// Waits until something is there.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("waited for {what} in vain");
}

/// A process that ends with its test.
struct Role {
    child: Child,
    stderr: BufReader<ChildStderr>,
    address: String,
}

impl Drop for Role {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Role {
    /// Starts a role and waits until it says where it is.
    fn start(program: &Program, arguments: &[&str]) -> Self {
        let mut command = program.command(&[&["cluster"], arguments].concat());
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let place = line.trim().split_once(" at ").map(|(_, place)| place.to_owned());
        let address = place.unwrap_or_else(|| panic!("{arguments:?}: {line}"));
        Self { child, stderr, address }
    }

    /// Asks it to end, and returns how it ended and what it said.
    fn end(mut self) -> (i32, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let child = &mut self.child;
        let status = until("a role to end", || child.try_wait().unwrap());
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).unwrap();
        (status.code().unwrap_or(-1), said)
    }
}

struct Cluster {
    scheduler: Role,
    executors: Vec<Role>,
}

impl Cluster {
    fn start(program: &Program) -> Self {
        let scheduler =
            Role::start(program, &["scheduler", "--bind", "127.0.0.1:0", "--lost-after", "8"]);
        let executor = ["executor", "--tasks", "1", "--scheduler", &scheduler.address];
        let executors = (0..2).map(|_| Role::start(program, &executor)).collect();
        Self { scheduler, executors }
    }

    fn end(self) {
        for role in self.executors.into_iter().chain([self.scheduler]) {
            let (code, said) = role.end();
            assert_eq!(code, 0, "{said}");
            assert!(said.contains("ended"), "{said}");
        }
    }

    /// The arguments that have a history decided here.
    fn decide<'a>(&'a self, history: &'a str, task_rows: &'a str) -> Vec<&'a str> {
        let scheduler = &self.scheduler.address;
        vec![
            "decide",
            history,
            "--as-of",
            NOW,
            "--engine",
            "ballista",
            "--scheduler",
            scheduler,
            "--shared",
            ".",
            "--task-rows",
            task_rows,
        ]
    }
}

/// A realistic history of so many conversations.
fn generated(program: &Program, conversations: u64) -> PathBuf {
    let mut text = Vec::new();
    let options = Big { limit: Limit::Conversations(conversations), ..Big::default() };
    big(&options, &mut text).unwrap();
    program.write("history.jsonl", &String::from_utf8(text).unwrap())
}

/// How many files of a kind there are in the folder of a job, if there is one.
fn files(shared: &Path, prefix: &str) -> Option<usize> {
    let mut jobs = std::fs::read_dir(shared).unwrap().map(|entry| entry.unwrap().path());
    let is_job = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("consentry-job-"))
    };
    let job = jobs.find(is_job)?;
    let names = std::fs::read_dir(job).ok()?;
    Some(
        names
            .flatten()
            .filter(|name| name.file_name().to_string_lossy().starts_with(prefix))
            .count(),
    )
}

#[test]
fn every_action_has_the_same_rows_on_a_cluster() {
    let program = Program::new();
    let cluster = Cluster::start(&program);
    let example = example();
    let example = example.to_str().unwrap();
    for action in ["train", "retain", "analyze", "recall", "converse", "sell"] {
        for purpose in ["model-improvement", "safeguards", "anything"] {
            let question = ["--action", action, "--purpose", purpose];
            let here = ["decide", example, "--as-of", NOW, "--engine", "cedar"];
            let expected = program.done(&[&here, &question[..]].concat());
            for task_rows in ["1", "1000000"] {
                let there = cluster.decide(example, task_rows);
                let rows = program.done(&[&there, &question[..]].concat());
                assert_eq!(rows, expected, "{question:?}, {task_rows} rows a task");
            }
        }
    }
    cluster.end();
    assert_eq!(files(&program.path(""), ""), None, "the folders of jobs are gone");
}

#[test]
fn an_executor_that_is_killed_in_mid_job_costs_no_row() {
    let program = Program::new();
    let history = generated(&program, 600);
    let history = history.to_str().unwrap();
    let expected = program.done(&["decide", history, "--as-of", NOW, "--engine", "cedar"]);
    let mut cluster = Cluster::start(&program);
    let arguments = cluster.decide(history, "20");
    let mut command = program.command(&arguments);
    let client = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let shared = program.path("");
    let done =
        until("the first decisions", || files(&shared, "decisions-").filter(|count| *count >= 10));
    let mut killed = cluster.executors.remove(0);
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    let planned = files(&shared, "facts-").unwrap();
    assert!(done * 2 < planned, "{done} of {planned} tasks were done: too late to kill");
    let ran = Ran::from(client.wait_with_output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout == expected, "{}", ran.stderr);
    // What is left of the cluster goes on.
    let again = program.done(&cluster.decide(history, "1000"));
    assert!(again == expected);
    cluster.end();
}

/// Facts of parts that differ in their choice, in three files, the second of which is empty.
fn facts(program: &Program, as_of: Instant) -> PathBuf {
    let folder = program.path("facts");
    std::fs::create_dir(&folder).unwrap();
    let about = ["store", "conversation", "message", "part", "copy"];
    for (file, rows) in [("a", 20_000), ("b", 0), ("c", 3)] {
        let inside = program.path(file);
        std::fs::create_dir(&inside).unwrap();
        let mut writer = FactsWriter::new(inside, as_of, &about, usize::MAX);
        for row in 0..rows {
            let mut facts = Facts::new(Resource::Part);
            for (name, text) in [
                (Attribute::Plan, if row % 7 == 0 { "team" } else { "pro" }),
                (Attribute::Choice, if row % 3 == 0 { "off" } else { "on" }),
                (Attribute::Origin, "user"),
                (Attribute::Role, "user"),
                (Attribute::Kind, "text"),
                (Attribute::Surface, "chat"),
            ] {
                facts.set(name, Some(Value::Text(text)));
            }
            for name in [Attribute::Incognito, Attribute::AccountHeld, Attribute::ConversationHeld]
            {
                facts.set(name, Some(Value::Bool(row % 11 == 0)));
            }
            facts.set(Attribute::Adult, Some(Value::Bool(true)));
            for name in [Attribute::ChoiceSince, Attribute::LastActivity, Attribute::StartedAt] {
                facts.set(name, Some(Value::Time(as_of)));
            }
            let (conversation, message) = (format!("{file}{}", row / 4), format!("m{row}"));
            let about = About {
                store: Some("conversation"),
                conversation: Some(&conversation),
                message: Some(&message),
                part: Some(0),
                ..About::default()
            };
            writer.add(&about, &facts).unwrap();
        }
        let made = writer.finish().unwrap();
        std::fs::rename(made.first().unwrap(), folder.join(format!("{file}.parquet"))).unwrap();
    }
    folder
}

#[test]
fn facts_in_parquet_become_decisions_in_parquet() {
    let program = Program::new();
    let as_of = Instant::parse(NOW).unwrap();
    let facts = facts(&program, as_of);
    let cluster = Cluster::start(&program);
    let scheduler = cluster.scheduler.address.as_str();
    let decide = |inputs: &[&str], more: &[&str]| {
        let there = ["--engine", "ballista", "--scheduler", scheduler];
        program.run(&[&["decide"], inputs, &there, more].concat())
    };
    let facts = facts.to_str().unwrap();
    let ran = decide(&[facts], &["--as-of", NOW, "--out", "decisions"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // Permitted: every part that is of no team, with the choice on, and without a hold or incognito.
    let permitted =
        (0..20_000).chain(0..3).filter(|row| row % 7 > 0 && row % 3 > 0 && row % 11 > 0);
    let told = format!("20003 rows: {} permit", permitted.count());
    assert!(ran.stderr.contains(&told), "{told}: {}", ran.stderr);
    let mut names: Vec<_> = std::fs::read_dir(program.path("decisions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    // A file without rows makes no task.
    assert_eq!(names, ["decisions-00000.parquet", "decisions-00002.parquet"]);

    let other = "2026-06-01T00:00:00.001Z";
    for (inputs, more, reason) in [
        (&[facts][..], &["--as-of", NOW][..], "name it with --out"),
        (&[facts], &["--as-of", NOW, "--out", "decisions"], "exists already"),
        (&[facts], &["--as-of", other, "--out", "new"], "those of 2026-06-01T00:00:00.000Z"),
        (&[facts, "-"], &["--as-of", NOW, "--out", "new"], "one after the other"),
        (&[facts], &["--as-of", NOW, "--out", "new", "--threads", "2"], "--threads is not for"),
        (&["no.parquet"], &["--as-of", NOW, "--out", "new"], "no.parquet"),
        (&["-"], &["--as-of", NOW, "--out", "new.parquet"], "give --out another ending"),
    ] {
        let ran = decide(inputs, more);
        assert_eq!(ran.code, 2, "{more:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(reason), "{more:?}: {}", ran.stderr);
        assert!(!program.path("new").exists());
    }
    std::fs::copy(program.path("decisions").join(&names[0]), program.path("facts/d.parquet"))
        .unwrap();
    let mixed = decide(&[facts], &["--as-of", NOW, "--out", "new"]);
    assert_eq!(mixed.code, 2);
    assert!(mixed.stderr.contains("not a file of facts"), "{}", mixed.stderr);
    cluster.end();
}

fn manifest(dataset: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(dataset.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn executors_make_the_same_dataset() {
    let program = Program::new();
    let history = generated(&program, 60);
    let example = example();
    let cluster = Cluster::start(&program);
    let scheduler = cluster.scheduler.address.as_str();
    for (name, history) in [("example", &example), ("generated", &history)] {
        let history = history.to_str().unwrap();
        for store in ["conversation", "feedback"] {
            let build = |out: &str, more: &[&str]| {
                let arguments = build_arguments(history, "spring", out);
                program.done(&[&arguments[..], &["--store", store], more].concat());
                program.path(out)
            };
            let there = ["--engine", "ballista", "--scheduler", scheduler, "--task-rows"];
            let here = build(&format!("{name}-{store}-here"), &[]);
            let one = build(&format!("{name}-{store}-one"), &[&there[..], &["1000000"]].concat());
            let many = build(&format!("{name}-{store}-many"), &[&there[..], &["15"]].concat());
            // A single share is what one machine would have written, to the last byte.
            let data = "data/train-00000-of-00001.parquet";
            let read = |folder: &Path| std::fs::read(folder.join(data)).unwrap();
            assert!(read(&here) == read(&one), "{name} {store}");
            let shards = std::fs::read_dir(many.join("data")).unwrap().count();
            assert!(shards > 1 || store == "feedback", "{name} {store}: {shards} shards");
            for made in [&one, &many] {
                let (made, here) = (manifest(made), manifest(&here));
                for claim in ["counts", "merkle_root", "deidentification", "policy_set", "inputs"] {
                    assert_eq!(made["summary"][claim], here["summary"][claim], "{name} {store}");
                }
                assert_eq!(made["facts"]["rows"], here["facts"]["rows"]);
            }
            for dataset in [&one, &many] {
                program.done(&["verify", dataset.to_str().unwrap()]);
            }
        }
    }
    cluster.end();
    assert_eq!(files(&program.path(""), ""), None, "the folders of jobs are gone");
}

#[test]
fn an_executor_without_the_secret_makes_nothing() {
    let (program, stranger) = (Program::new(), Program::new());
    let scheduler = Role::start(&program, &["scheduler", "--bind", "127.0.0.1:0"]);
    let executor = ["executor", "--tasks", "1", "--scheduler", &scheduler.address];
    let executor = Role::start(&stranger, &executor);
    let example = example();
    let arguments = build_arguments(example.to_str().unwrap(), "spring", "dataset");
    let there = ["--engine", "ballista", "--scheduler", &scheduler.address];
    let ran = program.run(&[&arguments[..], &there].concat());
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("cluster.key"), "{}", ran.stderr);
    let left: Vec<_> = std::fs::read_dir(program.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, ["home"]);
    assert_eq!(executor.end().0, 0);
    assert_eq!(scheduler.end().0, 0);
}

#[test]
fn what_is_not_there_is_said_and_what_to_do() {
    let program = Program::new();
    let example = example();
    let decide = |scheduler: &[&str]| {
        let arguments = ["decide", example.to_str().unwrap(), "--as-of", NOW];
        program.run(&[&arguments[..], &["--engine", "ballista"], scheduler].concat())
    };
    let without = decide(&[]);
    assert_eq!(without.code, 2);
    assert!(without.stderr.contains("--scheduler HOST:PORT"), "{}", without.stderr);
    let not_one = decide(&["--scheduler", "50050"]);
    assert_eq!(not_one.code, 2);
    assert!(not_one.stderr.contains("HOST:PORT"), "{}", not_one.stderr);

    // A port that nobody listens at: it was free just now.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = decide(&["--scheduler", &port.to_string()]);
    assert_eq!(nobody.code, 1);
    assert!(nobody.stderr.contains("no scheduler answers"), "{}", nobody.stderr);
    let executor = program.run(&["cluster", "executor", "--scheduler", &port.to_string()]);
    assert_eq!(executor.code, 1);
    assert!(executor.stderr.contains("no scheduler answers"), "{}", executor.stderr);

    let scheduler = Role::start(&program, &["scheduler", "--bind", "127.0.0.1:0"]);
    let alone = decide(&["--scheduler", &scheduler.address]);
    assert_eq!((alone.code, alone.stdout.as_str()), (1, ""));
    assert!(alone.stderr.contains("has no executors"), "{}", alone.stderr);
    for role in [
        &["cluster", "scheduler", "--bind", &scheduler.address][..],
        &["cluster", "executor", "--scheduler", &scheduler.address, "--bind", &scheduler.address],
    ] {
        let taken = program.run(role);
        assert_eq!(taken.code, 1, "{role:?}");
        assert!(taken.stderr.contains("cannot listen at"), "{role:?}: {}", taken.stderr);
    }
    assert_eq!(scheduler.end().0, 0);
}
