//! The tagger and the neural model together: the model is asked about the sentences in which the
//! tagger may be wrong, and what it says counts as more features of their tokens.

use super::gate::{Ask, Gate};
use super::neural::{Neural, NeuralError, Piece, stretches as units};
use super::tagger::{Row, Tag};
use super::tokens::{Token, cut};
use super::{Features, MODEL, Memory, Names, collect, stretches};
use crate::Finding;
use std::ops::Range;

/// About how many tokens are tagged before the model is asked about them.
const GROUP: usize = 1 << 14;

/// The units of the tagger's weights in a natural logarithm of a chance of the model.
const WEIGHT: f32 = 50.0;
/// Both know that names are rare, and that must count once. So the model's chances are divided by
/// how often each kind is met: of twenty words one is in a name, as a logarithm.
const RARE: f32 = 3.0;
/// No chance counts for less, however sure the model is.
const LEAST: f32 = 0.0005;

/// A stretch that was tagged and may be tagged again.
struct Part<'t> {
    tokens: &'t [Token],
    scores: Vec<Row<i32>>,
    tags: Vec<Tag>,
}

impl Names {
    /// The persons, locations and organisations in a text by the tagger and the model, in order,
    /// none over another. The rule of those that the tagger alone would not give so is `rampart`.
    ///
    /// The time grows with the length of the text, and mostly with what `ask` leaves to the model.
    ///
    /// # Errors
    ///
    /// [`NeuralError::Run`] when the model fails, which no text is known to cause.
    pub fn thorough(
        &self,
        neural: &Neural,
        ask: Ask,
        text: &str,
    ) -> Result<Vec<Finding>, NeuralError> {
        self.thorough_further(neural, ask, text, &mut Memory::default())
    }

    /// The same for the next part of a text, of which `memory` holds what matters of the parts
    /// before it.
    pub(crate) fn thorough_further(
        &self,
        neural: &Neural,
        ask: Ask,
        text: &str,
        memory: &mut Memory,
    ) -> Result<Vec<Finding>, NeuralError> {
        let gate = Gate::new(ask, &self.tagger.lists);
        let tokens = cut(text);
        let mut features = Features::default();
        let mut findings = Vec::new();
        let mut parts: Vec<Part> = Vec::new();
        let mut size = 0;
        for tokens in stretches(&tokens) {
            let scores = self.tagger.scores(text, tokens, &mut features);
            let tags = self.tagger.tag(&scores);
            size += tokens.len();
            parts.push(Part { tokens, scores, tags });
            if size > GROUP {
                self.settle(neural, &gate, text, std::mem::take(&mut parts), &mut findings)?;
                size = 0;
            }
        }
        self.settle(neural, &gate, text, parts, &mut findings)?;
        Ok(self.finish(text, &tokens, findings, memory))
    }

    /// Asks the model about some parts and adds what is found in them.
    fn settle(
        &self,
        neural: &Neural,
        gate: &Gate,
        text: &str,
        parts: Vec<Part>,
        findings: &mut Vec<Finding>,
    ) -> Result<(), NeuralError> {
        let ranges = asked(text, gate, &parts);
        let sentences: Vec<&str> =
            ranges.iter().map(|range| text.get(range.clone()).unwrap_or_default()).collect();
        let said = neural.tag(&sentences)?;
        let pieces = ranges.iter().zip(&said).flat_map(|(range, pieces)| {
            let moved = |at: usize| at.saturating_add(range.start);
            pieces.iter().map(move |piece| Piece {
                start: moved(piece.start),
                end: moved(piece.end),
                ..*piece
            })
        });
        let pieces: Vec<Piece> = pieces.collect();
        let mut ahead = pieces.as_slice();
        for Part { tokens, mut scores, tags } in parts {
            let mut alone = Vec::new();
            collect(text, tokens, &tags, &mut alone);
            let mut is_changed = false;
            for (token, row) in tokens.iter().zip(&mut scores) {
                while let Some((_, rest)) =
                    ahead.split_first().filter(|(piece, _)| piece.end <= token.start)
                {
                    ahead = rest;
                }
                is_changed |= add(row, token, ahead);
            }
            if !is_changed {
                findings.append(&mut alone);
                continue;
            }
            let mut together = Vec::new();
            collect(text, tokens, &self.tagger.tag(&scores), &mut together);
            let place = |finding: &Finding| (finding.start, finding.end, finding.kind);
            for finding in &mut together {
                if !alone.iter().any(|other| place(other) == place(finding)) {
                    finding.rule = MODEL.into();
                }
            }
            findings.append(&mut together);
        }
        Ok(())
    }
}

/// The ranges of a text that the model is asked about.
fn asked(text: &str, gate: &Gate, parts: &[Part]) -> Vec<Range<usize>> {
    let start = parts.first().and_then(|part| part.tokens.first()).map_or(0, |token| token.start);
    let end = parts.last().and_then(|part| part.tokens.last()).map_or(0, |token| token.end);
    let wanted = parts.iter().flat_map(|part| gate.wanted(text, part.tokens, &part.tags));
    let mut wanted = wanted.map(|token| token.start.saturating_sub(start)).peekable();
    let whole = text.get(start..end).unwrap_or_default();
    let mut ranges = units(whole, gate.unit());
    ranges.retain(|unit| {
        let mut is_wanted = false;
        while wanted.next_if(|at| *at < unit.end).is_some() {
            is_wanted = true;
        }
        is_wanted && !gate.passes_over(whole.get(unit.clone()).unwrap_or_default())
    });
    let moved = |at: usize| at.saturating_add(start);
    ranges.into_iter().map(|unit| moved(unit.start)..moved(unit.end)).collect()
}

/// Adds to the scores of a token what the model says of its pieces, each by the bytes it has in
/// common with the token. False when it says nothing.
fn add(row: &mut Row<i32>, token: &Token, pieces: &[Piece]) -> bool {
    let (mut person, mut location, mut all) = (0.0_f32, 0.0_f32, 0.0_f32);
    for piece in pieces.iter().take_while(|piece| piece.start < token.end) {
        let common = piece.end.min(token.end).saturating_sub(piece.start.max(token.start));
        #[expect(clippy::cast_precision_loss, reason = "a weight")]
        let common = common as f32;
        person += common * piece.person;
        location += common * piece.location;
        all += common;
    }
    if all == 0.0 {
        return false;
    }
    let (person, location) = (person / all, location / all);
    let none = (1.0 - person - location).max(0.0);
    #[expect(clippy::cast_possible_truncation, reason = "at most some hundred")]
    let score = |chance: f32, gain: f32| ((chance.max(LEAST).ln() + gain) * WEIGHT) as i32;
    // The model knows no organisations: it calls them nothing, or by what they are named after.
    let organisation = score(none.max(person / 2.0).max(location / 2.0), 0.0);
    let (person, location) = (score(person, RARE), score(location, RARE));
    let more = [score(none, 0.0), person, person, location, location, organisation, organisation];
    for (sum, more) in row.iter_mut().zip(more) {
        *sum = sum.saturating_add(more);
    }
    true
}
