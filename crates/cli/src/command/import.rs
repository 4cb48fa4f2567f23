//! `consentry import`

use crate::arguments::{Import, Switch};
use crate::bundle::PathBundle;
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::{Destination, note};
use consentry_formats::import::{ImportError, Output, Owner, Tally, import};
use consentry_lake::spool::{Spool, SpoolOptions};
use consentry_model::Event;
use std::io::{self, Write as _};

/// Keeps the events until the import is done, so that nothing is half-written.
struct Collected {
    events: Spool,
    count: u64,
    tallies: Vec<Tally>,
}

impl Output for Collected {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        self.count += 1;
        self.events.append(0, |buffer| buffer.extend_from_slice(event.to_json_line().as_bytes()))
    }

    fn tally(&mut self, tally: Tally) {
        self.tallies.push(tally);
    }
}

pub fn run(arguments: &Import) -> Result<Exit, Failure> {
    let mut bundle = PathBundle::open(&arguments.paths)?;
    let owner = Owner {
        account: arguments.account.clone(),
        plan: arguments.plan,
        choice: arguments.choice.map(|choice| choice == Switch::On),
        since: arguments.since,
    };
    let spool = SpoolOptions {
        directory: std::env::temp_dir(),
        buffered_bytes_max: 256 << 20,
        key: home::random()?,
    };
    let mut collected = Collected { events: Spool::new(&spool, 1), count: 0, tallies: Vec::new() };
    import(arguments.format, &mut bundle, &owner, &mut collected).map_err(|error| match error {
        ImportError::Malformed { .. } | ImportError::Empty { .. } => Failure::input(error),
        ImportError::Io { .. } => Failure::work(error),
    })?;
    let mut out = Destination::open(arguments.out.as_deref())?;
    loop {
        let piece = collected.events.take_next(0)?;
        if piece.is_empty() {
            break;
        }
        out.write_all(&piece)?;
    }
    out.commit()?;
    tell(&collected, arguments.json);
    Ok(Exit::Done)
}

fn tell(collected: &Collected, json: bool) {
    if json {
        for tally in &collected.tallies {
            note(format_args!("{}", serde_json::to_string(tally).unwrap_or_default()));
        }
        return;
    }
    let counted = |what: &std::collections::BTreeMap<String, u64>| {
        what.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
    };
    for tally in &collected.tallies {
        let excluded: u64 = tally.exclusions.values().sum();
        let mut line = format!(
            "{}: {} blocks = {} parts + {excluded} left out",
            tally.file, tally.blocks, tally.parts
        );
        if excluded > 0 {
            line.push_str(&format!(" ({})", counted(&tally.exclusions)));
        }
        if !tally.notes.is_empty() {
            line.push_str(&format!("; noted: {}", counted(&tally.notes)));
        }
        note(format_args!("{line}"));
    }
    note(format_args!("{} events of {} files", collected.count, collected.tallies.len()));
}
