//! Secrets that stand behind the name of one: `.env` files, configuration, code, command lines.
//!
//! What leads here is the sign between the name and the value, which is rarer than words are. The
//! last word of the name decides what it promises, and that decides what a value must look like.

pub(super) mod command;
pub(super) mod entry;
mod name;
pub(super) mod statement;
pub(super) mod told;
mod value;
mod wording;

use super::marks::Marks;
use super::text::{Text, is_word};
use super::token::is_mixed;
use super::{Rule, credentials};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;
use name::{Promise, Strength};
use value::{Place, Writing};

const DIGEST: Rule = Rule::new(FindingKind::Secret, 0.85, "digest-response");

/// The longest name.
const NAME_LIMIT: usize = 64;
/// The fewest characters of a member of a web key: 16 bytes.
const KEY_LEAST: usize = 22;
/// How far from a member the type of its web key may stand: the modulus is the longest between.
const KEY_REACH: usize = 1024;
/// How far behind its scheme the response of a digest may stand.
const DIGEST_REACH: usize = 512;
/// How far before a value the field with its name may stand.
const FIELD_REACH: usize = 96;
/// The most spaces between a name, its sign and its value.
const GAP: usize = 24;

/// What the names of flags that are given a secret begin with.
const FLAGS: &[&str] = &["pass", "token", "secret", "api", "auth", "client", "access"];

/// Looks at every flag, every value of a variable that has none, and every colon of East Asia.
pub(super) fn scan(text: Text<'_>, marks: &Marks, out: &mut Vec<Finding>) {
    let is_dash = |at: usize| text.at(at) == b'-';
    for at in marks.flags().iter() {
        let begins = is_dash(at.saturating_sub(1)) && is_dash(at.saturating_sub(2));
        if begins && FLAGS.iter().any(|flag| text.starts_with(at, flag)) {
            out.extend(command::flag(text, at));
        }
    }
    for at in marks.otherwise().iter() {
        out.extend(command::otherwise(text, at.saturating_sub(1)));
    }
    // Most characters that begin so are of other scripts.
    for at in marks.disguises().iter().filter(|&at| text.starts_with(at, "：")) {
        out.extend(told::wide(text, at));
    }
}

/// The secret of `name = value`, `name: value`, `name := value`, `name => value`, whose sign is at
/// `at`.
pub(super) fn sign(text: Text<'_>, at: usize) -> Option<Finding> {
    // Most names are no secret's by their last letters, which cost less to see than the rest.
    let last = [3, 2, 1].map(|distance| text.back(at, distance));
    if matches!(last, [_, _, letter] if letter.is_ascii_alphabetic()) && !name::may_end(last) {
        return None;
    }
    let Some((from, after)) = operator(text, at) else {
        return comparison(text, at);
    };
    let short = text.back(at, 3) == b'"' || text.back(at, 4) == b'"';
    if short && text.at(at) == b':' && text.back(at, 1) == b'"' {
        let member = web_key(text, at);
        if member.is_some() {
            return member;
        }
    }
    let Some((start, end)) = name_before(text, from) else {
        return told::spoken(text, from, after);
    };
    // `arn:…:secret:…`: parts of one name. The user of a URL has a rule of its own.
    let user = text.slice(start.saturating_sub(3), start) == "://";
    if text.at(at) == b':' && (user || text.back(start, 1) == b':') {
        return None;
    }
    // `'Name::Of::Pass' => …`: the name of a package.
    if from > end && text.slice(start.saturating_sub(2), start) == "::" {
        return None;
    }
    let name = text.slice(start, end);
    if text.at(at) == b'=' && from == end {
        let field = match name {
            "AccountKey" | "SharedAccessKey" | "AccessKey" => credentials::account_key(text, after),
            _ if name::is_password_field(name) => {
                credentials::connection_password(text, start, after)
            }
            _ => None,
        };
        if field.is_some() {
            return field;
        }
    }
    let Some(promise) = promised(text, at, start, name) else {
        return told::spoken(text, from, after);
    };
    // `${NAME:-value}`, as shells write it.
    let shell = text.at(at) == b':' && text.at(after) == b'-' && text.back(start, 1) == b'{';
    let mut place = value::after(text, after.saturating_add(usize::from(shell)), start)?;
    if name::is_variable(name) && place.writing == Writing::Loose {
        place.writing = Writing::Line;
    }
    // `--- PASS: TestName`: a test that passed.
    let report = matches!(name, "PASS" | "Pass");
    // What is called less may be a word of something else.
    let short = report || matches!(name, "PW" | "Pw" | "pw" | "pass" | "PSK" | "psk");
    if place.writing != Writing::Quoted && text.at(at) == b':' && short {
        if report {
            return None;
        }
        place.writing = Writing::Loose;
    }
    finding(text, &promise, &place).or_else(|| scheme(text, &promise, &place))
}

/// Whether a value reads like a key by its form alone, without a name before it.
pub(super) fn is_key(value: &str) -> bool {
    value::fits(value, Strength::Key, Writing::Loose)
}

/// What the name that begins at `start` promises, whose sign is at `at`: by itself, or as the type,
/// the value or the default of another.
fn promised<'t>(text: Text<'t>, at: usize, start: usize, name: &'t str) -> Option<Promise<'t>> {
    let mut found = name::promise(name);
    if found.is_none() && text.at(at) == b'=' {
        // `password: str = "…"`: the name stands before its type.
        found = typed_name(text, start).and_then(name::promise);
    }
    if found.is_none() && name.eq_ignore_ascii_case("value") {
        found = named_before(text, start).and_then(name::promise);
    }
    if found.is_none() && name == "default" {
        found = declared_before(text, start).and_then(name::promise);
    }
    found
}

/// The name that stands before the field `value` at `start`, in a field of its own: `key="…"`,
/// `name: …`, `"Name": "…"`.
fn named_before(text: Text<'_>, start: usize) -> Option<&str> {
    let from = start.saturating_sub(FIELD_REACH);
    let window = text.window(from, start);
    let field = ["name", "Name", "key", "Key"]
        .iter()
        .filter_map(|word| {
            let mut hits = memchr::memmem::rfind_iter(window, word.as_bytes());
            Some(hits.find(|hit| text.is_fresh(from.saturating_add(*hit)))? + word.len())
        })
        .max()?;
    let after = from.saturating_add(field);
    let is_join = |byte: u8| matches!(byte, b'"' | b'\'' | b'\\' | b' ' | b':' | b'=');
    let name = text.run(after, 8, is_join);
    let end = text.run(name, NAME_LIMIT, |byte| is_word(byte) || matches!(byte, b'-' | b'.'));
    (name > after && end < start).then(|| text.slice(name, end))
}

/// The name of the variable whose `default` is at `start`: `variable "db_password" {`,
/// `config("DB_PASSWORD", default=…)`.
fn declared_before(text: Text<'_>, start: usize) -> Option<&str> {
    let comma = text.run_back(start, GAP, |byte| byte == b' ');
    let argument = comma.saturating_sub(2);
    if matches!(text.slice(argument, comma), "\"," | "',") {
        return bare_name(text, argument).map(|(from, to)| text.slice(from, to));
    }
    const WORD: &str = "variable \"";
    let from = start.saturating_sub(FIELD_REACH);
    let at = memchr::memmem::rfind(text.window(from, start), WORD.as_bytes())?;
    let name = from.saturating_add(at).saturating_add(WORD.len());
    Some(text.slice(name, text.run(name, NAME_LIMIT, |byte| is_word(byte) || byte == b'-')))
}

/// The credentials behind a scheme of authorisation that has no rule of its own: the value of
/// `Authorization: Token …` without its first word.
fn scheme(text: Text<'_>, promise: &Promise<'_>, place: &Place) -> Option<Finding> {
    let word = text.run(place.start, NAME_LIMIT, |byte| byte.is_ascii_alphabetic());
    if text.slice(place.start, word).eq_ignore_ascii_case("digest") {
        return digest(text, word);
    }
    let start = text.run(word, 2, |byte| byte == b' ');
    let quoted = place.writing == Writing::Quoted;
    if start == word || word == place.start || (!quoted && word != place.end) {
        return None;
    }
    let end = if quoted { place.end } else { value::argument(text, start)?.end };
    let rest = Place { start, end, writing: Writing::Loose };
    (promise.strength == Strength::Weak).then(|| finding(text, promise, &rest)).flatten()
}

/// The response of `Authorization: Digest …` (RFC 7616, 3.4), whose parameters begin at `start`: a
/// hash of the password.
fn digest(text: Text<'_>, start: usize) -> Option<Finding> {
    const RESPONSE: &str = "response=";
    let window = text.window(start, start.saturating_add(DIGEST_REACH));
    // The next header has its own turn.
    let line = memchr::memchr(b'\n', window).unwrap_or(window.len());
    let at = memchr::memmem::find(window.get(..line)?, RESPONSE.as_bytes())?;
    let place = value::quoted(text, start.saturating_add(at).saturating_add(RESPONSE.len()))?;
    let value = text.slice(place.start, place.end);
    let fits = matches!(value.len(), 32 | 64) && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    (fits && !surrogate::is_token(value)).then(|| DIGEST.finds(place.start, place.end))
}

/// Where the operator of an assignment whose last or only sign is at `at` begins and ends. No
/// comparison, path, or operator of another kind is one.
fn operator(text: Text<'_>, at: usize) -> Option<(usize, usize)> {
    let (before, next) = (text.back(at, 1), text.at(at.saturating_add(1)));
    let after = at.saturating_add(1);
    match (text.at(at), before, next) {
        (b'=', b':' | b'?' | b'|', _) => {
            // `||=` and `??=` too.
            Some((text.run_back(at, 2, |byte| matches!(byte, b':' | b'?' | b'|')), after))
        }
        (b'=', _, b'>') => Some((at, after.saturating_add(1))),
        (b'=', b'=' | b'!' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%' | b'~' | b'^', _)
        | (_, _, b'=' | b'~')
        | (b':', b':', _)
        | (b':', _, b':' | b'/') => None,
        _ => Some((at, after)),
    }
}

/// The secret that another is compared with: `password == "…"`, `!=`, `===` and `!==`; the last sign
/// is at `at`. Words are what a program compares kinds and states with.
fn comparison(text: Text<'_>, at: usize) -> Option<Finding> {
    let from = text.run_back(at, 2, |byte| matches!(byte, b'=' | b'!'));
    if text.at(at) != b'=' || from == at {
        return None;
    }
    let quote = text.run(at.saturating_add(1), 1, |byte| byte == b' ');
    let place = value::quoted(text, quote)?;
    let (start, end) = name_before(text, from)?;
    let promise = name::promise(text.slice(start, end))?;
    finding(text, &promise, &Place { writing: Writing::Loose, ..place })
}

/// The name that ends before `end`, without the quotes, brackets and spaces around it.
fn name_before(text: Text<'_>, end: usize) -> Option<(usize, usize)> {
    let end = text.run_back(end, GAP, |byte| matches!(byte, b' ' | b'\t'));
    let is_frame = |byte| matches!(byte, b'"' | b'\'' | b'\\' | b']' | b'[' | b'`' | b'*');
    let end = text.run_back(end, 4, is_frame);
    bare_name(text, end)
}

/// The name that ends at `end`.
fn bare_name(text: Text<'_>, end: usize) -> Option<(usize, usize)> {
    if !name::may_end([text.back(end, 3), text.back(end, 2), text.back(end, 1)]) {
        return None;
    }
    let is_part = |byte: u8| is_word(byte) || byte == b'-' || byte == b'.';
    let start = text.run_back(end, NAME_LIMIT, is_part);
    let start = text.skip_escape(start);
    let start = text.run(start, NAME_LIMIT, |byte| matches!(byte, b'-' | b'.')).min(end);
    (start < end && end.saturating_sub(start) < NAME_LIMIT).then_some((start, end))
}

/// The name before the type that begins at `start`: `password` of `password: &str` and of
/// `password As String`.
fn typed_name(text: Text<'_>, start: usize) -> Option<&str> {
    let named = start.saturating_sub(" As ".len());
    if text.slice(named, start) == " As " {
        let (from, to) = bare_name(text, named)?;
        return Some(text.slice(from, to));
    }
    let is_type = |byte: u8| matches!(byte, b'&' | b'*' | b' ' | b'?');
    let colon = text.run_back(start, 4, is_type);
    if text.back(colon, 1) != b':' {
        return None;
    }
    let (from, to) = bare_name(text, colon.saturating_sub(1))?;
    Some(text.slice(from, to))
}

/// What stands between the name of a variable of the environment and what is taken when it has none,
/// in Python and in Rust.
const OTHERWISE: &[&str] = &[") or ", ").unwrap_or(", ").unwrap_or_else(|_| "];

/// The secret of a call whose parenthesis is at `at`: `setPassword("…")`, `put("password", "…")`.
pub(super) fn call(text: Text<'_>, at: usize) -> Option<Finding> {
    let open = text.run(at.saturating_add(1), 1, |byte| byte == b' ');
    let first = value::quoted(text, open)?;
    let credentials = command::positional(text, at);
    if credentials.is_some() {
        return credentials;
    }
    if let Some((start, end)) = bare_name(text, at)
        && let Some(promise) = name::setter(text.slice(start, end))
    {
        return finding(text, &promise, &first);
    }
    let name = text.slice(first.start, first.end);
    if !name.bytes().all(|byte| is_word(byte) || matches!(byte, b'-' | b'.')) {
        return None;
    }
    let promise = name::promise(name)?;
    let comma = text.run(first.end, 2, |byte| matches!(byte, b'"' | b'\'' | b'`'));
    let falls = OTHERWISE.iter().find(|join| text.starts_with(comma, join));
    let second = match falls {
        Some(join) => comma.saturating_add(join.len()),
        None => text.run(comma, 8, |byte| matches!(byte, b',' | b' ')),
    };
    let place = value::quoted(text, second)?;
    (second > comma).then(|| finding(text, &promise, &place)).flatten()
}

/// Elements of settings in XML whose attribute says what they hold.
const GENERAL: &[&str] = &["property", "entry", "string", "param", "parameter", "setting", "value"];

/// The secret that an XML element holds, whose closing tag begins at `close`.
pub(super) fn element(text: Text<'_>, close: usize) -> Option<Finding> {
    let tag = close.saturating_add(2);
    let end = text.run(tag, NAME_LIMIT, |byte| is_word(byte) || matches!(byte, b'-' | b'.' | b':'));
    let general = GENERAL.contains(&text.slice(tag, end));
    if !general {
        bare_name(text, end)?;
    }
    let start = text.run_back(close, value::LIMIT, |byte| byte != b'>' && byte != b'\n');
    let opens = text.back(start, 1) == b'>' && start < close;
    let name = if general { named_before(text, start)? } else { text.slice(tag, end) };
    let promise = name::promise(name)?;
    let place = Place { start, end: close, writing: Writing::Quoted };
    opens.then(|| finding(text, &promise, &place)).flatten()
}

/// A private member of a JSON Web Key (RFC 7518, section 6): `"d"`, `"k"` and the primes, beside
/// the `"kty"` that every such key has. The colon behind the name is at `at`.
fn web_key(text: Text<'_>, at: usize) -> Option<Finding> {
    const MEMBERS: &[&str] = &["\"d\"", "\"k\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\""];
    let start = text.run_back(at, 4, |byte| byte == b'"' || byte.is_ascii_lowercase());
    if !MEMBERS.contains(&text.slice(start, at)) {
        return None;
    }
    let after = text.run(at.saturating_add(1), 2, |byte| byte == b' ');
    let place = value::quoted(text, after)?;
    let value = text.slice(place.start, place.end);
    let is_key =
        value.len() >= KEY_LEAST && value.bytes().all(|byte| is_word(byte) || byte == b'-');
    if !is_key || !is_mixed(value) || surrogate::is_token(value) {
        return None;
    }
    let around = text.window(start.saturating_sub(KEY_REACH), place.end.saturating_add(KEY_REACH));
    memchr::memmem::find(around, b"\"kty\"")
        .map(|_| Rule::new(FindingKind::Secret, 0.95, "json-web-key").finds(place.start, place.end))
}

/// The finding of a value that fits what its name promises.
fn finding(text: Text<'_>, promise: &Promise<'_>, place: &Place) -> Option<Finding> {
    let value = text.slice(place.start, place.end);
    // The name of an issuer makes a key of what is called less.
    let strong = value::fits(value, promise.strength, place.writing) || promise.is_kept_by(value);
    let weak = promise.strength == Strength::Weak;
    if !(strong || weak && value::fits(value, Strength::Key, place.writing)) {
        return None;
    }
    let (rule, score, issued) = promise.rule();
    ((strong || issued) && !promise.ends_with(value) && !surrogate::is_token(value))
        .then(|| Rule::new(FindingKind::Secret, score, rule).finds(place.start, place.end))
}
