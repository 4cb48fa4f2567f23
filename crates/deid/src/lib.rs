//! Finds sensitive text and puts surrogates in its place.
//!
//! An [`Engine`] finds stretches of text that identify a person or open something: e-mail
//! addresses, telephone, card and account numbers, network addresses, keys, and the other
//! [`FindingKind`]s. A [`Scope`] gives each value a surrogate of the same kind and form that
//! belongs to nobody: the same value has the same surrogate throughout one scope, two values never
//! share one, and scopes cannot be linked to each other.
//!
//! ```
//! use consentry_deid::{Engine, FindingKind, Scope};
//!
//! let engine = Engine::structured();
//! let mut conversation = Scope::derive(&[7; 32], "conversation/c1");
//!
//! let question = engine.redact("I am ada@corp.io, call 415-555-0134.", &mut conversation);
//! assert!(!question.text.contains("ada@corp.io"));
//! assert_eq!(question.counts()[&FindingKind::Email], 1);
//!
//! // The same address, written otherwise, keeps its surrogate in this conversation.
//! let answer = engine.redact("Dear ADA@corp.io", &mut conversation);
//! let surrogate = answer.text.strip_prefix("Dear ").unwrap();
//! assert!(question.text.contains(surrogate));
//! ```
//!
//! There is no clock, no randomness and no input or output here: keys are parameters, texts are
//! strings. Every detector takes time linear in the length of the text.

mod detect;
mod engine;
mod escapes;
mod finding;
pub mod names;
mod operator;
mod plan;
mod scope;
pub mod score;
mod settings;
mod surrogate;
mod taint;

pub use engine::{Engine, Piece, Redacted, Stream};
pub use finding::{Finding, FindingKind, Why};
pub use operator::Operator;
pub use plan::{Plan, PlanError, Profile};
pub use scope::{Kept, RevealError, Scope, ScopeKey};
pub use settings::{Settings, SettingsError};
pub use taint::Taint;
