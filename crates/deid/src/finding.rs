//! What a detector reports.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::fmt;

/// What a stretch of sensitive text is. Each kind has one spelling, [`as_str`](Self::as_str),
/// which is also how it is serialised.
///
/// The list grows as engines learn to find more, so a `match` needs a last arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
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
    /// An IPv4 or IPv6 address.
    Ip,
    /// A hardware (MAC) address.
    Mac,
    /// The user and password of a URL: the `user:password` of `scheme://user:password@host`.
    UrlCredentials,
    /// The name by which a person is known to a machine, such as that of a home folder.
    Handle,
    /// A key, token or password. [`Finding::rule`] says which.
    Secret,
}

impl FindingKind {
    /// Every kind that is found at present, in the order of declaration.
    pub const ALL: &'static [Self] = &[
        Self::Email,
        Self::Phone,
        Self::Card,
        Self::Iban,
        Self::UsSsn,
        Self::Ip,
        Self::Mac,
        Self::UrlCredentials,
        Self::Handle,
        Self::Secret,
    ];

    /// The spelling used in output: `email`, `us_ssn`, `url_credentials`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Card => "card",
            Self::Iban => "iban",
            Self::UsSsn => "us_ssn",
            Self::Ip => "ip",
            Self::Mac => "mac",
            Self::UrlCredentials => "url_credentials",
            Self::Handle => "handle",
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

/// A stretch of sensitive text.
///
/// Serialises as `{"start":…,"end":…,"kind":…,"score":…}`, followed by `"rule"` where the kind is
/// [`Secret`](FindingKind::Secret).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// Where it begins: a byte offset into the UTF-8 text, always on a character boundary.
    pub start: usize,
    /// Where it ends: the byte offset after its last byte, always on a character boundary and
    /// greater than `start`.
    pub end: usize,
    /// What it is.
    pub kind: FindingKind,
    /// How sure the rule is, from 0 to 1. A fixed figure for each rule; it orders rules and is not
    /// a measured probability.
    pub score: f32,
    /// The rule that found it, in lower case with hyphens, such as `aws-access-key-id`.
    pub rule: &'static str,
}

impl Finding {
    /// The number of bytes it covers.
    pub(crate) const fn width(&self) -> usize {
        self.end.saturating_sub(self.start)
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let named = self.kind == FindingKind::Secret;
        let mut row = serializer.serialize_struct("Finding", if named { 5 } else { 4 })?;
        row.serialize_field("start", &self.start)?;
        row.serialize_field("end", &self.end)?;
        row.serialize_field("kind", &self.kind)?;
        row.serialize_field("score", &self.score)?;
        if named {
            row.serialize_field("rule", self.rule)?;
        }
        row.end()
    }
}
