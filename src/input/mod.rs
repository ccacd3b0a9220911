//! From bytes to articles and problems. Changes nothing.

mod article;
mod decode;
mod envelope;
mod format;
mod marker;

pub use article::{Article, Field, FieldType, Problem, ProblemKind, Slice};
pub use decode::{Decoded, DecodedText, Encoding, decode, encode};
pub use envelope::slices;
pub use format::Format;
