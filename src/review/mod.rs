//! What readers decide about changes.

pub mod decision;
mod decisions;
pub mod sampling;
pub mod session;

pub use decisions::{Bound, Decisions, Prevailing, prevailing};
