//! Ranges of telephone numbers that no subscriber has.
//!
//! Numbers that regulators keep for films and books would do as well, but people use them in texts,
//! so that they could not be told from what was there before. So these are ranges that the
//! numbering plans leave unassigned: those that their regulators sent to the ITU (national
//! numbering plans, ITU-T E.129), as the number ranges of libphonenumber 9.0 have them too.

use super::more;
use crate::scope::Stream;

/// How the numbers of a range begin: digits stand for themselves, `x` for any digit, `n` for 2 to 9,
/// `b` for 0 or 1.
type Head = &'static str;

/// How numbers begin in any other country: with the prefix of international calls, which no
/// subscriber's number begins with (ITU-T E.164, 7.3), and one zero more, which tells them from
/// numbers to which their writer added that prefix.
const ANYWHERE: Head = "000";

/// The numbers that stand for those of one country which begin in one of some ways.
pub(super) struct Range {
    code: &'static str,
    /// How the numbers begin that it stands for; empty for all.
    begins: &'static [&'static str],
    /// How many digits they have at least and at most.
    lengths: (usize, usize),
    head: Head,
    /// The head of a wider range, for when this one is used up.
    wide: Head,
}

const fn range(
    code: &'static str,
    begins: &'static [&'static str],
    lengths: (usize, usize),
    head: Head,
) -> Range {
    Range { code, begins, lengths, head, wide: ANYWHERE }
}

/// The first that fits stands for a number.
const RANGES: &[Range] = &[
    // An area code with 9 in the middle, reserved for a longer numbering plan, and the line numbers
    // 555-0100 to 555-0199 that the plan's administrator keeps for fiction.
    Range { code: "1", begins: &[], lengths: (10, 10), head: "n9x55501", wide: "n9x555" },
    // France: no block begins with 40, and 639 is left between the mobile networks.
    range("33", &["1", "2", "3", "4", "5"], (9, 9), "400"),
    range("33", &["6", "7"], (9, 9), "63909"),
    // Spain: the plan gives nothing to 79 among mobile numbers and to 99 among those of places.
    range("34", &["6", "7"], (9, 9), "79"),
    range("34", &["8", "9"], (9, 9), "99"),
    // Italy: no mobile network has 30. What follows is no area code and exchange of North America.
    range("39", &["3"], (9, 10), "30xb"),
    // Great Britain: areas, services and pagers that are not given out.
    range("44", &["1"], (10, 10), "1201"),
    range("44", &["2"], (10, 10), "200"),
    range("44", &["3"], (10, 10), "390"),
    range("44", &["7"], (10, 10), "7610"),
    range("44", &["8"], (10, 10), "849"),
    range("44", &["9"], (10, 10), "940"),
    // Germany: 165 is in reserve, no number in an area begins with 0, and no area has 270.
    range("49", &["15", "16", "17"], (10, 11), "1657"),
    range("49", &["30"], (6, 11), "300"),
    range("49", &["69"], (6, 11), "690"),
    range("49", &["89"], (6, 11), "890"),
    range("49", &[], (6, 11), "270"),
    // Netherlands: the plan gives nothing to 60, and no area has 190.
    range("31", &["6"], (9, 9), "600"),
    range("31", &[], (9, 9), "190"),
    // Brazil: no area has 20. Mobile numbers have a 9 behind the area, others 2 to 5.
    range("55", &[], (11, 11), "209"),
    range("55", &[], (10, 10), "203"),
    // China: no network has 154. What follows is no exchange of North America.
    range("86", &["1"], (11, 11), "154xb"),
    // India: every beginning of mobile numbers is given out, and no area has 500. Many write 555 in
    // examples. What follows is no exchange of North America.
    range("91", &[], (10, 10), "500b"),
    // Tajikistan and Uruguay have numbers that begin with zeros. None begins with these.
    Range { code: "992", begins: &[], lengths: (0, usize::MAX), head: "13", wide: "13" },
    Range { code: "598", begins: &[], lengths: (0, usize::MAX), head: "3", wide: "3" },
];

/// Stands for all other numbers.
const OTHER: Range = range("", &[], (0, usize::MAX), ANYWHERE);

impl Range {
    /// The range that stands for the national number `number` of the country with `code`.
    pub(super) fn of(code: &str, number: &str) -> &'static Self {
        let fits = |range: &&Self| {
            let (least, most) = range.lengths;
            let begins = range.begins.iter().any(|begins| number.starts_with(begins));
            range.code == code
                && (least..=most).contains(&number.len())
                && (begins || range.begins.is_empty())
        };
        RANGES.iter().find(fits).unwrap_or(&OTHER)
    }

    /// A number of the range. What the range has is tried first, then as much as the wider one has
    /// in `length` digits, then more of them.
    pub(super) fn draw(&self, stream: &mut Stream, width: u32, length: usize) -> String {
        let head = if width == 0 { self.head } else { self.wide };
        let mut number: String = head
            .chars()
            .map(|place| match place {
                'x' => stream.digit(),
                'n' => stream.pick(b"23456789"),
                'b' => stream.pick(b"01"),
                digit => digit,
            })
            .collect();
        let rest = length.saturating_sub(number.len());
        number.push_str(&stream.digits(more(rest, width.saturating_sub(1))));
        number
    }

    /// Whether a number is in the range or in the wider one.
    pub(super) fn holds(&self, number: &str) -> bool {
        begins_with(number, self.head) || begins_with(number, self.wide)
    }
}

fn begins_with(number: &str, head: Head) -> bool {
    number.len() >= head.len()
        && number.chars().zip(head.chars()).all(|(digit, place)| match place {
            'x' => true,
            'n' => ('2'..='9').contains(&digit),
            'b' => matches!(digit, '0' | '1'),
            exact => digit == exact,
        })
}
