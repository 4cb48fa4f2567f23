//! Reading settings from TOML, with every check.

use super::pattern::Pattern;
use super::{Settings, SettingsError};
use crate::finding::FindingKind;
use crate::operator::Operator;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// The key that speaks for all kinds that are not named.
const DEFAULT: &str = "default";
/// What turns a kind off.
const OFF: &str = "off";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    kinds: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    allow: Allow,
    #[serde(default)]
    pattern: Vec<Written>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allow {
    #[serde(default)]
    values: Vec<Spanned<String>>,
    #[serde(default)]
    domains: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Spanned<String>,
    kind: Spanned<String>,
    regex: Spanned<String>,
    #[serde(default)]
    matches: Vec<Spanned<String>>,
    #[serde(default)]
    rejects: Vec<Spanned<String>>,
}

pub(super) fn parse(text: &str) -> Result<Settings, SettingsError> {
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line(text, span.start));
        SettingsError { line, message: error.message().to_owned() }
    })?;
    let mut settings = Settings::default();
    for (key, value) in &file.kinds {
        let operator = operator(value).map_err(|message| at(text, value, message))?;
        if key.get_ref() == DEFAULT {
            settings.default = operator;
        } else {
            let kind = kind(key).map_err(|message| at(text, key, message))?;
            settings.kinds.insert(kind, operator);
        }
    }
    for value in &file.allow.values {
        if value.get_ref().is_empty() {
            return Err(at(text, value, "a value of `allow.values` is empty".to_owned()));
        }
        settings.allow.add_value(value.get_ref());
    }
    for domain in &file.allow.domains {
        if !is_domain(domain.get_ref()) {
            let message = format!("`{}` of `allow.domains` is no domain", domain.get_ref());
            return Err(at(text, domain, message));
        }
        settings.allow.add_domain(domain.get_ref());
    }
    let mut names = BTreeSet::new();
    for written in &file.pattern {
        if !names.insert(written.name.get_ref()) {
            let message = format!("two patterns have the name `{}`", written.name.get_ref());
            return Err(at(text, &written.name, message));
        }
        settings.patterns.push(pattern(text, written)?);
    }
    Ok(settings)
}

/// Compiles a pattern and tries its examples.
fn pattern(text: &str, written: &Written) -> Result<Pattern, SettingsError> {
    let name = written.name.get_ref();
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || !name.bytes().all(allowed) {
        let message = format!("the name `{name}` must be of small letters, digits and hyphens");
        return Err(at(text, &written.name, message));
    }
    let kind = kind(&written.kind).map_err(|message| at(text, &written.kind, message))?;
    let pattern = Pattern::new(name.clone(), kind, written.regex.get_ref()).map_err(|reason| {
        at(text, &written.regex, format!("the pattern `{name}` {}", because(&reason)))
    })?;
    if written.matches.is_empty() {
        let message = format!("the pattern `{name}` needs an example of what it `matches`");
        return Err(at(text, &written.name, message));
    }
    for example in &written.matches {
        if !pattern.finds(example.get_ref()) {
            let message = format!("the pattern `{name}` does not match `{}`", example.get_ref());
            return Err(at(text, example, message));
        }
    }
    for example in &written.rejects {
        if pattern.finds(example.get_ref()) {
            let message = format!("the pattern `{name}` matches `{}`", example.get_ref());
            return Err(at(text, example, message));
        }
    }
    Ok(pattern)
}

/// A reason why a pattern cannot be used, behind its name.
fn because(reason: &str) -> String {
    if reason.contains('\n') { format!("cannot be read:\n{reason}") } else { reason.to_owned() }
}

fn kind(text: &Spanned<String>) -> Result<FindingKind, String> {
    let kinds = FindingKind::ALL;
    kinds.iter().copied().find(|kind| kind.as_str() == text.get_ref()).ok_or_else(|| {
        let names = kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
        format!("there is no kind `{}`; there are {names}", text.get_ref())
    })
}

/// The operator called so; `None` for [`OFF`].
fn operator(text: &Spanned<String>) -> Result<Option<Operator>, String> {
    if text.get_ref() == OFF {
        return Ok(None);
    }
    let found = Operator::ALL.iter().copied().find(|one| one.as_str() == text.get_ref());
    found.map(Some).ok_or_else(|| {
        let names: Vec<&str> = Operator::ALL.iter().map(|operator| operator.as_str()).collect();
        format!("there is no operator `{}`; there are {}, {OFF}", text.get_ref(), names.join(", "))
    })
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    text.split('.').all(is_label)
}

fn at<T>(text: &str, place: &Spanned<T>, message: String) -> SettingsError {
    SettingsError { line: line(text, place.span().start), message }
}

/// The line of a byte offset, from 1.
fn line(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    before.iter().filter(|&&byte| byte == b'\n').count().saturating_add(1)
}
