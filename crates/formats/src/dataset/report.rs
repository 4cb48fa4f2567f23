//! The report: `report.html`, one page for whoever answers for what a model was trained on.
//!
//! The page is whole in itself: no script, no font, no picture and no address to load, which its
//! content security policy says as well. Charts are inline SVG, and every figure in them is in a
//! table beside.

mod columns;
mod tables;

use super::manifest::{Provision, Summary};
use super::wording::{self, counted, grouped, share};
use askama::Template;
use columns::Columns;
use consentry_model::Store;
use tables::{Breakdown, ExclusionRow, FileRow, FindingRow, LostRow, Split, Year};

#[derive(Template)]
#[template(path = "report.html")]
struct Report<'a> {
    summary: &'a Summary,
    lead: String,
    purpose: Option<&'static str>,
    store: &'static str,
    figures: Vec<Figure>,
    whole: Option<Split>,
    sum: String,
    parts: String,
    included_share: String,
    left_out: String,
    left_out_share: String,
    permits: Vec<PolicyRow<'a>>,
    idle: Vec<PolicyRow<'a>>,
    exclusions: Vec<ExclusionRow<'a>>,
    breakdowns: Vec<Breakdown<'a>>,
    columns: Option<Columns>,
    month_caption: &'static str,
    years: Vec<Year<'a>>,
    deidentification: String,
    findings: Vec<FindingRow<'a>>,
    all_findings: String,
    not_for: &'static str,
    retention: &'static str,
    biases: &'static str,
    limitations: &'static str,
    reading: String,
    lost_sources: Vec<LostRow<'a>>,
    inputs: Vec<FileRow<'a>>,
    shards: Vec<FileRow<'a>>,
    verification: &'static str,
    citation: String,
}

/// One of the big figures.
struct Figure {
    name: &'static str,
    value: String,
    of: String,
}

impl Figure {
    /// Whether the figure needs smaller type to stay on its card.
    fn long(&self) -> bool {
        self.value.len() > 11
    }
}

struct PolicyRow<'a> {
    id: &'a str,
    effect: &'a str,
    title: String,
    decisions: String,
    cites: &'a [Provision],
}

/// Writes the report as an HTML document.
///
/// The same summary always gives the same page. Ids, titles and names appear as text whatever is in
/// them: markup is escaped, and characters that show nothing of themselves are spelt out.
#[must_use]
pub fn render(summary: &Summary) -> String {
    let counts = &summary.counts;
    let left_out = tables::left_out(counts.parts, counts.parts_included);
    let findings = &summary.deidentification.findings;
    let report = Report {
        summary,
        lead: lead(summary),
        purpose: wording::purpose(&summary.purpose),
        store: wording::store(summary.store),
        figures: figures(summary),
        whole: Split::new(counts.parts, counts.parts_included, counts.parts),
        sum: sum(summary),
        parts: counted(counts.parts, "part", "parts"),
        included_share: share(counts.parts_included, counts.parts),
        left_out: grouped(left_out),
        left_out_share: share(left_out, counts.parts),
        permits: policies(summary, |effect, decisions| effect == "permit" && decisions > 0),
        idle: policies(summary, |_, decisions| decisions == 0),
        exclusions: tables::exclusions(summary),
        breakdowns: tables::breakdowns(summary),
        columns: Columns::new(&counts.by_month),
        month_caption: match summary.store {
            Store::Conversation => "Parts by the month in which they were written",
            Store::Feedback => "Parts by the month in which the feedback was given",
        },
        years: tables::years(&counts.by_month),
        deidentification: wording::deidentification(&summary.deidentification),
        findings: tables::findings(findings),
        all_findings: grouped(tables::total(findings)),
        not_for: wording::not_for(summary.store),
        retention: wording::retention(summary.store),
        biases: wording::biases(summary.store),
        limitations: wording::limitations(summary.store),
        reading: reading(summary),
        lost_sources: tables::lost_sources(summary),
        inputs: tables::inputs(summary),
        shards: tables::shards(summary),
        verification: wording::VERIFICATION,
        citation: wording::citation(summary),
    };
    report.to_string()
}

fn lead(summary: &Summary) -> String {
    let counts = &summary.counts;
    if counts.parts == 0 {
        return format!(
            "On {} there was nothing to decide on: the history held no parts.",
            wording::day(summary.as_of)
        );
    }
    format!(
        "Of {} that existed on {}, this run may learn from {}. Everything else stayed out.",
        counted(counts.parts, "part", "parts"),
        wording::day(summary.as_of),
        grouped(counts.parts_included),
    )
}

fn figures(summary: &Summary) -> Vec<Figure> {
    let counts = &summary.counts;
    let left_out = tables::left_out(counts.parts, counts.parts_included);
    let (source, sources) = wording::sources(summary.store);
    let figure = |name, count, of| Figure { name, value: grouped(count), of };
    vec![
        figure(
            "parts considered",
            counts.parts,
            format!("in {}", counted(counts.sources, source, sources)),
        ),
        figure(
            "parts in the dataset",
            counts.parts_included,
            share(counts.parts_included, counts.parts),
        ),
        figure("parts left out", left_out, share(left_out, counts.parts)),
        figure(
            "examples",
            counts.examples,
            format!("in {}", counted(summary.shards.len() as u64, "file", "files")),
        ),
    ]
}

/// Says whether the parts in and out add up, which `verify` insists on.
fn sum(summary: &Summary) -> String {
    let counts = &summary.counts;
    let out = u128::from(counts.parts_included)
        + counts.parts_excluded.values().map(|count| u128::from(*count)).sum::<u128>();
    if out == u128::from(counts.parts) {
        "Every part is counted once, either in or out, and the figures add up.".to_owned()
    } else {
        format!(
            "The figures do not add up: {} in and out, {} considered. Do not rely on this dataset.",
            out,
            grouped(counts.parts)
        )
    }
}

/// The policies whose effect and number of decisions are wanted, the most frequent first.
fn policies(summary: &Summary, wanted: impl Fn(&str, u64) -> bool) -> Vec<PolicyRow<'_>> {
    let decisions = &summary.counts.reasons;
    let mut rows: Vec<(u64, PolicyRow<'_>)> = summary
        .policy_set
        .policies
        .iter()
        .map(|policy| (policy, decisions.get(&policy.id).copied().unwrap_or(0)))
        .filter(|(policy, decisions)| wanted(&policy.effect, *decisions))
        .map(|(policy, decisions)| {
            let row = PolicyRow {
                id: &policy.id,
                effect: &policy.effect,
                title: wording::title(policy),
                decisions: grouped(decisions),
                cites: &policy.cites,
            };
            (decisions, row)
        })
        .collect();
    rows.sort_by_key(|(decisions, _)| std::cmp::Reverse(*decisions));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn reading(summary: &Summary) -> String {
    let counts = &summary.counts;
    let put_aside = match counts.lines_quarantined {
        0 => "none of them was in error".to_owned(),
        lines => format!("{} of them were in error and put aside", grouped(lines)),
    };
    format!("The history had {}; {put_aside}.", counted(counts.lines, "line", "lines"))
}

#[cfg(test)]
mod tests;
