//! The file of weights.
//!
//! Eight bytes that name the form, 8 × 8 weights of steps (i16, little-endian), the rows (8 × i8
//! each), the number of slots of the lists (u32), and the slots (u32).

use super::lists::Lists;
use super::tagger::{ROW_BITS, Row, Tagger};
use std::fmt;

const FORM: &[u8; 8] = b"CNNAMES1";
/// More than any table of this form has.
const MOST_SLOTS: usize = 1 << 22;

/// Why weights cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NamesError {
    /// The file does not begin as a file of weights of this version does.
    Form,
    /// The file ends too early, goes on too long, or its table of lists has an impossible size.
    Length {
        /// The bytes that the file should have, as far as what was read of it says.
        expected: usize,
        /// The bytes that it has.
        found: usize,
    },
}

impl fmt::Display for NamesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str(
                "these are no weights of the name tagger of this version: they do not begin with \
                 `CNNAMES1`; use the `names.bin` that came with it",
            ),
            Self::Length { expected, found } => write!(
                f,
                "the weights of the name tagger have {found} bytes and should have {expected}; \
                 get the file again"
            ),
        }
    }
}

impl std::error::Error for NamesError {}

const STEP_BYTES: usize = 8 * 8 * 2;
const ROW_BYTES: usize = 8 << ROW_BITS;

pub(super) fn read(bytes: &[u8]) -> Result<Tagger, NamesError> {
    let found = bytes.len();
    let rest = bytes.strip_prefix(FORM).ok_or(NamesError::Form)?;
    let head = FORM.len() + STEP_BYTES + ROW_BYTES + 4;
    let short = |expected| NamesError::Length { expected, found };
    let (steps, rest) = rest.split_at_checked(STEP_BYTES).ok_or_else(|| short(head))?;
    let (rows, rest) = rest.split_at_checked(ROW_BYTES).ok_or_else(|| short(head))?;
    let (count, slots) = rest.split_first_chunk::<4>().ok_or_else(|| short(head))?;
    let count = usize::try_from(u32::from_le_bytes(*count)).unwrap_or(usize::MAX);
    let expected = count.saturating_mul(4).saturating_add(head);
    if found != expected || !count.is_power_of_two() || count > MOST_SLOTS {
        return Err(short(expected));
    }
    let (steps, _) = steps.as_chunks::<2>();
    let (steps, _) = steps.as_chunks::<8>();
    let mut table = [[0; 8]; 8];
    for (row, read) in table.iter_mut().zip(steps) {
        *row = read.map(i16::from_le_bytes);
    }
    let (rows, _) = rows.as_chunks::<8>();
    let (slots, _) = slots.as_chunks::<4>();
    Ok(Tagger {
        rows: rows.iter().map(|row: &Row<u8>| row.map(u8::cast_signed)).collect(),
        steps: table,
        lists: Lists::of(slots.iter().copied().map(u32::from_le_bytes).collect()),
    })
}

pub(super) fn write(tagger: &Tagger) -> Vec<u8> {
    let mut bytes = FORM.to_vec();
    bytes.extend(tagger.steps.iter().flatten().flat_map(|weight| weight.to_le_bytes()));
    bytes.extend(tagger.rows.iter().flatten().map(|weight| weight.cast_unsigned()));
    let slots = tagger.lists.slots();
    bytes.extend(u32::try_from(slots.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(slots.iter().flat_map(|slot| slot.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let mut lists = Lists::of(vec![0; 16]);
        lists.add(5, 3);
        let mut rows = vec![[0; 8]; 1 << ROW_BITS];
        rows[9] = [1, -2, 3, -4, 5, -6, 7, 0];
        let mut steps = [[0; 8]; 8];
        steps[1][2] = -300;
        let bytes = write(&Tagger { rows, steps, lists });
        let again = read(&bytes).unwrap();
        assert_eq!((again.rows[9][3], again.steps[1][2], again.lists.flags(5)), (-4, -300, 3));
        assert_eq!(write(&again), bytes);
        assert_eq!(read(b"CNNAMES0").unwrap_err(), NamesError::Form);
        for length in [8, 100, 1000, bytes.len() - 1] {
            assert!(matches!(read(&bytes[..length]), Err(NamesError::Length { .. })));
        }
    }
}
