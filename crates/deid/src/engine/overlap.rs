//! The choice between candidates that overlap.

use crate::escapes::untorn;
use crate::finding::{Finding, FindingKind};
use crate::names::point_of;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

/// Keeps one of each set of overlapping candidates, by the order that [`Engine::findings`] states.
pub(super) fn resolve(mut candidates: Vec<Finding>) -> Vec<Finding> {
    candidates.sort_by_key(|finding| (finding.start, finding.end));
    let mut kept = Vec::with_capacity(candidates.len());
    let mut cluster: Vec<Finding> = Vec::new();
    let mut reach = 0;
    for candidate in candidates {
        if candidate.start >= reach {
            settle(&mut cluster, &mut kept);
        }
        reach = reach.max(candidate.end);
        cluster.push(candidate);
    }
    settle(&mut cluster, &mut kept);
    kept
}

/// Adds names to findings by rules. Of a name that a finding overlaps, or what is closed to
/// names, what lies beside it stays, where that holds a letter or digit.
pub(super) fn beside(
    text: &str,
    findings: Vec<Finding>,
    names: Vec<Finding>,
    closed: &[Range<usize>],
) -> Vec<Finding> {
    if names.is_empty() {
        return findings;
    }
    let mut all = Vec::with_capacity(findings.len().saturating_add(names.len()));
    let found = findings.iter().map(|one| (one.start, one.end));
    let mut closed: Vec<(usize, usize)> =
        found.chain(closed.iter().map(|one| (one.start, one.end))).collect();
    closed.sort_unstable();
    let mut ahead = closed.iter().peekable();
    for mut name in names {
        while ahead.next_if(|&&(_, end)| end <= name.start).is_some() {}
        let mut inside = ahead.clone();
        while let Some(&(start, end)) = inside.next_if(|&&(start, _)| start < name.end) {
            if start > name.start {
                all.extend(trimmed(text, Finding { end: start, ..name.clone() }));
            }
            name.start = name.start.max(end);
        }
        if name.start < name.end {
            all.extend(trimmed(text, name));
        }
    }
    all.extend(findings);
    all.sort_by_key(|finding| finding.start);
    all
}

/// The finding without what is neither letter nor digit at its ends, but for the point of an
/// initial, and without escapes that lie across them; nothing when nothing is left.
fn trimmed(text: &str, name: Finding) -> Option<Finding> {
    let whole = text.get(name.start..name.end)?;
    let is_edge = |character: char| !character.is_alphanumeric();
    let head = whole.trim_start_matches(is_edge);
    let start = name.end.saturating_sub(head.len());
    let bare = head.trim_end_matches(is_edge);
    let end = start.saturating_add(bare.len());
    let end = match name.kind {
        FindingKind::Person => {
            end.saturating_add(point_of(bare, text.get(end..).unwrap_or_default()))
        }
        _ => end,
    };
    let (start, end) = untorn(text, start, end)?;
    (start < end).then_some(Finding { start, end, ..name })
}

/// Empties a run of candidates that touch each other into `kept`, best first, then in order.
fn settle(cluster: &mut Vec<Finding>, kept: &mut Vec<Finding>) {
    if cluster.len() < 2 {
        kept.append(cluster);
        return;
    }
    cluster.sort_by(precedence);
    let mut chosen: BTreeMap<usize, Finding> = BTreeMap::new();
    for candidate in cluster.drain(..) {
        let before = chosen.range(..candidate.end).next_back();
        if before.is_none_or(|(_, finding)| finding.end <= candidate.start) {
            chosen.insert(candidate.start, candidate);
        }
    }
    kept.extend(chosen.into_values());
}

fn precedence(a: &Finding, b: &Finding) -> Ordering {
    let opens = |finding: &Finding| {
        matches!(finding.kind, FindingKind::Secret | FindingKind::UrlCredentials)
    };
    opens(b)
        .cmp(&opens(a))
        .then(b.width().cmp(&a.width()))
        .then(b.score.total_cmp(&a.score))
        .then(a.start.cmp(&b.start))
        .then(a.kind.cmp(&b.kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Why;

    fn candidate(start: usize, end: usize, kind: FindingKind, score: f32) -> Finding {
        Finding { start, end, kind, score, why: Why::Rule, rule: "test".into() }
    }

    fn spans(candidates: &[Finding]) -> Vec<(usize, usize, FindingKind)> {
        resolve(candidates.to_vec()).iter().map(|f| (f.start, f.end, f.kind)).collect()
    }

    #[test]
    fn what_opens_something_beats_what_is_longer() {
        let email = candidate(4, 30, FindingKind::Email, 0.99);
        let login = candidate(0, 9, FindingKind::UrlCredentials, 0.5);
        assert_eq!(spans(&[email, login]), [(0, 9, FindingKind::UrlCredentials)]);
    }

    #[test]
    fn then_the_longer_then_the_surer_then_the_earlier() {
        use FindingKind::{Card, Email, Iban, Phone};
        let long = candidate(0, 10, Phone, 0.1);
        assert_eq!(spans(&[candidate(2, 8, Card, 0.9), long.clone()]), [(0, 10, Phone)]);
        assert_eq!(spans(&[candidate(0, 10, Card, 0.2), long.clone()]), [(0, 10, Card)]);
        assert_eq!(spans(&[candidate(5, 15, Iban, 0.1), long.clone()]), [(0, 10, Phone)]);
        // Dropping the middle one leaves room for the one that only it overlapped.
        let chain = [long, candidate(9, 14, Email, 0.9), candidate(13, 20, Card, 0.9)];
        assert_eq!(spans(&chain), [(0, 10, Phone), (13, 20, Card)]);
    }

    #[test]
    fn names_keep_what_no_rule_claims() {
        let text = "Ada Brack (ada@b.io), 9 Elm St";
        let email = candidate(11, 19, FindingKind::Email, 0.9);
        let name = |start, end| candidate(start, end, FindingKind::Person, 0.9);
        let all = |names: &[Finding]| -> Vec<_> {
            let all = beside(text, vec![email.clone()], names.to_vec(), &[]);
            all.iter().map(|f| (f.start, f.end)).collect()
        };
        assert_eq!(all(&[name(0, 9), name(22, 30)]), [(0, 9), (11, 19), (22, 30)]);
        assert_eq!(all(&[name(0, 30)]), [(0, 9), (11, 19), (22, 30)]);
        assert_eq!(all(&[name(11, 14), name(14, 24)]), [(11, 19), (22, 23)]);
    }

    #[test]
    fn no_name_is_in_what_is_closed_to_names() {
        let text = "Ada Brack (ada@b.io), 9 Elm St";
        let name = |start, end| candidate(start, end, FindingKind::Person, 0.9);
        let closed = vec![11..19, 25..25];
        let all = beside(text, Vec::new(), vec![name(0, 14), name(15, 24)], &closed);
        assert_eq!(all.iter().map(|f| (f.start, f.end)).collect::<Vec<_>>(), [(0, 9), (22, 23)]);
    }

    #[test]
    fn neighbours_that_touch_both_stay() {
        let two = [candidate(3, 6, FindingKind::Ip, 0.9), candidate(0, 3, FindingKind::Ip, 0.9)];
        assert_eq!(spans(&two), [(0, 3, FindingKind::Ip), (3, 6, FindingKind::Ip)]);
    }
}
