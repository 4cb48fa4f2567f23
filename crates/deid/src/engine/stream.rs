//! Texts that arrive in pieces.

use super::Engine;
use super::window::Windows;
use crate::finding::Finding;
use crate::scope::Scope;

/// Redacts a text that arrives in pieces.
///
/// A finding may lie across the border of two pieces, so the stream holds back the end of what has
/// arrived: up to 65 KiB, and up to 1 MiB behind the beginning of something that does not end. What
/// comes out is what [`Engine::redact`] makes of the whole text, however it was cut.
///
/// ```
/// use consentry_deid::{Engine, Scope};
/// let engine = Engine::structured();
/// let (mut scope, mut other) = (Scope::new([7; 32]), Scope::new([7; 32]));
/// let mut stream = engine.stream(&mut scope);
/// let mut text = stream.push("Write to ada@co").text;
/// text += &stream.push("rp.io today.").text;
/// text += &stream.finish().text;
/// assert_eq!(text, engine.redact("Write to ada@corp.io today.", &mut other).text);
/// ```
#[derive(Debug)]
pub struct Stream<'s> {
    engine: Engine,
    /// Where surrogates come from; `None` when no text is made.
    scope: Option<&'s mut Scope>,
    windows: Windows,
    /// What has arrived and is not written, with what stood before it as far as detectors look.
    held: String,
    /// How much of `held` has been written.
    written: usize,
    /// Where `held` begins in the whole text.
    offset: usize,
}

/// What a stream lets go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Piece {
    /// The next part of the redacted text. May be empty, and is where only findings were asked for.
    pub text: String,
    /// What was found in it, with offsets into the whole **input** of the stream.
    pub findings: Vec<Finding>,
}

impl<'s> Stream<'s> {
    pub(super) fn new(engine: Engine, scope: Option<&'s mut Scope>) -> Self {
        let windows = Windows::default();
        Self { engine, scope, windows, held: String::new(), written: 0, offset: 0 }
    }

    /// Takes the next piece of the text, and gives what is settled by now.
    pub fn push(&mut self, text: &str) -> Piece {
        self.held.push_str(text);
        let piece = self.settle(false);
        let keep = self.windows.kept_from(&self.held);
        self.held.drain(..keep);
        self.windows.from = self.windows.from.saturating_sub(keep);
        self.written = self.written.saturating_sub(keep);
        self.offset = self.offset.saturating_add(keep);
        piece
    }

    /// Ends the text, and gives the rest.
    #[must_use]
    pub fn finish(mut self) -> Piece {
        self.settle(true)
    }

    fn settle(&mut self, is_whole: bool) -> Piece {
        let mut piece = Piece::default();
        while let Some(mut findings) = self.windows.next(&self.engine, &self.held, is_whole) {
            if let Some(scope) = &mut self.scope {
                let (held, out) = (&self.held, &mut piece.text);
                let written = self.engine.replace(held, self.written, &findings, scope, out);
                out.push_str(held.get(written..self.windows.from).unwrap_or_default());
            }
            self.written = self.windows.from;
            findings.iter_mut().for_each(|finding| finding.shift(self.offset));
            piece.findings.append(&mut findings);
        }
        piece
    }
}
