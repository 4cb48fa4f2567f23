//! What an engine is made of, in a form that can be written down.

use crate::engine::Engine;
use crate::settings::{Settings, SettingsError};
use serde::{Deserialize, Serialize};

/// A named choice of tiers.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Profile {
    /// Forms, checks and the words around them; no names.
    Structured,
    /// And names, by the tagger that comes with this crate.
    #[default]
    Fast,
}

impl Profile {
    /// Every profile, from the fastest to the most thorough.
    pub const ALL: &'static [Self] = &[Self::Structured, Self::Fast];

    /// The spelling used in output: `structured`, `fast`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Structured => "structured",
            Self::Fast => "fast",
        }
    }
}

/// What another process needs to know to make the same engine.
///
/// ```
/// use consentry_deid::{Plan, Profile};
/// let plan = Plan { profile: Profile::Fast, settings: "[kinds]\nip = \"off\"".to_owned() };
/// let engine = plan.engine().unwrap();
/// assert!(engine.findings("The server is 10.20.30.40.").is_empty());
/// assert_eq!(engine.plan(), Some(plan));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The tiers that run.
    pub profile: Profile,
    /// Settings in TOML, see [`Settings::parse`]. Empty when there are none.
    pub settings: String,
}

impl Plan {
    /// The engine of this plan.
    ///
    /// # Errors
    ///
    /// When the settings are refused.
    pub fn engine(&self) -> Result<Engine, SettingsError> {
        let engine = match self.profile {
            Profile::Structured => Engine::structured(),
            Profile::Fast => Engine::fast(),
        };
        Ok(engine.with_settings(Settings::parse(&self.settings)?))
    }
}
