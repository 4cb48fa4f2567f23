//! `consentry facts`

use super::reading;
use crate::arguments::Facts;
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::{Destination, note};
use crate::progress::Bar;
use consentry_lake::facts::{Folding, write_facts};
use consentry_lake::history::scan;

pub fn run(arguments: &Facts) -> Result<Exit, Failure> {
    if reading::are_facts(&arguments.history)? {
        return Err(Failure::Input("the input is facts already, in Parquet".to_owned()));
    }
    let home = home::home()?;
    let key = home::pseudonym_key(&home)?;
    let sources = reading::sources(&arguments.history)?;
    let options = reading::options(&arguments.history, key)?;
    let folding = Folding {
        of: arguments.of,
        as_of: arguments.as_of,
        copy_key: key,
        spool: options.spool_for("rows"),
    };
    let quarantine = reading::open_quarantine(&arguments.history, Some(&arguments.out))?;
    let mut bar = Bar::new();
    let mut history = scan(&sources, &options, &mut bar)?;
    let mut out = Destination::open(Some(&arguments.out))?;
    let folded = write_facts(&mut history, &folding, &mut bar, &mut out)?;
    drop(bar);
    reading::quarantine(&arguments.history, quarantine, history.rejects)?;
    out.commit()?;
    note(format_args!(
        "{}: {} rows at {}, {} of them of feedback copies",
        arguments.out.display(),
        folded.rows,
        arguments.as_of,
        folded.copied
    ));
    if folded.rows == 0 {
        note(format_args!(
            "warning: nothing in the history exists at {}; is --as-of before it begins?",
            arguments.as_of
        ));
    }
    Ok(Exit::Done)
}
