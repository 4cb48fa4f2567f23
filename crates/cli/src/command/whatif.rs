//! `consentry whatif`: what several sets would do with the same history.

use super::policy::load;
use super::reading;
use crate::arguments::{Global, WhatIf};
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::{self, Destination, note, printable};
use crate::progress::Bar;
use crate::table::Style;
use consentry_lake::history::scan;
use consentry_lake::rows::{Asking, Question, write_compared};
use consentry_lake::whatif::{Pattern, SetDecision, SetSummary, Side, Summary};
use consentry_policy::{CedarEngine, PolicySet, Request, Sources};
use std::io::{self, Write};
use std::sync::Arc;

/// How many ways in which sets differ are shown to a person.
const SHOWN: usize = 12;
/// How long a bar is.
const BAR: u64 = 30;

pub fn run(arguments: &WhatIf, global: &Global) -> Result<Exit, Failure> {
    let sets = sets(&arguments.policy)?;
    let resources = sets.first().map(|set| set.applies_to(&arguments.action));
    let resources = resources.transpose().map_err(Failure::input)?.unwrap_or_default();
    for set in &sets {
        if set.applies_to(&arguments.action).map_err(Failure::input)? != resources {
            let (action, id) = (&arguments.action, set.id());
            return Err(Failure::Input(format!(
                "`{action}` applies to something else in `{id}` than in the first set, so that there \
                 are no rows to compare; leave one of them out of --policy"
            )));
        }
    }
    let engines: Vec<CedarEngine> =
        sets.iter().map(|set| CedarEngine::new(Arc::clone(set))).collect();
    let side = |(set, engine)| Side { set, engine: engine as &dyn consentry_policy::Engine };
    let sides: Vec<Side<'_>> = sets.iter().map(AsRef::as_ref).zip(&engines).map(side).collect();
    let key = home::pseudonym_key(&home::home()?)?;
    let sources = reading::sources(&arguments.history)?;
    let options = reading::options(&arguments.history, key)?;
    let asking = Asking {
        question: Question::Compare(&sides),
        request: Request {
            action: &arguments.action,
            purpose: &arguments.purpose,
            now: arguments.as_of,
        },
        resources,
        copy_key: key,
        spool: options.spool_for("rows"),
    };
    let quarantine = reading::open_quarantine(&arguments.history, arguments.out.as_deref())?;
    let mut bar = Bar::new();
    let mut history = scan(&sources, &options, &mut bar)?;
    let wants_rows = arguments.json || arguments.out.is_some();
    let mut rows =
        if wants_rows { Some(Destination::open(arguments.out.as_deref())?) } else { None };
    let summary = match &mut rows {
        Some(rows) => write_compared(&mut history, &asking, &mut bar, rows)?,
        None => write_compared(&mut history, &asking, &mut bar, &mut io::sink())?,
    };
    drop(bar);
    reading::quarantine(&arguments.history, quarantine, history.rejects)?;
    let rows_on_stdout = wants_rows && arguments.out.is_none();
    if let Some(rows) = rows {
        rows.commit()?;
    }
    if rows_on_stdout {
        let mut out = io::stderr().lock();
        // When standard error is gone there is nobody to tell.
        let _ = tell(&summary, &sides, arguments, output::colours(global), &mut out);
    } else {
        let mut out = io::BufWriter::new(io::stdout().lock());
        tell(&summary, &sides, arguments, output::colours_of_answers(global), &mut out)?;
        out.flush()?;
    }
    if summary.rows == 0 {
        note(format_args!(
            "warning: nothing in the history exists at {}; is --as-of before it begins?",
            arguments.as_of
        ));
    }
    Ok(Exit::Done)
}

/// The sets to compare, each once.
fn sets(named: &[String]) -> Result<Vec<Arc<PolicySet>>, Failure> {
    let mut sets: Vec<Arc<PolicySet>> = Vec::new();
    let products: Vec<String> = Sources::shipped_products().map(str::to_owned).collect();
    for name in if named.is_empty() { &products } else { named } {
        let set = load(name)?;
        if sets.iter().any(|known| known.id() == set.id()) {
            let id = set.id();
            return Err(Failure::Input(format!(
                "two of the sets have the id `{id}`; give each its own in `set.toml`"
            )));
        }
        sets.push(set);
    }
    Ok(sets)
}

fn tell(
    summary: &Summary,
    sides: &[Side<'_>],
    arguments: &WhatIf,
    colours: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let heading = format!(
        "{} rows; action {}, purpose {}, at {}",
        summary.rows, arguments.action, arguments.purpose, arguments.as_of
    );
    writeln!(out, "{}\n", Style::Bold.paint(&printable(&heading), colours))?;
    let longest = summary.sets.iter().map(|set| set.id.chars().count()).max().unwrap_or(0);
    for set in &summary.sets {
        tell_set(set, summary.rows, longest, colours, out)?;
    }
    let [permit, deny, unknown] = segments(colours);
    writeln!(
        out,
        "\n{} permitted   {} denied   {} denied, since it is not published",
        permit("█"),
        deny("░"),
        unknown("▒")
    )?;
    writeln!(
        out,
        "\n{}",
        Style::Bold.paint(
            &format!("The sets differ on {} of {} rows.", summary.differing, summary.rows),
            colours
        )
    )?;
    let patterns = summary.patterns();
    for pattern in patterns.iter().take(SHOWN) {
        tell_pattern(pattern, sides, longest, colours, out)?;
    }
    let rest: u64 = patterns.iter().skip(SHOWN).map(|pattern| pattern.rows).sum::<u64>();
    if rest + summary.unlisted > 0 {
        writeln!(
            out,
            "\n{} more rows differ in other ways; --json has them all.",
            rest + summary.unlisted
        )?;
    }
    Ok(())
}

type Paint = Box<dyn Fn(&str) -> String>;

fn segments(colours: bool) -> [Paint; 3] {
    [Style::Red, Style::Green, Style::Yellow]
        .map(|style| -> Paint { Box::new(move |text| style.paint(text, colours)) })
}

/// A set's bar and numbers, and below them its most frequent reasons.
fn tell_set(
    set: &SetSummary,
    rows: u64,
    longest: usize,
    colours: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let [permit, deny, unknown] = segments(colours);
    let cells = |count: u64| (count * BAR + rows / 2).checked_div(rows).unwrap_or(0);
    let permitted = cells(set.permitted);
    let open = cells(set.permitted + set.not_published).saturating_sub(permitted);
    let rest = if rows == 0 { 0 } else { BAR.saturating_sub(permitted + open) };
    let bar = |sign: &str, length: u64| sign.repeat(usize::try_from(length).unwrap_or(0));
    writeln!(
        out,
        "{:longest$}  {}{}{}  {:>6} permitted  {:>6} forbidden  {:>6} not permitted  {:>6} not published",
        printable(&set.id),
        permit(&bar("█", permitted)),
        unknown(&bar("▒", open)),
        deny(&bar("░", rest)),
        set.permitted,
        set.forbidden,
        set.unpermitted,
        set.not_published,
    )?;
    let mut reasons: Vec<_> = set.reasons.iter().filter(|((_, ids), _)| !ids.is_empty()).collect();
    reasons.sort_by(|(_, one), (_, other)| other.cmp(one));
    let reasons: Vec<String> = reasons
        .into_iter()
        .take(4)
        .map(|((_, ids), count)| format!("{count} × {}", ids.join(" + ")))
        .collect();
    if !reasons.is_empty() {
        let text = format!("{:longest$}  {}", "", printable(&reasons.join(", ")));
        writeln!(out, "{}", Style::Dim.paint(&text, colours))?;
    }
    Ok(())
}

fn tell_pattern(
    pattern: &Pattern,
    sides: &[Side<'_>],
    longest: usize,
    colours: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "\n{}, for example {}", counted(pattern.rows), printable(&pattern.example))?;
    let (permitting, denying): (Vec<_>, Vec<_>) =
        sides.iter().zip(&pattern.decisions).partition(|(_, decision)| decision.permits());
    for (side, decision) in permitting.into_iter().chain(denying) {
        let style = match decision {
            SetDecision { not_published: true, .. } => Style::Yellow,
            decision if decision.permits() => Style::Red,
            SetDecision { .. } => Style::Green,
        };
        let word = if decision.not_published { "not published" } else { decision.decision };
        let titles = decision.reasons.iter().filter_map(|id| {
            if let Some(id) = id.strip_prefix("policy-error:") {
                return Some(format!("`{id}` cannot be evaluated"));
            }
            let policy = side.set.policy(id)?;
            Some(policy.unknown.as_ref().unwrap_or(&policy.title).to_string())
        });
        let titles = titles.collect::<Vec<_>>().join("; ");
        let why = if titles.is_empty() { "nothing permits it" } else { &titles };
        writeln!(
            out,
            "  {:longest$}  {}{}  {}",
            printable(side.set.id()),
            style.paint(word, colours),
            " ".repeat(13usize.saturating_sub(word.len())),
            printable(why)
        )?;
    }
    Ok(())
}

fn counted(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}
