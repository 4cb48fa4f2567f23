//! Satisfying clauses: decide, propagate, learn from conflicts.
#![expect(
    clippy::indexing_slicing,
    reason = "variables and clauses are numbered here, and every table has a place for each"
)]

use super::instants::Instants;

/// A variable or its negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Lit(usize);

impl Lit {
    /// What always holds.
    pub(crate) const TRUE: Self = Self(0);
    /// What never does.
    pub(crate) const FALSE: Self = Self(1);

    pub(super) const fn of(variable: usize) -> Self {
        Self(variable << 1)
    }

    pub(crate) const fn variable(self) -> usize {
        self.0 >> 1
    }

    /// Whether it is the negation of its variable.
    pub(crate) const fn is_negated(self) -> bool {
        self.0 & 1 == 1
    }
}

impl std::ops::Not for Lit {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// What came of looking for values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// These, by variable.
    Found(Vec<bool>),
    /// There are none.
    Impossible,
    /// The limit of conflicts was reached first.
    GaveUp,
}

/// How many conflicts one question may take. Comparing sets of 25 policies takes a few hundred.
const CONFLICTS_MAX: usize = 400_000;

#[derive(Debug)]
pub(super) struct Solver {
    clauses: Vec<Vec<Lit>>,
    /// For each literal, the clauses that have to be looked at when it becomes false.
    watches: Vec<Vec<usize>>,
    /// For each literal whether it holds, if that is known.
    values: Vec<Option<bool>>,
    level: Vec<usize>,
    reason: Vec<Option<usize>>,
    trail: Vec<Lit>,
    /// Where on the trail each level of decisions begins.
    levels: Vec<usize>,
    propagated: usize,
    activity: Vec<f64>,
    bump: f64,
    phase: Vec<bool>,
    /// The variables that are not fixed by others.
    inputs: Vec<usize>,
    /// Whether the clauses contradict each other whatever is assumed.
    is_broken: bool,
    pub(super) instants: Instants,
}

impl Solver {
    pub(super) fn new() -> Self {
        let mut solver = Self {
            clauses: Vec::new(),
            watches: Vec::new(),
            values: Vec::new(),
            level: Vec::new(),
            reason: Vec::new(),
            trail: Vec::new(),
            levels: Vec::new(),
            propagated: 0,
            activity: Vec::new(),
            bump: 1.0,
            phase: Vec::new(),
            inputs: Vec::new(),
            is_broken: false,
            instants: Instants::default(),
        };
        let always = solver.variable(false);
        solver.clause(&[always]);
        solver
    }

    pub(super) fn count(&self) -> usize {
        self.level.len()
    }

    pub(super) fn variable(&mut self, is_input: bool) -> Lit {
        let variable = self.level.len();
        self.level.push(0);
        self.reason.push(None);
        self.activity.push(0.0);
        self.phase.push(false);
        self.values.extend([None, None]);
        self.watches.extend([Vec::new(), Vec::new()]);
        if is_input {
            self.inputs.push(variable);
        }
        Lit::of(variable)
    }

    /// Adds what has to hold: one of these. Not while a question is being answered.
    pub(super) fn clause(&mut self, lits: &[Lit]) {
        let mut lits = lits.to_vec();
        lits.sort_unstable();
        lits.dedup();
        let is_idle = lits.windows(2).any(|pair| pair[0] == !pair[1])
            || lits.iter().any(|lit| self.values[lit.0] == Some(true));
        if is_idle {
            return;
        }
        lits.retain(|lit| self.values[lit.0].is_none());
        match lits.as_slice() {
            [] => self.is_broken = true,
            [only] => self.assign(*only, None),
            _ => drop(self.attach(lits)),
        }
    }

    fn attach(&mut self, lits: Vec<Lit>) -> usize {
        let clause = self.clauses.len();
        for lit in lits.iter().take(2) {
            self.watches[lit.0].push(clause);
        }
        self.clauses.push(lits);
        clause
    }

    fn assign(&mut self, lit: Lit, reason: Option<usize>) {
        self.values[lit.0] = Some(true);
        self.values[(!lit).0] = Some(false);
        self.level[lit.variable()] = self.levels.len();
        self.reason[lit.variable()] = reason;
        self.phase[lit.variable()] = !lit.is_negated();
        self.trail.push(lit);
        self.instants.assert(lit);
    }

    /// Draws every conclusion. The lits of a conflict, which are all false, if there is one.
    fn propagate(&mut self) -> Option<Vec<Lit>> {
        while let Some(lit) = self.trail.get(self.propagated).copied() {
            self.propagated += 1;
            let fallen = !lit;
            let watching = std::mem::take(&mut self.watches[fallen.0]);
            let mut kept = Vec::with_capacity(watching.len());
            let mut conflict = None;
            for clause in watching {
                if conflict.is_some() || !self.move_watch(clause, fallen) {
                    kept.push(clause);
                    if conflict.is_none() {
                        let other = self.clauses[clause][0];
                        match self.values[other.0] {
                            None => self.assign(other, Some(clause)),
                            Some(false) => conflict = Some(self.clauses[clause].clone()),
                            Some(true) => {}
                        }
                    }
                }
            }
            self.watches[fallen.0] = kept;
            if conflict.is_some() {
                return conflict;
            }
        }
        self.instants.conflict()
    }

    /// Lets a clause be watched by another literal than the one that has become false. Where there
    /// is none, the clause's first literal is the only one that can still hold.
    fn move_watch(&mut self, clause: usize, fallen: Lit) -> bool {
        let lits = &mut self.clauses[clause];
        if lits[0] == fallen {
            lits.swap(0, 1);
        }
        if self.values[lits[0].0] == Some(true) {
            return false;
        }
        let place = lits.iter().skip(2).position(|lit| self.values[lit.0] != Some(false));
        let Some(place) = place else { return false };
        lits.swap(1, place + 2);
        let watching = lits[1];
        self.watches[watching.0].push(clause);
        true
    }

    fn back_to(&mut self, level: usize) {
        let Some(start) = self.levels.get(level).copied() else { return };
        for lit in self.trail.drain(start..) {
            self.values[lit.0] = None;
            self.values[(!lit).0] = None;
            self.instants.retract(lit);
        }
        self.levels.truncate(level);
        self.propagated = start;
    }

    /// What to learn from a conflict: a clause with one literal of the present level, which comes
    /// first, and the level to go back to.
    fn learn(&mut self, conflict: Vec<Lit>) -> (Vec<Lit>, usize) {
        let mut seen = vec![false; self.count()];
        let mut learned = Vec::new();
        let mut open = 0;
        let mut place = self.trail.len();
        let mut lits = conflict;
        let first = loop {
            for lit in lits {
                let variable = lit.variable();
                if seen[variable] || self.level[variable] == 0 {
                    continue;
                }
                seen[variable] = true;
                self.activity[variable] += self.bump;
                if self.level[variable] == self.levels.len() {
                    open += 1;
                } else {
                    learned.push(lit);
                }
            }
            while place > 0 && !seen[self.trail[place - 1].variable()] {
                place -= 1;
            }
            let Some(lit) = place.checked_sub(1).map(|last| self.trail[last]) else {
                break Lit::FALSE;
            };
            place -= 1;
            open -= 1;
            if open == 0 {
                break !lit;
            }
            let reason = self.reason[lit.variable()].map(|reason| self.clauses[reason].clone());
            lits = reason.unwrap_or_default();
        };
        learned.sort_by_key(|lit| std::cmp::Reverse(self.level[lit.variable()]));
        let back = learned.first().map_or(0, |lit| self.level[lit.variable()]);
        learned.insert(0, first);
        self.bump *= 1.05;
        if self.bump > 1e100 {
            self.activity.iter_mut().for_each(|activity| *activity *= 1e-100);
            self.bump *= 1e-100;
        }
        (learned, back)
    }

    /// Goes back from a conflict, having learned from it. `false` if nothing can be gone back on.
    fn recover(&mut self, conflict: Vec<Lit>) -> bool {
        let deepest = conflict.iter().map(|lit| self.level[lit.variable()]).max();
        let deepest = deepest.unwrap_or(0);
        if deepest == 0 {
            self.is_broken = true;
            return false;
        }
        self.back_to(deepest);
        let (learned, back) = self.learn(conflict);
        self.back_to(back);
        let first = learned[0];
        let reason = (learned.len() > 1).then(|| self.attach(learned));
        self.assign(first, reason);
        true
    }

    /// Finds values for all variables under which every clause and every assumption holds.
    pub(super) fn solve(&mut self, assumptions: &[Lit]) -> Answer {
        let mut conflicts = 0;
        let answer = loop {
            if self.is_broken {
                break Answer::Impossible;
            }
            if let Some(conflict) = self.propagate() {
                conflicts += 1;
                if conflicts > CONFLICTS_MAX {
                    break Answer::GaveUp;
                }
                if self.recover(conflict) {
                    continue;
                }
                break Answer::Impossible;
            }
            // Assumptions are the first decisions, a level each.
            let next = match assumptions.get(self.levels.len()) {
                Some(assumed) if self.values[assumed.0] == Some(false) => break Answer::Impossible,
                Some(assumed) => Some(*assumed),
                None => self.undecided(),
            };
            let Some(next) = next else {
                let values = self.values.iter().step_by(2);
                break Answer::Found(values.map(|value| *value == Some(true)).collect());
            };
            self.levels.push(self.trail.len());
            if self.values[next.0].is_none() {
                self.assign(next, None);
            }
        };
        self.back_to(0);
        answer
    }

    fn undecided(&self) -> Option<Lit> {
        let open = self.inputs.iter().filter(|input| self.values[Lit::of(**input).0].is_none());
        let most = open.max_by(|one, other| {
            self.activity[**one].total_cmp(&self.activity[**other]).then(other.cmp(one))
        })?;
        let lit = Lit::of(*most);
        Some(if self.phase[*most] { lit } else { !lit })
    }
}
