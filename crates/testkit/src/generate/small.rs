//! Small, nasty, valid histories.

mod dice;
mod events;
mod spelling;

use consentry_model::Instant;
use consentry_model::instant::MILLIS_PER_DAY;
use dice::Dice;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use serde_json::Value;
use std::fmt;

/// The instant around which the times of small histories lie: 2026-06-01T00:00:00Z.
pub const NOW: Instant = Instant::from_millis(1_780_272_000_000);

/// The first of the times, at which most things begin: long before any period of the reference
/// policy set.
const LONG_AGO: i64 = -2000 * MILLIS_PER_DAY;

/// All times of small histories, as milliseconds from [`NOW`]: on the ends of the periods of the
/// reference policy set (30, 730 and 1826 days), a millisecond beside them, and some between.
const TIMES: [i64; 18] = [
    LONG_AGO,
    -1826 * MILLIS_PER_DAY - 1,
    -1826 * MILLIS_PER_DAY,
    -1826 * MILLIS_PER_DAY + 1,
    -731 * MILLIS_PER_DAY,
    -730 * MILLIS_PER_DAY - 1,
    -730 * MILLIS_PER_DAY,
    -730 * MILLIS_PER_DAY + 1,
    -100 * MILLIS_PER_DAY,
    -31 * MILLIS_PER_DAY,
    -30 * MILLIS_PER_DAY - 1,
    -30 * MILLIS_PER_DAY,
    -30 * MILLIS_PER_DAY + 1,
    -MILLIS_PER_DAY,
    -1,
    0,
    1,
    MILLIS_PER_DAY,
];

fn moment(offset: i64) -> Instant {
    Instant::from_millis(NOW.millis() + offset)
}

/// The instants worth asking a small history about: every time at which something can happen in
/// one. [`NOW`] is among them, and the one at which most periods end.
#[must_use]
pub fn moments() -> Vec<Instant> {
    TIMES.into_iter().map(moment).collect()
}

/// A line of a file.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The line without its line feed.
    pub text: String,
    /// Which event of [`SmallHistory::events`] it delivers; `None` for a blank line.
    pub event: Option<usize>,
}

/// A valid history of up to some dozens of events, delivered over one to four files.
///
/// There are few ids, so that everything meets everything else: choices are repeated and changed,
/// programmes left and joined again, holds placed twice and released too early, notices replaced,
/// plans changed before the opening. Messages and feedback come before the start, and all kinds of
/// events after a deletion or a closing. Many events share their millisecond. Ids hold slashes,
/// spaces, quotes and characters whose order differs between UTF-8 and UTF-16. Events are
/// delivered in any order, some of them again in another spelling.
#[derive(Clone)]
pub struct SmallHistory {
    /// The name of each file, and its lines.
    pub files: Vec<(String, Vec<Delivery>)>,
    /// Every event once, as JSON.
    pub events: Vec<Value>,
}

impl SmallHistory {
    /// The name and the text of each file, in the order of the arguments.
    #[must_use]
    pub fn texts(&self) -> Vec<(String, String)> {
        let text = |lines: &[Delivery]| {
            let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
            lines.join("\n")
        };
        self.files.iter().map(|(name, lines)| (name.clone(), text(lines))).collect()
    }
}

impl fmt::Debug for SmallHistory {
    /// The files as they would be printed, for reading a failed test.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, text) in self.texts() {
            writeln!(f, "\n==> {name} <==\n{text}")?;
        }
        Ok(())
    }
}

/// The bytes that one event is made from. All zeros make the plainest event.
#[derive(Clone, Debug)]
struct Draw {
    content: [u8; 24],
    delivery: [u8; 6],
}

/// The bytes that a history is made from. Fewer draws and smaller bytes make a simpler history, so
/// that a failed test shrinks to a readable one.
#[derive(Clone, Debug)]
struct Recipe {
    accounts: Vec<Draw>,
    notices: Vec<Draw>,
    conversations: Vec<Draw>,
    messages: Vec<Draw>,
    others: Vec<Draw>,
    /// Deliveries beyond the first, and blank lines.
    again: Vec<(u8, [u8; 6])>,
    files: u8,
}

/// How many draws of each kind a recipe has at most.
const MOST: [usize; 6] = [5, 3, 6, 14, 24, 8];

/// Small, nasty, valid histories; see [`SmallHistory`].
///
/// # Example
///
/// ```
/// use consentry_testkit::{generate, twin};
/// use proptest::prelude::*;
///
/// proptest!(|(history in generate::small())| {
///     prop_assert!(twin::check(&history.texts()).is_ok());
/// });
/// ```
pub fn small() -> impl Strategy<Value = SmallHistory> {
    let draw =
        || any::<([u8; 24], [u8; 6])>().prop_map(|(content, delivery)| Draw { content, delivery });
    let draws = move |most: usize| vec(draw(), 0..=most);
    let [accounts, notices, conversations, messages, others, again] = MOST;
    (
        draws(accounts),
        draws(notices),
        draws(conversations),
        draws(messages),
        draws(others),
        vec(any::<(u8, [u8; 6])>(), 0..=again),
        any::<u8>(),
    )
        .prop_map(|(accounts, notices, conversations, messages, others, again, files)| {
            build(&Recipe { accounts, notices, conversations, messages, others, again, files })
        })
}

/// The small history with this seed: the same on every machine.
#[must_use]
pub fn seeded(seed: u64) -> SmallHistory {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut draws = |most: usize| -> Vec<Draw> {
        (0..random.usize(0..=most))
            .map(|_| {
                let mut draw = Draw { content: [0; 24], delivery: [0; 6] };
                random.fill(&mut draw.content);
                random.fill(&mut draw.delivery);
                draw
            })
            .collect()
    };
    let [accounts, notices, conversations, messages, others, again] = MOST.map(&mut draws);
    build(&Recipe {
        accounts,
        notices,
        conversations,
        messages,
        others,
        again: again.into_iter().map(|draw| (random.u8(..), draw.delivery)).collect(),
        files: random.u8(..),
    })
}

fn build(recipe: &Recipe) -> SmallHistory {
    let made = events::events(recipe);
    let mut files: Vec<(String, Vec<(u8, Delivery)>)> =
        ["b.jsonl", "a.jsonl", "d.jsonl", "é .jsonl"]
            .into_iter()
            .take(1 + usize::from(recipe.files) % 4)
            .map(|name| (name.to_owned(), Vec::new()))
            .collect();
    let count = files.len();
    let mut deliver = |event: Option<usize>, bytes: &[u8]| {
        let mut dice = Dice::new(bytes);
        let (file, position) = (dice.below(count), dice.byte());
        let value = event.and_then(|event| made.get(event)).map(|(value, _)| value);
        let text = match value {
            Some(value) => spelling::spell(value, &mut dice),
            None => dice.of(&["", " \t"]).to_owned(),
        };
        if let Some((_, lines)) = files.get_mut(file) {
            lines.push((position, Delivery { text, event }));
        }
    };
    for (event, (_, delivery)) in made.iter().enumerate() {
        deliver(Some(event), delivery);
    }
    for (which, delivery) in &recipe.again {
        let event = usize::from(*which).checked_rem(made.len());
        // A few of the extra lines are blank.
        deliver(event.filter(|_| *which < 224), delivery);
    }
    let files = files
        .into_iter()
        .map(|(name, mut lines)| {
            lines.sort_by_key(|(position, _)| *position);
            (name, lines.into_iter().map(|(_, line)| line).collect())
        })
        .collect();
    SmallHistory { files, events: made.into_iter().map(|(value, _)| value).collect() }
}
