//! Small sets for tests.

use consentry_policy::{PolicySet, Sources};
use std::sync::Arc;

pub const SET: (&str, &str) = ("set.toml", "id = \"test\"\ntitle = \"For tests\"\n");

pub const SCHEMA: &str = "
    type Asked = { now: datetime, purpose: String };
    entity Provider;
    entity Part = {
        plan?: String, choice: String, adult: Bool, last_activity: datetime,
        deleted_at?: datetime, flagged_at?: datetime, choice_since?: datetime, origin: String,
    };
    entity FeedbackPart = { feedback_at: datetime };
    entity Account = { plan: String, adult: Bool };
    entity Conversation = { incognito: Bool };
    action train, retain appliesTo {
        principal: Provider, resource: [Part, FeedbackPart], context: Asked,
    };
    action converse appliesTo { principal: Provider, resource: Account, context: Asked };
    action recall appliesTo { principal: Provider, resource: Conversation, context: Asked };
";

/// A set of policies given as (id, effect and scope and conditions), without anything to cite.
pub fn sources(policies: &[(&str, &str)]) -> Sources {
    let policies: String = policies
        .iter()
        .map(|(id, body)| format!("@id(\"{id}\") @title(\"About {id}\")\n{body};\n"))
        .collect();
    Sources::new([SET, ("schema.cedarschema", SCHEMA), ("p.cedar", &policies)])
}

pub fn set(policies: &[(&str, &str)]) -> Arc<PolicySet> {
    Arc::new(PolicySet::load(&sources(policies)).unwrap())
}
