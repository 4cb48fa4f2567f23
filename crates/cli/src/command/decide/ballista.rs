//! Deciding on a cluster.

use super::{reading, tell};
use crate::arguments::{Bulk, ClusterArguments, Decide};
use crate::command::bulk::Form;
use crate::command::policy::load;
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::{Destination, note};
use crate::progress::Bar;
use consentry_lake::cluster::client::Client;
use consentry_lake::cluster::facts_files::FactsFiles;
use consentry_lake::cluster::job::Job;
use consentry_lake::cluster::rows::{Asking, write_rows};
use consentry_lake::cluster::tally::Tally;
use consentry_lake::facts::is_parquet;
use consentry_lake::history::scan;
use consentry_lake::rows::Answered;
use std::path::{Path, PathBuf};

/// The cluster that was named.
pub fn connect(arguments: &ClusterArguments) -> Result<Client, Failure> {
    let Some(scheduler) = &arguments.scheduler else {
        return Err(Failure::Input(
            "--engine ballista needs --scheduler HOST:PORT; `consentry cluster scheduler` starts \
             one"
            .to_owned(),
        ));
    };
    Ok(Client::connect(scheduler.parse()?)?)
}

pub fn run(arguments: &Decide) -> Result<Exit, Failure> {
    refuse(arguments)?;
    let inputs = &arguments.history.history;
    let is_folder = |path: &&PathBuf| path.is_dir();
    if let Some(folder) = inputs.iter().find(is_folder) {
        if let Some(file) = inputs.iter().find(|path| !is_folder(path) && !is_parquet(path)) {
            return Err(Failure::Input(format!(
                "{} is a folder of facts and {} is not facts in Parquet; decide them one after the \
                 other",
                folder.display(),
                file.display()
            )));
        }
        return decide_facts(arguments);
    }
    if reading::are_facts(&arguments.history)? {
        return decide_facts(arguments);
    }
    if Form::of(arguments.out.as_deref()) == Form::Parquet {
        return Err(Failure::Input(
            "rows of a history come from a cluster as lines of JSON: give --out another ending, or \
             make facts first with `consentry facts`"
                .to_owned(),
        ));
    }
    let set = load(&arguments.deciding.policy)?;
    let resources = set.applies_to(&arguments.action).map_err(Failure::input)?;
    let program = set.program(&arguments.action).map_err(Failure::input)?;
    let key = home::pseudonym_key(&home::home()?)?;
    let sources = reading::sources(&arguments.history)?;
    let options = reading::options(&arguments.history, key)?;
    let shared = arguments.cluster.shared.as_deref().unwrap_or(&options.directory);
    let asking = Asking {
        program,
        purpose: &arguments.purpose,
        now: arguments.deciding.as_of,
        resources,
        copy_key: key,
        spool: options.spool_for("rows"),
        shared,
        task_rows: arguments.cluster.task_rows.max(1),
    };
    let quarantine = reading::open_quarantine(&arguments.history, arguments.out.as_deref())?;
    let client = connect(&arguments.cluster)?;
    let mut bar = Bar::new();
    let mut history = scan(&sources, &options, &mut bar)?;
    let mut out = Destination::open(arguments.out.as_deref())?;
    let answered = write_rows(&mut history, &asking, &client, &mut bar, &mut out)?;
    drop(bar);
    reading::quarantine(&arguments.history, quarantine, history.rejects)?;
    out.commit()?;
    tell(answered, arguments.deciding.as_of);
    Ok(Exit::Done)
}

/// Refuses what a cluster is not asked for.
fn refuse(arguments: &Decide) -> Result<(), Failure> {
    let option = match &arguments.bulk {
        Bulk { count: true, .. } => "--count",
        Bulk { threads: Some(_), .. } => "--threads",
        _ => return Ok(()),
    };
    Err(Failure::Input(format!("{option} is not for --engine ballista; leave one of them out")))
}

fn decide_facts(arguments: &Decide) -> Result<Exit, Failure> {
    let Some(out) = &arguments.out else {
        return Err(Failure::Input(
            "decisions on facts in Parquet are written to a folder; name it with --out".to_owned(),
        ));
    };
    if out.exists() {
        return Err(Failure::Input(format!("{} exists already", out.display())));
    }
    let set = load(&arguments.deciding.policy)?;
    let program = set.program(&arguments.action).map_err(Failure::input)?;
    let facts = FactsFiles::look(&arguments.history.history)?;
    let now = arguments.deciding.as_of;
    if facts.as_of != now {
        return Err(Failure::Input(format!(
            "the facts are those of {}; decide them with --as-of {0}",
            facts.as_of
        )));
    }
    let beside = beside(out)?;
    let directory = beside.path().canonicalize()?;
    let purpose = &arguments.purpose;
    let job = Job { program, purpose, now, facts: &facts, directory: &directory };
    let told = connect(&arguments.cluster)?.decide(&job)?;
    // Executors that were taken for lost may have left half a file.
    for entry in std::fs::read_dir(&directory)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            std::fs::remove_file(entry.path())?;
        }
    }
    std::fs::rename(beside.keep(), out)?;
    let mut all = Tally::default();
    told.into_values().for_each(|tally| all += tally);
    tell(Answered { rows: all.rows, permitted: all.permitted }, now);
    note(format_args!("decisions in {}", out.display()));
    Ok(Exit::Done)
}

/// A folder beside the one that is to be.
fn beside(out: &Path) -> Result<tempfile::TempDir, Failure> {
    let around = out.parent().filter(|around| !around.as_os_str().is_empty());
    let around = around.map_or_else(|| PathBuf::from("."), Path::to_owned);
    let named = out.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{named}.partial-");
    tempfile::Builder::new()
        .prefix(&prefix)
        .tempdir_in(&around)
        .map_err(|error| Failure::input(format!("{}: {error}", around.display())))
}
