//! From bytes to articles and problems. Changes nothing.

mod article;
pub mod code_page;
mod decode;
mod detect;
mod encoding;
mod envelope;
mod format;
mod format_schema;
mod marker;

pub use article::{Article, Field, FieldType, Problem, ProblemKind, Slice};
pub use decode::{Decoded, DecodedText, decode};
pub use encoding::{Encoding, encode, find_stray, stray, stray_byte};
pub use envelope::slices;
pub use format::EnvelopeFormat;
pub use format_schema::format_schema;
