//! `consentry decide`

#[cfg(feature = "ballista")]
mod ballista;
#[cfg(feature = "ballista")]
pub use ballista::connect;

use super::policy::load;
use super::reading;
use crate::arguments::{Decide, EngineName};
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::{Destination, note};
use crate::progress::Bar;
use consentry_lake::history::scan;
use consentry_lake::rows::{Answered, Asking, Question, write_rows};
use consentry_model::Instant;
use consentry_policy::{CedarEngine, Request};

/// Engines that this build does not have are refused by the name of their feature.
pub fn require_engine(engine: EngineName) -> Result<(), Failure> {
    let feature = match engine {
        EngineName::Cedar => return Ok(()),
        #[cfg(feature = "ballista")]
        EngineName::Ballista => return Ok(()),
        EngineName::Columnar => "columnar",
        #[cfg(not(feature = "ballista"))]
        EngineName::Ballista => "ballista",
    };
    Err(Failure::Input(format!(
        "this build has no engine `{feature}` (it would come with the feature `{feature}`); use \
         --engine cedar"
    )))
}

pub fn run(arguments: &Decide) -> Result<Exit, Failure> {
    require_engine(arguments.engine)?;
    #[cfg(feature = "ballista")]
    if arguments.engine == EngineName::Ballista {
        return ballista::run(arguments);
    }
    let set = load(&arguments.deciding.policy)?;
    let resources = set.applies_to(&arguments.action).map_err(Failure::input)?;
    let home = home::home()?;
    let key = home::pseudonym_key(&home)?;
    let sources = reading::sources(&arguments.history)?;
    let options = reading::options(&arguments.history, key)?;
    let engine = CedarEngine::new(std::sync::Arc::clone(&set));
    let asking = Asking {
        question: Question::Decide(&engine),
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
    let answered = write_rows(&mut history, &asking, &mut bar, &mut out)?;
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
