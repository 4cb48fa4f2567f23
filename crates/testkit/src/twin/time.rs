//! RFC 3339 to milliseconds, the slow way: by counting years, months and days one by one.

/// Milliseconds since 1970-01-01T00:00:00Z of an RFC 3339 time; digits beyond milliseconds are
/// cut. `None` when the text is anything else.
///
/// # Example
///
/// ```
/// use consentry_testkit::twin::instant;
/// assert_eq!(instant("1970-01-02T01:00:00.0019+01:00"), Some(86_400_001));
/// assert_eq!(instant("1970-01-02"), None);
/// ```
#[must_use]
pub fn instant(text: &str) -> Option<i64> {
    // 1970-01-02T03:04:05 and what follows.
    let (date_time, rest) = text.split_at_checked(19)?;
    let (date, clock) = date_time.split_at_checked(10)?;
    let clock = clock.strip_prefix(['T', 't'])?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let (millis, offset) = fraction(rest)?;
    let east = minutes_east(offset)?;

    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let minutes = days_since_1970(year, month, day) * 24 * 60 + hour * 60 + minute - east;
    if second == 60 && minutes.rem_euclid(24 * 60) != 23 * 60 + 59 {
        // A leap second ends a day in UTC.
        return None;
    }
    Some((minutes * 60 + second) * 1000 + millis)
}

/// Three numbers of fixed widths between two separators.
fn numbers(text: &str, separator: char, widths: [usize; 3]) -> Option<[i64; 3]> {
    let mut fields = text.split(separator);
    let mut read = |width| {
        let field = fields.next()?;
        if field.len() == width { number(field) } else { None }
    };
    let [first, second, third] = widths;
    let found = [read(first)?, read(second)?, read(third)?];
    if fields.next().is_none() { Some(found) } else { None }
}

fn number(digits: &str) -> Option<i64> {
    if digits.chars().all(|digit| digit.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// The milliseconds of an optional `.123456`, and what follows it.
fn fraction(rest: &str) -> Option<(i64, &str)> {
    let Some(rest) = rest.strip_prefix('.') else {
        return Some((0, rest));
    };
    let offset = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = rest.strip_suffix(offset)?;
    if digits.is_empty() {
        return None;
    }
    let three: String = digits.chars().chain("00".chars()).take(3).collect();
    Some((number(&three)?, offset))
}

/// `Z`, or hours and minutes east (`+`) or west (`-`) of UTC.
fn minutes_east(offset: &str) -> Option<i64> {
    if offset == "Z" || offset == "z" {
        return Some(0);
    }
    let (sign, clock) = if let Some(clock) = offset.strip_prefix('+') {
        (1, clock)
    } else {
        (-1, offset.strip_prefix('-')?)
    };
    let (hours, minutes) = clock.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    Some(sign * (hours * 60 + minutes))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let days_in_year = |year| if is_leap(year) { 366 } else { 365 };
    let mut days = 0;
    for y in 1970..year {
        days += days_in_year(y);
    }
    for y in year..1970 {
        days -= days_in_year(y);
    }
    for m in 1..month {
        days += days_in_month(year, m);
    }
    days + day - 1
}
