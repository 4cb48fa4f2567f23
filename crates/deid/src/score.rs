//! How well findings agree with labelled text.
//!
//! Three questions are asked of the findings of each label, the ones that the field reports:
//!
//! - **strict**: is there a finding with exactly the bounds of the labelled span?
//! - **overlap**: does a finding of that label touch the span at all? Precision counts the findings
//!   that touch a labelled span, recall the spans that a finding touches.
//! - **characters**, over all labels together: how many of the labelled characters that are no
//!   white space are covered by some finding, whatever its label?
//!
//! Spans of labels that are not asked for are "do not care" regions: a finding that touches only
//! them is neither right nor wrong. Findings of one label that overlap count as one.
//!
//! A text takes time in proportion to its length and, but for the sorting, to its spans.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

/// A labelled stretch of a text, in **characters** (Unicode scalar values), as labelled sets
/// usually count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
    /// What it is, in the words of the labelled set.
    pub label: String,
}

/// Spans in order of their starts, to be asked what touches them.
struct Touched {
    starts: Vec<usize>,
    /// The last end among the spans up to each.
    ends: Vec<usize>,
}

impl Touched {
    fn new<'s>(spans: impl IntoIterator<Item = &'s Span>) -> Self {
        let mut all: Vec<_> = spans.into_iter().map(|span| (span.start, span.end)).collect();
        all.sort_unstable();
        let last = all.iter().scan(0, |last: &mut usize, &(_, end)| {
            *last = end.max(*last);
            Some(*last)
        });
        Self { ends: last.collect(), starts: all.into_iter().map(|(start, _)| start).collect() }
    }

    /// Whether `span` has a character in common with any of them.
    fn by(&self, span: &Span) -> bool {
        let before = self.starts.partition_point(|&start| start < span.end);
        let last = before.checked_sub(1).and_then(|at| self.ends.get(at));
        last.is_some_and(|&end| end > span.start)
    }
}

/// How many there are, and how many of them are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Labelled spans, or characters.
    pub gold: usize,
    /// Labelled ones that were found.
    pub recalled: usize,
    /// Findings, or characters of findings.
    pub found: usize,
    /// Findings that are right.
    pub right: usize,
}

impl Counts {
    /// The share of findings that are right; 0 when there are none.
    #[must_use]
    pub fn precision(&self) -> f64 {
        ratio(self.right, self.found)
    }

    /// The share of labelled spans that were found; 0 when there are none.
    #[must_use]
    pub fn recall(&self) -> f64 {
        ratio(self.recalled, self.gold)
    }

    /// The harmonic mean of precision and recall; 0 when both are.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.gold = self.gold.saturating_add(other.gold);
        self.recalled = self.recalled.saturating_add(other.recalled);
        self.found = self.found.saturating_add(other.found);
        self.right = self.right.saturating_add(other.right);
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The agreement of one label, or of all together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// By equal bounds.
    pub strict: Counts,
    /// By any common character.
    pub overlap: Counts,
}

/// The agreement of findings with labelled texts, added up text by text.
///
/// ```
/// use consentry_deid::score::{Score, Span};
/// let span = |start, end| Span { start, end, label: "PERSON".to_owned() };
/// let mut score = Score::new(["PERSON"]);
/// score.add("Ask Ada Brack.", &[span(4, 13)], &[span(4, 7)]);
/// assert_eq!(score.all().overlap.f1(), 1.0);
/// assert_eq!(score.all().strict.f1(), 0.0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    labels: BTreeMap<String, Agreement>,
    characters: Counts,
}

impl Score {
    /// An empty score of these labels; all others are "do not care".
    pub fn new<L: Into<String>>(labels: impl IntoIterator<Item = L>) -> Self {
        let labels = labels.into_iter().map(|label| (label.into(), Agreement::default()));
        Self { labels: labels.collect(), characters: Counts::default() }
    }

    /// Adds one text, its labelled spans and what was found in it. Spans beyond the text count as
    /// spans and cover no character.
    pub fn add(&mut self, text: &str, gold: &[Span], found: &[Span]) {
        let (asked, ignored): (Vec<_>, Vec<_>) =
            gold.iter().cloned().partition(|span| self.labels.contains_key(&span.label));
        let found: Vec<Span> =
            found.iter().filter(|span| self.labels.contains_key(&span.label)).cloned().collect();
        let (beside, wanted) = (Touched::new(&ignored), Touched::new(&asked));
        let judged: Vec<Span> =
            merged(&found).into_iter().filter(|span| !beside.by(span) || wanted.by(span)).collect();
        for (label, agreement) in &mut self.labels {
            let of = |spans: &[Span]| -> BTreeSet<Span> {
                spans.iter().filter(|span| span.label == *label).cloned().collect()
            };
            add_label(agreement, &of(&asked), &of(&judged));
        }
        self.characters += characters(text, &asked, &ignored, &found);
    }

    /// The labels that occur in the labelled spans or in the findings, each with its agreement.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &Agreement)> {
        let occurs =
            |agreement: &Agreement| agreement.overlap.gold > 0 || agreement.overlap.found > 0;
        self.labels
            .iter()
            .filter(move |(_, agreement)| occurs(agreement))
            .map(|(label, agreement)| (label.as_str(), agreement))
    }

    /// All labels together, each span counted once (the micro average).
    #[must_use]
    pub fn all(&self) -> Agreement {
        let mut all = Agreement::default();
        for agreement in self.labels.values() {
            all.strict += agreement.strict;
            all.overlap += agreement.overlap;
        }
        all
    }

    /// The agreement by characters, whatever the label.
    #[must_use]
    pub const fn characters(&self) -> Counts {
        self.characters
    }
}

/// Spans label by label and in order, those of one label that overlap made one.
fn merged(spans: &[Span]) -> Vec<Span> {
    let mut spans = spans.to_vec();
    let key = |span: &Span| (span.start, span.end);
    spans.sort_unstable_by(|a, b| a.label.cmp(&b.label).then(key(a).cmp(&key(b))));
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last)
                if last.label == span.label && last.start < span.end && span.start < last.end =>
            {
                last.end = last.end.max(span.end);
            }
            _ => out.push(span),
        }
    }
    out
}

fn add_label(agreement: &mut Agreement, gold: &BTreeSet<Span>, found: &BTreeSet<Span>) {
    let equal = gold.intersection(found).count();
    let of = |recalled, right| Counts { gold: gold.len(), recalled, found: found.len(), right };
    agreement.strict += of(equal, equal);
    let touched = |spans: &BTreeSet<Span>, by: &BTreeSet<Span>| {
        let by = Touched::new(by);
        spans.iter().filter(|span| by.by(span)).count()
    };
    agreement.overlap += of(touched(gold, found), touched(found, gold));
}

fn characters(text: &str, gold: &[Span], ignored: &[Span], found: &[Span]) -> Counts {
    let length = text.chars().count();
    let mask = |spans: &[Span]| -> Vec<bool> {
        // How many spans begin less how many end at each place.
        let mut steps = vec![0_isize; length.saturating_add(1)];
        for span in spans.iter().filter(|span| span.start < span.end.min(length)) {
            let places = [(span.start, 1), (span.end.min(length), -1)];
            for (place, by) in places {
                steps.get_mut(place).into_iter().for_each(|step| *step += by);
            }
        }
        let open = steps.into_iter().scan(0_isize, |open, step| {
            *open += step;
            Some(*open > 0)
        });
        open.take(length).collect()
    };
    let (gold, ignored, found) = (mask(gold), mask(ignored), mask(found));
    let mut counts = Counts::default();
    let places = text.chars().zip(gold).zip(ignored.into_iter().zip(found));
    for ((character, is_gold), (is_ignored, is_found)) in places {
        if character.is_whitespace() || (is_ignored && !is_gold) {
            continue;
        }
        counts.gold = counts.gold.saturating_add(usize::from(is_gold));
        counts.found = counts.found.saturating_add(usize::from(is_found));
        let both = usize::from(is_gold && is_found);
        counts.recalled = counts.recalled.saturating_add(both);
        counts.right = counts.right.saturating_add(both);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(list: &[(usize, usize, &str)]) -> Vec<Span> {
        list.iter()
            .map(|&(start, end, label)| Span { start, end, label: label.to_owned() })
            .collect()
    }

    #[test]
    fn bounds_labels_and_characters_are_told_apart() {
        let mut score = Score::new(["A", "B"]);
        let gold = spans(&[(0, 4, "A"), (6, 8, "B"), (10, 12, "A")]);
        score.add("abcd efgh ijkl", &gold, &spans(&[(0, 4, "A"), (6, 9, "A"), (9, 12, "A")]));
        let of: BTreeMap<_, _> = score.labels().collect();
        let a = of["A"];
        assert_eq!(a.strict, Counts { gold: 2, recalled: 1, found: 3, right: 1 });
        assert_eq!(a.overlap, Counts { gold: 2, recalled: 2, found: 3, right: 2 });
        assert_eq!(of["B"].overlap, Counts { gold: 1, recalled: 0, found: 0, right: 0 });
        // Whatever the label: `fg` and the `h` beside it, `ij`; the space at 9 counts for nothing.
        assert_eq!(score.characters(), Counts { gold: 8, recalled: 8, found: 9, right: 8 });
    }

    #[test]
    fn what_was_not_asked_is_neither_right_nor_wrong() {
        let mut score = Score::new(["A"]);
        let gold = spans(&[(0, 4, "C"), (5, 9, "A")]);
        score.add("abcd efgh", &gold, &spans(&[(0, 4, "A"), (0, 2, "C")]));
        let all = score.all();
        assert_eq!(all.overlap, Counts { gold: 1, recalled: 0, found: 0, right: 0 });
        assert_eq!(score.characters(), Counts { gold: 4, recalled: 0, found: 0, right: 0 });
        // One that also touches an asked span is judged.
        score.add("abcd efgh", &gold, &spans(&[(2, 7, "A")]));
        assert_eq!(score.all().overlap.right, 1);
    }

    #[test]
    fn findings_of_one_label_that_overlap_are_one() {
        let mut score = Score::new(["A"]);
        score.add("abcdef", &spans(&[(0, 6, "A")]), &spans(&[(0, 4, "A"), (2, 6, "A")]));
        assert_eq!(score.all().strict.f1(), 1.0);
        // Neighbours that only touch at an edge stay two.
        score.add("abcdef", &spans(&[(0, 6, "A")]), &spans(&[(0, 3, "A"), (3, 6, "A")]));
        assert_eq!(score.all().overlap.found, 3);
    }

    #[test]
    fn offsets_are_characters_and_ends_beyond_the_text_do_no_harm() {
        let mut score = Score::new(["A"]);
        score.add("é用户", &spans(&[(1, 3, "A")]), &spans(&[(1, 99, "A"), (50, 60, "A")]));
        assert_eq!(score.characters(), Counts { gold: 2, recalled: 2, found: 2, right: 2 });
    }

    /// The same by comparing every span with every other.
    fn naive(text: &str, labels: &[&str], gold: &[Span], found: &[Span]) -> Score {
        let touches = |a: &Span, b: &Span| a.start < b.end && b.start < a.end;
        let is_asked = |span: &&Span| labels.contains(&span.label.as_str());
        let asked: Vec<&Span> = gold.iter().filter(is_asked).collect();
        let ignored: Vec<&Span> = gold.iter().filter(|span| !is_asked(span)).collect();
        let mut score = Score::new(labels.iter().copied());
        for (label, agreement) in &mut score.labels {
            let of = |span: &&Span| span.label == *label;
            let gold: BTreeSet<&Span> = asked.iter().copied().filter(of).collect();
            let mut judged: Vec<Span> = found.iter().filter(of).cloned().collect();
            while let Some((a, b)) = (0..judged.len())
                .flat_map(|b| (0..b).map(move |a| (a, b)))
                .find(|&(a, b)| touches(&judged[a], &judged[b]))
            {
                let other = judged.remove(b);
                judged[a].start = judged[a].start.min(other.start);
                judged[a].end = judged[a].end.max(other.end);
            }
            judged.retain(|span| {
                !ignored.iter().any(|one| touches(one, span))
                    || asked.iter().any(|one| touches(one, span))
            });
            let judged: BTreeSet<&Span> = judged.iter().collect();
            let equal = gold.intersection(&judged).count();
            let of =
                |recalled, right| Counts { gold: gold.len(), recalled, found: judged.len(), right };
            agreement.strict = of(equal, equal);
            agreement.overlap = of(
                gold.iter().filter(|a| judged.iter().any(|b| touches(a, b))).count(),
                judged.iter().filter(|a| gold.iter().any(|b| touches(a, b))).count(),
            );
        }
        for (place, character) in text.chars().enumerate() {
            let covers = |span: &&Span| span.start <= place && place < span.end;
            let is_gold = asked.iter().copied().any(|span| covers(&span));
            let aside = ignored.iter().copied().any(|span| covers(&span)) && !is_gold;
            if character.is_whitespace() || aside {
                continue;
            }
            let is_found = found.iter().filter(is_asked).any(|span| covers(&span));
            score.characters += Counts {
                gold: usize::from(is_gold),
                found: usize::from(is_found),
                recalled: usize::from(is_gold && is_found),
                right: usize::from(is_gold && is_found),
            };
        }
        score
    }

    fn some_spans() -> impl Strategy<Value = Vec<Span>> {
        let span = (0..30_usize, 1..12_usize, prop::sample::select(vec!["A", "B", "C"]));
        let span = span.prop_map(|(start, width, label)| Span {
            start,
            end: start + width,
            label: label.to_owned(),
        });
        prop::collection::vec(span, 0..16)
    }

    proptest! {
        #[test]
        fn sweeping_counts_what_comparing_counts(
            text in "[a é]{0,34}",
            gold in some_spans(),
            found in some_spans(),
        ) {
            let mut score = Score::new(["A", "B"]);
            score.add(&text, &gold, &found);
            prop_assert_eq!(score, naive(&text, &["A", "B"], &gold, &found));
        }
    }

    #[test]
    fn many_spans_of_one_text_take_little_time() {
        // Comparing each with each would be ten thousand million comparisons.
        let text = "ab ".repeat(100_000);
        let all: Vec<Span> = (0..100_000)
            .map(|at| Span { start: 0, end: at * 3 + 2, label: "A".to_owned() })
            .chain((0..100_000).map(|at| Span {
                start: at * 3,
                end: at * 3 + 2,
                label: if at % 2 == 0 { "B".to_owned() } else { "C".to_owned() },
            }))
            .collect();
        let mut score = Score::new(["A", "B"]);
        score.add(&text, &all, &all);
        assert_eq!(score.characters().recalled, 200_000);
        assert_eq!(score.labels["B"].strict.recalled, 50_000);
    }
}
