//! Reading a set: every file, every check, every problem at once.

use crate::analysis::{self, Analysis};
use crate::annotations::{self, PolicyInfo, Statement};
use crate::compile::{self, Ready, Unready};
use crate::expr::Reads;
use crate::lower::Unlowerable;
use crate::problem::{self, File, LoadError, Problem, Severity};
use crate::provisions::{self, Provision};
use crate::schema::{self, PRINCIPAL, Schema};
use crate::set::PolicySet;
use crate::sources::Sources;
use crate::syntax;
use crate::time::{Comparison, Refusal};
use cedar_policy::{Policy, PolicyId, ValidationWarning};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// The id of the principal in every request: `Provider::"self"`.
pub(crate) const PRINCIPAL_ID: &str = "self";

/// How many words and signs a policy or a schema may have. Together with [`STACK`] this bounds what
/// reading takes: a level of nesting takes at least one of them, and up to 25 kB of stack without
/// optimisation.
const LONGEST: usize = 4000;

/// The stack of the thread that reads a set, in bytes. Only what is used is allocated.
const STACK: usize = 256 << 20;

/// The action whose answers have an end that must be derivable.
pub(crate) const RETAIN: &str = "retain";

/// A policy that Cedar could read.
struct Parsed<'a> {
    statement: Statement<'a>,
    policy: Policy,
    /// Absent when it has no usable id.
    info: Option<PolicyInfo>,
    reads: Reads,
    turns: Option<Vec<Comparison>>,
}

/// Reads and checks a set, on a stack that is large enough whatever is in the files: Cedar's parser
/// and its conversions recurse without looking at the stack that is left.
pub(crate) fn load(sources: &Sources) -> Result<PolicySet, LoadError> {
    let read = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, || read(sources));
        let thread = thread.map_err(|error| error.to_string())?;
        thread.join().map_err(|_| "the thread for it broke off".to_owned())
    });
    read.unwrap_or_else(|reason| {
        let message = format!("the set cannot be read: {reason}");
        Err(LoadError { problems: vec![Problem::error("set::mishap", message)] })
    })
}

fn read(sources: &Sources) -> Result<PolicySet, LoadError> {
    let files: BTreeMap<&str, File> =
        sources.iter().map(|(name, text)| (name, File::new(name, text))).collect();
    let mut problems = Vec::new();
    check_names(&files, &mut problems);
    let named = files.get("set.toml");
    let named = named.and_then(|file| provisions::load_set(file, &mut problems));
    let schema = files.get("schema.cedarschema");
    let schema = schema.and_then(|file| match too_long(&file.text, file, 0..0) {
        Some(problem) => {
            problems.push(problem);
            None
        }
        None => schema::load(file, &mut problems),
    });
    let provisions = files.get("provisions.toml");
    let provisions = provisions
        .map_or_else(BTreeMap::new, |file| provisions::load_provisions(file, &mut problems));
    let mut parsed = parse_policies(&files, &mut problems);
    check_ids(&parsed, &mut problems);
    check_citations(&parsed, &provisions, files.get("provisions.toml"), &mut problems);
    check_literals(&parsed, &mut problems);
    if let Some(schema) = &schema {
        validate(&parsed, schema, &mut problems);
        analyse(&mut parsed, schema, &mut problems);
    }
    problem::sort(&mut problems);
    let refused = (problems.iter()).any(|problem| problem.severity() == Severity::Error);
    let (Some(named), Some(schema), false) = (named, schema, refused) else {
        return Err(LoadError { problems });
    };
    let ready = ready(&parsed);
    let hash = sources.hash();
    let actions = compile::actions((&named.id, &hash), &ready, &schema);
    let made = actions.and_then(|actions| Ok((actions, compile::principal()?)));
    let (actions, principal) = match made {
        Ok(made) => made,
        Err(unready) => {
            problems.push(unready_problem(unready, &parsed, &ready));
            return Err(LoadError { problems });
        }
    };
    let provisions = provisions.into_iter();
    Ok(PolicySet {
        id: named.id,
        title: named.title,
        control: named.control,
        hash,
        sources: sources.clone(),
        policies: ready.into_iter().map(|one| one.info.clone()).collect(),
        provisions: provisions.map(|(id, (one, _))| (id, one)).collect(),
        actions,
        principal,
        warnings: problems,
    })
}

/// What to say of a set that is right but cannot be made ready.
fn unready_problem(unready: Unready, parsed: &[Parsed<'_>], ready: &[Ready<'_>]) -> Problem {
    match unready {
        Unready::Unlowerable(Unlowerable { policy, reason }) => {
            let id = ready.get(policy).map(|one| Arc::clone(&one.info.id));
            let message = format!(
                "the policy `{}` cannot be turned into a program over columns: {reason}",
                id.as_deref().unwrap_or_default()
            );
            let problem = Problem::error("policy::unlowerable", message)
                .help("say it with comparisons, sets of constants, `has` and `like`");
            let place =
                parsed.iter().find(|one| one.info.as_ref().map(|info| &info.id) == id.as_ref());
            match place {
                Some(one) => problem.at(one.statement.file, one.statement.effect_span()),
                None => problem,
            }
        }
        Unready::Mishap(mishap) => {
            let message = format!("the set cannot be made ready (please report this): {mishap}");
            Problem::error("set::mishap", message)
        }
    }
}

/// The policies of a set in which nothing is wrong.
fn ready<'p>(parsed: &'p [Parsed<'_>]) -> Vec<Ready<'p>> {
    let ready = parsed.iter().filter_map(|one| {
        Some(Ready {
            policy: &one.policy,
            info: one.info.as_ref()?,
            reads: &one.reads,
            turns: one.turns.as_deref(),
        })
    });
    ready.collect()
}

/// Whether a file of this name holds test cases.
pub(crate) fn is_cases(name: &str) -> bool {
    matches_in(name, "tests/", ".toml")
}

fn matches_in(name: &str, prefix: &str, suffix: &str) -> bool {
    let stem = name.strip_prefix(prefix).and_then(|name| name.strip_suffix(suffix));
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    stem.is_some_and(|stem| !stem.is_empty() && stem.bytes().all(allowed))
}

fn check_names(files: &BTreeMap<&str, File>, problems: &mut Vec<Problem>) {
    for (name, file) in files {
        let known = matches!(*name, "set.toml" | "schema.cedarschema" | "provisions.toml")
            || matches_in(name, "", ".cedar")
            || matches_in(name, "", ".md")
            || is_cases(name);
        if !known {
            let message = format!("`{name}` is not a file that a policy set consists of");
            let help = "a set has `set.toml`, `schema.cedarschema`, `provisions.toml`, policies in \
                        `*.cedar`, test cases in `tests/*.toml`, and notes in `*.md`";
            problems.push(Problem::error("set::file", message).help(help).in_file(file));
        }
    }
    for (name, holds) in [
        ("set.toml", "its id and title"),
        ("schema.cedarschema", "what its policies may ask about"),
    ] {
        if !files.contains_key(name) {
            let message = format!("the set has no `{name}`, which holds {holds}");
            problems.push(Problem::error("set::missing-file", message));
        }
    }
    if !files.keys().any(|name| matches_in(name, "", ".cedar")) {
        let message = "the set has no file of policies, `*.cedar`";
        problems.push(Problem::error("set::missing-file", message));
    }
}

fn parse_policies<'a>(
    files: &'a BTreeMap<&str, File>,
    problems: &mut Vec<Problem>,
) -> Vec<Parsed<'a>> {
    let mut parsed = Vec::new();
    let cedar = files.iter().filter(|(name, _)| matches_in(name, "", ".cedar"));
    for file in cedar.map(|(_, file)| file) {
        for span in syntax::statements(&file.text) {
            let statement = Statement::new(file, span);
            if let Some(problem) = too_long(statement.text(), file, statement.effect_span()) {
                problems.push(problem);
                continue;
            }
            // A name for Cedar's messages until the policy's own is known to be usable.
            let place = format!("{}:{}", file.name, file.line(statement.span.start));
            let policy = match Policy::parse(Some(PolicyId::new(place)), statement.text()) {
                Ok(policy) => policy,
                Err(errors) => {
                    let base = statement.span.start;
                    problems.extend(
                        errors
                            .iter()
                            .map(|error| Problem::wrap("policy::syntax", error, file, base)),
                    );
                    continue;
                }
            };
            let info = annotations::read(&policy, &statement, problems);
            parsed.push(Parsed { statement, policy, info, reads: Reads::Any, turns: None });
        }
    }
    name_policies(&mut parsed);
    parsed
}

fn too_long(text: &str, file: &File, span: Range<usize>) -> Option<Problem> {
    let length = syntax::tokens(text).len();
    let message = format!("this is {length} words and signs long, more than {LONGEST}");
    let problem = Problem::error("set::too-long", message).at(file, span);
    (length > LONGEST).then(|| problem.help("split it up, or say it more briefly"))
}

/// Gives every policy its own id, where that is usable and the first of its kind.
fn name_policies(parsed: &mut [Parsed<'_>]) {
    let mut taken = BTreeSet::new();
    for one in parsed {
        if let Some(info) = &one.info
            && taken.insert(Arc::clone(&info.id))
        {
            one.policy = one.policy.new_id(PolicyId::new(&info.id));
        }
    }
}

fn check_ids(parsed: &[Parsed<'_>], problems: &mut Vec<Problem>) {
    let mut known: BTreeMap<&str, &PolicyInfo> = BTreeMap::new();
    for (one, info) in parsed.iter().filter_map(|one| Some((one, one.info.as_ref()?))) {
        let Some(first) = known.get(info.id.as_ref()) else {
            known.insert(&info.id, info);
            continue;
        };
        let message = format!("there are two policies with the id `{}`", info.id);
        let help = format!(
            "the other one is at {}:{}; one policy may serve several actions: \
             `action in [Action::\"…\", …]`",
            first.file, first.line
        );
        let problem = Problem::error("policy::duplicate-id", message).help(help);
        let span = one.statement.annotation_span("id");
        problems.push(problem.at(one.statement.file, span));
    }
}

fn check_citations(
    parsed: &[Parsed<'_>],
    provisions: &BTreeMap<Arc<str>, (Provision, Range<usize>)>,
    file: Option<&File>,
    problems: &mut Vec<Problem>,
) {
    let mut used = BTreeSet::new();
    for (one, info) in parsed.iter().filter_map(|one| Some((one, one.info.as_ref()?))) {
        for id in &info.cites {
            used.insert(id);
            if !provisions.contains_key(id) {
                let message = format!("`{id}` is not a provision of this set");
                let problem = Problem::error("policy::unknown-provision", message)
                    .help("cite one of `provisions.toml`, or add it there");
                let span = one.statement.annotation_span("cites");
                problems.push(problem.at(one.statement.file, span));
            }
        }
    }
    let Some(file) = file else { return };
    for (id, (_, span)) in provisions {
        if !used.contains(id) {
            let message = format!("no policy cites the provision `{id}`");
            let problem = Problem::warning("provisions::unused", message)
                .help("nothing implements what it says: add a policy, or take it out");
            problems.push(problem.at(file, span.clone()));
        }
    }
}

/// Facts have no ids, and whoever asks is always the same: a policy that compares with any other
/// entity would never be satisfied, or always.
fn check_literals(parsed: &[Parsed<'_>], problems: &mut Vec<Problem>) {
    for one in parsed {
        let literals = one.policy.entity_literals();
        let refused: BTreeSet<_> = literals
            .iter()
            .filter(|uid| match uid.type_name().basename() {
                "Action" => false,
                PRINCIPAL => uid.id().unescaped() != PRINCIPAL_ID,
                _ => true,
            })
            .map(ToString::to_string)
            .collect();
        for uid in refused {
            let message = format!("the policy compares with `{uid}`, but resources have no ids");
            let help = format!(
                "ask for a resource's attributes or its type; the one who asks is always \
                 `{PRINCIPAL}::\"{PRINCIPAL_ID}\"`"
            );
            let problem = Problem::error("policy::entity", message).help(help);
            problems.push(problem.at(one.statement.file, one.statement.effect_span()));
        }
    }
}

fn validate(parsed: &[Parsed<'_>], schema: &Schema, problems: &mut Vec<Problem>) {
    let validator = cedar_policy::Validator::new(schema.cedar.clone());
    for one in parsed {
        let (file, base) = (one.statement.file, one.statement.span.start);
        let set = match cedar_policy::PolicySet::from_policies([one.policy.clone()]) {
            Ok(set) => set,
            Err(error) => {
                problems.push(Problem::wrap("policy::invalid", &error, file, base));
                continue;
            }
        };
        let result = validator.validate(&set, cedar_policy::ValidationMode::Strict);
        for error in result.validation_errors() {
            problems.push(Problem::wrap("policy::type", error, file, base));
        }
        let mut is_impossible = false;
        for warning in result.validation_warnings() {
            if !matches!(
                warning,
                ValidationWarning::ImpossiblePolicy(_)
                    | ValidationWarning::InvalidActionApplication(_)
            ) {
                problems.push(Problem::wrap("policy::warning", warning, file, base).into_warning());
            } else if !is_impossible && result.validation_passed() {
                is_impossible = true;
                let problem = Problem::error("policy::impossible", warning.to_string())
                    .help("a policy that is never satisfied is taken for a mistake");
                problems.push(problem.at(file, one.statement.effect_span()));
            }
        }
    }
}

/// Finds out what each policy reads and when it turns.
fn analyse(parsed: &mut [Parsed<'_>], schema: &Schema, problems: &mut Vec<Problem>) {
    for one in parsed {
        let Parsed { statement, policy, .. } = one;
        match analysis::analyse(policy) {
            Err(reason) => {
                let problem = Problem::error("policy::unreadable", reason).help(
                    "split the policy in two, or list values in a set: `[\"a\", …].contains(…)`",
                );
                problems.push(problem.at(statement.file, statement.effect_span()));
            }
            Ok(Analysis { reads, turns }) => {
                one.reads = reads;
                match turns {
                    Ok(comparisons) => one.turns = Some(comparisons),
                    Err(refusals) => {
                        let is_retained = schema.actions.get(RETAIN).is_some_and(|applies_to| {
                            let mut kinds = applies_to.iter();
                            kinds.any(|kind| compile::applies(policy, RETAIN, *kind))
                        });
                        problems.extend(
                            refusals
                                .iter()
                                .map(|refusal| underivable(statement, refusal, is_retained)),
                        );
                    }
                }
            }
        }
    }
}

/// It is an error not to know when a policy about retention turns, as dates of erasure hang on it.
/// For other actions only explanations suffer.
fn underivable(statement: &Statement<'_>, refusal: &Refusal, is_retained: bool) -> Problem {
    let message = format!("the instant at which this turns cannot be derived: {}", refusal.reason);
    let problem = Problem::error("policy::underivable", message).help(
        "compare `context.now` with instants, or a duration since one with durations: \
         `context.now < resource.deleted_at.offset(duration(\"30d\"))`",
    );
    let mentions = syntax::mentions_of_now(statement.text());
    let span = refusal
        .mentions
        .and_then(|(first, last)| Some(mentions.get(first)?.start..mentions.get(last)?.end));
    let span = span.map_or_else(|| statement.effect_span(), |span| statement.in_file(&span));
    let problem = problem.at(statement.file, span);
    if is_retained { problem } else { problem.into_warning() }
}
