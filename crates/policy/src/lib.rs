//! Policies as data: a provider's published terms as policies that run.
//!
//! A [`PolicySet`] is a folder of Cedar policies with a schema, the published provisions that they
//! implement, and test cases. [`PolicySet::load`] reads it from texts, without any I/O, and refuses
//! what it cannot answer for, with every problem at its place in its file. A [`CedarEngine`] decides
//! rows of facts with it, says until when a part is kept, and when a decision turns. [`check`] runs
//! the test cases.
//!
//! This is the only crate that names Cedar, and its public interface does not.
//!
//! # Example
//!
//! ```
//! use consentry_model::facts::{Attribute, Facts, Resource, Value};
//! use consentry_model::Instant;
//! use consentry_policy::{CedarEngine, Engine, PolicySet, Request};
//! use std::sync::Arc;
//!
//! let engine = CedarEngine::new(Arc::new(PolicySet::shipped("claude-consumer")?));
//! let now = Instant::parse("2026-06-01T00:00:00Z")?;
//! let mut account = Facts::new(Resource::Account);
//! account.set(Attribute::Plan, Some(Value::Text("pro")));
//! account.set(Attribute::Choice, Some(Value::Text("unset")));
//! account.set(Attribute::EarliestDeadline, Some(Value::Time(now)));
//!
//! let request = Request { action: "converse", purpose: "model-improvement", now };
//! let decision = &engine.decide_all(&request, &[account])?[0];
//! assert!(!decision.permit);
//! assert_eq!(decision.reasons[0].as_ref(), "choice-overdue");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod analysis;
mod annotations;
mod cache;
mod cases;
mod cedar;
mod columnar;
mod compare;
mod compile;
mod constant;
mod engine;
mod expr;
mod field;
mod gate;
mod load;
mod logic;
mod lower;
pub mod matrix;
mod problem;
mod provisions;
mod question;
mod schema;
mod set;
mod shipped;
mod sources;
mod symbols;
mod syntax;
mod time;
mod witness;

pub use annotations::{Obligation, PolicyInfo};
pub use cases::{Report, check};
pub use cedar::{CedarEngine, TurningPoint};
pub use columnar::ColumnarEngine;
pub use compare::{
    Against, Answers, CompareError, Comparing, Confirming, Dates, Differences, Fixture, Group,
    Kind, compare,
};
pub use consentry_columnar::{Effect, Until};
pub use engine::{Decision, Engine, Request, RequestError, Retention};
pub use gate::suspicions;
pub use problem::{LoadError, Problem, Severity};
pub use provisions::Provision;
pub use set::{PolicySet, UnknownAction};
pub use sources::Sources;
pub use witness::{Fact, Witness};
