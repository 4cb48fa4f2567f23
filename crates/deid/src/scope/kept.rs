//! What a scope keeps on purpose.

use super::key::{Cipher, ScopeKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Separates what is kept from what seeds surrogates, in the associated data.
const LABEL: &str = "kept";

/// The record of a scope that [keeps](crate::Scope::keeping): for every surrogate what it stands
/// for, encrypted with AES-SIV (RFC 5297) under the scope's key. The surrogate is authenticated
/// together with the value, so that entries cannot be exchanged either.
///
/// Serialises as a map from surrogates to lists of unpadded base64. It grows by every different
/// way in which a value is written. Whoever has the record alone learns the surrogates, how many
/// ways of writing each stands for, and how long those are; and nothing else.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kept {
    entries: BTreeMap<String, BTreeSet<String>>,
}

/// Why something kept cannot be had back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevealError {
    /// The record has no such surrogate.
    Unknown,
    /// The key is not the scope's, or the record has been changed.
    Forged,
}

impl fmt::Display for RevealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the record has no such surrogate",
            Self::Forged => "the key is another one, or the record was changed",
        })
    }
}

impl std::error::Error for RevealError {}

impl fmt::Debug for Kept {
    /// Shows how many surrogates the record has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("surrogates", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Kept {
    pub(super) fn add(&mut self, cipher: &mut Cipher, surrogate: &str, original: &str) {
        let sealed = STANDARD_NO_PAD.encode(cipher.seal(&[LABEL, surrogate], original));
        self.entries.entry(surrogate.to_owned()).or_default().insert(sealed);
    }

    /// The surrogates of the record, sorted.
    pub fn surrogates(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// What `surrogate` stands for, in every way in which it was written, sorted: usually one.
    /// `surrogate` is spelled as in the redacted text.
    ///
    /// # Errors
    ///
    /// [`RevealError::Unknown`] if the record has no such surrogate; [`RevealError::Forged`] if
    /// `key` is not that of the scope or the entry is not as it was kept.
    ///
    /// ```
    /// use consentry_deid::{Engine, RevealError, Scope, ScopeKey};
    /// let mut scope = Scope::derive(&[7; 32], "conversation/1").keeping();
    /// let text = Engine::structured().redact("grace@corp.io", &mut scope).text.into_owned();
    /// let kept = scope.kept().unwrap();
    ///
    /// let key = ScopeKey::derive(&[7; 32], "conversation/1");
    /// assert_eq!(kept.reveal(&key, &text).unwrap(), ["grace@corp.io"]);
    /// let other = ScopeKey::derive(&[7; 32], "conversation/2");
    /// assert_eq!(kept.reveal(&other, &text), Err(RevealError::Forged));
    /// ```
    pub fn reveal(&self, key: &ScopeKey, surrogate: &str) -> Result<Vec<String>, RevealError> {
        let sealed = self.entries.get(surrogate).ok_or(RevealError::Unknown)?;
        let mut cipher = Cipher::new(key.clone());
        let open = |text: &String| {
            let sealed = STANDARD_NO_PAD.decode(text).map_err(|_| RevealError::Forged)?;
            cipher.open(&[LABEL, surrogate], &sealed).ok_or(RevealError::Forged)
        };
        let mut originals: Vec<String> = sealed.iter().map(open).collect::<Result<_, _>>()?;
        originals.sort();
        Ok(originals)
    }
}
