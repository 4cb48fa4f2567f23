//! Histories with one mistake.

mod field;
mod together;

use super::small::{SmallHistory, small};
use fastrand::Rng;
use proptest::prelude::{Strategy, any};
use serde_json::Value;

/// An invalid history: a valid one with one mistake.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The name and the text of each file, in the order of the arguments.
    pub files: Vec<(String, String)>,
    /// Exactly the lines that are in error, in the order of the arguments and lines: the file's
    /// name, and the number of the line from 1. Never empty.
    pub errors: Vec<(String, usize)>,
    /// What was done, for reading a failed test.
    pub mistake: String,
}

/// A line on the workbench.
#[derive(Clone)]
struct Line {
    text: String,
    /// Which event of the history it delivers.
    event: Option<usize>,
    /// In error.
    wrong: bool,
}

/// A history while a mistake is made in it.
struct Workbench<'h> {
    events: &'h [Value],
    files: Vec<(String, Vec<Line>)>,
}

/// Makes one mistake in the history; or changes nothing and returns `None`, if the history has
/// nothing of what the mistake needs.
type Mistake = fn(&mut Workbench<'_>, &mut Rng) -> Option<String>;

/// Histories with one mistake; see [`break_one`].
pub fn broken() -> impl Strategy<Value = Broken> {
    (small(), any::<u64>()).prop_map(|(history, seed)| break_one(&history, seed))
}

/// Makes the valid history invalid by one mistake, chosen by the seed. The mistakes cause no other:
/// where an opening is taken away, all that was about it is named, and none of that opens anything.
///
/// # Example
///
/// ```
/// use consentry_testkit::{generate, twin};
///
/// let broken = generate::break_one(&generate::seeded(1), 2);
/// assert_eq!(twin::check(&broken.files).err(), Some(broken.errors));
/// ```
#[must_use]
pub fn break_one(history: &SmallHistory, seed: u64) -> Broken {
    let mut random = Rng::with_seed(seed);
    let mistakes: [Mistake; 7] = [
        field::no_event,
        field::wrong_field,
        field::wrong_envelope,
        together::unknown,
        together::second_opening,
        together::differing_delivery,
        together::missing_opening,
    ];
    let start = random.usize(0..mistakes.len());
    let mut bench = Workbench::new(history);
    let in_turn = mistakes.iter().cycle().skip(start).take(mistakes.len());
    let mistake =
        in_turn.filter_map(|mistake| mistake(&mut bench, &mut random)).next().unwrap_or_default();
    Broken { errors: bench.errors(), files: bench.texts(), mistake }
}

impl<'h> Workbench<'h> {
    fn new(history: &'h SmallHistory) -> Self {
        let lines = |lines: &[super::Delivery]| {
            let line = |line: &super::Delivery| Line {
                text: line.text.clone(),
                event: line.event,
                wrong: false,
            };
            lines.iter().map(line).collect()
        };
        let files = history.files.iter();
        Self {
            events: &history.events,
            files: files.map(|(name, of)| (name.clone(), lines(of))).collect(),
        }
    }

    fn lines(&self) -> impl Iterator<Item = (Place, &Line)> {
        self.files.iter().enumerate().flat_map(|(file, (_, lines))| {
            lines.iter().enumerate().map(move |(line, content)| (Place { file, line }, content))
        })
    }

    fn lines_mut(&mut self) -> impl Iterator<Item = (Place, &mut Line)> {
        self.files.iter_mut().enumerate().flat_map(|(file, (_, lines))| {
            lines.iter_mut().enumerate().map(move |(line, content)| (Place { file, line }, content))
        })
    }

    /// Where an event first stands.
    fn first(&self, event: usize) -> Option<Place> {
        let mut deliveries = self.lines().filter(|(_, line)| line.event == Some(event));
        deliveries.next().map(|(place, _)| place)
    }

    /// Puts a line somewhere.
    fn insert(&mut self, text: String, wrong: bool, random: &mut Rng) -> Place {
        let file = random.usize(0..self.files.len().max(1));
        let mut place = Place { file, line: 0 };
        if let Some((_, lines)) = self.files.get_mut(file) {
            place.line = random.usize(0..=lines.len());
            lines.insert(place.line, Line { text, event: None, wrong });
        }
        place
    }

    /// Marks lines as being in error.
    fn mark(&mut self, is_wrong: impl Fn(Place, &Line) -> bool) {
        for (place, line) in self.lines_mut() {
            line.wrong |= is_wrong(place, line);
        }
    }

    fn texts(&self) -> Vec<(String, String)> {
        let text = |lines: &[Line]| {
            let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
            lines.join("\n")
        };
        self.files.iter().map(|(name, lines)| (name.clone(), text(lines))).collect()
    }

    fn errors(&self) -> Vec<(String, usize)> {
        let wrong = self.lines().filter(|(_, line)| line.wrong);
        wrong
            .filter_map(|(place, _)| {
                let (name, _) = self.files.get(place.file)?;
                Some((name.clone(), place.line + 1))
            })
            .collect()
    }
}

/// A file and a line of it, both from 0, in the order of lines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    file: usize,
    line: usize,
}

/// One of a list, or `None` if it is empty.
fn any_of<'l, T>(list: &'l [T], random: &mut Rng) -> Option<&'l T> {
    if list.is_empty() { None } else { list.get(random.usize(0..list.len())) }
}

/// The event with an id that no generated history uses.
fn renamed(event: &Value) -> Value {
    let mut event = event.clone();
    if let Some(envelope) = event.as_object_mut() {
        envelope.insert("source".to_owned(), "break".into());
    }
    event
}

/// The text of a member of the envelope.
fn text<'e>(event: &'e Value, name: &str) -> &'e str {
    event.get(name).and_then(Value::as_str).unwrap_or("")
}

/// The text of a member of `data`.
fn data_text<'e>(event: &'e Value, name: &str) -> &'e str {
    event.get("data").map_or("", |data| text(data, name))
}
