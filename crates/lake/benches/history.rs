//! How fast a history is read, checked and folded, decided, and built; beside DuckDB merely reading
//! the same file.
//!
//! ```text
//! cargo bench -p consentry-lake --bench history                    # 200 MB
//! CONSENTRY_BENCH_MB=5000 CONSENTRY_PYTHON=PATH cargo bench -p consentry-lake --bench history
//! ```
//!
//! `CONSENTRY_PYTHON` is a Python that has the package `duckdb`; without it that line is left out.
//! Each figure is the best of three runs by the clock, on one thread.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock, and fails when something does not work"
)]

use consentry_lake::dataset::build::{BuildOptions, build};
use consentry_lake::dataset::note::Signer;
use consentry_lake::dataset::verify::verify;
use consentry_lake::history::{ReadOptions, Source, scan};
use consentry_lake::progress::Silent;
use consentry_lake::rows::{Asking, Question, write_rows};
use consentry_model::{Instant, Store};
use consentry_policy::{CedarEngine, PolicySet, Request};
use consentry_testkit::generate::{Big, Limit, big};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

const DUCKDB: &str = "
import duckdb, sys, time
connection = duckdb.connect()
connection.execute('set threads = 1')
begun = time.perf_counter()
connection.execute('''select count(*), count(distinct subject), sum(length(data::varchar))
    from read_json(?, format = 'newline_delimited', maximum_object_size = 104857600, columns =
    {source: 'VARCHAR', id: 'VARCHAR', type: 'VARCHAR', subject: 'VARCHAR', time: 'VARCHAR',
     data: 'JSON'})''', [sys.argv[1]]).fetchall()
print(time.perf_counter() - begun)
";

fn best(runs: usize, mut work: impl FnMut()) -> f64 {
    let mut seconds = f64::INFINITY;
    for _ in 0..runs {
        let begun = std::time::Instant::now();
        work();
        seconds = seconds.min(begun.elapsed().as_secs_f64());
    }
    seconds
}

fn report(what: &str, megabytes: f64, seconds: f64) {
    println!("{what:<44} {:>8.1} MB/s  {seconds:>8.2} s", megabytes / seconds);
}

fn main() {
    let megabytes: u64 =
        std::env::var("CONSENTRY_BENCH_MB").ok().map_or(200, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.jsonl");
    let mut file = BufWriter::new(std::fs::File::create(&path).unwrap());
    let limit = Limit::Bytes(megabytes * 1_000_000);
    big(&Big { seed: 1, limit, ..Big::default() }, &mut file).unwrap();
    file.flush().unwrap();
    let size = std::fs::metadata(&path).unwrap().len() as f64 / 1e6;
    println!("{size:.0} MB of history");
    if let Some(python) = std::env::var_os("CONSENTRY_PYTHON") {
        let run = || Command::new(&python).arg("-c").arg(DUCKDB).arg(&path).output().unwrap();
        let seconds =
            (0..3).filter_map(|_| String::from_utf8(run().stdout).ok()?.trim().parse::<f64>().ok());
        if let Some(seconds) = seconds.reduce(f64::min) {
            report("DuckDB, merely reading", size, seconds);
        }
    }
    measure(&path, folder.path(), size);
}

fn measure(path: &Path, folder: &Path, size: f64) {
    let sources = [Source::Path(path.to_owned())];
    let options = ReadOptions {
        keep_content: false,
        quarantine: false,
        hash_inputs: false,
        directory: folder.to_owned(),
        buffered_bytes_max: 256 << 20,
        seed: [1; 32],
        route_key: [2; 32],
    };
    let seconds = best(3, || {
        let mut history = scan(&sources, &options, &mut Silent).unwrap();
        let mut parts = 0;
        history
            .each_conversation(&mut Silent, |owned| {
                parts += owned.conversation.messages.len();
                Ok(())
            })
            .unwrap();
        assert!(parts > 0);
    });
    report("read, checked and folded", size, seconds);
    let set = Arc::new(PolicySet::shipped("claude-consumer").unwrap());
    let now = Instant::parse("2026-06-01T00:00:00Z").unwrap();
    let mut rows = 0;
    let seconds = best(3, || {
        let engine = CedarEngine::new(Arc::clone(&set));
        let asking = Asking {
            question: Question::Decide(&engine),
            request: Request { action: "train", purpose: "model-improvement", now },
            resources: set.applies_to("train").unwrap(),
            copy_key: [3; 32],
            spool: options.spool_for("rows"),
        };
        let mut history = scan(&sources, &options, &mut Silent).unwrap();
        let answered = write_rows(&mut history, &asking, &mut Silent, &mut std::io::sink());
        rows = answered.unwrap().rows;
    });
    report(&format!("decide ({rows} rows, Cedar's evaluator)"), size, seconds);
    let place = folder.join("dataset");
    let signer = Signer::new("bench", &[4; 32]).unwrap();
    let seconds = best(1, || {
        let options_of_build = BuildOptions {
            run: "bench",
            purpose: "model-improvement",
            store: Store::Conversation,
            as_of: now,
            set: &set,
            engine: &CedarEngine::new(Arc::clone(&set)),
            deid: &consentry_deid::Engine::structured(),
            taint_characters: 60,
            signer: &signer,
            pseudonym_key: &[5; 32],
            version: "bench",
        };
        build(&sources, &options, &options_of_build, &place, &mut Silent).unwrap();
    });
    report("build (decide twice, de-identify, Parquet)", size, seconds);
    let seconds = best(1, || {
        assert!(verify(&place, &[signer.verifier()], &mut Silent).unwrap().holds());
    });
    report("verify (of the history's size)", size, seconds);
}
