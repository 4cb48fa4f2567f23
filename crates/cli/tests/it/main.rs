//! The binary from the outside.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test that meets something unexpected has to fail"
)]

mod building;
#[cfg(feature = "ballista")]
mod cluster;
mod commands;
mod comparing;
mod facts;
mod importing;
mod killing;
mod policies;
mod program;
mod python;
mod redacting;
mod tampering;
