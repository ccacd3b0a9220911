//! Text and where each part of it comes from. Pure: no rules, no files, no policy.

pub mod apostrophe;
mod change;
pub mod code_page;
mod code_points;
mod columns;
mod crossing;
mod draft;
mod edit;
mod encoding;
mod hunk;
mod old_spelling;
mod place;
mod span;
mod syntax;
mod unseen;
mod vocabulary;
mod zone;

pub mod language;
pub mod markup;
pub mod paragraph;
pub mod quotation;
pub mod word;

pub use change::{Change, ChangeId, Fate, Part};
pub use code_points::CodePoints;
pub use columns::Columns;
pub use crossing::{Carried, Crossing};
pub use draft::{Draft, Seam};
pub use edit::{Edit, RuleNumber};
pub use encoding::{Encoding, encode, find_stray, stray, stray_byte};
pub use hunk::Hunk;
pub use old_spelling::{has_old_spellings, is_old_spelling};
pub use place::Place;
pub use span::{InCleaned, InDraft, Original, Span};
pub use syntax::{Marked, Syntax};
pub use unseen::is_unseen;
pub use vocabulary::{Seen, Vocabulary, stands_as_name};
pub use zone::{Zone, Zones};
