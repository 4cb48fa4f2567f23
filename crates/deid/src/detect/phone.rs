//! Telephone numbers.

use super::number::{Gap, Group, Number};
use super::text::is_word;
use super::{Claim, Rule};
use crate::finding::FindingKind;
use crate::surrogate;

const INTERNATIONAL: Rule = Rule::new(FindingKind::Phone, 0.95, "phone-international");
const NORTH_AMERICA: Rule = Rule::new(FindingKind::Phone, 0.85, "phone-north-america");
const NATIONAL: Rule = Rule::new(FindingKind::Phone, 0.7, "phone-national");
const ANNOUNCED: Rule = Rule::new(FindingKind::Phone, 0.75, "phone-in-context");

/// The fewest digits of a number that is found at all: a local one of North America.
pub(super) const MIN_DIGITS: usize = 7;
/// The fewest digits after a plus sign.
const MIN_INTERNATIONAL: usize = 8;
/// The most digits of a number with its country code (ITU-T E.164, 6.1).
const MAX_INTERNATIONAL: usize = 15;
/// The most digits where groups follow each other: longer numbers are rare, and what follows a
/// number is often another one.
const MAX_GROUPED: usize = 13;
/// The most digits without a country code. Card numbers are longer.
const MAX_NATIONAL: usize = 12;

/// Country codes of two digits (ITU-T E.164, list of assigned codes). 1 and 7 stand alone.
const TWO_DIGIT_CODES: &[u16] = &[
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56,
    57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
];

/// What a shape found: how many groups it takes, and by which rule.
type Shape = Option<(usize, Rule)>;

/// A telephone number that begins with the first group, or with a plus sign or parenthesis before
/// it: with a country code, in the form of North America, in the common forms of other countries,
/// or as any group of digits that the words before call a number.
pub(super) fn find(number: &Number<'_>) -> Option<Claim> {
    let (start, plus) = lead(number);
    if !number.is_free_before(start) {
        return None;
    }
    let (count, rule) = if plus {
        international(number, 0)
    } else {
        north_america(number).or_else(|| {
            // In a row of groups these forms are not certain enough to begin in the middle.
            if number.follows_digits(start) {
                return None;
            }
            national(number)
                .or_else(|| international(number, 2))
                .or_else(|| announced(number, start))
        })
    }?;
    let end = with_extension(number, number.end(count));
    // `415-555-0134-office`
    let label = number.text.window(end, end.saturating_add(4));
    let labelled = matches!(label, [b'-', word @ ..] if word.len() == 3
        && word.iter().all(u8::is_ascii_alphabetic));
    if !labelled && !number.is_free_after(end) {
        return None;
    }
    if surrogate::is_phone(number.text.slice(start, end)) {
        return Some(Claim::Harmless(end));
    }
    Some(Claim::Found(rule.finds(start, end)))
}

/// Where the number really begins, and whether a plus sign stands there.
fn lead(number: &Number<'_>) -> (usize, bool) {
    let start = number.start();
    match (number.text.back(start, 2), number.text.back(start, 1)) {
        (b'(', b'+') => (start.saturating_sub(2), true),
        (_, b'+') => (start.saturating_sub(1), true),
        // A parenthesis that closes after the area code belongs to the number.
        (b'+', b'(') if closes(number) => (start.saturating_sub(2), true),
        (_, b'(') if closes(number) => (start.saturating_sub(1), false),
        _ => (start, false),
    }
}

/// Whether the first group is followed by a closing parenthesis and more of the number.
fn closes(number: &Number<'_>) -> bool {
    number.text.at(number.end(1)) == b')'
        && number.groups.get(1).is_some_and(|group| group.gap == Gap::Paren)
}

/// `prefix` digits (`00`), a country code and a national number.
fn international(number: &Number<'_>, prefix: usize) -> Shape {
    let first = number.groups.first()?;
    let head = number.text.slice(first.start, first.end);
    if prefix == 2 && !head.starts_with("00") {
        return None;
    }
    // `0044 0532 0130`: a dump of memory.
    if prefix == 2 && number.groups.len() > 2 && number.groups.iter().all(|g| g.width() == 4) {
        return None;
    }
    // The code may be a group of its own, so that its digits need not be in the first one.
    let all = number.digits(3);
    let digits = all.get(prefix..)?;
    if !surrogate::is_phone_code(digits) && country_code(digits).is_none() {
        return None;
    }
    let most = if number.groups.len() == 1 { MAX_INTERNATIONAL } else { MAX_GROUPED };
    let north_america = digits.starts_with('1');
    let (mut total, mut count) = (0_usize, 0_usize);
    for group in number.groups {
        let next = total.saturating_add(group.width());
        if group.gap == Gap::Slash || next > most.saturating_add(prefix) {
            break;
        }
        // `+44 7700 900123 2 people`
        let lone = group.gap == Gap::Space && group.width() == 1 && total >= MIN_INTERNATIONAL;
        let continues = number.groups.get(count.saturating_add(1)).is_some();
        if lone && !continues {
            break;
        }
        total = next;
        count = count.saturating_add(1);
        if north_america && total == prefix.saturating_add(11) {
            break;
        }
    }
    let significant = total.checked_sub(prefix)?;
    let enough = if north_america { significant == 11 } else { significant >= MIN_INTERNATIONAL };
    enough.then_some((count, INTERNATIONAL))
}

/// How many digits the country code has that `digits` begin with; `None` when no code is assigned
/// that they could begin with.
pub(crate) fn country_code(digits: &str) -> Option<usize> {
    let head = |length: usize| -> u16 {
        let head = digits.get(..length).unwrap_or_default();
        head.parse().unwrap_or(0)
    };
    if digits.starts_with(['1', '7']) {
        return Some(1);
    }
    if TWO_DIGIT_CODES.contains(&head(2)) {
        return Some(2);
    }
    matches!(
        head(3),
        211..=213 | 216 | 218 | 220..=258 | 260..=269 | 290 | 291 | 297..=299 | 350..=359
            | 370..=383 | 385..=387 | 389 | 420 | 421 | 423 | 500..=509 | 590..=599 | 670
            | 672..=683 | 685..=692 | 800 | 808 | 850 | 852 | 853 | 855 | 856 | 870 | 878 | 880..=883
            | 886 | 888 | 960..=968 | 970..=977 | 979 | 992..=996 | 998
    )
    .then_some(3)
}

/// `415-555-0134`, `(415) 555-0134`, `415.555.0134`, with `1` or `001` before it or not.
fn north_america(number: &Number<'_>) -> Shape {
    let first = number.groups.first()?;
    let head = number.text.slice(first.start, first.end);
    let prefixed = matches!(head, "1" | "001");
    let skipped = usize::from(prefixed);
    let local = number.after(skipped);
    let (count, whole) = if local.has_widths(&[3, 3, 4]) {
        (3, false)
    } else if local.has_widths(&[3, 7]) {
        (2, true)
    } else {
        return None;
    };
    let gaps: Vec<Gap> = local.groups.get(1..count)?.iter().map(|group| group.gap).collect();
    let odd = if gaps.contains(&Gap::Dot) {
        !local.is_joined_by(count, Gap::Dot)
    } else {
        whole && gaps.contains(&Gap::Slash)
    };
    // With spaces alone it is a number only when such an area and exchange can exist.
    let spaced = local.is_joined_by(count, Gap::Space);
    let possible = prefixed || (!whole && starts_high(&local));
    (!odd && (!spaced || possible)).then_some((skipped.saturating_add(count), NORTH_AMERICA))
}

/// Whether the first two groups begin with 2 to 9, as every area and exchange does.
fn starts_high(number: &Number<'_>) -> bool {
    let mut heads = number.groups.iter().take(2);
    heads.all(|group| matches!(number.text.at(group.start), b'2'..=b'9'))
}

/// The common national forms: a leading 0 and 9 to 11 digits in groups, or an area code in
/// parentheses.
fn national(number: &Number<'_>) -> Shape {
    let bracketed = closes(number) && number.text.back(number.start(), 1) == b'(';
    let trunk = number.text.at(number.start()) == b'0'
        && matches!(number.text.at(number.start().saturating_add(1)), b'1'..=b'9');
    let lengths = match (trunk, bracketed) {
        (true, true) => 8..=MAX_NATIONAL,
        (true, false) => 9..=11,
        (false, true) => 8..=11,
        (false, false) => return None,
    };
    let (most, _) = uniform_groups(number)?;
    // What follows a number may be another one, so that fewer groups are tried as well.
    (2..=most).rev().find_map(|count| {
        let groups = number.groups.get(..count)?;
        let total: usize = groups.iter().map(|group| group.width()).sum();
        let dashed = groups.iter().any(|group| group.gap == Gap::Dash);
        let plausible = lengths.contains(&total) && (trunk || dashed);
        (plausible && !has_date(groups) && !is_sequence(number, groups))
            .then_some((count, NATIONAL))
    })
}

/// Any groups of 7 to 12 digits where the words around speak of a telephone.
fn announced(number: &Number<'_>, start: usize) -> Shape {
    let (count, total) = match uniform_groups(number)? {
        (_, total) if total < MIN_DIGITS => mixed_groups(number),
        uniform => uniform,
    };
    let groups = number.groups.get(..count)?;
    let dotted = groups.iter().any(|group| group.gap == Gap::Dot && group.width() < 2);
    // 12000000 counts something.
    let digits = number.digits(count);
    let round = digits.trim_end_matches('0').len() < 4;
    // The shortest numbers of small networks are written in pairs.
    let pairs = number.has_widths(&[2, 2, 2]) && number.is_joined_by(3, Gap::Space);
    // In data the code of a country stands without a sign. Times in milliseconds begin with 1, and
    // numbers of North America are shorter.
    let coded = count == 1
        && (MAX_NATIONAL..=MAX_INTERNATIONAL).contains(&total)
        && !digits.starts_with('1')
        && country_code(&digits).is_some();
    let enough = (MIN_DIGITS..=MAX_NATIONAL).contains(&total) || (total == 6 && pairs) || coded;
    if dotted || round || !enough || has_date(groups) {
        return None;
    }
    let speaks = number.contexts.speaks_of_phone(number.text, start, number.end(count));
    speaks.then_some((count, ANNOUNCED))
}

/// How many groups follow each other with one separator, and their digits; the first separator may
/// differ, as it stands behind the area code.
fn uniform_groups(number: &Number<'_>) -> Option<(usize, usize)> {
    let inner = number.groups.get(2).map_or(Gap::Space, |group| group.gap);
    let mut total = number.groups.first()?.width();
    let mut count = 1_usize;
    for group in number.groups.get(1..)? {
        let next = total.saturating_add(group.width());
        if next > MAX_NATIONAL || (count >= 2 && group.gap != inner) {
            break;
        }
        total = next;
        count = count.saturating_add(1);
    }
    Some((count, total))
}

/// How many groups follow each other with any separators but slashes, and their digits.
fn mixed_groups(number: &Number<'_>) -> (usize, usize) {
    let groups = number.groups.iter().take_while(|group| group.gap != Gap::Slash);
    let totals = groups.scan(0, |total: &mut usize, group| {
        *total = total.saturating_add(group.width());
        Some(*total)
    });
    totals
        .take_while(|&total| total <= MAX_NATIONAL)
        .enumerate()
        .last()
        .map_or((0, 0), |(at, total)| (at.saturating_add(1), total))
}

/// Whether year, month and day, or day, month and year, follow each other anywhere.
fn has_date(groups: &[Group]) -> bool {
    groups.windows(3).any(|three| {
        let [first, second, third] = three else {
            return false;
        };
        let widths = (first.width(), second.width(), third.width());
        let joined = [second, third]
            .iter()
            .all(|group| matches!(group.gap, Gap::Dash | Gap::Dot | Gap::Slash));
        joined && matches!(widths, (4, 2, 2) | (1 | 2, 2, 4) | (2, 1, 4))
    })
}

/// `01 02 03 04 05`: counting, not dialling.
fn is_sequence(number: &Number<'_>, groups: &[Group]) -> bool {
    let values: Vec<u64> = groups
        .iter()
        .filter_map(|group| number.text.slice(group.start, group.end).parse().ok())
        .collect();
    let mut steps =
        values.iter().zip(values.iter().skip(1)).map(|(one, next)| next.checked_sub(*one));
    let first = steps.next().flatten();
    values.len() > 2 && first.is_some() && steps.all(|step| step == first)
}

/// The end of the number with the extension that follows `end`: `x12`, `ext. 12`, `#12`.
fn with_extension(number: &Number<'_>, end: usize) -> usize {
    const MARKS: &[&str] = &["extension", "ext.", "ext", "x", "#"];
    let text = number.text;
    let skip_space = |at: usize| at.saturating_add(usize::from(text.at(at) == b' '));
    let mark_start = skip_space(end);
    let Some(mark) = MARKS.iter().find(|mark| text.starts_with(mark_start, mark)) else {
        return end;
    };
    let digits = skip_space(mark_start.saturating_add(mark.len()));
    let extension = text.run(digits, 7, |byte| byte.is_ascii_digit());
    let width = extension.saturating_sub(digits);
    if (1..=6).contains(&width) && !is_word(text.at(extension)) { extension } else { end }
}

#[cfg(test)]
mod tests;
