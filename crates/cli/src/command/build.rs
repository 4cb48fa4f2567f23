//! `consentry build`

use super::policy::load;
use super::{key, reading};
use crate::arguments::{Build, EngineName};
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::note;
use crate::progress::Bar;
use consentry_formats::dataset::manifest::Counts;
use consentry_lake::dataset::build::{BuildError, BuildOptions, Built, build};
use consentry_policy::CedarEngine;
use std::io::Write as _;

pub fn run(arguments: &Build) -> Result<Exit, Failure> {
    if arguments.engine != EngineName::Cedar {
        return Err(Failure::Input(
            "datasets are decided by Cedar's own evaluator: leave --engine out".to_owned(),
        ));
    }
    let set = load(&arguments.deciding.policy)?;
    let home = home::home()?;
    let pseudonym_key = home::pseudonym_key(&home)?;
    let signer = key::signer(&home)?;
    let sources = reading::sources(&arguments.history)?;
    let mut read = reading::options(&arguments.history, pseudonym_key)?;
    if arguments.history.temporary.is_none()
        && let Some(around) = arguments.out.parent()
        && around.is_dir()
    {
        // Content may be large; the disk that takes the dataset has room for it.
        read.directory = around.to_owned();
    }
    let options = BuildOptions {
        run: &arguments.run,
        purpose: &arguments.purpose,
        store: arguments.store,
        as_of: arguments.deciding.as_of,
        set: &set,
        engine: &CedarEngine::new(std::sync::Arc::clone(&set)),
        deid: &consentry_deid::Engine::structured(),
        signer: &signer,
        pseudonym_key: &pseudonym_key,
        version: env!("CARGO_PKG_VERSION"),
    };
    let quarantine = reading::open_quarantine(&arguments.history, None)?;
    let mut bar = Bar::new();
    let built = build(&sources, &read, &options, &arguments.out, &mut bar);
    drop(bar);
    let Built { manifest, rejects } = built.map_err(|error| match error {
        BuildError::History(error) => error.into(),
        BuildError::Run(_) | BuildError::Taken(_) => Failure::input(error),
        BuildError::Write(_) => Failure::work(error),
    })?;
    reading::quarantine(&arguments.history, quarantine, rejects)?;
    warn_if_empty(arguments, &manifest.summary.counts);
    let mut stdout = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut stdout, &manifest).map_err(Failure::work)?;
        writeln!(stdout)?;
        return Ok(Exit::Done);
    }
    let counts = &manifest.summary.counts;
    writeln!(
        stdout,
        "{}: {} examples of {} {}s; {} of {} parts",
        arguments.out.display(),
        counts.examples,
        counts.sources,
        if arguments.store == consentry_model::Store::Feedback {
            "feedback copie"
        } else {
            "conversation"
        },
        counts.parts_included,
        counts.parts,
    )?;
    for (reason, count) in &counts.parts_excluded {
        writeln!(stdout, "  left out: {count:>8}  {reason}")?;
    }
    for (reason, count) in &counts.sources_without_example {
        writeln!(stdout, "  no example: {count:>6}  {reason}")?;
    }
    for (kind, count) in &manifest.summary.deidentification.findings {
        writeln!(stdout, "  replaced: {count:>8}  {kind}")?;
    }
    writeln!(stdout, "signed by {}", manifest.signer)?;
    Ok(Exit::Done)
}

/// An empty dataset is right often enough, and a slip of the pen as often.
fn warn_if_empty(arguments: &Build, counts: &Counts) {
    if counts.parts == 0 {
        note(format_args!(
            "warning: nothing in the history exists at {}; is --as-of before it begins?",
            arguments.deciding.as_of
        ));
    } else if counts.examples == 0 {
        note(format_args!(
            "warning: nothing is permitted for the purpose `{}`; do the policies know that word?",
            arguments.purpose
        ));
    }
}
