//! The dataset card: `README.md`, which people read first and which tells Hugging Face's tools
//! which files are data.

use super::manifest::{Policy, Provision, Summary};
use super::wording::{self, Reason, grouped, share};
use askama::Template;
use consentry_model::Store;
use std::cmp::Reverse;

#[derive(Template)]
#[template(path = "card.md")]
struct Card<'a> {
    summary: &'a Summary,
    feedback: bool,
    size_category: &'static str,
    purpose: Option<&'static str>,
    store: &'static str,
    as_of: String,
    examples: String,
    parts: String,
    parts_included: String,
    included: String,
    included_share: String,
    all_parts: String,
    all_share: String,
    policies: Vec<PolicyRow<'a>>,
    exclusions: Vec<ExclusionRow<'a>>,
    lines: String,
    inputs: String,
    quarantined: String,
    sources: String,
    findings: Vec<FindingRow<'a>>,
    deidentification: String,
    annotation: &'static str,
    biases: &'static str,
    limitations: &'static str,
    retention: &'static str,
    not_for: &'static str,
    verification: &'static str,
    citation: String,
}

struct PolicyRow<'a> {
    id: &'a str,
    effect: &'a str,
    title: String,
    decisions: String,
    cites: &'a [Provision],
}

struct ExclusionRow<'a> {
    reasons: Vec<Reason<'a>>,
    parts: String,
    share: String,
}

struct FindingRow<'a> {
    name: &'a str,
    count: String,
}

/// Writes the dataset card: YAML front matter as the Hugging Face Hub reads it, with the Parquet
/// files under `data/` as the only data, and after it a page in Markdown.
///
/// The same summary always gives the same text. Ids, titles and names are shown as they are, with
/// characters escaped that mean something in YAML, Markdown or HTML.
#[must_use]
pub fn render(summary: &Summary) -> String {
    let counts = &summary.counts;
    let (source, sources) = wording::sources(summary.store);
    let card = Card {
        summary,
        feedback: summary.store == Store::Feedback,
        size_category: size_category(counts.examples),
        purpose: wording::purpose(&summary.purpose),
        store: wording::store(summary.store),
        as_of: summary.as_of.to_string(),
        examples: wording::counted(counts.examples, "example", "examples"),
        parts: wording::counted(counts.parts, "part", "parts"),
        parts_included: wording::counted(counts.parts_included, "part", "parts"),
        included: grouped(counts.parts_included),
        included_share: share(counts.parts_included, counts.parts),
        all_parts: grouped(counts.parts),
        all_share: share(counts.parts, counts.parts),
        policies: policies(summary),
        exclusions: exclusions(summary),
        lines: wording::counted(counts.lines, "line", "lines"),
        inputs: wording::counted(summary.inputs.len() as u64, "file", "files"),
        quarantined: grouped(counts.lines_quarantined),
        sources: wording::counted(counts.sources, source, sources),
        findings: findings(summary),
        deidentification: wording::deidentification(&summary.deidentification),
        annotation: wording::annotation(summary.store),
        biases: wording::biases(summary.store),
        limitations: wording::limitations(summary.store),
        retention: wording::retention(summary.store),
        not_for: wording::not_for(summary.store),
        verification: wording::VERIFICATION,
        citation: wording::citation(summary),
    };
    card.to_string()
}

/// The policies with the most decisions first, otherwise in the order of the set.
fn policies(summary: &Summary) -> Vec<PolicyRow<'_>> {
    let decisions = |id: &str| summary.counts.reasons.get(id).copied().unwrap_or(0);
    let mut policies: Vec<&Policy> = summary.policy_set.policies.iter().collect();
    policies.sort_by_key(|policy| Reverse(decisions(&policy.id)));
    policies
        .into_iter()
        .map(|policy| PolicyRow {
            id: &policy.id,
            effect: &policy.effect,
            title: wording::title(policy),
            decisions: grouped(decisions(&policy.id)),
            cites: &policy.cites,
        })
        .collect()
}

fn exclusions(summary: &Summary) -> Vec<ExclusionRow<'_>> {
    wording::by_count(&summary.counts.parts_excluded)
        .into_iter()
        .map(|(key, parts)| ExclusionRow {
            reasons: wording::reasons(key, &summary.policy_set),
            parts: grouped(parts),
            share: share(parts, summary.counts.parts),
        })
        .collect()
}

fn findings(summary: &Summary) -> Vec<FindingRow<'_>> {
    wording::by_count(&summary.deidentification.findings)
        .into_iter()
        .map(|(kind, count)| FindingRow {
            name: wording::finding(kind).unwrap_or(kind),
            count: grouped(count),
        })
        .collect()
}

/// The Hub's word for a number of rows (`size_categories` of its dataset card specification). Each
/// range begins at its first figure.
const fn size_category(rows: u64) -> &'static str {
    match rows {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        10_000_000..100_000_000 => "10M<n<100M",
        100_000_000..1_000_000_000 => "100M<n<1B",
        1_000_000_000..10_000_000_000 => "1B<n<10B",
        10_000_000_000..100_000_000_000 => "10B<n<100B",
        100_000_000_000..1_000_000_000_000 => "100B<n<1T",
        _ => "n>1T",
    }
}

#[cfg(test)]
mod tests;
