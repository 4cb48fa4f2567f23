//! Whether what was taken for a name is a term: of computing, of an office, a label, a product.

use super::super::lists::{COMMON, Lists, hash};
use super::form::is_camel;
use super::words::{CODE, HEADERS, LABELS, MONTHS, OFFICES, PRODUCTS, TERMS};

/// Whether what was taken for a person is an office, an institution or a term of law: its last word
/// is one. A month is no person either, but may be the end of a name.
pub(super) fn is_office(name: &str) -> bool {
    let is_month = |name: &str| MONTHS.iter().any(|month| month.eq_ignore_ascii_case(name));
    let last = name.split_whitespace().next_back().unwrap_or_default();
    let last = last.trim_matches(|c: char| !c.is_alphanumeric());
    is_month(name) || OFFICES.iter().any(|office| office.eq_ignore_ascii_case(last))
}

/// Whether what was taken for a place is only offices and terms of law: `Registrar`, `State’s`.
pub(super) fn is_office_alone(name: &str) -> bool {
    let mut words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && *word != "s")
        .map(str::to_lowercase)
        .peekable();
    let is_one = |word: &str| OFFICES.contains(&word);
    words.peek().is_some()
        && words.all(|word| is_one(&word) || word.strip_suffix('s').is_some_and(is_one))
}

pub(super) fn is_term(name: &str) -> bool {
    TERMS.contains(&name.to_lowercase().as_str())
}

/// Labels of coordinates, before a number.
const COORDINATES: &[&str] = &["lat", "lon", "lng"];

/// Whether a word is the label of a number.
pub(in crate::names) fn is_number_label(word: &str) -> bool {
    LABELS.iter().any(|label| label.eq_ignore_ascii_case(word))
}

/// Whether a name is the label of a number, or the name of a header before its colon.
pub(super) fn is_label(name: &str, after: &str) -> bool {
    let is = |list: &[&str]| list.iter().any(|label| label.eq_ignore_ascii_case(name));
    let value = after.trim_start_matches([' ', ':', '=', '"', '-']);
    let is_coordinate =
        COORDINATES.contains(&name) && value.starts_with(|c: char| c.is_ascii_digit());
    is_number_label(name)
        || is_coordinate
        || name.starts_with("X-")
        || (after.starts_with(':') && is(HEADERS))
}

/// Whether a value is a word of programs or of computing.
pub(in crate::names) fn is_of_computing(value: &str) -> bool {
    is_term(value) || is_of_code(value, false) || is_camel(value)
}

/// Whether a name is that of an assistant, alone or before words such as `Code` and `CLI`.
pub(super) fn is_product(name: &str, lists: &Lists) -> bool {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    PRODUCTS.iter().any(|product| product.eq_ignore_ascii_case(first))
        && words.all(|word| {
            is_term(word)
                || lists.flags(hash(word)) & COMMON != 0
                || PRODUCTS.iter().any(|product| product.eq_ignore_ascii_case(word))
        })
}

/// Whether any word of a name, or else every one, is of programming languages: `None`, `OSError`,
/// `elif x`. Streets and towns hold some of these words: `Mill Path`.
pub(super) fn is_of_code(name: &str, any: bool) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words = words.map(|word| {
        let is_fault = ["Error", "Exception", "Warning"].iter().any(|end| word.ends_with(end));
        is_fault || CODE.iter().any(|code| code.eq_ignore_ascii_case(word))
    });
    if any { words.any(|is_code| is_code) } else { words.all(|is_code| is_code) }
}
