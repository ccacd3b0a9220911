//! From bytes to articles and problems. Changes nothing.

mod article;
mod decode;
mod detect;
mod envelope;
mod format;
mod format_schema;
mod marker;

pub use article::{Article, Field, FieldType, Problem, ProblemKind, Slice};
pub use decode::{Decoded, DecodedText, decode};
pub use envelope::slices;
pub use format::Format;
pub use format_schema::format_schema;
