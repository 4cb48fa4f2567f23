//! How fast facts in Parquet are decided, beside DuckDB with the same rules over the same file.
//!
//! ```text
//! cargo bench -p consentry-lake --bench facts
//! CONSENTRY_BENCH_ROWS=100000000 CONSENTRY_BENCH_DIR=FOLDER CONSENTRY_PYTHON=PATH \
//!     cargo bench -p consentry-lake --bench facts
//! ```
//!
//! `CONSENTRY_PYTHON` is a Python that has the package `duckdb`; without it that line is left out.
//! DuckDB's answers are compared: the counts always, every row up to two million. With
//! `CONSENTRY_BENCH_DIR` the file of facts stays there, and is made only if it is missing. Each
//! figure is the best of three runs on one thread. Where other work keeps the machine busy, only
//! processor time says much; it is counted in hundredths of a second, so take some ten million rows.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock, and fails when something does not work"
)]

use consentry_lake::bulk::{Ask, Job, Tally, count, write_parquet};
use consentry_lake::facts::{FactsColumns, FactsFile, FactsWriter, Of, Owner};
use consentry_lake::progress::Silent;
use consentry_model::facts::Resource;
use consentry_policy::PolicySet;
use consentry_testkit::generate::{FACTS_AS_OF, talks};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;

/// What a run took, by the clock and of the processor, in seconds.
#[derive(Clone, Copy)]
struct Taken {
    clock: f64,
    processor: f64,
}

/// The processor time of this process so far (`proc_pid_stat(5)`: user and system time in hundredths
/// of a second, the 14th and 15th field).
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let behind_name = stat.rsplit_once(')').unwrap().1;
    let fields = behind_name.split_whitespace().skip(11).take(2);
    fields.map(|field| field.parse::<f64>().unwrap() / 100.0).sum()
}

fn best(runs: usize, mut work: impl FnMut()) -> Taken {
    let mut best = Taken { clock: f64::INFINITY, processor: f64::INFINITY };
    for _ in 0..runs {
        let (begun, before) = (std::time::Instant::now(), processor_seconds());
        work();
        best.clock = best.clock.min(begun.elapsed().as_secs_f64());
        best.processor = best.processor.min(processor_seconds() - before);
    }
    best
}

fn report(what: &str, rows: u64, taken: Taken) {
    let rate = |seconds: f64| rows as f64 / 1e6 / seconds;
    println!(
        "{what:<44} {:>7.2} M rows/s by the clock, {:>7.2} by processor time ({:.2} s, {:.2} s)",
        rate(taken.clock),
        rate(taken.processor),
        taken.clock,
        taken.processor
    );
}

fn generate(rows: u64, path: &Path) {
    let out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    let mut writer = FactsWriter::new(Of::Parts, FACTS_AS_OF, out).unwrap();
    let mut columns = FactsColumns::new(Of::Parts);
    for talk in talks(1, rows) {
        let is_copy = talk.shared.resource == Resource::FeedbackPart;
        for (message, part, facts) in &talk.parts {
            columns.part((!is_copy).then_some(message), *part, facts).unwrap();
        }
        let owner = if is_copy { Owner::Copy(&talk.id) } else { Owner::Conversation(&talk.id) };
        columns.end(owner, &talk.shared).unwrap();
        writer.take_some(&mut columns).unwrap();
    }
    assert_eq!(writer.finish(&mut columns).unwrap(), rows);
}

fn main() {
    let rows: u64 =
        std::env::var("CONSENTRY_BENCH_ROWS").ok().map_or(1_000_000, |text| text.parse().unwrap());
    let temporary = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("CONSENTRY_BENCH_DIR");
    let folder = folder.as_deref().map_or(temporary.path(), Path::new);
    let path = folder.join(format!("facts-{rows}.parquet"));
    if !path.exists() {
        let beside = path.with_extension("part");
        let seconds = best(1, || generate(rows, &beside));
        std::fs::rename(&beside, &path).unwrap();
        report("generated and written", rows, seconds);
    }
    let bytes = std::fs::metadata(&path).unwrap().len();
    println!("{rows} rows in {:.1} MB", bytes as f64 / 1e6);
    measure(rows, &path, folder);
}

fn measure(rows: u64, path: &Path, folder: &Path) {
    let set = PolicySet::shipped("claude-consumer").unwrap();
    let files = [FactsFile::open(path).unwrap()];
    let job = Job {
        files: &files,
        program: set.program("train").unwrap(),
        ask: Ask::Decide,
        purpose: "model-improvement",
        now: FACTS_AS_OF,
        threads: 1,
    };
    let mut tally = Tally::default();
    let counting = best(3, || tally = count(&job, &mut Silent).unwrap());
    assert_eq!(tally.rows(), rows);
    report("counted by reason", rows, counting);
    let decisions = folder.join(format!("decisions-{rows}.parquet"));
    let writing = best(3, || {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&decisions).unwrap());
        assert_eq!(write_parquet(&job, &mut Silent, &mut out).unwrap(), tally);
        out.flush().unwrap();
    });
    report("into a Parquet file of decisions", rows, writing);
    let retain = Job { program: set.program("retain").unwrap(), ask: Ask::Retain, ..job };
    let kept = best(1, || assert_eq!(count(&retain, &mut Silent).unwrap().rows(), rows));
    report("until when each is kept, counted by reason", rows, kept);
    duckdb(rows, path, &decisions, &tally, (counting, writing));
    std::fs::remove_file(&decisions).unwrap();
}

fn duckdb(rows: u64, path: &Path, decisions: &Path, tally: &Tally, own: (Taken, Taken)) {
    let Some(python) = std::env::var_os("CONSENTRY_PYTHON") else { return };
    let counts: BTreeMap<String, u64> = tally
        .iter()
        .map(|(answer, rows)| {
            let word = if answer.permit { "permit" } else { "deny" };
            let key = [word].into_iter().chain(answer.reasons.iter().map(AsRef::as_ref));
            (key.collect::<Vec<_>>().join("+"), rows)
        })
        .collect();
    let counts_path = decisions.with_extension("json");
    std::fs::write(&counts_path, serde_json::to_vec(&counts).unwrap()).unwrap();
    let benches = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let output = Command::new(python)
        .arg(benches.join("facts.py"))
        .args([path, &benches.join("facts.sql")])
        .arg(FACTS_AS_OF.to_string())
        .args([decisions, &counts_path])
        .output()
        .unwrap();
    std::fs::remove_file(&counts_path).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let seconds: Vec<f64> = text.split_whitespace().map(|text| text.parse().unwrap()).collect();
    let [clock, processor, clock_writing, processor_writing] = seconds.try_into().unwrap();
    let counting = Taken { clock, processor };
    let writing = Taken { clock: clock_writing, processor: processor_writing };
    report("DuckDB, counted by policies", rows, counting);
    report("DuckDB, into a Parquet file of decisions", rows, writing);
    println!(
        "{:.1} times as fast as DuckDB counting, {:.1} times writing, by processor time",
        counting.processor / own.0.processor,
        writing.processor / own.1.processor
    );
}
