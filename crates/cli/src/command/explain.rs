//! `consentry explain`

use super::policy::load;
use super::reading;
use crate::arguments::Explain;
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::printable;
use crate::progress::Bar;
use consentry_lake::explain::{
    Change, ExplainError, Explanation, Group, Span, Subject, Used, explain,
};
use consentry_lake::history::scan;
use consentry_model::{Kind, Origin, Store};
use consentry_policy::{CedarEngine, Request};
use std::io::{self, Write};

pub fn run(arguments: &Explain) -> Result<Exit, Failure> {
    let set = load(&arguments.deciding.policy)?;
    let subject = match (&arguments.account, &arguments.conversation) {
        (Some(account), _) => Subject::Account(account.clone()),
        (_, Some(conversation)) => Subject::Conversation(conversation.clone()),
        (None, None) => {
            return Err(Failure::Input("name --account or --conversation".to_owned()));
        }
    };
    let sources = reading::sources(&arguments.history)?;
    let options = reading::options(&arguments.history, home::random()?)?;
    let request =
        Request { action: "train", purpose: &arguments.purpose, now: arguments.deciding.as_of };
    let quarantine = reading::open_quarantine(&arguments.history, None)?;
    let mut bar = Bar::new();
    let mut history = scan(&sources, &options, &mut bar)?;
    let explained = explain(&mut history, subject, &CedarEngine::new(set), &request, &mut bar);
    drop(bar);
    let explanation = explained.map_err(|error| match error {
        ExplainError::History(error) => error.into(),
        ExplainError::Request(_) | ExplainError::Unknown(_) => Failure::input(error),
    })?;
    reading::quarantine(&arguments.history, quarantine, history.rejects)?;
    let mut stdout = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut stdout, &explanation).map_err(Failure::work)?;
        writeln!(stdout)?;
    } else {
        let mut text = Vec::new();
        tell(&mut text, &explanation)?;
        stdout.write_all(printable(&String::from_utf8_lossy(&text)).as_bytes())?;
    }
    Ok(Exit::Done)
}

fn tell(out: &mut dyn Write, explanation: &Explanation) -> io::Result<()> {
    let whom = match &explanation.subject {
        Subject::Account(id) => format!("account {id}"),
        Subject::Conversation(id) => format!("conversation {id}"),
    };
    let answer = match explanation.used {
        Used::Yes => "Yes.",
        Used::No => "No.",
        Used::Partly => "Partly.",
        Used::Nothing => "There is nothing that could be used.",
    };
    writeln!(
        out,
        "Is the data of {whom} used for {}? {answer}",
        purpose_words(&explanation.purpose)
    )?;
    writeln!(out, "(at {}, by the policy set {})", explanation.as_of, explanation.policy_set)?;
    let since = explanation.choice_since.map(|since| format!(", since {since}"));
    writeln!(
        out,
        "The choice for model improvement is {}{}. The plan is {}.",
        explanation.choice,
        since.unwrap_or_default(),
        explanation.plan
    )?;
    for group in &explanation.groups {
        writeln!(out)?;
        tell_group(out, group)?;
    }
    Ok(())
}

fn purpose_words(purpose: &str) -> String {
    match purpose {
        "model-improvement" => "model training".to_owned(),
        other => format!("training for the purpose {other}"),
    }
}

/// What a person would call parts of this kind.
fn part_words(kind: Kind, origin: Origin) -> String {
    let what = match (kind, origin) {
        (Kind::Text, Origin::User) => "What you wrote",
        (Kind::Text, Origin::Assistant) => "What the assistant answered",
        (Kind::Thinking, _) => "What the assistant thought",
        (Kind::ToolCall, _) => "What the assistant asked tools to do",
        (Kind::ToolResult, Origin::Connector) => "What connectors brought in",
        (Kind::ToolResult, _) => "What tools answered",
        (Kind::Attachment, _) => "Files",
        (Kind::Image, _) => "Pictures",
        (Kind::Style, _) => "Writing styles",
        (Kind::Preferences, _) => "Preferences",
        (Kind::Text, _) => "Other text",
    };
    format!("{what} ({kind} of origin {origin})")
}

fn counted(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn span_words(span: &Span) -> String {
    if span.earliest == span.latest {
        span.earliest.to_string()
    } else {
        format!("{} at the earliest, {} at the latest", span.earliest, span.latest)
    }
}

fn tell_group(out: &mut dyn Write, group: &Group) -> io::Result<()> {
    let store = match group.store {
        Store::Conversation => "",
        Store::Feedback => ", in copies made when feedback was given",
    };
    writeln!(
        out,
        "{}{store}: {}\n  {} in {}",
        part_words(group.kind, group.origin),
        if group.used { "used" } else { "not used" },
        counted(group.parts, "part"),
        counted(group.conversations, "conversation"),
    )?;
    if group.rules.is_empty() {
        writeln!(out, "  why:    Nothing permits it.")?;
    }
    for rule in &group.rules {
        writeln!(out, "  why:    {} [{}]", rule.title, rule.id)?;
        for source in &rule.sources {
            writeln!(out, "          {} — {}", source.paraphrase, source.source)?;
        }
    }
    writeln!(out, "  since:  {}", span_words(&group.since))?;
    match &group.until {
        Some(until) => writeln!(out, "  until:  {}", span_words(until))?,
        None => writeln!(out, "  until:  no end, as things stand")?,
    }
    let kept = match group.kept_until.as_str() {
        "due" => "due for erasure",
        "no-end" => "no end, as things stand",
        instant => instant,
    };
    writeln!(out, "  kept:   {kept}")?;
    if group.changes.is_empty() {
        writeln!(out, "  change: nothing would turn this")?;
    }
    for Change { acts, then, .. } in &group.changes {
        let turned = if group.used { "not used" } else { "used" };
        writeln!(out, "  change: {} It is then {turned}.", acts.join(" Then: "))?;
        if then.is_empty() {
            writeln!(out, "          Nothing permits it then.")?;
        }
        for rule in then {
            writeln!(out, "          {} [{}]", rule.title, rule.id)?;
        }
    }
    Ok(())
}
