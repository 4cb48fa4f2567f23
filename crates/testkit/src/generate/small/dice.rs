//! Choices made from a few bytes.

/// Reads choices off bytes; when they run out, every choice is the first, which by custom is the
/// plainest.
pub(super) struct Dice<'b> {
    bytes: std::slice::Iter<'b, u8>,
}

impl<'b> Dice<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or(0)
    }

    /// A number below `count`; 0 when `count` is 0.
    pub(super) fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()).checked_rem(count).unwrap_or(0)
    }

    /// True once in `count` times.
    pub(super) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    /// One of a list that is not empty.
    #[expect(clippy::indexing_slicing, reason = "a number below the length")]
    pub(super) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// One of a list that is not empty, each as often as its weight says.
    pub(super) fn weighted<T: Copy>(&mut self, choices: &[(T, usize)]) -> T {
        let each =
            choices.iter().flat_map(|(choice, weight)| std::iter::repeat_n(*choice, *weight));
        self.of(&each.collect::<Vec<T>>())
    }

    /// One of a list, or `None` if that is empty.
    pub(super) fn any<'c, T>(&mut self, choices: &'c [T]) -> Option<&'c T> {
        let index = self.below(choices.len());
        choices.get(index)
    }
}
