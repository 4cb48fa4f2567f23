//! Policies as conditions on facts that are not known yet.
//!
//! [`Unknowns`] stands for every row of facts about one kind of resource that a history can give,
//! and every instant: an input for each thing that may be so or not, and the laws that all facts
//! keep to. [`Reader`] turns a policy's conditions into two conditions of the [`Circuit`]: that the
//! policy is satisfied, and that it errs. Cedar's order of evaluation is kept: what stands behind a
//! `false &&` cannot err.
//!
//! Comparisons of at most two instants, with constants, are exact. What is beyond that becomes an
//! input of its own that may be anything, so that "impossible" stays a proof, and a row that is
//! found has to be tried.

mod facts;
mod number;
mod reader;
mod texts;

pub(crate) use facts::{Unknowns, free_texts, listed_words};
pub(crate) use number::Beyond;
pub(crate) use reader::{Outcome, Reader};
pub(crate) use texts::{Mentions, representatives};
