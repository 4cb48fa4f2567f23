//! The lake from the outside: histories in files, answers and datasets out.

mod explaining;
mod reading;
mod rows_agree_with_twin;
mod setting;
mod tampering;
