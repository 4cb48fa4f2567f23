//! What URLs say of persons and give away: names in the addresses of profiles, and tokens among
//! the parameters.

use super::Rule;
use super::credentials::{self, is_placeholder};
use super::text::{Text, is_word};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;

const PROFILE: Rule = Rule::new(FindingKind::Handle, 0.85, "profile-url");
const PARAMETER: Rule = Rule::new(FindingKind::UrlCredentials, 0.9, "url-parameter");

/// The longest host, name and value that are read.
const HOST_LIMIT: usize = 64;
const NAME_LIMIT: usize = 64;
const VALUE_LIMIT: usize = 4096;
/// The longest path before a query, and the most parameters of one.
const PATH_LIMIT: usize = 2048;
const MOST_PARAMETERS: usize = 64;

/// Where the name stands in the path of a profile.
#[derive(Clone, Copy)]
enum Place {
    /// The first part, whatever follows.
    First,
    /// The only part: deeper paths are those of repositories.
    Only,
    /// Behind this.
    Behind(&'static str),
}

/// The services whose profiles have a person's name in their address.
const SERVICES: &[(&str, Place)] = &[
    ("behance.net", Place::First),
    ("bitbucket.org", Place::Only),
    ("bsky.app", Place::Behind("profile/")),
    ("codepen.io", Place::First),
    ("dribbble.com", Place::Only),
    ("facebook.com", Place::Only),
    ("github.com", Place::Only),
    ("gitlab.com", Place::Only),
    ("instagram.com", Place::First),
    ("keybase.io", Place::Only),
    ("linkedin.com", Place::Behind("in/")),
    ("medium.com", Place::Behind("@")),
    ("reddit.com", Place::Behind("user/")),
    ("reddit.com", Place::Behind("u/")),
    ("snapchat.com", Place::Behind("add/")),
    ("soundcloud.com", Place::First),
    ("t.me", Place::Only),
    ("threads.net", Place::Behind("@")),
    ("tiktok.com", Place::Behind("@")),
    ("twitch.tv", Place::Only),
    ("twitter.com", Place::First),
    ("x.com", Place::First),
    ("youtube.com", Place::Behind("@")),
];

/// Pages of those services that are nobody's.
const PAGES: &[&str] = &[
    "about",
    "accounts",
    "add",
    "apps",
    "blog",
    "careers",
    "codespaces",
    "collections",
    "contact",
    "customer-stories",
    "dashboard",
    "dialog",
    "directory",
    "discover",
    "docs",
    "downloads",
    "enterprise",
    "events",
    "explore",
    "features",
    "groups",
    "hashtag",
    "help",
    "home",
    "i",
    "in",
    "intent",
    "issues",
    "jobs",
    "join",
    "joinchat",
    "legal",
    "login",
    "logout",
    "marketplace",
    "messages",
    "new",
    "notifications",
    "orgs",
    "p",
    "pages",
    "pen",
    "plugins",
    "policies",
    "pricing",
    "privacy",
    "profile",
    "pulls",
    "readme",
    "reel",
    "reels",
    "s",
    "search",
    "security",
    "settings",
    "share",
    "sharer",
    "shots",
    "signup",
    "site",
    "sponsors",
    "stories",
    "terms",
    "topics",
    "tos",
    "trending",
    "tv",
    "user",
    "username",
    "users",
    "videos",
    "watch",
    "your-username",
    "yourusername",
    "your_username",
];

/// Parameters whose value opens something.
const PARAMETERS: &[&str] = &[
    "access_key",
    "access_token",
    "accesstoken",
    "api-key",
    "api_key",
    "api_token",
    "apikey",
    "auth",
    "auth_token",
    "authtoken",
    "bearer",
    "client_secret",
    "confirmation_token",
    "csrf_token",
    "id_token",
    "invitation_token",
    "jwt",
    "oauth_signature",
    "oauth_token",
    "oauth_verifier",
    "otp",
    "pass",
    "passwd",
    "password",
    "private_token",
    "pwd",
    "refresh_token",
    "reset_password_token",
    "reset_token",
    "secret",
    "session",
    "session_id",
    "session_token",
    "sessionid",
    "sid",
    "sig",
    "signature",
    "sso_token",
    "ticket",
    "token",
    "user_token",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
    "x-api-key",
    "x-goog-credential",
    "x-goog-signature",
    "x-oss-signature",
];
/// Those whose value is a word that somebody chose.
const CHOSEN: &[&str] = &["pass", "passwd", "password", "pwd"];
/// The fewest characters of a value that was not chosen.
const LEAST: usize = 8;

/// Adds what the URL says whose `://` is at `at`, and returns where it ends.
pub(super) fn find(text: Text<'_>, at: usize, out: &mut Vec<Finding>) -> usize {
    let host = at.saturating_add("://".len());
    if !text.back(at, 1).is_ascii_alphanumeric() {
        return host;
    }
    out.extend(credentials::url(text, at, host));
    out.extend(profile(text, host));
    let end = text.run(host, PATH_LIMIT, |byte| !byte.is_ascii_whitespace() && !stops_path(byte));
    if matches!(text.at(end), b'?' | b'#') { parameters(text, end, out) } else { end }
}

/// The name in the address of a profile that is written without a scheme, as many do; the end of
/// its host begins at `at`.
pub(super) fn bare(text: Text<'_>, at: usize, _end: usize) -> Option<Finding> {
    let host = text.run_back(at, HOST_LIMIT, |byte| byte.is_ascii_alphanumeric() || byte == b'.');
    let joined = matches!(text.back(host, 1), b'/' | b'@' | b'-' | b'_' | b'%');
    (!joined && text.is_fresh(host)).then(|| profile(text, host)).flatten()
}

/// Whether a byte ends a URL's path.
const fn stops_path(byte: u8) -> bool {
    matches!(byte, b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | b'|' | b'(' | b')')
}

/// The name in the address of a profile whose host begins at `start`.
fn profile(text: Text<'_>, start: usize) -> Option<Finding> {
    let end = text.run(start, HOST_LIMIT, |byte| byte.is_ascii_alphanumeric() || byte == b'.');
    if text.at(end) != b'/' {
        return None;
    }
    let host = text.slice(start, end).to_ascii_lowercase();
    let host = ["www.", "m.", "mobile.", "old."]
        .iter()
        .find_map(|prefix| host.strip_prefix(prefix))
        // Each country has a host of its own there: `de.linkedin.com`.
        .or_else(|| {
            host.split_once('.').filter(|(_, rest)| *rest == "linkedin.com").map(|(_, r)| r)
        })
        .unwrap_or(&host);
    let mut places = SERVICES.iter().filter(|(service, _)| *service == host);
    places.find_map(|(_, place)| named(text, end + 1, *place))
}

/// The name in the path that begins at `path`.
fn named(text: Text<'_>, path: usize, place: Place) -> Option<Finding> {
    let start = match place {
        Place::Behind(head) if text.starts_with(path, head) => path + head.len(),
        Place::Behind(_) => return None,
        // Some profiles have the sign before the name as well.
        Place::First | Place::Only => path + usize::from(text.at(path) == b'@'),
    };
    let is_name = |byte: u8| is_word(byte) || matches!(byte, b'-' | b'.' | b'%') || byte > 0x7f;
    let end = text.run(start, NAME_LIMIT + 1, is_name);
    let name = text.slice(start, end).trim_end_matches(['.', '-']);
    let end = start + name.len();
    let deeper = text.at(end) == b'/' && (is_word(text.at(end + 1)) || text.at(end + 1) == b'-');
    let only = !matches!(place, Place::Only) || !deeper;
    let page = PAGES.contains(&name.to_ascii_lowercase().as_str()) || name.ends_with(".php");
    let person = name.len() <= NAME_LIMIT && name.contains(|c: char| c.is_alphabetic());
    (only && person && !page && !surrogate::is_word(name)).then(|| PROFILE.finds(start, end))
}

/// The tokens of the parameters behind the `?` or `#` at `at`, and where they end.
fn parameters(text: Text<'_>, at: usize, out: &mut Vec<Finding>) -> usize {
    let mut at = at + 1;
    for _ in 0..MOST_PARAMETERS {
        let is_name = |byte: u8| is_word(byte) || matches!(byte, b'-' | b'.' | b'[' | b']' | b'%');
        let name_end = text.run(at, NAME_LIMIT, is_name);
        let (name, mut end) = (text.slice(at, name_end), name_end);
        if text.at(name_end) == b'=' {
            let value = name_end + 1;
            end = text.run(value, VALUE_LIMIT, |byte| {
                !byte.is_ascii_whitespace() && !stops_path(byte) && !b"&;{}[]^".contains(&byte)
            });
            out.extend(token(text, name, value, end));
        }
        let joined =
            ["&amp;", "&", ";", r"\u0026", "#", "?"].iter().find(|j| text.starts_with(end, j));
        let Some(join) = joined else {
            return end;
        };
        at = end + join.len();
    }
    at
}

/// The value of the parameter `name`, when it opens something.
fn token(text: Text<'_>, name: &str, start: usize, end: usize) -> Option<Finding> {
    let name = name.to_ascii_lowercase();
    let value = text.slice(start, end).trim_end_matches(['.', ',', '*']);
    let chosen = CHOSEN.contains(&name.as_str());
    let random = value.len() >= LEAST && value.contains(|c: char| c.is_ascii_digit());
    let fits = PARAMETERS.contains(&name.as_str())
        && if chosen { value.len() > 1 } else { random }
        && !is_placeholder(value)
        && !surrogate::is_token(value)
        && !surrogate::is_credentials(value);
    fits.then(|| PARAMETER.finds(start, start + value.len()))
}
