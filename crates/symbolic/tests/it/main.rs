//! The symbolic crate from outside.

#[cfg(test)]
mod proving;
