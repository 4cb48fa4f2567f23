//! Comparisons between instants: how far apart two of them are at most.
//!
//! `x - y ≤ c` is an edge from `y` to `x` of length `c`. Edges can be kept to together exactly if no
//! cycle of them has a length below zero, which Bellman and Ford's algorithm finds.
#![expect(
    clippy::indexing_slicing,
    reason = "nodes are numbered here, and tables have all of them"
)]

use super::clauses::Lit;
use std::collections::HashMap;

/// An instant that is to be found.
pub(crate) type Node = usize;

/// The beginning of 1970: what constants are measured from.
pub(crate) const ZERO: Node = 0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edge {
    from: Node,
    to: Node,
    length: i128,
    /// What it follows from; nothing for what always holds.
    because: Option<Lit>,
}

#[derive(Debug)]
pub(super) struct Instants {
    nodes: usize,
    always: Vec<Edge>,
    /// The edges of each literal that is a comparison.
    meanings: HashMap<Lit, Edge>,
    asserted: Vec<Edge>,
    /// Whether there are edges that were not looked at.
    is_new: bool,
}

impl Default for Instants {
    fn default() -> Self {
        Self {
            nodes: 1,
            always: Vec::new(),
            meanings: HashMap::new(),
            asserted: Vec::new(),
            is_new: false,
        }
    }
}

impl Instants {
    pub(super) fn node(&mut self) -> Node {
        self.nodes += 1;
        self.nodes - 1
    }

    /// `x - y ≤ distance`, whatever else holds.
    pub(super) fn always(&mut self, x: Node, y: Node, distance: i128) {
        self.always.push(Edge { from: y, to: x, length: distance, because: None });
        self.is_new = true;
    }

    /// Gives a literal the meaning `x - y ≤ distance`, and its negation the opposite one.
    pub(super) fn mean(&mut self, lit: Lit, x: Node, y: Node, distance: i128) {
        let edge = Edge { from: y, to: x, length: distance, because: Some(lit) };
        self.meanings.insert(lit, edge);
        let opposite = Edge { from: x, to: y, length: -distance - 1, because: Some(!lit) };
        self.meanings.insert(!lit, opposite);
    }

    pub(super) fn assert(&mut self, lit: Lit) {
        if let Some(edge) = self.meanings.get(&lit) {
            self.asserted.push(*edge);
            self.is_new = true;
        }
    }

    pub(super) fn retract(&mut self, lit: Lit) {
        if self.meanings.contains_key(&lit) {
            self.asserted.retain(|edge| edge.because != Some(lit));
        }
    }

    /// The negations of asserted literals that cannot hold together.
    pub(super) fn conflict(&mut self) -> Option<Vec<Lit>> {
        if !std::mem::take(&mut self.is_new) {
            return None;
        }
        let mut distance = vec![0i128; self.nodes];
        let mut came_by: Vec<Option<Edge>> = vec![None; self.nodes];
        let mut moved = None;
        for _ in 0..=self.nodes {
            moved = None;
            for edge in self.always.iter().chain(&self.asserted) {
                let reached = distance[edge.from] + edge.length;
                if reached < distance[edge.to] {
                    distance[edge.to] = reached;
                    came_by[edge.to] = Some(*edge);
                    moved = Some(edge.to);
                }
            }
            moved?;
        }
        // Still moving after as many rounds as there are nodes: walking back as often leads into
        // the cycle.
        let mut at = moved?;
        for _ in 0..self.nodes {
            at = came_by[at]?.from;
        }
        let start = at;
        let mut lits = Vec::new();
        loop {
            let edge = came_by[at]?;
            lits.extend(edge.because.map(|lit| !lit));
            at = edge.from;
            if at == start {
                // What was found may be asserted again after going back.
                self.is_new = true;
                return Some(lits);
            }
        }
    }

    /// Begins to choose instants that keep to the given literals.
    pub(super) fn placing(&self, lits: impl Iterator<Item = Lit>) -> Placing {
        let held = lits.filter_map(|lit| self.meanings.get(&lit));
        let mut placing = Placing { nodes: self.nodes, far: vec![None; self.nodes * self.nodes] };
        for node in 0..self.nodes {
            placing.far[node * self.nodes + node] = Some(0);
        }
        for edge in self.always.iter().chain(held) {
            placing.shorten(edge.from, edge.to, edge.length);
        }
        for middle in 0..self.nodes {
            placing.close(middle);
        }
        placing
    }
}

/// Choosing instants one after the other, each as near to a wish as the others allow.
#[derive(Clone, Debug)]
pub(crate) struct Placing {
    nodes: usize,
    /// How far the second node is from the first at most; `None` is any distance.
    far: Vec<Option<i128>>,
}

impl Placing {
    fn get(&self, from: Node, to: Node) -> Option<i128> {
        self.far[from * self.nodes + to]
    }

    fn shorten(&mut self, from: Node, to: Node, length: i128) {
        let place = &mut self.far[from * self.nodes + to];
        *place = Some(place.map_or(length, |known| known.min(length)));
    }

    /// Takes the ways through a node into account.
    fn close(&mut self, middle: Node) {
        for from in 0..self.nodes {
            let Some(first) = self.get(from, middle) else { continue };
            for to in 0..self.nodes {
                if let Some(second) = self.get(middle, to) {
                    self.shorten(from, to, first + second);
                }
            }
        }
    }

    /// Chooses an instant: `wish`, or the nearest to it that is possible.
    pub(crate) fn place(&mut self, node: Node, wish: i64) -> i64 {
        let latest = self.get(ZERO, node).unwrap_or(i64::MAX.into());
        let earliest = self.get(node, ZERO).map_or(i64::MIN.into(), |back| -back);
        let chosen = i128::from(wish).min(latest).max(earliest);
        self.shorten(ZERO, node, chosen);
        self.shorten(node, ZERO, -chosen);
        self.close(ZERO);
        self.close(node);
        i64::try_from(chosen).unwrap_or(wish)
    }
}
