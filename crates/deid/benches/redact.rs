//! How fast text is searched and redacted, in megabytes (10⁶ bytes) a second on one thread.
//!
//! `cargo bench -p consentry-deid` measures text that it generates: chat without anything
//! sensitive, chat with a finding every few hundred bytes, and 100 MB inputs made to provoke
//! repeated work. `cargo bench -p consentry-deid -- PATH` measures the file at `PATH`, or every
//! file below it together.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use consentry_deid::{Engine, Scope};
use std::hint::black_box;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

const MEGABYTE: usize = 1_000_000;
/// Runs of each measurement; the fastest counts.
const RUNS: usize = 3;

fn main() -> io::Result<()> {
    let engine = Engine::structured();
    let paths: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if paths.is_empty() {
        generated(&engine);
    }
    for path in paths {
        let mut text = String::new();
        read(Path::new(&path), &mut text)?;
        measure(&engine, &path, &text);
    }
    Ok(())
}

fn generated(engine: &Engine) {
    measure(engine, "chat, clean", &chat(32 * MEGABYTE, 0));
    measure(engine, "chat, a finding every 400 bytes", &chat(32 * MEGABYTE, 8));
    let evil = [
        "a@",
        "@",
        "1 ",
        "1",
        "1.",
        "11-",
        "+1 ",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "eyJ",
        "eyJ.",
        "://",
        "://a:",
        "a:",
        ":AA",
        "GB82 ",
        "AA11",
        "0:",
        "/home/",
        "/home/a ",
        "Bearer ",
        "password=",
        "sk-",
        "tel 1234 ",
        "\\",
    ];
    for seed in evil {
        let text = seed.repeat(100 * MEGABYTE / seed.len());
        let (_, time) = time(|| engine.findings(&text).len());
        println!("{:>9.0} MB/s  100 MB of {seed:?}", rate(text.len(), time));
    }
}

fn measure(engine: &Engine, name: &str, text: &str) {
    let mut best = (Duration::MAX, Duration::MAX);
    let mut found = 0;
    for _ in 0..RUNS {
        let (findings, find) = time(|| engine.findings(black_box(text)));
        let mut scope = Scope::new([1; 32]);
        let (_, redact) = time(|| black_box(engine.redact(black_box(text), &mut scope)));
        best = (best.0.min(find), best.1.min(redact));
        found = findings.len();
    }
    println!(
        "{:>9.0} MB/s found, {:.0} MB/s redacted  {name} ({} bytes, {found} findings)",
        rate(text.len(), best.0),
        rate(text.len(), best.1),
        text.len(),
    );
}

fn time<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

fn rate(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64()
}

/// Sentences of chat, with numbers, code and other languages, and in one sentence of `every`
/// something sensitive; in none when that is 0.
fn chat(bytes: usize, every: usize) -> String {
    const PLAIN: &[&str] = &[
        "Could you explain how the borrow checker treats a loop that pushes into a vector? ",
        "In 2024 the median was 3.5 and the 95th percentile 12.75, up by 4 % on the year before. ",
        "```rust\nfn main() -> io::Result<()> {\n    let total: u64 = values.iter().map(|v| v * 2).sum();\n}\n```\n",
        "{\"id\": 48213, \"when\": \"2026-01-20T14:02:11Z\", \"tags\": [\"a\", \"b\"], \"ok\": true}\n",
        "Die Übersetzung klingt etwas steif; versuchen wir es noch einmal, diesmal freier. ",
        "这个函数返回一个列表，每个元素都是一个字符串。",
        "See https://docs.rs/serde/latest/serde/ for the list of attributes and what they do. ",
        "commit 3f2c9b1d7a64e5f08b9c1d2e3f4a5b6c7d8e9f00 moved the parser into its own module. ",
    ];
    const SENSITIVE: &[&str] = &[
        "You can write to grace.b@corp.io about it. ",
        "My number is +44 20 7946 0958, call me. ",
        "File \"/home/grace/project/main.py\", line 12, in run. ",
        "The server at 10.20.30.40 answered. ",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % bound
    };
    let mut text = String::with_capacity(bytes + 100);
    while text.len() < bytes {
        let sensitive = every > 0 && next(every) == 0;
        let list = if sensitive { SENSITIVE } else { PLAIN };
        text.push_str(list.get(next(list.len())).copied().unwrap_or_default());
    }
    text
}

/// Adds the text of the file at `path`, or of every file below it in the order of their names.
fn read(path: &Path, text: &mut String) -> io::Result<()> {
    if !path.is_dir() {
        text.push_str(&String::from_utf8_lossy(&std::fs::read(path)?));
        return Ok(());
    }
    let mut below = Vec::new();
    for entry in path.read_dir()? {
        below.push(entry?.path());
    }
    below.sort();
    below.iter().try_for_each(|path| read(path, text))
}
