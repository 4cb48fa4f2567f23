//! The binary from the outside.

mod building;
mod commands;
mod importing;
mod killing;
mod policies;
mod program;
mod python;
mod tampering;
