//! emendo cleans text corpora with rules and keeps every change as a record.
//!
//! ```text
//! bytes ─ input::decode ─► text ─ input::envelope ─► articles and problems
//! article ─ clean::clean, one pass after another ─► cleaned text, changes, hunks
//! cleaned text + hunks + problems ─► the source again, byte for byte
//! ```
//!
//! The layers, from the top to the bottom: `cli` → `source`, `suggest`, `corpus`, `report`, `check` → `clean` →
//! `passes`, `review`, `input` → `rules` → `text`. No layer uses one above it. Only `corpus` touches
//! the disk, only `cli` prints.

pub mod check;
pub mod clean;
pub mod cli;
pub mod corpus;
pub mod input;
pub mod passes;
pub mod report;
pub mod review;
pub mod rules;
pub mod source;
pub mod suggest;
pub mod text;
