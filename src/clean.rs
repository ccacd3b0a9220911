//! The one verb.

use std::borrow::Cow;
use std::sync::Arc;

use crate::text::{Change, Hunk};

/// What an article became, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned<'a> {
    /// The cleaned body, borrowed if nothing was applied; nothing for an article without text.
    pub text: Option<Cow<'a, str>>,
    /// The fields whose text differs from the source.
    pub fields: Vec<CleanedField>,
    /// Every proposal and what became of it, in the order of parts, passes and places.
    pub changes: Vec<Change>,
    /// Every difference between source and cleaned article, in the order of the source.
    pub hunks: Vec<Hunk>,
}

/// A field that the chain changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanedField {
    /// Its name.
    pub name: Arc<str>,
    /// Its text now.
    pub text: String,
}
