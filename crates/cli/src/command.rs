//! One module for each command.

mod build;
mod bulk;
mod cluster;
mod compare;
mod decide;
mod deid;
mod explain;
mod facts;
mod import;
mod key;
mod matrix;
mod policy;
mod prove;
mod reading;
mod redact;
mod retain;
mod verify;
mod whatif;

use crate::arguments::{Arguments, Command, Deid};
use crate::exit::{Exit, Failure};
use clap::CommandFactory as _;
use std::io::Write as _;

/// Runs the command that was asked for.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Import(import) => import::run(import),
        Command::Facts(facts) => facts::run(facts),
        Command::Decide(decide) => decide::run(decide),
        Command::Retain(retain) => retain::run(retain),
        Command::Explain(explain) => explain::run(explain),
        Command::Build(build) => build::run(build),
        Command::Verify(verify) => verify::run(verify),
        Command::Redact(redact) => redact::run(redact, &arguments.global),
        Command::Deid(Deid::Score(score)) => deid::score(score),
        Command::Whatif(whatif) => whatif::run(whatif, &arguments.global),
        Command::Policy(policy) => policy::run(policy, &arguments.global),
        Command::Cluster(role) => cluster::run(role),
        Command::Key(key) => key::run(key),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "consentry", &mut script);
            std::io::stdout().write_all(&script)?;
            Ok(Exit::Done)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
            std::io::stdout().write_all(&page)?;
            Ok(Exit::Done)
        }
    }
}
