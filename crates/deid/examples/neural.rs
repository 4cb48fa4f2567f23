//! Finds names in texts, by the tagger alone or with the names model, and says how fast it was.
//!
//! `neural HOW WEIGHTS MODEL VOCAB < texts.jsonl > found.jsonl`, where each line of the input has an `id`
//! and a `text`. `HOW` is `fast` (the tagger alone), `found`, `possible` or `all` (the tagger and what
//! it leaves to the model), or `model` (the model alone, sentence by sentence). `WEIGHTS` is
//! `data/names.bin`. Spans are counted in characters.

use consentry_deid::names::neural::{Neural, spans, stretches};
use consentry_deid::names::{Ask, Names};
use consentry_deid::{Finding, FindingKind};
use std::error::Error;
use std::io::{Read, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [how, weights, model, vocab] = arguments.as_slice() else {
        return Err("expected HOW WEIGHTS MODEL VOCAB".into());
    };
    let names = Names::load(&std::fs::read(weights)?)?;
    let neural = Neural::load(&std::fs::read(model)?, &std::fs::read_to_string(vocab)?)?;
    let find = |text: &str| match how.as_str() {
        "fast" => Ok(names.find(text)),
        "found" => Ok(names.thorough(&neural, Ask::Found, text)?),
        "possible" => Ok(names.thorough(&neural, Ask::Possible, text)?),
        "all" => Ok(names.thorough(&neural, Ask::All, text)?),
        "model" => alone(&neural, text),
        other => Err(format!("`{other}` is no way to find names").into()),
    };
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let rows: Vec<serde_json::Value> =
        input.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let mut out = std::io::stdout().lock();
    let text = |row: &serde_json::Value| {
        row.get("text").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let texts: Vec<String> = rows.iter().map(text).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let before = cpu_seconds()?;
    let found: Vec<Vec<Finding>> = texts.iter().map(|text| find(text)).collect::<Result<_, _>>()?;
    let seconds = cpu_seconds()? - before;
    for ((row, text), found) in rows.iter().zip(&texts).zip(&found) {
        let found: Vec<_> = found.iter().map(|finding| row_of(text, finding)).collect();
        writeln!(out, "{}", serde_json::json!({"id": row.get("id"), "spans": found}))?;
    }
    eprintln!(
        "{bytes} bytes in {seconds:.2} CPU seconds: {:.4} MB/s",
        bytes as f64 / seconds / 1e6
    );
    Ok(())
}

fn alone(neural: &Neural, text: &str) -> Result<Vec<Finding>, Box<dyn Error>> {
    let parts = stretches(text, 0);
    let sentences: Vec<&str> =
        parts.iter().map(|part| text.get(part.clone()).unwrap_or_default()).collect();
    let tagged = neural.tag(&sentences)?;
    let mut found = Vec::new();
    for (part, (sentence, pieces)) in parts.iter().zip(sentences.iter().zip(&tagged)) {
        for finding in spans(sentence, pieces) {
            let (start, end) = (finding.start + part.start, finding.end + part.start);
            found.push(Finding { start, end, ..finding });
        }
    }
    Ok(found)
}

fn row_of(text: &str, finding: &Finding) -> serde_json::Value {
    let at = |byte: usize| text.get(..byte).map_or(0, |head| head.chars().count());
    let kind = match finding.kind {
        FindingKind::Person => "PERSON",
        FindingKind::Location => "LOC",
        _ => "ORG",
    };
    serde_json::json!([at(finding.start), at(finding.end), kind])
}

/// What all threads of the process used, as Linux counts it in hundredths of a second.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().ok_or("no process name")?;
    let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<Result<f64, _>>()? / 100.0)
}
