//! Addresses of wallets: Bitcoin and what follows its formats, Ethereum, Monero.

use super::text::{Text, is_word};
use super::{Claim, Rule};
use crate::finding::FindingKind;
use crate::surrogate;
use sha2::{Digest, Sha256};
use sha3::{Digest as _, Keccak256};

const BASE58: Rule = Rule::new(FindingKind::Wallet, 0.98, "wallet-base58check");
const BECH32: Rule = Rule::new(FindingKind::Wallet, 0.98, "wallet-bech32");
const ETHEREUM: Rule = Rule::new(FindingKind::Wallet, 0.95, "wallet-ethereum");
const MONERO: Rule = Rule::new(FindingKind::Wallet, 0.98, "wallet-monero");

/// What announces an address of Ethereum that has no check.
pub(super) const WORDS: &[&str] = &[
    "wallet", "ethereum", "eth", "erc20", "erc-20", "usdt", "usdc", "metamask", "crypto",
    "polygon", "bsc", "bnb", "coin", "token",
];

/// Letters and digits of the shortest address.
pub(super) const LEAST: usize = 26;
/// Letters and digits of the longest.
const MOST: usize = 106;
/// Without 0, O, I and l.
const ALPHABET: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The address that begins at `start`, a place where a word begins. `announced` says whether words
/// before it speak of a wallet.
pub(super) fn find(
    text: Text<'_>,
    start: usize,
    announced: impl FnOnce() -> bool,
) -> Option<Claim> {
    let end = text.run(start, MOST + 1, |byte| byte.is_ascii_alphanumeric());
    let word = text.slice(start, end);
    if !(LEAST..=MOST).contains(&word.len()) || is_word(text.at(end)) {
        return None;
    }
    if let Some(digits) = word.strip_prefix("0x") {
        return ethereum(digits, announced).map(|found| match found {
            true => Claim::Found(ETHEREUM.finds(start, end)),
            false => Claim::Harmless(end),
        });
    }
    let rule = if is_bech32(word) {
        BECH32
    } else if is_base58check(word) {
        BASE58
    } else if is_monero(word) {
        MONERO
    } else {
        return None;
    };
    Some(Claim::Found(rule.finds(start, end)))
}

/// Whether forty hexadecimal digits are an address: capitals where the hash of the small digits
/// says so (EIP-55), which may be everywhere or nowhere, or one case throughout and words that
/// announce it. `Some(false)` for one of
/// our surrogates.
fn ethereum(digits: &str, announced: impl FnOnce() -> bool) -> Option<bool> {
    if digits.len() != 40 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    if surrogate::is_token(digits) {
        return Some(false);
    }
    let any = |of: fn(&u8) -> bool| digits.as_bytes().iter().any(of);
    let (capital, small) = (any(u8::is_ascii_uppercase), any(u8::is_ascii_lowercase));
    let checked = (capital || small) && has_capitals_of_hash(digits);
    (checked || (!(capital && small) && announced())).then_some(true)
}

fn has_capitals_of_hash(digits: &str) -> bool {
    let hash = Keccak256::digest(digits.to_ascii_lowercase());
    let halves = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .bytes()
        .zip(halves)
        .all(|(digit, half)| digit.is_ascii_digit() || digit.is_ascii_uppercase() == (half >= 8))
}

/// Whether it is a segregated witness address of Bitcoin, its test networks or Litecoin (BIP 173,
/// BIP 350).
fn is_bech32(word: &str) -> bool {
    const SYMBOLS: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let network = word.split_once('1').map_or("", |(network, _)| network);
    if !["bc", "tb", "bcrt", "ltc"].iter().any(|known| known.eq_ignore_ascii_case(network)) {
        return false;
    }
    let lower = word.to_ascii_lowercase();
    if lower != word && word.to_ascii_uppercase() != word {
        return false;
    }
    let Some((network, data)) = lower.split_once('1') else {
        return false;
    };
    let high = network.bytes().map(|byte| u32::from(byte >> 5));
    let low = network.bytes().map(|byte| u32::from(byte & 31));
    let symbols = data.bytes().map(|byte| SYMBOLS.iter().position(|&symbol| symbol == byte));
    let Some(data) = symbols.collect::<Option<Vec<usize>>>() else {
        return false;
    };
    let data = data.iter().filter_map(|&value| u32::try_from(value).ok());
    let sum = high.chain([0]).chain(low).chain(data).fold(1_u32, |sum, value| {
        let next = ((sum & 0x01ff_ffff) << 5) ^ value;
        let top = sum >> 25;
        let feedback = GENERATOR.iter().enumerate().filter(|(bit, _)| top >> bit & 1 == 1);
        feedback.fold(next, |next, (_, generator)| next ^ generator)
    });
    matches!(sum, 1 | 0x2bc8_30a3)
}

/// The value of digits of base 58, in `width` bytes.
fn from_base58(digits: &[u8], width: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0_u8; width];
    for digit in digits {
        let mut carry = ALPHABET.iter().position(|symbol| symbol == digit)?;
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = u8::try_from(carry % 256).ok()?;
            carry /= 256;
        }
        if carry > 0 {
            return None;
        }
    }
    Some(bytes)
}

/// Whether it is a version, a hash of twenty bytes, and four bytes of its double SHA-256: addresses
/// of Bitcoin (`1…`, `3…`), Litecoin, Dogecoin, Tron and others (Bitcoin developer guide,
/// Base58Check).
fn is_base58check(word: &str) -> bool {
    if word.len() > 35 {
        return false;
    }
    let Some(bytes) = from_base58(word.as_bytes(), 25) else {
        return false;
    };
    bytes
        .split_last_chunk::<4>()
        .is_some_and(|(payload, check)| Sha256::digest(Sha256::digest(payload)).starts_with(check))
}

/// Whether it is a standard address of Monero, a subaddress, or one with a payment id: blocks of
/// eleven digits for eight bytes, the last four bytes of the whole a check (Monero documentation,
/// Standard address).
fn is_monero(word: &str) -> bool {
    if !matches!(word.len(), 95 | 106) || !word.starts_with(['4', '8']) {
        return false;
    }
    let block = |digits: &[u8]| {
        let width = match digits.len() {
            11 => 8,
            7 => 5,
            _ => return None,
        };
        from_base58(digits, width)
    };
    let Some(blocks) = word.as_bytes().chunks(11).map(block).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let bytes = blocks.concat();
    bytes.split_last_chunk::<4>().is_some_and(|(payload, check)| {
        matches!(payload.first(), Some(18 | 19 | 42))
            && Keccak256::digest(payload).starts_with(check)
    })
}
