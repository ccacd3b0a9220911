//! emendo-core cleans text with rules and gives every change back as data.
//!
//! ```text
//! rules ─ load ─► Knowledge ─► Chain + Decisions ─► Cleaner
//! bytes ─ decode ─► text ─ slices ─► documents and problems
//! Document ─ Cleaner::clean, one pass after another ─► Cleaned: text, changes, hunks
//! changes ─ a person decides ─► Decisions, bound to the digest of the text
//! cleaned text + hunks + problems ─► the source again, byte for byte
//! ```
//!
//! It does no I/O, starts no threads, and knows neither clock nor environment. Spans are bytes of the UTF-8 text.
//!
//! Clean a text, read its changes, apply a decision:
//!
//! ```
//! use emendo_core::{Cleaner, Decision, Decisions, Document, Verdict};
//!
//! let mut cleaner = Cleaner::shipped(&Default::default());
//! let document = Document::new("note.txt", "Isrfael agreed  to talks.\n");
//! let cleaned = cleaner.clean(&document)?;
//! assert_eq!(cleaned.text.as_deref(), Some("Israel agreed to talks.\n"));
//! let typo = cleaned.placed().find(|change| change.rule.starts_with("typos/")).expect("the typo is known");
//! assert_eq!((&*typo.before, &*typo.after, typo.span().range()), ("Isrfael", "Israel", 0..7));
//! let text = document.parts().next().expect("it has a text");
//! cleaner.set_decisions(Decisions::parse(&Decision::here(Verdict::Reject, &text, typo).line()).expect("one good line"));
//! assert_eq!(cleaner.clean(&document)?.text.as_deref(), Some("Isrfael agreed to talks.\n"));
//! # Ok::<(), emendo_core::CleanError>(())
//! ```

pub mod chain;
pub mod clean;
pub mod cleaner;
pub mod document;
pub mod edit;
pub mod input;
pub mod passes;
pub mod prose;
pub mod review;
pub mod rules;

pub use chain::Chain;
pub use clean::{CleanError, clean};
pub use cleaner::Cleaner;
pub use document::{Cleaned, Document, DocumentField, PartText};
pub use edit::{Change, ChangeId, Draft, Edit, Fate, Hunk, PlacedChange, RuleNumber, Span, Zone};
pub use passes::Pass;
pub use review::Decisions;
pub use review::decision::{Decision, DecisionScope, Verdict};
pub use rules::{Knowledge, Policy, Rule, RuleSet};
