//! What the tests of Consentry hold the product to.
//!
//! - [`twin`] is a second implementation of the contract: how a history is checked, what is true
//!   at an instant, what the reference policy set decides and how long a part is kept. It is
//!   deliberately naive (it goes through all events again for every fact) and shares no code with
//!   the product: not the reader, not the folding, not the policies, not even the reading of a
//!   time. Where the two disagree, one of them has misread the contract.
//! - [`generate`] makes histories: small and nasty ones for comparing row by row, broken ones
//!   whose errors are known, and large realistic ones for measuring.

pub mod generate;
pub mod twin;
