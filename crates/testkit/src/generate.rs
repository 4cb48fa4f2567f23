//! Histories, policies and rows of facts made by program.
//!
//! - [`small()`] and [`seeded`]: small, nasty and valid histories, for comparing one implementation
//!   with another row by row.
//! - [`broken`] and [`break_one`]: the same with one mistake, and the lines that must be named.
//! - [`big()`]: a large realistic history, for measuring.
//! - [`talks()`]: the folded facts of a large history, without the history.
//! - [`policies`] and [`facts`]: policies of every shape and rows to ask about, for comparing engines.

mod big;
mod broken;
mod chance;
pub mod facts;
pub mod policies;
mod small;
mod talks;

pub use big::{Big, Limit, Written, big};
pub use broken::{Broken, break_one, broken};
pub use chance::Chance;
pub use small::{Delivery, NOW, SmallHistory, moments, seeded, small};
pub use talks::{FACTS_AS_OF, Talk, TalkStream, talks};
