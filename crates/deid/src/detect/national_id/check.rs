//! The arithmetic of check digits that several countries share.
//!
//! A number comes as its letters and digits alone, letters in capitals. Reading beyond its end, or
//! a letter where a digit belongs, gives a value that no check accepts.

/// What no digit is worth.
const NONE: u32 = 1_000;

/// The digit at `index`.
pub(super) fn digit(number: &[u8], index: usize) -> u32 {
    let digit = number.get(index).filter(|byte| byte.is_ascii_digit());
    digit.map_or(NONE, |byte| u32::from(byte - b'0'))
}

/// The character at `index`.
pub(super) fn letter(number: &[u8], index: usize) -> u8 {
    number.get(index).copied().unwrap_or(0)
}

/// The place of the letter at `index` in the alphabet, counted from 1.
pub(super) fn ordinal(number: &[u8], index: usize) -> u32 {
    let letter = number.get(index).filter(|byte| byte.is_ascii_uppercase());
    letter.map_or(NONE, |byte| u32::from(byte - b'A') + 1)
}

/// The value of the digits from `start` to `end`.
pub(super) fn value(number: &[u8], start: usize, end: usize) -> u64 {
    let digits = number.get(start..end).unwrap_or_default();
    digits.iter().fold(0, |value, &byte| {
        let digit = char::from(byte).to_digit(10).unwrap_or(0);
        value * 10 + u64::from(digit)
    })
}

/// The sum of the first digits, each multiplied by its weight.
pub(super) fn weighted(number: &[u8], weights: &[u32]) -> u32 {
    weights.iter().enumerate().map(|(index, weight)| digit(number, index) * weight).sum()
}

/// Whether all characters are the same, as in numbers that stand for one.
pub(super) fn is_repeated(number: &[u8]) -> bool {
    number.iter().all(|byte| Some(byte) == number.first())
}

/// Whether the last digit is the check digit of ISO/IEC 7812-1, annex B (Luhn).
pub(super) fn luhn(number: &[u8]) -> bool {
    let text = std::str::from_utf8(number).unwrap_or_default();
    let split = text.split_at_checked(text.len().saturating_sub(1));
    split.is_some_and(|(head, last)| {
        last.parse() == Ok(super::super::luhn_check_digit(head)) && !is_repeated(number)
    })
}

/// Whether the last digit is the check digit of ISO/IEC 7064, MOD 11,10.
pub(super) fn mod_11_10(number: &[u8]) -> bool {
    let Some(last) = number.len().checked_sub(1) else {
        return false;
    };
    let product = (0..last).fold(10, |product, index| {
        let sum = (digit(number, index) + product) % 10;
        let sum = if sum == 0 { 10 } else { sum };
        sum * 2 % 11
    });
    digit(number, last) == (11 - product) % 10
}

/// Whether the last digit is the check digit of Verhoeff's scheme, over the dihedral group of ten
/// elements (J. Verhoeff, Error Detecting Decimal Codes, 1969).
pub(super) fn verhoeff(number: &[u8]) -> bool {
    let multiply = |a: u32, b: u32| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a - 5 + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let permute = |digit: u32| match digit {
        0 => 1,
        1 => 5,
        2 => 7,
        3 => 6,
        4 => 2,
        5 => 8,
        6 => 3,
        7 => 0,
        8 => 9,
        _ => 4,
    };
    let sum = number.iter().rev().enumerate().fold(0, |sum, (place, &byte)| {
        let digit = char::from(byte).to_digit(10).unwrap_or(0);
        multiply(sum, (0..place % 8).fold(digit, |digit, _| permute(digit)))
    });
    sum == 0 && !is_repeated(number)
}

/// Whether such a day exists in such a month, in some year.
pub(in crate::detect) fn is_day(month: u64, day: u64) -> bool {
    let last = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}

/// Whether the six digits from `at` on are year, month and day.
pub(super) fn is_ymd(number: &[u8], at: usize) -> bool {
    is_day(value(number, at + 2, at + 4), value(number, at + 4, at + 6))
}

/// Whether the six digits from `at` on are day, month and year.
pub(super) fn is_dmy(number: &[u8], at: usize) -> bool {
    is_day(value(number, at + 2, at + 4), value(number, at, at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_catch_every_wrong_digit() {
        type Scheme = fn(&[u8]) -> bool;
        // The examples of Verhoeff's scheme (236 → 3), ISO/IEC 7064 (0794 → 5) and of Luhn's.
        let schemes: [(Scheme, &str); 3] =
            [(verhoeff, "2363"), (mod_11_10, "07945"), (luhn, "79927398713")];
        for (scheme, right) in schemes {
            assert!(scheme(right.as_bytes()), "{right}");
            for place in 0..right.len() {
                for wrong in b'0'..=b'9' {
                    let mut number = right.as_bytes().to_vec();
                    number[place] = wrong;
                    assert_eq!(scheme(&number), number == right.as_bytes(), "{number:?}");
                }
            }
        }
    }

    #[test]
    fn verhoeff_catches_swapped_neighbours() {
        for swapped in ["3263", "2633", "2336"] {
            assert!(!verhoeff(swapped.as_bytes()), "{swapped}");
        }
    }
}
