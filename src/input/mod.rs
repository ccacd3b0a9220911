//! From bytes to documents and problems. Changes nothing.

pub mod code_page;
mod decode;
mod detect;
mod encoding;
mod envelope;
mod format;
mod format_schema;
mod layout;
mod marker;

pub use decode::{Decoded, DecodedText, decode};
pub use encoding::{Encoding, encode, find_stray, stray, stray_byte};
pub use envelope::slices;
pub use format::EnvelopeFormat;
pub use format_schema::format_schema;
pub use layout::{DocumentLayout, Field, FieldType, Problem, ProblemKind, Slice};
