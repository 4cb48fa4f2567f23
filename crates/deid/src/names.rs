//! Finds names: what no pattern can tell, because only the words around it do.

#[cfg(feature = "neural")]
pub mod neural;
#[cfg(feature = "neural")]
mod wordpiece;
