//! Tables for people: columns side by side as far as they fit, then the rest below, with colours
//! where they are wanted.

use crate::output::printable;
use std::io::{self, Write};

/// How wide a table may become, in characters.
const WIDTH: usize = 112;
/// How wide one column may become.
const COLUMN_MAX: usize = 22;
/// How wide the first column may become.
const FIRST_MAX: usize = 30;
/// Between two columns.
const GAP: usize = 2;

/// How a text looks where colours are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
}

impl Style {
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "\u{1b}[1m",
            Self::Dim => "\u{1b}[2m",
            Self::Red => "\u{1b}[31m",
            Self::Green => "\u{1b}[32m",
            Self::Yellow => "\u{1b}[33m",
        }
    }

    /// The text in this style, if colours are on.
    pub fn paint(self, text: &str, colours: bool) -> String {
        match self.code() {
            "" => text.to_owned(),
            _ if !colours => text.to_owned(),
            code => format!("{code}{text}\u{1b}[0m"),
        }
    }
}

/// A cell: lines of text, each broken where it is too long.
pub type Cell = Vec<(String, Style)>;

/// A table whose first column names the rows.
pub struct Table {
    pub headings: Vec<String>,
    pub rows: Vec<(String, Vec<Cell>)>,
}

impl Table {
    /// Writes the table in as many bands of columns as it takes.
    pub fn write(&self, colours: bool, out: &mut dyn Write) -> io::Result<()> {
        let names = self.rows.iter().map(|(name, _)| name.as_str());
        let first = names.map(|name| name.chars().count()).max().unwrap_or(0).min(FIRST_MAX);
        let widths: Vec<usize> =
            (0..self.headings.len()).map(|column| self.width(column)).collect();
        let mut from = 0;
        while from < widths.len() {
            let mut to = from;
            let mut used = first;
            while let Some(width) = widths.get(to)
                && (to == from || used + GAP + width <= WIDTH)
            {
                used += GAP + width;
                to += 1;
            }
            if from > 0 {
                writeln!(out)?;
            }
            self.band(first, &widths, from..to, colours, out)?;
            from = to;
        }
        Ok(())
    }

    /// How wide a column is: no wider than its longest line, and no narrower than its longest word.
    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|(_, cells)| cells.get(column));
        let lines = cells.flatten().map(|(text, _)| text.as_str());
        let texts =
            || self.headings.get(column).map(String::as_str).into_iter().chain(lines.clone());
        let longest = texts().map(|text| text.chars().count()).max().unwrap_or(0);
        let words = texts().flat_map(str::split_whitespace);
        let word = words.map(|word| word.chars().count()).max().unwrap_or(0);
        longest.min(COLUMN_MAX).max(word)
    }

    fn band(
        &self,
        first: usize,
        widths: &[usize],
        columns: std::ops::Range<usize>,
        colours: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let heading = |column: usize| {
            let text = self.headings.get(column).cloned().unwrap_or_default();
            vec![(text, Style::Bold)]
        };
        let widths_of = columns.clone().filter_map(|column| widths.get(column).copied());
        let widths: Vec<usize> = std::iter::once(first).chain(widths_of).collect();
        let heads = std::iter::once(Vec::new()).chain(columns.clone().map(heading)).collect();
        write_row(&widths, heads, colours, out)?;
        let rule: usize = widths.iter().map(|width| width + GAP).sum::<usize>().saturating_sub(GAP);
        writeln!(out, "{}", Style::Dim.paint(&"─".repeat(rule), colours))?;
        for (name, cells) in &self.rows {
            let row = columns.clone().map(|column| cells.get(column).cloned().unwrap_or_default());
            let row = std::iter::once(vec![(name.clone(), Style::Plain)]).chain(row).collect();
            write_row(&widths, row, colours, out)?;
        }
        Ok(())
    }
}

fn write_row(
    widths: &[usize],
    cells: Vec<Cell>,
    colours: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let cells: Vec<Vec<(String, Style)>> =
        widths.iter().zip(cells).map(|(width, cell)| broken(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..height {
        let mut text = String::new();
        let mut pending = 0;
        for (width, cell) in widths.iter().zip(&cells) {
            let Some((piece, style)) = cell.get(line) else {
                pending += width + GAP;
                continue;
            };
            text.push_str(&" ".repeat(pending));
            text.push_str(&style.paint(piece, colours));
            pending = (width + GAP).saturating_sub(piece.chars().count());
        }
        writeln!(out, "{text}")?;
    }
    Ok(())
}

/// The lines of a cell, none wider than `width` unless it is one word.
fn broken(cell: Cell, width: usize) -> Cell {
    let mut lines = Vec::new();
    for (text, style) in cell {
        let mut line = String::new();
        for word in printable(&text).split_whitespace() {
            let length = line.chars().count();
            if length > 0 && length + 1 + word.chars().count() > width {
                lines.push((std::mem::take(&mut line), style));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push((line, style));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(columns: usize, colours: bool) -> String {
        let cell = |column| vec![(format!("value {column} which is long enough"), Style::Green)];
        let table = Table {
            headings: (0..columns).map(|column| format!("heading-{column}")).collect(),
            rows: vec![("a question".to_owned(), (0..columns).map(cell).collect())],
        };
        let mut out = Vec::new();
        table.write(colours, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_that_do_not_fit_go_below() {
        let text = written(9, false);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
        assert_eq!(text.matches("a question").count(), 3, "{text}");
        for column in 0..9 {
            assert_eq!(text.matches(&format!("heading-{column}")).count(), 1);
            assert_eq!(text.matches(&format!("value {column} which is")).count(), 1);
        }
    }

    #[test]
    fn colours_change_nothing_else() {
        let plain = written(3, true).replace("\u{1b}[0m", "");
        let plain = ["\u{1b}[1m", "\u{1b}[2m", "\u{1b}[32m"]
            .iter()
            .fold(plain, |text, code| text.replace(code, ""));
        assert_eq!(plain, written(3, false));
    }
}
