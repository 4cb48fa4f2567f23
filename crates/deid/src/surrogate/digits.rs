//! Surrogates that keep the places of digits: telephone, card and account numbers, social security
//! numbers, hardware addresses.

use crate::detect::luhn_check_digit;
use crate::scope::{Scope, Stream};

/// A country code that is not assigned (ITU-T E.164 reserves 999).
const NO_COUNTRY: &str = "999";
/// The same behind the prefix of international calls, for numbers without a country code.
const NOWHERE: &str = "00999";
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

fn ascii_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// `width` as a number of more characters.
pub(super) fn more(length: usize, width: u32) -> usize {
    length.saturating_add(usize::try_from(width).unwrap_or(0))
}

/// What the digits of a telephone number mean.
struct Phone<'t> {
    /// The number, up to its extension.
    main: &'t str,
    /// The extension with what announces it.
    extension: &'t str,
    /// The digits that are kept: `1`, `001`, `00`.
    kept: String,
    /// The digits that are replaced.
    significant: String,
    plan: Plan,
}

/// How a number is dialled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plan {
    /// Ten digits of North America.
    NorthAmerica,
    /// A country code and the number in that country.
    International,
    /// A number of a country that is not said.
    National,
    /// The same without a leading 0.
    Bare,
}

/// The trunk prefix that international numbers carry for callers at home, and which is not dialled
/// with the country code.
const TRUNK: &str = "(0)";
/// Stands for the trunk prefix while digits are filled in.
const TRUNK_MARK: &str = "(\u{0})";

impl<'t> Phone<'t> {
    fn read(text: &'t str) -> Self {
        let starts_extension = |c: char| c.is_ascii_alphabetic() || c == '#';
        let (main, extension) = text
            .find(starts_extension)
            .and_then(|at| text.split_at_checked(at))
            .unwrap_or((text, ""));
        let plus = main.contains('+');
        let all = ascii_digits(&main.replacen(TRUNK, "", usize::from(plus)));
        let (kept, plan) = match (plus, all.len()) {
            (_, 11) if all.starts_with('1') => (1, Plan::NorthAmerica),
            (true, _) => (0, Plan::International),
            (false, 13) if all.starts_with("001") => (3, Plan::NorthAmerica),
            (false, 10) if !all.starts_with('0') => (0, Plan::NorthAmerica),
            (false, 10..) if all.starts_with("00") => (2, Plan::International),
            (false, _) if !all.starts_with('0') => (0, Plan::Bare),
            (false, _) => (0, Plan::National),
        };
        let (kept, significant) = all.split_at_checked(kept).unwrap_or(("", &all));
        Self { main, extension, kept: kept.to_owned(), significant: significant.to_owned(), plan }
    }
}

impl Plan {
    /// A number of this plan that nobody has.
    fn draw(self, stream: &mut Stream, width: u32, length: usize) -> String {
        match (self, width) {
            // An area code with 9 in the middle, reserved for a longer numbering plan, and the
            // line numbers that the plan's administrator keeps for fiction.
            (Self::NorthAmerica, 0) => format!("{}55501{}", no_area(stream), stream.digits(2)),
            (Self::NorthAmerica, _) => {
                let line = stream.digits(more(3, width));
                format!("{}555{line}", no_area(stream))
            }
            (Self::International, _) => {
                let rest = length.saturating_sub(NO_COUNTRY.len());
                format!("{NO_COUNTRY}{}", stream.digits(more(rest, width)))
            }
            // A bare number that begins with no 0 may be a number of JSON, where none may.
            (Self::Bare, _) => {
                let rest = length.saturating_sub(NO_COUNTRY.len());
                format!("{NO_COUNTRY}{}", stream.digits(more(rest, width)))
            }
            (Self::National, _) => {
                let rest = length.saturating_sub(NOWHERE.len());
                format!("{NOWHERE}{}", stream.digits(more(rest, width)))
            }
        }
    }
}

fn no_area(stream: &mut Stream) -> String {
    format!("{}9{}", stream.pick(b"23456789"), stream.digit())
}

pub(super) fn phone(original: &str, scope: &mut Scope) -> String {
    let phone = Phone::read(original);
    let domain = match phone.plan {
        Plan::NorthAmerica => "phone-north-america",
        Plan::International => "phone-international",
        Plan::Bare => "phone-bare",
        Plan::National => "phone-national",
    };
    let core = scope.assign(domain, &phone.significant, |stream, width| {
        Some(phone.plan.draw(stream, width, phone.significant.len()))
    });
    let plus = phone.main.contains('+');
    let shape = phone.main.replacen(TRUNK, TRUNK_MARK, usize::from(plus));
    let number = fill(&shape, |c| c.is_ascii_digit(), &(phone.kept + &core));
    number.replacen(TRUNK_MARK, TRUNK, 1) + &extension(phone.extension, scope)
}

/// The digits that tell a number from others: without separators and what is dialled before them.
pub(super) fn phone_identity(original: &str) -> String {
    let phone = Phone::read(original);
    let plan = match phone.plan {
        Plan::NorthAmerica => '1',
        Plan::International => '+',
        Plan::Bare => 'b',
        Plan::National => '0',
    };
    format!("{plan}{}x{}", phone.significant, ascii_digits(phone.extension))
}

/// Another extension of the same length.
fn extension(original: &str, scope: &mut Scope) -> String {
    let digits = ascii_digits(original);
    if digits.is_empty() {
        return original.to_owned();
    }
    let core = scope.assign("phone-extension", &digits, |stream, width| {
        Some(stream.digits(more(digits.len(), width)))
    });
    fill(original, |c| c.is_ascii_digit(), &core)
}

/// Whether a telephone number is one of ours: with the area code, exchange or country code that
/// they have, which no number has.
pub(crate) fn is_phone(text: &str) -> bool {
    let phone = Phone::read(text);
    match phone.plan {
        Plan::NorthAmerica => {
            let head = phone.significant.as_bytes().get(..6);
            matches!(head, Some([b'2'..=b'9', b'9', _, b'5', b'5', b'5']))
        }
        Plan::International => is_phone_code(&phone.significant),
        Plan::Bare => is_phone_code(&phone.significant),
        Plan::National => phone.significant.starts_with(NOWHERE),
    }
}

/// Whether digits begin with the country code of our surrogates.
pub(crate) fn is_phone_code(digits: &str) -> bool {
    digits.starts_with(NO_COUNTRY)
}

/// A card number of the same length and first digit whose check digit is wrong.
pub(super) fn card(original: &str, scope: &mut Scope) -> String {
    let digits = ascii_digits(original);
    let core = scope.assign("card", &digits, |stream, width| {
        let free = more(digits.len().saturating_sub(2), width);
        let head = format!("{}{}", digits.get(..1).unwrap_or("0"), stream.digits(free));
        let right = luhn_check_digit(&head);
        let wrong = right.saturating_add(1).saturating_add(stream.below(9)) % 10;
        Some(format!("{head}{wrong}"))
    });
    fill(original, |c| c.is_ascii_digit(), &core)
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
