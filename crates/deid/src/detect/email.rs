//! E-mail addresses; what else an `@` leads to is asked for where there is none.

use super::marks::Marks;
use super::text::Text;
use super::{Rule, handle};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;
use std::ops::RangeInclusive;

const EMAIL: Rule = Rule::new(FindingKind::Email, 0.95, "email");

/// The longest local part, in characters (RFC 5321, 4.5.3.1.1, counts octets).
const LOCAL_LIMIT: usize = 64;
/// The longest domain, in characters (RFC 1035, 2.3.4, counts octets).
const DOMAIN_LIMIT: usize = 253;

/// Suffixes of private networks, which no public list holds.
const PRIVATE_SUFFIXES: &[&str] =
    &["local", "localdomain", "internal", "intranet", "corp", "lan", "home"];

/// Writing without spaces between words, or with particles attached to them: there an address ends
/// where the script changes.
const UNSPACED: &[RangeInclusive<char>] = &[
    '\u{e00}'..='\u{eff}',     // Thai, Lao
    '\u{1000}'..='\u{109f}',   // Burmese
    '\u{1780}'..='\u{17ff}',   // Khmer
    '\u{3000}'..='\u{9fff}',   // Kana, CJK and their punctuation
    '\u{ac00}'..='\u{d7af}',   // Hangul
    '\u{f900}'..='\u{faff}',   // CJK compatibility
    '\u{ff00}'..='\u{ffef}',   // Full-width forms
    '\u{20000}'..='\u{3ffff}', // CJK extensions
];

pub(super) fn scan(text: Text<'_>, marks: &Marks, out: &mut Vec<Finding>) {
    for at in marks.rare().iter().filter(|&at| text.at(at) == b'@') {
        out.extend(find(text, at));
    }
}

/// The address, the user of a URL, or the mention of an account, whose `@` is at `at`.
pub(super) fn find(text: Text<'_>, at: usize) -> Option<Finding> {
    match around(text, at) {
        Some((start, _)) if is_user(text, start) => handle::user(text, start, at),
        Some((start, end)) => Some(EMAIL.finds(start, end)),
        None => handle::mention(text, at),
    }
}

/// The address whose `@` is at `at`.
fn around(text: Text<'_>, at: usize) -> Option<(usize, usize)> {
    let start = local_start(text, at)?;
    let domain_start = at.saturating_add(1);
    let end = domain_end(text, domain_start)?;
    let (local, domain) = (text.slice(start, at), text.slice(domain_start, end));
    // `git@host:owner/repository` is the address of a service that everybody shares.
    if local == "git" || surrogate::is_email(local, domain) || is_password(text, start) {
        return None;
    }
    Some((start, end))
}

/// Schemes whose URLs are addresses of people: `mailto` (RFC 6068) and `xmpp` (RFC 5122).
const OF_PEOPLE: &[&str] = &["mailto", "xmpp"];

/// Whether what begins at `start` is the user of `scheme://user@host` (RFC 3986, 3.2.1), or the name
/// of a variable of a shell in its place, whose host is no part of an address.
fn is_user(text: Text<'_>, start: usize) -> bool {
    let variable = text.run_back(start, 2, |byte| matches!(byte, b'$' | b'{'));
    let colon = variable.saturating_sub(3);
    let of = |scheme: &&str| text.slice(colon.saturating_sub(scheme.len()), colon) == *scheme;
    text.slice(colon, variable) == "://" && !OF_PEOPLE.iter().any(of)
}

/// Whether what begins at `start` is the password of `scheme://user:password@host`, whose host is
/// no part of an address.
fn is_password(text: Text<'_>, start: usize) -> bool {
    let is_user = |byte: u8| byte > b' ' && !b"/@\"'<>".contains(&byte);
    let user = text.run_back(start, LOCAL_LIMIT, is_user);
    text.slice(user.saturating_sub(2), user) == "//" && text.slice(user, start).contains(':')
}

/// Where the local part that ends at `at` begins.
fn local_start(text: Text<'_>, at: usize) -> Option<usize> {
    let before = text.slice(0, at);
    let unspaced = is_unspaced(before.chars().next_back()?);
    let mut start = at;
    for (count, character) in before.chars().rev().enumerate() {
        if !is_local(character) || is_unspaced(character) != unspaced {
            break;
        }
        if count == LOCAL_LIMIT {
            return None;
        }
        start = start.saturating_sub(character.len_utf8());
    }
    start = text.skip_escape(start.min(at));
    let local = text.slice(start, at);
    let joined = local.rfind("..").map_or(0, |dots| dots.saturating_add(2));
    let kept = local.get(joined..)?.trim_start_matches(['.', '-', '\'', '+']);
    let valid = !kept.is_empty() && !kept.ends_with('.');
    valid.then(|| at.saturating_sub(kept.len()))
}

/// Where the domain that begins at `start` ends, when its suffix is one that exists.
fn domain_end(text: Text<'_>, start: usize) -> Option<usize> {
    let mut end = start;
    let mut previous = None;
    for character in text.slice(start, text.bytes().len()).chars().take(DOMAIN_LIMIT) {
        let fits = character.is_alphanumeric() || matches!(character, '-' | '.');
        let turns = previous.is_some_and(|before: char| {
            before != '.' && character != '.' && is_unspaced(before) != is_unspaced(character)
        });
        let empty = character == '.' && matches!(previous, None | Some('.'));
        if !fits || turns || empty {
            break;
        }
        end = end.saturating_add(character.len_utf8());
        previous = Some(character);
    }
    // `matrix@vector.norm(` calls a method.
    if text.at(end) == b'(' {
        return None;
    }
    let mut domain = text.slice(start, end);
    loop {
        domain = domain.trim_end_matches(['.', '-']);
        let (rest, suffix) = domain.rsplit_once('.')?;
        if exists(suffix) && rest.chars().any(char::is_alphanumeric) && !is_scaled_image(rest) {
            return Some(start.saturating_add(domain.len()));
        }
        domain = rest;
    }
}

/// Whether `suffix` is a top-level domain, or one of private networks, or looks like one.
pub(super) fn exists(suffix: &str) -> bool {
    let is_known = |suffix: &str| {
        PRIVATE_SUFFIXES.contains(&suffix)
            || psl::suffix(suffix.as_bytes()).is_some_and(|found| found.is_known())
    };
    let suffix = suffix.to_lowercase();
    if is_known(&suffix) {
        return true;
    }
    let latin: String = suffix.chars().map(lookalike).collect();
    !suffix.is_ascii() && latin.is_ascii() && is_known(&latin)
}

/// The Latin letter that a Cyrillic or Greek one looks like (Unicode, Technical Standard 39,
/// confusables).
const fn lookalike(character: char) -> char {
    match character {
        'а' | 'α' => 'a',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' | 'ϳ' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'η' | 'п' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        other => other,
    }
}

/// The `2x` of `logo@2x.webp`.
fn is_scaled_image(domain: &str) -> bool {
    matches!(domain.as_bytes(), [b'1'..=b'9', b'x'])
}

fn is_local(character: char) -> bool {
    match character {
        '.' | '_' | '+' | '-' | '\'' => true,
        other => other.is_alphanumeric(),
    }
}

fn is_unspaced(character: char) -> bool {
    UNSPACED.iter().any(|range| range.contains(&character))
}
