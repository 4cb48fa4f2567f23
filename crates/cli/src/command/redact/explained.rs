//! A text with its findings marked, and why they were found.

use crate::exit::Failure;
use crate::output::printable;
use crate::table::Style;
use consentry_deid::{Engine, FindingKind, Scope, Why};
use std::io::Write;

/// Characters of a value that a table shows.
const SHOWN_MAX: usize = 40;

/// The text with its findings marked, then a row for each: where, what, why, and what would stand
/// in its place. Without colours, findings stand between brackets.
pub(super) fn explain(
    engine: &Engine,
    text: &str,
    scope: &mut Scope,
    colours: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let findings = engine.findings(text);
    let mut copied = 0;
    let mut rows = Vec::new();
    for finding in &findings {
        let original = text.get(finding.start..finding.end).unwrap_or_default();
        write!(out, "{}", printable(text.get(copied..finding.start).unwrap_or_default()))?;
        let shown = printable(original);
        let marked = if colours { shown.clone() } else { format!("⟦{shown}⟧") };
        write!(out, "{}", style(finding.kind).paint(&marked, colours))?;
        copied = finding.end;
        let by = match finding.why {
            Why::Rule => format!("rule {}", finding.rule),
            Why::Model => format!("model {}", finding.rule),
        };
        rows.push((finding, short(&shown), by, engine.replacement(finding, original, scope)));
    }
    let rest = printable(text.get(copied..).unwrap_or_default());
    writeln!(out, "{}\n", rest.trim_end_matches('\n'))?;
    for (finding, shown, by, replacement) in rows {
        let kind = format!("{:<16}", finding.kind.as_str());
        let kind = style(finding.kind).paint(&kind, colours);
        let place = format!("{}..{}", finding.start, finding.end);
        let replacement = short(&printable(&replacement));
        writeln!(
            out,
            "{place:>13}  {kind} {:.2}  {by:<28} {shown} → {replacement}",
            finding.score
        )?;
    }
    let count = findings.len();
    writeln!(out, "{count} finding{}", if count == 1 { "" } else { "s" })?;
    Ok(())
}

/// Secrets and logins in red, who somebody is in yellow, the rest in green.
const fn style(kind: FindingKind) -> Style {
    match kind {
        FindingKind::Secret | FindingKind::UrlCredentials => Style::Red,
        FindingKind::Person | FindingKind::Location | FindingKind::Organisation => Style::Yellow,
        _ => Style::Green,
    }
}

/// The text on one line of a table.
fn short(text: &str) -> String {
    let line = text.replace('\n', "⏎");
    if line.chars().count() <= SHOWN_MAX {
        return line;
    }
    line.chars().take(SHOWN_MAX).chain(['…']).collect()
}
