//! Surrogates of dates of birth and of ages.
//!
//! Any date and any age is somebody's, so that these surrogates cannot be told from what they
//! replace: a second pass replaces them once more.

use super::digits::fill;
use super::words;
use crate::scope::{Scope, Stream};

/// The most years between a date and its surrogate, at first.
const YEARS: u32 = 3;
/// The most years between an age and its surrogate, at first.
const AGES: u32 = 4;

/// A date written in the same way, in a year close by. The name of a month stays.
pub(super) fn date(original: &str, scope: &mut Scope) -> String {
    if !original.contains(|c: char| c.is_ascii_digit()) {
        return words::handle(original, scope);
    }
    scope.assign("date_of_birth", original, |stream, width| {
        let groups: Vec<&str> = original
            .split(|c: char| !c.is_ascii_digit())
            .filter(|group| !group.is_empty())
            .collect();
        let years = YEARS.saturating_add(width);
        let last = groups.len().saturating_sub(1);
        let first_is_year = groups.first().is_some_and(|group| group.len() == 4);
        let drawn = groups.iter().enumerate().map(|(place, group)| {
            match (group.len(), place == last && !first_is_year && last > 0) {
                (8, _) => compact(group, years, stream),
                (4, _) | (2, true) => year(group, years, stream),
                _ => day_or_month(group, width, stream),
            }
        });
        let drawn: String = drawn.collect();
        Some(fill(original, |c| c.is_ascii_digit(), &drawn))
    })
}

/// Eight digits of which four are the year.
fn compact(digits: &str, years: u32, stream: &mut Stream) -> String {
    let begins = matches!(digits.get(..2), Some("19" | "20"));
    let at = if begins { 4 } else { 2 };
    let (a, rest) = digits.split_at_checked(at).unwrap_or((digits, ""));
    let (b, c) = rest.split_at_checked(2).unwrap_or((rest, ""));
    [a, b, c]
        .map(|part| match part.len() {
            4 => year(part, years, stream),
            _ => day_or_month(part, 0, stream),
        })
        .concat()
}

/// A year at most `years` away, of as many digits.
fn year(digits: &str, years: u32, stream: &mut Stream) -> String {
    let value: u32 = digits.parse().unwrap_or(0);
    let moved = value.saturating_add(stream.below(years.saturating_mul(2).saturating_add(1)));
    let moved = moved.saturating_sub(years);
    if digits.len() == 2 { format!("{:02}", moved % 100) } else { format!("{moved:04}") }
}

/// A day where the number is more than twelve, else a number that is a month and a day. `width`
/// makes room where the shorter ones run out.
fn day_or_month(digits: &str, width: u32, stream: &mut Stream) -> String {
    let value: u32 = digits.parse().unwrap_or(0);
    let most = match digits.len() {
        1 => 9,
        _ if value > 12 => 28,
        _ => 12,
    };
    let drawn = stream.below(most).saturating_add(1);
    let longer =
        stream.digits(if digits.len() > 2 { usize::try_from(width).unwrap_or(0) } else { 0 });
    format!("{drawn:0length$}{longer}", length = digits.len())
}

/// An age a few years away.
pub(super) fn age(original: &str, scope: &mut Scope) -> String {
    let Ok(value) = original.parse::<u32>() else {
        return words::handle(original, scope);
    };
    scope.assign("age", original, |stream, width| {
        let most = AGES.saturating_add(width.saturating_mul(AGES));
        let low = value.saturating_sub(most).max(1);
        let high = value.saturating_add(most);
        let drawn = low.saturating_add(stream.below(high.saturating_sub(low).saturating_add(1)));
        // A child stays a child, and an adult one.
        let same = width > 0 || (drawn < 18) == (value < 18);
        same.then(|| drawn.to_string())
    })
}
