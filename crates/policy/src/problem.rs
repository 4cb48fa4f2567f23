//! What is wrong with a policy set, and where: the messages that `consentry policy check` prints.

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Whether a problem stops a set from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The set is refused.
    Error,
    /// The set works; someone should look at it.
    Warning,
}

/// A file that problems can point into.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) name: Arc<str>,
    pub(crate) text: Arc<str>,
    source: Arc<NamedSource<Arc<str>>>,
}

impl File {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let text: Arc<str> = text.into();
        Self {
            name: name.into(),
            source: Arc::new(NamedSource::new(name, Arc::clone(&text))),
            text,
        }
    }

    /// The line of a byte offset, from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        1 + before.filter(|byte| **byte == b'\n').count()
    }

    /// The bytes of a line, counted from 1; the end of the file for one that it does not have.
    pub(crate) fn line_span(&self, line: usize) -> Range<usize> {
        let before = self.text.split_inclusive('\n').take(line.saturating_sub(1));
        let start = before.map(str::len).sum::<usize>();
        let line = self.text.get(start..).and_then(|rest| rest.lines().next());
        start..start + line.map_or(0, str::len)
    }
}

/// One thing that is wrong with a policy set. As a [`Diagnostic`] it carries the file's text and the
/// stretch to underline.
#[derive(Clone, Debug)]
pub struct Problem {
    severity: Severity,
    code: &'static str,
    message: String,
    help: Option<String>,
    file: Option<File>,
    labels: Vec<LabeledSpan>,
}

impl Problem {
    pub(crate) fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            help: None,
            file: None,
            labels: Vec::new(),
        }
    }

    pub(crate) fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// The same, but not in the way of using the set.
    #[must_use]
    pub(crate) fn into_warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Points at a stretch of a file.
    #[must_use]
    pub(crate) fn at(mut self, file: &File, span: Range<usize>) -> Self {
        self.file = Some(file.clone());
        self.labels.push(LabeledSpan::new_with_span(None, (span.start, span.len())));
        self
    }

    /// Names a file without pointing into it.
    #[must_use]
    pub(crate) fn in_file(mut self, file: &File) -> Self {
        self.file = Some(file.clone());
        self
    }

    /// Takes over what another library found in the text that begins at byte `base` of `file`.
    pub(crate) fn wrap(
        code: &'static str,
        found: &dyn Diagnostic,
        file: &File,
        base: usize,
    ) -> Self {
        let labels = found.labels().into_iter().flatten().map(|label| {
            let span = (base + label.offset(), label.len());
            LabeledSpan::new_with_span(label.label().map(Into::into), span)
        });
        Self {
            help: found.help().map(|help| help.to_string()),
            labels: labels.collect(),
            file: Some(file.clone()),
            ..Self::error(code, found.to_string())
        }
    }

    /// Whether the set is refused because of it.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// A fixed name for this kind of problem, such as `policy::unknown-provision`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.code
    }

    /// The name of the file, if the problem is in one.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_ref().map(|file| file.name.as_ref())
    }

    /// The line of the first stretch that is pointed at, from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        Some(self.file.as_ref()?.line(self.labels.first()?.offset()))
    }

    /// The texts that are pointed at.
    #[must_use]
    pub fn snippets(&self) -> Vec<&str> {
        let text = self.file.as_ref().map(|file| file.text.as_ref());
        let cut = |label: &LabeledSpan| text?.get(label.offset()..label.offset() + label.len());
        self.labels.iter().filter_map(cut).collect()
    }

    fn position(&self) -> (Option<&str>, usize, Severity) {
        let offset = self.labels.first().map_or(0, LabeledSpan::offset);
        (self.file(), offset, self.severity)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.file.as_ref().map(|file| file.source.as_ref() as _)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// Brings problems into the order of files and lines.
pub(crate) fn sort(problems: &mut [Problem]) {
    problems.sort_by(|one, other| one.position().cmp(&other.position()));
}

/// A policy set that cannot be used, with everything that is wrong with it: at least one error, and
/// the warnings. As a [`Diagnostic`] it has the problems as related diagnostics.
#[derive(Clone, Debug)]
pub struct LoadError {
    /// In the order of files and lines.
    pub problems: Vec<Problem>,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self.problems.iter();
        let count = errors.filter(|problem| problem.severity == Severity::Error).count();
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "the policy set has {count} error{plural}")?;
        for problem in &self.problems {
            let severity = match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            write!(f, "\n{severity}: ")?;
            match (problem.file(), problem.line()) {
                (Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
                (Some(file), None) => write!(f, "{file}: ")?,
                _ => {}
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadError {}

impl Diagnostic for LoadError {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.problems.iter().map(|problem| problem as _)))
    }
}
