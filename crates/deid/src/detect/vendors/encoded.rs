//! Private keys without their armour: base64 of a PEM block, and of what such a block holds. The
//! prefixes are what the first bytes of those formats are in base64 (RFC 4648): a label of RFC 7468,
//! and the version and algorithm of RFC 5208, RFC 8017 and RFC 5915.

use super::alphabet::is_base64;
use super::{Token, mixed, token};

pub(super) const TOKENS: &[Token] = &[
    // `-----BEGIN PRIVATE KEY`, `… RSA PRIVATE KEY`, `… EC …`, `… DSA …`, `… OPENSSH …`, `… ENCRYPTED …`.
    token("encoded-private-key", "LS0tLS1CRUdJTiBQUklWQVRFIEtF", is_base64, (60, 16_384)),
    token("encoded-private-key", "LS0tLS1CRUdJTiBSU0EgUFJJVkFU", is_base64, (60, 16_384)),
    token("encoded-private-key", "LS0tLS1CRUdJTiBFQyBQUklWQVRF", is_base64, (60, 16_384)),
    token("encoded-private-key", "LS0tLS1CRUdJTiBEU0EgUFJJVkFU", is_base64, (60, 16_384)),
    token("encoded-private-key", "LS0tLS1CRUdJTiBPUEVOU1NIIFBS", is_base64, (60, 16_384)),
    token("encoded-private-key", "LS0tLS1CRUdJTiBFTkNSWVBURUQg", is_base64, (60, 16_384)),
    // PKCS #8 of 1024, 2048 and 4096 bits.
    mixed("bare-private-key", "MIICdwIBADAN", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIICdgIBADAN", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIICeAIBADAN", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIEvAIBADAN", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIEvQIBADAN", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIEvgIBADAN", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIEvwIBADAN", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIJQgIBADAN", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIJQwIBADAN", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIJRAIBADAN", is_base64, (60, 16_384)),
    // PKCS #1.
    mixed("bare-private-key", "MIICXAIBAAKB", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIICXQIBAAKB", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIICXgIBAAKB", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIEogIBAAKC", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIEowIBAAKC", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIEpAIBAAKC", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIEpQIBAAKC", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIJKAIBAAKC", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIJKQIBAAKC", is_base64, (60, 16_384)),
    mixed("bare-private-key", "MIIJKgIBAAKC", is_base64, (60, 16_384)),
    // Elliptic curves: P-256 in both forms, Ed25519, X25519.
    mixed("bare-private-key", "MHcCAQEE", is_base64, (100, 200)),
    mixed("bare-private-key", "MIGHAgEAMBMG", is_base64, (100, 240)),
    mixed("bare-private-key", "MC4CAQAwBQYDK2V", is_base64, (48, 56)),
];
