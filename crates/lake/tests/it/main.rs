//! The lake from the outside: histories in files, answers and datasets out.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a test that meets something unexpected has to fail"
)]

mod explaining;
mod facts;
#[cfg(feature = "ballista")]
mod in_sql;
mod reading;
mod rows_agree_with_twin;
mod setting;
mod tainting;
mod tampering;
mod whatif;
