//! Durable control state of one machine. For now that is its keys: the secrets from which
//! signatures and opaque ids are made, and the signers that the machine trusts.

pub mod home;

pub use home::{Home, HomeError, Secret};
