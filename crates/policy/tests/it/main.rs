//! The policy crate from outside: the shipped set, sets that are refused, deciding, and time.

mod cases;
mod contract;
mod engine;
mod refused;
mod rows;
mod sets;
mod shipped;
mod time;
