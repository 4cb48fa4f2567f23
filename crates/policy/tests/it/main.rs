//! The policy crate from outside: the shipped set, sets that are refused, deciding, and time.

#[cfg(test)]
mod articles;
#[cfg(test)]
mod cases;
mod comparing;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod engines_agree;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod published;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod sets;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod time;
