//! Surrogates of telephone numbers.
//!
//! A surrogate has the separators, the length, the country code and the trunk prefix of the number,
//! so that it reads as a number of the same plan; behind them it begins as no subscriber's number
//! does. The [`range`]s say how, country by country.

mod home;
mod range;

use super::digits::{ascii_digits, fill, more};
use crate::detect::{country_code, is_sure_national_id};
use crate::scope::{Scope, Stream};
use home::Home;
use range::Range;

/// A country code that is not assigned (ITU-T E.164 reserves 999).
const NO_COUNTRY: &str = "999";
/// The same for eleven digits: with a 9 in third place they are a mobile number of Brazil. ITU-T
/// E.164 has 990 spare too, and no month is 00, so that no date of birth begins a number so.
const NO_COUNTRY_OF_ELEVEN: &str = "9900";
/// The same behind the prefix of international calls, for numbers without a country code.
const NOWHERE: &str = "00999";
/// The prefix of international calls in most countries (ITU-T E.164, 7.1).
const ABROAD: &str = "00";
/// The prefix of national calls in the countries that have one.
const TRUNK: char = '0';
/// The trunk prefix that international numbers carry for callers at home, and which is not dialled
/// with the country code.
const SHOWN_TRUNK: &str = "(0)";
/// Stands for the shown trunk prefix while digits are filled in.
const TRUNK_MARK: &str = "(\u{0})";

/// What the digits of a telephone number mean.
struct Phone<'t> {
    /// The number, up to its extension.
    main: &'t str,
    /// The extension with what announces it.
    extension: &'t str,
    /// The digits that are kept: `1`, `0033`, `0`.
    kept: String,
    /// The digits that are replaced.
    significant: String,
    plan: Plan,
}

/// How a number is dialled.
#[derive(Clone, PartialEq, Eq)]
enum Plan {
    /// A number of the country with this code, which may be written or not.
    Of(String),
    /// A number with a country code that is not assigned.
    International,
    /// A number of a country that is not said.
    National,
    /// The same without a leading 0.
    Bare,
}

impl<'t> Phone<'t> {
    fn read(text: &'t str) -> Self {
        let starts_extension = |c: char| c.is_ascii_alphabetic() || c == '#';
        let (main, extension) = text
            .find(starts_extension)
            .and_then(|at| text.split_at_checked(at))
            .unwrap_or((text, ""));
        let plus = main.contains('+');
        let all = ascii_digits(&main.replacen(SHOWN_TRUNK, "", usize::from(plus)));
        let prefix = match (plus, all.len()) {
            (true, _) => Some(0),
            (false, 10..) if all.starts_with(ABROAD) => Some(ABROAD.len()),
            _ => None,
        };
        let (kept, plan) = match prefix {
            Some(prefix) => abroad(&all, prefix),
            None => at_home(main, &all),
        };
        let (kept, significant) = all.split_at_checked(kept).unwrap_or(("", &all));
        Self { main, extension, kept: kept.to_owned(), significant: significant.to_owned(), plan }
    }

    /// What tells the number from others, however it is dialled.
    fn identity(&self) -> String {
        match &self.plan {
            Plan::Of(code) => format!("{code}{}", self.significant),
            _ => self.significant.clone(),
        }
    }

    /// What was drawn in the place of this number, in its form.
    fn written(&self, drawn: &str) -> String {
        let core = match &self.plan {
            Plan::Of(code) => drawn.strip_prefix(code.as_str()).unwrap_or(drawn),
            _ => drawn,
        };
        let plus = self.main.contains('+');
        let shape = self.main.replacen(SHOWN_TRUNK, TRUNK_MARK, usize::from(plus));
        let number = fill(&shape, |c| c.is_ascii_digit(), &format!("{}{core}", self.kept));
        number.replacen(TRUNK_MARK, SHOWN_TRUNK, 1)
    }

    /// Whether it begins as our surrogates do.
    fn is_ours(&self) -> bool {
        match &self.plan {
            Plan::Of(code) => Range::of(code, &self.significant).holds(&self.significant),
            // A trunk prefix and the head of a number that is dialled nowhere.
            Plan::International => {
                is_phone_code(&self.significant) || self.significant.starts_with(ABROAD)
            }
            Plan::Bare => self.significant.starts_with(bare_head(self.significant.len())),
            Plan::National => self.significant.starts_with(NOWHERE),
        }
    }
}

/// How a number is read that stands behind `prefix` digits with its country code, and how many of
/// its digits are kept.
fn abroad(all: &str, prefix: usize) -> (usize, Plan) {
    let digits = all.get(prefix..).unwrap_or_default();
    let Some((code, number)) = country_code(digits).and_then(|at| digits.split_at_checked(at))
    else {
        return (prefix, Plan::International);
    };
    // `+49 0171 …`: the trunk prefix is written as well.
    let trunk = number.strip_prefix(TRUNK).is_some_and(|rest| !rest.starts_with(TRUNK));
    let trunk = trunk && Home::has_trunk(code);
    let kept = prefix.saturating_add(code.len()).saturating_add(usize::from(trunk));
    (kept, Plan::Of(code.to_owned()))
}

/// The same for a number without a country code.
fn at_home(main: &str, all: &str) -> (usize, Plan) {
    match Home::read(main, all) {
        Some(home) => (home.kept, Plan::Of(home.code.to_owned())),
        // A number that begins with no 0 may be a number of JSON, where none may.
        None if !all.starts_with(TRUNK) => (0, Plan::Bare),
        None => (0, Plan::National),
    }
}

impl Plan {
    /// A number of this plan and of as many digits as `original` has that nobody has.
    fn draw(&self, stream: &mut Stream, width: u32, original: &str) -> String {
        let length = original.len();
        let behind = |head: &str, stream: &mut Stream| {
            let rest = length.saturating_sub(head.len());
            format!("{head}{}", stream.digits(more(rest, width)))
        };
        match self {
            Self::Of(code) => {
                let number = Range::of(code, original).draw(stream, width, length);
                format!("{code}{number}")
            }
            Self::International => behind(NO_COUNTRY, stream),
            Self::Bare => behind(bare_head(more(length, width)), stream),
            Self::National => behind(NOWHERE, stream),
        }
    }
}

/// How our surrogates of so many digits begin that have neither a country code nor a leading 0.
const fn bare_head(length: usize) -> &'static str {
    if length == 11 { NO_COUNTRY_OF_ELEVEN } else { NO_COUNTRY }
}

/// A number of the same plan and form.
pub(super) fn phone(original: &str, scope: &mut Scope) -> String {
    let phone = Phone::read(original);
    let domain = match phone.plan {
        Plan::Of(_) | Plan::International => "phone-international",
        Plan::Bare => "phone-bare",
        Plan::National => "phone-national",
    };
    let drawn = scope.assign(domain, &phone.identity(), |stream, width| {
        let drawn = phone.plan.draw(stream, width, &phone.significant);
        // What would be read otherwise is drawn again, while there is enough to draw.
        let written = phone.written(&drawn);
        (width > 0 || (is_phone(&written) && !is_sure_national_id(&written))).then_some(drawn)
    });
    phone.written(&drawn) + &extension(phone.extension, scope)
}

/// The digits that tell a number from others: without separators and what is dialled before them.
pub(super) fn identity(original: &str) -> String {
    let phone = Phone::read(original);
    let plan = match phone.plan {
        Plan::Of(_) | Plan::International => '+',
        Plan::Bare => 'b',
        Plan::National => '0',
    };
    format!("{plan}{}x{}", phone.identity(), ascii_digits(phone.extension))
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

/// Whether a telephone number is one of ours: in a range that holds no subscriber, which theirs
/// are in.
pub(crate) fn is_phone(text: &str) -> bool {
    Phone::read(text).is_ours()
}

/// Whether digits begin with the country code of our surrogates of numbers without one.
pub(crate) fn is_phone_code(digits: &str) -> bool {
    digits.starts_with(NO_COUNTRY)
}
