//! What may be done with a finding.

use crate::finding::FindingKind;
use crate::scope::Scope;
use crate::surrogate::{self, Piece};

/// What is put in the place of a finding.
///
/// Whatever it is, a JSON string around the finding stays one, and so does JSON within that string.
/// What an operator has written is no finding of a later pass.
///
/// Only [`Surrogate`](Self::Surrogate) keeps *every* text around a finding intact: a number of JSON
/// that is not in quotes stays a number, and identifiers, URLs and paths stay what they are. A tag's
/// brackets, a mask's asterisks, and nothing at all are not allowed in all such places. That is why
/// it is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Operator {
    /// Something of the same kind and form that belongs to nobody.
    #[default]
    Surrogate,
    /// An asterisk for every letter and digit: `*****@****.**`. Separators stay, and escapes of
    /// JSON that are not letters. What is masked cannot be told apart any more, but its length can.
    Mask,
    /// The kind and a number in brackets: `[EMAIL_1]`. The same value has the same number in a
    /// scope, the first of each kind has 1.
    Tag,
    /// 24 hexadecimal digits that depend on the value and on the scope's key: `c04f…`. The first is
    /// a letter, and the last eight are a check by which a later pass knows them.
    Hash,
    /// Nothing. What stood on both sides of the finding then stands side by side.
    Drop,
}

impl Operator {
    /// Every operator, in the order of declaration.
    pub const ALL: &'static [Self] =
        &[Self::Surrogate, Self::Mask, Self::Tag, Self::Hash, Self::Drop];

    /// The spelling used in settings: `surrogate`, `mask`, `tag`, `hash`, `drop`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Surrogate => "surrogate",
            Self::Mask => "mask",
            Self::Tag => "tag",
            Self::Hash => "hash",
            Self::Drop => "drop",
        }
    }

    /// What is written for `original`. A scope that keeps anything keeps what surrogates, tags and
    /// hashes stand for: masks and nothing do not stand for one value.
    pub(crate) fn replace(self, kind: FindingKind, original: &str, scope: &mut Scope) -> String {
        let written = match self {
            Self::Surrogate => surrogate::of(kind, original, scope),
            Self::Mask => return mask(original),
            Self::Tag => {
                let number = scope.number(kind.as_str(), &surrogate::identity(kind, original));
                format!("[{}_{number}]", kind.as_str().to_ascii_uppercase())
            }
            Self::Hash => {
                // The kind is part of what is hashed: the same digits may be of several.
                let identity = [kind.as_str(), ":", &surrogate::identity(kind, original)].concat();
                surrogate::digest("hash", &identity, scope)
            }
            Self::Drop => return String::new(),
        };
        scope.keep(&written, original);
        written
    }
}

fn mask(original: &str) -> String {
    let mut masked = String::with_capacity(original.len());
    for piece in surrogate::cut(original) {
        match piece {
            Piece::Between(between) => masked.push_str(between),
            Piece::Word(word) => masked.extend(word.text.chars().map(|_| '*')),
        }
    }
    masked
}

/// Whether something found is what an operator has written: a tag with or without its brackets,
/// or a hash.
pub(crate) fn is_written(text: &str) -> bool {
    is_tag(text.trim_start_matches('[').trim_end_matches(']'))
        || (text.bytes().all(|byte| byte.is_ascii_hexdigit()) && surrogate::is_token(text))
}

fn is_tag(text: &str) -> bool {
    let Some((name, number)) = text.rsplit_once('_') else {
        return false;
    };
    let is_kind = |kind: &FindingKind| kind.as_str().eq_ignore_ascii_case(name);
    !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        && FindingKind::ALL.iter().any(is_kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        Scope::new([4; 32])
    }

    #[test]
    fn masks_keep_separators_and_escapes() {
        for (original, masked) in [
            ("grace@corp.io", "*****@****.**"),
            ("+1 (415) 555-0134 x9", "+* (***) ***-**** **"),
            (r"a\nb\u0026c\u00e9", r"*\n*\u0026**"),
            (r"x\\ny", r"*\\n*"),
            ("José 李", "**** *"),
            ("x%20y&pass;z", "*%20*&****;*"),
        ] {
            assert_eq!(Operator::Mask.replace(FindingKind::Email, original, &mut scope()), masked);
            assert_eq!(mask(masked), masked);
        }
    }

    #[test]
    fn tags_count_the_values_of_each_kind() {
        let mut scope = scope();
        let mut tag = |kind, text| Operator::Tag.replace(kind, text, &mut scope);
        assert_eq!(tag(FindingKind::Email, "grace@corp.io"), "[EMAIL_1]");
        assert_eq!(tag(FindingKind::Email, "linus@corp.io"), "[EMAIL_2]");
        assert_eq!(tag(FindingKind::Email, "GRACE@corp.io"), "[EMAIL_1]");
        assert_eq!(tag(FindingKind::Phone, "415-555-0134"), "[PHONE_1]");
        assert_eq!(tag(FindingKind::Phone, "+1 (415) 555 0134"), "[PHONE_1]");
        assert_eq!(tag(FindingKind::Phone, "415-555-0134 x2"), "[PHONE_2]");
        assert_eq!(tag(FindingKind::UrlCredentials, "a:b"), "[URL_CREDENTIALS_1]");
        assert_eq!(tag(FindingKind::Ip, "2001:db8::17"), "[IP_1]");
        assert_eq!(tag(FindingKind::Ip, "2001:0db8:0::0017"), "[IP_1]");
        assert_eq!(tag(FindingKind::NationalId, "ab-12 34"), "[NATIONAL_ID_1]");
        assert_eq!(tag(FindingKind::NationalId, "AB1234"), "[NATIONAL_ID_1]");
        assert_eq!(tag(FindingKind::Wallet, "bcA"), "[WALLET_1]");
        assert_eq!(tag(FindingKind::Wallet, "bca"), "[WALLET_2]");
    }

    #[test]
    fn hashes_depend_on_the_value_the_kind_and_the_key() {
        fn hash(kind: FindingKind, text: &str, key: u8) -> String {
            Operator::Hash.replace(kind, text, &mut Scope::new([key; 32]))
        }
        let one = hash(FindingKind::Card, "4111 1111 1111 1111", 4);
        assert_eq!(one, hash(FindingKind::Card, "4111-1111-1111-1111", 4));
        for other in [
            hash(FindingKind::Card, "4111 1111 1111 1112", 4),
            hash(FindingKind::Secret, "4111111111111111", 4),
            hash(FindingKind::Card, "4111 1111 1111 1111", 5),
        ] {
            assert_ne!(one, other);
        }
        for number in 0..500 {
            let hash = hash(FindingKind::Handle, &number.to_string(), 4);
            assert!(hash.len() == 24 && is_written(&hash), "{hash}");
            assert!(hash.starts_with(|c: char| c.is_ascii_lowercase()), "{hash}");
        }
    }

    #[test]
    fn what_operators_write_is_told_from_what_people_write() {
        for text in ["[EMAIL_1]", "EMAIL_12", "[URL_CREDENTIALS_3]", "US_SSN_1"] {
            assert!(is_written(text), "{text}");
        }
        for text in [
            "[EMAIL]",
            "email_1",
            "[EMAIL_x]",
            "MAIL_1",
            "",
            "_1",
            "[EMAIL_1] x",
            "cafe",
            "3f2c9b1d7a64e5f08b9c1d2e",
        ] {
            assert!(!is_written(text), "{text}");
        }
    }

    #[test]
    fn a_scope_keeps_what_stands_for_one_value() {
        let mut scope = scope().keeping();
        for operator in Operator::ALL {
            operator.replace(FindingKind::Email, "grace@corp.io", &mut scope);
        }
        let kept = scope.kept().unwrap();
        assert_eq!(kept.surrogates().count(), 3);
        let key = crate::ScopeKey::new([4; 32]);
        assert_eq!(kept.reveal(&key, "[EMAIL_1]").unwrap(), ["grace@corp.io"]);
    }
}
