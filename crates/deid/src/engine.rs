//! The engine: tiers of detection, the choice between findings that overlap, and replacement.

mod overlap;
mod stream;
mod window;

use crate::detect::Detectors;
use crate::finding::{Finding, FindingKind};
#[cfg(feature = "neural")]
use crate::names::{Ask, neural::Neural};
use crate::names::{Memory, Names};
use crate::plan::{Plan, Profile};
use crate::scope::Scope;
use crate::settings::Settings;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use stream::{Piece, Stream};

/// Finds sensitive text and replaces it.
///
/// An engine has up to two tiers: *structured*, which knows forms, checks and the words around
/// them, and *names*, which finds persons, places and organisations.
///
/// Build one for the process and share it: an engine is immutable, `Send` and `Sync`, and cloning
/// it copies a pointer. All state of a replacement is in the [`Scope`].
#[derive(Clone, Debug)]
pub struct Engine {
    tiers: Arc<Tiers>,
    settings: Arc<Settings>,
}

#[derive(Debug)]
struct Tiers {
    detectors: Detectors,
    names: Option<Names>,
    #[cfg(feature = "neural")]
    model: Option<(Arc<Neural>, Ask)>,
}

impl Tiers {
    /// The names in the next part of a text.
    fn names(&self, text: &str, memory: &mut Memory) -> Vec<Finding> {
        let Some(names) = &self.names else {
            return Vec::new();
        };
        #[cfg(feature = "neural")]
        if let Some((model, ask)) = &self.model {
            let before = memory.clone();
            match names.thorough_further(model, *ask, text, memory) {
                Ok(findings) => return findings,
                // No text is known to cause it; what the tagger finds alone is found still.
                Err(_) => *memory = before,
            }
        }
        names.tag_further(text, memory).findings
    }
}

/// A text with surrogates in the place of its findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Redacted<'t> {
    /// The text. Borrowed from the input when nothing was found.
    pub text: Cow<'t, str>,
    /// What was replaced, with offsets into the **input**, sorted and without overlaps.
    pub findings: Vec<Finding>,
}

impl Redacted<'_> {
    /// How many findings of each kind were replaced. Kinds without a finding are absent.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<FindingKind, usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            let count: &mut usize = counts.entry(finding.kind).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }
}

impl Engine {
    /// The engine of structured identifiers: everything that is recognised by its form alone, or
    /// by its form and the words around it. See [`FindingKind`] for what it finds and the
    /// project's `docs/deidentification.md` for its rules.
    #[must_use]
    pub fn structured() -> Self {
        Self::of(None)
    }

    /// The engine of both tiers, with the name tagger that comes with this crate.
    ///
    /// ```
    /// use consentry_deid::{Engine, FindingKind, Why};
    /// let found = Engine::fast().findings("My colleague Hannah Whitfield lives in Lisbon.");
    /// assert_eq!((found[0].kind, found[1].kind), (FindingKind::Person, FindingKind::Location));
    /// assert_eq!(found[0].why, Why::Model);
    /// ```
    #[must_use]
    pub fn fast() -> Self {
        Self::of(Some(Names::built_in()))
    }

    /// The engine of both tiers, in which the neural model is asked about the sentences where the
    /// tagger may be wrong: see [`Ask`]. Slower, and better at names that no list holds.
    #[cfg(feature = "neural")]
    #[must_use]
    pub fn thorough(model: Arc<Neural>, ask: Ask) -> Self {
        let (detectors, names) = (Detectors::structured(), Some(Names::built_in()));
        let tiers = Tiers { detectors, names, model: Some((model, ask)) };
        Self { tiers: Arc::new(tiers), settings: Arc::default() }
    }

    fn of(names: Option<Names>) -> Self {
        let tiers = Tiers {
            detectors: Detectors::structured(),
            names,
            #[cfg(feature = "neural")]
            model: None,
        };
        Self { tiers: Arc::new(tiers), settings: Arc::default() }
    }

    /// What this engine is made of. `None` when its settings were made in code.
    #[must_use]
    pub fn plan(&self) -> Option<Plan> {
        let profile = match &self.tiers.names {
            None => Profile::Structured,
            Some(_) => self.asks().unwrap_or(Profile::Fast),
        };
        self.settings.source().map(|settings| Plan { profile, settings: settings.to_owned() })
    }

    /// The tiers that run, for reports: `structured`, `names-tagger`, and
    /// `names-model`, or `names-model-everywhere`.
    #[must_use]
    pub fn tiers(&self) -> Vec<&'static str> {
        let names = self.tiers.names.as_ref().map(|_| "names-tagger");
        let model = self.asks().map(|profile| match profile {
            Profile::Exhaustive => "names-model-everywhere",
            _ => "names-model",
        });
        ["structured"].into_iter().chain(names).chain(model).collect()
    }

    /// The profile of an engine that asks the names model.
    #[cfg(feature = "neural")]
    fn asks(&self) -> Option<Profile> {
        let all = |ask| if ask == Ask::All { Profile::Exhaustive } else { Profile::Thorough };
        self.tiers.model.as_ref().map(|(_, ask)| all(*ask))
    }

    #[cfg(not(feature = "neural"))]
    const fn asks(&self) -> Option<Profile> {
        None
    }

    /// The same engine with other settings; those that it had are gone.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self { settings: Arc::new(settings), ..self }
    }

    /// Everything sensitive in `text`, sorted by position, no two overlapping.
    ///
    /// Where candidates overlap, one stays. In this order the one stays that (1) opens something
    /// (`secret`, `url_credentials`), (2) a rule found, (3) covers more bytes, (4) has the higher
    /// score, (5) begins earlier. Of a name that reaches over such a one, what is beside it stays.
    ///
    /// Takes time linear in the length of the text, whatever it holds: a text of more than 65 KiB
    /// is read in windows, which end where no candidate stands. A finding ends after 1 MiB, even if
    /// the key that it began with does not. Structured surrogates that this crate made are recognised and
    /// are not findings.
    ///
    /// ```
    /// let found = consentry_deid::Engine::structured().findings("Write to ada@corp.io today.");
    /// assert_eq!((found[0].start, found[0].end), (9, 20));
    /// assert_eq!(found[0].kind, consentry_deid::FindingKind::Email);
    /// ```
    #[must_use]
    pub fn findings(&self, text: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut windows = window::Windows::default();
        while let Some(mut window) = windows.next(self, text, true) {
            findings.append(&mut window);
        }
        findings
    }

    /// Replaces every finding of `text` by what the [`Settings`] say: unless they are given, by a
    /// surrogate of the same kind.
    ///
    /// Outside the findings the text is unchanged, byte for byte. `scope` remembers which
    /// surrogate stands for which value; pass the same scope for every text of one conversation.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str, scope: &mut Scope) -> Redacted<'t> {
        let findings = self.findings(text);
        if findings.is_empty() {
            return Redacted { text: Cow::Borrowed(text), findings };
        }
        let mut output = String::with_capacity(text.len());
        let copied = self.replace(text, 0, &findings, scope, &mut output);
        output.push_str(text.get(copied..).unwrap_or_default());
        Redacted { text: Cow::Owned(output), findings }
    }

    /// What [`redact`](Self::redact) puts in the place of one finding, whose text is `original`.
    #[must_use]
    pub fn replacement(&self, finding: &Finding, original: &str, scope: &mut Scope) -> String {
        let operator = self.settings.operator(finding.kind).unwrap_or_default();
        operator.replace(finding.kind, original, scope)
    }

    /// Redacts a text that arrives in pieces: see [`Stream`].
    #[must_use]
    pub fn stream<'s>(&self, scope: &'s mut Scope) -> Stream<'s> {
        Stream::new(self.clone(), Some(scope))
    }

    /// Finds in a text that arrives in pieces what [`findings`](Self::findings) finds in the whole,
    /// and makes no text.
    ///
    /// ```
    /// let mut stream = consentry_deid::Engine::structured().stream_of_findings();
    /// assert!(stream.push("Write to ada@co").findings.is_empty());
    /// stream.push("rp.io today.");
    /// let rest = stream.finish();
    /// assert_eq!((rest.findings[0].start, rest.findings[0].end), (9, 20));
    /// assert!(rest.text.is_empty());
    /// ```
    #[must_use]
    pub fn stream_of_findings(&self) -> Stream<'static> {
        Stream::new(self.clone(), None)
    }

    /// Appends `text` from `copied` on to the end of the last finding, with what replaces the
    /// findings, and tells where that end is.
    fn replace(
        &self,
        text: &str,
        mut copied: usize,
        findings: &[Finding],
        scope: &mut Scope,
        output: &mut String,
    ) -> usize {
        for finding in findings {
            output.push_str(text.get(copied..finding.start).unwrap_or_default());
            let original = text.get(finding.start..finding.end).unwrap_or_default();
            output.push_str(&self.replacement(finding, original, scope));
            copied = finding.end;
        }
        copied
    }
}
