//! `consentry decide`

#[cfg(feature = "ballista")]
mod ballista;
#[cfg(feature = "ballista")]
pub use ballista::connect;

use super::bulk::{self, Form};
use super::policy::load;
use super::reading;
use crate::arguments::{Decide, EngineName};
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::{Destination, note};
use crate::progress::Bar;
use consentry_lake::bulk::Ask;
use consentry_lake::history::scan;
use consentry_lake::rows::{Answered, Asking, Question, write_rows, write_rows_as_parquet};
use consentry_model::Instant;
use consentry_policy::{CedarEngine, ColumnarEngine, Engine, PolicySet, Request};
use std::sync::Arc;

/// The engine of this name on this machine. One that this build does not have is refused by the name
/// of its feature.
pub fn engine(name: EngineName, set: Arc<PolicySet>) -> Result<Box<dyn Engine>, Failure> {
    match name {
        EngineName::Columnar => Ok(Box::new(ColumnarEngine::new(set))),
        EngineName::Cedar => Ok(Box::new(CedarEngine::new(set))),
        EngineName::Ballista => Err(Failure::Input(
            "this build has no engine `ballista` (it would come with the feature `ballista`); use \
             --engine columnar"
                .to_owned(),
        )),
    }
}

pub fn run(arguments: &Decide) -> Result<Exit, Failure> {
    #[cfg(feature = "ballista")]
    if arguments.engine == EngineName::Ballista {
        return ballista::run(arguments);
    }
    let set = load(&arguments.deciding.policy)?;
    let engine = engine(arguments.engine, Arc::clone(&set))?;
    let resources = set.applies_to(&arguments.action).map_err(Failure::input)?;
    if reading::are_facts(&arguments.history)? {
        if arguments.engine != EngineName::Columnar {
            return Err(Failure::Input(
                "facts in Parquet are decided in columns: leave --engine out".to_owned(),
            ));
        }
        let wanted = bulk::Wanted {
            history: &arguments.history,
            now: arguments.deciding.as_of,
            out: arguments.out.as_deref(),
            options: &arguments.bulk,
        };
        return wanted.answer((&set, &arguments.action), Ask::Decide, &arguments.purpose);
    }
    bulk::refuse(&arguments.bulk)?;
    let home = home::home()?;
    let key = home::pseudonym_key(&home)?;
    let sources = reading::sources(&arguments.history)?;
    let options = reading::options(&arguments.history, key)?;
    let asking = Asking {
        question: Question::Decide(engine.as_ref()),
        request: Request {
            action: &arguments.action,
            purpose: &arguments.purpose,
            now: arguments.deciding.as_of,
        },
        resources,
        copy_key: key,
        spool: options.spool_for("rows"),
    };
    let quarantine = reading::open_quarantine(&arguments.history, arguments.out.as_deref())?;
    let mut bar = Bar::new();
    let mut history = scan(&sources, &options, &mut bar)?;
    let mut out = Destination::open(arguments.out.as_deref())?;
    let answered = match Form::of(arguments.out.as_deref()) {
        Form::Json => write_rows(&mut history, &asking, &mut bar, &mut out)?,
        Form::Parquet => write_rows_as_parquet(
            &mut history,
            &asking,
            (set.id(), set.hash()),
            &mut bar,
            &mut out,
        )?,
    };
    drop(bar);
    reading::quarantine(&arguments.history, quarantine, history.rejects)?;
    out.commit()?;
    tell(answered, arguments.deciding.as_of);
    Ok(Exit::Done)
}

/// Sums up on standard error.
fn tell(answered: Answered, as_of: Instant) {
    let Answered { rows, permitted } = answered;
    note(format_args!("{rows} rows: {permitted} permit, {} deny", rows - permitted));
    if rows == 0 {
        note(format_args!(
            "warning: nothing in the history exists at {as_of}; is --as-of before it begins?"
        ));
    }
}
