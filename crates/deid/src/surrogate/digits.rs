//! Surrogates that keep the places of digits: card and account numbers, social security numbers,
//! hardware addresses.

use crate::detect::{is_national_id, luhn_check_digit};
use crate::scope::Scope;

/// The check digits that no account number has.
const NO_CHECK: &str = "00";
/// A locally administered prefix, which no maker of hardware owns (IEEE 802, bit 1 of octet 0).
const LOCAL_MAC: &str = "02005e";

/// Writes `core` into the places of `shape` that `is_place` names, with the case of what stood
/// there, and the rest of `core` behind the last of them. A shape without places becomes `core`.
pub(super) fn fill(shape: &str, is_place: impl Fn(char) -> bool, core: &str) -> String {
    let places = shape.chars().filter(|&c| is_place(c)).count();
    if places == 0 {
        return core.to_owned();
    }
    let mut left = places;
    let mut core = core.chars();
    let mut text = String::with_capacity(shape.len());
    for character in shape.chars() {
        if !is_place(character) {
            text.push(character);
            continue;
        }
        let written = core.next().unwrap_or('0');
        text.push(if character.is_ascii_lowercase() {
            written.to_ascii_lowercase()
        } else if character.is_ascii_uppercase() {
            written.to_ascii_uppercase()
        } else {
            written
        });
        left = left.saturating_sub(1);
        if left == 0 {
            text.extend(core.by_ref());
        }
    }
    text
}

pub(super) fn ascii_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// `width` as a number of more characters.
pub(super) fn more(length: usize, width: u32) -> usize {
    length.saturating_add(usize::try_from(width).unwrap_or(0))
}

/// A card number of the same length and first digit whose check digit is wrong.
pub(super) fn card(original: &str, scope: &mut Scope) -> String {
    let digits = ascii_digits(original);
    let core = scope.assign("card", &digits, |stream, width| {
        let free = more(digits.len().saturating_sub(2), width);
        let head = format!("{}{}", digits.get(..1).unwrap_or("0"), stream.digits(free));
        let right = luhn_check_digit(&head);
        let wrong = right.saturating_add(1).saturating_add(stream.below(9)) % 10;
        let core = format!("{head}{wrong}");
        let written = fill(original, |c| c.is_ascii_digit(), &core);
        // Nothing tells the number from others, so that its groups must not be another one.
        (width > 0 || !holds_national_id(&written)).then_some(core)
    });
    fill(original, |c| c.is_ascii_digit(), &core)
}

/// Whether any of the groups of a number begin what may be a number of another kind.
fn holds_national_id(number: &str) -> bool {
    let begins = number.char_indices().zip(std::iter::once(None).chain(number.chars().map(Some)));
    let mut begins = begins.filter(|((_, c), before)| {
        c.is_ascii_digit() && before.is_none_or(|before| !before.is_ascii_digit())
    });
    begins.any(|((at, _), _)| number.get(at..).is_some_and(is_national_id))
}

/// A number in an area from 900 on, which is not issued, and in a group below 50, which taxpayer
/// numbers in those areas do not use.
pub(super) fn us_ssn(original: &str, scope: &mut Scope) -> String {
    let digits = ascii_digits(original);
    let core = scope.assign("us_ssn", &digits, |stream, width| {
        let group = stream.below(49).saturating_add(1);
        let area = stream.digits(2);
        Some(format!("9{area}{group:02}{}", stream.digits(more(4, width))))
    });
    fill(original, |c| c.is_ascii_digit(), &core)
}

/// Whether the digits of a social security number are those of our surrogates.
pub(super) fn is_us_ssn(digits: &str) -> bool {
    digits.starts_with('9') && digits.get(3..5).is_some_and(|group| group < "50")
}

/// An account number of the same country and form, with check digits that no number has.
pub(super) fn iban(original: &str, scope: &mut Scope) -> String {
    let compact: String = original.chars().filter(char::is_ascii_alphanumeric).collect();
    let compact = compact.to_ascii_uppercase();
    let core = scope.assign("iban", &compact, |stream, width| {
        let mut core = compact.get(..2).unwrap_or("XX").to_owned() + NO_CHECK;
        for character in compact.chars().skip(4) {
            core.push(if character.is_ascii_digit() {
                stream.digit()
            } else {
                stream.pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            });
        }
        Some(core + &stream.digits(more(0, width)))
    });
    fill(original, |c| c.is_ascii_alphanumeric(), &core)
}

/// Whether these are the check digits of our surrogates.
pub(crate) fn is_iban_check(digits: &str) -> bool {
    digits == NO_CHECK
}

pub(super) fn mac(original: &str, scope: &mut Scope) -> String {
    let digits: String = original.chars().filter(char::is_ascii_hexdigit).collect();
    let core = scope.assign("mac", &digits.to_ascii_lowercase(), |stream, width| {
        let rest = (0..more(6, width)).map(|_| stream.pick(b"0123456789abcdef"));
        Some(LOCAL_MAC.chars().chain(rest).collect())
    });
    let capitals = original.contains(|c: char| c.is_ascii_uppercase());
    let core = if capitals { core.to_ascii_uppercase() } else { core };
    fill(original, |c| c.is_ascii_hexdigit(), &core)
}

/// Whether the digits of a hardware address are in the range of our surrogates.
pub(crate) fn is_mac(digits: &str) -> bool {
    digits.to_ascii_lowercase().starts_with(LOCAL_MAC)
}
