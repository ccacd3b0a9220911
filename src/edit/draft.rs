//! The text between two passes.

use std::borrow::Cow;
use std::fmt;

use smallvec::SmallVec;

use super::{Hunk, InDraft, Original, Span};

/// A replaced region: where it stands in the draft, and where what stood there is in the source.
///
/// Between two seams draft and source are the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seam {
    /// The region in the draft; empty where text was deleted.
    pub draft: Span<InDraft>,
    /// The region in the source; empty where text was inserted.
    pub original: Span<Original>,
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
    base: usize,
    text: Cow<'a, str>,
    seams: Vec<Seam>,
}

impl<'a> Draft<'a> {
    /// The untouched text of a field or body that starts `base` bytes into the decoded source.
    pub fn new(source: &'a str, base: usize) -> Self {
        Self { source, base, text: Cow::Borrowed(source), seams: Vec::new() }
    }

    /// The text as it stands.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it stood in the source.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// Where the text starts in the decoded source, in bytes.
    pub fn base(&self) -> usize {
        self.base
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
    pub fn anchor(&self, at: Span<InDraft>) -> Span<Original> {
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
    fn anchor_point(&self, at: usize) -> Span<Original> {
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
            None => self.base + at,
        }
    }

    /// Where the source text at `at` stands now, with all that was inserted at its ends; the way back from [`Self::anchor`].
    /// Nothing if an end lies inside a seam or a code point, or outside of the text.
    pub fn place(&self, at: Span<Original>) -> Option<Span<InDraft>> {
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
        let bounds = self.source.is_char_boundary(at.checked_sub(self.base)?);
        (bounds && !is_inside).then(|| match seams.checked_sub(1).map(|before| &self.seams[before]) {
            Some(seam) => seam.draft.end + (at - seam.original.end),
            None => at - self.base,
        })
    }

    /// Forgets the seams whose two sides came out equal: they are no differences.
    pub fn forget_equal_seams(&mut self) {
        let (source, base, text) = (self.source, self.base, &self.text);
        self.seams.retain(|seam| source[seam.original.start - base..seam.original.end - base] != text[seam.draft.range()]);
    }

    /// A draft of `source` from its differences, which must be sorted and of this text alone.
    ///
    /// # Errors
    /// That they do not fit the source.
    pub fn of_hunks<'h>(source: &'a str, base: usize, hunks: impl IntoIterator<Item = &'h Hunk>) -> Result<Self, String> {
        let mut draft = Self::new(source, base);
        let (mut text, mut at) = (String::new(), base);
        for hunk in hunks {
            let wrong = || format!("the difference at {:?} does not fit the source", hunk.source);
            let range = |start: usize, end: usize| source.get(start.checked_sub(base)?..end.checked_sub(base)?);
            text.push_str(range(at, hunk.source.start).ok_or_else(wrong)?);
            if range(hunk.source.start, hunk.source.end) != Some(&hunk.before) {
                return Err(wrong());
            }
            let start = text.len();
            text.push_str(&hunk.after);
            draft.seams.push(Seam { draft: Span::new(start, text.len()), original: hunk.source, changes: ChangeNumbers::new() });
            at = hunk.source.end;
        }
        text.push_str(source.get(at - base..).unwrap_or_default());
        draft.text = Cow::Owned(text);
        Ok(draft)
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
        let mut old = std::mem::take(&mut self.seams).into_iter().peekable();
        let mut merge = Merge::new(&self.text, self.base);
        loop {
            let seam_first = match (old.peek(), edits.peek()) {
                (Some(seam), Some((at, ..))) => seam_comes_first(seam.draft, *at),
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            let start = if seam_first { old.peek().map(|seam| seam.draft.start) } else { edits.peek().map(|edit| edit.0.start) };
            let mut group = merge.group(start.expect("one of the two was seen"));
            if seam_first {
                group.take_seam(old.next().expect("seen"));
            } else {
                group.take_edit(edits.next().expect("seen"));
            }
            // Whatever strictly overlaps the group joins it, until nothing does.
            loop {
                let at = group.at;
                if let Some(seam) = old.next_if(|seam| overlap(seam.draft, at)) {
                    group.take_seam(seam);
                } else if let Some(edit) = edits.next_if(|edit| overlap(edit.0, at)) {
                    group.take_edit(edit);
                } else {
                    break;
                }
            }
            merge.push(group);
        }
        let (text, seams) = merge.finish();
        self.text = Cow::Owned(text);
        self.seams = seams;
    }

    /// A draft of `source` from its `Debug` notation: `3 1:"x" 4`.
    ///
    /// # Errors
    /// When the notation cannot be read, or does not cover the source exactly.
    pub fn from_notation(source: &'a str, notation: &str) -> Result<Self, String> {
        let mut draft = Self::new(source, 0);
        let mut text = String::new();
        let mut at = 0;
        let mut rest = notation.trim();
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let length: usize = rest[..digits].parse().map_err(|_| format!("a number is missing before {rest:?}"))?;
            let kept = source.get(at..at + length).ok_or_else(|| format!("{length} bytes from {at} on are not in the source"))?;
            rest = &rest[digits..];
            if let Some(quoted) = rest.strip_prefix(':') {
                let mut values = serde_json::Deserializer::from_str(quoted).into_iter::<String>();
                let with = values.next().and_then(Result::ok).ok_or_else(|| format!("a quoted text is missing before {quoted:?}"))?;
                rest = &quoted[values.byte_offset()..];
                let start = text.len();
                text.push_str(&with);
                draft.seams.push(Seam {
                    draft: Span::new(start, text.len()),
                    original: Span::new(at, at + length),
                    changes: ChangeNumbers::new(),
                });
            } else {
                text.push_str(kept);
            }
            at += length;
            rest = rest.trim_start();
        }
        if at != source.len() {
            return Err(format!("the notation covers {at} of {} bytes", source.len()));
        }
        if !draft.seams.is_empty() {
            draft.text = Cow::Owned(text);
        }
        Ok(draft)
    }
}

impl fmt::Debug for Draft<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut at = 0;
        let mut blank = "";
        for seam in &self.seams {
            if seam.draft.start > at {
                write!(f, "{blank}{}", seam.draft.start - at)?;
                blank = " ";
            }
            let with = serde_json::to_string(&self.text[seam.draft.range()]).map_err(|_| fmt::Error)?;
            write!(f, "{blank}{}:{with}", seam.original.len())?;
            blank = " ";
            at = seam.draft.end;
        }
        if self.text.len() > at {
            write!(f, "{blank}{}", self.text.len() - at)?;
        }
        Ok(())
    }
}

/// Strict overlap: a place inside the other counts, a shared edge does not.
fn overlap(a: Span<InDraft>, b: Span<InDraft>) -> bool {
    a.start < b.end && b.start < a.end
}

/// At one place: deletions already made, then insertions, then what replaces the text from there on.
fn seam_comes_first(seam: Span<InDraft>, edit: Span<InDraft>) -> bool {
    match seam.start.cmp(&edit.start) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Greater => false,
        std::cmp::Ordering::Equal => seam.is_empty() || !edit.is_empty(),
    }
}

/// A place where draft and source run side by side again: the end of a seam, or the start of all.
#[derive(Clone, Copy)]
struct Sync {
    draft: usize,
    original: usize,
}

impl Sync {
    /// The source place of a draft place with no seam between.
    fn original(self, draft: usize) -> usize {
        self.original + (draft - self.draft)
    }
}

/// Seams and edits that overlap one another: they become one seam.
struct Group<'e> {
    /// The hull of its members, in the old draft.
    at: Span<InDraft>,
    /// The end of its last seam, or of the last seam before it.
    sync: Sync,
    start: usize,
    edits: SmallVec<[(Span<InDraft>, &'e str); 2]>,
    earlier: ChangeNumbers,
    changes: ChangeNumbers,
}

impl<'e> Group<'e> {
    fn take_seam(&mut self, seam: Seam) {
        self.at = self.at.hull(seam.draft);
        self.sync = Sync { draft: seam.draft.end, original: seam.original.end };
        self.earlier.extend(seam.changes);
    }

    fn take_edit(&mut self, (at, with, change): (Span<InDraft>, &'e str, u32)) {
        self.at = self.at.hull(at);
        self.edits.push((at, with));
        self.changes.push(change);
    }
}

/// The new text and seams under construction.
struct Merge<'t> {
    from: &'t str,
    text: String,
    copied: usize,
    seams: Vec<Seam>,
    sync: Sync,
}

impl<'t> Merge<'t> {
    fn new(from: &'t str, base: usize) -> Self {
        Self { from, text: String::with_capacity(from.len()), copied: 0, seams: Vec::new(), sync: Sync { draft: 0, original: base } }
    }

    fn group<'e>(&self, start: usize) -> Group<'e> {
        Group {
            at: Span::point(start),
            sync: self.sync,
            start: self.sync.original(start),
            edits: SmallVec::new(),
            earlier: ChangeNumbers::new(),
            changes: ChangeNumbers::new(),
        }
    }

    fn push(&mut self, group: Group<'_>) {
        self.text.push_str(&self.from[self.copied..group.at.start]);
        let start = self.text.len();
        self.copied = group.at.start;
        for (edit, with) in group.edits {
            self.text.push_str(&self.from[self.copied..edit.start]);
            self.text.push_str(with);
            self.copied = edit.end;
        }
        self.text.push_str(&self.from[self.copied..group.at.end]);
        self.copied = group.at.end;
        self.sync = Sync { draft: group.at.end, original: group.sync.original(group.at.end) };
        let draft = Span::new(start, self.text.len());
        let original = Span::new(group.start, self.sync.original);
        // Text that one pass inserted and a later one deleted leaves no trace.
        if !(draft.is_empty() && original.is_empty()) {
            let mut changes = group.earlier;
            changes.extend(group.changes);
            self.seams.push(Seam { draft, original, changes });
        }
    }

    fn finish(mut self) -> (String, Vec<Seam>) {
        self.text.push_str(&self.from[self.copied..]);
        (self.text, self.seams)
    }
}
