//! Social security numbers of the United States.

use super::number::{Gap, Number};
use super::{Claim, Rule};
use crate::finding::FindingKind;
use crate::surrogate;

const DASHED: Rule = Rule::new(FindingKind::UsSsn, 0.85, "us-ssn");
const ANNOUNCED: Rule = Rule::new(FindingKind::UsSsn, 0.8, "us-ssn-in-context");

/// `123-45-6789`; with other separators or none where the words before say what it is.
pub(super) fn find(number: &Number<'_>) -> Option<Claim> {
    let start = number.start();
    let (count, rule) = if number.has_widths(&[3, 2, 4]) {
        let dashed = number.is_joined_by(3, Gap::Dash);
        (3, if dashed { DASHED } else { ANNOUNCED })
    } else if number.has_widths(&[9]) {
        (1, ANNOUNCED)
    } else {
        return None;
    };
    let end = number.end(count);
    if !number.is_free_before(start) || !number.is_free_after(end) {
        return None;
    }
    let announced = rule.name == DASHED.name || number.contexts.speaks_of_ssn(number.text, start);
    if announced && is_issued(&number.digits(count)) {
        return Some(Claim::Found(rule.finds(start, end)));
    }
    // In this form it is no telephone number either; areas from 900 are our own surrogates.
    let ours = announced && surrogate::is_known(FindingKind::UsSsn, &number.digits(count));
    (ours || rule.name == DASHED.name).then_some(Claim::Harmless(end))
}

/// Whether the areas, groups and serials are ones that are issued: no part is all zeros, and the
/// areas 666 and from 900 on are left out (20 CFR and the Social Security Administration's
/// description of randomised numbers, 2011).
fn is_issued(digits: &str) -> bool {
    let parts = (digits.get(..3), digits.get(3..5), digits.get(5..));
    let (Some(area), Some(group), Some(serial)) = parts else {
        return false;
    };
    area != "000" && area != "666" && !area.starts_with('9') && group != "00" && serial != "0000"
}
