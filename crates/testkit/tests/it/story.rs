//! Little histories in the words of the contract.

use consentry_testkit::twin::{self, Action, Decision, History, Key, Row, Until, check};
use serde_json::{Value, json};

/// A history that grows by one event a call. A time may be a bare date: midnight in UTC.
#[derive(Clone, Default)]
pub struct Story(pub Vec<String>);

impl Story {
    /// Adds an event with an id of its own.
    pub fn on(mut self, time: &str, kind: &str, subject: &str, data: Value) -> Self {
        let id = self.0.len().to_string();
        self.0.push(line(&id, time, kind, subject, data));
        self
    }

    /// An account that opened on 2020-01-01.
    pub fn account(plan: &str) -> Self {
        Self::default().on("2020-01-01", "account.opened", "account/ada", json!({"plan": plan}))
    }

    /// Conversation `c` of account `ada`, with one message `m` of one part by the person.
    pub fn talks(self, time: &str) -> Self {
        self.starts(time).says(time, "m")
    }

    pub fn starts(self, time: &str) -> Self {
        self.on(
            time,
            "conversation.started",
            "conversation/c",
            json!({"account": "ada", "surface": "chat"}),
        )
    }

    pub fn starts_incognito(self, time: &str) -> Self {
        self.on(
            time,
            "conversation.started",
            "conversation/c",
            json!({"account": "ada", "surface": "chat", "incognito": true}),
        )
    }

    pub fn says(self, time: &str, message: &str) -> Self {
        self.says_from(time, message, "user")
    }

    pub fn says_from(self, time: &str, message: &str, origin: &str) -> Self {
        self.on(
            time,
            "message.added",
            "conversation/c",
            json!({
                "message": message,
                "role": "user",
                "parts": [{"kind": "text", "origin": origin, "text": "hello"}],
            }),
        )
    }

    pub fn chooses(self, time: &str, granted: bool) -> Self {
        self.on(
            time,
            "choice.recorded",
            "account/ada",
            json!({"purpose": "model-improvement", "granted": granted, "via": "settings"}),
        )
    }

    pub fn joins(self, time: &str, programme: &str) -> Self {
        self.on(time, "programme.joined", "account/ada", json!({"programme": programme}))
    }

    pub fn leaves(self, time: &str, programme: &str) -> Self {
        self.on(time, "programme.left", "account/ada", json!({"programme": programme}))
    }

    pub fn plan(self, time: &str, plan: &str) -> Self {
        self.on(time, "account.plan_changed", "account/ada", json!({"plan": plan}))
    }

    pub fn closes(self, time: &str) -> Self {
        self.on(time, "account.closed", "account/ada", json!({}))
    }

    pub fn deletes(self, time: &str) -> Self {
        self.on(time, "conversation.deleted", "conversation/c", json!({}))
    }

    pub fn flags(self, time: &str) -> Self {
        self.on(time, "safety.flagged", "conversation/c", json!({"category": "weapons"}))
    }

    pub fn rates(self, time: &str, message: &str) -> Self {
        self.on(
            time,
            "feedback.given",
            "conversation/c",
            json!({"message": message, "rating": "up"}),
        )
    }

    pub fn holds(self, time: &str, subject: &str, hold: &str) -> Self {
        self.on(time, "hold.placed", subject, json!({"hold": hold}))
    }

    pub fn releases(self, time: &str, subject: &str, hold: &str) -> Self {
        self.on(time, "hold.released", subject, json!({"hold": hold}))
    }

    pub fn notice(self, time: &str, notice: &str, deadline: Option<&str>) -> Self {
        let data = match deadline {
            Some(deadline) => json!({"notice": notice, "deadline": instant_text(deadline)}),
            None => json!({"notice": notice}),
        };
        self.on(time, "notice.published", "notice/n", data)
    }

    #[expect(clippy::expect_used, reason = "a story that cannot be told is a failed test")]
    pub fn history(&self) -> History {
        let text: String = self.0.iter().map(|line| line.clone() + "\n").collect();
        twin::check(&[("h".to_owned(), text)]).expect("the story has no error")
    }

    /// Rows such as `c m 0: permit choice-on`; of copies `copy 7 0: permit feedback`.
    pub fn decide(&self, now: &str, action: Action, purpose: &str) -> Vec<String> {
        let rows = twin::decide(&self.history(), at(now), action, purpose);
        rows.iter().map(show_row).collect()
    }

    pub fn train(&self, now: &str) -> Vec<String> {
        self.decide(now, Action::Train, "model-improvement")
    }

    pub fn safeguards(&self, now: &str) -> Vec<String> {
        self.decide(now, Action::Train, "safeguards")
    }

    /// Rows such as `c m 0: until 2026-06-01 keep-standard`.
    pub fn retain(&self, now: &str) -> Vec<String> {
        let rows = twin::retain(&self.history(), at(now));
        rows.iter()
            .map(|kept| {
                let until = match kept.until {
                    Until::Due => "due".to_owned(),
                    Until::NoEnd => "no-end".to_owned(),
                    Until::At(end) => format!("until {}", show_instant(end)),
                };
                format!("{}: {until} {}", show_key(&kept.key), kept.reasons.join(" "))
                    .trim()
                    .to_owned()
            })
            .collect()
    }
}

pub fn line(id: &str, time: &str, kind: &str, subject: &str, data: Value) -> String {
    json!({
        "specversion": "1.0",
        "source": "app",
        "id": id,
        "time": instant_text(time),
        "type": format!("consentry.{kind}"),
        "subject": subject,
        "data": data,
    })
    .to_string()
}

fn instant_text(time: &str) -> String {
    if time.contains('T') { time.to_owned() } else { format!("{time}T00:00:00Z") }
}

#[expect(clippy::expect_used, reason = "a story that cannot be told is a failed test")]
pub fn at(time: &str) -> i64 {
    twin::instant(&instant_text(time)).expect("a time")
}

/// A bare date for midnight in UTC.
fn show_instant(millis: i64) -> String {
    let text = consentry_model::Instant::from_millis(millis).to_string();
    text.strip_suffix("T00:00:00.000Z").unwrap_or(&text).to_owned()
}

fn show_key(key: &Key) -> String {
    match key {
        Key::Part { conversation, message, part } => format!("{conversation} {message} {part}"),
        Key::Copy { id, part, .. } => format!("copy {id} {part}"),
        Key::Account { account } => account.clone(),
        Key::Conversation { conversation } => conversation.clone(),
    }
}

fn show_row(row: &Row) -> String {
    let decision = match row.decision {
        Decision::Permit => "permit",
        Decision::Deny => "deny",
    };
    format!("{}: {decision} {}", show_key(&row.key), row.reasons.join(" ")).trim().to_owned()
}

/// A file of a history.
pub fn file(name: &str, lines: &[String]) -> (String, String) {
    (name.to_owned(), lines.join("\n"))
}

/// The numbers of the lines in error in one file.
fn errors(lines: &[String]) -> Vec<usize> {
    match check(&[file("h", lines)]) {
        Ok(_) => vec![],
        Err(places) => places.into_iter().map(|(_, line)| line).collect(),
    }
}

/// A history in which every kind of subject exists, to which lines can be added: from line 6.
pub fn ground() -> Vec<String> {
    Story::account("pro").talks("2025-01-01").notice("2025-01-01", "n", None).flags("2025-01-01").0
}

pub fn added(lines: &[String]) -> Vec<usize> {
    let lines: Vec<String> = ground().into_iter().chain(lines.iter().cloned()).collect();
    errors(&lines)
}

/// No line is in error.
pub const FINE: [usize; 0] = [];
