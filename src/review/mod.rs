//! What readers decide about changes.

pub mod decision;
