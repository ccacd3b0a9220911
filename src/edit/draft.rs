//! The text between two passes.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::merge::merge;
use super::{InDocument, InDraft, Span};

/// A replaced region: where it stands in the draft, and where what stood there is in the source.
///
/// Between two seams draft and source are the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seam {
    /// The region in the draft; empty where text was deleted.
    pub draft: Span<InDraft>,
    /// The region in the source; empty where text was inserted.
    pub original: Span<InDocument>,
    /// The changes that made it, as numbers that the caller gave to [`Draft::apply`].
    pub changes: ChangeNumbers,
}

/// Numbers of changes: one for nearly every seam, and there may be a seam for each line.
pub type ChangeNumbers = SmallVec<[u32; 4]>;

/// A text on its way from the source to the cleaned text, with its seams sorted and disjoint.
///
/// Its `Debug` form can be typed back with [`Draft::from_notation`]: numbers are bytes kept,
/// `3:"x"` replaces three bytes of the source by an x.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft<'a> {
    source: &'a str,
    pub(super) text: Cow<'a, str>,
    pub(super) seams: Vec<Seam>,
}

impl<'a> Draft<'a> {
    /// The untouched text of a document or of one of its fields.
    pub fn new(source: &'a str) -> Self {
        Self { source, text: Cow::Borrowed(source), seams: Vec::new() }
    }

    /// The text as it stands.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it stood in the source.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// The replaced regions, sorted and disjoint.
    pub fn seams(&self) -> &[Seam] {
        &self.seams
    }

    /// The text as it stands, borrowed from the source if nothing was ever applied.
    pub fn into_text(self) -> Cow<'a, str> {
        self.text
    }

    /// The source text that `at` comes from. An end inside a seam widens to the seam's edge.
    pub fn anchor(&self, at: Span<InDraft>) -> Span<InDocument> {
        if at.is_empty() {
            return self.anchor_point(at.start);
        }
        // Seams that end at or before the span's start lie wholly before it, deletions there included.
        let first = self.seams.partition_point(|seam| seam.draft.end <= at.start);
        let start = match self.seams.get(first) {
            Some(seam) if seam.draft.start < at.start => seam.original.start,
            _ => self.unseamed(first, at.start),
        };
        // A deletion at the span's end lies after it.
        let last = self.seams.partition_point(|seam| seam.draft.start < at.end);
        let end = match last.checked_sub(1).map(|before| &self.seams[before]) {
            Some(seam) if seam.draft.end > at.end => seam.original.end,
            _ => self.unseamed(last, at.end),
        };
        Span::new(start, end)
    }

    /// An insertion: inside a seam it takes the whole seam, at a deletion it comes after it.
    fn anchor_point(&self, at: usize) -> Span<InDocument> {
        let next = self.seams.partition_point(|seam| seam.draft.end <= at);
        match self.seams.get(next) {
            Some(seam) if seam.draft.start < at => seam.original,
            _ => Span::point(self.unseamed(next, at)),
        }
    }

    /// The source place of a draft place that comes after `seams` seams and inside none.
    fn unseamed(&self, seams: usize, at: usize) -> usize {
        match seams.checked_sub(1).map(|before| &self.seams[before]) {
            Some(seam) => seam.original.end + (at - seam.draft.end),
            None => at,
        }
    }

    /// Where the source text at `at` stands now, with all that was inserted at its ends; the way back from [`Self::anchor`].
    /// Nothing if an end lies inside a seam or a code point, or outside of the text.
    pub fn place(&self, at: Span<InDocument>) -> Option<Span<InDraft>> {
        // What was inserted at the start comes after what was deleted before it.
        let before =
            self.seams.partition_point(|seam| seam.original.end < at.start || seam.original.end == at.start && !seam.original.is_empty());
        let behind = self.seams.partition_point(|seam| seam.original.end <= at.end);
        let (start, end) = (self.behind(before, at.start)?, self.behind(behind, at.end)?);
        (start <= end).then(|| Span::new(start, end))
    }

    /// The draft place of a source place that comes after `seams` seams; nothing if it lies inside the next.
    fn behind(&self, seams: usize, at: usize) -> Option<usize> {
        let is_inside = self.seams.get(seams).is_some_and(|next| next.original.start < at);
        let bounds = self.source.is_char_boundary(at);
        (bounds && !is_inside).then(|| match seams.checked_sub(1).map(|before| &self.seams[before]) {
            Some(seam) => seam.draft.end + (at - seam.original.end),
            None => at,
        })
    }

    /// Forgets the seams whose two sides came out equal: they are no differences.
    pub fn forget_equal_seams(&mut self) {
        let (source, text) = (self.source, &self.text);
        self.seams.retain(|seam| source[seam.original.range()] != text[seam.draft.range()]);
    }

    /// Applies edits, each with the number of its change: one forward copy of the text and one
    /// merge of two sorted lists. Without edits it costs nothing.
    ///
    /// # Panics
    /// When the edits are not sorted and disjoint, or cut a code point in two.
    pub fn apply<'e>(&mut self, edits: impl IntoIterator<Item = (Span<InDraft>, &'e str, u32)>) {
        let mut edits = edits.into_iter().peekable();
        if edits.peek().is_none() {
            return;
        }
        let seams = std::mem::take(&mut self.seams);
        let (text, seams) = merge(&self.text, seams, edits);
        self.text = Cow::Owned(text);
        self.seams = seams;
    }
}
