//! Which texts have to be tried so that every comparison and pattern has been on either side.

use crate::expr::children;
use cedar_policy::pst::{Expr, Literal, PatternElem, Var};
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

/// How many combinations of places in patterns are looked at.
const STATES_MAX: usize = 20_000;

/// What policies compare texts with.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    /// Texts and patterns anywhere in conditions.
    pub(crate) literals: BTreeSet<String>,
    pub(crate) patterns: Vec<Vec<PatternElem>>,
    /// The same, of the expressions that the purpose takes part in.
    pub(crate) purposes: BTreeSet<String>,
    pub(crate) purpose_patterns: Vec<Vec<PatternElem>>,
}

impl Mentions {
    pub(crate) fn collect(&mut self, expr: &Expr) {
        self.visit(expr, false);
    }

    fn visit(&mut self, expr: &Expr, of_purpose: bool) {
        match expr {
            Expr::Literal(Literal::String(text)) => {
                self.literals.insert(text.to_string());
                if of_purpose {
                    self.purposes.insert(text.to_string());
                }
            }
            Expr::Like { pattern, .. } => {
                self.patterns.push(pattern.clone());
                if of_purpose || mentions_purpose(expr) {
                    self.purpose_patterns.push(pattern.clone());
                }
            }
            _ => {}
        }
        let joins = matches!(
            expr,
            Expr::BinaryOp {
                op: cedar_policy::pst::BinaryOp::And | cedar_policy::pst::BinaryOp::Or,
                ..
            } | Expr::UnaryOp { .. }
        );
        let of_purpose = of_purpose || (!joins && mentions_purpose(expr));
        for child in children(expr).unwrap_or_default() {
            self.visit(child, of_purpose);
        }
    }
}

/// Whether the purpose, or the context as a whole, takes part in an expression.
fn mentions_purpose(expr: &Expr) -> bool {
    match expr {
        Expr::GetAttr { expr, attr } if matches!(expr.as_ref(), Expr::Var(Var::Context)) => {
            attr == "purpose"
        }
        Expr::Var(Var::Context) => true,
        _ => children(expr).unwrap_or_default().into_iter().any(mentions_purpose),
    }
}

/// Whether a text matches a pattern.
pub(super) fn matches(pattern: &[PatternElem], text: &str) -> bool {
    let mut places = closure(pattern, BTreeSet::from([0]));
    for letter in text.chars() {
        places = step(pattern, &places, letter);
    }
    places.contains(&pattern.len())
}

/// The places in a pattern that are reached without reading anything.
fn closure(pattern: &[PatternElem], mut places: BTreeSet<usize>) -> BTreeSet<usize> {
    let mut open: Vec<_> = places.iter().copied().collect();
    while let Some(place) = open.pop() {
        if matches!(pattern.get(place), Some(PatternElem::Wildcard)) && places.insert(place + 1) {
            open.push(place + 1);
        }
    }
    places
}

fn step(pattern: &[PatternElem], places: &BTreeSet<usize>, letter: char) -> BTreeSet<usize> {
    let next = places.iter().filter_map(|place| match pattern.get(*place)? {
        PatternElem::Wildcard => Some(*place),
        PatternElem::Char(wanted) => (*wanted == letter).then_some(place + 1),
    });
    closure(pattern, next.collect())
}

/// The given texts, and for every combination of patterns that a text can match one that matches
/// exactly those and is none of the given ones. The second value says whether that is all of them.
pub(crate) fn representatives(
    literals: &BTreeSet<String>,
    patterns: &[Vec<PatternElem>],
) -> (Vec<String>, bool) {
    let mut texts: Vec<String> = literals.iter().cloned().collect();
    let outcome = |text: &str| -> Vec<bool> {
        patterns.iter().map(|pattern| matches(pattern, text)).collect()
    };
    // A word that is like none of them, where there is one, reads better than the shortest text.
    let mut found = BTreeMap::new();
    let mut plain = "other".to_owned();
    while literals.contains(&plain) {
        plain.push('-');
    }
    found.insert(outcome(&plain), plain);
    let letters = letters(patterns, literals);
    let start: Vec<_> =
        patterns.iter().map(|pattern| closure(pattern, BTreeSet::from([0]))).collect();
    let mut seen = HashSet::from([(start.clone(), String::new())].map(|(state, _)| state));
    let mut queue = VecDeque::from([(start, String::new())]);
    let mut is_complete = true;
    while let Some((state, text)) = queue.pop_front() {
        let accepted: Vec<_> = state
            .iter()
            .zip(patterns)
            .map(|(places, pattern)| places.contains(&pattern.len()))
            .collect();
        if !text.is_empty() && !literals.contains(&text) {
            found.entry(accepted).or_insert_with(|| text.clone());
        }
        for letter in &letters {
            let next: Vec<_> = state
                .iter()
                .zip(patterns)
                .map(|(places, pattern)| step(pattern, places, *letter))
                .collect();
            // A given text on the way must not hide the others that end in the same place.
            let longer = format!("{text}{letter}");
            if seen.insert(next.clone()) || (literals.contains(&longer) && text.len() < 64) {
                queue.push_back((next, longer));
            }
        }
        if seen.len() > STATES_MAX {
            is_complete = false;
            break;
        }
    }
    texts.extend(found.into_values());
    (texts, is_complete)
}

/// The letters of all patterns, and one that is in none of them and in no literal.
fn letters(patterns: &[Vec<PatternElem>], literals: &BTreeSet<String>) -> Vec<char> {
    let in_patterns = patterns.iter().flatten().filter_map(|element| match element {
        PatternElem::Char(letter) => Some(*letter),
        PatternElem::Wildcard => None,
    });
    let mut letters: BTreeSet<char> = in_patterns.collect();
    let used: BTreeSet<char> = literals.iter().flat_map(|text| text.chars()).collect();
    let free = ('a'..='z').chain('\u{4e00}'..='\u{9fff}');
    letters.extend(
        free.into_iter().find(|letter| !letters.contains(letter) && !used.contains(letter)),
    );
    letters.into_iter().collect()
}
