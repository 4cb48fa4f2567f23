//! Finds persons and addresses in labelled texts with the names model, and says how fast it was.
//!
//! `neural MODEL VOCAB BYTES < texts.jsonl > found.jsonl`, where each line of the input has an `id` and
//! a `text`, and `BYTES` is how much is read at a time (0: a sentence). Spans are counted in
//! characters.

use consentry_deid::FindingKind;
use consentry_deid::names::neural::{Neural, spans, stretches};
use std::error::Error;
use std::io::{Read, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, vocab, most] = arguments.as_slice() else {
        return Err("expected MODEL VOCAB BYTES".into());
    };
    let most = most.parse()?;
    let neural =
        Neural::load(&std::fs::read(model)?, &std::fs::read_to_string(vocab)?)?;
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let rows: Vec<serde_json::Value> =
        input.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let mut out = std::io::stdout().lock();
    let (mut bytes, before) = (0, cpu_seconds()?);
    for rows in rows.chunks(256) {
        let texts: Vec<&str> = rows
            .iter()
            .map(|row| row["text"].as_str().ok_or("a line has no text"))
            .collect::<Result<_, _>>()?;
        let parts: Vec<_> = texts.iter().map(|text| stretches(text, most)).collect();
        let units: Vec<&str> = texts
            .iter()
            .zip(&parts)
            .flat_map(|(text, parts)| {
                parts.iter().map(|part| text.get(part.clone()).unwrap_or_default())
            })
            .collect();
        let mut tagged = neural.tag(&units)?.into_iter();
        for ((row, text), parts) in rows.iter().zip(texts).zip(parts) {
            bytes += text.len();
            let mut found = Vec::new();
            for (part, pieces) in parts.into_iter().zip(tagged.by_ref()) {
                let unit = text.get(part.clone()).unwrap_or_default();
                for finding in spans(unit, &pieces) {
                    let at = |byte: usize| {
                        text.get(..part.start + byte).map_or(0, |head| head.chars().count())
                    };
                    let kind = if finding.kind == FindingKind::Person { "PERSON" } else { "LOC" };
                    found.push(serde_json::json!([at(finding.start), at(finding.end), kind]));
                }
            }
            writeln!(out, "{}", serde_json::json!({"id": row["id"], "spans": found}))?;
        }
    }
    let seconds = cpu_seconds()? - before;
    eprintln!(
        "{bytes} bytes in {seconds:.2} CPU seconds: {:.4} MB/s",
        bytes as f64 / seconds / 1e6
    );
    Ok(())
}

/// What all threads of the process used, as Linux counts it in hundredths of a second.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().ok_or("no process name")?;
    let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<Result<f64, _>>()? / 100.0)
}
