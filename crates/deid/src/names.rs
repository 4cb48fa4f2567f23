//! Names of persons, places and organisations, found by a small tagger.
//!
//! Forms and checks find no names. This tagger reads a text token by token, asks some thirty
//! questions about each (the word, its form, its neighbours, which lists hold it), and takes the
//! labels that fit best together. It is fast and small, and says of each sentence how sure it is.

mod address;
mod announced;
mod citations;
mod echo;
mod edges;
mod everyday;
mod features;
#[cfg(feature = "neural")]
mod gate;
mod guard;
mod initials;
mod listed;
mod lists;
#[cfg(feature = "neural")]
pub mod neural;
mod sentence;
mod tagger;
#[cfg(test)]
mod tests;
#[cfg(feature = "neural")]
mod thorough;
mod title;
mod tokens;
mod training;
mod weights;
#[cfg(feature = "neural")]
mod wordpiece;

use crate::{Finding, FindingKind, Why};
use features::Features;
use std::sync::{Arc, LazyLock};
use tagger::{Tag, Tagger};
pub(crate) use title::stays as is_title;
use tokens::{Shape, Token, cut};

use echo::Known;
#[cfg(feature = "neural")]
pub use gate::Ask;
pub(crate) use initials::point_of;
pub use training::{NameList, Trainer};
pub use weights::NamesError;

const RULE: &str = "name-tagger";
/// The rule of a name that is found, or reaches as far as it does, because of the neural model.
#[cfg(feature = "neural")]
const MODEL: &str = "rampart";
const RULE_LISTED: &str = "listed-name";
/// Tokens that are tagged together at most.
const STRETCH: usize = 160;

/// The weights that come with this crate; `data/README.md` says what they were learned from.
static BUILT_IN: &[u8] = include_bytes!("../data/names.bin");

/// A tagger of names. Cloning it copies a pointer.
#[derive(Clone, Debug)]
pub struct Names {
    tagger: Arc<Tagger>,
}

/// What finding names in a text needs to know of the text before it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    known: Known,
    /// Whether a block of code is open.
    is_fenced: bool,
}

/// A sentence, or a line, and how sure the tagger is of its labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Where its first token begins: a byte offset into the text.
    pub start: usize,
    /// The byte offset after its last token.
    pub end: usize,
    /// By how much the labels of its least certain token score more than the best other label
    /// there. In units of the weights; 0 is a tie. What is far from sure is worth asking a slower
    /// model about.
    pub margin: i32,
}

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Tagged {
    /// The names, in the order of the text, none over another.
    pub findings: Vec<Finding>,
    /// The sentences, in the order of the text.
    pub sentences: Vec<Sentence>,
}

impl Names {
    /// The tagger with the weights that come with this crate. They are read once.
    #[must_use]
    pub fn built_in() -> Self {
        static NAMES: LazyLock<Names> = LazyLock::new(read_built_in);
        NAMES.clone()
    }

    /// Reads the weights, such as those in `data/names.bin`.
    ///
    /// # Errors
    ///
    /// When they are not weights of this version, or not whole.
    pub fn load(weights: &[u8]) -> Result<Self, NamesError> {
        weights::read(weights).map(|tagger| Self { tagger: Arc::new(tagger) })
    }

    /// The persons, locations and organisations in a text, in order, none over another. Their
    /// [`why`](Finding::why) is [`Why::Model`].
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Finding> {
        self.tag(text).findings
    }

    /// The names in a text, and how sure the tagger is of each sentence.
    #[must_use]
    pub fn tag(&self, text: &str) -> Tagged {
        self.tag_further(text, &mut Memory::default())
    }

    /// The names in the next part of a text, of which `memory` holds what matters of the parts
    /// before it.
    pub(crate) fn tag_further(&self, text: &str, memory: &mut Memory) -> Tagged {
        let tokens = cut(text);
        let mut features = Features::default();
        let mut tagged = Tagged::default();
        for stretch in stretches(&tokens) {
            let tags = self.tagger.tag(&self.tagger.scores(text, stretch, &mut features));
            collect(text, stretch, &tags, &mut tagged.findings);
            measure(text, stretch, &tags, &mut tagged.sentences);
        }
        tagged.findings = self.finish(text, &tokens, tagged.findings, memory);
        tagged
    }

    /// What is done with the names of all stretches together.
    fn finish(
        &self,
        text: &str,
        tokens: &[Token],
        mut findings: Vec<Finding>,
        memory: &mut Memory,
    ) -> Vec<Finding> {
        let lists = &self.tagger.lists;
        let lines = guard::Lines::of(text, memory.is_fenced);
        sentence::split(text, lists, &mut findings);
        edges::cut(text, lists, &mut findings);
        address::cut(text, &mut findings);
        citations::drop_all(text, &mut findings);
        guard::retain(text, &lines, lists, &mut findings);
        listed::add(text, tokens, lists, &mut findings);
        // A greeting before a name looks like a member of an enumeration.
        edges::cut(text, lists, &mut findings);
        echo::add(text, tokens, lists, &mut memory.known, &mut findings);
        // What was added is looked at as well.
        guard::retain(text, &lines, lists, &mut findings);
        memory.is_fenced = lines.end_fenced();
        address::split(text, &mut findings);
        title::drop_alone(text, &mut findings);
        announced::add(text, tokens, &lines, lists, &mut findings);
        initials::add(text, &mut findings);
        title::add(text, &mut findings);
        address::widen(text, tokens, &findings)
    }
}

#[expect(clippy::expect_used, reason = "the weights are part of this crate, and tests read them")]
fn read_built_in() -> Names {
    Names::load(BUILT_IN).expect("the weights that come with this crate are whole")
}

/// Cuts tokens into what is tagged together: at empty lines, and where it gets too long.
fn stretches(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut rest = tokens;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let pairs = rest.iter().zip(rest.iter().skip(1)).take(STRETCH);
        let mut gap =
            pairs.map(|(one, two)| one.shape == Shape::Break && two.shape == Shape::Break);
        let length = gap.position(|is_gap| is_gap).map_or(STRETCH, |at| at.saturating_add(2));
        let (stretch, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        rest = after;
        Some(stretch)
    })
}

/// The kind of a label, and whether it continues a name.
const fn kind_of(label: usize) -> Option<(FindingKind, bool)> {
    let kind = match label {
        1 | 2 => FindingKind::Person,
        3 | 4 => FindingKind::Location,
        5 | 6 => FindingKind::Organisation,
        _ => return None,
    };
    Some((kind, label.is_multiple_of(2)))
}

/// Reads the findings off the labels.
fn collect(text: &str, tokens: &[Token], tags: &[Tag], findings: &mut Vec<Finding>) {
    let mut open: Option<(Finding, i32)> = None;
    let mut close = |open: &mut Option<(Finding, i32)>| {
        if let Some((mut finding, margin)) = open.take() {
            finding.score = certainty(margin);
            findings.push(trimmed(text, finding));
        }
    };
    for (token, tag) in tokens.iter().zip(tags) {
        let Some((kind, is_further)) = kind_of(tag.label) else {
            close(&mut open);
            continue;
        };
        if let Some((finding, margin)) = open.as_mut().filter(|_| is_further) {
            finding.end = token.end;
            *margin = tag.margin.min(*margin);
            continue;
        }
        close(&mut open);
        let (start, end) = (token.start, token.end);
        let finding = Finding { start, end, kind, score: 0.0, why: Why::Model, rule: RULE.into() };
        open = Some((finding, tag.margin));
    }
    close(&mut open);
}

/// A margin as a figure from 0 to 1, which orders findings and is no measured probability.
fn certainty(margin: i32) -> f32 {
    let margin = f32::from(i16::try_from(margin).unwrap_or(i16::MAX));
    0.5 + 0.5 * (margin / (margin + 60.0))
}

/// Without marks and breaks at the end that belong to the sentence rather than to the name.
fn trimmed(text: &str, mut finding: Finding) -> Finding {
    let whole = text.get(finding.start..finding.end).unwrap_or_default();
    let kept = whole.trim_end_matches([',', ';', ':', '\n', ' ', '\r', '"', '\'']);
    if !kept.is_empty() {
        finding.end = finding.start.saturating_add(kept.len());
    }
    finding
}

/// Adds the sentences of a stretch: each ends with a break, or with a mark that ends
/// sentences. Breaks alone are none.
fn measure(text: &str, tokens: &[Token], tags: &[Tag], sentences: &mut Vec<Sentence>) {
    let mut open: Option<Sentence> = None;
    for (token, tag) in tokens.iter().zip(tags) {
        let is_break = token.shape == Shape::Break;
        if is_break && open.is_none() {
            continue;
        }
        let sentence = open.get_or_insert(Sentence { margin: i32::MAX, ..Sentence::from(token) });
        sentence.end = token.end;
        sentence.margin = sentence.margin.min(tag.margin);
        let mark = text.get(token.start..token.end).unwrap_or_default();
        if is_break || (token.shape == Shape::Mark && matches!(mark, "." | "!" | "?")) {
            sentences.extend(open.take());
        }
    }
    sentences.extend(open);
}

impl From<&Token> for Sentence {
    fn from(token: &Token) -> Self {
        Self { start: token.start, end: token.end, margin: 0 }
    }
}
