//! Whose number it is that is written without a country code.
//!
//! Countries are told by how many digits there are, by the first of them, and by their groups.
//! Where two countries write alike, the one with more telephones counts. A surrogate is read as the
//! number is, so that the choice harms nothing but what the surrogate looks like.

/// The country of a number.
pub(super) struct Home {
    pub(super) code: &'static str,
    /// How many digits of the trunk prefix stand before the number.
    pub(super) kept: usize,
}

impl Home {
    /// The country of the number `main`, whose digits are `all` and do not begin with `00`; `None`
    /// when many countries have such numbers.
    pub(super) fn read(main: &str, all: &str) -> Option<Self> {
        let groups = main.split(|c: char| !c.is_ascii_digit()).map(str::len);
        let groups: Vec<usize> = groups.filter(|&width| width > 0).collect();
        let (code, kept) = if all.starts_with('0') {
            (behind_trunk(main, all, &groups)?, 1)
        } else {
            match all.len() {
                9 => (spain(all, &groups)?, 0),
                10 => (of_ten(all, &groups), 0),
                11 => of_eleven(all, &groups)?,
                _ => return None,
            }
        };
        Some(Self { code, kept })
    }

    /// Whether the country with `code` has the trunk prefix 0, and numbers that may be read with it.
    pub(super) fn has_trunk(code: &str) -> bool {
        matches!(code, "31" | "33" | "44" | "49" | "91")
    }
}

fn digit(all: &str, place: usize) -> u8 {
    all.as_bytes().get(place).copied().unwrap_or(0)
}

/// Whether an area code and an exchange of North America begin at these places: neither begins
/// with 0 or 1.
fn is_north_american(all: &str, area: usize) -> bool {
    [area, area.saturating_add(3)].iter().all(|&place| matches!(digit(all, place), b'2'..=b'9'))
}

/// `612 34 56 78`: other countries write nine digits by threes.
fn spain(all: &str, groups: &[usize]) -> Option<&'static str> {
    (groups == [3, 2, 2, 2] && matches!(digit(all, 0), b'6'..=b'9')).then_some("34")
}

fn of_ten(all: &str, groups: &[usize]) -> &'static str {
    match groups {
        // `(11) 3123-4567`
        [2, 4, 4] | [2, 8] if matches!(digit(all, 2), b'2'..=b'5') => "55",
        // `98765 43210`
        [5, 5] => "91",
        // `347 1234567`
        [3, 7] if all.starts_with('3') => "39",
        [10] if !is_north_american(all, 0) => match digit(all, 0) {
            b'3' => "39",
            b'5'..=b'9' => "91",
            _ => "1",
        },
        _ => "1",
    }
}

fn of_eleven(all: &str, groups: &[usize]) -> Option<(&'static str, usize)> {
    let brazil = digit(all, 2) == b'9';
    match groups {
        // `(11) 91234-5678`
        [2, 5, 4] | [2, 9] if brazil => Some(("55", 0)),
        // `138 1234 5678`
        [11] | [3, 4, 4] | [3, 8] if is_chinese(all) => Some(("86", 0)),
        [11] if brazil && !(all.starts_with('1') && is_north_american(all, 1)) => Some(("55", 0)),
        _ => all.starts_with('1').then_some(("1", 1)),
    }
}

/// Whether a mobile network of China has numbers that begin so, or we have.
fn is_chinese(all: &str) -> bool {
    let ours = all.starts_with("154") && matches!(digit(all, 4), b'0' | b'1');
    let theirs = digit(all, 0) == b'1'
        && match digit(all, 1) {
            b'3' | b'8' => true,
            b'4' => matches!(digit(all, 2), b'5'..=b'9'),
            b'5' | b'9' => digit(all, 2) != b'4',
            b'6' => matches!(digit(all, 2), b'2' | b'5'..=b'7'),
            b'7' => digit(all, 2) <= b'8',
            _ => false,
        };
    ours || theirs
}

fn behind_trunk(main: &str, all: &str, groups: &[usize]) -> Option<&'static str> {
    let second = digit(all, 1);
    let first = groups.first().copied().unwrap_or(0);
    let whole = groups.len() == 1;
    match (all.len(), groups) {
        // `06 12 34 56 78`
        (10, [2, 2, 2, 2, 2]) if matches!(second, b'1'..=b'7') => Some("33"),
        // `06 12345678`
        (10, [2, 8] | [2, 4, 4]) if second == b'6' => Some("31"),
        // `020-1234567`
        (10, [3, 7] | [4, 6]) if main.contains('-') => Some("31"),
        // `0171 1234567`
        (11, _) if is_german_mobile(all) && (first == 4 || whole) => Some("49"),
        (12, _) if is_german_mobile(all) && (matches!(first, 4 | 5) || whole) => Some("49"),
        // `030 1234567`: the areas of three digits. That of Hamburg is written like mobile numbers in
        // Finland are.
        (9..=11, [3, _]) if is_german_city(all) => Some("49"),
        // `098765 43210`
        (11, [6, 5]) if matches!(second, b'5'..=b'9') => Some("91"),
        (11, [11] | [5, 6] | [5, 3, 3] | [4, 3, 4]) if second == b'7' => Some("44"),
        (11, [11] | [5, 6] | [5, 3, 3] | [4, 3, 4] | [4, 7]) if second == b'1' => Some("44"),
        (11, [4, 3, 4]) if matches!(second, b'3' | b'8' | b'9') => Some("44"),
        // `020 7123 4567`
        (11, [3, 4, 4] | [3, 8]) if matches!(digit(all, 2), b'0' | b'3' | b'4' | b'8' | b'9') => {
            (second == b'2').then_some("44")
        }
        _ => None,
    }
}

fn is_german_city(all: &str) -> bool {
    ["030", "069", "089"].iter().any(|city| all.starts_with(city))
}

/// Whether a number with its trunk prefix begins as those of mobile networks in Germany do, and
/// has their length.
fn is_german_mobile(all: &str) -> bool {
    let longer = all.len() == 12 && all.starts_with("015");
    // The last one is ours.
    longer || ["0160", "0162", "0163", "017", "01657"].iter().any(|head| all.starts_with(head))
}
