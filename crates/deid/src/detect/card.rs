//! Numbers of payment cards.

use super::number::{Gap, Number};
use super::{Claim, Rule};
use crate::finding::FindingKind;

const CARD: Rule = Rule::new(FindingKind::Card, 0.9, "card");
const ANNOUNCED: Rule = Rule::new(FindingKind::Card, 0.8, "card-in-context");

/// How cards are written: in one piece, or in the groups that are embossed on them.
const SHAPES: &[&[usize]] = &[
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 4],
    &[4, 6, 5],
    &[4, 6, 4],
    &[13],
    &[14],
    &[15],
    &[16],
    &[17],
    &[18],
    &[19],
];

/// A card number: grouped as on a card or in one piece, of a known issuer and the issuer's length,
/// with the right check digit. Lengths and issuers that barcodes and serial numbers share count
/// only where the words before speak of a card.
pub(super) fn find(number: &Number<'_>) -> Option<Claim> {
    let shape = SHAPES.iter().find(|shape| number.has_widths(shape))?;
    let count = shape.len();
    let uniform =
        [Gap::Space, Gap::Dash, Gap::Dot].iter().any(|&gap| number.is_joined_by(count, gap));
    let (start, end) = (number.start(), number.end(count));
    // `[.4180.0024.0002.6613]`: keys of collation (Unicode, Technical Standard 10).
    let keyed = number.is_joined_by(count, Gap::Dot) && number.text.back(start, 1) == b'.';
    if !uniform
        || (keyed && count > 1)
        || !number.is_free_before(start)
        || !number.is_free_after(end)
    {
        return None;
    }
    let digits = number.digits(count);
    if !luhn(&digits) {
        return None;
    }
    let rule = match issuer(&digits) {
        Issuer::Certain => CARD,
        Issuer::Possible if number.contexts.speaks_of_card(number.text, start) => ANNOUNCED,
        Issuer::Possible | Issuer::None => return None,
    };
    Some(Claim::Found(rule.finds(start, end)))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Issuer {
    /// A prefix and a length that hardly anything else has.
    Certain,
    /// A prefix and a length that other numbers have as well.
    Possible,
    None,
}

/// Who issues cards with these digits, by the ranges that the networks publish.
fn issuer(digits: &str) -> Issuer {
    let prefix = |length: usize| -> u32 {
        let head = digits.get(..length).unwrap_or_default();
        head.parse().unwrap_or(0)
    };
    match (prefix(2), digits.len()) {
        // Visa.
        (40..=49, 16) => Issuer::Certain,
        (40..=49, 13 | 19) => Issuer::Possible,
        // Mastercard.
        (51..=55, 16) => Issuer::Certain,
        (22..=27, 16) if (2221..=2720).contains(&prefix(4)) => Issuer::Certain,
        // American Express.
        (34 | 37, 15) => Issuer::Certain,
        // Diners Club.
        (36 | 38 | 39, 14) => Issuer::Certain,
        (30, 14) if matches!(prefix(3), 300..=305 | 309) => Issuer::Certain,
        // JCB.
        (35, 16) if (3528..=3589).contains(&prefix(4)) => Issuer::Certain,
        // Discover.
        (65, 16) => Issuer::Certain,
        (60, 16) if prefix(4) == 6011 => Issuer::Certain,
        (64, 16) if (644..=649).contains(&prefix(3)) => Issuer::Certain,
        // UnionPay.
        (62, 16) => Issuer::Certain,
        (62, 17..=19) => Issuer::Possible,
        // Maestro.
        (50 | 56..=69, 13..=19) => Issuer::Possible,
        _ => Issuer::None,
    }
}

/// Whether the last digit is the check digit of the others.
fn luhn(digits: &str) -> bool {
    let split = digits.split_at_checked(digits.len().saturating_sub(1));
    split.is_some_and(|(head, last)| last.parse() == Ok(luhn_check_digit(head)))
}

/// The check digit that belongs behind `head` (ISO/IEC 7812-1, annex B). Everything but ASCII
/// digits is passed over.
pub(crate) fn luhn_check_digit(head: &str) -> u32 {
    let digits = head.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| match (place % 2 == 0, digit) {
            (true, 5..) => digit.saturating_mul(2).saturating_sub(9),
            (true, _) => digit.saturating_mul(2),
            (false, _) => digit,
        })
        .sum();
    10_u32.saturating_sub(sum % 10) % 10
}
