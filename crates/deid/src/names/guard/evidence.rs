//! What a name in code needs: a program is full of capitals, and few of them are names.

use super::super::lists::{COMMON, COUNTRY, FAMILY, GIVEN, Lists, PLACE, hash};
use super::terms::is_of_computing;
use super::words::{CODE, PARTICLES, TERMS};
use crate::FindingKind;

/// The longest name of a person, in words.
const WORDS_MAX: usize = 6;
/// How many bytes before and after a name are looked at for what announces it.
const BESIDE: usize = 48;
/// The fewest words of a comment or a string that reads as prose.
const PROSE_MIN: usize = 4;
/// What announces who wrote, changed or holds something, in comments, histories and lists.
const ANNOUNCING: &[&str] = &[
    "author",
    "authors",
    "author's",
    "authored",
    "by",
    "copyright",
    "(c)",
    "©",
    "maintainer",
    "maintainers",
    "contributor",
    "contributors",
    "reviewer",
    "committer",
    "thanks to",
    "credits",
    "signed-off-by",
    "co-authored-by",
    "reviewed-by",
    "reported-by",
    "acked-by",
    "tested-by",
    "suggested-by",
    "written by",
    "due to",
    "todo(",
    "fixme(",
];
/// Languages and tools that have the names of persons.
const TOOLS: &[&str] = &[
    "ada",
    "angular",
    "cassandra",
    "crystal",
    "django",
    "elm",
    "flask",
    "gradle",
    "jade",
    "jasmine",
    "jenkins",
    "julia",
    "kafka",
    "mac",
    "maven",
    "pascal",
    "perl",
    "rich",
    "ruby",
    "sass",
    "scala",
    "sun",
    "swift",
    "tokio",
    "travis",
    "vite",
    "zig",
];
/// Firms that have the names of persons, and those that are often named together with them.
const FIRMS: &[&str] = &[
    "adidas",
    "adobe",
    "airbus",
    "amazon",
    "apple",
    "audi",
    "bayer",
    "bentley",
    "bmw",
    "boeing",
    "bosch",
    "cadillac",
    "chrysler",
    "cisco",
    "citroën",
    "dell",
    "disney",
    "facebook",
    "ferrari",
    "fiat",
    "ford",
    "google",
    "gucci",
    "honda",
    "hyundai",
    "ibm",
    "intel",
    "jaguar",
    "kia",
    "lamborghini",
    "maserati",
    "mazda",
    "mercedes",
    "merck",
    "meta",
    "microsoft",
    "nestlé",
    "netflix",
    "nike",
    "nintendo",
    "nissan",
    "novartis",
    "nvidia",
    "oracle",
    "peugeot",
    "pfizer",
    "philips",
    "porsche",
    "prada",
    "renault",
    "rolls-royce",
    "samsung",
    "siemens",
    "skoda",
    "sony",
    "spotify",
    "tesla",
    "toyota",
    "twitter",
    "uber",
    "volkswagen",
    "volvo",
    "walmart",
    "yahoo",
];
/// What ends the name of a company.
const LEGAL: &[&str] = &["inc", "ltd", "llc", "gmbh", "corp", "plc", "ag", "bv", "sa", "llp"];

/// Whether a word ends the name of a company.
fn is_legal_form(word: &str) -> bool {
    LEGAL.iter().any(|legal| legal.eq_ignore_ascii_case(word))
}

/// Whether a name from `first` to `last` word is that of a firm or a tool, and so are the names that
/// are listed with it.
pub(in crate::names) fn is_of_trade(first: &str, last: &str) -> bool {
    let small = first.to_lowercase();
    is_legal_form(last)
        || FIRMS.contains(&small.as_str())
        || TOOLS.contains(&small.as_str())
        || is_of_computing(first)
}

/// What stands around a name.
pub(super) struct Around<'t> {
    pub(super) name: &'t str,
    /// Its line, or its cell in a row, before it, and behind it.
    pub(super) head: &'t str,
    pub(super) tail: &'t str,
    /// Whether it is all of a cell in a table, or of an element of markup.
    pub(super) is_cell: bool,
}

/// A word of a name, and what lists know of it.
struct Word<'t> {
    text: &'t str,
    flags: u8,
}

impl Word<'_> {
    fn is(&self, lists: u8) -> bool {
        self.flags & lists != 0 && self.flags & COMMON == 0
    }

    /// Whether it is written as names are: a capital, then small letters; or an initial.
    fn is_cased(&self) -> bool {
        let mut letters = self.text.chars().filter(|c| c.is_alphabetic());
        letters.next().is_some_and(char::is_uppercase)
            && (self.text.chars().any(char::is_lowercase) || self.is_initial())
    }

    fn is_initial(&self) -> bool {
        self.text.chars().filter(|c| c.is_alphabetic()).count() == 1
    }

    fn is_small(&self) -> bool {
        PARTICLES.contains(&self.text)
    }

    fn is_term(&self) -> bool {
        let is = |list: &[&str]| list.iter().any(|term| term.eq_ignore_ascii_case(self.text));
        is(TERMS) || is(CODE)
    }
}

/// Whether a name in a comment or a string of a program, or in data, is believed.
pub(super) fn suffices(
    around: &Around<'_>,
    kind: FindingKind,
    is_data: bool,
    lists: &Lists,
) -> bool {
    let words: Vec<Word> = around
        .name
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(|text| Word { text, flags: lists.flags(hash(text)) })
        .collect();
    let is_written =
        words.iter().all(|word| (word.is_cased() || word.is_small()) && !word.is_term());
    if !is_written || words.is_empty() || words.len() > WORDS_MAX {
        return false;
    }
    match kind {
        FindingKind::Person => is_person(around, &words),
        FindingKind::Location => {
            let is_place = |word: &Word| {
                word.is(PLACE | COUNTRY) && (around.is_cell || !word.is(GIVEN | FAMILY))
            };
            words.iter().all(is_place) && (is_data || is_prose(around))
        }
        _ => words.len() > 1 && words.last().is_some_and(|word| is_legal_form(word.text)),
    }
}

fn is_person(around: &Around<'_>, words: &[Word]) -> bool {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let is_plain = words.iter().any(|word| word.flags & COMMON != 0 && !word.is_small());
    let is_announced = is_announced(around.head) || is_addressed(around.tail);
    if words.len() == 1 {
        let is_tool = TOOLS.iter().any(|tool| tool.eq_ignore_ascii_case(first.text));
        let is_placed = is_announced || around.is_cell;
        if is_tool || (begins_sentence(around.head) && !is_placed) {
            return false;
        }
        return first.is(GIVEN) && !first.is(PLACE | COUNTRY) && (is_placed || is_prose(around));
    }
    let is_listed = first.is(GIVEN) && last.is(GIVEN | FAMILY);
    let is_initialled = first.is_initial() && !last.is_initial() && last.is(FAMILY | GIVEN);
    is_listed
        || ((is_initialled || first.is(GIVEN) || last.is(FAMILY)) && !is_plain && is_prose(around))
        || (is_announced && (!is_plain || first.flags & GIVEN != 0))
        || (around.is_cell && first.is(GIVEN) && !is_plain)
}

/// Whether a sentence begins behind `head`: any word has a capital there.
fn begins_sentence(head: &str) -> bool {
    let is_mark = |c: char| c.is_whitespace() || "#/*-\"'`!;>|→(".contains(c) || c.is_ascii_digit();
    let bare = head.trim_end_matches(is_mark);
    bare.is_empty() || bare.ends_with(['.', ':', '?', '!', '=', ','])
}

/// Whether a name follows what announces one: `@author `, `Copyright (c) 2001-2004 `, `by `.
fn is_announced(head: &str) -> bool {
    let from = head.ceil_char_boundary(head.len().saturating_sub(BESIDE));
    let head = head.get(from..).unwrap_or_default().to_lowercase();
    let is_mark = |c: char| c.is_whitespace() || c.is_ascii_digit() || ":=\"'<[{,-–_".contains(c);
    let bare = head.trim_end_matches(is_mark);
    ANNOUNCING.iter().any(|word| {
        bare.strip_suffix(word).is_some_and(|before| !before.ends_with(char::is_alphanumeric))
    })
}

/// Whether an address follows a name: ` <ada@`, ` (ada@`.
fn is_addressed(tail: &str) -> bool {
    let tail = tail.get(..tail.floor_char_boundary(BESIDE)).unwrap_or(tail);
    tail.trim_start().strip_prefix(['<', '(']).is_some_and(|rest| {
        rest.split([' ', '>', ')']).next().is_some_and(|address| address.contains('@'))
    })
}

/// Whether what stands beside a name, to the next quotation marks, has the words of a sentence.
pub(super) fn is_prose(around: &Around<'_>) -> bool {
    let before = around.head.rsplit(['"', '`']).next().unwrap_or_default();
    let behind = around.tail.split(['"', '`']).next().unwrap_or_default();
    let is_word = |word: &&str| {
        let word = word.trim_end_matches(['.', ',', ':', ';', '!', '?', '\'']);
        word.chars().nth(1).is_some() && word.chars().all(char::is_lowercase)
    };
    let count = |part: &str| part.split_whitespace().filter(is_word).count();
    count(before).saturating_add(count(behind)) >= PROSE_MIN
}
