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

mod invented;
mod staying;

use super::pieces::{Case, Piece, Word, cut};
use super::words;
use crate::names::is_title;
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
    for (place, piece) in words.iter().enumerate() {
        let Piece::Word(word) = piece else {
            continue;
        };
        let identity = word.identity();
        let is_further = parts.contains(&Part::Given);
        let is_particle = word.case() == Case::Small
            && (has_capitals || is_further)
            && staying::PARTICLES.contains(&identity.as_str());
        parts.push(
            if is_particle
                || is_title(&identity, word.case() == Case::Small)
                || is_small_letter(word)
                || is_elided(&words, place)
            {
                Part::Stays
            } else if word.has_digit() {
                Part::Code
            } else if word.is_initial() {
                Part::Letters
            } else {
                Part::Given
            },
        );
    }
    let has_more = parts.iter().filter(|part| !matches!(part, Part::Code)).count() > 1;
    if let Some(last) = parts.iter_mut().rfind(|part| **part == Part::Given).filter(|_| has_more) {
        *last = Part::Family;
    }
    rewritten(original, &words, &parts, Part::Given, scope)
}

pub(super) fn place(original: &str, scope: &mut Scope) -> String {
    let words = cut(original);
    let has_box = texts(&words).any(|word| word.identity() == "box");
    let shouts = texts(&words).count() > 1 && texts(&words).all(|w| w.case() == Case::Capitals);
    let parts: Vec<Part> = texts(&words)
        .map(|word| {
            let identity = word.identity();
            let is_state = word.is_capitals() && invented::STATES.contains(&identity.as_str());
            if word.has_digit() {
                Part::Code
            } else if is_state {
                Part::State
            } else if staying::PLACE_WORDS.contains(&identity.as_str())
                || is_small_letter(word)
                || (has_box && matches!(identity.as_str(), "p" | "o"))
            {
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
    let end = staying::STREET_ENDS.iter().filter(is_more).find(|end| identity.ends_with(**end))?;
    Some(end.len())
}

pub(super) fn organisation(original: &str, scope: &mut Scope) -> String {
    let words = cut(original);
    let parts: Vec<Part> = texts(&words)
        .map(|word| {
            if word.has_digit() {
                Part::Code
            } else if staying::ORGANISATION_WORDS.contains(&word.identity().as_str())
                || is_small_letter(word)
            {
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

/// Whether the word at `place` is the `O` of `O'Neil`, or the `D` of `D'Arcy`.
fn is_elided(pieces: &[Piece<'_>], place: usize) -> bool {
    let is_letter = |piece: &Piece<'_>| matches!(piece, Piece::Word(word) if matches!(word.text.as_str(), "O" | "D"));
    let next = pieces.get(place.saturating_add(1));
    let is_apostrophe = matches!(next, Some(Piece::Between("'" | "’")));
    is_apostrophe && pieces.get(place).is_some_and(is_letter)
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
        Part::Given => named("person", &identity, scope, |s| s.choose(&invented::GIVEN).to_owned()),
        Part::Family => {
            named("person", &identity, scope, |s| s.choose(&invented::FAMILY).to_owned())
        }
        Part::Place => named("place", &identity, scope, |s| joined(invented::PLACE, s)),
        Part::Company => named("organisation", &identity, scope, |s| joined(invented::COMPANY, s)),
        Part::State => named("state", &identity, scope, |s| s.choose(invented::STATES).to_owned()),
        Part::Letters => letters(&identity, scope),
        Part::Street(end) => {
            let at = identity.len().saturating_sub(end);
            let (head, end) = identity.split_at_checked(at).unwrap_or((&identity, ""));
            named("place", head, scope, |stream| joined(invented::PLACE, stream)) + end
        }
        Part::Code => match ordinal(&word.text, scope) {
            Some(drawn) => drawn,
            None => return code(&word.text, scope),
        },
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
    /// From this length on a name that is in another gives it away.
    const TELLING: usize = 3;
    scope.assign(domain, identity, |stream, width| {
        let drawn: String = (0..=width).map(|_| pick(stream)).collect();
        let tells = identity.len() >= TELLING && drawn.contains(identity)
            || drawn.len() >= TELLING && identity.contains(&drawn);
        (!tells).then_some(drawn)
    })
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

/// What `5th` and its like become; `None` if it is no such.
fn ordinal(text: &str, scope: &mut Scope) -> Option<String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let end = text.strip_prefix(number)?.to_ascii_lowercase();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || !["st", "nd", "rd", "th"].contains(&end.as_str()) {
        return None;
    }
    let drawn = code(number, scope);
    let tens = drawn.bytes().rev().nth(1);
    let end = match drawn.bytes().last().filter(|_| tens != Some(b'1')) {
        Some(b'1') => "st",
        Some(b'2') => "nd",
        Some(b'3') => "rd",
        _ => "th",
    };
    Some(drawn + end)
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
