//! The account that an export belongs to, as events.

use super::Owner;
use consentry_model::event::{Body, Choice, Event};
use consentry_model::words::MODEL_IMPROVEMENT;
use consentry_model::{Instant, Via};

/// Who records an owner's events. The same for every format, so that imports of several formats
/// for one account at one `since` agree: the second opening is a redelivery of the first.
const SOURCE: &str = "import/owner";

/// The opening of an account and, where one was made, its choice.
pub(super) fn events(owner: &Owner, account: &str, since: Instant) -> Vec<Event<'static>> {
    let event =
        |id: String, body| Event { source: SOURCE.into(), id: id.into(), time: since, body };
    let account = || account.to_owned();
    let opened = Body::AccountOpened {
        account: account().into(),
        plan: owner.plan,
        region: None,
        adult: true,
    };
    let mut events = vec![event(format!("account.opened/{}", account()), opened)];
    if let Some(granted) = owner.choice {
        let choice = Choice {
            purpose: MODEL_IMPROVEMENT.into(),
            granted,
            via: Via::Settings,
            notice: None,
            terms: None,
            preset: None,
        };
        let id = format!("choice.recorded/{MODEL_IMPROVEMENT}/{}", account());
        events.push(event(id, Body::ChoiceRecorded { account: account().into(), choice }));
    }
    events
}
