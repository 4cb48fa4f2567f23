//! Digests by which redelivered events are recognised.

use super::fields::{Value, elements, members};
use crate::Instant;
use simd_json::{Node, StaticNode};

/// Which event this is: a digest of (`source`, `id`). 128 bits of BLAKE3, so that two events are
/// confused with a chance below 2⁻⁶⁴ even among 2³² of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey(pub [u8; 16]);

/// What the event says: a digest of its type, time, subject and data. Two deliveries of one event
/// are the same when these are equal: times as instants, objects without regard to the order of
/// their members, numbers by value, absent data as `{}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentDigest(pub [u8; 16]);

impl EventKey {
    /// The key of the event with this source and id.
    #[must_use]
    pub fn new(source: &str, id: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        put_str(&mut hasher, source);
        put_str(&mut hasher, id);
        Self(half(&hasher))
    }
}

impl ContentDigest {
    pub(super) fn new(type_: &str, time: Instant, subject: &str, data: Value<'_, '_>) -> Self {
        let mut hasher = blake3::Hasher::new();
        put_str(&mut hasher, type_);
        hasher.update(&time.millis().to_le_bytes());
        put_str(&mut hasher, subject);
        if data.is_empty() {
            hasher.update(b"{").update(&0_u64.to_le_bytes());
        } else {
            put_value(&mut hasher, data);
        }
        Self(half(&hasher))
    }
}

fn half(hasher: &blake3::Hasher) -> [u8; 16] {
    let mut out = [0; 16];
    hasher.finalize_xof().fill(&mut out);
    out
}

fn put_str(hasher: &mut blake3::Hasher, text: &str) {
    hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
}

/// Writes a canonical form of the value. Recursion is bounded by the depth that the JSON parser
/// accepts (1,024).
fn put_value(hasher: &mut blake3::Hasher, value: Value<'_, '_>) {
    match value.first() {
        Some(Node::String(text)) => {
            hasher.update(b"s");
            put_str(hasher, text);
        }
        Some(Node::Static(scalar)) => put_scalar(hasher, *scalar),
        Some(Node::Array { len, .. }) => {
            hasher.update(b"[").update(&(*len as u64).to_le_bytes());
            elements(value).for_each(|element| put_value(hasher, element));
        }
        Some(Node::Object { .. }) => {
            let mut sorted: Vec<_> = members(value).collect();
            // Stable, so that of a name written twice the last stays last.
            sorted.sort_by_key(|(name, _)| *name);
            let mut last_of_name: Vec<(&str, Value<'_, '_>)> = Vec::with_capacity(sorted.len());
            for member in sorted {
                match last_of_name.last_mut() {
                    Some(last) if last.0 == member.0 => *last = member,
                    _ => last_of_name.push(member),
                }
            }
            hasher.update(b"{").update(&(last_of_name.len() as u64).to_le_bytes());
            for (name, member) in last_of_name {
                put_str(hasher, name);
                put_value(hasher, member);
            }
        }
        None => {}
    }
}

/// Numbers are written by value: `1`, `1.0` and `1e0` are one number.
fn put_scalar(hasher: &mut blake3::Hasher, scalar: StaticNode) {
    let integer = match scalar {
        StaticNode::Null => {
            hasher.update(b"n");
            return;
        }
        StaticNode::Bool(value) => {
            hasher.update(if value { b"t" } else { b"f" });
            return;
        }
        StaticNode::I64(value) => i128::from(value),
        StaticNode::U64(value) => i128::from(value),
        StaticNode::F64(value) => {
            #[expect(clippy::cast_possible_truncation, reason = "guarded by the test for equality")]
            let whole = value as i128;
            #[expect(clippy::cast_precision_loss, reason = "only exact conversions pass")]
            if whole as f64 != value {
                hasher.update(b"d").update(&value.to_bits().to_le_bytes());
                return;
            }
            whole
        }
    };
    hasher.update(b"i").update(&integer.to_le_bytes());
}
