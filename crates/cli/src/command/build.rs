//! `consentry build`

use super::policy::load;
use super::{decide, key, reading};
use crate::arguments::Build;
#[cfg(feature = "ballista")]
use crate::arguments::EngineName;
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::note;
use crate::progress::Bar;
use consentry_formats::dataset::manifest::{CONNECTOR_TAINT, Counts, Manifest};
use consentry_lake::dataset::build::{BuildError, BuildOptions, Built, build};
use std::io::Write as _;
use std::sync::Arc;

pub fn run(arguments: &Build) -> Result<Exit, Failure> {
    let set = load(&arguments.deciding.policy)?;
    let engine = match arguments.engine {
        // The executors decide; what decides here is not asked.
        #[cfg(feature = "ballista")]
        EngineName::Ballista => decide::engine(EngineName::Columnar, Arc::clone(&set))?,
        name => decide::engine(name, Arc::clone(&set))?,
    };
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
        engine: engine.as_ref(),
        deid: &consentry_deid::Engine::structured(),
        taint_characters: usize::from(arguments.taint_characters),
        signer: &signer,
        pseudonym_key: &pseudonym_key,
        version: env!("CARGO_PKG_VERSION"),
    };
    let quarantine = reading::open_quarantine(&arguments.history, None)?;
    let mut bar = Bar::new();
    let built = match arguments.engine {
        #[cfg(feature = "ballista")]
        EngineName::Ballista => on_cluster(arguments, &home, &sources, &read, &options, &mut bar),
        _ => build(&sources, &read, &options, &arguments.out, &mut bar).map_err(failure),
    };
    drop(bar);
    let Built { manifest, rejects } = built?;
    reading::quarantine(&arguments.history, quarantine, rejects)?;
    warn_if_empty(arguments, &manifest.summary.counts);
    tell(arguments, &manifest)?;
    Ok(Exit::Done)
}

/// What was built, on standard output.
fn tell(arguments: &Build, manifest: &Manifest) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut stdout, manifest).map_err(Failure::work)?;
        writeln!(stdout)?;
        return Ok(());
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
    let done = &manifest.summary.deidentification;
    for (kind, count) in &done.findings {
        let what = if kind == CONNECTOR_TAINT { "removed" } else { "replaced" };
        writeln!(stdout, "  {what:>8}: {count:>8}  {kind}")?;
    }
    for (kind, count) in &done.left {
        writeln!(stdout, "  left in what people typed: {count:>8}  {kind}")?;
    }
    writeln!(stdout, "signed by {}", manifest.signer)?;
    Ok(())
}

fn failure(error: BuildError) -> Failure {
    match error {
        BuildError::History(error) => error.into(),
        BuildError::Run(_) | BuildError::Taken(_) => Failure::input(error),
        BuildError::Write(_) => Failure::work(error),
        #[cfg(feature = "ballista")]
        BuildError::Cluster(error) => error.into(),
    }
}

/// Has executors make the dataset.
#[cfg(feature = "ballista")]
fn on_cluster(
    arguments: &Build,
    home: &consentry_ledger::Home,
    sources: &[consentry_lake::history::Source],
    read: &consentry_lake::history::ReadOptions,
    options: &BuildOptions<'_>,
    bar: &mut Bar,
) -> Result<Built, Failure> {
    use consentry_lake::cluster::build::{OnCluster, build};
    let around = arguments.out.parent().filter(|around| !around.as_os_str().is_empty());
    let around = around.unwrap_or(std::path::Path::new("."));
    let on = OnCluster {
        client: &decide::connect(&arguments.cluster)?,
        shared: arguments.cluster.shared.as_deref().unwrap_or(around),
        task_rows: arguments.cluster.task_rows.max(1),
        secret: home::cluster_secret(home)?,
        seed: home::random()?,
    };
    build(sources, read, options, &arguments.out, &on, bar).map_err(failure)
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
