//! Credentials that stand in a place made for them: headers, URLs, connection strings.

use super::text::{Text, is_word};
use super::token::{is_mixed, is_random};
use super::{Rule, assignment};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

const BEARER: Rule = Rule::new(FindingKind::Secret, 0.85, "bearer-token");
const BASIC: Rule = Rule::new(FindingKind::Secret, 0.9, "basic-credentials");
const URL: Rule = Rule::new(FindingKind::UrlCredentials, 0.95, "url-credentials");
const DRIVER: Rule = Rule::new(FindingKind::UrlCredentials, 0.9, "driver-credentials");
const KEY: Rule = Rule::new(FindingKind::UrlCredentials, 0.9, "url-key");
const CURL: Rule = Rule::new(FindingKind::UrlCredentials, 0.9, "curl-credentials");
const CONNECTION: Rule = Rule::new(FindingKind::Secret, 0.9, "connection-string");

/// The longest credential that is read.
const LIMIT: usize = 4096;
/// The longest command that is searched for an option.
const COMMAND_LIMIT: usize = 512;
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
pub(super) fn bearer(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let after = scheme(text, start, end)?;
    let end = text.run(after, LIMIT, |byte| is_base64(byte) || b"-._~".contains(&byte));
    let token = text.slice(after, end).trim_end_matches(['.', '-']);
    let varied = token.bytes().any(|byte| byte.is_ascii_digit())
        && token.bytes().any(|byte| byte.is_ascii_alphabetic());
    (token.len() >= 16 && varied && is_random(token) && !surrogate::is_token(token))
        .then(|| BEARER.finds(after, after.saturating_add(token.len())))
}

/// The credentials of `Basic CREDENTIALS` (RFC 7617): base64 of a user, a colon and a password.
pub(super) fn basic(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let after = scheme(text, start, end)?;
    let end = text.run(after, LIMIT, is_base64);
    let value = text.slice(after, end);
    if value.len() < 6 || is_word(text.at(end)) {
        return None;
    }
    let decoded = BASE64.decode(value).ok()?;
    let readable = std::str::from_utf8(&decoded).ok()?;
    let pair = readable.contains(':') && !readable.contains(char::is_control);
    (pair && !surrogate::is_token(value)).then(|| BASIC.finds(after, end))
}

/// Where the credentials begin behind the word of a scheme, which stands from `start`, without its
/// first letter, to `end`. A space parts them, or what stands for one: a tab, `%20`, `+`, a colon.
fn scheme(text: Text<'_>, start: usize, end: usize) -> Option<usize> {
    let first = start.checked_sub(1)?;
    if !text.at(first).eq_ignore_ascii_case(&b'B') || !text.is_fresh(first) {
        return None;
    }
    if text.starts_with(end, "%20") {
        return Some(end.saturating_add(3));
    }
    if text.starts_with(end, "\\t") {
        return Some(end.saturating_add(2));
    }
    let after = text.run(end, 4, |byte| matches!(byte, b' ' | b'\t' | b'+' | b':'));
    (after > end).then_some(after)
}

/// The `user:password` of `curl -u user:password`, within the command that begins at `end`.
pub(super) fn curl(text: Text<'_>, _start: usize, end: usize) -> Option<Finding> {
    let whole = text.window(end.saturating_sub(1), end.saturating_add(COMMAND_LIMIT));
    // The next command has its own turn.
    let length = memchr::memmem::find(whole, b"curl ").unwrap_or(whole.len());
    let command = whole.get(..length).unwrap_or_default();
    let value = curl_user(text, end.saturating_sub(1), command)?;
    let quote = text.at(value);
    let quoted = matches!(quote, b'"' | b'\'');
    let from = value.saturating_add(usize::from(quoted));
    let until = text.run(from, USER_LIMIT, |byte| {
        if quoted {
            byte != quote && byte != b'\n'
        } else {
            byte > b' ' && !b"\"'\\`<>".contains(&byte)
        }
    });
    let credentials = text.slice(from, until);
    let (user, password) = credentials.split_once(':')?;
    let written = !user.is_empty()
        && password.len() >= 2
        && !is_placeholder(password)
        && !user.starts_with(['$', '<', '{'])
        && !password.contains('<')
        // In single quotes a shell expands nothing.
        && (quote == b'\'' || !password.contains('$'));
    (written && !surrogate::is_credentials(credentials)).then(|| CURL.finds(from, until))
}

/// Where the argument of the option for a user begins in the command of `curl` that begins at
/// `start`: of `--user`, of `-u`, or of a `u` behind options that take no argument (curl's manual,
/// "Options").
fn curl_user(text: Text<'_>, start: usize, command: &[u8]) -> Option<usize> {
    const FLAGS: &[u8] = b"fgiIjkLlnNOpqRsSv#0123456";
    memchr::memmem::find_iter(command, b" -").find_map(|at| {
        let option = start.saturating_add(at).saturating_add(2);
        let after = if text.starts_with(option, "-user") {
            option.saturating_add("-user".len())
        } else {
            let flags = text.run(option, FLAGS.len(), |byte| FLAGS.contains(&byte));
            (text.at(flags) == b'u').then_some(flags.saturating_add(1))?
        };
        // `--user-agent`
        (text.at(after) != b'-').then(|| text.run(after, 1, |byte| matches!(byte, b' ' | b'=')))
    })
}

/// The `user:password`, or the key alone, of the URL whose `://` stands from `start` to `after`.
pub(super) fn url(text: Text<'_>, start: usize, after: usize) -> Option<Finding> {
    if !text.back(start, 1).is_ascii_alphanumeric() {
        return None;
    }
    let is_part = |byte: u8| !byte.is_ascii_whitespace() && !b"/?#\"'`<>\\|()[]".contains(&byte);
    let end = text.run(after, USER_LIMIT, is_part);
    let authority = text.window(after, end);
    let at = after.saturating_add(memchr::memrchr(b'@', authority)?);
    let credentials = text.slice(after, at);
    let Some((user, password)) = credentials.split_once(':') else {
        // The key of a service: `https://KEY@o1.ingest.sentry.io/2` (Sentry's manual, DSN).
        let key = assignment::is_key(credentials) && !surrogate::is_token(credentials);
        return key.then(|| KEY.finds(after, at));
    };
    let written = !password.is_empty() && !is_placeholder(password) && !are_words(user, password);
    (written && !surrogate::is_credentials(credentials)).then(|| URL.finds(after, at))
}

/// The `user:password` of `user:password@tcp(host:3306)/db`, as Go's driver for MySQL takes it (its
/// manual, DSN); the `@` is at `at`.
pub(super) fn driver(text: Text<'_>, at: usize) -> Option<Finding> {
    if !["@tcp(", "@unix("].iter().any(|lead| text.starts_with(at, lead)) {
        return None;
    }
    let is_part = |byte: u8| !byte.is_ascii_whitespace() && !b"\"'`\\<>".contains(&byte);
    let start = text.run_back(at, USER_LIMIT, is_part);
    // `DSN=root:…`: a sign before the user assigns, one behind it is of the password.
    let written = text.slice(start, at);
    let user = written.split(':').next().unwrap_or_default();
    let assigned = user.rfind('=').map_or(0, |sign| sign.saturating_add(1));
    let start = start.saturating_add(assigned);
    let credentials = text.slice(start, at);
    let (user, password) = credentials.split_once(':')?;
    let stands = is_placeholder(user) || is_placeholder(password) || are_words(user, password);
    let written = !user.is_empty() && !password.is_empty() && !stands;
    (written && !surrogate::is_credentials(credentials)).then(|| DRIVER.finds(start, at))
}

/// Whether a user and a password are the words for them, as in the description of a URL.
fn are_words(user: &str, password: &str) -> bool {
    let any =
        |words: &[&str], given: &str| words.iter().any(|word| given.eq_ignore_ascii_case(word));
    any(&["user", "username", "usr", "login", "name", "id"], user)
        && any(&["password", "passwd", "pass", "pwd", "pw", "secret"], password)
}

/// The key of a storage account or service bus: `AccountKey=…`, `SharedAccessKey=…`.
pub(super) fn account_key(text: Text<'_>, after: usize) -> Option<Finding> {
    let end = text.run(after, 129, is_base64);
    let value = text.slice(after, end);
    let fits = (40..=128).contains(&value.len()) && is_random(value) && is_mixed(value);
    (fits && !surrogate::is_token(value)).then(|| CONNECTION.finds(after, end))
}

/// The password of a connection string, which begins at `after` behind its name from `start`: a
/// field among others, separated by semicolons.
pub(super) fn connection_password(text: Text<'_>, start: usize, after: usize) -> Option<Finding> {
    let limit = text.before_assignment(after, FIELD_REACH);
    let end =
        text.run(after, limit, |byte| !byte.is_ascii_whitespace() && !b";\"'`\\<>".contains(&byte));
    let before = text.run_back(start, 1, |byte| byte == b' ');
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
