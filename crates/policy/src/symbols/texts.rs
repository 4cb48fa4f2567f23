//! Which texts have to be tried so that every comparison and pattern has been on either side.

use crate::expr::children;
use cedar_policy::pst::{BinaryOp, Expr, Literal, PatternElem, Var};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// How many texts are looked at on the way to those that patterns tell apart.
const TEXTS_MAX: usize = 20_000;

/// How many combinations of patterns are told apart.
const OUTCOMES_MAX: usize = 64;

/// What policies compare texts with.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    /// Texts and patterns anywhere in conditions.
    pub(crate) literals: BTreeSet<String>,
    pub(crate) patterns: Vec<Vec<PatternElem>>,
    /// The same, of the expressions that the purpose takes part in.
    pub(crate) purposes: BTreeSet<String>,
    pub(crate) purpose_patterns: Vec<Vec<PatternElem>>,
    /// Whether attributes are compared with each other or the purpose, and not with literals alone.
    pub(crate) compares_attributes: bool,
    /// Whether the purpose takes part in such a comparison.
    pub(crate) compares_purpose: bool,
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
        if compares_unknowns(expr) {
            self.compares_attributes = true;
            self.compares_purpose |= mentions_purpose(expr);
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

/// Whether an expression may compare two texts of which neither stands in the policy.
fn compares_unknowns(expr: &Expr) -> bool {
    let Expr::BinaryOp { op, left, right } = expr else { return false };
    match op {
        BinaryOp::Eq
        | BinaryOp::NotEq
        | BinaryOp::Contains
        | BinaryOp::ContainsAll
        | BinaryOp::ContainsAny => !is_known(left) && !is_known(right),
        _ => false,
    }
}

/// Whether an expression is made of nothing but literals.
fn is_known(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(_) => true,
        Expr::Var(_) => false,
        _ => children(expr)
            .is_some_and(|children| !children.is_empty() && children.into_iter().all(is_known)),
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

/// The given texts, and for every combination of patterns that a text can match up to `each` that
/// match exactly those and are none of the given ones. The second value says whether that is all of
/// them: where there are fewer than `each`, no more exist.
///
/// The texts are looked for from the shortest on, through the places that they reach in all
/// patterns. A place is passed by as many texts as there are given ones, and `each` more, so that
/// the given ones hide none.
pub(crate) fn representatives(
    literals: &BTreeSet<String>,
    patterns: &[Vec<PatternElem>],
    each: usize,
) -> (Vec<String>, bool) {
    let outcome = |text: &str| -> Vec<bool> {
        patterns.iter().map(|pattern| matches(pattern, text)).collect()
    };
    let mut found: BTreeMap<Vec<bool>, Vec<String>> = BTreeMap::new();
    // Keeps a text if another one is wanted; how many combinations there are by now.
    let mut keep = |accepted: Vec<bool>, text: &String| -> usize {
        let kept = found.entry(accepted).or_default();
        if !text.is_empty() && !literals.contains(text) && !kept.contains(text) && kept.len() < each
        {
            kept.push(text.clone());
        }
        found.len()
    };
    // Words that are like none of them, where there are such, read better than the shortest texts.
    let plain = (1..).map(|number| match number {
        1 => "other".to_owned(),
        _ => format!("other-{number}"),
    });
    for text in plain.filter(|text| !literals.contains(text)).take(each) {
        keep(outcome(&text), &text);
    }
    let letters = letters(patterns, literals);
    let start: Vec<_> =
        patterns.iter().map(|pattern| closure(pattern, BTreeSet::from([0]))).collect();
    let passing = literals.len() + each;
    let mut passed = HashMap::new();
    let mut queue = VecDeque::from([(start, String::new())]);
    let (mut looked_at, mut is_complete) = (0, true);
    while let Some((state, text)) = queue.pop_front() {
        let accepted = state
            .iter()
            .zip(patterns)
            .map(|(places, pattern)| places.contains(&pattern.len()))
            .collect();
        let outcomes = keep(accepted, &text);
        looked_at += 1;
        if looked_at > TEXTS_MAX || outcomes > OUTCOMES_MAX {
            is_complete = false;
            break;
        }
        for letter in &letters {
            let next: Vec<_> = state
                .iter()
                .zip(patterns)
                .map(|(places, pattern)| step(pattern, places, *letter))
                .collect();
            let times: &mut usize = passed.entry(next.clone()).or_default();
            if *times < passing {
                *times += 1;
                queue.push_back((next, format!("{text}{letter}")));
            }
        }
    }
    let mut texts: Vec<String> = literals.iter().cloned().collect();
    texts.extend(found.into_values().flatten());
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
