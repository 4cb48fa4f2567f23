//! Secrets that stand behind the name of one: `.env` files, configuration, code, command lines.

mod name;
mod value;

use super::Rule;
use super::text::{Text, is_word};
use crate::finding::{Finding, FindingKind};
use crate::surrogate;
pub(super) use name::Strength;

/// Pieces of names that lead here, by what they promise. The first letter is left out where it may
/// be a capital.
pub(super) const STEMS: &[(&[&str], Strength)] = &[
    (
        &[
            "assword",
            "ASSWORD",
            "asswd",
            "ASSWD",
            "assphrase",
            "ASSPHRASE",
            "asswort",
            "ASSWORT",
            "pwd",
            "Pwd",
            "PWD",
            "pass=",
            "pass:",
            "pass =",
            "pass\"",
            "pass'",
            "PASS=",
            "PASS:",
            "PASS =",
            "PASS\"",
            "Pass=",
            "Pass\"",
            "senha",
            "contrasena",
            "contraseña",
            "motdepasse",
            "mot_de_passe",
            "wachtwoord",
            "kennwort",
        ],
        Strength::Password,
    ),
    (
        &[
            "ecret",
            "ECRET",
            "oken",
            "OKEN",
            "pikey",
            "piKey",
            "pi_key",
            "pi-key",
            "PIKEY",
            "PI_KEY",
            "PI-KEY",
            "ccess_key",
            "ccess-key",
            "ccessKey",
            "CCESS_KEY",
            "ccount_key",
            "ccountKey",
            "CCOUNT_KEY",
            "ncryption_key",
            "ncryptionKey",
            "NCRYPTION_KEY",
            "igning_key",
            "igningKey",
            "IGNING_KEY",
            "rivate_key",
            "rivateKey",
            "RIVATE_KEY",
            "aster_key",
            "asterKey",
            "ASTER_KEY",
            "uth_key",
            "uthKey",
            "UTH_KEY",
            "redential",
            "REDENTIAL",
            "_auth",
            "_AUTH",
            "_salt",
            "_SALT",
            "_key",
            "_KEY",
        ],
        Strength::Key,
    ),
];

/// The secret assigned to the name in which a stem stands from `start` to `end`.
pub(super) fn find(
    text: Text<'_>,
    start: usize,
    end: usize,
    strength: Strength,
) -> Option<Finding> {
    let name = name::around(text, start, end)?;
    let place = value::after(text, name.end, name.is_flag, name.is_element)?;
    let value = text.slice(place.start, place.end);
    let rule = name::rule(text.slice(name.start, name.end), strength)?;
    let fits = match strength {
        Strength::Password => value::is_password(value, place.quoted),
        Strength::Key => value::is_key(value),
    };
    (fits && !surrogate::is_token(value))
        .then(|| Rule::new(FindingKind::Secret, rule.1, rule.0).finds(place.start, place.end))
}
