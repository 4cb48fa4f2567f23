//! Lowered policies: a small program over columns of facts, and what runs it.
//!
//! A [`Program`] holds the policies of a set that can have a say about one action. Each comparison
//! is made once, into a bit a row; the rest is Boolean algebra on words of 64 rows. Bound to a
//! purpose and an instant it is an [`Evaluator`], which takes batches of facts and gives [`Votes`]:
//! the decision, one bit a policy for its reasons, one bit a policy for its errors. They are those of
//! Cedar's own evaluator, row by row, with one difference that Consentry makes everywhere: a policy
//! that errs denies.
//!
//! This crate knows Arrow's arrays and nothing heavier, and not how a program came about: that is
//! `consentry-policy`'s business.

mod bind;
mod columns;
mod evaluator;
pub mod graph;
mod kernels;
mod order;
pub mod pattern;
mod plan;
mod program;
mod retain;
mod rows;
mod votes;

pub use columns::{CONVERSATION, ColumnError, Columns, FEEDBACK, STORE};
pub use evaluator::Evaluator;
pub use kernels::Instructions;
pub use program::{About, CALCULATED_MAX, Effect, NODES_MAX, Policy, Program, ProgramError, Turn};
pub use retain::{Kept, Retainer, Until};
pub use votes::{Decisions, NumberedDecision, Votes};
