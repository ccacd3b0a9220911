//! What readers decide about changes.

pub mod decision;
mod decisions;
mod difference;
pub mod hand;
pub mod sampling;
pub mod session;
mod undo;

pub use decisions::{Bound, Decisions, Prevailing, prevailing};
pub use difference::{Difference, differences};
pub use undo::{Withdrawn, withdrawing};
