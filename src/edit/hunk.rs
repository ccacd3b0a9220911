//! What is left of the seams at the end.

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::{ChangeId, Draft, InCleaned, Original, Part, Span};

/// One difference between source and cleaned text.
///
/// Hunks are sorted and disjoint; outside them source and cleaned text are the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The text it lies in.
    pub part: Part,
    /// The place in the decoded source, in bytes.
    pub source: Span<Original>,
    /// The place in the cleaned field or body, in bytes.
    pub cleaned: Span<InCleaned>,
    /// Always source text.
    pub before: SmolStr,
    /// Always cleaned text.
    pub after: SmolStr,
    /// The changes that made it, in the order of their passes.
    pub changes: SmallVec<[ChangeId; 2]>,
}

impl Hunk {
    /// The differences between a draft and its source. `id` gives the change with a number.
    ///
    /// A seam whose two sides came out equal is no difference.
    pub fn of(draft: &Draft<'_>, part: &Part, id: impl Fn(u32) -> ChangeId) -> Vec<Self> {
        let mut hunks = Vec::with_capacity(draft.seams().len());
        for seam in draft.seams() {
            let before = &draft.source()[seam.original.start - draft.base()..seam.original.end - draft.base()];
            let after = &draft.text()[seam.draft.range()];
            if before != after {
                hunks.push(Self {
                    part: part.clone(),
                    source: seam.original,
                    cleaned: Span::new(seam.draft.start, seam.draft.end),
                    before: before.into(),
                    after: after.into(),
                    changes: seam.changes.iter().map(|change| id(*change)).collect(),
                });
            }
        }
        hunks
    }
}
