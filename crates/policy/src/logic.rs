//! Deciding whether a condition on facts can hold at all: a small solver of Boolean conditions, and
//! of comparisons between instants.
//!
//! [`Circuit`] holds conditions as gates over inputs. Some inputs say how far apart two instants are
//! at most. [`Circuit::solve`] finds values for all inputs under which given conditions hold, or
//! shows that there are none: clauses are learned from conflicts, and a cycle of distances that
//! nothing can keep to is a conflict as well. Both are complete, so that an answer is a proof.

mod circuit;
mod clauses;
mod instants;

pub(crate) use circuit::{Circuit, Distance};
pub(crate) use clauses::{Answer, Lit};
pub(crate) use instants::{Node, ZERO};
