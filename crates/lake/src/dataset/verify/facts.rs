//! That every decision follows from the frozen facts, and everything else from the decisions.

use super::super::facts_table::{self, FactsRow};
use super::super::merkle::Root;
use super::super::outcome::{Outcome, Standing, count_part, count_source, outcomes};
use super::Verification;
use super::data::{DataRow, DataRows, reader};
use super::files::inside;
use crate::progress::Progress;
use consentry_formats::dataset::manifest::{Counts, Manifest};
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use consentry_model::{Instant, Role, Store};
use consentry_policy::{CedarEngine, Decision, Engine as _, PolicySet, Request};
use std::path::Path;
use std::sync::Arc;

/// What one row of frozen facts says, and what the policies say to it.
struct CheckedRow {
    number: u64,
    place: String,
    recorded: String,
    standing: Standing,
}

struct Check<'v> {
    store: Store,
    purpose: &'v str,
    now: Instant,
    engine: CedarEngine,
    data: Option<DataRows>,
    /// The rows of the conversation or copy at hand.
    group: Vec<CheckedRow>,
    group_id: String,
    group_surface: Option<String>,
    group_label: Option<bool>,
    counts: Counts,
    root: Root,
    rows: u64,
    last: Option<(String, i32, i32)>,
    result: &'v mut Verification,
}

pub(super) fn check(
    folder: &Path,
    manifest: &Manifest,
    set: Arc<PolicySet>,
    progress: &mut dyn Progress,
    result: &mut Verification,
) {
    progress.step("deciding", Some(manifest.facts.rows));
    let data = match DataRows::new(folder, manifest) {
        Ok(data) => Some(data),
        Err(what) => {
            result.violated("examples", what);
            None
        }
    };
    let mut check = Check {
        store: manifest.summary.store,
        purpose: &manifest.summary.purpose,
        now: manifest.summary.as_of,
        engine: CedarEngine::new(set),
        data,
        group: Vec::new(),
        group_id: String::new(),
        group_surface: None,
        group_label: None,
        counts: Counts::default(),
        root: Root::new(),
        rows: 0,
        last: None,
        result,
    };
    if let Err(what) = check.read(folder, manifest, progress) {
        check.result.violated("decisions", format!("{}: {what}", manifest.facts.path));
        return;
    }
    check.finish(manifest);
}

impl Check<'_> {
    fn read(
        &mut self,
        folder: &Path,
        manifest: &Manifest,
        progress: &mut dyn Progress,
    ) -> Result<(), String> {
        let place = inside(folder, &manifest.facts.path)?;
        let batches = reader(&place)?.with_batch_size(4096).build();
        let resource = match self.store {
            Store::Conversation => Resource::Part,
            Store::Feedback => Resource::FeedbackPart,
        };
        for batch in batches.map_err(|error| error.to_string())? {
            let batch = batch.map_err(|error| error.to_string())?;
            let rows = facts_table::rows(&batch, resource)?;
            let facts: Vec<Facts<'_>> = rows.iter().map(|row| row.facts.clone()).collect();
            let train = Request { action: "train", purpose: self.purpose, now: self.now };
            let decisions = self.decide(&train, &facts);
            let kept = self.decide(&Request { action: "retain", ..train }, &facts);
            for ((row, decision), kept) in rows.iter().zip(&decisions).zip(&kept) {
                self.row(row, decision, kept.permit);
            }
            progress.advance(batch.num_rows() as u64);
        }
        self.end_group();
        Ok(())
    }

    /// `decision` and `kept` are what the policies say to the row's facts.
    fn row(&mut self, row: &FactsRow<'_>, decision: &Decision, kept: bool) {
        self.rows += 1;
        let place = format!(
            "facts.parquet row {} (example {}, message {}, part {})",
            self.rows, row.example_id, row.message, row.part
        );
        let key = (row.example_id.to_owned(), row.message, row.part);
        if self.last.as_ref().is_some_and(|last| *last >= key) {
            self.result.violated("decisions", format!("{place} is out of order or repeated"));
        }
        if row.example_id != self.group_id {
            self.end_group();
            row.example_id.clone_into(&mut self.group_id);
            self.group_surface = text(&row.facts, Attribute::Surface);
            self.group_label = text(&row.facts, Attribute::Rating).map(|word| word == "up");
        }
        self.last = Some(key);
        let reasons = decision.reasons.join("+");
        if decision.permit != row.permit || reasons != row.reasons {
            let say = |permit, reasons: &str| {
                format!("{} [{reasons}]", if permit { "permit" } else { "deny" })
            };
            let what = format!(
                "{place}: recorded {}, but from its facts follows {}",
                say(row.permit, row.reasons),
                say(decision.permit, &reasons)
            );
            self.result.violated("decisions", what);
        }
        let standing = Standing {
            message: row.message,
            // A decision that does not follow is told already; what comes after it is held to what
            // is recorded.
            permit: row.permit,
            kept: row.permit && kept,
            has_content: row.has_content,
            rated: row.rated,
            assistant: text(&row.facts, Attribute::Role).as_deref()
                == Some(Role::Assistant.as_str()),
        };
        let recorded = row.outcome.to_owned();
        // Counts follow what is recorded, so that one wrong row is told once.
        let outcome = match row.outcome {
            "included" => Some(Outcome::Included),
            "denied" => Some(Outcome::Denied),
            word => super::super::outcome::left_out(word),
        };
        match outcome {
            Some(outcome) => count_part(&mut self.counts, &row.facts, outcome, row.reasons),
            None => {
                self.result.violated("outcomes", format!("{place}: `{recorded}` is no outcome"))
            }
        }
        self.group.push(CheckedRow { number: self.rows, place, recorded, standing });
    }

    /// A request that cannot be asked (a set without the action) is a denial.
    fn decide(&self, request: &Request<'_>, facts: &[Facts<'_>]) -> Vec<Decision> {
        self.engine.decide_all(request, facts).unwrap_or_else(|error| {
            let reasons = [Arc::from(error.to_string())].into();
            vec![Decision { permit: false, reasons }; facts.len()]
        })
    }

    fn end_group(&mut self) {
        let group = std::mem::take(&mut self.group);
        if group.is_empty() {
            return;
        }
        let standings: Vec<Standing> = group.iter().map(|row| row.standing).collect();
        let (ends, without) = outcomes(self.store, &standings);
        for (row, end) in group.iter().zip(&ends) {
            if row.recorded != end.as_str() {
                let what = format!(
                    "{}: recorded as {}, but from its facts follows {}",
                    row.place,
                    row.recorded,
                    end.as_str()
                );
                self.result.violated("outcomes", what);
            }
        }
        count_source(&mut self.counts, &ends, without);
        let included = group.iter().filter(|row| row.recorded == Outcome::Included.as_str());
        let included = included.count();
        if included > 0 {
            let first = group.first().map_or(0, |row| row.number);
            self.example(included, first);
        }
    }

    /// Compares the next row of the data with what the facts say must be there.
    fn example(&mut self, included: usize, first_row: u64) {
        let id = self.group_id.clone();
        let what = match self.next_data() {
            None => format!("example {id} (facts.parquet row {first_row}) is not in the data"),
            Some(row) if row.id != id => {
                format!(
                    "{}: example {}, expected {id} by facts.parquet row {first_row}",
                    row.place, row.id
                )
            }
            Some(row) if usize::try_from(row.parts).ok() != Some(included) => {
                format!("{}: {} parts, but the facts include {included}", row.place, row.parts)
            }
            Some(row) if row.surface != self.group_surface && self.store == Store::Conversation => {
                format!("{}: the surface is not that of the facts", row.place)
            }
            Some(row) if row.label != self.group_label => {
                format!("{}: the label is not the rating of the facts", row.place)
            }
            Some(row) if !row.has_messages => format!("{}: no messages", row.place),
            Some(_) => return,
        };
        self.result.violated("examples", what);
    }

    fn next_data(&mut self) -> Option<DataRow> {
        match self.data.as_mut()?.next() {
            Ok(Some(row)) => {
                self.root.push(row.id.as_bytes());
                self.result.examples += 1;
                Some(row)
            }
            Ok(None) => None,
            Err(what) => {
                self.data = None;
                self.result.violated("examples", what);
                None
            }
        }
    }

    fn finish(mut self, manifest: &Manifest) {
        while let Some(row) = self.next_data() {
            let what = format!("{}: example {} follows from no facts", row.place, row.id);
            self.result.violated("examples", what);
        }
        self.result.parts = self.rows;
        let summary = &manifest.summary;
        let root = crate::hex(&self.root.finish());
        if root != summary.merkle_root {
            let claimed = &summary.merkle_root;
            let what = format!("the example ids have the root {root}, the manifest says {claimed}");
            self.result.violated("merkle-root", what);
        }
        if self.rows != manifest.facts.rows {
            let claimed = manifest.facts.rows;
            let what = format!("facts.parquet has {} rows, the manifest says {claimed}", self.rows);
            self.result.violated("counts", what);
        }
        let counted = Counts {
            lines: summary.counts.lines,
            lines_quarantined: summary.counts.lines_quarantined,
            ..self.counts
        };
        self.result.checked.extend(["decisions", "outcomes", "counts"]);
        // Rows behind one that cannot be read were not compared.
        if self.data.is_some() {
            self.result.checked.extend(["examples", "merkle-root"]);
        }
        for (name, counted, claimed) in differences(&counted, &summary.counts) {
            let what = format!("{name}: the facts give {counted}, the manifest says {claimed}");
            self.result.violated("counts", what);
        }
    }
}

fn text(facts: &Facts<'_>, attribute: Attribute) -> Option<String> {
    match facts.get(attribute) {
        Some(Value::Text(text)) => Some(text.to_owned()),
        _ => None,
    }
}

/// The fields of the counts that differ, with both values.
fn differences(counted: &Counts, claimed: &Counts) -> Vec<(String, String, String)> {
    let (Ok(serde_json::Value::Object(counted)), Ok(serde_json::Value::Object(claimed))) =
        (serde_json::to_value(counted), serde_json::to_value(claimed))
    else {
        return Vec::new();
    };
    let other = |name: &str| claimed.get(name).cloned().unwrap_or_default();
    counted
        .into_iter()
        .map(|(name, value)| (name.clone(), value, other(&name)))
        .filter(|(_, counted, claimed)| counted != claimed)
        .map(|(name, counted, claimed)| (name, counted.to_string(), claimed.to_string()))
        .collect()
}
