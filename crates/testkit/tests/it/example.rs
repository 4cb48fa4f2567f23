//! The tables of `examples/README.md` say what the twin says about `examples/history.jsonl`.

use consentry_testkit::twin::{self, Action, Decision, History, Key, Row, Until};
use std::path::Path;

const NOW: &str = "2026-06-01T00:00:00Z";

#[expect(clippy::panic, reason = "without its files there is nothing to test")]
fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

#[expect(clippy::panic, reason = "without its files there is nothing to test")]
fn history() -> History {
    let files = [("history.jsonl".to_owned(), read("history.jsonl"))];
    match twin::check(&files) {
        Ok(history) => history,
        Err(errors) => panic!("{errors:?}"),
    }
}

/// The cells of every row of a table whose first cell is an id that begins so.
fn table(begins: &str) -> Vec<Vec<String>> {
    let cells = |row: &str| -> Vec<String> {
        row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    read("README.md")
        .lines()
        .filter(|line| line.starts_with(&format!("| `{begins}")))
        .map(cells)
        .collect()
}

/// The rows in words: `2 × permit choice-on, 1 × deny commercial`, in the order of their first.
fn sum_up(rows: impl Iterator<Item = String>) -> String {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for row in rows {
        match counted.iter_mut().find(|(seen, _)| *seen == row) {
            Some((_, count)) => *count += 1,
            None => counted.push((row, 1)),
        }
    }
    let counted: Vec<String> =
        counted.into_iter().map(|(row, count)| format!("{count} × {row}")).collect();
    counted.join(", ")
}

fn in_words(row: &Row) -> String {
    let decision = if row.decision == Decision::Permit { "permit" } else { "deny" };
    let reasons: Vec<String> = row.reasons.iter().map(|reason| format!(" `{reason}`")).collect();
    format!("{decision}{}", reasons.concat())
}

/// Which conversation a row is about; of a copy, the one that was rated.
fn is_about(key: &Key, id: &str) -> bool {
    match key {
        Key::Part { conversation, .. } | Key::Conversation { conversation } => conversation == id,
        Key::Copy { .. } => id == "copy-of-conv-rated",
        Key::Account { account } => account == id,
    }
}

fn decided(history: &History, id: &str, action: Action, purpose: &str) -> String {
    let now = twin::instant(NOW).unwrap_or_default();
    let rows = twin::decide(history, now, action, purpose);
    sum_up(rows.iter().filter(|row| is_about(&row.key, id)).map(in_words))
}

fn kept(history: &History, id: &str) -> String {
    let rows = twin::retain(history, twin::instant(NOW).unwrap_or_default());
    let until = |until: Until| match until {
        Until::Due => "due".to_owned(),
        Until::NoEnd => "no end".to_owned(),
        Until::At(end) => {
            consentry_model::Instant::from_millis(end).to_string().chars().take(10).collect()
        }
    };
    sum_up(rows.iter().filter(|row| is_about(&row.key, id)).map(|row| until(row.until)))
}

#[test]
fn conversations_are_decided_as_the_table_says() {
    let history = history();
    let rows: Vec<Vec<String>> = table("conv-").into_iter().chain(table("copy-of-")).collect();
    let expected: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let id = row[0].trim_matches('`');
            vec![
                row[0].clone(),
                row[1].clone(),
                decided(&history, id, Action::Train, "model-improvement"),
                decided(&history, id, Action::Train, "safeguards"),
                kept(&history, id),
            ]
        })
        .collect();
    let written: Vec<String> = rows.iter().map(|row| row.join(" | ")).collect();
    let expected: Vec<String> = expected.iter().map(|row| row.join(" | ")).collect();
    assert_eq!(written.join("\n"), expected.join("\n"));
    let now = twin::instant(NOW).expect("a time");
    let conversations = twin::decide(&history, now, Action::Recall, "").len();
    assert_eq!(rows.len(), conversations + 1, "every conversation and the copy has a row");
}

#[test]
fn accounts_may_go_on_as_the_table_says() {
    let history = history();
    let rows = table("acct-");
    for row in &rows {
        let id = row[0].trim_matches('`');
        let now = twin::instant(NOW).expect("a time");
        let decided = twin::decide(&history, now, Action::Converse, "");
        let of_it: Vec<String> =
            decided.iter().filter(|row| is_about(&row.key, id)).map(in_words).collect();
        assert_eq!(of_it, [row[2].clone()], "{id}");
    }
    let opened = history.events.iter().filter(|event| event.kind == "account.opened").count();
    assert_eq!(rows.len(), opened);
    let holds = format!("holds {} events of {opened} accounts", history.events.len());
    assert!(read("README.md").contains(&holds), "{holds}");
}

#[test]
fn every_permit_and_forbid_is_shown() {
    let table = read("README.md");
    for reason in [
        "choice-on",
        "safety-flag",
        "trusted-tester",
        "development-partner",
        "feedback",
        "raw-connector-content",
        "incognito",
        "deleted",
        "account-closed",
        "legal-hold",
        "under-age",
        "commercial",
        "choice-overdue",
    ] {
        assert!(table.contains(&format!("`{reason}`")), "{reason}");
    }
}
