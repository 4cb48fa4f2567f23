//! How names are written, and how identifiers, tickets and hashes are.

use super::super::RULE_LISTED;
use super::super::lists::{COMMON, COUNTRY, FAMILY, GIVEN, Lists, PLACE, hash};
use super::terms::is_term;
use super::words::{PARTICLES, TERMS};
use crate::{Finding, FindingKind};

/// What the tagger has to be sure of when all words of a name are words of the language.
const SURE_OF_A_WORD: f32 = 0.9;
/// The fewest digits of a hash, as the number of a commit is.
const HASH_MIN: usize = 7;

/// Whether a name has the form, or the surroundings, of something in a program.
pub(super) fn is_identifier(name: &str, before: Option<char>, after: &str) -> bool {
    const NEVER: &[char] =
        &['_', '{', '}', '=', '<', '>', '|', '\\', '`', '→', '\t', '$', '[', ']', '*', '~', '^'];
    let name = &name.trim_end_matches('\\').replace("\n>", "\n");
    if name.contains(NEVER) || name.split(char::is_whitespace).any(is_camel) {
        return true;
    }
    let mut following = after.chars();
    let (next, later) = (following.next(), following.next());
    // `object.Method`, `Type::new`, `Name(`, `Name_x`, `path/Name/x`, `@Name`, `` `Name` ``.
    let bound_before = matches!(before, Some('_' | '`' | '$' | '@' | '#' | '/' | '\\'));
    let bound_after = match next {
        Some('(' | '_' | '`' | '[' | '{' | '=' | '/') => true,
        Some('\\') => later.is_some_and(char::is_alphanumeric) && later != Some('n'),
        Some('.' | ':' | '-') => later.is_some_and(|c| c.is_lowercase() || c == ':' || c == '_'),
        _ => false,
    };
    bound_before || bound_after
}

/// Whether a name is not written as names are: small letters in a line that has capitals, where no
/// list holds the word; or a word of the language, or of computing, alone.
pub(super) fn is_spelt_otherwise(line: &str, name: &str, finding: &Finding, lists: &Lists) -> bool {
    let listed = match finding.kind {
        FindingKind::Person => GIVEN | FAMILY,
        FindingKind::Location => PLACE | COUNTRY | GIVEN | FAMILY,
        _ => 0,
    };
    let is_organisation = finding.kind == FindingKind::Organisation;
    let is_cased = is_organisation || line.chars().any(char::is_uppercase);
    let is_address = finding.kind == FindingKind::Location && name.contains(char::is_numeric);
    let (mut words, mut small, mut plain, mut capitals) = (0_usize, 0_usize, 0_usize, 0_usize);
    for word in name.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-')) {
        let Some(first) = word.chars().next().filter(|first| first.is_alphabetic()) else {
            if word.split('-').any(is_hash) {
                return true;
            }
            continue;
        };
        words = words.saturating_add(1);
        let lower = word.to_lowercase();
        let flags = lists.flags(hash(&lower));
        let is_known = flags & listed != 0 && flags & COMMON == 0;
        if first.is_uppercase() {
            capitals = capitals.saturating_add(1);
        } else if !is_known && !PARTICLES.contains(&lower.as_str()) && !is_address {
            small = small.saturating_add(1);
        }
        let is_term = TERMS.contains(&lower.as_str());
        if is_term || (flags & COMMON != 0 && flags & listed == 0) {
            plain = plain.saturating_add(1);
        }
    }
    // A postcode is a number because a word before it says so.
    let is_postcode = words == 0 && finding.rule == RULE_LISTED;
    let is_small = is_cased && (small > 0 || (is_address && capitals == 0 && !is_postcode));
    let is_plain = words > 0 && plain == words;
    is_small
        || (is_plain && (finding.score < SURE_OF_A_WORD || words == 1 && is_term(name)))
        || is_shouted(line, name, finding.kind, lists.flags(hash(name)) & listed != 0)
        || is_ticket(name)
}

/// The longest such word, in letters. Some write towns so, and few towns are as short.
const SHOUTED_MAX: usize = 6;

/// Whether one word stands in capitals among others that do not, and no list holds it: `IDLE`.
fn is_shouted(line: &str, name: &str, kind: FindingKind, is_listed: bool) -> bool {
    kind != FindingKind::Organisation
        && !is_listed
        && name.chars().all(char::is_uppercase)
        && (3..=SHOUTED_MAX).contains(&name.chars().count())
        && line.chars().any(char::is_lowercase)
}

/// Whether a name is the number of a ticket, such as `ABC-123`. Postcodes have fewer letters.
fn is_ticket(name: &str) -> bool {
    name.split_once('-').is_some_and(|(project, number)| {
        project.len() > 2
            && project.bytes().all(|byte| byte.is_ascii_uppercase())
            && (1..=5).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_hash(word: &str) -> bool {
    word.len() >= HASH_MIN
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Whether a word changes from small letters to capitals twice, or once in a way that names do
/// not: `baseCommit`, `HttpServer`, but not `McKay`, `DeLuca`, `O'Brien` or `Jean-Luc`.
pub(super) fn is_camel(word: &str) -> bool {
    /// The longest beginning of a name that a capital follows.
    const PARTICLE_MAX: usize = 3;
    let mut lower = 0_usize;
    let mut length = 0_usize;
    let mut is_capital_first = false;
    for character in word.chars() {
        if !character.is_alphabetic() {
            (lower, length) = (0, 0);
            continue;
        }
        if length == 0 {
            is_capital_first = character.is_uppercase();
        }
        if character.is_uppercase() && lower > 0 && (length > PARTICLE_MAX || !is_capital_first) {
            return true;
        }
        lower = if character.is_lowercase() { lower.saturating_add(1) } else { 0 };
        length = length.saturating_add(1);
    }
    false
}
