//! How fast text that connectors brought in is followed, in megabytes (10⁶ bytes) a second on one
//! thread, beside the plain way of doing it: a set of every window of sixty bytes of the results,
//! asked for every window of every later text.
//!
//! `cargo bench -p consentry-deid --bench taint` measures a generated conversation of which one
//! part in ten is a result, at growing sizes; `-- HISTORY` measures the conversations of a history
//! as `consentry import` writes it.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use consentry_deid::Taint;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::time::{Duration, Instant};

const LEAST: usize = 60;
const RUNS: usize = 3;

/// Whether a connector brought it in, and the text.
type Part = (bool, String);

fn main() -> io::Result<()> {
    let paths: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    for path in &paths {
        measure(path, &conversations(&std::fs::read_to_string(path)?)?);
    }
    if paths.is_empty() {
        for megabytes in [1, 4, 16] {
            measure(&format!("generated, {megabytes} MB"), &[generated(megabytes * 1_000_000)]);
        }
    }
    Ok(())
}

/// The parts of each conversation, in the order of the lines.
fn conversations(history: &str) -> io::Result<Vec<Vec<Part>>> {
    let mut all: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for line in history.lines() {
        let event: Value = serde_json::from_str(line)?;
        let parts = event.pointer("/data/parts").and_then(Value::as_array);
        let subject = event.get("subject").and_then(Value::as_str).unwrap_or_default();
        for part in parts.into_iter().flatten() {
            let text = part.get("text").and_then(Value::as_str).unwrap_or_default();
            let connector = part.get("origin").and_then(Value::as_str) == Some("connector");
            all.entry(subject.to_owned()).or_default().push((connector, text.to_owned()));
        }
    }
    Ok(all.into_values().collect())
}

/// Words at random; every fifth part that is no result quotes a piece of one.
fn generated(bytes: usize) -> Vec<Part> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % bound
    };
    let (mut parts, mut written) = (Vec::<Part>::new(), 0);
    let mut results: Vec<usize> = Vec::new();
    while written < bytes {
        let number = parts.len();
        let mut text = String::new();
        for _ in 0..200 {
            for _ in 0..3 + next(6) {
                text.push(char::from(b'a' + next(26) as u8));
            }
            text.push(if next(12) == 0 { '\n' } else { ' ' });
        }
        if number.is_multiple_of(10) {
            results.push(number);
        } else if number.is_multiple_of(5)
            && let Some((_, quoted)) =
                results.get(next(results.len())).and_then(|at| parts.get(*at))
        {
            text.push_str(quoted.get(100..400).unwrap_or_default());
        }
        written += text.len();
        parts.push((number.is_multiple_of(10), text));
    }
    parts
}

fn measure(name: &str, conversations: &[Vec<Part>]) {
    let bytes: usize = conversations.iter().flatten().map(|(_, text)| text.len()).sum();
    let (mut ours, mut plain) = (Duration::MAX, Duration::MAX);
    let (mut found, mut repeated, mut windows) = (0, 0, 0);
    for _ in 0..RUNS {
        let start = Instant::now();
        (found, repeated) = conversations
            .iter()
            .map(|parts| follow(parts))
            .fold((0, 0), |(found, repeated), (one, bytes)| (found + one, repeated + bytes));
        ours = ours.min(start.elapsed());
        let start = Instant::now();
        windows = conversations.iter().map(|parts| follow_plainly(parts)).sum();
        plain = plain.min(start.elapsed());
    }
    let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    println!(
        "{:>7.0} MB/s, a set of windows {:.0} MB/s  {name}: {bytes} bytes, {found} stretches of \
         {repeated} bytes, {windows} windows",
        rate(ours),
        rate(plain),
    );
}

fn follow(parts: &[Part]) -> (usize, usize) {
    let mut taint = Taint::new(LEAST);
    let (mut found, mut bytes) = (0, 0);
    for (connector, text) in parts {
        if *connector {
            taint.learn(text);
            continue;
        }
        for stretch in taint.stretches(text) {
            found += 1;
            bytes += stretch.len();
        }
    }
    (found, bytes)
}

fn follow_plainly(parts: &[Part]) -> usize {
    let mut known: HashSet<&[u8]> = HashSet::new();
    let mut found = 0;
    for (connector, text) in parts {
        let windows = text.as_bytes().windows(LEAST);
        if *connector {
            known.extend(windows);
        } else if !known.is_empty() {
            found += windows.filter(|window| known.contains(window)).count();
        }
    }
    found
}
