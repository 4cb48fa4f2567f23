//! The policy sets that come with Consentry.

use crate::problem::{LoadError, Problem};
use crate::schema::list;
use crate::sources::Sources;

/// Names and texts of files in a folder of `policies/`.
macro_rules! files {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$((
            $name,
            include_str!(concat!("../../../policies/", $folder, "/", $name)),
        )),+]
    };
}

type Files = &'static [(&'static str, &'static str)];

const SETS: &[(&str, Files)] = &[(
    "claude-consumer",
    files!("claude-consumer":
        "access.cedar",
        "never.cedar",
        "provisions.toml",
        "retain.cedar",
        "schema.cedarschema",
        "set.toml",
        "tests/access.toml",
        "tests/retain.toml",
        "tests/use.toml",
        "use.cedar",
    ),
)];

impl Sources {
    /// The ids of the sets that come with Consentry.
    pub fn shipped_ids() -> impl Iterator<Item = &'static str> {
        SETS.iter().map(|(id, _)| *id)
    }

    /// The files of a set that comes with Consentry.
    ///
    /// # Errors
    ///
    /// When there is no set of that id.
    pub fn shipped(id: &str) -> Result<Self, LoadError> {
        let found = SETS.iter().find(|(known, _)| *known == id);
        found.map(|(_, files)| Self::new(files.iter().copied())).ok_or_else(|| {
            let known: Vec<_> = Self::shipped_ids().collect();
            let message = format!("no policy set `{id}` comes with Consentry");
            let help = format!("there is {}; for a set of your own, give its folder", list(&known));
            let problem = Problem::error("set::unknown", message).help(help);
            LoadError { problems: vec![problem] }
        })
    }
}
