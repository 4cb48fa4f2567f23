//! Tokens that their length gives away, with a mark at their beginning, in their middle or at
//! their end that is too short or too far inside to lead to them.

use super::Rule;
use super::text::{Text, is_word};
use super::token::{is_mixed, is_random};
use super::vendors::alphabet::{is_hexadecimal, is_url_safe};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;

const fn rule(name: &'static str) -> Rule {
    Rule::new(FindingKind::Secret, 0.95, name)
}

/// Account and key of an API for telephony: two letters and 32 hexadecimal digits.
const TWILIO_ACCOUNT: Rule = rule("twilio-account-sid");
const TWILIO_KEY: Rule = rule("twilio-key-sid");
/// An application of a messenger: `wx` and 16 hexadecimal digits.
const WECHAT: Rule = rule("wechat-app-id");
/// A seed of NATS: `S`, a letter for what it is of, and 56 characters of base32.
const NKEY: Rule = rule("nats-seed");
/// A licence for databases of addresses: 6 characters, an underscore, 29 more, and `_mmk`.
const MAXMIND: Rule = rule("maxmind-key");
/// Keys of cloud services that carry a mark of their kind (identifiable keys).
const AZURE_SEARCH: Rule = rule("azure-search-key");
const AZURE_FUNCTION: Rule = rule("azure-function-key");
/// A bot's token: its number in base64, when it was made, and a check.
const DISCORD: Rule = rule("discord-bot-token");

/// The token that the run from `start` to `end` is, or is the beginning of.
pub(super) fn find(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let start = text.skip_escape(start);
    let run = text.slice(start, end);
    let hexadecimal = |from: usize| run.bytes().skip(from).all(is_hexadecimal);
    let rule = match (run.len(), run.as_bytes()) {
        (34, [b'A', b'C', ..]) if hexadecimal(2) => TWILIO_ACCOUNT,
        (34, [b'S', b'K', ..]) if hexadecimal(2) => TWILIO_KEY,
        (18, [b'w', b'x', ..]) if hexadecimal(2) => WECHAT,
        (58, [b'S', b'A' | b'C' | b'N' | b'O' | b'P' | b'U' | b'X', ..]) if is_base32(run) => NKEY,
        (40, [_, _, _, _, _, _, b'_', ..]) if run.ends_with("_mmk") && is_mixed(run) => MAXMIND,
        (52, _) if run.get(42..46) == Some("AzSe") => AZURE_SEARCH,
        (53.., _) if run.get(44..48) == Some("AzFu") => {
            return framed(text, start, text.run(end, 2, |byte| byte == b'='), AZURE_FUNCTION);
        }
        (24..=28, [b'M' | b'N' | b'O', ..]) => return discord(text, start, end),
        _ => return None,
    };
    framed(text, start, end, rule)
}

fn is_base32(run: &str) -> bool {
    run.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'2'..=b'7'))
}

/// The token of a bot whose first part is the run from `start` to `end`.
fn discord(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let made = end.saturating_add(1);
    let made_end = text.run(made, 7, is_url_safe);
    let check = made_end.saturating_add(1);
    let check_end = text.run(check, 41, is_url_safe);
    let fits = text.at(end) == b'.'
        && text.at(made_end) == b'.'
        && made_end.saturating_sub(made) == 6
        && (27..=40).contains(&check_end.saturating_sub(check))
        && is_mixed(text.slice(start, check_end));
    fits.then(|| framed(text, start, check_end, DISCORD)).flatten()
}

/// A token, unless it is part of a longer one, a placeholder, or ours.
fn framed(text: Text<'_>, start: usize, end: usize, rule: Rule) -> Option<Finding> {
    let value = text.slice(start, end);
    let whole = text.is_fresh(start) && !is_word(text.at(end));
    (whole && is_random(value) && !surrogate::is_token(value)).then(|| rule.finds(start, end))
}
