//! The naive twin: the contract written down a second time, as plainly as possible.
//!
//! Every fact is found by going through all events up to the instant, for every row again. That is
//! quadratic and worse, which is the point: there is no state that could be kept wrongly. Meant
//! for histories of up to a few hundred events.
//!
//! | contract | here |
//! |---|---|
//! | section 2, what one line must hold | `twin/line.rs` |
//! | section 2, what the lines must hold together | `twin/input.rs` |
//! | section 3, facts at an instant | `twin/facts.rs` |
//! | section 4, `train`, `analyze`, `sell`, `converse`, `recall` | `twin/decide.rs` |
//! | section 4, `retain` | `twin/retain.rs` |
//! | section 5, which rows there are, and their order | `twin/rows.rs` |
//!
//! # Example
//!
//! ```
//! use consentry_testkit::twin::{self, Action, Decision};
//!
//! let line = r#"{"specversion":"1.0","source":"app","id":"1","type":"consentry.account.opened","#.to_owned()
//!     + r#""subject":"account/ada","time":"2026-01-01T00:00:00Z","data":{"plan":"pro"}}"#;
//! let files = [("history.jsonl".to_owned(), line)];
//! let history = twin::check(&files).expect("no line is in error");
//! let now = twin::instant("2026-06-01T00:00:00Z").expect("a time");
//! let rows = twin::decide(&history, now, Action::Converse, "model-improvement");
//! assert_eq!(rows[0].decision, Decision::Permit);
//! ```

mod decide;
mod facts;
mod input;
mod line;
mod retain;
mod rows;
mod time;

pub use decide::{Action, Decision, Row, decide};
pub use input::{History, Place, check, quarantine};
pub use line::Event;
pub use retain::{Kept, Until, retain};
pub use rows::Key;
pub use time::instant;

/// A day is 24 hours; times are in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;
