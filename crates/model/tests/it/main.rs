//! The history format from the outside: what is read, what is refused, what counts as the same.

mod reading;
