//! One large, realistic history.

mod people;
mod size;
mod talk;
mod text;

pub(super) use people::plan_of;

use consentry_model::Instant;
use consentry_model::instant::MILLIS_PER_DAY;
use fastrand::Rng;
use std::io::{self, Write};

/// When the history begins: 2024-06-01T00:00:00Z.
const BEGINNING: i64 = 1_717_200_000_000;

/// Conversations start within this many days from the beginning, evenly: up to 2026-05-31.
const DAYS: i64 = 729;

/// A new account for so many conversations.
const CONVERSATIONS_PER_ACCOUNT: u64 = 50;

/// What a conversation takes on average with all its events, for spreading them over the time.
/// Measured on 1 GB with seed 1.
const BYTES_PER_CONVERSATION: u64 = 24_000;

/// How long the history gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// About so many bytes: not fewer, and not more than the last conversation's remaining events
    /// need, which is some hundreds of kilobytes at worst and usually a few hundred bytes.
    Bytes(u64),
    /// So many conversations.
    Conversations(u64),
}

/// Which large history to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Big {
    /// The same seed and limit give the same bytes on every machine.
    pub seed: u64,
    /// How long it gets.
    pub limit: Limit,
    /// How many lines are held back and shuffled: an event stands about so many lines from where
    /// the order of time would have it. Also bounds the memory: so many lines, of 2 kB on average.
    pub window: usize,
}

impl Default for Big {
    /// Seed 1, 100 MB, a window of 1024 lines.
    fn default() -> Self {
        Self { seed: 1, limit: Limit::Bytes(100_000_000), window: 1024 }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Bytes, with line feeds.
    pub bytes: u64,
    /// Lines: events and redeliveries.
    pub lines: u64,
    /// Lines that deliver an event again.
    pub redeliveries: u64,
    /// Accounts that were opened.
    pub accounts: u64,
    /// Conversations that were started.
    pub conversations: u64,
    /// Messages that were added.
    pub messages: u64,
    /// Parts of those messages.
    pub parts: u64,
}

/// Writes a large valid history: accounts on all plans with their choices, chats and long coding
/// sessions, connectors, feedback, flags, deletions, holds, and one line in 200 delivered twice.
///
/// Sizes follow those of real products: log-normal lengths with the medians and spreads given at
/// `big/talk.rs`, tool results of up to 100 kB. The text is made of words without meaning, one
/// sentence in fifty with something for de-identification to find; every address, number and key
/// in it is made up, and taken from ranges that are reserved for documentation where there are
/// such. What an account does later is written where the account is opened, with its later time.
///
/// # Errors
///
/// Those of the writer. Writes line by line: hand it a buffered writer.
///
/// # Example
///
/// ```
/// use consentry_testkit::generate::{Big, Limit, big};
///
/// let mut history = Vec::new();
/// let written = big(&Big { limit: Limit::Conversations(10), ..Big::default() }, &mut history)?;
/// assert_eq!(written.conversations, 10);
/// assert_eq!(written.bytes, history.len() as u64);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn big(options: &Big, out: &mut impl Write) -> io::Result<Written> {
    let mut stream = Stream::new(options, out);
    let expected = match options.limit {
        Limit::Bytes(bytes) => bytes / BYTES_PER_CONVERSATION + 1,
        Limit::Conversations(conversations) => conversations,
    };
    people::notices(&mut stream)?;
    while !stream.is_full() {
        let number = stream.written.conversations;
        if number.is_multiple_of(CONVERSATIONS_PER_ACCOUNT) {
            people::account(&mut stream, start_of(number, expected))?;
        }
        let account = stream.random.u64(0..stream.written.accounts);
        talk::conversation(&mut stream, account, start_of(number, expected))?;
    }
    stream.finish()
}

/// When a conversation starts, in milliseconds since 1970.
fn start_of(number: u64, expected: u64) -> i64 {
    // The ratio is below one but for histories that get longer than expected.
    let ratio = (number as f64 / expected as f64).min(1.0);
    BEGINNING + (ratio * (DAYS * MILLIS_PER_DAY) as f64) as i64
}

/// Lines on their way to the writer.
struct Stream<'w, W> {
    out: &'w mut W,
    options: Big,
    random: Rng,
    /// Lines held back.
    window: Vec<Vec<u8>>,
    /// The line being written.
    line: Vec<u8>,
    events: u64,
    written: Written,
}

impl<'w, W: Write> Stream<'w, W> {
    fn new(options: &Big, out: &'w mut W) -> Self {
        Self {
            out,
            options: *options,
            random: Rng::with_seed(options.seed),
            window: Vec::with_capacity(options.window),
            line: Vec::new(),
            events: 0,
            written: Written::default(),
        }
    }

    /// Whether the limit is reached.
    fn is_full(&self) -> bool {
        match self.options.limit {
            Limit::Bytes(bytes) => self.written.bytes >= bytes,
            Limit::Conversations(conversations) => self.written.conversations >= conversations,
        }
    }

    /// Whether a conversation that is being written should go on.
    fn has_room(&self) -> bool {
        matches!(self.options.limit, Limit::Conversations(_)) || !self.is_full()
    }

    /// Whether something happens that happens once in `count` times.
    fn one_in(&mut self, count: u32) -> bool {
        self.random.u32(0..count) == 0
    }

    /// Writes an event. `data` writes the members of `data`, without the braces.
    fn event(
        &mut self,
        kind: &str,
        subject: Id,
        time: i64,
        data: impl FnOnce(&mut Vec<u8>, &mut Rng),
    ) -> io::Result<()> {
        let id = mix(self.options.seed ^ 0x65, self.events);
        self.events += 1;
        let Self { line, random, .. } = self;
        line.clear();
        let time = Instant::from_millis(time);
        let (subject_kind, subject) = (subject.kind(), subject);
        write!(
            line,
            r#"{{"specversion":"1.0","id":"{id:016x}","source":"https://product.example/events","type":"consentry.{kind}","subject":"{subject_kind}/{subject}","time":"{time}","data":{{"#
        )?;
        data(line, random);
        line.extend_from_slice(b"}}\n");
        if self.one_in(200) {
            self.written.redeliveries += 1;
            let again = self.line.clone();
            self.hold_back()?;
            self.line = again;
        }
        self.hold_back()
    }

    /// Takes the line into the window, and writes another one from there if that is full.
    fn hold_back(&mut self) -> io::Result<()> {
        self.written.bytes += self.line.len() as u64;
        self.written.lines += 1;
        if self.window.len() < self.options.window {
            self.window.push(std::mem::take(&mut self.line));
            return Ok(());
        }
        if !self.window.is_empty() {
            let slot = self.random.usize(0..self.window.len());
            if let Some(held) = self.window.get_mut(slot) {
                std::mem::swap(held, &mut self.line);
            }
        }
        self.out.write_all(&self.line)
    }

    fn finish(mut self) -> io::Result<Written> {
        self.random.shuffle(&mut self.window);
        for line in &self.window {
            self.out.write_all(line)?;
        }
        Ok(self.written)
    }
}

/// An id that looks random, so that sorting by it is work.
#[derive(Clone, Copy)]
enum Id {
    Account(u64),
    Conversation(u64),
    Notice,
}

impl Id {
    const fn kind(self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Conversation(_) => "conversation",
            Self::Notice => "notice",
        }
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(number) => write!(f, "acct-{:016x}", mix(0x61, *number)),
            Self::Conversation(number) => write!(f, "conv-{:016x}", mix(0x63, *number)),
            Self::Notice => f.write_str("terms-2025"),
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): a bijection of `number` for each `key`, so different
/// numbers have different ids.
pub(super) const fn mix(key: u64, number: u64) -> u64 {
    let mut z = number.wrapping_add(key.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
