//! Values that are never findings.

use crate::finding::FindingKind;
use crate::surrogate;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub(super) struct Allow {
    values: BTreeSet<String>,
    /// The values as each kind reads them, so that the way of writing does not count.
    identities: BTreeMap<FindingKind, BTreeSet<String>>,
    domains: BTreeSet<String>,
}

impl Allow {
    pub(super) fn add_value(&mut self, value: &str) {
        self.values.insert(value.to_owned());
        for &kind in FindingKind::ALL {
            let identity = surrogate::identity(kind, value);
            self.identities.entry(kind).or_default().insert(identity);
        }
    }

    pub(super) fn add_domain(&mut self, domain: &str) {
        self.domains.insert(domain.to_lowercase());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.domains.is_empty()
    }

    pub(super) fn holds(&self, kind: FindingKind, found: &str) -> bool {
        let is_value = || {
            self.values.contains(found)
                || self
                    .identities
                    .get(&kind)
                    .is_some_and(|known| known.contains(&surrogate::identity(kind, found)))
        };
        let is_there = || {
            kind == FindingKind::Email
                && surrogate::identity(kind, found)
                    .rsplit_once('@')
                    .is_some_and(|(_, domain)| self.holds_domain(domain))
        };
        (!self.values.is_empty() && is_value()) || (!self.domains.is_empty() && is_there())
    }

    /// Whether a domain is one of those, or below one.
    fn holds_domain(&self, domain: &str) -> bool {
        let domain = domain.to_lowercase();
        let mut rest = Some(domain.as_str());
        while let Some(part) = rest {
            if self.domains.contains(part) {
                return true;
            }
            rest = part.split_once('.').map(|(_, above)| above);
        }
        false
    }
}
