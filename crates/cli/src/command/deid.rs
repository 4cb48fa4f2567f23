//! `consentry deid`, and which engine a profile names.

use crate::arguments::{Detection, Profile, Score as Arguments};
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::note;
use consentry_deid::names::neural::{self, Neural};
use consentry_deid::score::{Agreement, Counts, Score, Span};
use consentry_deid::{Engine, FindingKind, Plan};
use consentry_lake::history::{Source, Unpacked};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::sync::Arc;

/// The files of the names model in its folder.
const MODEL_FILES: [&str; 2] = ["model_q4.onnx", "vocab.txt"];
/// The folder of the names model, beside the keys.
const MODEL_FOLDER: &str = "names-model";

/// The engine that was asked for.
pub fn engine(detection: &Detection) -> Result<Engine, Failure> {
    let in_settings = |error: &dyn std::fmt::Display| match &detection.deid_settings {
        Some(path) => Failure::Input(format!("{}: {error}", path.display())),
        None => Failure::work(error),
    };
    let settings = match &detection.deid_settings {
        Some(path) => std::fs::read_to_string(path).map_err(|error| in_settings(&error))?,
        None => String::new(),
    };
    let profile = match detection.profile {
        Profile::Structured => consentry_deid::Profile::Structured,
        Profile::Fast => consentry_deid::Profile::Fast,
        Profile::Thorough => consentry_deid::Profile::Thorough,
        Profile::Exhaustive => consentry_deid::Profile::Exhaustive,
    };
    let plan = Plan { profile, settings };
    let engine = if matches!(detection.profile, Profile::Thorough | Profile::Exhaustive) {
        plan.engine_with(&names_model(detection)?)
    } else {
        plan.engine()
    };
    engine.map_err(|error| in_settings(&error))
}

/// The names model, from the folder that was named.
fn names_model(detection: &Detection) -> Result<Arc<Neural>, Failure> {
    let folder = match (&detection.names_model, std::env::var_os("CONSENTRY_NAMES_MODEL")) {
        (Some(folder), _) => folder.clone(),
        (None, Some(folder)) if !folder.is_empty() => folder.into(),
        _ => home::home()?.directory().join(MODEL_FOLDER),
    };
    let wrong = |file: &str, error: &dyn std::fmt::Display| {
        Failure::Input(format!(
            "{}: {error}; `cargo xtask model` fetches the names model, `--names-model` or \
             CONSENTRY_NAMES_MODEL says where it is, and without it there is the profile `fast`",
            folder.join(file).display()
        ))
    };
    let [model, vocabulary] = MODEL_FILES;
    let bytes = std::fs::read(folder.join(model)).map_err(|error| wrong(model, &error))?;
    neural::verify(&bytes).map_err(|error| wrong(model, &error))?;
    let words = std::fs::read_to_string(folder.join(vocabulary))
        .map_err(|error| wrong(vocabulary, &error))?;
    let model = Neural::load(&bytes, &words).map_err(|error| wrong(vocabulary, &error))?;
    Ok(Arc::new(model))
}

/// A labelled text, or the findings of another program in it.
#[derive(Deserialize)]
struct Row {
    id: Id,
    #[serde(default)]
    text: Option<String>,
    spans: Vec<LabelledSpan>,
    #[serde(default)]
    labelled: Vec<String>,
}

impl Row {
    /// Whether every span has characters, and within the text where that is known.
    fn check(&self) -> Result<(), String> {
        let length = self.text.as_ref().map_or(usize::MAX, |text| text.chars().count());
        for span in &self.spans {
            let (LabelledSpan::Three(start, end, _) | LabelledSpan::Four(start, end, _, _)) = span;
            if start >= end || *end > length {
                let label = span.label();
                return Err(match &self.text {
                    Some(_) => format!(
                        "expected spans within the text of {length} characters, found \
                         [{start}, {end}, {label:?}]"
                    ),
                    None => format!("expected spans, found [{start}, {end}, {label:?}]"),
                });
            }
        }
        Ok(())
    }
}

#[derive(Deserialize, PartialEq, Eq, Hash, Clone)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(i64),
}

/// Start, end and label; sets may add the label of their source.
#[derive(Deserialize)]
#[serde(untagged)]
enum LabelledSpan {
    Three(usize, usize, String),
    Four(usize, usize, String, serde::de::IgnoredAny),
}

impl LabelledSpan {
    fn label(&self) -> &str {
        let (Self::Three(_, _, label) | Self::Four(_, _, label, _)) = self;
        label
    }
}

impl From<LabelledSpan> for Span {
    fn from(span: LabelledSpan) -> Self {
        let (LabelledSpan::Three(start, end, label) | LabelledSpan::Four(start, end, label, _)) =
            span;
        Self { start, end, label }
    }
}

/// The labels that sets use for what a kind is. A kind's own name is a label too.
const fn label(kind: FindingKind) -> Option<&'static str> {
    Some(match kind {
        FindingKind::Person => "PERSON",
        FindingKind::Location => "LOC",
        FindingKind::Organisation => "ORG",
        FindingKind::DateOfBirth => "DATE",
        FindingKind::Age => "AGE",
        FindingKind::Email => "EMAIL",
        FindingKind::Phone => "PHONE",
        FindingKind::Card => "CARD",
        FindingKind::Iban => "IBAN",
        FindingKind::UsSsn => "SSN",
        FindingKind::NationalId | FindingKind::Passport | FindingKind::DrivingLicence => "ID",
        FindingKind::Ip => "IP",
        FindingKind::Secret => "SECRET",
        _ => return None,
    })
}

pub fn score(arguments: &Arguments) -> Result<Exit, Failure> {
    let gold = read(&arguments.gold)?;
    let labels = labels(&gold, &arguments.labels);
    let predictions = arguments.predictions.as_deref().map(read).transpose()?;
    let mut predictions: Option<HashMap<Id, Vec<LabelledSpan>>> =
        predictions.map(|rows| rows.into_iter().map(|row| (row.id, row.spans)).collect());
    if predictions.is_none() {
        warn_of_unknown(&labels);
    }
    let engine = engine(&arguments.detection)?;
    let mut score = Score::new(labels.iter().cloned());
    let (mut bytes, mut texts) = (0_u64, 0_u64);
    for (row, line) in gold.into_iter().zip(1_u64..) {
        let Some(text) = row.text else {
            let place = format!("{}:{line}", arguments.gold.display());
            return Err(Failure::Input(format!("{place}: expected a text in the field `text`")));
        };
        let found: Vec<Span> = match &mut predictions {
            Some(all) => {
                let spans = all.remove(&row.id).unwrap_or_default();
                spans.into_iter().map(Into::into).collect()
            }
            None => findings(&engine, &text, &labels),
        };
        let spans: Vec<Span> = row.spans.into_iter().map(Into::into).collect();
        score.add(&text, &spans, &found);
        bytes = bytes.saturating_add(u64::try_from(text.len()).unwrap_or(u64::MAX));
        texts = texts.saturating_add(1);
    }
    let tiers = if predictions.is_some() { Vec::new() } else { engine.tiers() };
    tell(&Table::of(&score, tiers, texts, bytes), arguments.json)?;
    Ok(Exit::Done)
}

/// Says which labels nothing will be found for, whatever the texts hold.
fn warn_of_unknown(labels: &BTreeSet<String>) {
    let is_known = |asked: &str| {
        FindingKind::ALL.iter().any(|&kind| kind.as_str() == asked || label(kind) == Some(asked))
    };
    let unknown: Vec<&str> = labels.iter().map(String::as_str).filter(|l| !is_known(l)).collect();
    if !unknown.is_empty() {
        let known: BTreeSet<&str> =
            FindingKind::ALL.iter().filter_map(|&kind| label(kind)).collect();
        let known: Vec<&str> = known.into_iter().collect();
        note(format_args!(
            "warning: no finding has the label {}; there are {} and the names of kinds",
            unknown.join(", "),
            known.join(", ")
        ));
    }
}

/// The labels that count: those asked for, or those that the texts say they are labelled with, or
/// those that occur.
fn labels(gold: &[Row], asked: &[String]) -> BTreeSet<String> {
    let labels: BTreeSet<String> = asked.iter().cloned().collect();
    if !labels.is_empty() {
        return labels;
    }
    let said: BTreeSet<String> = gold.iter().flat_map(|row| row.labelled.iter().cloned()).collect();
    if !said.is_empty() {
        return said;
    }
    let spans = gold.iter().flat_map(|row| &row.spans);
    spans.map(|span| span.label().to_owned()).collect()
}

/// What the engine finds, in characters and under the labels of the set.
fn findings(engine: &Engine, text: &str, labels: &BTreeSet<String>) -> Vec<Span> {
    let mut spans = Vec::new();
    let (mut bytes, mut characters) = (0, 0);
    let mut count = |to: usize| {
        characters += text.get(bytes..to).map_or(0, |part| part.chars().count());
        bytes = to;
        characters
    };
    for finding in engine.findings(text) {
        let (start, end) = (count(finding.start), count(finding.end));
        let own = finding.kind.as_str();
        let label = if labels.contains(own) { Some(own) } else { label(finding.kind) };
        if let Some(label) = label {
            spans.push(Span { start, end, label: label.to_owned() });
        }
    }
    spans
}

/// The rows of a file, packed or not; of standard input for `-`.
fn read(path: &Path) -> Result<Vec<Row>, Failure> {
    let source = Source::from_argument(path.to_owned());
    let name = source.name();
    let file =
        Unpacked::open(&source).map_err(|error| Failure::Input(format!("{name}: {error}")))?;
    let mut rows = Vec::new();
    let mut seen = HashSet::new();
    for (line, number) in BufReader::new(file).lines().zip(1_u64..) {
        let wrong = |what: String| Failure::Input(format!("{name}:{number}: {what}"));
        let line = line.map_err(|error| wrong(error.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        let row: Row = serde_json::from_str(&line).map_err(|error| {
            wrong(format!(
                "expected a row with `id` and `spans`, each span [start, end, label]: {error}"
            ))
        })?;
        row.check().map_err(wrong)?;
        if !seen.insert(row.id.clone()) {
            return Err(wrong("expected an `id` that no earlier row has".to_owned()));
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(Failure::Input(format!("{name}: expected labelled texts, found no line")));
    }
    Ok(rows)
}

/// What is told.
#[derive(Serialize)]
struct Table {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tiers: Vec<&'static str>,
    texts: u64,
    bytes: u64,
    labels: BTreeMap<String, Line>,
    all: Line,
    characters: Figures,
}

#[derive(Serialize)]
struct Line {
    gold: usize,
    found: usize,
    strict: Figures,
    overlap: Figures,
}

#[derive(Serialize)]
struct Figures {
    precision: f64,
    recall: f64,
    f1: f64,
}

impl From<Counts> for Figures {
    fn from(counts: Counts) -> Self {
        Self { precision: counts.precision(), recall: counts.recall(), f1: counts.f1() }
    }
}

impl From<Agreement> for Line {
    fn from(agreement: Agreement) -> Self {
        Self {
            gold: agreement.overlap.gold,
            found: agreement.overlap.found,
            strict: agreement.strict.into(),
            overlap: agreement.overlap.into(),
        }
    }
}

impl Table {
    fn of(score: &Score, tiers: Vec<&'static str>, texts: u64, bytes: u64) -> Self {
        let labels =
            score.labels().map(|(label, agreement)| (label.to_owned(), (*agreement).into()));
        Self {
            tiers,
            texts,
            bytes,
            labels: labels.collect(),
            all: score.all().into(),
            characters: score.characters().into(),
        }
    }
}

fn tell(table: &Table, json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, table).map_err(Failure::work)?;
        writeln!(out)?;
        return Ok(());
    }
    let three = |Figures { precision, recall, f1 }: &Figures| {
        format!("{precision:>9.3} {recall:>6.3} {f1:>5.3}")
    };
    let widest = table.labels.keys().map(|label| label.chars().count()).max().unwrap_or(0).max(5);
    writeln!(
        out,
        "{:widest$} {:>6} {:>6}   strict P      R    F1  overlap P      R    F1",
        "label", "gold", "found"
    )?;
    let all = String::from("all");
    for (label, line) in table.labels.iter().chain([(&all, &table.all)]) {
        let (strict, overlap) = (three(&line.strict), three(&line.overlap));
        let (gold, found) = (line.gold, line.found);
        writeln!(out, "{label:widest$} {gold:>6} {found:>6}  {strict}  {overlap}")?;
    }
    let characters = three(&table.characters);
    writeln!(out, "characters, whatever the label: P, R, F1{characters}")?;
    let tiers = if table.tiers.is_empty() { String::new() } else { table.tiers.join(", ") + "; " };
    writeln!(out, "{tiers}{} texts, {} bytes", table.texts, table.bytes)?;
    Ok(())
}
