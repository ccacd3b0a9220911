//! Places in a text.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

/// The decoded text of a source: spans count from its first byte, a byte order mark included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InSource {}
/// A document, or one of its fields, as it was before cleaning: spans count from the first byte of that text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InDocument {}
/// The text that a pass sees: the document as the passes before it left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InDraft {}
/// The cleaned text of a document or of one of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InCleaned {}

/// A half-open range of bytes, `start..end`, in the text that `S` names.
///
/// Coordinates of two texts cannot be mixed: only [`crate::edit::Draft`] turns one into the other.
pub struct Span<S> {
    /// The first byte.
    pub start: usize,
    /// The byte after the last; equal to `start` for a place between two characters.
    pub end: usize,
    of: PhantomData<fn() -> S>,
}

impl<S> Span<S> {
    /// The span `start..end`, in bytes.
    ///
    /// # Panics
    /// When `end` lies before `start`.
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "a span cannot end before it starts: {start}..{end}");
        Self { start, end, of: PhantomData }
    }

    /// The place between two characters, `at` bytes from the start.
    pub fn point(at: usize) -> Self {
        Self::new(at, at)
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether this is a place between two characters.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The span of another text that begins `base` bytes earlier: from a document to its source.
    pub fn shifted<T>(self, base: usize) -> Span<T> {
        Span::new(base + self.start, base + self.end)
    }

    /// The range, to slice a string with.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The smallest span that holds both.
    pub fn hull(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// Whether the two claim the same text.
    ///
    /// Spans that only touch do not, except that two insertions at one place do: one must come
    /// first, and nothing says which. An insertion at the edge of a replaced span stands beside it.
    pub fn rivals(self, other: Self) -> bool {
        if self.is_empty() && other.is_empty() { self.start == other.start } else { self.start < other.end && other.start < self.end }
    }
}

impl<S> Clone for Span<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Span<S> {}

impl<S> PartialEq for Span<S> {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.end) == (other.start, other.end)
    }
}

impl<S> Eq for Span<S> {}

impl<S> PartialOrd for Span<S> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<S> Ord for Span<S> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.start, self.end).cmp(&(other.start, other.end))
    }
}

impl<S> std::hash::Hash for Span<S> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.start, self.end).hash(state);
    }
}

impl<S> fmt::Debug for Span<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
