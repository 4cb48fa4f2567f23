//! `consentry policy compare`: where two policy sets disagree.

use super::policy::load;
use super::prove::{Proofs, prove};
use crate::arguments::Compare;
use crate::exit::{Exit, Failure};
use crate::output::{Destination, note, printable};
use consentry_model::Instant;
use consentry_model::facts::Attribute;
use consentry_model::instant::MILLIS_PER_DAY;
use consentry_policy::{
    Against, CedarEngine, ColumnarEngine, CompareError, Comparing, Confirming, Differences, Fact,
    Fixture, Group, Kind, PolicySet, Retention, Until, compare,
};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

/// What decides every witness before it is told.
const ENGINES: [&str; 2] = ["cedar", "columnar"];

pub fn run(arguments: &Compare) -> Result<Exit, Failure> {
    let (first, second) = (load(&arguments.first)?, load(&arguments.second)?);
    let comparing = Comparing {
        action: arguments.action.clone(),
        purpose: arguments.purpose.clone(),
        reasons: arguments.reasons,
    };
    let engines = [CedarEngine::new(Arc::clone(&first)), CedarEngine::new(Arc::clone(&second))];
    let [one, other] = &engines;
    let columns =
        [ColumnarEngine::new(Arc::clone(&first)), ColumnarEngine::new(Arc::clone(&second))];
    let [one_by_columns, other_by_columns] = &columns;
    let confirming = [
        Confirming { name: ENGINES[0], first: one, second: other },
        Confirming { name: ENGINES[1], first: one_by_columns, second: other_by_columns },
    ];
    let differences =
        compare(&first, &second, &comparing, &confirming).map_err(|error| match error {
            CompareError::UnknownAction { .. } => Failure::input(error),
            _ => Failure::work(error),
        })?;
    let proofs = prove(
        &arguments.solver,
        [&first, &second],
        arguments.action.as_deref(),
        arguments.purpose.as_deref(),
        &differences,
    )?;
    if let Some(path) = &arguments.witness_history {
        let number = arguments.witness;
        let Some(group) = number.checked_sub(1).and_then(|index| differences.groups.get(index))
        else {
            return Err(Failure::Input(format!(
                "there is no disagreement {number} to write a history of: there are {}",
                differences.groups.len()
            )));
        };
        let mut out = Destination::open(Some(path))?;
        out.write_all(group.witness.history().as_bytes())?;
        out.commit()?;
        let witness = &group.witness;
        note(format_args!(
            "{}: consentry decide {0} --as-of {} --action {} --purpose {:?} --policy {} (or {})",
            path.display(),
            witness.now,
            group.action,
            witness.purpose,
            arguments.first,
            arguments.second
        ));
    }
    let scope =
        Scope { action: arguments.action.as_deref(), purpose: arguments.purpose.as_deref() };
    scope.warn([&first, &second]);
    let text = if arguments.json {
        format!("{}\n", document((&first, &second), scope, &differences, &proofs))
    } else {
        page((&first, &second), scope, &differences, &proofs)
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::Done)
}

/// What the comparison was narrowed to.
#[derive(Clone, Copy)]
struct Scope<'a> {
    action: Option<&'a str>,
    purpose: Option<&'a str>,
}

impl Scope<'_> {
    /// Says when a purpose may be misspelled: any word is one, but most sets name theirs.
    fn warn(self, sets: [&PolicySet; 2]) {
        let Some(purpose) = self.purpose else { return };
        let quoted = format!("{purpose:?}");
        let names = |set: &&PolicySet| set.files().iter().any(|(_, text)| text.contains(&quoted));
        if !sets.iter().any(names) {
            note(format_args!("warning: neither set names the purpose {quoted}"));
        }
    }

    /// To stand behind a statement about the sets; empty when it is about all of them.
    fn words(self) -> String {
        let action = self.action.map(|action| format!(" for the action {action}"));
        let purpose = self.purpose.map(|purpose| format!(" for the purpose {purpose:?}"));
        [action, purpose].into_iter().flatten().collect()
    }
}

/// The method, in one sentence.
fn method(differences: &Differences) -> String {
    let complete = if differences.incomplete.is_empty() {
        "exhaustive: every row of facts that a history can give, at every instant"
    } else {
        "not exhaustive"
    };
    format!(
        "search over conditions and instants, {complete} ({} questions, {} comparisons of instants); \
         every witness decided by Cedar and by columns",
        differences.questions, differences.comparisons
    )
}

fn page(
    (first, second): (&PolicySet, &PolicySet),
    scope: Scope<'_>,
    differences: &Differences,
    proofs: &Proofs,
) -> String {
    let (a, b) = names(first, second);
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = write_page(&mut page, (&a, &b), scope, differences);
    let _ = writeln!(page, "solver: {}", proofs.sentence());
    printable(&page)
}

/// What the sets are called: by their ids, or `A` and `B` with the same one.
fn names(first: &PolicySet, second: &PolicySet) -> (String, String) {
    if first.id() == second.id() {
        (format!("A ({})", first.id()), format!("B ({})", second.id()))
    } else {
        (first.id().to_owned(), second.id().to_owned())
    }
}

fn write_page(
    page: &mut String,
    names: (&str, &str),
    scope: Scope<'_>,
    differences: &Differences,
) -> std::fmt::Result {
    let mut about = None;
    for (index, group) in differences.groups.iter().enumerate() {
        let here = (&group.action, group.resource);
        if about != Some(here) {
            writeln!(page, "{} on {}", group.action, group.resource.as_str())?;
            about = Some(here);
        }
        write_group(page, index + 1, names, group)?;
        writeln!(page)?;
    }
    for (action, resource, is_first) in &differences.alone {
        let (who, not) = if *is_first { names } else { (names.1, names.0) };
        writeln!(page, "{who} knows the action {action} on {}, {not} does not", resource.as_str())?;
    }
    let count = differences.groups.len();
    match count {
        0 if differences.are_equivalent() => {
            writeln!(page, "{} and {} are equivalent{}", names.0, names.1, scope.words())?;
        }
        0 => writeln!(page, "no disagreement was found{}", scope.words())?,
        _ => writeln!(
            page,
            "{count} kinds of disagreement; {} of {} questions are answered alike",
            differences.equal, differences.questions
        )?,
    }
    writeln!(page, "method: {}", method(differences))?;
    for reason in &differences.incomplete {
        writeln!(page, "may have missed: {reason}")?;
    }
    Ok(())
}

fn write_group(
    page: &mut String,
    number: usize,
    (a, b): (&str, &str),
    group: &Group,
) -> std::fmt::Result {
    let policies = list(&group.policies);
    let against = match &group.against {
        Against::Nothing => "has nothing that permits".to_owned(),
        Against::Policies(ids) => format!("denies by {}", list(ids)),
    };
    let headline = match group.kind {
        Kind::FirstPermits => format!("{a} permits by {policies}, {b} {against}"),
        Kind::SecondPermits => format!("{b} permits by {policies}, {a} {against}"),
        Kind::FirstReason => format!("both decide alike, but {policies} is a reason in {a} only"),
        Kind::SecondReason => format!("both decide alike, but {policies} is a reason in {b} only"),
    };
    writeln!(page, "  {number}. {headline}")?;
    let purposes = group.purposes.as_ref().map_or("any".to_owned(), |purposes| purposes.join(", "));
    writeln!(page, "     purpose: {purposes}")?;
    let fixtures: Vec<_> = group.fixtures.iter().map(fixture).collect();
    if !fixtures.is_empty() {
        writeln!(page, "     hangs on: {}", fixtures.join("; "))?;
    }
    let witness = &group.witness;
    writeln!(page, "     for example, at {}: {}", witness.now, witness.sentence())?;
    for (name, answer) in [(a, &group.answers.first), (b, &group.answers.second)] {
        let decision = if answer.permit { "permit" } else { "deny" };
        writeln!(page, "       {name}: {decision} [{}]", list(&answer.reasons))?;
    }
    if let Some(dates) = &group.dates {
        writeln!(
            page,
            "       asked at {}: {a} keeps it {}, {b} {}",
            dates.now,
            until_words(&dates.first),
            until_words(&dates.second)
        )?;
    }
    Ok(())
}

fn list(ids: &[Arc<str>]) -> String {
    ids.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}

fn until_words(retention: &Retention) -> String {
    match retention.until {
        Until::At(at) => format!("until {at}"),
        Until::NoEnd => "without end".to_owned(),
        Until::Due => "not at all".to_owned(),
    }
}

fn name(attribute: Option<Attribute>) -> &'static str {
    attribute.map_or("now", Attribute::as_str)
}

fn fact_words(fact: Option<&Fact>) -> String {
    match fact {
        None => "absent".to_owned(),
        Some(Fact::Text(text)) => text.clone(),
        Some(Fact::Bool(value)) => value.to_string(),
        Some(Fact::Time(at)) => at.to_string(),
    }
}

fn fixture(fixture: &Fixture) -> String {
    match fixture {
        // The comparisons say what matters about an instant that is there.
        Fixture::Fact { attribute, value: Some(Fact::Time(_)), .. } => {
            format!("{} present", attribute.as_str())
        }
        Fixture::Fact { attribute, value, also } => {
            let mut words = vec![fact_words(value.as_ref())];
            words.extend(also.iter().map(|fact| fact_words(fact.as_ref())));
            format!("{} {}", attribute.as_str(), words.join(" or "))
        }
        Fixture::Apart { later, earlier, at_least: 0 } => {
            format!("{} not before {}", name(*later), name(*earlier))
        }
        Fixture::Apart { later, earlier, at_least } if *at_least > 0 => {
            format!("{} at least {} after {}", name(*later), span(*at_least), name(*earlier))
        }
        Fixture::Apart { later, earlier, at_least } => {
            let most = at_least.saturating_neg();
            format!("{} at most {} after {}", name(*earlier), span(most), name(*later))
        }
        Fixture::From(attribute, at) => {
            format!("{} not before {}", name(*attribute), Instant::from_millis(*at))
        }
        Fixture::UpTo(attribute, at) => {
            format!("{} not after {}", name(*attribute), Instant::from_millis(*at))
        }
    }
}

/// A period in the units of policies: `30d`, `29d23h59m59s999ms`.
fn span(millis: i64) -> String {
    let units = [("d", MILLIS_PER_DAY), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
    let mut rest = millis;
    let mut text = String::new();
    for (unit, size) in units {
        if rest >= size {
            text.push_str(&format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    text
}

fn document(
    (first, second): (&PolicySet, &PolicySet),
    scope: Scope<'_>,
    differences: &Differences,
    proofs: &Proofs,
) -> Value {
    let alone: Vec<_> = (differences.alone.iter())
        .map(|(action, resource, is_first)| {
            let set = if *is_first { "first" } else { "second" };
            json!({ "action": action, "resource": resource.as_str(), "known_by": set })
        })
        .collect();
    json!({
        "first": { "set": first.id(), "hash": first.hash() },
        "second": { "set": second.id(), "hash": second.hash() },
        "scope": { "action": scope.action, "purpose": scope.purpose },
        "equivalent": differences.are_equivalent(),
        "disagreements": differences.groups.iter().map(group_json).collect::<Vec<_>>(),
        "alone": alone,
        "method": {
            "search": if differences.incomplete.is_empty() { "exhaustive" } else { "incomplete" },
            "questions": differences.questions,
            "comparisons": differences.comparisons,
            "incomplete": differences.incomplete,
            "confirmed_by": ENGINES,
            "solver": proofs.json(),
        },
    })
}

fn group_json(group: &Group) -> Value {
    let kind = match group.kind {
        Kind::FirstPermits => "first-permits",
        Kind::SecondPermits => "second-permits",
        Kind::FirstReason => "first-reason",
        Kind::SecondReason => "second-reason",
    };
    let against = match &group.against {
        Against::Nothing => Vec::new(),
        Against::Policies(ids) => ids.iter().map(ToString::to_string).collect(),
    };
    let mut row = serde_json::Map::new();
    row.insert("resource".to_owned(), json!(group.resource.as_str()));
    for (attribute, fact) in &group.witness.facts {
        let value = match fact {
            Fact::Text(text) => json!(text),
            Fact::Bool(value) => json!(value),
            Fact::Time(at) => json!(at),
        };
        row.insert(attribute.as_str().to_owned(), value);
    }
    let answer = |decision: &consentry_policy::Decision| {
        let word = if decision.permit { "permit" } else { "deny" };
        let reasons: Vec<_> = decision.reasons.iter().map(AsRef::as_ref).collect();
        json!({ "decision": word, "reasons": reasons })
    };
    let until = |retention: &Retention| match retention.until {
        Until::At(at) => json!(at),
        Until::NoEnd => json!("no-end"),
        Until::Due => json!("due"),
    };
    let dates = group.dates.as_ref().map(|dates| {
        json!({
            "now": dates.now,
            "first": until(&dates.first),
            "second": until(&dates.second),
        })
    });
    let history: Vec<Value> = (group.witness.history().lines())
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    json!({
        "action": group.action,
        "resource": group.resource.as_str(),
        "purposes": group.purposes,
        "kind": kind,
        "policies": group.policies.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        "against": against,
        "hangs_on": group.fixtures.iter().map(fixture).collect::<Vec<_>>(),
        "witness": {
            "row": row,
            "purpose": group.witness.purpose,
            "now": group.witness.now,
            "words": group.witness.sentence(),
            "history": history,
        },
        "first": answer(&group.answers.first),
        "second": answer(&group.answers.second),
        "until": dates,
    })
}
