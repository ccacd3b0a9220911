//! What readers decide about changes.

mod binding;
pub mod decision;
mod decisions;
mod difference;
pub mod hand;
pub mod sampling;
pub mod session;
mod undo;

pub use binding::{Bound, DocumentKey, Located, Prevailing, ProposedChange, prevailing};
pub use decisions::Decisions;
pub use difference::{Difference, differences};
pub use undo::{Withdrawn, withdrawing};
