//! Surrogates of IP addresses.

use crate::scope::Scope;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The first group of the range for documentation, 3fff::/20 (RFC 9637).
const DOCUMENTATION: u16 = 0x3fff;
/// The second group of that range is below this.
const DOCUMENTATION_END: u16 = 0x1000;

/// An address of the same family. IPv4: 198.18.0.0/15, kept for measurements between networks
/// (RFC 2544) and 131,072 addresses wide, then 240.0.0.0/4 (RFC 1112). IPv6: 3fff::/20.
///
/// The ranges 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 and 2001:db8::/32 would do as well,
/// but people use them in texts, so that they could not be told from what was there before.
pub(super) fn ip(original: &str, scope: &mut Scope) -> String {
    match original.parse::<Ipv6Addr>() {
        Ok(address) => ipv6(address, scope),
        Err(_) => ipv4(original, scope),
    }
}

/// The address in the one form that all its spellings share.
pub(super) fn identity(original: &str) -> String {
    original.parse::<Ipv6Addr>().map_or_else(|_| original.to_owned(), |address| address.to_string())
}

fn ipv4(original: &str, scope: &mut Scope) -> String {
    scope.assign("ipv4", original, |stream, width| {
        let [_, b, c, d] = stream.below(u32::MAX).to_be_bytes();
        let address = if width == 0 {
            Ipv4Addr::new(198, 18 + b % 2, c, d)
        } else {
            let first = u8::try_from(stream.below(15)).ok()?;
            Ipv4Addr::new(240 + first, b, c, d)
        };
        Some(address.to_string())
    })
}

fn ipv6(original: Ipv6Addr, scope: &mut Scope) -> String {
    scope.assign("ipv6", &original.to_string(), |stream, _| {
        let mut group = |bound: u16| u16::try_from(stream.below(u32::from(bound))).ok();
        let second = group(DOCUMENTATION_END)?;
        let (c, d, e) = (group(u16::MAX)?, group(u16::MAX)?, group(u16::MAX)?);
        let (f, g, h) = (group(u16::MAX)?, group(u16::MAX)?, group(u16::MAX)?);
        Some(Ipv6Addr::new(DOCUMENTATION, second, c, d, e, f, g, h).to_string())
    })
}

/// Whether an address is in the ranges of our surrogates.
pub(crate) fn is_ipv4(address: Ipv4Addr) -> bool {
    matches!(address.octets(), [198, 18 | 19, ..] | [240..=254, ..])
}

/// Whether an address is in the range of our surrogates.
pub(crate) fn is_ipv6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    first == DOCUMENTATION && second < DOCUMENTATION_END
}
