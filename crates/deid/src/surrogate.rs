//! What is put in the place of a finding.
//!
//! A surrogate has the kind and the form of what it replaces, belongs to nobody, and is recognised
//! as a surrogate by this crate without any key: by a range that is never assigned, a check that
//! never holds, or, where words and tokens have no such range, by a check of their own (see
//! [`words`] and [`token`]). That keeps a second pass from replacing them again. Only the surrogates of
//! [`names`] are not recognised: they are to read like any other name. A surrogate holds no
//! character that could end a string, a URL or an identifier, unless the original held it there.
//!
//! Dates of birth and ages are the exception: a date or an age that belongs to nobody does not
//! exist, so that a second pass replaces them once more.

mod address;
mod digits;
mod names;
mod phone;
mod pieces;
mod sealed;
mod token;
mod when;
mod words;

pub(crate) use address::{is_ipv4, is_ipv6};
pub(crate) use digits::{is_iban_check, is_mac};
pub(crate) use phone::{is_phone, is_phone_code};
pub(crate) use pieces::{Piece, cut};
pub(crate) use sealed::is_sealed;
pub(crate) use token::{digest, is_token};
pub(crate) use words::{is_credentials, is_email, is_word};

use crate::detect::{undisguised, undisguised_email};
use crate::finding::FindingKind;
use crate::scope::Scope;
use std::borrow::Cow;

/// The surrogate of `original` in `scope`. Ways of writing the same value (capitals in an address,
/// separators in a number) lead to the same surrogate, written in the way of `original`.
pub(crate) fn of(kind: FindingKind, original: &str, scope: &mut Scope) -> String {
    // What is encoded for a URL stays so.
    let encoded = kind == FindingKind::Email && original.contains("%40");
    let plain = plain(kind, original);
    let original = plain.as_ref();
    match kind {
        FindingKind::Email if encoded => words::email(original, scope).replace('@', "%40"),
        FindingKind::Email => words::email(original, scope),
        FindingKind::Phone => phone::phone(original, scope),
        FindingKind::Card => digits::card(original, scope),
        FindingKind::Iban => digits::iban(original, scope),
        FindingKind::UsSsn => digits::us_ssn(original, scope),
        FindingKind::Ip => address::ip(original, scope),
        FindingKind::Mac => digits::mac(original, scope),
        FindingKind::UrlCredentials => words::credentials(original, scope),
        FindingKind::Handle => words::handle(original, scope),
        FindingKind::Person => names::person(original, scope),
        FindingKind::Location => names::place(original, scope),
        FindingKind::Organisation => names::organisation(original, scope),
        FindingKind::NationalId => sealed::national_id(original, scope),
        FindingKind::Passport => sealed::passport(original, scope),
        FindingKind::DrivingLicence => sealed::driving_licence(original, scope),
        FindingKind::DateOfBirth => when::date(original, scope),
        FindingKind::Age => when::age(original, scope),
        FindingKind::Wallet => token::wallet(original, scope),
        FindingKind::Secret => token::secret(original, scope),
    }
}

/// A value in full-width digits, or with characters of no width in it, is the plain one.
fn plain(kind: FindingKind, original: &str) -> Cow<'_, str> {
    match kind {
        FindingKind::Email => undisguised_email(original),
        FindingKind::Person | FindingKind::Location | FindingKind::Organisation => original.into(),
        _ => undisguised(original),
    }
}

/// Whether a value is known to be a surrogate of its kind. False for what no surrogate of the kind
/// is known by, or not by its form alone: names, dates, ages, and cards, which a check digit would
/// give away that numbers of other cards have too.
pub(crate) fn is_known(kind: FindingKind, text: &str) -> bool {
    match kind {
        FindingKind::Person
        | FindingKind::Location
        | FindingKind::Organisation
        | FindingKind::Card => false,
        FindingKind::Email => text.split_once('@').is_some_and(|(a, b)| is_email(a, b)),
        FindingKind::Phone => is_phone(text),
        FindingKind::Iban => text.get(2..4).is_some_and(is_iban_check),
        FindingKind::UsSsn => digits::is_us_ssn(&identity(kind, text)),
        FindingKind::Ip => match (text.parse(), text.parse()) {
            (Ok(address), _) => is_ipv4(address),
            (_, Ok(address)) => is_ipv6(address),
            _ => false,
        },
        FindingKind::Mac => is_mac(&identity(kind, text)),
        FindingKind::UrlCredentials => is_credentials(text),
        FindingKind::NationalId | FindingKind::Passport | FindingKind::DrivingLicence => {
            is_sealed(text)
        }
        _ => is_token(text),
    }
}

/// What a value of a kind is, however it is written; values with another identity are others.
pub(crate) fn identity(kind: FindingKind, original: &str) -> String {
    let plain = plain(kind, original);
    let original = plain.as_ref();
    let only = |keep: fn(&char) -> bool| original.chars().filter(keep).collect::<String>();
    let identity = match kind {
        FindingKind::Phone => phone::identity(original),
        FindingKind::Card | FindingKind::UsSsn => only(char::is_ascii_digit),
        FindingKind::Iban
        | FindingKind::NationalId
        | FindingKind::Passport
        | FindingKind::DrivingLicence => only(char::is_ascii_alphanumeric).to_ascii_uppercase(),
        FindingKind::Mac => only(char::is_ascii_hexdigit).to_ascii_lowercase(),
        FindingKind::Ip => address::identity(original),
        FindingKind::Secret | FindingKind::Wallet | FindingKind::UrlCredentials => {
            original.to_owned()
        }
        _ => original.to_lowercase(),
    };
    if identity.is_empty() { original.to_owned() } else { identity }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a wrong offset must fail the test")]
mod tests;
