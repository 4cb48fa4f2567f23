//! Proofs about policy sets.
pub use cedar_policy_symcc::CompiledPolicySet;
