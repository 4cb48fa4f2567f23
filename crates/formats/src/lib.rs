//! Exports of real products in, as events of a history.
//!
//! [`import`] holds what all formats share; each format is a module of it, named as on the command
//! line. Nothing here opens a file: callers hand in a [`bundle::Bundle`] of named readers.

pub mod bundle;
pub mod dataset;
pub mod import;
pub(crate) mod json;
