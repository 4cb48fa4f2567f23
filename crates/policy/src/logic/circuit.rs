//! Conditions as gates over inputs.

use super::clauses::{Answer, Lit, Solver};
use super::instants::{Node, Placing};
use std::collections::HashMap;

/// `x - y ≤ at_most`, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Distance {
    pub(crate) x: Node,
    pub(crate) y: Node,
    pub(crate) at_most: i128,
}

/// Conditions that share what they have in common: the same condition made twice is one gate.
#[derive(Debug)]
pub(crate) struct Circuit {
    solver: Solver,
    known: HashMap<Vec<Lit>, Lit>,
    /// Every gate after what it is made of. It holds if all of that does.
    gates: Vec<(Lit, Vec<Lit>)>,
    distances: HashMap<Distance, Lit>,
}

impl Circuit {
    pub(crate) fn new() -> Self {
        Self {
            solver: Solver::new(),
            known: HashMap::new(),
            gates: Vec::new(),
            distances: HashMap::new(),
        }
    }

    /// What may hold or not, as it likes.
    pub(crate) fn input(&mut self) -> Lit {
        self.solver.variable(true)
    }

    /// A new instant.
    pub(crate) fn node(&mut self) -> Node {
        self.solver.instants.node()
    }

    /// Makes a distance hold, whatever else does.
    pub(crate) fn always_within(&mut self, Distance { x, y, at_most }: Distance) {
        self.solver.instants.always(x, y, at_most);
    }

    /// That two instants are at most so far apart.
    pub(crate) fn within(&mut self, distance: Distance) -> Lit {
        let Distance { x, y, at_most } = distance;
        if x == y {
            return if at_most >= 0 { Lit::TRUE } else { Lit::FALSE };
        }
        if x > y {
            // x - y ≤ c unless y - x ≤ -c - 1: one input for both.
            return !self.within(Distance { x: y, y: x, at_most: -at_most - 1 });
        }
        if let Some(known) = self.distances.get(&distance) {
            return *known;
        }
        let lit = self.input();
        self.solver.instants.mean(lit, x, y, at_most);
        self.distances.insert(distance, lit);
        lit
    }

    /// The comparisons of instants that conditions are made of.
    pub(crate) fn distances(&self) -> impl Iterator<Item = (Distance, Lit)> + '_ {
        self.distances.iter().map(|(distance, lit)| (*distance, *lit))
    }

    /// That all of these hold.
    pub(crate) fn all(&mut self, lits: impl IntoIterator<Item = Lit>) -> Lit {
        let mut lits: Vec<_> = lits.into_iter().filter(|lit| *lit != Lit::TRUE).collect();
        lits.sort_unstable();
        lits.dedup();
        let contradicts = lits.iter().zip(lits.iter().skip(1)).any(|(one, next)| *one == !*next);
        if contradicts || lits.contains(&Lit::FALSE) {
            return Lit::FALSE;
        }
        match lits.as_slice() {
            [] => return Lit::TRUE,
            [only] => return *only,
            _ => {}
        }
        if let Some(known) = self.known.get(&lits) {
            return *known;
        }
        let gate = self.solver.variable(false);
        let mut opposite = vec![gate];
        for lit in &lits {
            self.solver.clause(&[!gate, *lit]);
            opposite.push(!*lit);
        }
        self.solver.clause(&opposite);
        self.gates.push((gate, lits.clone()));
        self.known.insert(lits, gate);
        gate
    }

    /// That one of these holds at least.
    pub(crate) fn any(&mut self, lits: impl IntoIterator<Item = Lit>) -> Lit {
        !self.all(lits.into_iter().map(|lit| !lit))
    }

    /// That one of the two holds, and the other does not.
    pub(crate) fn differ(&mut self, one: Lit, other: Lit) -> Lit {
        if one == other {
            return Lit::FALSE;
        }
        let only_one = self.all([one, !other]);
        let only_other = self.all([!one, other]);
        self.any([only_one, only_other])
    }

    /// Makes one of these hold, whatever else does.
    pub(crate) fn require(&mut self, lits: &[Lit]) {
        self.solver.clause(lits);
    }

    /// Makes exactly one of these hold.
    pub(crate) fn require_one(&mut self, lits: &[Lit]) {
        self.solver.clause(lits);
        for (index, one) in lits.iter().enumerate() {
            for other in lits.iter().skip(index + 1) {
                self.solver.clause(&[!*one, !*other]);
            }
        }
    }

    /// Finds values under which all of these hold.
    pub(crate) fn solve(&mut self, lits: &[Lit]) -> Answer {
        self.solver.solve(lits)
    }

    /// Whether a condition holds as far as the inputs are known; `None` if that is not far enough.
    pub(crate) fn follows(
        &self,
        root: Lit,
        inputs: impl Fn(usize) -> Option<bool>,
    ) -> Option<bool> {
        let mut values: Vec<_> = (0..self.solver.count()).map(inputs).collect();
        if let Some(always) = values.get_mut(Lit::TRUE.variable()) {
            *always = Some(true);
        }
        let holds = |values: &[Option<bool>], lit: Lit| {
            let value = values.get(lit.variable()).copied().flatten();
            value.map(|value| value != lit.is_negated())
        };
        for (gate, lits) in &self.gates {
            let mut outcome = Some(true);
            for lit in lits {
                match holds(&values, *lit) {
                    Some(true) => {}
                    Some(false) => {
                        outcome = Some(false);
                        break;
                    }
                    None => outcome = None,
                }
            }
            if let Some(value) = values.get_mut(gate.variable()) {
                *value = outcome;
            }
        }
        holds(&values, root)
    }

    /// Begins to choose instants that keep to the given comparisons.
    pub(crate) fn placing(&self, lits: impl Iterator<Item = Lit>) -> Placing {
        self.solver.instants.placing(lits)
    }
}
