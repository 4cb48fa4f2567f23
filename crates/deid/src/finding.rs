//! What a detector reports.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// What a stretch of sensitive text is. Each kind has one spelling, [`as_str`](Self::as_str),
/// which is also how it is serialised.
///
/// The list grows as engines learn to find more, so a `match` needs a last arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// The name of a person, or a part of one.
    Person,
    /// A place or an address: a country, a town, a street with its number, a whole postal address.
    Location,
    /// The name of a company, an authority, a club or another body of people.
    Organisation,
    /// The day on which somebody was born.
    DateOfBirth,
    /// How old somebody is.
    Age,
    /// An e-mail address.
    Email,
    /// A telephone or fax number, with its extension.
    Phone,
    /// The number of a payment card.
    Card,
    /// An international bank account number (ISO 13616).
    Iban,
    /// A social security number of the United States.
    UsSsn,
    /// A number that a state or a health service gives to a person. [`Finding::rule`] says which.
    NationalId,
    /// The number of a passport.
    Passport,
    /// The number of a driving licence.
    DrivingLicence,
    /// An IPv4 or IPv6 address.
    Ip,
    /// A hardware (MAC) address.
    Mac,
    /// What opens something in a URL: the `user:password` of `scheme://user:password@host`, or the
    /// value of a parameter that is a token or a password.
    UrlCredentials,
    /// The name by which a person is known to a machine or a service, such as that of a home
    /// folder or an account.
    Handle,
    /// The address of a wallet of a cryptographic currency.
    Wallet,
    /// A key, token or password. [`Finding::rule`] says which.
    Secret,
}

impl FindingKind {
    /// Every kind, in the order of declaration.
    pub const ALL: &'static [Self] = &[
        Self::Person,
        Self::Location,
        Self::Organisation,
        Self::DateOfBirth,
        Self::Age,
        Self::Email,
        Self::Phone,
        Self::Card,
        Self::Iban,
        Self::UsSsn,
        Self::NationalId,
        Self::Passport,
        Self::DrivingLicence,
        Self::Ip,
        Self::Mac,
        Self::UrlCredentials,
        Self::Handle,
        Self::Wallet,
        Self::Secret,
    ];

    /// The spelling used in output: `email`, `us_ssn`, `url_credentials`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Location => "location",
            Self::Organisation => "organisation",
            Self::DateOfBirth => "date_of_birth",
            Self::Age => "age",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Card => "card",
            Self::Iban => "iban",
            Self::UsSsn => "us_ssn",
            Self::NationalId => "national_id",
            Self::Passport => "passport",
            Self::DrivingLicence => "driving_licence",
            Self::Ip => "ip",
            Self::Mac => "mac",
            Self::UrlCredentials => "url_credentials",
            Self::Handle => "handle",
            Self::Wallet => "wallet",
            Self::Secret => "secret",
        }
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FindingKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What kind of reason a finding has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// A rule: a form, a check, a list of names, or the words around it.
    Rule,
    /// A model that was trained.
    Model,
}

impl Why {
    /// The spelling used in output: `rule` or `model`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Model => "model",
        }
    }
}

impl Serialize for Why {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A stretch of sensitive text.
///
/// Serialises as `{"start":…,"end":…,"kind":…,"score":…,"why":…,"rule":…}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Where it begins: a byte offset into the UTF-8 text, always on a character boundary.
    pub start: usize,
    /// Where it ends: the byte offset after its last byte, always on a character boundary and
    /// greater than `start`.
    pub end: usize,
    /// What it is.
    pub kind: FindingKind,
    /// How sure the rule or the model is, from 0 to 1. A rule's score is a fixed figure that orders
    /// rules, and not a measured probability.
    pub score: f32,
    /// Whether a rule or a model found it.
    pub why: Why,
    /// The rule or the model that found it, in lower case with hyphens, such as
    /// `aws-access-key-id`, or the name of one of the [patterns](crate::Settings::parse) of the
    /// settings.
    pub rule: Cow<'static, str>,
}

impl Finding {
    /// The number of bytes it covers.
    pub(crate) const fn width(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Moves it by what stands before the text that it was found in.
    pub(crate) const fn shift(&mut self, before: usize) {
        self.start = self.start.saturating_add(before);
        self.end = self.end.saturating_add(before);
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("Finding", 6)?;
        row.serialize_field("start", &self.start)?;
        row.serialize_field("end", &self.end)?;
        row.serialize_field("kind", &self.kind)?;
        row.serialize_field("score", &self.score)?;
        row.serialize_field("why", &self.why)?;
        row.serialize_field("rule", &self.rule)?;
        row.end()
    }
}
