//! Credentials that stand in a place made for them: headers, URLs, connection strings.

use super::Rule;
use super::text::{Text, is_word};
use super::token::{is_mixed, is_random};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

const BEARER: Rule = Rule::new(FindingKind::Secret, 0.85, "bearer-token");
const BASIC: Rule = Rule::new(FindingKind::Secret, 0.9, "basic-credentials");
const URL: Rule = Rule::new(FindingKind::UrlCredentials, 0.95, "url-credentials");
const CONNECTION: Rule = Rule::new(FindingKind::Secret, 0.9, "connection-string");

/// The longest credential that is read.
const LIMIT: usize = 4096;
/// The longest `user:password`.
const USER_LIMIT: usize = 512;
/// How far from a password the other fields of its connection string may be.
const FIELD_REACH: usize = 256;

/// Base64 with or without its padding, as people paste it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// The token of `Bearer TOKEN` (RFC 6750): 16 characters or more that no word looks like.
pub(super) fn bearer(text: Text<'_>, start: usize, after: usize) -> Option<Finding> {
    follows_capital(text, start, b'B')?;
    let end = text.run(after, LIMIT, |byte| is_base64(byte) || b"-._~".contains(&byte));
    let token = text.slice(after, end).trim_end_matches(['.', '-']);
    let varied = token.bytes().any(|byte| byte.is_ascii_digit())
        && token.bytes().any(|byte| byte.is_ascii_alphabetic());
    (token.len() >= 16 && varied && is_random(token) && !surrogate::is_token(token))
        .then(|| BEARER.finds(after, after.saturating_add(token.len())))
}

/// The credentials of `Basic CREDENTIALS` (RFC 7617): base64 of a user, a colon and a password.
pub(super) fn basic(text: Text<'_>, start: usize, after: usize) -> Option<Finding> {
    follows_capital(text, start, b'B')?;
    let end = text.run(after, LIMIT, is_base64);
    let value = text.slice(after, end);
    let decoded = BASE64.decode(value).ok()?;
    let readable =
        decoded.contains(&b':') && decoded.iter().all(|byte| (b' '..0x7f).contains(byte));
    (value.len() >= 8 && readable && !is_word(text.at(end)) && !surrogate::is_token(value))
        .then(|| BASIC.finds(after, end))
}

/// Whether the letter before `start`, in either case, begins the word that led here.
fn follows_capital(text: Text<'_>, start: usize, letter: u8) -> Option<()> {
    let first = start.checked_sub(1)?;
    (text.at(first).eq_ignore_ascii_case(&letter) && text.is_fresh(first)).then_some(())
}

/// The `user:password` of the URL whose `://` stands from `start` to `after`.
pub(super) fn url(text: Text<'_>, start: usize, after: usize) -> Option<Finding> {
    if !text.back(start, 1).is_ascii_alphanumeric() {
        return None;
    }
    let is_part = |byte: u8| !byte.is_ascii_whitespace() && !b"/?#\"'`<>\\|()[]".contains(&byte);
    let end = text.run(after, USER_LIMIT, is_part);
    let authority = text.window(after, end);
    let at = after.saturating_add(memchr::memrchr(b'@', authority)?);
    let credentials = text.slice(after, at);
    let (_, password) = credentials.split_once(':')?;
    let written = !password.is_empty() && !is_placeholder(password);
    (written && !surrogate::is_credentials(credentials)).then(|| URL.finds(after, at))
}

/// The key of a storage account or service bus: `AccountKey=…`, `SharedAccessKey=…`.
pub(super) fn account_key(text: Text<'_>, _start: usize, after: usize) -> Option<Finding> {
    let end = text.run(after, 129, is_base64);
    let value = text.slice(after, end);
    let fits = (40..=128).contains(&value.len()) && is_random(value) && is_mixed(value);
    (fits && !surrogate::is_token(value)).then(|| CONNECTION.finds(after, end))
}

/// The password of a connection string: a field among others, separated by semicolons.
pub(super) fn connection_password(text: Text<'_>, start: usize, after: usize) -> Option<Finding> {
    let end =
        text.run(after, 256, |byte| !byte.is_ascii_whitespace() && !b";\"'`\\<>".contains(&byte));
    let name = text.run_back(start, 1, |byte| byte.eq_ignore_ascii_case(&b'p'));
    let before = text.run_back(name, 1, |byte| byte == b' ');
    let is_field = text.at(end) == b';' || text.back(before, 1) == b';';
    let value = text.slice(after, end);
    // `PWD=/home` is the folder that a shell is in.
    if !is_field
        || value.is_empty()
        || value.starts_with('/')
        || is_placeholder(value)
        || surrogate::is_token(value)
    {
        return None;
    }
    let around = text.window(start.saturating_sub(FIELD_REACH), end.saturating_add(FIELD_REACH));
    has_server(around).then(|| CONNECTION.finds(after, end))
}

/// Whether a field that names a server or a database stands in `window`.
fn has_server(window: &[u8]) -> bool {
    const FIELDS: &[&str] =
        &["server=", "data source=", "host=", "database=", "initial catalog=", "address="];
    let lower = window.to_ascii_lowercase();
    FIELDS.iter().any(|field| memchr::memmem::find(&lower, field.as_bytes()).is_some())
}

/// Whether a value stands for one: `${PASSWORD}`, `{password}`, `%s`, `your_password`, `****`.
pub(super) fn is_placeholder(value: &str) -> bool {
    let mut characters = value.chars();
    let first = characters.next();
    let repeated = value.len() > 2 && characters.all(|character| Some(character) == first);
    repeated
        || value.starts_with(['$', '{', '%', '*'])
        || value.contains("${")
        || value.contains("{{")
        || ["your_", "your-", "YOUR_"].iter().any(|lead| value.starts_with(lead))
}
