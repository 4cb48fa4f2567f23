//! International bank account numbers.

use super::text::Text;
use super::{Claim, Rule};
use crate::finding::FindingKind;
use crate::surrogate;

const IBAN: Rule = Rule::new(FindingKind::Iban, 0.99, "iban");

/// Characters of the shortest number in the registry, that of Norway.
const SHORTEST: usize = 15;
/// The most characters that ISO 13616-1 allows.
const LONGEST: usize = 34;
/// Characters before the account: those of the country, and the check digits.
const HEAD: usize = 4;
/// Characters of a group in print.
const GROUP: usize = 4;

/// The account number whose check digits begin at `digits`: two letters stand before them. It is
/// written without separators, or in groups of four separated by one space or dash; where the word
/// stands before it, in any groups. The country
/// must be of the registry, and the form of the account number and the check digits must be right.
pub(super) fn find(text: Text<'_>, digits: usize) -> Option<Claim> {
    let start = digits.checked_sub(2)?;
    let head = text.window(start, digits.saturating_add(2));
    let shaped = matches!(head, [a, b, c, d] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic()
        && c.is_ascii_digit() && d.is_ascii_digit());
    if !shaped || !text.is_fresh(start) || text.back(start, 1) == b'-' {
        return None;
    }
    let ours = surrogate::is_iban_check(text.slice(digits, digits.saturating_add(2)));
    let mut compact = String::with_capacity(LONGEST);
    let mut sum = 0;
    let mut at = start;
    loop {
        let end = text.run(at, LONGEST.saturating_add(1), |b| b.is_ascii_alphanumeric());
        let group = text.window(at, end);
        if compact.len().saturating_add(group.len()) > LONGEST {
            return None;
        }
        let account = group.get(HEAD.saturating_sub(compact.len())..).unwrap_or_default();
        sum = remainder(sum, account);
        compact.extend(group.iter().map(|byte| char::from(byte.to_ascii_uppercase())));
        // Only a whole word can end the number, so that each group is tried once; most are told by
        // the check digits before the rest is looked at.
        let checked = ours || remainder(sum, head) == 1;
        if checked && compact.len() >= SHORTEST && text.at(end) != b'_' {
            if is_valid(&compact) {
                return Some(Claim::Found(IBAN.finds(start, end)));
            }
            if is_surrogate(&compact) {
                return Some(Claim::Harmless(end));
            }
        }
        let continues = matches!(text.at(end), b' ' | b'-')
            && (end.saturating_sub(at) == GROUP || is_announced(text, start))
            && text.at(end.saturating_add(1)).is_ascii_alphanumeric();
        if !continues {
            return None;
        }
        at = end.saturating_add(1);
    }
}

/// Whether the name of such numbers stands shortly before `start`.
fn is_announced(text: Text<'_>, start: usize) -> bool {
    const REACH: usize = 16;
    const NAME: &[u8] = b"iban";
    let before = text.window(start.saturating_sub(REACH), start);
    before.windows(NAME.len()).any(|word| word.eq_ignore_ascii_case(NAME))
}

/// What `characters` leave when divided by 97, behind digits that leave `before`. The letters stand
/// for 10 to 35.
fn remainder(before: u64, characters: &[u8]) -> u64 {
    // One division serves for four characters, which are eight digits at most.
    characters.chunks(4).fold(before, |sum, four| {
        let digits = four.iter().filter_map(|&byte| char::from(byte).to_digit(36));
        digits.fold(sum, |sum, value| sum * if value < 10 { 10 } else { 100 } + u64::from(value))
            % 97
    })
}

fn is_valid(compact: &str) -> bool {
    // 00 and 01 may leave the remainder that the check asks for, but no bank issues them.
    let issued = !matches!(compact.get(2..4), Some("00" | "01"));
    issued && compact.parse::<iban::Iban>().is_ok()
}

/// Whether it would be a number if its check digits, which are those of our surrogates, were right.
fn is_surrogate(compact: &str) -> bool {
    let parts = (compact.get(..2), compact.get(2..4), compact.get(4..));
    let (Some(country), Some(check), Some(account)) = parts else {
        return false;
    };
    if !surrogate::is_iban_check(check) {
        return false;
    }
    // The check digits make the whole leave 1 when divided by 97.
    let remainder = remainder(0, format!("{account}{country}00").as_bytes());
    is_valid(&format!("{country}{:02}{account}", 98 - remainder))
}
