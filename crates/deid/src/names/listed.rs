//! Names that the tagger passed over, and that lists or their neighbours in the text give away.

use super::RULE_LISTED;
use super::announced::replace;
use super::guard::is_of_trade;
use super::lists::{COMMON, COUNTRY, FAMILY, GIVEN, Lists, PLACE, hash};
use super::tokens::{Shape, Token};
use crate::{Finding, FindingKind, Why};

/// The score of a name that a list holds.
const LISTED: f32 = 0.7;
/// The score of a name that stands among names.
const AMONG_NAMES: f32 = 0.75;
/// The fewest letters of a name that is believed for a list alone.
const LETTERS_MIN: usize = 4;
/// Words that announce a postcode.
const POSTCODE: &[&str] =
    &["zip", "zipcode", "postcode", "postal", "plz", "postleitzahl", "cep", "pincode"];
/// How many tokens after such a word its postcode may stand: `zip code is 12345`.
const POSTCODE_REACH: usize = 5;
/// Names of months and days that are given names too.
const DATES: &[&str] = &[
    "april", "may", "june", "august", "sunday", "january", "summer", "autumn", "mai", "juni",
    "avril",
];
/// So many persons say of what stands among them that it is one.
const MANY: usize = 3;
/// The most words of a name in an enumeration.
const WORDS_MAX: usize = 3;

/// Adds persons: given names that are neither words nor places, with the name that follows them,
/// and what is joined by commas and `and` to names that were found, also where it was taken for
/// something else.
pub(super) fn add(text: &str, tokens: &[Token], lists: &Lists, findings: &mut Vec<Finding>) {
    countries_are_no_persons(text, lists, findings);
    let mut more = places(text, tokens, lists, findings);
    findings.append(&mut more);
    findings.sort_by_key(|finding| finding.start);
    let mut more = given_names(text, tokens, lists, findings);
    findings.append(&mut more);
    findings.sort_by_key(|finding| finding.start);
    let more = enumerated(text, tokens, lists, findings);
    replace(findings, more);
}

fn person(start: usize, end: usize, score: f32) -> Finding {
    let kind = FindingKind::Person;
    Finding { start, end, kind, score, why: Why::Rule, rule: RULE_LISTED.into() }
}

/// Whether lists hold a word as a country and as nothing else.
const fn is_country(flags: u8) -> bool {
    flags & COUNTRY != 0 && flags & (GIVEN | FAMILY | COMMON) == 0
}

/// A country alone, taken for a person, is the country.
fn countries_are_no_persons(text: &str, lists: &Lists, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|found| found.kind == FindingKind::Person) {
        let name = text.get(finding.start..finding.end).unwrap_or_default();
        if !name.contains(' ') && is_country(lists.flags(hash(name))) {
            finding.kind = FindingKind::Location;
        }
    }
}

/// Countries of one word, and postcodes behind the words that announce them.
fn places(text: &str, tokens: &[Token], lists: &Lists, findings: &[Finding]) -> Vec<Finding> {
    let mut more = Vec::new();
    let mut ahead = findings.iter().peekable();
    // How many tokens may still stand before a postcode.
    let mut announced = 0_usize;
    for token in tokens {
        let word = text.get(token.start..token.end).unwrap_or_default();
        if POSTCODE.iter().any(|name| name.eq_ignore_ascii_case(word)) {
            announced = POSTCODE_REACH;
            continue;
        }
        announced = announced.saturating_sub(1);
        let is_place = match token.shape {
            Shape::Capital => is_country(lists.flags(hash(word))),
            Shape::LongDigits => announced > 0 && matches!(word.len(), 4..=6),
            Shape::DigitsAndLetters => announced > 0 && word.len() <= 8,
            _ => false,
        };
        if !is_place {
            continue;
        }
        while ahead.next_if(|finding| finding.end <= token.start).is_some() {}
        if ahead.peek().is_none_or(|finding| finding.start >= token.end) {
            let kind = FindingKind::Location;
            more.push(Finding { kind, ..person(token.start, token.end, LISTED) });
        }
    }
    more
}

fn flags(text: &str, token: &Token, lists: &Lists) -> u8 {
    lists.flags(hash(text.get(token.start..token.end).unwrap_or_default()))
}

fn given_names(text: &str, tokens: &[Token], lists: &Lists, findings: &[Finding]) -> Vec<Finding> {
    let mut more = Vec::new();
    let mut ahead = findings.iter().peekable();
    let mut cased = Cased::default();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at = at.saturating_add(1);
        if !cased.is_name_like(text, token) {
            continue;
        }
        while ahead.next_if(|finding| finding.end <= token.start).is_some() {}
        if ahead.peek().is_some_and(|finding| finding.start < token.end) {
            continue;
        }
        let own = flags(text, token, lists);
        let width = token.end.saturating_sub(token.start);
        let is_date = DATES.iter().any(|date| {
            text.get(token.start..token.end).is_some_and(|word| word.eq_ignore_ascii_case(date))
        });
        if is_date
            || own & GIVEN == 0
            || own & (COMMON | PLACE | COUNTRY) != 0
            || width < LETTERS_MIN
        {
            continue;
        }
        let mut end = token.end;
        if let Some(next) = tokens.get(at)
            && next.shape == token.shape
            && text.get(token.end..next.start) == Some(" ")
            && flags(text, next, lists) & FAMILY != 0
            && ahead.peek().is_none_or(|finding| finding.start >= next.end)
        {
            end = next.end;
            at = at.saturating_add(1);
        }
        more.push(person(token.start, end, LISTED));
    }
    more
}

/// Whether the line that is being read has capitals. In one without, names have none either.
#[derive(Default)]
struct Cased {
    line_end: usize,
    has_capitals: bool,
}

impl Cased {
    /// Whether a word is written as names are in its line. Words are asked about in order.
    fn is_name_like(&mut self, text: &str, token: &Token) -> bool {
        if token.start >= self.line_end {
            let rest = text.get(token.start..).unwrap_or_default();
            let line = rest.split_inclusive('\n').next().unwrap_or_default();
            self.line_end = token.start.saturating_add(line.len());
            self.has_capitals = line.chars().any(char::is_uppercase);
        }
        match token.shape {
            Shape::Capital => true,
            Shape::Lower => !self.has_capitals,
            _ => false,
        }
    }
}

/// A member of an enumeration: up to three words with capitals.
struct Member {
    start: usize,
    end: usize,
    found: Found,
    /// A list holds it as a country or a place and not as a name.
    is_place: bool,
    /// A list holds its first word as a name, and none as a word.
    is_name: bool,
}

/// What was found at a member.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Person,
    /// A place of no more than the member.
    Place,
    /// An organisation from one offset to another.
    Firm(usize, usize),
    /// A place that goes on, or a firm or tool that is known.
    Other,
}

impl Found {
    fn of(finding: Option<&Finding>, start: usize, end: usize) -> Self {
        match finding {
            None => Self::Nothing,
            Some(one) if one.kind == FindingKind::Person => Self::Person,
            Some(one) if one.kind != FindingKind::Location => Self::Firm(one.start, one.end),
            Some(one) if one.start < start || one.end > end => Self::Other,
            Some(_) => Self::Place,
        }
    }
}

fn enumerated(text: &str, tokens: &[Token], lists: &Lists, findings: &[Finding]) -> Vec<Finding> {
    let mut more = Vec::new();
    let mut members: Vec<Member> = Vec::new();
    let mut ahead = findings;
    let mut at = 0;
    while at < tokens.len() {
        let words = words_at(tokens, at);
        if words == 0 {
            settle(&mut members, &mut more);
            at = at.saturating_add(1);
            continue;
        }
        let after = at.saturating_add(words);
        if let (Some(first), Some(last)) = (tokens.get(at), tokens.get(after.saturating_sub(1))) {
            let passed = ahead.partition_point(|finding| finding.end <= first.start);
            ahead = ahead.get(passed..).unwrap_or_default();
            let inside = ahead.first().filter(|finding| finding.start < last.end);
            let all = flags(text, first, lists);
            let word = |token: &Token| text.get(token.start..token.end).unwrap_or_default();
            let found = Found::of(inside, first.start, last.end);
            members.push(Member {
                start: first.start,
                end: last.end,
                found: match found {
                    Found::Person => Found::Person,
                    _ if is_of_trade(word(first), word(last)) => Found::Other,
                    found => found,
                },
                is_place: all & (PLACE | COUNTRY) != 0 && all & (GIVEN | FAMILY) == 0,
                is_name: all & (GIVEN | FAMILY) != 0 && all & COMMON == 0,
            });
        }
        let joint = joint_at(text, tokens, after);
        if joint == 0 {
            settle(&mut members, &mut more);
        }
        at = after.saturating_add(joint);
    }
    settle(&mut members, &mut more);
    more
}

/// How many words with capitals stand at `at`; 0 when there are too many for a name.
fn words_at(tokens: &[Token], at: usize) -> usize {
    let is_word = |token: &&Token| matches!(token.shape, Shape::Capital | Shape::Mixed);
    let run = tokens.iter().skip(at).take(WORDS_MAX.saturating_add(1)).take_while(is_word).count();
    if run > WORDS_MAX { 0 } else { run }
}

/// How many tokens at `at` join two members: `,`, `and`, `, and`.
fn joint_at(text: &str, tokens: &[Token], at: usize) -> usize {
    let is = |at: usize, words: &[&str]| {
        let token = tokens.get(at);
        token.is_some_and(|token| words.contains(&text.get(token.start..token.end).unwrap_or("")))
    };
    let and = ["and", "&", "und", "et", "y", "e", "en"];
    match (is(at, &[","]), is(at.saturating_add(1), &and)) {
        (true, true) => 2,
        (true, false) => 1,
        (false, _) => usize::from(is(at, &and)),
    }
}

/// Takes the members of an enumeration, if they are all persons.
fn settle(members: &mut Vec<Member>, more: &mut Vec<Finding>) {
    if are_persons(members) {
        let rest = members.iter().filter(|member| member.found != Found::Person);
        more.extend(rest.map(|member| person(member.start, member.end, AMONG_NAMES)));
    }
    members.clear();
}

/// Whether all members of an enumeration are persons: when at least a third, and one, of them are
/// and none is anything else; or half of them, and three, are and the others are places that no
/// list holds; or three and more look like firms, and half of them have the names of persons.
fn are_persons(members: &[Member]) -> bool {
    let [first, .., last] = members else { return false };
    let bounds = first.start..=last.end;
    let is_other = |member: &Member| match member.found {
        Found::Firm(start, end) => !(bounds.contains(&start) && bounds.contains(&end)),
        found => found == Found::Other,
    };
    if members.iter().any(|member| member.is_place || is_other(member)) {
        return false;
    }
    let count = |is: fn(&Member) -> bool| members.iter().filter(|member| is(member)).count();
    let persons = count(|member| member.found == Found::Person);
    let places = count(|member| member.found == Found::Place);
    let firms = count(|member| matches!(member.found, Found::Firm(..)));
    let named = count(|member| matches!(member.found, Found::Firm(..)) && member.is_name);
    let are_half = |some: usize| some.saturating_mul(2) >= members.len();
    match (places, firms) {
        (0, 0) => persons > 0 && persons.saturating_mul(3) >= members.len(),
        (_, 0) => persons >= MANY && are_half(persons),
        (0, _) => members.len() >= MANY && are_half(persons.saturating_add(named)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::cut;
    use super::*;

    fn added<'t>(text: &'t str, found: &[&str]) -> Vec<&'t str> {
        let mut lists = Lists::of(vec![0; 128]);
        let words = [
            ("hannah", GIVEN),
            ("kyle", GIVEN),
            ("june", GIVEN),
            ("mark", GIVEN | COMMON),
            ("paris", GIVEN | PLACE),
            ("peru", COUNTRY),
            ("whitfield", FAMILY),
            ("lisbon", PLACE),
        ];
        for (word, flags) in words {
            lists.add(hash(word), flags);
        }
        let of = |name: &&str| {
            let start = text.find(name).unwrap();
            person(start, start + name.len(), 0.9)
        };
        let mut findings: Vec<Finding> = found.iter().map(of).collect();
        let before = findings.clone();
        add(text, &cut(text), &lists, &mut findings);
        findings.retain(|finding| !before.contains(finding));
        findings.iter().map(|finding| text.get(finding.start..finding.end).unwrap()).collect()
    }

    #[test]
    fn given_names_that_are_nothing_else() {
        assert_eq!(added("So Kyle met Hannah Whitfield.", &[]), ["Kyle", "Hannah Whitfield"]);
        assert!(added("In June Mark saw Paris and kyle.", &[]).is_empty());
        assert!(added("Hannah Whitfield", &["Hannah Whitfield"]).is_empty());
        // Who writes without capitals writes names without them.
        assert_eq!(added("Hi there\nmy name is kyle, ok?", &[]), ["kyle"]);
    }

    #[test]
    fn countries_and_postcodes() {
        assert_eq!(added("Peru was fun, peru too.", &[]), ["Peru"]);
        assert_eq!(added("My zip code is 75001, not 75002.", &[]), ["75001"]);
        assert!(added("It has 75001 lines. Zip it.", &[]).is_empty());
    }

    #[test]
    fn members_of_an_enumeration_of_names() {
        let text = "They met Zarquon, Blee Oxo and Vex.";
        assert_eq!(added(text, &["Zarquon"]), ["Blee Oxo", "Vex"]);
        assert!(added(text, &[]).is_empty());
        assert!(added("From Zarquon, Lisbon and Vex.", &["Zarquon"]).is_empty());
        assert!(added("Ask Zarquon. Blee, Oxo, Vex, Xu", &["Zarquon"]).is_empty());
    }

    #[test]
    fn what_was_taken_for_something_else_among_persons_is_one() {
        let among_kind = |text: &str, names: &[&str], other: &str, kind: FindingKind| {
            let start = text.find(other).unwrap();
            let end = start + other.len();
            let mut lists = Lists::of(vec![0; 64]);
            lists.add(hash("hannah"), GIVEN);
            lists.add(hash("whitfield"), FAMILY);
            let mut findings: Vec<Finding> = names
                .iter()
                .map(|name| (text.find(name).unwrap(), name.len()))
                .map(|(start, length)| person(start, start + length, 0.9))
                .collect();
            findings.push(Finding { kind, ..person(start, end, 0.9) });
            findings.sort_by_key(|finding| finding.start);
            add(text, &cut(text), &lists, &mut findings);
            let persons = findings.iter().filter(|one| one.kind == FindingKind::Person);
            (persons.count(), findings.len())
        };
        let among = |text: &str, names: &[&str], place: &str| {
            among_kind(text, names, place, FindingKind::Location)
        };
        let firm =
            |text: &str, firm: &str| among_kind(text, &[], firm, FindingKind::Organisation).0;
        assert_eq!(firm("by Whitfield, Hannah and Oxo: all", "Whitfield, Hannah and Oxo"), 3);
        assert_eq!(firm("by Whitfield, Hannah and Oxo GmbH", "Whitfield, Hannah and Oxo GmbH"), 0);
        assert_eq!(firm("by Whitfield, Blee and Oxo: all", "Whitfield, Blee and Oxo"), 0);
        assert_eq!(firm("by Whitfield, Hannah and Tesla", "Whitfield, Hannah and Tesla"), 0);
        assert_eq!(firm("by Jenkins, Hannah and Whitfield", "Jenkins, Hannah and Whitfield"), 0);
        assert_eq!(firm("by Whitfield & Hannah", "Whitfield & Hannah"), 0);
        let three = ["Zarquon", "Blee", "Oxo"];
        assert_eq!(among("saw Zarquon, Blee, Vex Xu and Oxo", &three, "Vex Xu"), (4, 4));
        assert_eq!(among("saw Zarquon, Vex Xu and Oxo", &["Zarquon", "Oxo"], "Vex Xu"), (2, 3));
        // An address goes on.
        assert_eq!(among("saw Zarquon, Blee, Oxo, Vex, 5 Xu Rd", &three, "Vex, 5 Xu Rd"), (3, 4));
    }
}
