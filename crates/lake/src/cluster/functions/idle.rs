//! What is costly to make for each batch, kept from one batch to the next.

use std::sync::Mutex;

/// Values that nobody uses at present, each with the key that it was made from. A value is only
/// ever a shorter way to what its key would give again: whoever finds none makes one.
#[derive(Debug)]
pub(super) struct Idle<K, V> {
    idle: Mutex<Vec<(K, V)>>,
}

/// More are not kept: threads of an executor, and a few plans at a time.
const IDLE_MAX: usize = 32;

impl<K: PartialEq, V> Idle<K, V> {
    pub(super) const fn new() -> Self {
        Self { idle: Mutex::new(Vec::new()) }
    }

    /// A value that was made from an equal key.
    pub(super) fn take(&self, is_key: impl Fn(&K) -> bool) -> Option<(K, V)> {
        let mut idle = self.idle.lock().ok()?;
        let at = idle.iter().position(|(key, _)| is_key(key))?;
        Some(idle.remove(at))
    }

    /// Gives a value back.
    pub(super) fn give(&self, key: K, value: V) {
        if let Ok(mut idle) = self.idle.lock() {
            if idle.len() == IDLE_MAX {
                idle.remove(0);
            }
            idle.push((key, value));
        }
    }
}
