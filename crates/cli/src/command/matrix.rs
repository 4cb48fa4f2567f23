//! `consentry policy matrix`: what sets say about the same questions, side by side.

use super::policy::load;
use crate::arguments::{Global, MatrixArguments};
use crate::exit::{Exit, Failure};
use crate::output::{self, note};
use crate::table::{self, Style, Table};
use consentry_policy::matrix::{Cell, Matrix, Tone};
use consentry_policy::{CedarEngine, Sources};
use std::io::{self, Write};

pub fn run(arguments: &MatrixArguments, global: &Global) -> Result<Exit, Failure> {
    let mut engines = Vec::new();
    if arguments.sets.is_empty() {
        for id in Sources::shipped_products() {
            engines.push(CedarEngine::new(load(id)?));
        }
    }
    for set in &arguments.sets {
        engines.push(CedarEngine::new(load(set)?));
    }
    let matrix = Matrix::of(&engines, arguments.as_of).map_err(Failure::work)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    if arguments.json {
        serde_json::to_writer(&mut out, &matrix).map_err(io::Error::from)?;
        writeln!(out)?;
    } else if arguments.markdown {
        markdown(&matrix, &mut out)?;
    } else {
        table(&matrix, arguments.reasons).write(output::colours_of_answers(global), &mut out)?;
        legend(&matrix);
    }
    out.flush()?;
    Ok(Exit::Done)
}

const fn style(tone: Tone) -> Style {
    match tone {
        Tone::Used => Style::Red,
        Tone::Unused => Style::Green,
        Tone::Unknown => Style::Yellow,
        Tone::Plain => Style::Plain,
    }
}

fn table(matrix: &Matrix, reasons: bool) -> Table {
    let cell = |cell: &Cell| {
        let mut lines: table::Cell = vec![(cell.answer.to_string(), style(cell.answer.tone()))];
        if reasons {
            lines.extend(cell.policies.iter().map(|id| (id.to_string(), Style::Dim)));
        }
        lines
    };
    Table {
        headings: matrix.sets.iter().map(|set| set.id.clone()).collect(),
        rows: matrix
            .aspects
            .iter()
            .map(|line| (line.question.to_owned(), line.cells.iter().map(cell).collect()))
            .collect(),
    }
}

fn legend(matrix: &Matrix) {
    note(format_args!(
        "Every cell is a decision of the set's own policies at {}; --reasons names them, --json and \
         --markdown too. Not published: denied until somebody publishes it.",
        matrix.as_of
    ));
}

/// Text in a cell of a Markdown table.
fn escaped(text: &str) -> String {
    output::printable(text).replace('\n', " ").replace('\\', "\\\\").replace('|', "\\|")
}

fn markdown(matrix: &Matrix, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "| |")?;
    for set in &matrix.sets {
        write!(out, " {} |", escaped(&set.id))?;
    }
    writeln!(out, "\n|---|{}", "---|".repeat(matrix.sets.len()))?;
    for line in &matrix.aspects {
        write!(out, "| {} |", escaped(line.question))?;
        for cell in &line.cells {
            write!(out, " {}", escaped(&cell.answer.to_string()))?;
            for policy in &cell.policies {
                write!(out, " `{policy}`")?;
            }
            write!(out, " |")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
