//! What a policy says about itself: `@id`, `@title`, `@cites`, `@obligation`, `@unknown`.

use crate::problem::{File, Problem};
use crate::provisions::is_id;
use crate::schema::list;
use crate::syntax::{self, AnnotationSpan};
use consentry_columnar::Effect;
use std::ops::Range;
use std::sync::Arc;

/// What must be done to content that a policy permits, before it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Obligation {
    /// Replace sensitive text.
    Deidentify,
    /// Take away whatever leads back to the account or the conversation.
    Delink,
}

impl Obligation {
    /// Every obligation.
    pub const ALL: &'static [Self] = &[Self::Deidentify, Self::Delink];

    /// The word in `@obligation`: `deidentify` or `delink`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deidentify => "deidentify",
            Self::Delink => "delink",
        }
    }

    /// The obligation with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|obligation| obligation.as_str() == word)
    }
}

/// What a set says about one of its policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInfo {
    /// Unique in the set: letters a–z, digits and hyphens.
    pub id: Arc<str>,
    /// What it says, for people.
    pub title: String,
    /// Whether it permits or forbids.
    pub effect: Effect,
    /// The ids of the provisions that it implements, as written.
    pub cites: Vec<Arc<str>>,
    /// What must be done to content that it permits, as written.
    pub obligations: Vec<Obligation>,
    /// What the provider does not publish, in the words of the set's author, if the policy stands for
    /// that. Such a policy always forbids.
    pub unknown: Option<String>,
    /// The file that holds it.
    pub file: Arc<str>,
    /// The line on which it begins, from 1.
    pub line: usize,
}

const KNOWN: [&str; 5] = ["id", "title", "cites", "obligation", "unknown"];

/// One statement of a `.cedar` file.
pub(crate) struct Statement<'a> {
    pub(crate) file: &'a File,
    /// The bytes of the file that it takes up.
    pub(crate) span: Range<usize>,
    annotations: Vec<AnnotationSpan>,
    effect: Range<usize>,
}

impl<'a> Statement<'a> {
    pub(crate) fn new(file: &'a File, span: Range<usize>) -> Self {
        let mut statement = Self { file, span, annotations: Vec::new(), effect: 0..0 };
        (statement.annotations, statement.effect) = syntax::head(statement.text());
        statement
    }

    pub(crate) fn text(&self) -> &'a str {
        self.file.text.get(self.span.clone()).unwrap_or_default()
    }

    /// A stretch of the statement as one of the file.
    pub(crate) fn in_file(&self, span: &Range<usize>) -> Range<usize> {
        self.span.start + span.start..self.span.start + span.end
    }

    /// Where to point for the policy as a whole: its `permit` or `forbid`.
    pub(crate) fn effect_span(&self) -> Range<usize> {
        self.in_file(&self.effect)
    }

    /// Where an annotation stands; the policy's effect if it has none of that name.
    pub(crate) fn annotation_span(&self, name: &str) -> Range<usize> {
        let found = self.annotations.iter().find(|found| found.name == name);
        self.in_file(found.map_or(&self.effect, |found| &found.span))
    }
}

/// Reads the annotations of a parsed policy. Everything that is wrong goes to `problems`; the
/// answer is usable anyway where the id is.
pub(crate) fn read(
    policy: &cedar_policy::Policy,
    statement: &Statement<'_>,
    problems: &mut Vec<Problem>,
) -> Option<PolicyInfo> {
    let file = statement.file;
    for found in &statement.annotations {
        if !KNOWN.contains(&found.name.as_str()) {
            let message = format!("`@{}` is not an annotation that Consentry knows", found.name);
            let problem = Problem::error("policy::unknown-annotation", message);
            let help =
                "the annotations are `@id`, `@title`, `@cites`, `@obligation` and `@unknown`";
            problems.push(problem.help(help).at(file, statement.in_file(&found.span)));
        }
    }
    let effect = match policy.effect() {
        cedar_policy::Effect::Permit => Effect::Permit,
        cedar_policy::Effect::Forbid => Effect::Forbid,
    };
    let title = policy.annotation("title").unwrap_or_default().trim();
    if title.is_empty() {
        let problem = Problem::error("policy::missing-title", "the policy has no title")
            .help("say in plain words what it rules: `@title(\"The conversation was deleted\")`");
        problems.push(problem.at(file, statement.annotation_span("title")));
    }
    let cites = words(policy, statement, "cites", problems);
    let unknown = unknown(policy, statement, effect, problems);
    if cites.is_empty() && policy.annotation("cites").is_none() && unknown.is_none() {
        let problem = Problem::warning("policy::cites-nothing", "the policy cites no provision")
            .help("name the provisions that it implements: `@cites(\"deletion, history\")`");
        problems.push(problem.at(file, statement.effect_span()));
    }
    let obligations = obligations(policy, statement, effect, problems);
    let id = policy.annotation("id").unwrap_or_default();
    if !is_id(id) {
        let message = match policy.annotation("id") {
            None => "the policy has no id".to_owned(),
            Some(id) => format!("`{id}` is not an id"),
        };
        let help = "decisions name the policy by its id: `@id(\"…\")` with letters a–z, digits \
                    and hyphens";
        let problem = Problem::error("policy::id", message).help(help);
        problems.push(problem.at(file, statement.annotation_span("id")));
        return None;
    }
    Some(PolicyInfo {
        id: id.into(),
        title: title.to_owned(),
        effect,
        cites: cites.into_iter().map(Arc::from).collect(),
        obligations,
        unknown,
        file: Arc::clone(&file.name),
        line: file.line(statement.span.start),
    })
}

/// What the policy says is not published. It has to forbid: what nobody published permits nothing.
fn unknown(
    policy: &cedar_policy::Policy,
    statement: &Statement<'_>,
    effect: Effect,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let text = policy.annotation("unknown")?.trim();
    let mut refuse = |code, message: &str, help: &str| {
        let problem = Problem::error(code, message).help(help);
        problems.push(problem.at(statement.file, statement.annotation_span("unknown")));
    };
    if effect == Effect::Permit {
        let message = "a policy that permits stands for something that is not published";
        refuse(
            "policy::unknown-permit",
            message,
            "what is not published is denied: make it a forbid",
        );
    }
    if text.is_empty() {
        let message = "`@unknown` does not say what is not published";
        let help = "name it: `@unknown(\"how long feedback is kept\")`";
        refuse("policy::unknown-empty", message, help);
    }
    Some(text.to_owned())
}

fn obligations(
    policy: &cedar_policy::Policy,
    statement: &Statement<'_>,
    effect: Effect,
    problems: &mut Vec<Problem>,
) -> Vec<Obligation> {
    let mut obligations = Vec::new();
    let span = statement.annotation_span("obligation");
    for word in words(policy, statement, "obligation", problems) {
        if let Some(obligation) = Obligation::from_word(&word) {
            obligations.push(obligation);
            continue;
        }
        let known: Vec<_> = Obligation::ALL.iter().map(|known| known.as_str()).collect();
        let message = format!("nothing carries out the obligation `{word}`");
        let problem = Problem::error("policy::unknown-obligation", message)
            .help(format!("the obligations are {}", list(&known)));
        problems.push(problem.at(statement.file, span.clone()));
    }
    if effect == Effect::Forbid && policy.annotation("obligation").is_some() {
        let message = "a policy that forbids has an obligation";
        let problem = Problem::error("policy::obligation-on-forbid", message)
            .help("obligations are about content that a policy permits: put it there");
        problems.push(problem.at(statement.file, span));
    }
    obligations
}

/// The words of an annotation, which are separated by commas.
fn words(
    policy: &cedar_policy::Policy,
    statement: &Statement<'_>,
    name: &str,
    problems: &mut Vec<Problem>,
) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in policy.annotation(name).into_iter().flat_map(|all| all.split(',')) {
        let word = word.trim();
        if word.is_empty() || words.iter().any(|known| known == word) {
            let message = format!("`@{name}` has an empty word, or one twice");
            let problem = Problem::error("policy::list", message)
                .help(format!("write `@{name}(\"one, another\")`"));
            problems.push(problem.at(statement.file, statement.annotation_span(name)));
        } else {
            words.push(word.to_owned());
        }
    }
    words
}
