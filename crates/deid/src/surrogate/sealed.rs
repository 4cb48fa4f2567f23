//! Surrogates of the numbers of documents: digits stay digits, letters stay letters, separators
//! stay.
//!
//! The last four letters and digits are a check of the others, so that a surrogate is told from a
//! number by chance once in ten thousand times or less. Where a country's numbers have a check of
//! their own, a surrogate never passes it.

use super::digits::{fill, more, us_ssn};
use crate::detect::is_national_id;
use crate::scope::Scope;

/// Characters of the check.
const CHECK: usize = 4;
/// The fewest letters and digits of a surrogate.
const LEAST: usize = 6;
/// Keeps the check apart from every other use of the hash.
const CONTEXT: &str = "consentry-deid sealed number v1";

/// Another number of the same form, in the names of a `domain`. No country gives it to a person.
fn sealed(domain: &'static str, original: &str, scope: &mut Scope) -> String {
    let compact = compact(original);
    let core = scope.assign(domain, &compact, |stream, width| {
        let length = more(compact.len().max(LEAST), width);
        let digits = std::iter::repeat(b'0');
        let classes = compact.bytes().chain(digits).take(length);
        let mut core: Vec<u8> = classes
            .enumerate()
            .map(|(place, class)| {
                // A number of JSON begins with no 0.
                let drawn = if place == 0 && matches!(class, b'1'..=b'9') {
                    stream.pick(b"123456789")
                } else if class.is_ascii_digit() {
                    stream.digit()
                } else {
                    stream.pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                };
                u8::try_from(drawn).unwrap_or(b'0')
            })
            .collect();
        seal(&mut core);
        let core = String::from_utf8(core).ok()?;
        (!is_national_id(&written(original, &core))).then_some(core)
    });
    written(original, &core)
}

/// A number that no country gives.
pub(super) fn national_id(original: &str, scope: &mut Scope) -> String {
    let widths = original.split(['-', ' ']).map(str::len);
    // A taxpayer number of the United States is one of social security that is not issued.
    if original.starts_with('9') && widths.eq([3, 2, 4]) {
        return us_ssn(original, scope);
    }
    sealed("national_id", original, scope)
}

/// The number of a passport that carries the check.
pub(super) fn passport(original: &str, scope: &mut Scope) -> String {
    sealed("passport", original, scope)
}

/// The number of a driving licence that carries the check.
pub(super) fn driving_licence(original: &str, scope: &mut Scope) -> String {
    sealed("driving_licence", original, scope)
}

/// Whether the last letters and digits are the check of the others.
pub(crate) fn is_sealed(text: &str) -> bool {
    let compact = compact(text).into_bytes();
    let mut sealed = compact.clone();
    seal(&mut sealed);
    compact.len() >= LEAST && sealed == compact
}

/// The letters and digits, letters as capitals.
fn compact(text: &str) -> String {
    let compact: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    compact.to_ascii_uppercase()
}

fn written(original: &str, core: &str) -> String {
    fill(original, |c| c.is_ascii_alphanumeric(), core)
}

/// Writes the check of the other characters into the last ones, digits over digits and letters
/// over letters.
fn seal(core: &mut [u8]) {
    let Some((head, check)) = core.split_last_chunk_mut::<CHECK>() else {
        return;
    };
    let digest = blake3::derive_key(CONTEXT, head);
    for (place, byte) in check.iter_mut().zip(digest) {
        let (first, choices) = if place.is_ascii_digit() { (b'0', 10) } else { (b'A', 26) };
        *place = first + byte % choices;
    }
}
