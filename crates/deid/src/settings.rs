//! What an engine is told to do.

mod allow;
mod file;
mod pattern;

use crate::finding::{Finding, FindingKind};
use crate::operator::{self, Operator};
use allow::Allow;
use pattern::Pattern;
use std::collections::BTreeMap;
use std::fmt;

/// What becomes of each kind of finding, what is never a finding, and patterns of one's own.
///
/// Without settings, every kind is found and gets a surrogate.
///
/// ```
/// use consentry_deid::{Engine, FindingKind, Operator, Scope, Settings};
/// let settings = Settings::default().with(FindingKind::Email, Operator::Tag);
/// let engine = Engine::structured().with_settings(settings);
/// let redacted = engine.redact("Ask grace@corp.io", &mut Scope::new([7; 32]));
/// assert_eq!(redacted.text, "Ask [EMAIL_1]");
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// `None` if kinds are off unless they are named.
    default: Option<Operator>,
    /// `None` for a kind that is off.
    kinds: BTreeMap<FindingKind, Option<Operator>>,
    allow: Allow,
    patterns: Vec<Pattern>,
    /// The text that they were read from, unless they were changed since.
    source: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            default: Some(Operator::default()),
            kinds: BTreeMap::new(),
            allow: Allow::default(),
            patterns: Vec::new(),
            source: Some(String::new()),
        }
    }
}

/// Why settings are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    line: usize,
    message: String,
}

impl SettingsError {
    /// The line of the mistake, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for SettingsError {}

impl Settings {
    /// Reads settings from TOML. Every part may be absent.
    ///
    /// - `[kinds]`: for a kind, by its [spelling](FindingKind::as_str), an operator, by
    ///   [its](Operator::as_str), or `off`; for all others `default`. A kind that is off is not
    ///   found, and not in the way of others that overlap it.
    /// - `[allow]`: `values`, which are never findings as a whole, written in any way that leads to
    ///   the same surrogate; `domains`, at or below which no e-mail address is a finding.
    /// - `[[pattern]]`: a `name` of small letters, digits and hyphens, which is the rule of its
    ///   findings; the `kind` that it finds; a `regex`; texts that it `matches`, one at least; texts
    ///   that it `rejects`.
    ///
    /// The syntax of patterns is that of the crate `regex`: no look-around and no back-references.
    /// They are searched in linear time, whatever they are. A match has 512 bytes at most, and what
    /// would be longer is cut. It is replaced as a whole, so that it should be the value alone: a
    /// pattern that matches quotes and braces takes them away. Where findings overlap, patterns
    /// have the highest score, 1. What a surrogate of the kind is known by is no match; that leaves
    /// persons, places, organisations, cards, dates and ages, whose surrogates a pattern may match
    /// again.
    ///
    /// # Errors
    ///
    /// The first mistake with its line: what is no TOML, a key, kind or operator that does not
    /// exist, a pattern that cannot be compiled, takes more than 1 MiB when it is, or matches the
    /// empty text, one that fails its examples, two of one name, no domain.
    ///
    /// ```
    /// use consentry_deid::{Engine, Settings};
    /// let settings = Settings::parse(r#"
    ///     [kinds]
    ///     default = "tag"
    ///     ip = "off"
    ///
    ///     [allow]
    ///     domains = ["corp.io"]
    ///
    ///     [[pattern]]
    ///     name = "employee-number"
    ///     kind = "national_id"
    ///     regex = '\bEMP-\d{6}\b'
    ///     matches = ["EMP-123456"]
    ///     rejects = ["EMP-1234567"]
    /// "#).unwrap();
    /// let engine = Engine::structured().with_settings(settings);
    /// let found = engine.findings("EMP-004711 is it@corp.io at 10.0.0.17");
    /// assert_eq!(found.len(), 1);
    /// assert_eq!(found[0].rule, "employee-number");
    ///
    /// let error = Settings::parse("[kinds]\nemial = \"mask\"").unwrap_err();
    /// assert!(error.to_string().starts_with("line 2: there is no kind `emial`"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let settings = file::parse(text)?;
        Ok(Self { source: Some(text.to_owned()), ..settings })
    }

    /// With this operator for all kinds that have none of their own.
    #[must_use]
    pub fn with_default(self, operator: Operator) -> Self {
        Self { default: Some(operator), source: None, ..self }
    }

    /// With this operator for findings of `kind`.
    #[must_use]
    pub fn with(mut self, kind: FindingKind, operator: Operator) -> Self {
        self.kinds.insert(kind, Some(operator));
        self.source = None;
        self
    }

    /// Without findings of `kind`.
    #[must_use]
    pub fn without(mut self, kind: FindingKind) -> Self {
        self.kinds.insert(kind, None);
        self.source = None;
        self
    }

    /// The text that these settings were read from. `None` when they were made or changed in code.
    pub(crate) fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// What is done with findings of a kind; `None` if it is off.
    pub(crate) fn operator(&self, kind: FindingKind) -> Option<Operator> {
        self.kinds.get(&kind).copied().unwrap_or(self.default)
    }

    /// Adds what own patterns find, and takes away what is no finding: kinds that are off, what
    /// operators have written, and allowed values, which are the answer.
    pub(crate) fn amend(&self, text: &str, candidates: &mut Vec<Finding>) -> Vec<Finding> {
        for pattern in &self.patterns {
            pattern.scan(text, candidates);
        }
        let mut allowed = Vec::new();
        if !self.allow.is_empty() {
            let is_allowed = |candidate: &Finding| {
                let found = text.get(candidate.start..candidate.end).unwrap_or_default();
                self.allow.holds(candidate.kind, found)
            };
            allowed.extend(candidates.iter().filter(|one| is_allowed(one)).cloned());
        }
        self.permit(text, candidates);
        allowed
    }

    /// Takes away what is no finding.
    pub(crate) fn permit(&self, text: &str, candidates: &mut Vec<Finding>) {
        candidates.retain(|candidate| {
            let found = text.get(candidate.start..candidate.end).unwrap_or_default();
            self.operator(candidate.kind).is_some()
                && !operator::is_written(found)
                && !self.allow.holds(candidate.kind, found)
        });
    }
}
