//! The lines of a text, and which of them stand among lines of code.

use super::class::{Class, class_of};
use memchr::memmem;

/// Begins and ends a block of code in Markdown.
const FENCE: &str = "```";
/// Lines beside a line that are looked at, the share of them that is code (one in so many), and
/// how many that are at least: first a few, nearly all code; then more.
const NEAR: [(usize, usize, usize); 2] = [(8, 3, 3), (30, 2, 6)];
/// The same for everything between two fences, however long: a file.
const FILE: (usize, usize) = (4, 12);
/// A line this long is cut at the ends of lines within its strings.
const LONG: usize = 2_000;

#[derive(Clone, Copy, Debug)]
struct Line {
    start: usize,
    class: Class,
    /// Lines of code, and lines that are not neutral, before this one.
    code: usize,
    told: usize,
    /// How many fences stand before it.
    fences: usize,
}

/// The lines of a text.
#[derive(Debug, Default)]
pub(in crate::names) struct Lines {
    lines: Vec<Line>,
    /// Where fences stand.
    fences: Vec<usize>,
    /// Whether the text begins within a block of code.
    is_fenced: bool,
}

impl Lines {
    /// Reads the lines of a text, which begins within a block of code if `is_fenced`. In JSON,
    /// `\n` within a string ends a line.
    pub(in crate::names) fn of(text: &str, is_fenced: bool) -> Self {
        let all: Vec<usize> = memmem::find_iter(text.as_bytes(), FENCE).collect();
        let mut ahead = all.iter().peekable();
        let mut lines: Vec<Line> = Vec::new();
        let (mut code, mut told, mut fences) = (0_usize, 0_usize, 0_usize);
        let mut start = 0_usize;
        for physical in text.split_inclusive('\n') {
            let is_json = physical.trim_start().starts_with(['{', '[', '"']);
            let mark = if is_json || physical.len() > LONG { "\\n" } else { "\n" };
            for line in physical.split_inclusive(mark) {
                let class = class_of(line);
                lines.push(Line { start, class, code, told, fences });
                // What stands beside a row is as likely a program as what stands beside code.
                let is_code = matches!(class, Class::Code | Class::Row);
                code = code.saturating_add(usize::from(is_code));
                told = told.saturating_add(usize::from(class != Class::Neutral));
                start = start.saturating_add(line.len());
                while ahead.next_if(|fence| **fence < start).is_some() {
                    fences = fences.saturating_add(1);
                }
            }
        }
        let class = Class::Neutral;
        lines.push(Line { start, class, code, told, fences: fences.saturating_add(1) });
        Self { lines, fences: all, is_fenced }
    }

    /// Whether `at` stands within a block of code.
    pub(super) fn are_fenced(&self, at: usize) -> bool {
        let before = self.fences.partition_point(|fence| *fence < at);
        self.is_fenced ^ (before % 2 == 1)
    }

    /// Whether the text ends within a block of code.
    pub(in crate::names) fn end_fenced(&self) -> bool {
        self.are_fenced(usize::MAX)
    }

    fn index(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.start <= at).saturating_sub(1)
    }

    fn at(&self, index: usize) -> Option<&Line> {
        self.lines.get(index)
    }

    /// Where the line that holds `at` begins and ends, and what it is.
    pub(super) fn line(&self, at: usize) -> (usize, usize, Class) {
        let index = self.index(at);
        let end = self.at(index.saturating_add(1)).map_or(at, |line| line.start);
        self.at(index).map_or((at, at, Class::Prose), |line| (line.start, end, line.class))
    }

    /// Whether the lines around the one that holds `at`, as far as the next fences, are code.
    pub(in crate::names) fn are_code(&self, at: usize) -> bool {
        let index = self.index(at);
        let Some(line) = self.at(index) else { return false };
        let first = self.lines.partition_point(|other| other.fences < line.fences);
        let last = self.lines.partition_point(|other| other.fences <= line.fences);
        let is_code = |from: usize, to: usize, share: usize, fewest: usize| {
            let Some((from, to)) = self.at(from).zip(self.at(to.min(self.lines.len() - 1))) else {
                return false;
            };
            let code = to.code.saturating_sub(from.code);
            code >= fewest && code.saturating_mul(share) >= to.told.saturating_sub(from.told)
        };
        is_code(first, last, FILE.0, FILE.1)
            || NEAR.iter().any(|&(reach, share, fewest)| {
                let from = index.saturating_sub(reach).max(first);
                let to = index.saturating_add(reach).saturating_add(1).min(last);
                is_code(from, to, share, fewest)
            })
    }
}
