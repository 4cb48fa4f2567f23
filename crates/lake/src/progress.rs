//! Telling how far long work has come, without knowing who listens.

/// A listener.
pub trait Progress {
    /// A new step of the work begins. `total` is its length in the unit that [`Self::advance`]
    /// counts, where that is known.
    fn step(&mut self, name: &'static str, total: Option<u64>);

    /// The present step has come this much further.
    fn advance(&mut self, by: u64);
}

/// A listener that does not care.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&mut self, _name: &'static str, _total: Option<u64>) {}

    fn advance(&mut self, _by: u64) {}
}
