//! Secrets with more structure than a prefix: private keys, web tokens, and tokens with
//! something fixed in their middle or at their end.

use super::Rule;
use super::text::{Text, is_word};
use super::token::is_random;
use super::vendors::alphabet::is_url_safe;
use crate::finding::{Finding, FindingKind};
use crate::surrogate;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const PRIVATE_KEY: Rule = Rule::new(FindingKind::Secret, 0.99, "private-key");
const JSON_WEB_TOKEN: Rule = Rule::new(FindingKind::Secret, 0.95, "json-web-token");
const AZURE: Rule = Rule::new(FindingKind::Secret, 0.95, "azure-client-secret");
const TERRAFORM: Rule = Rule::new(FindingKind::Secret, 0.98, "terraform-token");
const MAILCHIMP: Rule = Rule::new(FindingKind::Secret, 0.95, "mailchimp-key");
const TELEGRAM: Rule = Rule::new(FindingKind::Secret, 0.95, "telegram-bot-token");

/// What begins and ends the lines around a key (RFC 7468).
const DASHES: &[u8] = b"-----";
/// The longest label between the dashes.
const LABEL_LIMIT: usize = 48;
/// The fewest characters of a key that lost its last line.
const KEY_MINIMUM: usize = 64;
/// The fewest letters and digits of a whole key: those of Ed25519 have more than twice as many.
const KEY_LEAST: usize = 24;
/// The longest header of a web token that is decoded.
const HEADER_LIMIT: usize = 2048;
/// What parts a token of Terraform's service from its identifier.
const ATLAS: &str = ".atlasv1.";
/// How far behind the mark of a secret of Entra ID its first long run may begin.
const AZURE_REACH: usize = 22;
/// Characters of a Telegram token behind the colon.
const TELEGRAM_WIDTH: usize = 35;

/// A private key in its armour, from `-----BEGIN` to the end of the `-----END` line. A key whose
/// end is missing goes as far as its characters do.
pub(super) fn private_key(text: Text<'_>, begin: usize, after: usize) -> Option<Finding> {
    let start = begin.checked_sub(DASHES.len())?;
    if text.window(start, begin) != DASHES {
        return None;
    }
    let is_label = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ';
    let label_end = text.run(after, LABEL_LIMIT, is_label);
    let label = text.slice(after, label_end);
    let names_key = label.ends_with("PRIVATE KEY") || label == "PGP PRIVATE KEY BLOCK";
    if !names_key || text.window(label_end, label_end.saturating_add(DASHES.len())) != DASHES {
        return None;
    }
    let body = label_end.saturating_add(DASHES.len());
    let rest = text.window(body, text.bytes().len());
    // The next dashes are those of the end, or there is no end.
    let closing = memchr::memmem::find(rest, DASHES).map(|at| body.saturating_add(at));
    let end_line = format!("-----END {label}-----");
    let end = match closing {
        Some(at) if text.starts_with(at, &end_line) => at.saturating_add(end_line.len()),
        _ => {
            let is_body = |b: u8| b.is_ascii_alphanumeric() || b"+/=\\\r\n".contains(&b);
            let end = text.run(body, usize::MAX, is_body).min(closing.unwrap_or(usize::MAX));
            let kept = text.slice(body, end).trim_end_matches(['\n', '\r', '\\']);
            (kept.len() >= KEY_MINIMUM).then(|| body.saturating_add(kept.len()))?
        }
    };
    // Code that writes or looks for the armour has no key in it, and examples leave it out.
    let letters = |byte: &u8| byte.is_ascii_alphanumeric();
    let inside = text.window(body, end.saturating_sub(end_line.len()).max(body));
    let key: Vec<u8> = inside.iter().copied().filter(letters).take(KEY_LEAST).collect();
    let random = std::str::from_utf8(&key).is_ok_and(is_random);
    if key.len() < KEY_LEAST || !random {
        return None;
    }
    let known = surrogate::is_token(text.slice(start, end));
    (!known).then(|| PRIVATE_KEY.finds(start, end))
}

/// Segments of base64url joined by dots, the first of which is the header of a signed (RFC 7515)
/// or encrypted (RFC 7516) token.
pub(super) fn json_web_token(text: Text<'_>, start: usize) -> Option<Finding> {
    let before = text.back(start, 1);
    if !text.is_fresh(start) || matches!(before, b'.' | b'-') {
        return None;
    }
    let end = text.run(start, usize::MAX, |byte| is_url_safe(byte) || byte == b'.');
    let whole = text.slice(start, end).trim_end_matches('.');
    let (header, rest) = whole.split_once('.')?;
    if header.len() > HEADER_LIMIT || rest.is_empty() || surrogate::is_token(whole) {
        return None;
    }
    let decoded = URL_SAFE_NO_PAD.decode(header).ok()?;
    let says_how = memchr::memmem::find(&decoded, b"\"alg\"").is_some()
        || memchr::memmem::find(&decoded, b"\"typ\"").is_some();
    (decoded.ends_with(b"}") && says_how)
        .then(|| JSON_WEB_TOKEN.finds(start, start.saturating_add(whole.len())))
}

/// The token of a bot: its number, a colon, and the run of 35 characters from `body` to `end`, of
/// which the first two are `AA`.
pub(super) fn telegram(text: Text<'_>, body: usize, end: usize) -> Option<Finding> {
    if end.saturating_sub(body) != TELEGRAM_WIDTH || !text.starts_with(body, "AA") {
        return None;
    }
    let colon = body.saturating_sub(1);
    let start = text.run_back(colon, 11, |byte| byte.is_ascii_digit());
    // `bot` stands before the number in the URLs of the service.
    let begins = text.is_fresh(start) || text.slice(start.saturating_sub(3), start) == "bot";
    let fits = (8..=10).contains(&colon.saturating_sub(start))
        && begins
        && is_random(text.slice(body, end))
        && !surrogate::is_token(text.slice(start, end));
    fits.then(|| TELEGRAM.finds(start, end))
}

/// A secret of an application in Entra ID: three characters, `7Q~` or `8Q~`, and 31 to 34 more, of
/// which a run begins at `run`.
pub(super) fn azure_client_secret(text: Text<'_>, run: usize) -> Option<Finding> {
    let window = text.window(run.saturating_sub(AZURE_REACH), run);
    let mark = window.windows(3).rposition(|three| matches!(three, [b'7' | b'8', b'Q', b'~']))?;
    let at = run.saturating_sub(window.len()).saturating_add(mark);
    let after = at.saturating_add(3);
    let is_part = |byte: u8| is_url_safe(byte) || matches!(byte, b'~' | b'.');
    let start = text.run_back(at, 4, is_part);
    let end = text.run(after, 35, is_part);
    let fits = at.saturating_sub(start) == 3 && (31..=34).contains(&end.saturating_sub(after));
    framed(text, start, end, fits, AZURE)
}

/// A token of a hosted service of Terraform: 14 characters, `.atlasv1.`, and the run of 60 to 70
/// from `body` to `end`.
pub(super) fn terraform(text: Text<'_>, body: usize, end: usize) -> Option<Finding> {
    let at = body.saturating_sub(ATLAS.len());
    if text.slice(at, body) != ATLAS {
        return None;
    }
    let start = text.run_back(at, 15, |byte| byte.is_ascii_alphanumeric());
    let fits = at.saturating_sub(start) == 14 && (60..=70).contains(&end.saturating_sub(body));
    framed(text, start, end, fits, TERRAFORM)
}

/// 32 hexadecimal digits, `-us`, and the number of a data centre: the end of a run at `end`.
pub(super) fn mailchimp(text: Text<'_>, run: usize, end: usize) -> Option<Finding> {
    let centre = text.run_back(end, 3, |byte| byte.is_ascii_digit());
    let at = centre.saturating_sub(3);
    if at < run || text.slice(at, centre) != "-us" {
        return None;
    }
    let start = text.run_back(at, 33, |byte| byte.is_ascii_hexdigit());
    let fits = at.saturating_sub(start) == 32 && (1..=2).contains(&end.saturating_sub(centre));
    framed(text, start, end, fits, MAILCHIMP)
}

/// A token that `fits`, unless it is part of a word, a placeholder, or ours.
fn framed(text: Text<'_>, start: usize, end: usize, fits: bool, rule: Rule) -> Option<Finding> {
    let value = text.slice(start, end);
    (fits && text.is_fresh(start) && !is_word(text.at(end)) && is_random(value))
        .then(|| !surrogate::is_token(value))?
        .then(|| rule.finds(start, end))
}
