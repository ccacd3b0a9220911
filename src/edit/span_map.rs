//! Spans carried from a source to its cleaned text and back.

use std::ops::Range;

use super::{Hunk, InCleaned, Original, Span};

/// The way between a field or body of a source and what became of it.
///
/// Outside of the changes both are the same bytes, so a span there is only moved. An end that lies inside a change has
/// no counterpart: it widens to the edge of the change. What was inserted or deleted just at an end of a span lies outside of it.
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
    /// The way between the place of a field or body in the source and its cleaned text.
    ///
    /// # Errors
    /// That the hunks, which must be those of this part alone and in order, do not fit together.
    pub fn new<'h>(part: Span<Original>, hunks: impl IntoIterator<Item = &'h Hunk>) -> Result<Self, String> {
        let mut changes: Vec<Sides> = Vec::new();
        let (mut source, mut cleaned) = (part.start, 0_usize);
        for hunk in hunks {
            let gap = hunk.source.start.checked_sub(source);
            if gap.is_none() || gap != hunk.cleaned.start.checked_sub(cleaned) || hunk.source.end > part.end {
                return Err(format!("the difference at {:?} does not fit to those before it", hunk.source));
            }
            (source, cleaned) = (hunk.source.end, hunk.cleaned.end);
            changes.push(Sides { source: hunk.source.range(), cleaned: hunk.cleaned.range() });
        }
        let length = cleaned.checked_add(part.end - source).ok_or("the cleaned text is too long")?;
        Ok(Self { source: part.range(), cleaned: 0..length, changes })
    }

    /// The place of the part in the source.
    pub fn source(&self) -> Span<Original> {
        Span::new(self.source.start, self.source.end)
    }

    /// How many bytes the cleaned part has.
    pub fn cleaned_len(&self) -> usize {
        self.cleaned.end
    }

    /// Where a span of the source stands in the cleaned text; nothing if it lies outside of the part.
    pub fn to_cleaned(&self, span: Span<Original>) -> Option<Carried<InCleaned>> {
        self.carry(&span.range(), |sides| &sides.source, |sides| &sides.cleaned)
    }

    /// Where a span of the cleaned text stood in the source; nothing if it lies outside of the part.
    pub fn to_source(&self, span: Span<InCleaned>) -> Option<Carried<Original>> {
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
