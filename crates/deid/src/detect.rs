//! The detectors, and what they share.
//!
//! One pass notes where the bytes stand that lead anywhere ([`marks`]), and one search finds a fixed
//! set of words ([`literal`]); each scanner goes from place to place. What it does at each is
//! bounded, or moves the scan forward by as much as it has read, so that all of them are linear in
//! the length of the text.

mod address;
mod age;
mod assignment;
mod birth;
mod card;
mod context;
mod credentials;
mod disguise;
mod documents;
mod email;
mod handle;
mod home;
mod iban;
mod licence;
mod link;
mod literal;
mod marks;
mod national_id;
mod number;
mod phone;
mod run;
mod secret;
mod shape;
mod ssn;
mod text;
mod token;
mod triples;
mod vendors;
mod wallet;

pub(crate) use card::luhn_check_digit;
pub(crate) use disguise::{undisguised, undisguised_email};
pub(crate) use national_id::{is_national_id, is_sure_national_id};
pub(crate) use phone::country_code;
pub(crate) use token::fixed_prefix;

use crate::finding::{Finding, FindingKind, Why};
use context::Contexts;
use literal::Literals;
use marks::Marks;
use std::borrow::Cow;
use std::ops::Range;
use text::Text;

/// Every detector of the structured engine, with the automata that they search with.
#[derive(Debug)]
pub(crate) struct Detectors {
    contexts: Contexts,
    literals: Literals,
}

impl Detectors {
    pub(crate) fn structured() -> Self {
        Self { contexts: Contexts::new(), literals: Literals::new() }
    }

    /// What any detector finds in `text`, in no particular order; candidates may overlap. Behind
    /// them, numbers that are known to be our own surrogates.
    pub(crate) fn candidates(&self, text: &str) -> (Vec<Finding>, Vec<Range<usize>>) {
        let text = Text::new(text);
        let marks = Marks::new(text.bytes());
        let (mut out, mut ours) = (Vec::new(), Vec::new());
        signs(text, &marks, &mut out);
        rare(text, &marks, &mut out);
        number::scan(text, &marks, &self.contexts, &mut out, &mut ours);
        address::scan_hexadecimal(text, &marks, &mut out);
        disguise::scan(text, &marks, &self.contexts, &mut out);
        run::scan(text, &marks, &mut out);
        assignment::scan(text, &marks, &mut out);
        self.literals.scan(text, &mut out);
        (out, ours)
    }
}

/// Looks at the signs of assignments, calls and URLs.
fn signs(text: Text<'_>, marks: &Marks, out: &mut Vec<Finding>) {
    // Where the last URL ended: what it holds is no other.
    let mut done = 0;
    for at in marks.signs().iter() {
        match (text.at(at), text.at(at.saturating_add(1))) {
            (b':', b'/') if text.at(at.saturating_add(2)) == b'/' => {
                if at < done {
                    out.extend(credentials::url(text, at, at.saturating_add(3)));
                } else {
                    done = link::find(text, at, out);
                }
            }
            (b'(', b'"' | b'\'' | b'`' | b' ') => out.extend(assignment::call(text, at)),
            (b'(', _) => out.extend(disguise::bracketed(text, at)),
            // The port of a database has four digits or five, or is any.
            (b':', b'0'..=b'9' | b'*')
                if [2, 5, 6].iter().any(|&ahead| text.at(at.saturating_add(ahead)) == b':') =>
            {
                let entry = assignment::entry::pgpass(text, at);
                out.extend(entry.or_else(|| assignment::sign(text, at)));
            }
            _ => out.extend(assignment::sign(text, at)),
        }
    }
}

/// Looks at the signs that most texts hardly have.
fn rare(text: Text<'_>, marks: &Marks, out: &mut Vec<Finding>) {
    for at in marks.rare().iter() {
        out.extend(match (text.at(at), text.at(at.saturating_add(1))) {
            (b'@', b't' | b'u') => credentials::driver(text, at).or_else(|| email::find(text, at)),
            (b'@', _) => email::find(text, at),
            (b'<', b'/') => assignment::element(text, at),
            (b'<', b'-') => assignment::command::otherwise(text, at),
            (b'%', b'4') => disguise::encoded_at(text, at),
            (b'[' | b'{', b'a' | b'A') => disguise::bracketed(text, at),
            _ => None,
        });
    }
}

/// A rule: what it finds, how sure it is, and its name.
#[derive(Clone, Copy, Debug)]
struct Rule {
    kind: FindingKind,
    score: f32,
    name: &'static str,
}

impl Rule {
    const fn new(kind: FindingKind, score: f32, name: &'static str) -> Self {
        Self { kind, score, name }
    }

    const fn finds(self, start: usize, end: usize) -> Finding {
        let rule = Cow::Borrowed(self.name);
        Finding { start, end, kind: self.kind, score: self.score, why: Why::Rule, rule }
    }
}

/// What a scanner that moves forward learns at a place.
#[derive(Clone, Debug, PartialEq)]
enum Claim {
    /// A finding; the scan goes on behind it.
    Found(Finding),
    /// Something known to be harmless up to this offset, such as one of our own surrogates; the
    /// scan goes on behind it, so that no part of it is taken for something else.
    Harmless(usize),
}
