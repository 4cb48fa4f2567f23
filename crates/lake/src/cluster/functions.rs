//! The functions that plans name. They keep no state, so that the same ones can be registered on
//! client, scheduler and executors, and mean the same on all of them.
//!
//! In SQL, over files of facts:
//!
//! ```sql
//! SELECT conversation, part, answer['decision'], answer['reasons']
//! FROM (
//!     SELECT *, consentry_decide(
//!         X'…',                                   -- the lowered policies: Program::to_bytes
//!         'model-improvement',
//!         TIMESTAMP '2026-06-01T00:00:00Z',
//!         named_struct('store', store, 'plan', plan, 'choice', choice /* … */)
//!     ) AS answer
//!     FROM facts
//! )
//! ```

mod decide;
mod idle;

pub use decide::{DECIDE, answer_type};

use datafusion::logical_expr::ScalarUDF;
use std::sync::Arc;

/// All functions, as a registry takes them.
#[must_use]
pub fn all() -> Vec<Arc<ScalarUDF>> {
    vec![Arc::new(ScalarUDF::new_from_impl(decide::Decide::new()))]
}
