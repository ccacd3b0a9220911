//! The algebra of edits: what is proposed, what a text becomes by it, and where each part of it came from.
//! Knows no language and no rules.

mod change;
mod draft;
#[expect(clippy::module_inception, reason = "the noun in the middle has the name of the folder")]
mod edit;
mod hunk;
mod merge;
mod notation;
mod span;
mod span_map;
mod zone;

pub use change::{Change, ChangeId, ChangePlace, Fate, Part, PlaceRef, PlacedChange};
pub use draft::{Draft, Seam};
pub use edit::{Edit, RuleNumber};
pub use hunk::{Hunk, HunkMismatch};
pub use notation::NotationError;
pub use span::{InCleaned, InDocument, InDraft, InSource, Span};
pub use span_map::{Carried, SpanMap};
pub use zone::Zone;
