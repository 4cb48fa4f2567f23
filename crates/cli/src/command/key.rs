//! `consentry key`, and the signer of this machine.

use crate::arguments::Key;
use crate::exit::{Exit, Failure};
use crate::home;
use crate::output::note;
use consentry_lake::dataset::note::{Signer, Verifier};
use consentry_ledger::Home;
use std::io::Write as _;

/// The name that stands in this machine's notes.
const SIGNER_NAME: &str = "consentry";

/// This machine's signer. The key is made on first use, and its public half told then.
pub fn signer(home: &Home) -> Result<Signer, Failure> {
    let fresh = home::random()?;
    let secret = home.signing_secret(|| fresh)?;
    let signer = Signer::new(SIGNER_NAME, &secret.bytes).map_err(Failure::work)?;
    if secret.created {
        note(format_args!(
            "made a signing key in {}; its public half, for those who verify:\n  {}",
            home.directory().display(),
            signer.verifier()
        ));
    }
    Ok(signer)
}

/// The signers that this machine accepts: its own, those it was told to trust, and `given`.
pub fn trusted(home: &Home, given: &[String]) -> Result<Vec<Verifier>, Failure> {
    let mut keys = Vec::new();
    if let Some(secret) = home.existing_signing_secret()? {
        keys.push(Signer::new(SIGNER_NAME, &secret).map_err(Failure::work)?.verifier());
    }
    for text in home.trusted_keys()?.iter().chain(given) {
        keys.push(Verifier::parse(text).map_err(Failure::input)?);
    }
    Ok(keys)
}

pub fn run(key: &Key) -> Result<Exit, Failure> {
    let home = home::home()?;
    let mut stdout = std::io::stdout().lock();
    match key {
        Key::Show => writeln!(stdout, "{}", signer(&home)?.verifier())?,
        Key::Trust { key } => {
            let verifier = Verifier::parse(key).map_err(Failure::input)?;
            home.trust(&verifier.to_string())?;
        }
        Key::List => {
            for key in home.trusted_keys()? {
                writeln!(stdout, "{key}")?;
            }
        }
    }
    Ok(Exit::Done)
}
