//! `consentry verify`

use super::key;
use crate::arguments::Verify;
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::printable;
use crate::progress::Bar;
use consentry_lake::dataset::verify::{CHECKS, NOT_CHECKED, Verification, verify};
use std::io::Write as _;

pub fn run(arguments: &Verify) -> Result<Exit, Failure> {
    let home = home::home()?;
    let trusted = key::trusted(&home, &arguments.key)?;
    if !arguments.dataset.is_dir() {
        let path = arguments.dataset.display();
        return Err(Failure::Input(format!("{path} is not a folder")));
    }
    let mut bar = Bar::new();
    let result = verify(&arguments.dataset, &trusted, &mut bar).map_err(Failure::work)?;
    drop(bar);
    let exit = if result.holds() { Exit::Done } else { Exit::Failed };
    match print(arguments, &result) {
        // Whoever reads may go away; what was found stays found.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(exit),
        other => other.map(|()| exit).map_err(Failure::from),
    }
}

fn print(arguments: &Verify, result: &Verification) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    if arguments.json {
        let answer = serde_json::json!({
            "holds": result.holds(),
            "verification": result,
            "not_checked": NOT_CHECKED,
        });
        writeln!(stdout, "{answer}")
    } else {
        let mut text = Vec::new();
        tell(&mut text, arguments, result)?;
        stdout.write_all(printable(&String::from_utf8_lossy(&text)).as_bytes())
    }
}

fn tell(
    out: &mut dyn std::io::Write,
    arguments: &Verify,
    result: &Verification,
) -> std::io::Result<()> {
    for check in CHECKS {
        let violations: Vec<_> =
            result.violations.iter().filter(|one| one.check == *check).collect();
        let word = match (violations.is_empty(), result.checked.contains(check)) {
            (false, _) => "DOES NOT HOLD",
            (true, true) => "holds",
            (true, false) => "was not checked",
        };
        writeln!(out, "{check:>12}  {word}")?;
        for violation in violations {
            writeln!(out, "{:>14}{}", "", violation.what)?;
        }
    }
    if result.more > 0 {
        writeln!(out, "and {} more", result.more)?;
    }
    writeln!(out, "Not told by the files alone:")?;
    for what in NOT_CHECKED {
        writeln!(out, "  - {what}")?;
    }
    let place = arguments.dataset.display();
    if result.holds() {
        writeln!(
            out,
            "{place} holds: run {}, {} examples, {} decisions made again, signed by {}",
            result.run, result.examples, result.parts, result.signer
        )
    } else {
        writeln!(out, "{place} DOES NOT HOLD")
    }
}
