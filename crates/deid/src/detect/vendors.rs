//! Tokens that their issuers give a prefix to, one table for each field. Prefixes, alphabets and
//! lengths are those that issuers document, or that their own examples and releases show; where a
//! length is not fixed, the range leaves room for it.

pub(super) mod alphabet;
mod cloud;
mod code;
mod encoded;
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
        encoded::TOKENS,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::fixed_prefix;
    use crate::{Engine, Scope};
    use std::collections::BTreeSet;

    /// Small letters, capitals, digits and signs in no order.
    const RANDOM: &[u8] = b"q7Z_r2K-x9W/mB4+tYc8LpV3nHd6GsF1jXa5RkE0uTbNwQyCzMvPiAoDhSgJfUe";

    /// A token of the fewest characters that its rule takes.
    fn shortest(token: &Token) -> String {
        let fits = |byte: &&u8| (token.alphabet)(**byte);
        let alphabet: Vec<u8> = RANDOM.iter().filter(fits).copied().collect();
        // The signs come last, so that no token ends in one.
        let body = alphabet.iter().filter(|byte| byte.is_ascii_alphanumeric()).cycle();
        let body: String = body.take(token.length.0).map(|&byte| char::from(byte)).collect();
        format!("{}{body}", token.prefix)
    }

    #[test]
    fn there_are_two_hundred_kinds() {
        let kinds: BTreeSet<&str> = tokens().map(|token| token.rule).collect();
        assert!(kinds.len() >= 200, "{}", kinds.len());
        for kind in kinds {
            assert!(
                kind.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            );
        }
    }

    #[test]
    fn every_prefix_leads_to_its_token_and_stays_in_the_surrogate() {
        let engine = Engine::structured();
        for token in tokens() {
            let secret = shortest(token);
            let rules: BTreeSet<&str> = tokens()
                .filter(|other| secret.starts_with(other.prefix))
                .map(|other| other.rule)
                .collect();
            let text = format!("the token {secret} is old");
            let redacted = engine.redact(&text, &mut Scope::new([7; 32]));
            let found: Vec<_> =
                redacted.findings.iter().map(|f| (&*f.rule, f.start, f.end)).collect();
            let [(rule, 10, end)] = found.as_slice() else {
                panic!("{secret}: {found:?}");
            };
            assert!(rules.contains(rule) && *end == 10 + secret.len(), "{secret}: {found:?}");
            // Shorter secrets become words.
            if secret.len() < fixed_prefix(&secret) + 16 {
                continue;
            }
            let kept = format!("the token {}", secret.get(..fixed_prefix(&secret)).unwrap());
            assert!(kept.ends_with(token.prefix) || fixed_prefix(&secret) > token.prefix.len());
            assert!(redacted.text.starts_with(&kept), "{secret}: {}", redacted.text);
        }
    }

    #[test]
    fn tokens_on_neighbouring_lines_stay_apart() {
        let secrets: Vec<String> = tokens().map(shortest).collect();
        let text = secrets.join("\n");
        let found = Engine::structured().findings(&text);
        let found: Vec<&str> = found.iter().map(|f| text.get(f.start..f.end).unwrap()).collect();
        assert_eq!(found, secrets);
    }
}
