//! The seam between questions and whatever answers them.

use crate::set::UnknownAction;
use consentry_columnar::{ColumnError, Until};
use consentry_model::Instant;
use consentry_model::facts::{Facts, Resource};
use std::sync::Arc;

/// A question that is put about one or many rows of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request<'a> {
    /// What is to be done: `train`, `retain`, ….
    pub action: &'a str,
    /// What for. A free word; policies decide what it changes.
    pub purpose: &'a str,
    /// The instant at which the rows of facts hold.
    pub now: Instant,
}

/// The answer to a request for one row of facts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decision {
    /// Whether it may be done: at least one policy permits it, none forbids it, and none errs.
    pub permit: bool,
    /// The ids of the policies that determined it, in bytewise order. On a permit every satisfied
    /// permit; on a deny every satisfied forbid, and `policy-error:ID` for every policy whose
    /// evaluation erred. Empty only if nothing permitted, forbade or erred.
    pub reasons: Arc<[Arc<str>]>,
}

/// The answer to a request to retain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Retention {
    /// Until when the row's part is kept.
    pub until: Until,
    /// Every permit that is satisfied at the instant of the request, in bytewise order.
    pub reasons: Arc<[Arc<str>]>,
    /// Every forbid that is satisfied then, and `policy-error:ID` for every policy that errs, in
    /// bytewise order. If there are any, the part is due whatever permits keeping it.
    pub against: Arc<[Arc<str>]>,
}

/// What decides. Every engine gives the same answers.
pub trait Engine {
    /// Decides a request for every row, in the order of the rows.
    ///
    /// # Errors
    ///
    /// When the policy set does not know the action, or the action does not apply to what a row is
    /// about. A policy whose evaluation errs is no error here: it denies.
    fn decide_all(
        &self,
        request: &Request<'_>,
        rows: &[Facts<'_>],
    ) -> Result<Vec<Decision>, RequestError>;

    /// Answers, for every row, until when it is to be kept: the first instant from `now` on at
    /// which `retain` is not permitted if the facts stay as they are. The purpose is given to the
    /// policies as in every request.
    ///
    /// # Errors
    ///
    /// When the set has no action `retain`, or it does not apply to what a row is about.
    fn retain_all(
        &self,
        purpose: &str,
        now: Instant,
        rows: &[Facts<'_>],
    ) -> Result<Vec<Retention>, RequestError>;
}

/// A request that cannot be decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// No such action.
    #[error(transparent)]
    UnknownAction(#[from] UnknownAction),
    /// The row is about something else.
    #[error(
        "the action `{action}` does not apply to `{}`, only to {}",
        resource.as_str(),
        crate::schema::list(&applies_to.iter().map(|known| known.as_str()).collect::<Vec<_>>())
    )]
    NotApplicable {
        /// The action.
        action: String,
        /// What the row is about.
        resource: Resource,
        /// What the action applies to.
        applies_to: Vec<Resource>,
    },
    /// A policy depends on the present instant in a way of which it cannot be derived when it
    /// turns. Loading such a set gives a warning.
    #[error(
        "it cannot be derived when `{policy}` turns, so that it is not known when `{action}` does"
    )]
    Underivable {
        /// The action.
        action: String,
        /// The id of the policy.
        policy: Arc<str>,
    },
    /// The columnar engine did not take the columns that were made for it: a mistake in Consentry.
    #[error("columns that Consentry made were refused (please report this): {0}")]
    Columns(#[from] ColumnError),
    /// Cedar did not take a value that was made for it: a mistake in Consentry.
    #[error("Cedar refused a value that Consentry made for it (please report this): {0}")]
    Cedar(String),
}
