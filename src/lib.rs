//! emendo cleans text corpora with rules and keeps every change as a record.
//!
//! ```text
//! bytes ─ input::decode ─► text ─ input::envelope ─► articles and problems
//! article ─ clean::clean, one pass after another ─► cleaned text, changes, hunks
//! cleaned text + hunks + problems ─► the source again, byte for byte
//! ```

pub mod clean;
pub mod cleaner;
pub mod edit;
pub mod input;
pub mod passes;
pub mod prose;
pub mod review;
pub mod rules;
