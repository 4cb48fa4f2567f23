//! Rows of facts as they may be, not as they are likely to be: absent where a fact should be there,
//! at the ends of time, in any script.

use super::chance::Chance;
use super::policies::carried;
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Type, Value};
use consentry_model::instant::MILLIS_PER_DAY;

/// Texts that attributes and policies have: so they meet.
pub const TEXTS: [&str; 16] = [
    "free",
    "pro",
    "max",
    "team",
    "api",
    "on",
    "off",
    "unset",
    "connector",
    "user",
    "",
    "é",
    "e\u{301}",
    "数据",
    "\u{1F600}*\"\\",
    "model-improvement",
];

/// 2026-01-01T00:00:00Z.
const BASE: i64 = 1_767_225_600_000;

/// A text as it stands between quotation marks in a policy.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.escape_default().to_string()
}

/// A row of facts. Its texts are among [`TEXTS`], so that it borrows nothing.
pub fn row(chance: &mut Chance, resource: Resource) -> Facts<'static> {
    let mut facts = Facts::new(resource);
    // A row that lacks what every row should have comes now and then; a batch of them always does.
    let is_damaged = chance.percent(10);
    for attribute in Attribute::ALL {
        let Some(always) = carried(resource, *attribute) else { continue };
        let present = if always { if is_damaged { 80 } else { 100 } } else { 50 };
        if !chance.percent(present) {
            continue;
        }
        let value = match attribute.type_of() {
            Type::Text => Value::Text(chance.pick(&TEXTS)),
            Type::Bool => Value::Bool(chance.percent(50)),
            Type::Time => Value::Time(instant(chance)),
        };
        facts.set(*attribute, Some(value));
    }
    facts
}

/// An instant: mostly one that meets others to the millisecond, sometimes at an end of the range.
pub fn instant(chance: &mut Chance) -> Instant {
    let slip = i64::from(chance.below(3)) - 1;
    let millis = match chance.below(12) {
        0 => i64::MAX - i64::from(chance.below(3)),
        1 => i64::MIN + i64::from(chance.below(3)),
        2 => slip,
        3 => BASE - 1826 * MILLIS_PER_DAY + slip,
        4..=6 => BASE - 30 * MILLIS_PER_DAY + slip,
        _ => BASE + i64::from(chance.below(4)) * 5 + slip,
    };
    Instant::from_millis(millis)
}
