//! The truth values of a block. Many are the same in every row, and cost nothing then.

use crate::kernels::{BLOCK_WORDS, Words};
use crate::plan::Register;

/// What a register holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth<'r> {
    /// The same in every row.
    All(bool),
    /// A bit a row. Those behind the last row are arbitrary.
    Each(&'r Words),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    All(bool),
    Each,
}

/// All registers.
#[derive(Debug)]
pub(crate) struct Registers {
    words: Vec<Words>,
    states: Vec<State>,
    /// How many words the present block has.
    used: usize,
}

impl Registers {
    pub(crate) fn new(count: usize) -> Self {
        Self {
            words: vec![[0; BLOCK_WORDS]; count],
            states: vec![State::All(false); count],
            used: 0,
        }
    }

    /// Begins a block of this many rows.
    pub(crate) fn begin(&mut self, rows: usize) {
        self.used = rows.div_ceil(64);
    }

    pub(crate) fn get(&self, register: Register) -> Truth<'_> {
        match (self.states.get(register), self.words.get(register)) {
            (Some(State::Each), Some(words)) => Truth::Each(words),
            (Some(State::All(value)), _) => Truth::All(*value),
            _ => Truth::All(false),
        }
    }

    /// The same in every row.
    pub(crate) fn set(&mut self, to: Register, value: bool) {
        self.mark(to, State::All(value));
    }

    fn mark(&mut self, register: Register, state: State) {
        if let Some(place) = self.states.get_mut(register) {
            *place = state;
        }
    }

    /// Bits that `fill` writes. It says whether it wrote any; otherwise there are none.
    pub(crate) fn fill(&mut self, to: Register, fill: impl FnOnce(&mut Words) -> bool) {
        let Some(words) = self.words.get_mut(to) else { return };
        let state = if fill(words) { State::Each } else { State::All(false) };
        self.mark(to, state);
        self.settle(to);
    }

    pub(crate) fn not(&mut self, from: Register, to: Register) {
        match self.states.get(from) {
            Some(State::All(value)) => {
                let value = !*value;
                self.set(to, value);
            }
            _ => {
                if let Ok([from, into]) = self.words.get_disjoint_mut([from, to]) {
                    for (into, from) in into.iter_mut().zip(from.iter()).take(self.used) {
                        *into = !*from;
                    }
                }
                self.mark(to, State::Each);
            }
        }
    }

    pub(crate) fn and(&mut self, left: Register, right: Register, to: Register) {
        self.join(left, right, to, false, |left, right| left & right);
    }

    pub(crate) fn or(&mut self, left: Register, right: Register, to: Register) {
        self.join(left, right, to, true, |left, right| left | right);
    }

    /// `winning` decides by itself whatever the other one is.
    #[inline]
    fn join(
        &mut self,
        left: Register,
        right: Register,
        to: Register,
        winning: bool,
        join: impl Fn(u64, u64) -> u64,
    ) {
        let state = |register: Register| self.states.get(register).copied();
        match (state(left), state(right)) {
            (Some(State::All(one)), _) if one == winning => self.set(to, winning),
            (_, Some(State::All(one))) if one == winning => self.set(to, winning),
            (Some(State::All(_)), _) => self.copy(right, to),
            (_, Some(State::All(_))) => self.copy(left, to),
            _ => {
                let used = self.used;
                if let Ok([left, right, to]) = self.words.get_disjoint_mut([left, right, to]) {
                    let pairs = left.iter().zip(right.iter());
                    for (to, (left, right)) in to.iter_mut().zip(pairs).take(used) {
                        *to = join(*left, *right);
                    }
                }
                self.mark(to, State::Each);
                self.settle(to);
            }
        }
    }

    fn copy(&mut self, from: Register, to: Register) {
        let state = self.states.get(from).copied().unwrap_or(State::All(false));
        if state == State::Each
            && let Ok([from, to]) = self.words.get_disjoint_mut([from, to])
        {
            to.clone_from(from);
        }
        self.mark(to, state);
    }

    /// Notices where no row has the bit, so that what follows can be left out.
    fn settle(&mut self, register: Register) {
        let Some(words) = self.words.get(register) else { return };
        let used = words.iter().take(self.used);
        if self.states.get(register) == Some(&State::Each)
            && used.fold(0, |any, word| any | word) == 0
        {
            self.mark(register, State::All(false));
        }
    }
}
