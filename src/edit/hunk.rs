//! The differences between a text and its cleaned form.

use std::borrow::Cow;

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::draft::{ChangeNumbers, Seam};
use super::{Draft, InCleaned, InDocument, Part, PlaceRef, Span};

/// One difference between a text and its cleaned form.
///
/// Hunks are sorted and disjoint. Outside them both texts are the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The text it lies in.
    pub part: Part,
    /// The place in that text before cleaning, in bytes.
    pub original: Span<InDocument>,
    /// The place in the cleaned text, in bytes.
    pub cleaned: Span<InCleaned>,
    /// The original text.
    pub before: SmolStr,
    /// The cleaned text.
    pub after: SmolStr,
    /// The changes that made it, in the order of their passes.
    pub changes: SmallVec<[PlaceRef; 2]>,
}

impl Hunk {
    /// The differences between a draft and its source. `place` gives the place of a change by the number that
    /// [`Draft::apply`] got for it.
    ///
    /// A seam with two equal sides is no difference.
    pub fn of(draft: &Draft<'_>, part: &Part, place: impl Fn(u32) -> PlaceRef) -> Vec<Self> {
        let mut hunks = Vec::with_capacity(draft.seams().len());
        for seam in draft.seams() {
            let before = &draft.source()[seam.original.range()];
            let after = &draft.text()[seam.draft.range()];
            if before != after {
                hunks.push(Self {
                    part: part.clone(),
                    original: seam.original,
                    cleaned: Span::new(seam.draft.start, seam.draft.end),
                    before: before.into(),
                    after: after.into(),
                    changes: seam.changes.iter().map(|change| place(*change)).collect(),
                });
            }
        }
        hunks
    }
}

impl<'a> Draft<'a> {
    /// A draft of `source` from its differences, which must be sorted and of this text alone.
    ///
    /// # Errors
    /// The first difference that does not fit the source.
    pub fn of_hunks<'h>(source: &'a str, hunks: impl IntoIterator<Item = &'h Hunk>) -> Result<Self, HunkMismatch> {
        let mut draft = Self::new(source);
        let (mut text, mut at) = (String::new(), 0);
        for hunk in hunks {
            let wrong = || HunkMismatch { at: hunk.original };
            text.push_str(source.get(at..hunk.original.start).ok_or_else(wrong)?);
            if source.get(hunk.original.range()) != Some(&hunk.before) {
                return Err(wrong());
            }
            let start = text.len();
            text.push_str(&hunk.after);
            draft.seams.push(Seam { draft: Span::new(start, text.len()), original: hunk.original, changes: ChangeNumbers::new() });
            at = hunk.original.end;
        }
        text.push_str(&source[at..]);
        draft.text = Cow::Owned(text);
        Ok(draft)
    }
}

/// A difference that does not fit the text that it is said to belong to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the difference at {at:?} does not fit the source")]
pub struct HunkMismatch {
    /// Where the difference should be, in bytes of the document.
    pub at: Span<InDocument>,
}
