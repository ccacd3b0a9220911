//! Corpora cleaned with [`emendo_core`]: projects, runs over folders of texts, records, reviews and rules. No terminal, no global state.
//!
//! ```text
//! SettingsOptions ─ project::Settings ─► Cleaner ─ batch::run ─► CleanedSource of each input
//!     run     into an output folder            new_rules  try, add, import, learn rules
//!     report  what a record and a diff say     suggest    rules that a corpus calls for
//!     review  decide, undo, adopt              check      the laws of a rule set
//! ```
//!
//! Long calls take a [`batch::RunObserver`], which hears how far they are and may stop them.

pub mod adopt;
pub mod batch;
pub mod check;
pub mod clock;
pub mod disk;
mod error;
mod fired_rules;
mod json_line;
pub mod new_rules;
pub mod output;
mod plural;
pub mod project;
pub mod report;
pub mod review;
pub mod run;
pub mod run_log;
pub mod selection;
pub mod spreadsheet;
pub mod suggest;
mod tidied_tables;
pub mod undo;

pub use error::CorpusError;
pub use fired_rules::{FiredCounts, FiredRules};
pub use json_line::JsonLineError;
pub use plural::counted;
pub use tidied_tables::{TidiedFile, TidiedTables};
