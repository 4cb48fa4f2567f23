//! Keys of data and labels of forms, and headers of mail, that announce names and places.

use super::super::guard::{Lines, is_of_computing};
use super::super::lists::{COMMON, FAMILY, GIVEN, Lists, hash};
use super::{announced, mail};
use crate::{Finding, FindingKind};

/// The longest key and the longest value, in bytes.
const KEY_MAX: usize = 40;
const VALUE_MAX: usize = 120;
/// The most words of a name and of a place.
const WORDS_MAX: usize = 5;
/// Values that stand for none.
const NO_VALUE: &[&str] = &[
    "null",
    "none",
    "nil",
    "unknown",
    "undefined",
    "string",
    "text",
    "name",
    "test",
    "required",
    "optional",
    "varchar",
    "true",
    "false",
    "example",
    "value",
    "default",
    "any",
    "other",
    "n/a",
    "asc",
    "desc",
];
/// Words of the messages and the hints of forms, in small letters.
const OF_MESSAGES: &[&str] = &[
    "please", "enter", "select", "choose", "required", "invalid", "missing", "must", "cannot",
    "is", "your",
];

/// What a key announces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Announced {
    /// A name, whatever it is.
    Name,
    /// A name, if it looks like one.
    Maybe,
    /// Addresses of mail with the names of their owners.
    Mail,
    /// A place, or a line of an address.
    Place,
    /// A whole address, if it looks like one.
    Address,
    Postcode,
}

/// The values of keys that announce names and places, in order. Of places that are not quoted
/// those alone in which nothing was found: the end of such a value is a guess.
pub(super) fn values(
    text: &str,
    lines: &Lines,
    lists: &Lists,
    findings: &[Finding],
) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    // So far recipients have been read.
    let mut read = 0_usize;
    for at in memchr::memchr3_iter(b':', b'=', b'>', text.as_bytes()) {
        let Some(what) = announced_by(text, at) else { continue };
        let after = at.saturating_add(1);
        if found.last().is_some_and(|last| last.end > after) {
            continue;
        }
        if what == Announced::Mail {
            if after >= read {
                read = mail::names(text, after, lists, &mut found);
            }
            continue;
        }
        let Some((start, end, is_quoted)) = value_at(text, after) else { continue };
        let value = text.get(start..end).unwrap_or_default();
        let is_trusted = is_quoted || is_whole(text, at, value, end) || !lines.are_code(start);
        if is_trusted && fits(value, what, is_quoted, lists) {
            let is_place =
                matches!(what, Announced::Place | Announced::Address | Announced::Postcode);
            let kind = if is_place { FindingKind::Location } else { FindingKind::Person };
            if is_place && !is_quoted && is_covered(findings, start, end) {
                continue;
            }
            found.push(announced(start, end, kind));
        }
    }
    found
}

/// Whether a value that ends at `end`, behind the mark at `at`, is none of a program although its
/// line looks like one: all of an element, or words in a row, of which no program makes a value.
fn is_whole(text: &str, at: usize, value: &str, end: usize) -> bool {
    let mark = text.as_bytes().get(at);
    let rest = text.get(end..).unwrap_or_default();
    match mark {
        Some(b'>') => rest.starts_with("</"),
        _ => {
            let is_word = |word: &str| word.starts_with(char::is_uppercase);
            value.contains(' ')
                && value.split(' ').all(is_word)
                && rest.trim_start_matches([' ', '\r']).starts_with('\n')
        }
    }
}

/// Whether a finding stands between `start` and `end`.
fn is_covered(findings: &[Finding], start: usize, end: usize) -> bool {
    let next = findings.partition_point(|finding| finding.end <= start);
    findings.get(next).is_some_and(|finding| finding.start < end)
}

/// What the key before `at`, where a mark stands that ends keys, announces.
fn announced_by(text: &str, at: usize) -> Option<Announced> {
    let from = text.ceil_char_boundary(at.saturating_sub(KEY_MAX));
    let head = text.get(from..at)?;
    let head = head.trim_end_matches([' ', '"', '\'', '\\', '*', '`']);
    // Most marks stand behind no letter.
    head.chars().next_back().filter(|last| last.is_alphanumeric())?;
    let start = head.rfind(|c: char| !(c.is_alphanumeric() || " _-".contains(c)));
    let mut key =
        head.get(start.map_or(0, |at| head.ceil_char_boundary(at.saturating_add(1)))..)?;
    loop {
        if let Some(what) = meaning(&normal(key)) {
            return Some(what);
        }
        key = key.trim_start().split_once(' ')?.1;
    }
}

/// Whether a key announces a name or a place, whatever marks stand in it.
pub(in crate::names) fn is_announcing(key: &str) -> bool {
    meaning(&normal(key)).is_some()
}

/// A key in small letters and without marks.
fn normal(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Keys without marks, in small letters: of schema.org, vCard (RFC 6350) and the forms of seven
/// languages.
fn meaning(key: &str) -> Option<Announced> {
    Some(match key {
        "firstname" | "lastname" | "middlename" | "surname" | "familyname" | "givenname"
        | "givennames" | "forename" | "fullname" | "maidenname" | "fname" | "lname"
        | "customername" | "clientname" | "contactname" | "patientname" | "employeename"
        | "cardholdername" | "authorname" | "recipientname" | "sendername" | "vorname"
        | "nachname" | "familienname" | "geburtsname" | "prénom" | "prenom" | "nomdefamille"
        | "apellido" | "apellidos" | "nombrecompleto" | "cognome" | "achternaam" | "voornaam"
        | "sobrenome" | "nomecompleto" => Announced::Name,
        "name" | "author" | "customer" | "contact" | "client" | "patient" | "employee" | "nom"
        | "nome" | "nombre" | "recipient" | "cardholder" | "accountholder" | "kontoinhaber"
        | "assignee" | "reviewer" | "manager" => Announced::Maybe,
        "from" | "to" | "cc" | "bcc" | "replyto" | "sender" => Announced::Mail,
        "street" | "streetaddress" | "addressline1" | "addressline2" | "city" | "town"
        | "hometown" | "strasse" | "straße" | "wohnort" | "stadt" | "ville" | "calle"
        | "ciudad" | "città" | "citta" | "straat" | "woonplaats" | "rua" | "cidade"
        | "birthplace" | "placeofbirth" | "geburtsort" => Announced::Place,
        "address" | "homeaddress" | "billingaddress" | "shippingaddress" | "postaladdress"
        | "anschrift" | "adresse" | "dirección" | "indirizzo" | "adres" | "endereço" => {
            Announced::Address
        }
        "zip" | "zipcode" | "postalcode" | "postcode" | "plz" | "postleitzahl" | "codepostal"
        | "códigopostal" | "codigopostal" | "cep" => Announced::Postcode,
        _ => return None,
    })
}

/// The value at `after`, and whether it is quoted.
fn value_at(text: &str, after: usize) -> Option<(usize, usize, bool)> {
    let to = text.floor_char_boundary(after.saturating_add(VALUE_MAX));
    let rest = text.get(after..to)?;
    let bare = rest.trim_start_matches([' ', '\\', '>', '*']);
    let (quote, value) = match bare.chars().next()? {
        quote @ ('"' | '\'') => (Some(quote), bare.get(1..)?),
        _ => (None, bare),
    };
    let start = to.saturating_sub(value.len());
    let length = match quote {
        Some(quote) => value.find(['\n', quote])?,
        None => {
            value.find(['\n', '"', '&', '<', '|', ';', '\t', '\\', ',', '(']).unwrap_or(value.len())
        }
    };
    let value = value.get(..length)?.trim_end_matches([' ', '\\', '\r', '*']);
    (!value.is_empty()).then(|| (start, start.saturating_add(value.len()), quote.is_some()))
}

fn fits(value: &str, what: Announced, is_quoted: bool, lists: &Lists) -> bool {
    let lower = value.to_lowercase();
    if NO_VALUE.contains(&lower.as_str()) || is_announcing(value) || is_of_computing(value) {
        return false;
    }
    if is_message(&lower) {
        return false;
    }
    let is_capital = value.starts_with(char::is_uppercase);
    match what {
        Announced::Name => is_name(value) && (is_quoted || is_capital) && has_letters(value),
        Announced::Maybe => is_name(value) && is_person(value, lists),
        Announced::Mail => false,
        Announced::Place => {
            let is_number = value.starts_with(|c: char| c.is_ascii_digit());
            is_line(value)
                && has_letters(value)
                && (is_capital || (is_number && value.contains(' ')))
        }
        Announced::Address => {
            let has_digit = value.bytes().any(|byte| byte.is_ascii_digit());
            is_line(value) && has_digit && value.contains(' ') && value.contains(char::is_uppercase)
        }
        Announced::Postcode => {
            let digits = value.bytes().filter(u8::is_ascii_digit).count();
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == ' ';
            (3..=10).contains(&value.len()) && digits >= 2 && value.chars().all(is_part)
        }
    }
}

/// Whether a value in small letters, without digits, is a message of a form rather than an entry.
fn is_message(lower: &str) -> bool {
    !lower.contains(|c: char| c.is_ascii_digit())
        && lower.split(' ').any(|word| OF_MESSAGES.contains(&word))
}

fn has_letters(value: &str) -> bool {
    value.chars().filter(|c| c.is_alphabetic()).nth(1).is_some()
}

/// Whether a value is written as names are, whatever the case.
pub(super) fn is_name(value: &str) -> bool {
    value.split(' ').count() <= WORDS_MAX
        && value.chars().all(|c| c.is_alphabetic() || " '’-.".contains(c))
}

/// Whether a value is written as lines of addresses are.
fn is_line(value: &str) -> bool {
    value.chars().all(|c| c.is_alphanumeric() || " '’-.,/#ºª°".contains(c))
}

/// Whether two words or more, in capitals, are those of a person: the first is a given name and no
/// other is a word of the language, or lists hold two of them as names alone.
fn is_person(value: &str, lists: &Lists) -> bool {
    let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
    let is_capital = |word: &&&str| word.starts_with(char::is_uppercase);
    let is_listed = |word: &&str| {
        let flags = lists.flags(hash(word));
        flags & (GIVEN | FAMILY) != 0 && flags & COMMON == 0
    };
    let is_common = |word: &&str| lists.flags(hash(word)) & COMMON != 0;
    let has_given = words.first().is_some_and(|word| lists.flags(hash(word)) & GIVEN != 0);
    words.len() > 1
        && words.iter().filter(is_capital).count() > 1
        && words.first().is_some_and(|word| word.starts_with(char::is_uppercase))
        && words.iter().any(is_listed)
        && ((has_given && !words.iter().skip(1).any(is_common))
            || words.iter().filter(|word| is_listed(word)).count() > 1)
}
