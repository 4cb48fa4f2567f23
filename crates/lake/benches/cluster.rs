//! What a cluster on this machine loses to one process.
//!
//! ```text
//! cargo bench -p consentry-lake --features ballista --bench cluster        # 10⁷ parts
//! CONSENTRY_BENCH_PARTS=100000000 cargo bench -p consentry-lake --features ballista --bench cluster
//! ```
//!
//! Facts of made-up conversations are written into 64 Parquet files. Then the reference set decides
//! them, from these files into files of decisions with reasons: first by two threads of this
//! process, as `decide` does, then by two executors of one task each, started as processes of their
//! own. Each figure is the best of three runs. Where other work keeps the machine busy, only
//! processor time says much.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock, and fails when something does not work"
)]

use consentry_lake::bulk::{self, Ask};
use consentry_lake::cluster::client::Client;
use consentry_lake::cluster::facts_files::FactsFiles;
use consentry_lake::cluster::facts_writer::{About, FactsWriter};
use consentry_lake::cluster::job::Job;
use consentry_lake::cluster::roles::{Executor, Scheduler};
use consentry_lake::cluster::sink::ClusterSecret;
use consentry_lake::facts::FactsFile;
use consentry_lake::progress::Silent;
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use consentry_policy::PolicySet;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

const FILES: usize = 64;
const AS_OF: &str = "2026-06-01T00:00:00Z";
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// A process that ends with this one.
struct Role(Child);

impl Drop for Role {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// This program again, in a role; and the address that it says.
fn start(arguments: &[&str]) -> (Role, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Role(child), line.trim().to_owned())
}

/// Numbers without a pattern.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        // The step and the mixing of SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> Value<'a> {
        let index = usize::try_from(self.below(words.len() as u64)).unwrap();
        Value::Text(words[index])
    }

    /// Up to so many days before the instant of the facts, sometimes not at all.
    fn time(&mut self, as_of: Instant, days: u64, percent: u64) -> Option<Value<'static>> {
        let before = i64::try_from(self.below(days)).unwrap() * DAY_MILLIS;
        let at = Instant::from_millis(as_of.millis() - before);
        (self.below(100) < percent).then_some(Value::Time(at))
    }
}

/// Conversations of 16 parts, two a message.
fn write_file(folder: &Path, file: usize, rows: usize) -> PathBuf {
    let about = ["store", "conversation", "message", "part", "copy"];
    let as_of = Instant::parse(AS_OF).unwrap();
    let here = folder.join(format!("{file:02}"));
    std::fs::create_dir(&here).unwrap();
    let mut writer = FactsWriter::new(here, as_of, &about, usize::MAX);
    let mut dice = Dice(file as u64);
    let flag = |yes| Some(Value::Bool(yes));
    let mut facts = Facts::new(Resource::Part);
    for conversation in 0..rows.div_ceil(16) {
        let id = format!("conv-{:016x}", dice.below(u64::MAX));
        facts.set(Attribute::Plan, Some(dice.one_of(&["free", "pro", "max", "team", "api"])));
        facts.set(Attribute::Choice, Some(dice.one_of(&["on", "on", "off", "unset"])));
        facts.set(Attribute::ChoiceSince, dice.time(as_of, 300, 80));
        facts.set(Attribute::TrustedTesterSince, dice.time(as_of, 300, 1));
        facts.set(Attribute::DevelopmentPartnerSince, dice.time(as_of, 300, 1));
        facts.set(Attribute::AccountClosedAt, dice.time(as_of, 100, 2));
        facts.set(Attribute::Adult, flag(dice.below(50) > 0));
        facts.set(Attribute::AccountHeld, flag(dice.below(200) == 0));
        facts.set(Attribute::Surface, Some(dice.one_of(&["chat", "code", "browser"])));
        facts.set(Attribute::Incognito, flag(dice.below(25) == 0));
        facts.set(Attribute::StartedAt, dice.time(as_of, 400, 100));
        facts.set(Attribute::LastActivity, dice.time(as_of, 400, 100));
        facts.set(Attribute::DeletedAt, dice.time(as_of, 60, 6));
        facts.set(Attribute::FlaggedAt, dice.time(as_of, 900, 1));
        facts.set(Attribute::ConversationHeld, flag(dice.below(200) == 0));
        for part in 0..16.min(rows - conversation * 16) {
            let message = format!("{}-{}", &id[5..13], part / 2);
            facts.set(Attribute::At, facts.get(Attribute::StartedAt));
            facts.set(Attribute::Role, Some(dice.one_of(&["user", "assistant"])));
            facts.set(Attribute::Kind, Some(dice.one_of(&["text", "text", "tool_call"])));
            facts.set(Attribute::Origin, Some(dice.one_of(&["user", "assistant", "connector"])));
            let about = About {
                store: Some("conversation"),
                conversation: Some(&id),
                message: Some(&message),
                part: Some(part % 2),
                ..About::default()
            };
            writer.add(&about, &facts).unwrap();
        }
    }
    writer.finish().unwrap().remove(0)
}

fn write_facts(folder: &Path, parts: usize) -> Vec<PathBuf> {
    let next = AtomicUsize::new(0);
    let (to, from) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let (to, next) = (to.clone(), &next);
            scope.spawn(move || {
                loop {
                    let file = next.fetch_add(1, Ordering::Relaxed);
                    if file >= FILES {
                        return;
                    }
                    to.send(write_file(folder, file, parts / FILES)).unwrap();
                }
            });
        }
    });
    drop(to);
    let mut paths: Vec<PathBuf> = from.iter().collect();
    paths.sort();
    paths
}

/// What `decide FACTS --out FILE` does, on two threads of this process.
fn here(job: &Job<'_>) {
    let files = job.facts.files.iter().map(|file| FactsFile::open(&file.path).unwrap());
    let files: Vec<_> = files.collect();
    let ask = Ask::Decide;
    let (program, purpose, now) = (job.program, job.purpose, job.now);
    let alone = bulk::Job { files: &files, program, ask, purpose, now, threads: 2 };
    let to = File::create(job.directory.join("decisions.parquet")).unwrap();
    let tally = bulk::write_parquet(&alone, &mut Silent, &to).unwrap();
    to.sync_all().unwrap();
    assert_eq!(tally.rows(), files.iter().map(FactsFile::rows).sum::<u64>());
}

/// What a run took, by the clock and of processors, in seconds.
#[derive(Clone, Copy)]
struct Taken {
    clock: f64,
    processor: f64,
}

/// The processor time of processes so far (`proc_pid_stat(5)`: user and system time in hundredths
/// of a second, 14 and 15 words from the beginning, 11 and 12 from the end of the name).
fn processor_seconds(processes: &[u32]) -> f64 {
    let of = |process: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        let words = stat.rsplit_once(')').unwrap().1.split_whitespace();
        words.skip(11).take(2).map(|word| word.parse::<f64>().unwrap() / 100.0).sum::<f64>()
    };
    processes.iter().map(of).sum()
}

/// The best of three runs, each into an empty folder.
fn best(folder: &Path, processes: &[u32], mut work: impl FnMut(&Path)) -> Taken {
    let mut best = Taken { clock: f64::INFINITY, processor: f64::INFINITY };
    for _ in 0..3 {
        let directory = folder.join("decisions");
        std::fs::create_dir(&directory).unwrap();
        let (begun, before) = (std::time::Instant::now(), processor_seconds(processes));
        work(&directory);
        best.clock = best.clock.min(begun.elapsed().as_secs_f64());
        best.processor = best.processor.min(processor_seconds(processes) - before);
        std::fs::remove_dir_all(directory).unwrap();
    }
    best
}

fn role(arguments: &[String]) -> bool {
    let told = |address: std::net::SocketAddr| println!("{address}");
    match arguments {
        [role] if role == "scheduler" => {
            let bind = "127.0.0.1:0".parse().unwrap();
            Scheduler { bind, lost_after_seconds: 60 }.run(told).unwrap();
        }
        [role, scheduler] if role == "executor" => {
            let (scheduler, bind) = (scheduler.parse().unwrap(), "127.0.0.1:0".parse().unwrap());
            let secret = ClusterSecret([0; 32]);
            Executor { scheduler, bind, tasks: 1, secret }.run(told).unwrap();
        }
        _ => return false,
    }
    true
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    if role(&arguments) {
        return;
    }
    let parts: usize = std::env::var("CONSENTRY_BENCH_PARTS")
        .ok()
        .map_or(10_000_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let begun = std::time::Instant::now();
    let paths = write_facts(folder.path(), parts);
    let facts = FactsFiles::look(&paths).unwrap();
    let bytes: u64 = facts.files.iter().map(|file| file.bytes).sum();
    let rows: u64 = facts.files.iter().map(|file| file.rows).sum();
    println!(
        "{rows} parts in {FILES} files of facts, {} MB, made in {:.0} s",
        bytes / 1_000_000,
        begun.elapsed().as_secs_f64()
    );
    let set = PolicySet::shipped("claude-consumer").unwrap();
    let program = set.program("train").unwrap();
    let purpose = "model-improvement";
    let job = |directory: &Path, work: &dyn Fn(&Job<'_>)| {
        work(&Job { program, purpose, now: facts.as_of, facts: &facts, directory });
    };
    let tell = |what: &str, taken: Taken| {
        println!(
            "{what:<48} {:>6.2} million/s {:>7.2} s {:>7.2} s of processors",
            rows as f64 / taken.clock / 1e6,
            taken.clock,
            taken.processor
        );
    };
    let mut processes = vec![std::process::id()];
    let alone = best(folder.path(), &processes, |directory| {
        job(directory, &here);
    });
    tell("two threads of one process", alone);
    let (scheduler, address) = start(&["scheduler"]);
    let executors = [start(&["executor", &address]), start(&["executor", &address])];
    processes.extend(
        [&scheduler].into_iter().chain(executors.iter().map(|one| &one.0)).map(|one| one.0.id()),
    );
    let client = Client::connect(address.parse().unwrap()).unwrap();
    let apart = best(folder.path(), &processes, |directory| {
        job(directory, &|job| drop(client.submit(job.plan().unwrap()).unwrap()));
    });
    tell("two executors", apart);
    let checked = best(folder.path(), &processes, |directory| {
        job(directory, &|job| drop(client.decide(job).unwrap()));
    });
    tell("two executors, and the client reads it back", checked);
    for (what, other) in [("two executors", apart), ("with reading back", checked)] {
        println!(
            "{what}: {:.0} % lost by the clock, {:.0} % of processors",
            100.0 * (1.0 - alone.clock / other.clock),
            100.0 * (1.0 - alone.processor / other.processor)
        );
    }
}
