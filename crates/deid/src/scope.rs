//! Within what surrogates are consistent.

mod kept;
mod key;
mod stream;

pub use kept::{Kept, RevealError};
pub use key::ScopeKey;
pub(crate) use stream::Stream;

use key::{Cipher, Seed};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How often a surrogate is drawn anew before a wider form is tried.
const DRAWS: u32 = 32;

/// One conversation's surrogates: the same value gets the same surrogate, and two different values
/// never share one.
///
/// Surrogates are drawn from a deterministic authenticated encryption of the value (AES-SIV, RFC
/// 5297) under keys that are derived from the scope's, so that a scope with another key gives
/// unrelated surrogates. A scope remembers what surrogates were drawn and the initialization
/// vectors that they were drawn from, never the values; unless it is [`keeping`](Self::keeping), nobody
/// can have the values back. The same key and the same texts in the same order give the same
/// output; the order matters only where a draw collides with a surrogate that is already taken.
///
/// A scope takes memory for every different value that it has seen. All key material is overwritten with zeros when the scope is dropped.
#[derive(Clone)]
pub struct Scope {
    cipher: Cipher,
    assigned: BTreeMap<Seed, String>,
    taken: BTreeSet<(&'static str, String)>,
    /// The widths that are left to values of a domain and a length, where that is not all of them.
    crowded: BTreeMap<(&'static str, usize), u32>,
    numbers: BTreeMap<Seed, u64>,
    counts: BTreeMap<&'static str, u64>,
    kept: Option<Kept>,
}

impl fmt::Debug for Scope {
    /// Shows how many values the scope has seen, and neither its key nor its surrogates.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("values", &self.assigned.len()).finish_non_exhaustive()
    }
}

impl Scope {
    /// An empty scope. Whoever knows `key` can test a guess at a value against its surrogate, so
    /// the key must be secret, random, and not used for anything else.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self::with(ScopeKey::new(key))
    }

    fn with(key: ScopeKey) -> Self {
        Self {
            cipher: Cipher::new(key),
            assigned: BTreeMap::new(),
            taken: BTreeSet::new(),
            crowded: BTreeMap::new(),
            numbers: BTreeMap::new(),
            counts: BTreeMap::new(),
            kept: None,
        }
    }

    /// The empty scope called `name` of a run. Different names, or different run keys, give scopes
    /// whose surrogates cannot be linked without the key.
    ///
    /// ```
    /// use consentry_deid::{Engine, Scope};
    /// let engine = Engine::structured();
    /// let text = "Call +49 30 901820";
    /// let mut one = Scope::derive(&[7; 32], "conversation/1");
    /// let mut two = Scope::derive(&[7; 32], "conversation/2");
    /// assert_ne!(engine.redact(text, &mut one).text, engine.redact(text, &mut two).text);
    /// ```
    #[must_use]
    pub fn derive(run_key: &[u8; 32], name: &str) -> Self {
        Self::with(ScopeKey::derive(run_key, name))
    }

    /// The scope, from now on keeping what every surrogate stands for. See [`Kept`].
    #[must_use]
    pub fn keeping(mut self) -> Self {
        self.kept.get_or_insert_default();
        self
    }

    /// What was kept; `None` unless the scope is [`keeping`](Self::keeping).
    #[must_use]
    pub const fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }

    /// Keeps what `surrogate` stands for, if this scope keeps anything.
    pub(crate) fn keep(&mut self, surrogate: &str, original: &str) {
        if let Some(kept) = &mut self.kept {
            kept.add(&mut self.cipher, surrogate, original);
        }
    }

    /// The number of `identity` among the values of `domain`: 1 for the first that this scope sees.
    pub(crate) fn number(&mut self, domain: &'static str, identity: &str) -> u64 {
        let value = self.cipher.seed(domain, identity);
        *self.numbers.entry(value).or_insert_with(|| {
            let count = self.counts.entry(domain).or_default();
            *count = count.saturating_add(1);
            *count
        })
    }

    /// The surrogate of `identity` among the values of `domain`, drawn by `draw` when the value is
    /// new. `draw` gets random bytes and a width: 0 at first, one more each time that the draws of
    /// a width are used up; that width is not tried again for values as long as this one, so that
    /// a scope stays fast however many values it sees. Wider forms must allow more surrogates,
    /// without a bound.
    pub(crate) fn assign(
        &mut self,
        domain: &'static str,
        identity: &str,
        draw: impl Fn(&mut Stream, u32) -> Option<String>,
    ) -> String {
        let value = self.cipher.seed(domain, identity);
        if let Some(surrogate) = self.assigned.get(&value) {
            return surrogate.clone();
        }
        let crowded = self.crowded.entry((domain, identity.len())).or_default();
        let mut attempt = crowded.saturating_mul(DRAWS);
        loop {
            let mut stream = Stream::new(&value, attempt);
            let width = attempt / DRAWS;
            *crowded = width;
            let surrogate = draw(&mut stream, width);
            attempt = attempt.saturating_add(1);
            let Some(surrogate) = surrogate.filter(|drawn| drawn != identity) else {
                continue;
            };
            if self.taken.insert((domain, surrogate.clone())) {
                self.assigned.insert(value, surrogate.clone());
                return surrogate;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_values_never_share_even_when_the_narrow_form_runs_out() {
        let mut scope = Scope::new([1; 32]);
        let mut seen = BTreeSet::new();
        for value in 0..50 {
            let drawn = scope.assign("test", &format!("value {value}"), |stream, width| {
                Some(stream.digits(usize::try_from(width).unwrap() + 1))
            });
            assert!(seen.insert(drawn));
        }
        // Ten one-digit surrogates cannot serve fifty values.
        assert!(seen.iter().any(|s| s.len() > 1) && seen.iter().any(|s| s.len() == 1));
    }

    #[test]
    fn a_form_that_is_used_up_is_not_tried_again() {
        let mut scope = Scope::new([1; 32]);
        let draws = std::cell::Cell::new(0);
        for value in 1_000..2_000 {
            scope.assign("test", &value.to_string(), |stream, width| {
                draws.set(draws.get() + 1);
                Some(stream.digits(usize::try_from(width).unwrap() + 1))
            });
        }
        assert!(draws.get() < 5_000, "{}", draws.get());
        // Values of another length have forms of their own.
        let short = scope.assign("test", "7", |stream, width| {
            Some(format!("x{}", stream.digits(usize::try_from(width).unwrap() + 1)))
        });
        assert_eq!(short.len(), 2);
    }

    #[test]
    fn a_surrogate_is_never_the_value_itself() {
        let mut scope = Scope::new([2; 32]);
        let drawn = scope.assign("test", "0", |_, width| Some(width.to_string()));
        assert_eq!(drawn, "1");
    }

    #[test]
    fn debug_output_holds_no_key() {
        let mut scope = Scope::new([171; 32]);
        scope.assign("test", "value", |stream, _| Some(stream.digits(9)));
        assert_eq!(format!("{scope:?}"), "Scope { values: 1, .. }");
    }

    #[test]
    fn domains_do_not_interfere() {
        let mut scope = Scope::new([3; 32]);
        let one = scope.assign("one", "value", |_, _| Some("x".into()));
        let two = scope.assign("two", "value", |_, _| Some("x".into()));
        assert_eq!(one, two);
    }
}
