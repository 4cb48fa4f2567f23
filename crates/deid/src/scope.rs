//! Within what surrogates are consistent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// How often a surrogate is drawn anew before a wider form is tried.
const DRAWS: u32 = 32;
/// Separates keys of scopes from every other use of the run's key.
const DERIVE: &str = "consentry-deid surrogate scope v1";

/// One conversation's surrogates: the same value gets the same surrogate, and two different values
/// never share one.
///
/// Surrogates are drawn with a keyed hash (BLAKE3) of the value, so that a scope with another key
/// gives unrelated surrogates. A scope keeps hashes of the values that it has seen, never the
/// values. The same key and the same texts in the same order give the same output; the order
/// matters only where a draw collides with a surrogate that is already taken.
#[derive(Clone)]
pub struct Scope {
    key: [u8; KEY_BYTES],
    assigned: BTreeMap<[u8; KEY_BYTES], String>,
    taken: BTreeSet<(&'static str, String)>,
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
    pub const fn new(key: [u8; KEY_BYTES]) -> Self {
        Self { key, assigned: BTreeMap::new(), taken: BTreeSet::new() }
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
    pub fn derive(run_key: &[u8; KEY_BYTES], name: &str) -> Self {
        let scope_key = blake3::derive_key(DERIVE, run_key);
        Self::new(*blake3::keyed_hash(&scope_key, name.as_bytes()).as_bytes())
    }

    /// The surrogate of `identity` among the values of `domain`, drawn by `draw` when the value is
    /// new. `draw` gets random bytes and a width: 0 at first, one more each time that the draws of
    /// a width are used up. Wider forms must allow more surrogates, without a bound.
    pub(crate) fn assign(
        &mut self,
        domain: &'static str,
        identity: &str,
        draw: impl Fn(&mut Stream, u32) -> Option<String>,
    ) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(domain.as_bytes());
        hasher.update(&[0]);
        hasher.update(identity.as_bytes());
        let value = *hasher.finalize().as_bytes();
        if let Some(surrogate) = self.assigned.get(&value) {
            return surrogate.clone();
        }
        let mut attempt = 0_u32;
        loop {
            let mut stream = Stream::new(&value, attempt);
            let surrogate = draw(&mut stream, attempt / DRAWS);
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

/// Random bytes that a value and the number of a draw determine.
pub(crate) struct Stream {
    reader: blake3::OutputReader,
}

impl Stream {
    fn new(value: &[u8; KEY_BYTES], attempt: u32) -> Self {
        let mut hasher = blake3::Hasher::new_keyed(value);
        hasher.update(&attempt.to_le_bytes());
        Self { reader: hasher.finalize_xof() }
    }

    /// A number below `bound`, which is small against 2³², so that the bias of the remainder does
    /// not matter. 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let mut bytes = [0; 4];
        self.reader.fill(&mut bytes);
        u32::from_le_bytes(bytes).checked_rem(bound).unwrap_or(0)
    }

    /// One of the ASCII characters of `choices`, or `0` when there is none.
    pub(crate) fn pick(&mut self, choices: &[u8]) -> char {
        let bound = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        let index = usize::try_from(self.below(bound)).unwrap_or(0);
        choices.get(index).copied().map_or('0', char::from)
    }

    /// A decimal digit.
    pub(crate) fn digit(&mut self) -> char {
        self.pick(b"0123456789")
    }

    /// `count` decimal digits.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.digit()).collect()
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
