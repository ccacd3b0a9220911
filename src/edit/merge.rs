//! Applying edits to a draft: one forward copy of the text, and one merge of two sorted lists.

use smallvec::SmallVec;

use super::draft::{ChangeNumbers, Seam};
use super::{InDraft, Span};

/// An edit to apply: where, what stands there afterwards, and the number of its change.
type NumberedEdit<'e> = (Span<InDraft>, &'e str, u32);

/// The text and the seams after sorted, disjoint edits of a text with these seams.
///
/// # Panics
/// When the edits are not sorted and disjoint, or cut a code point in two.
pub(super) fn merge<'e>(text: &str, seams: Vec<Seam>, edits: impl IntoIterator<Item = NumberedEdit<'e>>) -> (String, Vec<Seam>) {
    let (mut old, mut edits) = (seams.into_iter().peekable(), edits.into_iter().peekable());
    let mut merge = Merge::new(text);
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
    merge.finish()
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

    fn take_edit(&mut self, (at, with, change): NumberedEdit<'e>) {
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
    fn new(from: &'t str) -> Self {
        Self { from, text: String::with_capacity(from.len()), copied: 0, seams: Vec::new(), sync: Sync { draft: 0, original: 0 } }
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
