//! Tokens that carry their issuer's prefix.

use super::Rule;
use super::text::{Text, is_word};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;

/// No token of a fixed alphabet is longer.
const LONGEST: usize = 512;
/// How sure a prefix with the right length and alphabet makes.
const SCORE: f32 = 0.98;

/// A prefix, and what follows it.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) prefix: &'static str,
    rule: &'static str,
    alphabet: fn(u8) -> bool,
    /// The fewest and the most characters after the prefix.
    length: (usize, usize),
    /// Whether digits, capitals and small letters must all occur, for prefixes that words share.
    mixed: bool,
}

const fn token(
    rule: &'static str,
    prefix: &'static str,
    alphabet: fn(u8) -> bool,
    length: (usize, usize),
) -> Token {
    Token { prefix, rule, alphabet, length, mixed: false }
}

/// The prefixes that their issuers document, with the lengths that are in use.
pub(super) const TOKENS: &[Token] = &[
    token("anthropic-key", "sk-ant-", is_url_safe, (24, LONGEST)),
    token("aws-access-key-id", "AKIA", is_capital_or_digit, (16, 16)),
    token("aws-access-key-id", "ASIA", is_capital_or_digit, (16, 16)),
    token("github-token", "ghp_", is_alphanumeric, (36, 251)),
    token("github-token", "gho_", is_alphanumeric, (36, 251)),
    token("github-token", "ghu_", is_alphanumeric, (36, 251)),
    token("github-token", "ghs_", is_alphanumeric, (36, 251)),
    token("github-token", "ghr_", is_alphanumeric, (36, 251)),
    token("github-token", "github_pat_", is_word, (36, 244)),
    token("gitlab-token", "glpat-", is_url_safe, (20, LONGEST)),
    token("google-api-key", "AIza", is_url_safe, (35, 35)),
    token("google-client-secret", "GOCSPX-", is_url_safe, (28, 28)),
    token("huggingface-token", "hf_", is_alphanumeric, (30, 40)),
    token("npm-token", "npm_", is_alphanumeric, (36, 36)),
    token("openai-key", "sk-proj-", is_url_safe, (32, LONGEST)),
    token("openai-key", "sk-svcacct-", is_url_safe, (32, LONGEST)),
    token("openai-key", "sk-admin-", is_url_safe, (32, LONGEST)),
    Token { mixed: true, ..token("openai-key", "sk-", is_alphanumeric, (32, 64)) },
    token("pypi-token", "pypi-", is_url_safe, (80, LONGEST)),
    token("sendgrid-key", "SG.", is_dotted, (66, 66)),
    token("slack-token", "xoxa-", is_dashed, (16, LONGEST)),
    token("slack-token", "xoxb-", is_dashed, (16, LONGEST)),
    token("slack-token", "xoxe-", is_dashed, (16, LONGEST)),
    token("slack-token", "xoxp-", is_dashed, (16, LONGEST)),
    token("slack-token", "xoxr-", is_dashed, (16, LONGEST)),
    token("slack-token", "xoxs-", is_dashed, (16, LONGEST)),
    token("slack-token", "xapp-", is_dashed, (16, LONGEST)),
    token("slack-webhook", "hooks.slack.com/services/", is_path, (40, 80)),
    token("stripe-key", "sk_live_", is_alphanumeric, (16, 255)),
    token("stripe-key", "sk_test_", is_alphanumeric, (16, 255)),
    token("stripe-key", "rk_live_", is_alphanumeric, (16, 255)),
    token("stripe-key", "rk_test_", is_alphanumeric, (16, 255)),
    token("stripe-key", "whsec_", is_alphanumeric, (32, 255)),
];

const fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}
const fn is_capital_or_digit(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}
const fn is_dashed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}
pub(super) const fn is_url_safe(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}
const fn is_dotted(byte: u8) -> bool {
    is_url_safe(byte) || byte == b'.'
}
const fn is_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'/'
}

impl Token {
    /// The token whose prefix stands from `start` to `after`.
    pub(super) fn at(&self, text: Text<'_>, start: usize, after: usize) -> Option<Finding> {
        // Inside a longer run of its own alphabet it is not a prefix.
        let before = text.back(start, 1);
        if !text.is_fresh(start) || (before == b'-' && (self.alphabet)(b'-')) {
            return None;
        }
        let (least, most) = self.length;
        let end = text.run(after, most.saturating_add(1), self.alphabet);
        let length = end.saturating_sub(after);
        if !(least..=most).contains(&length) || is_word(text.at(end)) {
            return None;
        }
        let body = text.slice(after, end);
        if !is_random(body) || (self.mixed && !is_mixed(body)) {
            return None;
        }
        if surrogate::is_token(text.slice(start, end)) {
            return None;
        }
        Some(Rule::new(FindingKind::Secret, SCORE, self.rule).finds(start, end))
    }
}

/// Whether a token is more than a placeholder: `xxxxxxxx`, `****`. A random one of sixteen
/// characters has eight different ones but for a chance of one in many thousands.
pub(super) fn is_random(body: &str) -> bool {
    let mut seen = [false; 128];
    let mut different = 0_usize;
    for byte in body.bytes() {
        if let Some(slot) = seen.get_mut(usize::from(byte))
            && !*slot
        {
            *slot = true;
            different = different.saturating_add(1);
        }
    }
    different >= 7
}

/// Whether digits, capitals and small letters all occur.
pub(super) fn is_mixed(body: &str) -> bool {
    let any = |of: fn(&u8) -> bool| body.as_bytes().iter().any(of);
    any(u8::is_ascii_digit) && any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase)
}

/// How many bytes of a secret are its public prefix, which a surrogate keeps.
pub(crate) fn fixed_prefix(secret: &str) -> usize {
    TOKENS
        .iter()
        .map(|token| token.prefix)
        .chain(["eyJ"])
        .filter(|prefix| secret.starts_with(prefix))
        .map(str::len)
        .max()
        .unwrap_or(0)
}
