//! The chart of parts by month: stacked columns, in and out.
//!
//! Widths are in percent and heights in pixels, so that the chart fits any page and its lettering
//! keeps its size.

use super::tables::left_out;
use crate::dataset::manifest::InOut;
use crate::dataset::wording::{self, grouped, month_name};
use std::collections::BTreeMap;

/// The height of the drawing area, and what is above it, in pixels.
const PLOT: u32 = 176;
const TOP: u32 = 10;
/// How many columns are legible on a page. A longer time is drawn by year.
const MOST_COLUMNS: usize = 72;
/// How wide a page the columns of a short time would fill: that of a year.
const FEWEST_SLOTS: usize = 12;
/// How much of its slot a column fills, in thousandths of it.
const FILL: usize = 740;

/// The chart, ready to be drawn.
#[derive(Debug, PartialEq)]
pub(super) struct Columns {
    /// What one column stands for.
    pub(super) unit: &'static str,
    /// What the chart shows, for people who do not see it.
    pub(super) description: String,
    /// From the base line upwards.
    pub(super) ticks: Vec<Tick>,
    pub(super) columns: Vec<Column>,
    /// The width of each column.
    pub(super) width: String,
    pub(super) height: u32,
    pub(super) minor_y: u32,
    pub(super) major_y: u32,
}

#[derive(Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) y: String,
    pub(super) label: String,
}

#[derive(Debug, PartialEq)]
pub(super) struct Column {
    pub(super) x: String,
    pub(super) centre: String,
    pub(super) included: Option<Block>,
    pub(super) left_out: Option<Block>,
    pub(super) minor: &'static str,
    pub(super) major: String,
    pub(super) tip: String,
}

#[derive(Debug, PartialEq)]
pub(super) struct Block {
    pub(super) y: String,
    pub(super) height: String,
}

/// A stretch of time: a month, or a whole year if `month` is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Period {
    year: i64,
    month: Option<u8>,
}

impl Period {
    fn name(self) -> String {
        match self.month.and_then(month_name) {
            Some(month) => format!("{month} {}", self.year),
            None => self.year.to_string(),
        }
    }
}

impl Columns {
    /// Columns for counts by month, with months between that have no parts. `None` if there is
    /// nothing to draw: no parts, keys that are no months, or times too far apart for a page.
    pub(super) fn new(by_month: &BTreeMap<String, InOut>) -> Option<Self> {
        let months = wording::months(by_month)?;
        let periods = by_month_or_year(&months)?;
        let most = periods.iter().map(|(_, count)| count.parts).max().filter(|most| *most > 0)?;
        let scale = Scale::to(most);
        let slots = periods.len().max(FEWEST_SLOTS);
        let width = Thousandths(100_000 * FILL / 1000 / slots);
        let majors = major_labels(&periods, slots);
        let columns = periods
            .iter()
            .zip(majors)
            .enumerate()
            .map(|(index, ((period, count), major))| {
                let centre = 100_000 * (2 * index + 1) / (2 * slots);
                Column {
                    x: Thousandths(centre.saturating_sub(width.0 / 2)).to_string(),
                    centre: Thousandths(centre).to_string(),
                    included: scale.block(0, count.included),
                    left_out: scale.block(count.included, left_out(count.parts, count.included)),
                    minor: minor_label(*period, periods.len()),
                    major,
                    tip: tip(*period, *count),
                }
            })
            .collect();
        Some(Self {
            unit: if periods.iter().any(|(period, _)| period.month.is_some()) {
                "month"
            } else {
                "year"
            },
            description: describe(&periods),
            ticks: scale.ticks(),
            columns,
            width: width.to_string(),
            height: TOP + PLOT + 42,
            minor_y: TOP + PLOT + 17,
            major_y: TOP + PLOT + 35,
        })
    }
}

/// Periods without a gap from the first to the last, by month if they fit on a page, else by year.
fn by_month_or_year(months: &BTreeMap<(i64, u8), InOut>) -> Option<Vec<(Period, InOut)>> {
    let (&(first_year, first_month), _) = months.first_key_value()?;
    let (&(last_year, last_month), _) = months.last_key_value()?;
    let years = usize::try_from(last_year.checked_sub(first_year)?).ok()?.checked_add(1)?;
    if years > MOST_COLUMNS {
        return None;
    }
    let month_count = years * 12 - usize::from(first_month - 1) - usize::from(12 - last_month);
    if month_count > MOST_COLUMNS {
        let mut totals: BTreeMap<i64, InOut> = BTreeMap::new();
        for ((year, _), count) in months {
            let total = totals.entry(*year).or_default();
            total.parts = total.parts.saturating_add(count.parts);
            total.included = total.included.saturating_add(count.included);
        }
        let period =
            |year| (Period { year, month: None }, totals.get(&year).copied().unwrap_or_default());
        return Some((first_year..=last_year).map(period).collect());
    }
    let all = (first_year..=last_year).flat_map(|year| (1..=12).map(move |month| (year, month)));
    Some(
        all.filter(|at| ((first_year, first_month)..=(last_year, last_month)).contains(at))
            .map(|(year, month)| {
                let count = months.get(&(year, month)).copied().unwrap_or_default();
                (Period { year, month: Some(month) }, count)
            })
            .collect(),
    )
}

/// The month's short name under its column: all of them while there is room, then every third.
fn minor_label(period: Period, columns: usize) -> &'static str {
    let every = match columns {
        0..=18 => 1,
        19..=48 => 3,
        _ => 6,
    };
    let Some(month) = period.month.filter(|month| (month - 1) % every == 0) else { return "" };
    month_name(month).and_then(|name| name.get(..3)).unwrap_or("")
}

/// The year under its January, and under the first column where that is not too near; for columns of
/// a year, under as many as have room.
fn major_labels(periods: &[(Period, InOut)], slots: usize) -> Vec<String> {
    let room = slots.div_ceil(9);
    let next_january =
        periods.iter().position(|(period, _)| period.month == Some(1)).unwrap_or(usize::MAX);
    let every = i64::try_from(periods.len().div_ceil(12)).unwrap_or(1);
    periods
        .iter()
        .enumerate()
        .map(|(index, (period, _))| {
            let shown = match period.month {
                Some(month) => month == 1 || (index == 0 && next_january >= room),
                None => period.year % every == 0,
            };
            if shown { period.year.to_string() } else { String::new() }
        })
        .collect()
}

fn tip(period: Period, count: InOut) -> String {
    format!(
        "{}: {}, {} in the dataset, {} left out",
        period.name(),
        wording::counted(count.parts, "part", "parts"),
        grouped(count.included),
        grouped(left_out(count.parts, count.included)),
    )
}

fn describe(periods: &[(Period, InOut)]) -> String {
    let (Some((first, _)), Some((last, _))) = (periods.first(), periods.last()) else {
        return String::new();
    };
    let most = periods.iter().rev().max_by_key(|(_, count)| count.parts);
    let most = most.map_or_else(String::new, |(period, count)| tip(*period, *count));
    format!(
        "Stacked columns from {} to {}. The highest is {most}. All figures are in the tables below.",
        first.name(),
        last.name(),
    )
}

/// Parts to pixels.
struct Scale {
    step: u128,
    steps: u128,
}

impl Scale {
    /// The scale with the fewest round steps, four at most, that reaches `most`, which is positive.
    fn to(most: u64) -> Self {
        let most = u128::from(most);
        let mut decade = 1;
        loop {
            for factor in [1, 2, 5] {
                let step = decade * factor;
                if most.div_ceil(step) <= 4 {
                    return Self { step, steps: most.div_ceil(step) };
                }
            }
            decade *= 10;
        }
    }

    /// Tenths of a pixel above the base line, cut.
    fn height(&self, parts: u64) -> u64 {
        let tenths = u128::from(parts) * u128::from(PLOT) * 10 / (self.step * self.steps);
        u64::try_from(tenths).unwrap_or(u64::MAX)
    }

    /// What stands for `parts` on top of `below`: at least a pixel high if there are any.
    fn block(&self, below: u64, parts: u64) -> Option<Block> {
        let base = self.height(below);
        let height = self.height(below.saturating_add(parts)).saturating_sub(base).max(10);
        (parts > 0).then(|| Block { y: from_top(base + height), height: tenths(height) })
    }

    fn ticks(&self) -> Vec<Tick> {
        (0..=self.steps)
            .map(|step| step * self.step)
            .map(|value| {
                let value = u64::try_from(value).unwrap_or(u64::MAX);
                Tick { y: from_top(self.height(value)), label: short(value) }
            })
            .collect()
    }
}

/// A height above the base line as a distance from the top of the chart, in pixels.
fn from_top(height: u64) -> String {
    tenths(u64::from(10 * (TOP + PLOT)).saturating_sub(height))
}

fn tenths(number: u64) -> String {
    format!("{}.{}", number / 10, number % 10)
}

/// Thousandths of a percent.
#[derive(Clone, Copy)]
struct Thousandths(usize);

impl std::fmt::Display for Thousandths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

/// A round number as short as the axis needs it: `1.5 M`.
fn short(number: u64) -> String {
    let (unit, name) = match number {
        0..10_000 => return grouped(number),
        10_000..1_000_000 => (1_000, "k"),
        1_000_000..1_000_000_000 => (1_000_000, "M"),
        1_000_000_000..1_000_000_000_000 => (1_000_000_000, "bn"),
        _ => (1_000_000_000_000, "tn"),
    };
    match number / (unit / 10) % 10 {
        0 => format!("{} {name}", grouped(number / unit)),
        digit => format!("{}.{digit} {name}", grouped(number / unit)),
    }
}

#[cfg(test)]
mod tests;
