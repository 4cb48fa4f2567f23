//! `consentry cluster`

use crate::arguments::Cluster;
use crate::exit::{Exit, Failure};

#[cfg(not(feature = "ballista"))]
pub fn run(role: &Cluster) -> Result<Exit, Failure> {
    let role = match role {
        Cluster::Scheduler { .. } => "scheduler",
        Cluster::Executor { .. } => "executor",
    };
    Err(Failure::Input(format!(
        "this build has no {role} (it would come with the feature `ballista`); build it with \
         `cargo install --path crates/cli --features ballista`"
    )))
}

#[cfg(feature = "ballista")]
pub fn run(role: &Cluster) -> Result<Exit, Failure> {
    use crate::home;
    use crate::output::note;
    use consentry_lake::cluster::roles::{Executor, Scheduler};
    match role {
        Cluster::Scheduler { bind, lost_after } => {
            let scheduler =
                Scheduler { bind: bind.parse()?, lost_after_seconds: (*lost_after).max(1) };
            scheduler.run(|address| note(format_args!("scheduler at {address}")))?;
            note("scheduler ended");
        }
        Cluster::Executor { scheduler, bind, tasks } => {
            let here = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            let executor = Executor {
                scheduler: scheduler.parse()?,
                bind: bind.parse()?,
                tasks: tasks.unwrap_or_else(here),
                secret: home::cluster_secret(&home::home()?)?,
            };
            executor.run(|address| note(format_args!("executor at {address}")))?;
            note("executor ended");
        }
    }
    Ok(Exit::Done)
}
