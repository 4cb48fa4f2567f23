//! `set.toml` and `provisions.toml`: what the set is called, and which published provisions its
//! policies implement.

use crate::problem::{File, Problem};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

/// One rule that a document states: what a policy cites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provision {
    /// The id by which policies cite it: letters a–z, digits and hyphens.
    pub id: Arc<str>,
    /// The document that states it.
    pub document: String,
    /// Where in the document.
    pub place: String,
    /// Where the document is published.
    pub url: Option<String>,
    /// The day (`2026-07-08`) on which the version that was read took effect or was last updated;
    /// `unknown` where the document does not say.
    pub date: String,
    /// What it says, in the words of the set's author.
    pub paraphrase: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetFile {
    id: Spanned<String>,
    title: Spanned<String>,
    control: Option<Spanned<String>>,
}

/// What a set is called.
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) control: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvisionsFile {
    #[serde(default)]
    provision: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: Spanned<String>,
    document: Spanned<String>,
    #[serde(rename = "where")]
    place: Spanned<String>,
    url: Option<String>,
    date: Spanned<String>,
    paraphrase: Spanned<String>,
}

/// Whether a text can be an id: letters a–z, digits and hyphens, at least one.
pub(crate) fn is_id(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.bytes().all(allowed)
}

/// Reads TOML; a mistake becomes a problem at the place that the reader names.
pub(crate) fn parse<T: for<'de> Deserialize<'de>>(
    file: &File,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    match toml::from_str(&file.text) {
        Ok(value) => Some(value),
        Err(error) => {
            let problem = Problem::error("set::toml", error.message());
            problems.push(match error.span() {
                Some(span) => problem.at(file, span),
                None => problem.in_file(file),
            });
            None
        }
    }
}

/// What `set.toml` says.
pub(crate) fn load_set(file: &File, problems: &mut Vec<Problem>) -> Option<Named> {
    let set: SetFile = parse(file, problems)?;
    if !is_id(set.id.get_ref()) {
        problems.push(bad_id("the set's id", &set.id, file));
    }
    require_text(&set.title, "title", file, problems);
    if let Some(control) = &set.control {
        require_text(control, "control", file, problems);
    }
    Some(Named {
        id: set.id.into_inner(),
        title: set.title.into_inner(),
        control: set.control.map(Spanned::into_inner),
    })
}

/// The provisions, with the span of each one's id.
pub(crate) fn load_provisions(
    file: &File,
    problems: &mut Vec<Problem>,
) -> BTreeMap<Arc<str>, (Provision, Range<usize>)> {
    let mut provisions = BTreeMap::new();
    let entries = parse::<ProvisionsFile>(file, problems).map_or(Vec::new(), |all| all.provision);
    for entry in entries {
        let span = entry.id.span();
        if !is_id(entry.id.get_ref()) {
            problems.push(bad_id("a provision's id", &entry.id, file));
        }
        for (text, what) in [
            (&entry.document, "document"),
            (&entry.place, "where"),
            (&entry.paraphrase, "paraphrase"),
        ] {
            require_text(text, what, file, problems);
        }
        if !is_date(entry.date.get_ref()) {
            let message = format!("`{}` is not a date", entry.date.get_ref());
            let problem = Problem::error("provisions::date", message).help(
                "write the day like `2026-07-08`, or `unknown` where the document does not say",
            );
            problems.push(problem.at(file, entry.date.span()));
        }
        let id: Arc<str> = entry.id.into_inner().into();
        let provision = Provision {
            id: Arc::clone(&id),
            document: entry.document.into_inner(),
            place: entry.place.into_inner(),
            url: entry.url,
            date: entry.date.into_inner(),
            paraphrase: entry.paraphrase.into_inner(),
        };
        match provisions.entry(id) {
            Entry::Vacant(place) => {
                place.insert((provision, span));
            }
            Entry::Occupied(known) => {
                let message = format!("there are two provisions with the id `{}`", known.key());
                problems.push(Problem::error("provisions::duplicate-id", message).at(file, span));
            }
        }
    }
    provisions
}

fn bad_id(what: &str, id: &Spanned<String>, file: &File) -> Problem {
    Problem::error("set::id", format!("{what}, `{}`, is not one", id.get_ref()))
        .help("an id has letters a–z, digits and hyphens")
        .at(file, id.span())
}

fn require_text(text: &Spanned<String>, what: &str, file: &File, problems: &mut Vec<Problem>) {
    if text.get_ref().trim().is_empty() {
        let message = format!("`{what}` is empty");
        problems.push(Problem::error("set::empty", message).at(file, text.span()));
    }
}

/// A calendar date, or `unknown`.
fn is_date(text: &str) -> bool {
    text == "unknown"
        || (text.len() == 10
            && consentry_model::Instant::parse(&format!("{text}T00:00:00Z")).is_ok())
}
