//! Folders of texts: what is read from the disk, what a run writes there, and what is known of it afterwards.

pub mod check;
pub mod disk;
mod json_line;
pub mod report;
pub mod suggest;

pub use json_line::JsonLineError;
