//! Surrogates of the names of persons, places and organisations.
//!
//! A name is rewritten word by word: each word has one surrogate in a scope, so that the parts of
//! a name fit the whole. Titles, particles, kinds of streets and legal forms stay, and so does what
//! stands between words; numbers are replaced digit by digit. What comes new are letters and digits
//! alone, so that code, JSON and URLs around a name stay intact.
//!
//! **These surrogates look like other names, and nothing tells them from real ones without the
//! key.** An engine that finds names finds them too, and replaces them again when it is given a
//! text that was redacted already. Invented places and companies are made of parts and may happen
//! to be called like real ones; a person's surrogate is called like many people.

mod lists;

use super::pieces::{Case, Piece, Word, cut};
use super::words;
use crate::scope::{Scope, Stream};

/// The longest row of capitals that is an abbreviation in the name of an organisation.
const ABBREVIATION: usize = 5;

/// What becomes of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Stays,
    Given,
    Family,
    Place,
    /// A place, and behind it what kind of street it is: so many bytes.
    Street(usize),
    State,
    Company,
    /// Letters instead of letters.
    Letters,
    /// Digits instead of digits, and letters instead of letters.
    Code,
}

pub(super) fn person(original: &str, scope: &mut Scope) -> String {
    let words = cut(original);
    let has_capitals = texts(&words).any(|word| word.case() != Case::Small);
    let mut parts: Vec<Part> = Vec::new();
    for word in texts(&words) {
        let identity = word.identity();
        let is_further = parts.contains(&Part::Given);
        let is_particle = word.case() == Case::Small
            && (has_capitals || is_further)
            && lists::is_particle(&identity);
        parts.push(if is_particle || lists::is_title(&identity) || is_small_letter(word) {
            Part::Stays
        } else if word.has_digit() {
            Part::Code
        } else if word.is_initial() {
            Part::Letters
        } else {
            Part::Given
        });
    }
    let has_more = parts.iter().filter(|part| !matches!(part, Part::Code)).count() > 1;
    if let Some(last) = parts.iter_mut().rfind(|part| **part == Part::Given).filter(|_| has_more) {
        *last = Part::Family;
    }
    rewritten(original, &words, &parts, Part::Given, scope)
}

pub(super) fn place(original: &str, scope: &mut Scope) -> String {
    let words = cut(original);
    let shouts = texts(&words).count() > 1 && texts(&words).all(|w| w.case() == Case::Capitals);
    let parts: Vec<Part> = texts(&words)
        .map(|word| {
            let identity = word.identity();
            let is_state = word.is_capitals() && lists::STATES.contains(&identity.as_str());
            if word.has_digit() {
                Part::Code
            } else if is_state {
                Part::State
            } else if lists::is_place_word(&identity) || is_small_letter(word) {
                Part::Stays
            } else if word.is_initial() || (word.is_capitals() && word.text.len() < 4 && !shouts) {
                Part::Letters
            } else {
                street(&identity).map_or(Part::Place, Part::Street)
            }
        })
        .collect();
    rewritten(original, &words, &parts, Part::Place, scope)
}

/// The bytes of the end that makes a word the name of a street.
fn street(identity: &str) -> Option<usize> {
    let is_more = |end: &&&str| identity.len() > end.len().saturating_add(2);
    let end = lists::STREET_ENDS.iter().filter(is_more).find(|end| identity.ends_with(**end))?;
    Some(end.len())
}

pub(super) fn organisation(original: &str, scope: &mut Scope) -> String {
    let words = cut(original);
    let parts: Vec<Part> = texts(&words)
        .map(|word| {
            if word.has_digit() {
                Part::Code
            } else if lists::is_organisation_word(&word.identity()) || is_small_letter(word) {
                Part::Stays
            } else if word.is_initial() || (word.is_capitals() && word.text.len() <= ABBREVIATION) {
                Part::Letters
            } else {
                Part::Company
            }
        })
        .collect();
    rewritten(original, &words, &parts, Part::Company, scope)
}

fn texts<'p, 't>(pieces: &'p [Piece<'t>]) -> impl Iterator<Item = &'p Word<'t>> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Word(word) => Some(word),
        Piece::Between(_) => None,
    })
}

/// The `s` of a possessive, and other letters that stand for nothing.
fn is_small_letter(word: &Word<'_>) -> bool {
    word.text.len() == 1 && word.case() == Case::Small
}

/// `pieces` with each word replaced as `parts` say; all of them as `otherwise` says if every word
/// would stay.
fn rewritten(
    original: &str,
    pieces: &[Piece<'_>],
    parts: &[Part],
    otherwise: Part,
    scope: &mut Scope,
) -> String {
    if parts.is_empty() {
        return words::handle(original, scope);
    }
    let all_stay = parts.iter().all(|part| *part == Part::Stays);
    let mut parts = parts.iter().map(|part| if all_stay { otherwise } else { *part });
    let mut text = String::with_capacity(original.len());
    for piece in pieces {
        match piece {
            Piece::Between(between) => text.push_str(between),
            Piece::Word(word) => {
                let part = parts.next().unwrap_or(otherwise);
                text.push_str(&replaced(word, part, scope));
            }
        }
    }
    text
}

fn replaced(word: &Word<'_>, part: Part, scope: &mut Scope) -> String {
    let identity = word.identity();
    let drawn = match part {
        Part::Stays => return word.raw().to_owned(),
        Part::Given => named("person", &identity, scope, |s| s.choose(&lists::GIVEN).to_owned()),
        Part::Family => named("person", &identity, scope, |s| s.choose(&lists::FAMILY).to_owned()),
        Part::Place => named("place", &identity, scope, |s| joined(lists::PLACE, s)),
        Part::Company => named("organisation", &identity, scope, |s| joined(lists::COMPANY, s)),
        Part::State => named("state", &identity, scope, |s| s.choose(lists::STATES).to_owned()),
        Part::Letters => letters(&identity, scope),
        Part::Street(end) => {
            let at = identity.len().saturating_sub(end);
            let (head, end) = identity.split_at_checked(at).unwrap_or((&identity, ""));
            named("place", head, scope, |stream| joined(lists::PLACE, stream)) + end
        }
        Part::Code => return code(&word.text, scope),
    };
    dressed(drawn, word.case())
}

/// `text`, which is of small letters, written as something else was.
fn dressed(text: String, case: Case) -> String {
    match case {
        Case::Small => text,
        Case::Capitals => text.to_uppercase(),
        Case::Capital => {
            let mut letters = text.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
        }
    }
}

/// A name of `domain`; names that are wider are several joined.
fn named(
    domain: &'static str,
    identity: &str,
    scope: &mut Scope,
    pick: impl Fn(&mut Stream) -> String,
) -> String {
    scope
        .assign(domain, identity, |stream, width| Some((0..=width).map(|_| pick(stream)).collect()))
}

fn joined((heads, tails): (&[&str], &[&str]), stream: &mut Stream) -> String {
    [stream.choose(heads), stream.choose(tails)].concat()
}

/// As many small letters as `identity` has characters, or more.
fn letters(identity: &str, scope: &mut Scope) -> String {
    let count = u32::try_from(identity.chars().count()).unwrap_or(u32::MAX);
    scope.assign("letters", identity, |stream, width| {
        let count = count.saturating_add(width);
        Some((0..count).map(|_| stream.pick(b"abcdefghijklmnopqrstuvwxyz")).collect())
    })
}

/// The number of a house, a postcode, and whatever else has digits. A number that does not begin
/// with 0 is replaced by one that does not.
fn code(text: &str, scope: &mut Scope) -> String {
    let identity = text.to_lowercase();
    let drawn = scope.assign("code", &identity, |stream, width| {
        let mut drawn: String = identity
            .char_indices()
            .map(|(at, character)| match character {
                '1'..='9' if at == 0 => stream.pick(b"123456789"),
                _ if character.is_ascii_digit() => stream.digit(),
                _ => stream.pick(b"abcdefghijklmnopqrstuvwxyz"),
            })
            .collect();
        drawn.push_str(&stream.digits(usize::try_from(width).unwrap_or(0)));
        Some(drawn)
    });
    let cases = text.chars().map(char::is_uppercase).chain(std::iter::repeat(false));
    let written = drawn.chars().zip(cases);
    written.map(|(c, is_upper)| if is_upper { c.to_ascii_uppercase() } else { c }).collect()
}

#[cfg(test)]
mod tests;
