//! What an engine is told to do.

use crate::finding::FindingKind;
use crate::operator::Operator;
use std::collections::BTreeMap;

/// What becomes of each kind of finding.
///
/// ```
/// use consentry_deid::{Engine, FindingKind, Operator, Scope, Settings};
/// let settings = Settings::default().with(FindingKind::Email, Operator::Tag);
/// let engine = Engine::structured().with_settings(settings);
/// let redacted = engine.redact("Ask grace@corp.io", &mut Scope::new([7; 32]));
/// assert_eq!(redacted.text, "Ask [EMAIL_1]");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Settings {
    default: Operator,
    /// `None` for a kind that is off.
    kinds: BTreeMap<FindingKind, Option<Operator>>,
}

impl Settings {
    /// With this operator for all kinds that have none of their own.
    #[must_use]
    pub const fn with_default(mut self, operator: Operator) -> Self {
        self.default = operator;
        self
    }

    /// With this operator for findings of `kind`.
    #[must_use]
    pub fn with(mut self, kind: FindingKind, operator: Operator) -> Self {
        self.kinds.insert(kind, Some(operator));
        self
    }

    /// Without findings of `kind`.
    #[must_use]
    pub fn without(mut self, kind: FindingKind) -> Self {
        self.kinds.insert(kind, None);
        self
    }

    /// What is done with findings of a kind; `None` if it is off.
    pub(crate) fn operator(&self, kind: FindingKind) -> Option<Operator> {
        self.kinds.get(&kind).copied().unwrap_or(Some(self.default))
    }
}
