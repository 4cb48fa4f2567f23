//! Answers that an engine remembers.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A bounded memory of answers by the bytes of their questions. When it is full it forgets
/// everything: simpler than choosing, and never wrong.
pub(crate) struct Cache<T> {
    capacity: usize,
    answers: Mutex<HashMap<Box<[u8]>, T>>,
}

impl<T: Clone> Cache<T> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, answers: Mutex::default() }
    }

    pub(crate) fn get(&self, question: &[u8]) -> Option<T> {
        self.lock().get(question).cloned()
    }

    pub(crate) fn put(&self, question: &[u8], answer: T) {
        let mut answers = self.lock();
        if answers.len() >= self.capacity {
            answers.clear();
        }
        answers.insert(question.into(), answer);
    }

    /// The answers, also after a panic elsewhere: an entry is either there as a whole or not.
    fn lock(&self) -> MutexGuard<'_, HashMap<Box<[u8]>, T>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> fmt::Debug for Cache<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_holds_more_than_its_capacity() {
        let cache = Cache::new(3);
        for n in 0..10u8 {
            cache.put(&[n], n);
            assert_eq!(cache.get(&[n]), Some(n));
            assert!(cache.lock().len() <= 3);
        }
        assert_eq!(cache.get(&[0]), None);
    }
}
