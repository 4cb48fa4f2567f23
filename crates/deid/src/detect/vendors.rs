//! Tokens that their issuers give a prefix to, one table for each field. Prefixes, alphabets and
//! lengths are those that issuers document, or that their own examples and releases show; where a
//! length is not fixed, the range leaves room for it.

pub(super) mod alphabet;
mod cloud;
mod code;
mod intelligence;
mod messaging;
mod payment;
mod product;

use super::token::Token;

/// Every token with a prefix. Several may share one.
pub(super) fn tokens() -> impl Iterator<Item = &'static Token> {
    [
        cloud::TOKENS,
        code::TOKENS,
        intelligence::TOKENS,
        messaging::TOKENS,
        payment::TOKENS,
        product::TOKENS,
    ]
    .into_iter()
    .flatten()
}

const fn token(
    rule: &'static str,
    prefix: &'static str,
    alphabet: fn(u8) -> bool,
    length: (usize, usize),
) -> Token {
    Token { prefix, rule, alphabet, length, mixed: false }
}

/// A token whose prefix words share: digits, capitals and small letters must all occur in it.
const fn mixed(
    rule: &'static str,
    prefix: &'static str,
    alphabet: fn(u8) -> bool,
    length: (usize, usize),
) -> Token {
    Token { mixed: true, ..token(rule, prefix, alphabet, length) }
}
