//! Datasets out: the manifest, and the documents about a dataset that people and programs read.
//!
//! [`card`], [`croissant`] and [`report`] are made from the manifest alone and contain nothing else,
//! so whoever has the manifest can make them again and compare.

pub mod card;
pub mod croissant;
mod escape;
pub mod manifest;
pub mod report;
mod wording;

#[cfg(test)]
mod sample;
