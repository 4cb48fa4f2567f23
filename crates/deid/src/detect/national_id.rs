//! Numbers that states and health services give to persons.
//!
//! Each country's number is one row: how it is written, which check its characters must pass, and
//! the words that announce it. A number whose form and check hardly anything else passes is found
//! wherever it stands; one that is a few bare digits is found only where the words before say what
//! it is.

mod americas;
mod asia;
mod check;
mod east;
mod form;
mod north;
mod south;
mod west;

use super::context::Announced;
use super::text::Text;
use super::{Claim, Rule};
use crate::finding::FindingKind;
use crate::surrogate;
pub(super) use check::is_day;
use form::Written;
pub(super) use form::{begins, ends};

/// How sure the form and the check of a number are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grade {
    /// It is no such number.
    No,
    /// It may be one, where the words before say so.
    Announced,
    /// It is one.
    Sure,
}

impl Grade {
    /// The grade of a number that is as good as `self` when `valid`.
    const fn when(self, valid: bool) -> Self {
        if valid { self } else { Self::No }
    }
}

/// The numbers of one country.
#[derive(Debug)]
struct Id {
    rule: &'static str,
    forms: &'static [&'static str],
    check: fn(&Written) -> Grade,
    /// Whether a surrogate of it may stand where nothing announces it.
    bare: bool,
    /// What announces it, in the country's language and in English, in small letters.
    words: &'static [&'static str],
}

/// What announces the number of any country.
const ANY: &[&str] = &[
    "national id",
    "national identity",
    "national identification",
    "nationalid",
    "national_id",
    "identity number",
    "identity card",
    "identification number",
    "id number",
    "id card",
    "id no",
    "personal id",
    "personal number",
    "tax id",
    "tax number",
    "tax identification",
    "taxpayer",
    "citizen id",
    "government id",
];

/// How sure a number is that is found anywhere, and one that is announced.
const SURE: f32 = 0.9;
const ANNOUNCED: f32 = 0.85;

/// The most letters that stand before the first digit of a number, and the most digits then.
pub(super) const MOST_LETTERS: usize = 7;
const MOST_DIGITS: usize = 18;

/// Which row of the forms those are in that begin with so many letters and then so many digits.
fn row(letters: usize, digits: usize) -> Option<usize> {
    let fits = letters <= MOST_LETTERS && digits <= MOST_DIGITS;
    fits.then_some(letters * (MOST_DIGITS + 1) + digits)
}

/// One form of one number.
#[derive(Clone, Copy, Debug)]
struct Entry {
    index: usize,
    form: &'static str,
    /// How many digits must stand behind the separator that follows the first ones.
    second: Option<usize>,
}

/// The numbers of all countries, with the search for the words that announce them.
#[derive(Debug)]
pub(super) struct NationalIds {
    /// Which number has which form, by how many letters and digits the form begins with.
    forms: Vec<Vec<Entry>>,
    ids: Vec<&'static Id>,
    words: Announced,
}

impl NationalIds {
    pub(super) fn new() -> Self {
        let ids: Vec<&'static Id> = tables().collect();
        let rows = row(MOST_LETTERS, MOST_DIGITS).map_or(0, |last| last + 1);
        let mut forms = vec![Vec::new(); rows];
        for (index, id) in ids.iter().enumerate() {
            for &form in id.forms {
                for (letters, digits, second) in form::leads(form) {
                    let row = row(letters, digits).and_then(|row| forms.get_mut(row));
                    row.into_iter().for_each(|row| row.push(Entry { index, form, second }));
                }
            }
        }
        let words: Vec<&[&str]> = ids.iter().map(|id| id.words).chain([ANY]).collect();
        Self { forms, words: Announced::new(&words), ids }
    }

    /// The number that begins at `start` with so many letters, and whose first digits begin and end
    /// as `digits` says.
    pub(super) fn find(
        &self,
        text: Text<'_>,
        start: usize,
        letters: usize,
        digits: (usize, usize),
    ) -> Option<Claim> {
        let forms = self.forms.get(row(letters, digits.1 - digits.0)?)?;
        if forms.is_empty() || !begins(text, start) {
            return None;
        }
        let second = form::digits_behind(text, digits.1);
        let (mut groups, mut possible) = (None, None);
        for &Entry { index, form, second: expected } in forms {
            if expected.is_some_and(|expected| expected != second) {
                continue;
            }
            let Some(written) = form::read(text, start, form) else {
                continue;
            };
            let id = self.ids.get(index)?;
            let grade = (id.check)(&written);
            if grade == Grade::Sure {
                return Some(found(id.rule, SURE, start, written.end));
            }
            let groups = groups.get_or_insert_with(|| self.words.before(text, start));
            let named = groups.contains(&index);
            let announced = named || groups.contains(&self.ids.len());
            // The surrogate of a telephone number may pass a check by chance.
            let telephone = surrogate::is_phone(text.slice(start, written.end));
            if grade == Grade::Announced && announced && !telephone {
                let found = found(id.rule, ANNOUNCED, start, written.end);
                if named {
                    return Some(found);
                }
                // Another country may be named.
                possible.get_or_insert(found);
            }
            let ours = grade == Grade::No && (id.bare || announced);
            if ours && surrogate::is_sealed(text.slice(start, written.end)) {
                return Some(Claim::Harmless(written.end));
            }
        }
        possible
    }
}

/// Whether `text` begins with what may be a number of any country.
pub(crate) fn is_national_id(text: &str) -> bool {
    begins_with(text, |grade| grade != Grade::No)
}

/// Whether `text` begins with a number of some country that is found wherever it stands.
pub(crate) fn is_sure_national_id(text: &str) -> bool {
    begins_with(text, |grade| grade == Grade::Sure)
}

fn begins_with(text: &str, is_meant: impl Fn(Grade) -> bool) -> bool {
    let text = Text::new(text);
    tables().any(|id| {
        let mut written = id.forms.iter().filter_map(|form| form::read(text, 0, form));
        written.any(|written| is_meant((id.check)(&written)))
    })
}

fn tables() -> impl Iterator<Item = &'static Id> {
    [north::IDS, west::IDS, south::IDS, east::IDS, americas::IDS, asia::IDS].into_iter().flatten()
}

fn found(rule: &'static str, score: f32, start: usize, end: usize) -> Claim {
    Claim::Found(Rule::new(FindingKind::NationalId, score, rule).finds(start, end))
}
