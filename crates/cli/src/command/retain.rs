//! `consentry retain`

use super::bulk::{self, Form};
use super::policy::load;
use super::reading;
use crate::arguments::Retain;
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::{Destination, note};
use crate::progress::Bar;
use consentry_lake::bulk::Ask;
use consentry_lake::history::scan;
use consentry_lake::rows::{Asking, Question, write_rows, write_rows_as_parquet};
use consentry_policy::{ColumnarEngine, Request};

pub fn run(arguments: &Retain) -> Result<Exit, Failure> {
    let set = load(&arguments.deciding.policy)?;
    let resources = set.applies_to("retain").map_err(Failure::input)?;
    if reading::are_facts(&arguments.history)? {
        let wanted = bulk::Wanted {
            history: &arguments.history,
            now: arguments.deciding.as_of,
            out: arguments.out.as_deref(),
            options: &arguments.bulk,
        };
        return wanted.answer((&set, "retain"), Ask::Retain, "");
    }
    bulk::refuse(&arguments.bulk)?;
    let home = home::home()?;
    let key = home::pseudonym_key(&home)?;
    let sources = reading::sources(&arguments.history)?;
    let options = reading::options(&arguments.history, key)?;
    let engine = ColumnarEngine::new(std::sync::Arc::clone(&set));
    let asking = Asking {
        question: Question::Retain(&engine),
        request: Request { action: "retain", purpose: "", now: arguments.deciding.as_of },
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
    note(format_args!(
        "{} rows: {} kept, {} due for erasure",
        answered.rows,
        answered.permitted,
        answered.rows - answered.permitted
    ));
    Ok(Exit::Done)
}
