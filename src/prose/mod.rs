//! What texts are made of: words, lines, paragraphs, quotations, languages, markup, zones. Proposes nothing.

pub mod apostrophe;
pub mod language;
pub(crate) mod line;
pub mod markup;
pub mod paragraph;
pub mod quotation;
pub mod word;

mod code_points;
mod columns;
mod line_column;
mod old_spelling;
mod syntax;
mod unseen;
mod vocabulary;
mod zone;

pub use code_points::CodePoints;
pub use columns::Columns;
pub use line_column::LineColumn;
pub use old_spelling::{has_old_spellings, is_old_spelling};
pub use syntax::{Marked, Syntax};
pub use unseen::is_unseen;
pub use vocabulary::{Vocabulary, WordCount, stands_as_name};
pub use zone::Zones;
