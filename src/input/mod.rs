//! From bytes to articles and problems. Changes nothing.

mod article;

pub use article::{Article, Field, FieldType, Problem, ProblemKind, Slice};
