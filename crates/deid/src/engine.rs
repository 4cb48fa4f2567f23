//! The engine: detectors, the choice between findings that overlap, and replacement.

use crate::detect::Detectors;
use crate::finding::{Finding, FindingKind};
use crate::scope::Scope;
use crate::settings::Settings;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Finds sensitive text and replaces it.
///
/// Build one for the process and share it: an engine is immutable, `Send` and `Sync`, and cloning
/// it copies a pointer. All state of a replacement is in the [`Scope`].
#[derive(Clone, Debug)]
pub struct Engine {
    detectors: Arc<Detectors>,
    settings: Arc<Settings>,
}

/// A text with surrogates in the place of its findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Redacted<'t> {
    /// The text. Borrowed from the input when nothing was found.
    pub text: Cow<'t, str>,
    /// What was replaced, with offsets into the **input**, sorted and without overlaps.
    pub findings: Vec<Finding>,
}

impl Redacted<'_> {
    /// How many findings of each kind were replaced. Kinds without a finding are absent.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<FindingKind, usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            let count: &mut usize = counts.entry(finding.kind).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }
}

impl Engine {
    /// The engine of structured identifiers: everything that is recognised by its form alone, or
    /// by its form and the words around it. See [`FindingKind`] for what it finds and the crate's
    /// `docs/deid.md` for its rules.
    #[must_use]
    pub fn structured() -> Self {
        Self { detectors: Arc::new(Detectors::structured()), settings: Arc::default() }
    }

    /// The same engine with other settings; those that it had are gone.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self { settings: Arc::new(settings), ..self }
    }

    /// Everything sensitive in `text`, sorted by position, no two overlapping.
    ///
    /// Where candidates overlap, one stays and the others are dropped. In this order the one
    /// stays that (1) opens something (`secret`, `url_credentials`), (2) covers more bytes, (3)
    /// has the higher score, (4) begins earlier.
    ///
    /// Takes time linear in the length of the text, whatever it holds. Surrogates that this crate
    /// made are recognised and are not findings.
    ///
    /// ```
    /// let found = consentry_deid::Engine::structured().findings("Write to ada@corp.io today.");
    /// assert_eq!((found[0].start, found[0].end), (9, 20));
    /// assert_eq!(found[0].kind, consentry_deid::FindingKind::Email);
    /// ```
    #[must_use]
    pub fn findings(&self, text: &str) -> Vec<Finding> {
        let mut candidates = self.detectors.candidates(text);
        self.settings.amend(text, &mut candidates);
        resolve(candidates)
    }

    /// Replaces every finding of `text` by what the [`Settings`] say: unless they are given, by a
    /// surrogate of the same kind.
    ///
    /// Outside the findings the text is unchanged, byte for byte. `scope` remembers which
    /// surrogate stands for which value; pass the same scope for every text of one conversation.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str, scope: &mut Scope) -> Redacted<'t> {
        let findings = self.findings(text);
        if findings.is_empty() {
            return Redacted { text: Cow::Borrowed(text), findings };
        }
        let mut output = String::with_capacity(text.len());
        let mut copied = 0;
        for finding in &findings {
            output.push_str(text.get(copied..finding.start).unwrap_or_default());
            let original = text.get(finding.start..finding.end).unwrap_or_default();
            let operator = self.settings.operator(finding.kind).unwrap_or_default();
            output.push_str(&operator.replace(finding.kind, original, scope));
            copied = finding.end;
        }
        output.push_str(text.get(copied..).unwrap_or_default());
        Redacted { text: Cow::Owned(output), findings }
    }
}

/// Keeps one of each set of overlapping candidates, by the order that [`Engine::findings`] states.
fn resolve(mut candidates: Vec<Finding>) -> Vec<Finding> {
    candidates.sort_by_key(|finding| (finding.start, finding.end));
    let mut kept = Vec::with_capacity(candidates.len());
    let mut cluster: Vec<Finding> = Vec::new();
    let mut reach = 0;
    for candidate in candidates {
        if candidate.start >= reach {
            settle(&mut cluster, &mut kept);
        }
        reach = reach.max(candidate.end);
        cluster.push(candidate);
    }
    settle(&mut cluster, &mut kept);
    kept
}

/// Empties a run of candidates that touch each other into `kept`, best first, then in order.
fn settle(cluster: &mut Vec<Finding>, kept: &mut Vec<Finding>) {
    if cluster.len() < 2 {
        kept.append(cluster);
        return;
    }
    cluster.sort_by(precedence);
    let mut chosen: BTreeMap<usize, Finding> = BTreeMap::new();
    for candidate in cluster.drain(..) {
        let before = chosen.range(..candidate.end).next_back();
        if before.is_none_or(|(_, finding)| finding.end <= candidate.start) {
            chosen.insert(candidate.start, candidate);
        }
    }
    kept.extend(chosen.into_values());
}

fn precedence(a: &Finding, b: &Finding) -> Ordering {
    let opens = |finding: &Finding| {
        matches!(finding.kind, FindingKind::Secret | FindingKind::UrlCredentials)
    };
    opens(b)
        .cmp(&opens(a))
        .then(b.width().cmp(&a.width()))
        .then(b.score.total_cmp(&a.score))
        .then(a.start.cmp(&b.start))
        .then(a.kind.cmp(&b.kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Why;

    fn candidate(start: usize, end: usize, kind: FindingKind, score: f32) -> Finding {
        Finding { start, end, kind, score, why: Why::Rule, rule: "test".into() }
    }

    fn spans(candidates: &[Finding]) -> Vec<(usize, usize, FindingKind)> {
        resolve(candidates.to_vec()).iter().map(|f| (f.start, f.end, f.kind)).collect()
    }

    #[test]
    fn what_opens_something_beats_what_is_longer() {
        let email = candidate(4, 30, FindingKind::Email, 0.99);
        let login = candidate(0, 9, FindingKind::UrlCredentials, 0.5);
        assert_eq!(spans(&[email, login]), [(0, 9, FindingKind::UrlCredentials)]);
    }

    #[test]
    fn then_the_longer_then_the_surer_then_the_earlier() {
        use FindingKind::{Card, Email, Iban, Phone};
        let long = candidate(0, 10, Phone, 0.1);
        assert_eq!(spans(&[candidate(2, 8, Card, 0.9), long.clone()]), [(0, 10, Phone)]);
        assert_eq!(spans(&[candidate(0, 10, Card, 0.2), long.clone()]), [(0, 10, Card)]);
        assert_eq!(spans(&[candidate(5, 15, Iban, 0.1), long.clone()]), [(0, 10, Phone)]);
        // Dropping the middle one leaves room for the one that only it overlapped.
        let chain = [long, candidate(9, 14, Email, 0.9), candidate(13, 20, Card, 0.9)];
        assert_eq!(spans(&chain), [(0, 10, Phone), (13, 20, Card)]);
    }

    #[test]
    fn neighbours_that_touch_both_stay() {
        let two = [candidate(3, 6, FindingKind::Ip, 0.9), candidate(0, 3, FindingKind::Ip, 0.9)];
        assert_eq!(spans(&two), [(0, 3, FindingKind::Ip), (3, 6, FindingKind::Ip)]);
    }
}
