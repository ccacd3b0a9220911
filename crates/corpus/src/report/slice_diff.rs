//! Unified diffs of a document's slice.

use std::ops::Range;

use super::{Replacement, unified};
use emendo_core::edit::{Change, Fate, Hunk, InDocument, InSource, Part, Span};
use emendo_core::input::DocumentLayout;

/// From the slice to the cleaned text: what stands round the body goes, and each hunk of the body changes. This is what a run writes
/// as `NAME.diff`.
///
/// `text` is the whole decoded source. Nothing for a document without a text.
pub fn whole_diff(name: &str, text: &str, document: &DocumentLayout, hunks: &[Hunk]) -> String {
    let Some(body) = document.body else { return String::new() };
    let of_body = hunks
        .iter()
        .filter(|hunk| hunk.part == Part::Body)
        .map(|hunk| (hunk.original.shifted::<InSource>(body.start).range(), hunk.after.as_str()));
    let all = [(document.slice.start..body.start, "")].into_iter().chain(of_body).chain([(body.end..document.slice.end, "")]);
    diff(name, text, document, all)
}

/// From the slice to the slice with these differences alone, in its fields too.
pub fn part_diff(name: &str, text: &str, document: &DocumentLayout, hunks: &[Hunk]) -> String {
    let mut edits: Vec<_> =
        hunks.iter().map(|hunk| (source_span(document, &hunk.part, hunk.original), hunk.cleaned, hunk.after.as_str())).collect();
    edits.sort_by_key(|(source, cleaned, _)| (*source, *cleaned));
    diff(name, text, document, edits.into_iter().map(|(source, _, after)| (source.range(), after)))
}

/// From the slice to the slice with what is pending in it, as if all of that were accepted and nothing else.
///
/// Tells how many of the changes are left out: those that go on from what another one made, and those that claim text that an
/// earlier one claims.
pub fn pending_diff(name: &str, text: &str, document: &DocumentLayout, changes: &[Change]) -> (String, usize) {
    let pending = changes.iter().filter(|change| change.fate == Fate::Pending).flat_map(Change::placed);
    let mut pending: Vec<_> = pending.map(|change| (source_span(document, &change.part, change.span()), change.change)).collect();
    pending.sort_by_key(|(span, _)| *span);
    let all = pending.len();
    let mut fitting: Vec<(Span<InSource>, &Change)> = Vec::new();
    for (span, change) in pending {
        let is_free = fitting.last().is_none_or(|(last, _)| last.end <= span.start && !last.rivals(span));
        if is_free && text.get(span.range()) == Some(&*change.before) {
            fitting.push((span, change));
        }
    }
    let edits = fitting.iter().map(|(span, change)| (span.range(), change.result()));
    (diff(name, text, document, edits), all - fitting.len())
}

/// Where a span of a part is in the decoded source.
pub(super) fn source_span(layout: &DocumentLayout, part: &Part, span: Span<InDocument>) -> Span<InSource> {
    span.shifted(layout.start_of(part))
}

fn diff<'t>(name: &str, text: &str, document: &DocumentLayout, edits: impl Iterator<Item = (Range<usize>, &'t str)>) -> String {
    let start = document.slice.start;
    let edits: Vec<_> = edits.map(|(at, with)| Replacement { at: at.start - start..at.end - start, with }).collect();
    unified(name, &text[document.slice.range()], &edits)
}
