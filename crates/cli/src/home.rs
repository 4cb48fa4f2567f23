//! Where this machine keeps its keys, and randomness: the only place of the program that draws it.

use crate::exit::Failure;
use consentry_ledger::Home;
use std::path::PathBuf;

/// The folder of keys: `CONSENTRY_HOME`, else `consentry` in the user's configuration folder.
pub fn home() -> Result<Home, Failure> {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let directory = from("CONSENTRY_HOME")
        .map(PathBuf::from)
        .or_else(|| from("XDG_CONFIG_HOME").map(|base| PathBuf::from(base).join("consentry")))
        .or_else(|| from("HOME").map(|base| PathBuf::from(base).join(".config").join("consentry")))
        .ok_or_else(|| {
            Failure::Input(
                "no folder for keys: set CONSENTRY_HOME to a folder that only you can read"
                    .to_owned(),
            )
        })?;
    Ok(Home::new(directory))
}

/// 32 random bytes of the operating system.
pub fn random() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    #[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
    getrandom::fill(&mut bytes).map_err(Failure::work)?;
    Ok(bytes)
}

/// The secret from which this machine's opaque ids are made, made on first use.
pub fn pseudonym_key(home: &Home) -> Result<[u8; 32], Failure> {
    let fresh = random()?;
    Ok(home.pseudonym_secret(|| fresh)?.bytes)
}

/// The secret that seals what executors make datasets of, made on first use.
#[cfg(feature = "ballista")]
pub fn cluster_secret(
    home: &Home,
) -> Result<consentry_lake::cluster::sink::ClusterSecret, Failure> {
    let fresh = random()?;
    let secret = home.cluster_secret(|| fresh)?;
    Ok(consentry_lake::cluster::sink::ClusterSecret(secret.bytes))
}
