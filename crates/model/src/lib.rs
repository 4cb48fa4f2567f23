//! The nouns of Consentry, and how a history becomes facts.
//!
//! A *history* is a stream of [`Event`]s. [`Event::parse`] checks one line of it; [`account`] and
//! [`conversation`] fold events into timelines, and a timeline answers what is true at an instant
//! with [`facts`]. Nothing here reads a file, a clock or a random number: the same events and the
//! same instant always give the same facts.

pub mod account;
pub mod conversation;
pub mod event;
pub mod facts;
pub mod instant;
pub mod words;

pub use event::{Body, Event, LineError, Part};
pub use instant::Instant;
pub use words::{
    HoldSubject, Kind, Origin, Plan, Programme, Rating, RequestKind, Role, Store, Surface, Via,
};
