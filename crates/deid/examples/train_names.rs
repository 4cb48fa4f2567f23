//! Learns the weights of the name tagger.
//!
//! `cargo run --release -p consentry-deid --example train_names -- LISTS OUT PASSES CORPUS…`, where
//! `training/corpus.py` and `training/distil.py` wrote LISTS (`given|family|place|country|common`, a tab, a name, on each line) and
//! every CORPUS (`{"text": …, "spans": [[start, end, "PERSON"|"LOC"|"ORG"], …]}` on each line, in
//! characters).
//!
//! `… --example train_names -- --find WEIGHTS TEXTS` instead reads texts (`{"id": …, "text": …}`) and
//! prints what the tagger finds, in the same form, and each sentence with its margin, with the time it took on the last line of the
//! standard error.

#![expect(clippy::disallowed_methods, reason = "the time that finding takes is read off a clock")]

use consentry_deid::FindingKind;
use consentry_deid::names::{NameList, Names, Trainer};
use serde_json::Value;
use std::error::Error;
use std::fs;
use std::io::Write;

/// Rows of the table of lists.
const SLOTS: usize = 1 << 17;
const SEED: u64 = 2017;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--find", weights, texts] => find(weights, texts),
        [lists, out, passes, corpora @ ..] => train(lists, out, passes.parse()?, corpora),
        _ => Err("expected LISTS OUT PASSES CORPUS…, or --find WEIGHTS TEXTS".into()),
    }
}

fn train(lists: &str, out: &str, passes: usize, corpora: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut trainer = Trainer::new(SLOTS, SEED);
    for line in fs::read_to_string(lists)?.lines() {
        let (list, name) = line.split_once('\t').ok_or("a line of LISTS has no tab")?;
        let list = match list {
            "given" => NameList::Given,
            "family" => NameList::Family,
            "place" => NameList::Place,
            "country" => NameList::Country,
            "common" => NameList::Common,
            _ => return Err(format!("`{list}` is no list").into()),
        };
        trainer.list(list, name);
    }
    let texts = corpora.iter().map(fs::read_to_string).collect::<Result<String, _>>()?;
    for line in texts.lines() {
        let row: Value = serde_json::from_str(line)?;
        let text = row.get("text").and_then(Value::as_str).ok_or("a row has no text")?;
        let spans: Option<Vec<_>> = row
            .get("spans")
            .and_then(Value::as_array)
            .ok_or("a row has no spans")?
            .iter()
            .map(|span| span_of(text, span))
            .collect();
        trainer.add(text, &spans.ok_or("a span is not [start, end, type]")?);
    }
    for pass in 1..=passes {
        println!("pass {pass}: {:.4} of the tokens right", trainer.pass());
    }
    fs::write(out, trainer.weights())?;
    Ok(())
}

/// A span in bytes.
fn span_of(text: &str, span: &Value) -> Option<(usize, usize, FindingKind)> {
    let byte = |place: usize| {
        let count = usize::try_from(span.get(place)?.as_u64()?).ok()?;
        Some(text.char_indices().nth(count).map_or(text.len(), |(at, _)| at))
    };
    let kind = match span.get(2)?.as_str()? {
        "PERSON" => FindingKind::Person,
        "LOC" => FindingKind::Location,
        "ORG" => FindingKind::Organisation,
        _ => return None,
    };
    Some((byte(0)?, byte(1)?, kind))
}

fn find(weights: &str, texts: &str) -> Result<(), Box<dyn Error>> {
    let names = Names::load(&fs::read(weights)?)?;
    let rows = fs::read_to_string(texts)?;
    let rows: Vec<Value> = rows.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let text = |row: &Value| row.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
    let texts: Vec<String> = rows.iter().map(text).collect();
    let start = std::time::Instant::now();
    let found: Vec<_> = texts.iter().map(|text| names.tag(text)).collect();
    let time = start.elapsed();
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut out = std::io::stdout().lock();
    for ((row, text), tagged) in rows.iter().zip(&texts).zip(&found) {
        let count = |end: usize| text.get(..end).map_or(0, |before| before.chars().count());
        let spans: Vec<Value> = tagged
            .findings
            .iter()
            .map(|finding| {
                let kind = match finding.kind {
                    FindingKind::Person => "PERSON",
                    FindingKind::Location => "LOC",
                    _ => "ORG",
                };
                serde_json::json!([count(finding.start), count(finding.end), kind])
            })
            .collect();
        let sentences = tagged.sentences.iter();
        let sentences: Vec<_> =
            sentences.map(|one| (count(one.start), count(one.end), one.margin)).collect();
        let row =
            serde_json::json!({ "id": row.get("id"), "spans": spans, "sentences": sentences });
        writeln!(out, "{row}")?;
    }
    eprintln!("{bytes} bytes in {time:?}");
    Ok(())
}
