//! Unified diffs of an article's slice.

use std::ops::Range;

use super::{Replacement, unified};
use emendo_core::edit::{Change, Fate, Hunk, Part};
use emendo_core::input::Article;

/// From the slice to the cleaned text: what stands round the body goes, and each hunk of the body changes. This is what a run writes
/// as `NAME.diff`.
///
/// `text` is the whole decoded source. Nothing for an article without a text.
pub fn whole_diff(name: &str, text: &str, article: &Article, hunks: &[Hunk]) -> String {
    let Some(body) = article.body else { return String::new() };
    let of_body = hunks.iter().filter(|hunk| hunk.part == Part::Body).map(|hunk| (hunk.source.range(), hunk.after.as_str()));
    let all = [(article.slice.start..body.start, "")].into_iter().chain(of_body).chain([(body.end..article.slice.end, "")]);
    diff(name, text, article, all)
}

/// From the slice to the slice with these differences alone, in its fields too.
pub fn part_diff(name: &str, text: &str, article: &Article, hunks: &[Hunk]) -> String {
    let mut edits: Vec<_> = hunks.iter().map(|hunk| (hunk.source, hunk.cleaned, hunk.after.as_str())).collect();
    edits.sort_by_key(|(source, cleaned, _)| (*source, *cleaned));
    diff(name, text, article, edits.into_iter().map(|(source, _, after)| (source.range(), after)))
}

/// From the slice to the slice with what waits in it, as if all of that were accepted and nothing else.
///
/// Tells how many of the changes are left out: those that go on from what another one made, and those that claim text that an
/// earlier one claims.
pub fn waiting_diff(name: &str, text: &str, article: &Article, changes: &[Change]) -> (String, usize) {
    let mut waiting: Vec<_> = changes.iter().filter(|change| change.fate == Fate::Waiting).collect();
    waiting.sort_by_key(|change| change.span);
    let all = waiting.len();
    let mut fitting: Vec<&Change> = Vec::new();
    for change in waiting {
        let is_free = fitting.last().is_none_or(|last| last.span.end <= change.span.start && !last.span.rivals(change.span));
        if is_free && text.get(change.span.range()) == Some(&*change.before) {
            fitting.push(change);
        }
    }
    let edits = fitting.iter().map(|change| (change.span.range(), change.result()));
    (diff(name, text, article, edits), all - fitting.len())
}

fn diff<'t>(name: &str, text: &str, article: &Article, edits: impl Iterator<Item = (Range<usize>, &'t str)>) -> String {
    let start = article.slice.start;
    let edits: Vec<_> = edits.map(|(at, with)| Replacement { at: at.start - start..at.end - start, with }).collect();
    unified(name, &text[article.slice.range()], &edits)
}
