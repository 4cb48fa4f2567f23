//! Addresses of machines: IPv4, IPv6 and hardware.

use super::marks::{DOTS_APART, Marks};
use super::number::{Gap, Number};
use super::text::{Text, is_word};
use super::{Claim, Rule};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;
use std::net::{Ipv4Addr, Ipv6Addr};

const IPV4: Rule = Rule::new(FindingKind::Ip, 0.9, "ipv4");
const IPV6: Rule = Rule::new(FindingKind::Ip, 0.95, "ipv6");
const MAC: Rule = Rule::new(FindingKind::Mac, 0.95, "mac");

/// The longest text of an IPv6 address, with an IPv4 address at its end.
const IPV6_LIMIT: usize = 45;
/// `00:00:5e:00:53:01`
const MAC_WIDTH: usize = 17;
/// `0000.5e00.5301`
const DOTTED_WIDTH: usize = 14;

/// Four numbers below 256 joined by dots that are an address and not the version of something.
pub(super) fn ipv4(number: &Number<'_>) -> Option<Claim> {
    if !number.is_joined_by(4, Gap::Dot) || number.groups.get(..4)?.iter().any(|g| g.width() > 3) {
        return None;
    }
    let (text, start, end) = (number.text, number.start(), number.end(4));
    let address: Ipv4Addr = text.slice(start, end).parse().ok()?;
    if is_version(number, start) || !ends_address(text, end) {
        return None;
    }
    if surrogate::is_ipv4(address) || is_general(address) {
        return Some(Claim::Harmless(end));
    }
    // 1.2.3.4 is a version or a section as often as an address.
    let small = address.octets().iter().all(|&octet| octet < 10);
    if small && !number.contexts.speaks_of_network(text, start) {
        return None;
    }
    Some(Claim::Found(IPV4.finds(start, end)))
}

/// Addresses that belong to no machine in particular: this network, loopback, broadcast, and the
/// masks of networks.
fn is_general(address: Ipv4Addr) -> bool {
    let [first, ..] = address.octets();
    first == 0 || first == 255 || address.is_loopback()
}

/// Whether what stands before makes it a version: `v1.2.3.4`, `==1.2.3.4`, `Name/1.2.3.4`,
/// `name-1.2.3.4`, or the word.
fn is_version(number: &Number<'_>, start: usize) -> bool {
    let text = number.text;
    let (before, earlier) = (text.back(start, 1), text.back(start, 2));
    let attached = match before {
        b'=' => matches!(earlier, b'=' | b'~' | b'!' | b'>' | b'<'),
        b'-' => earlier.is_ascii_alphabetic() || earlier == b'_',
        b'/' | b'.' => is_word(earlier) || earlier == b'.',
        b'~' | b'^' => true,
        _ => false,
    };
    attached || number.contexts.speaks_of_version(text, start)
}

/// Whether nothing that follows makes it longer or another thing: `1.2.3.4.5`, `1.2.3.4-rc1`.
fn ends_address(text: Text<'_>, end: usize) -> bool {
    let later = text.at(end.saturating_add(1));
    match text.at(end) {
        b'.' => !later.is_ascii_digit(),
        b'-' | b'+' => !later.is_ascii_alphabetic(),
        next => !is_word(next),
    }
}

/// Finds hardware addresses and IPv6 addresses: both are led by a separator between two
/// hexadecimal digits, or by `::`.
pub(super) fn scan_hexadecimal(text: Text<'_>, marks: &Marks, out: &mut Vec<Finding>) {
    let mut done = 0;
    for behind in marks.behind_separators().iter() {
        let at = behind.saturating_sub(1);
        let (before, next) = (text.back(at, 1), text.at(behind));
        let leads = before.is_ascii_hexdigit() && (next.is_ascii_hexdigit() || next == b':');
        if at < done || !leads {
            continue;
        }
        if let Some(end) = mac_end(text, at) {
            let start = at.saturating_sub(2);
            if is_particular(text.slice(start, end)) {
                out.push(MAC.finds(start, end));
            }
            done = end;
        } else if text.at(at) == b':' {
            let start = text.run_back(at, IPV6_LIMIT, is_ipv6_byte);
            let end = text.run(at, usize::MAX, is_ipv6_byte);
            out.extend(ipv6(text, start.max(done), end));
            done = end;
        }
    }
    for second in marks.dots_apart().iter() {
        let at = second.saturating_sub(DOTS_APART);
        out.extend(dotted_mac(text, at).map(|(start, end)| MAC.finds(start, end)));
    }
}

/// The end of the six pairs of hexadecimal digits whose first separator is at `at`.
fn mac_end(text: Text<'_>, at: usize) -> Option<usize> {
    let start = at.checked_sub(2)?;
    let end = start.saturating_add(MAC_WIDTH);
    let separator = text.at(at);
    let window = text.window(start, end);
    let shaped = window.len() == MAC_WIDTH
        && window.iter().enumerate().all(|(place, &byte)| {
            if place % 3 == 2 { byte == separator } else { byte.is_ascii_hexdigit() }
        });
    let bounded = text.is_fresh(start)
        && !matches!(text.back(start, 1), b':' | b'-')
        && !is_word(text.at(end))
        && !matches!(text.at(end), b':' | b'-');
    (shaped && bounded).then_some(end)
}

/// The hardware address in three groups of four digits, as network equipment writes it, whose first
/// dot is at `at`. Numbers and words are grouped so too, so that it must hold letters and digits.
fn dotted_mac(text: Text<'_>, at: usize) -> Option<(usize, usize)> {
    let start = at.checked_sub(4)?;
    let end = start.saturating_add(DOTTED_WIDTH);
    let window = text.window(start, end);
    let shaped = window.len() == DOTTED_WIDTH
        && window.iter().enumerate().all(|(place, &byte)| {
            if place % 5 == 4 { byte == b'.' } else { byte.is_ascii_hexdigit() }
        });
    let any = |of: fn(&u8) -> bool| window.iter().any(of);
    let varied = any(u8::is_ascii_digit) && any(u8::is_ascii_alphabetic);
    let longer = text.at(end) == b'.' && is_word(text.at(end.saturating_add(1)));
    let bounded = text.is_fresh(start)
        // `[*0316.001F.0002]`: keys of collation (Unicode, Technical Standard 10).
        && !matches!(text.back(start, 1), b'.' | b'-' | b'*')
        && !is_word(text.at(end))
        && !longer;
    (shaped && varied && bounded && is_particular(text.slice(start, end))).then_some((start, end))
}

/// Whether a hardware address belongs to one interface: not all zeros, not broadcast, and none of
/// our own.
fn is_particular(address: &str) -> bool {
    let digits: String = address.chars().filter(char::is_ascii_hexdigit).collect();
    let repeated = digits.chars().all(|digit| digit == '0')
        || digits.chars().all(|digit| matches!(digit, 'f' | 'F'));
    !repeated && !surrogate::is_mac(&digits)
}

const fn is_ipv6_byte(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')
}

/// The IPv6 address that the stretch from `start` to `end` is, without a full stop or colon of the
/// sentence after it.
fn ipv6(text: Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let start = text.skip_escape(start);
    let whole = text.slice(start, end);
    let trimmed = whole.trim_end_matches('.');
    let trimmed = match trimmed.strip_suffix(':') {
        Some(rest) if !rest.ends_with(':') => rest,
        _ => trimmed,
    };
    let stops = start.saturating_add(trimmed.len());
    if trimmed.len() > IPV6_LIMIT || !text.is_fresh(start) || is_word(text.at(stops)) {
        return None;
    }
    let address: Ipv6Addr = trimmed.parse().ok()?;
    let general = address.is_loopback() || address.is_unspecified() || surrogate::is_ipv6(address);
    (is_written_out(trimmed, address) && !general).then(|| IPV6.finds(start, stops))
}

/// Whether it is meant as an address: all eight groups, or a first group of four digits in a range
/// that machines use (global unicast, unique local, link local, multicast). `a::b` is a path in
/// many programming languages.
fn is_written_out(written: &str, address: Ipv6Addr) -> bool {
    let [first, ..] = address.segments();
    let used =
        matches!(first, 0x2000..=0x3fff | 0xfc00..=0xfdff | 0xfe80..=0xfebf | 0xff00..=0xffff);
    let four = written.find(':') == Some(4);
    !written.contains("::") || (used && four && written.contains(|c: char| c.is_ascii_digit()))
}
