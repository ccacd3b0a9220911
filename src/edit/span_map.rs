//! A map between the spans of a text and of its cleaned form.

use std::ops::Range;

use super::{Hunk, HunkMismatch, InCleaned, InDocument, Span};

/// Maps spans of a text to its cleaned form and back.
///
/// Outside the changes both texts are the same bytes, so a span there is only moved. If a span ends inside a change, it
/// widens to the edge of that change. Text inserted or deleted exactly at the end of a span lies outside the span.
#[derive(Clone, Debug)]
pub struct SpanMap {
    source: Range<usize>,
    cleaned: Range<usize>,
    /// Sorted and disjoint on both sides.
    changes: Vec<Sides>,
}

/// Two ranges that stand for each other.
#[derive(Clone, Debug)]
struct Sides {
    source: Range<usize>,
    cleaned: Range<usize>,
}

/// A span on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried<S> {
    /// Where it is.
    pub span: Span<S>,
    /// Whether one of its ends lay inside a change, so that it now holds more than what was asked about.
    pub widened: bool,
}

impl SpanMap {
    /// The map between a text of `length` bytes and its cleaned form.
    ///
    /// # Errors
    /// The first difference that does not fit. The hunks must be those of this text alone, in order.
    pub fn new<'h>(length: usize, hunks: impl IntoIterator<Item = &'h Hunk>) -> Result<Self, HunkMismatch> {
        let mut changes: Vec<Sides> = Vec::new();
        let (mut source, mut cleaned) = (0_usize, 0_usize);
        for hunk in hunks {
            let gap = hunk.original.start.checked_sub(source);
            if gap.is_none() || gap != hunk.cleaned.start.checked_sub(cleaned) || hunk.original.end > length {
                return Err(HunkMismatch { at: hunk.original });
            }
            // What is left of the text must have its place behind it.
            if hunk.cleaned.end.checked_add(length - hunk.original.end).is_none() {
                return Err(HunkMismatch { at: hunk.original });
            }
            (source, cleaned) = (hunk.original.end, hunk.cleaned.end);
            changes.push(Sides { source: hunk.original.range(), cleaned: hunk.cleaned.range() });
        }
        Ok(Self { source: 0..length, cleaned: 0..cleaned + (length - source), changes })
    }

    /// How many bytes the text has before cleaning.
    pub fn original_len(&self) -> usize {
        self.source.end
    }

    /// How many bytes the cleaned text has.
    pub fn cleaned_len(&self) -> usize {
        self.cleaned.end
    }

    /// Where a span of the original text is in the cleaned text; `None` if it lies outside of the text.
    pub fn to_cleaned(&self, span: Span<InDocument>) -> Option<Carried<InCleaned>> {
        self.carry(&span.range(), |sides| &sides.source, |sides| &sides.cleaned)
    }

    /// Where a span of the cleaned text was in the original text; `None` if it lies outside of the text.
    pub fn to_original(&self, span: Span<InCleaned>) -> Option<Carried<InDocument>> {
        self.carry(&span.range(), |sides| &sides.cleaned, |sides| &sides.source)
    }

    fn carry<S>(&self, at: &Range<usize>, from: fn(&Sides) -> &Range<usize>, to: fn(&Sides) -> &Range<usize>) -> Option<Carried<S>> {
        let all = Sides { source: self.source.clone(), cleaned: self.cleaned.clone() };
        if at.start < from(&all).start || from(&all).end < at.end {
            return None;
        }
        // The place that lies `at` behind the first so many changes.
        let behind = |changes: usize, at: usize| match changes.checked_sub(1).map(|last| &self.changes[last]) {
            Some(change) => to(change).end + (at - from(change).end),
            None => to(&all).start + (at - from(&all).start),
        };
        let passed = self.changes.partition_point(|change| from(change).end <= at.start);
        let begun = self.changes.partition_point(|change| from(change).start < at.end);
        let cut_at_start = self.changes.get(passed).filter(|change| from(change).start < at.start);
        let cut_at_end = begun.checked_sub(1).map(|last| &self.changes[last]).filter(|change| at.end < from(change).end);
        let start = cut_at_start.map_or_else(|| behind(passed, at.start), |change| to(change).start);
        let end = cut_at_end.map_or_else(|| behind(begun, at.end), |change| to(change).end);
        // A place between two characters at which something was inserted or deleted has no side of its own: it is all of that.
        let is_torn = end < start;
        let widened = is_torn || cut_at_start.is_some() || cut_at_end.is_some();
        Some(Carried { span: Span::new(start.min(end), start.max(end)), widened })
    }
}
