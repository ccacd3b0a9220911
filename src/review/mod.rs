//! What readers decide about changes.

pub mod decision;
mod decisions;

pub use decisions::{Bound, Decisions, Prevailing, prevailing};
