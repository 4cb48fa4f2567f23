//! Learning the weights: an averaged perceptron over whole stretches (Collins 2002, "Discriminative
//! Training Methods for Hidden Markov Models").

use super::features::{COUNT, Features, OF_THE_WORD};
use super::lists::{self, Lists};
use super::tagger::{LABELS, ROW_BITS, Row, Tagger, best, may_follow, row_of};
use super::{cut, stretches, weights};
use crate::FindingKind;

/// A list that a word can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameList {
    /// Given names.
    Given,
    /// Family names.
    Family,
    /// Countries, regions and towns.
    Place,
    /// Countries and states.
    Country,
    /// Words that are usually written in lower case.
    Common,
}

/// One stretch of a training text.
#[derive(Debug)]
struct Example {
    features: Vec<[u32; COUNT]>,
    /// The same, as if no list held any of the words.
    unlisted: Vec<[u32; COUNT]>,
    labels: Vec<usize>,
}

/// Learns the weights that [`Names`](super::Names) reads.
#[derive(Debug)]
pub struct Trainer {
    lists: Lists,
    examples: Vec<Example>,
    rows: Vec<Row<f32>>,
    totals: Vec<Row<f32>>,
    steps: [Row<f32>; 8],
    step_totals: [Row<f32>; 8],
    clock: f32,
    state: u64,
}

impl Trainer {
    /// A trainer that knows nothing. `slots`, the size of the table of lists, is rounded up to a
    /// power of two and should be half as much again as the words that will be listed. Equal calls
    /// with an equal `seed` give equal weights.
    #[must_use]
    pub fn new(slots: usize, seed: u64) -> Self {
        let rows = vec![[0.0; 8]; 1 << ROW_BITS];
        Self {
            lists: Lists::of(vec![0; slots.next_power_of_two().max(64)]),
            examples: Vec::new(),
            totals: rows.clone(),
            rows,
            steps: [[0.0; 8]; 8],
            step_totals: [[0.0; 8]; 8],
            clock: 1.0,
            state: seed,
        }
    }

    /// Puts a name of up to three words on a list. Texts that are to be read with the list come
    /// after it.
    pub fn list(&mut self, list: NameList, name: &str) {
        let words: Vec<u64> = cut(name)
            .iter()
            .map(|token| lists::hash(name.get(token.start..token.end).unwrap_or_default()))
            .collect();
        let Some((&first, rest)) = words.split_first() else { return };
        let flags = match (list, rest.len()) {
            (NameList::Given, _) => lists::GIVEN,
            (NameList::Family, _) => lists::FAMILY,
            (NameList::Place, 0) => lists::PLACE,
            (NameList::Place, _) => lists::PLACE_OF_WORDS,
            (NameList::Country, 0) => lists::COUNTRY,
            (NameList::Country, _) => lists::COUNTRY | lists::PLACE_OF_WORDS,
            (NameList::Common, _) => lists::COMMON,
        };
        let whole = rest.iter().fold(first, |before, &word| lists::chain(before, word));
        self.lists.add(whole, flags);
    }

    /// Adds a text with its persons, locations and organisations, as byte spans in order. Other
    /// kinds are ignored.
    pub fn add(&mut self, text: &str, spans: &[(usize, usize, FindingKind)]) {
        let tokens = cut(text);
        let mut features = Features::default();
        for stretch in stretches(&tokens) {
            let mut before = None;
            let labels = stretch.iter().map(|token| {
                let span = spans.iter().find(|span| span.0 < token.end && token.start < span.1);
                let label = span.map_or(0, |span| label_of(span.2, before == Some(span)));
                before = span;
                label
            });
            let labels: Vec<usize> = labels.collect();
            let mut read = |use_lists| {
                features.read(text, stretch, &self.lists, use_lists);
                let rows = |index| features.of(index).map(|feature| row_of(feature) as u32);
                (0..stretch.len()).map(rows).collect()
            };
            let example = Example { features: read(true), unlisted: read(false), labels };
            self.examples.push(example);
        }
    }

    /// Goes once over every text, in an order drawn anew. Gives the share of tokens whose label was
    /// right before the weights were corrected.
    pub fn pass(&mut self) -> f64 {
        let mut examples = std::mem::take(&mut self.examples);
        for index in (1..examples.len()).rev() {
            let other = self.draw(index.saturating_add(1));
            examples.swap(index, other);
        }
        let (mut right, mut all) = (0_u32, 0_u32);
        for example in &examples {
            let hidden = if self.draw(4) == 0 { OF_THE_WORD } else { 0 };
            let unlisted = self.draw(5) == 0;
            let features = if unlisted { &example.unlisted } else { &example.features };
            let labels = self.guess(features, hidden);
            self.correct(features, hidden, &labels, &example.labels);
            let equal = labels.iter().zip(&example.labels).filter(|(a, b)| a == b).count();
            right = right.saturating_add(u32::try_from(equal).unwrap_or(u32::MAX));
            all = all.saturating_add(u32::try_from(labels.len()).unwrap_or(u32::MAX));
            self.clock += 1.0;
        }
        self.examples = examples;
        f64::from(right) / f64::from(all.max(1))
    }

    /// A whole number below `limit`.
    fn draw(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(0xB5);
        let high = usize::try_from(self.state >> 33).unwrap_or(0);
        high.checked_rem(limit).unwrap_or(0)
    }

    fn guess(&self, features: &[[u32; COUNT]], hidden: usize) -> Vec<usize> {
        let scores: Vec<Row<i32>> = features
            .iter()
            .map(|features| {
                let mut sum = [0.0_f32; 8];
                for &row in features.iter().skip(hidden) {
                    let row = self.rows.get(row as usize).into_iter().flatten();
                    sum.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight);
                }
                sum.map(|sum| sum as i32)
            })
            .collect();
        best(&scores, |before, label| {
            let weight = self.steps.get(before).and_then(|row| row.get(label)).copied();
            if may_follow(before, label) { weight.unwrap_or(0.0) as i32 } else { i32::MIN / 4 }
        })
    }

    fn correct(
        &mut self,
        features: &[[u32; COUNT]],
        hidden: usize,
        guessed: &[usize],
        labels: &[usize],
    ) {
        if guessed == labels {
            return;
        }
        let clock = self.clock;
        let change = |row: Option<&mut Row<f32>>, total: Option<&mut Row<f32>>, label, by| {
            let (Some(row), Some(total)) = (row, total) else { return };
            let (Some(weight), Some(total)) = (row.get_mut(label), total.get_mut(label)) else {
                return;
            };
            *weight += by;
            *total += by * clock;
        };
        for ((features, &guess), &label) in features.iter().zip(guessed).zip(labels) {
            if guess == label {
                continue;
            }
            for &row in features.iter().skip(hidden) {
                let row = row as usize;
                change(self.rows.get_mut(row), self.totals.get_mut(row), label, 1.0);
                change(self.rows.get_mut(row), self.totals.get_mut(row), guess, -1.0);
            }
        }
        for (path, by) in [(labels, 1.0), (guessed, -1.0)] {
            let mut before = 0;
            for &label in path.iter().chain(&[0]) {
                let row = self.steps.get_mut(before);
                change(row, self.step_totals.get_mut(before), label, by);
                before = label;
            }
        }
    }

    /// The weights, averaged over all that was gone over and rounded to eight bits, as
    /// [`Names::load`](super::Names::load) reads them.
    #[must_use]
    pub fn weights(&self) -> Vec<u8> {
        /// Weights of one correction keep this many steps.
        const FINENESS: f32 = 6.0;
        let average = |row: &Row<f32>, total: &Row<f32>| {
            let mut mean = [0.0_f32; 8];
            for ((mean, weight), total) in mean.iter_mut().zip(row).zip(total).take(LABELS) {
                *mean = (weight - total / self.clock) * FINENESS;
            }
            mean
        };
        let mut steps = [[0; 8]; 8];
        for ((into, row), total) in steps.iter_mut().zip(&self.steps).zip(&self.step_totals) {
            *into = average(row, total).map(|weight| weight.round() as i16);
        }
        let rows = self.rows.iter().zip(&self.totals);
        let rows = rows.map(|(row, total)| average(row, total).map(|weight| weight.round() as i8));
        weights::write(&Tagger { rows: rows.collect(), steps, lists: self.lists.clone() })
    }
}

const fn label_of(kind: FindingKind, is_further: bool) -> usize {
    let first = match kind {
        FindingKind::Person => 1,
        FindingKind::Location => 3,
        FindingKind::Organisation => 5,
        _ => return 0,
    };
    if is_further { first + 1 } else { first }
}
