//! The rows of the report's tables, and the bars beside them.

use crate::dataset::manifest::{InOut, Summary};
use crate::dataset::wording::{self, Reason, by_count, grouped, share};
use consentry_model::Store;
use std::collections::BTreeMap;

/// A bar of two stretches: in the dataset, and left out. Lengths are in percent of the whole width.
pub(super) struct Split {
    pub(super) included: String,
    pub(super) left_out: String,
}

impl Split {
    /// A bar for `parts`, of which `included` are in, where `widest` fills the width. `None` if
    /// there is nothing to draw.
    pub(super) fn new(parts: u64, included: u64, widest: u64) -> Option<Self> {
        (parts > 0 && widest > 0).then(|| Self {
            included: percent(included, widest),
            left_out: percent(left_out(parts, included), widest),
        })
    }
}

/// `part` of `whole` in percent to three digits, cut; at most 100.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let whole = u128::from(whole.max(1));
    let thousandths = (u128::from(part) * 100_000 / whole).min(100_000);
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

/// Parts that are not in the dataset.
pub(super) const fn left_out(parts: u64, included: u64) -> u64 {
    parts.saturating_sub(included)
}

/// The sum of all counts.
pub(super) fn total(counts: &BTreeMap<String, u64>) -> u64 {
    counts.values().fold(0, |sum, count| sum.saturating_add(*count))
}

pub(super) struct ExclusionRow<'a> {
    pub(super) reasons: Vec<Reason<'a>>,
    pub(super) parts: String,
    pub(super) share: String,
    pub(super) bar: Split,
}

pub(super) fn exclusions(summary: &Summary) -> Vec<ExclusionRow<'_>> {
    let rows = by_count(&summary.counts.parts_excluded);
    let widest = rows.first().map_or(0, |(_, parts)| *parts);
    rows.into_iter()
        .map(|(key, parts)| ExclusionRow {
            reasons: wording::reasons(key, &summary.policy_set),
            parts: grouped(parts),
            share: share(parts, summary.counts.parts),
            bar: Split { included: "0".to_owned(), left_out: percent(parts, widest) },
        })
        .collect()
}

/// Parts in and out by one property.
pub(super) struct Breakdown<'a> {
    pub(super) title: &'static str,
    pub(super) column: &'static str,
    pub(super) caption: &'static str,
    /// What to say if there are no rows.
    pub(super) absent: &'static str,
    pub(super) rows: Vec<InOutRow<'a>>,
}

pub(super) struct InOutRow<'a> {
    pub(super) name: &'a str,
    pub(super) parts: String,
    pub(super) included: String,
    pub(super) left_out: String,
    pub(super) share: String,
    pub(super) bar: Split,
}

pub(super) fn breakdowns(summary: &Summary) -> Vec<Breakdown<'_>> {
    let absent = match summary.store {
        Store::Conversation => "There were no parts.",
        Store::Feedback => "A feedback copy does not know: it keeps nothing of its account.",
    };
    vec![
        Breakdown {
            title: "By surface",
            column: "Surface",
            caption: "Parts by where the conversation took place",
            absent,
            rows: in_out_rows(&summary.counts.by_surface),
        },
        Breakdown {
            title: "By plan",
            column: "Plan",
            caption: "Parts by the plan that the account had when they were written",
            absent,
            rows: in_out_rows(&summary.counts.by_plan)
                .into_iter()
                .map(|row| InOutRow { name: wording::plan(row.name), ..row })
                .collect(),
        },
    ]
}

/// Rows with the most parts first.
fn in_out_rows(counts: &BTreeMap<String, InOut>) -> Vec<InOutRow<'_>> {
    let widest = counts.values().map(|count| count.parts).max().unwrap_or(0);
    let mut entries: Vec<_> = counts.iter().collect();
    entries.sort_by_key(|(_, count)| std::cmp::Reverse(count.parts));
    entries.into_iter().map(|(name, count)| in_out_row(name, *count, widest)).collect()
}

fn in_out_row(name: &str, count: InOut, widest: u64) -> InOutRow<'_> {
    let out = left_out(count.parts, count.included);
    InOutRow {
        name,
        parts: grouped(count.parts),
        included: grouped(count.included),
        left_out: grouped(out),
        share: share(count.included, count.parts),
        bar: Split { included: percent(count.included, widest), left_out: percent(out, widest) },
    }
}

/// The months of a year.
pub(super) struct Year<'a> {
    pub(super) name: &'a str,
    pub(super) rows: Vec<InOutRow<'a>>,
    pub(super) total: InOutRow<'a>,
}

/// The counts by month, a table a year, in the order of their keys. A key that is no month makes a
/// row as well, so that no figure is lost.
pub(super) fn years(counts: &BTreeMap<String, InOut>) -> Vec<Year<'_>> {
    let mut years: BTreeMap<&str, Vec<(&str, InOut)>> = BTreeMap::new();
    for (key, count) in counts {
        let (year, month) = key.rsplit_once('-').unwrap_or((key, key));
        let month = month.parse().ok().and_then(wording::month_name).unwrap_or(month);
        years.entry(year).or_default().push((month, *count));
    }
    years
        .into_iter()
        .map(|(year, months)| {
            let total = months.iter().fold(InOut::default(), |sum, (_, count)| InOut {
                parts: sum.parts.saturating_add(count.parts),
                included: sum.included.saturating_add(count.included),
            });
            Year {
                name: year,
                rows: months.into_iter().map(|(name, count)| in_out_row(name, count, 0)).collect(),
                total: in_out_row(year, total, 0),
            }
        })
        .collect()
}

pub(super) struct FindingRow<'a> {
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) count: String,
    pub(super) share: String,
    pub(super) bar: String,
}

pub(super) fn findings(findings: &BTreeMap<String, u64>) -> Vec<FindingRow<'_>> {
    let all = total(findings);
    let rows = by_count(findings);
    let widest = rows.first().map_or(0, |(_, count)| *count);
    rows.into_iter()
        .map(|(kind, count)| FindingRow {
            kind,
            name: wording::finding(kind).unwrap_or(kind),
            count: grouped(count),
            share: share(count, all),
            bar: percent(count, widest),
        })
        .collect()
}

pub(super) struct LostRow<'a> {
    pub(super) reason: &'a str,
    pub(super) text: &'a str,
    pub(super) count: String,
}

pub(super) fn lost_sources(summary: &Summary) -> Vec<LostRow<'_>> {
    by_count(&summary.counts.sources_without_example)
        .into_iter()
        .map(|(reason, count)| LostRow {
            reason,
            text: wording::lost_copy(reason).unwrap_or(reason),
            count: grouped(count),
        })
        .collect()
}

pub(super) struct FileRow<'a> {
    pub(super) name: &'a str,
    pub(super) rows: String,
    pub(super) bytes: String,
    pub(super) sha256: &'a str,
}

pub(super) fn inputs(summary: &Summary) -> Vec<FileRow<'_>> {
    summary
        .inputs
        .iter()
        .map(|input| FileRow {
            name: &input.name,
            rows: String::new(),
            bytes: grouped(input.bytes),
            sha256: &input.sha256,
        })
        .collect()
}

pub(super) fn shards(summary: &Summary) -> Vec<FileRow<'_>> {
    summary
        .shards
        .iter()
        .map(|shard| FileRow {
            name: &shard.path,
            rows: grouped(shard.rows),
            bytes: grouped(shard.bytes),
            sha256: &shard.sha256,
        })
        .collect()
}
