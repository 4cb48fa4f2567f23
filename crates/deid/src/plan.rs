//! What an engine is made of, in a form that can be written down.

use crate::engine::Engine;
#[cfg(feature = "neural")]
use crate::names::{Ask, neural::Neural};
use crate::settings::{Settings, SettingsError};
use serde::{Deserialize, Serialize};
use std::fmt;
#[cfg(feature = "neural")]
use std::sync::Arc;

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
    /// And the names model, for sentences in which the tagger found a person or a place, or nearly
    /// did.
    Thorough,
    /// And the names model for every sentence.
    Exhaustive,
}

impl Profile {
    /// Every profile, from the fastest to the most thorough.
    pub const ALL: &'static [Self] =
        &[Self::Structured, Self::Fast, Self::Thorough, Self::Exhaustive];

    /// The spelling used in output: `structured`, `fast`, `thorough`, `exhaustive`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Structured => "structured",
            Self::Fast => "fast",
            Self::Thorough => "thorough",
            Self::Exhaustive => "exhaustive",
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

/// Why there is no engine of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// The settings are refused.
    Settings(SettingsError),
    /// [`Profile::Thorough`] and [`Profile::Exhaustive`] need the names model, which a plan does
    /// not hold.
    Model,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(error) => error.fmt(f),
            Self::Model => f.write_str(
                "the profiles `thorough` and `exhaustive` need the names model, which is not here; \
                 use the profile `fast`",
            ),
        }
    }
}

impl std::error::Error for PlanError {}

impl Plan {
    /// The engine of this plan, if it needs no model.
    ///
    /// # Errors
    ///
    /// When the settings are refused, or the model is needed.
    pub fn engine(&self) -> Result<Engine, PlanError> {
        let engine = match self.profile {
            Profile::Structured => Engine::structured(),
            Profile::Fast => Engine::fast(),
            Profile::Thorough | Profile::Exhaustive => return Err(PlanError::Model),
        };
        self.set(engine)
    }

    /// The engine of this plan, with this model if it asks one.
    ///
    /// # Errors
    ///
    /// When the settings are refused.
    #[cfg(feature = "neural")]
    pub fn engine_with(&self, model: &Arc<Neural>) -> Result<Engine, PlanError> {
        let ask = match self.profile {
            Profile::Thorough => Ask::Found,
            Profile::Exhaustive => Ask::All,
            _ => return self.engine(),
        };
        self.set(Engine::thorough(Arc::clone(model), ask))
    }

    fn set(&self, engine: Engine) -> Result<Engine, PlanError> {
        let settings = Settings::parse(&self.settings).map_err(PlanError::Settings)?;
        Ok(engine.with_settings(settings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_make_what_they_say_and_tell_what_they_lack() {
        for profile in [Profile::Structured, Profile::Fast] {
            let plan = Plan { profile, settings: String::new() };
            assert_eq!(plan.engine().unwrap().plan(), Some(plan));
        }
        for profile in [Profile::Thorough, Profile::Exhaustive] {
            let plan = Plan { profile, settings: String::new() };
            assert_eq!(plan.engine().unwrap_err(), PlanError::Model);
        }
        let plan = Plan { profile: Profile::Fast, settings: "[kinds]\nx = \"off\"".to_owned() };
        assert!(plan.engine().unwrap_err().to_string().starts_with("line 2: "));
    }
}
