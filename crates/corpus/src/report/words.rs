//! The view for people: what changed, word by word, each with a little of the text round it.

use std::ops::Range;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use super::slice_diff::source_span;
use super::{LineColumns, Private, VisibleText, escape, visible_pair};
use crate::{show, shown};
use emendo_core::edit::{Change, ChangeId, Fate, Hunk, InSource, Part, PlacedChange, Span};
use emendo_core::input::DocumentLayout;
use emendo_core::prose::word;

/// How much of the text is shown at each side, and how near changes must be to share an excerpt,
/// in bytes.
const CONTEXT: usize = 40;
/// A longer text is shortened in the middle, in code points.
const LONGEST: usize = 120;
/// What is left of a shortened text at each of its ends, in code points.
const ENDS: usize = 40;
/// Longer hunks are not compared word by word, in bytes: the comparison is quadratic.
const LONGEST_COMPARED: usize = 4096;

/// A piece of a document with changes in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The field or body that it is cut from.
    pub part: Part,
    /// Where its first change starts in the decoded source.
    pub at: usize,
    /// The line of that place, counted from 1.
    pub line: usize,
    /// Its column, counted from 1 in code points.
    pub column: usize,
    /// What is shown, in order.
    pub pieces: Vec<ExcerptPiece>,
    /// The changes behind it, in the order of their passes.
    pub reasons: Vec<ChangeReason>,
}

/// A text, and what becomes of it. Raw: [`render`] escapes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExcerptPiece {
    /// It stays.
    Kept(String),
    /// Text was cut off here, at the border of the excerpt.
    Cut,
    /// It was replaced; one of the two may be empty.
    Replaced {
        /// As it stands in the source.
        before: String,
        /// As it stands in the cleaned text.
        after: String,
    },
    /// It would be replaced if somebody accepted the change.
    Asked {
        /// As it stands.
        before: String,
        /// As it would stand.
        after: String,
    },
}

/// A change behind an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeReason {
    /// Its id.
    pub id: ChangeId,
    /// The full id of its rule.
    pub rule: Arc<str>,
    /// `Applied` or `Pending`.
    pub fate: Fate,
}

/// How excerpts are written out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExcerptStyle {
    /// Colours as well as signs.
    pub colour: bool,
    /// The ids of changes that wait, so that a decision can name them.
    pub ids: bool,
    /// What the source's characters U+EF80 to U+EFFF are.
    pub private: Private,
}

/// What was changed in a document and what needs review, in the order of the source.
///
/// `source` is the whole decoded source. Changes that are near to each other share an excerpt; what
/// is shown round them never leaves the line, nor the field or body. A change inside a word shows
/// the whole word. A pending change that lies across an applied one gets an excerpt of its own.
pub fn excerpts(source: &str, places: &LineColumns<'_>, layout: &DocumentLayout, hunks: &[Hunk], changes: &[Change]) -> Vec<Excerpt> {
    let pending = changes.iter().filter(|change| change.fate == Fate::Pending && change.before != change.result());
    excerpts_of(source, places, layout, (hunks, changes), &pending.flat_map(Change::placed).collect::<Vec<_>>())
}

/// The same for these hunks and these pending changes. `changes` are all of the document: the hunks name their places.
pub fn excerpts_of(
    source: &str,
    places: &LineColumns<'_>,
    layout: &DocumentLayout,
    (hunks, changes): (&[Hunk], &[Change]),
    pending: &[PlacedChange<'_>],
) -> Vec<Excerpt> {
    let reader = Reader { source, layout, changes };
    let mut marks = reader.applied(hunks);
    let mut apart = Vec::new();
    for change in pending {
        let mark = reader.pending(*change);
        let at = marks.partition_point(|other| other.at.start < mark.at.start);
        let free = |other: Option<&Mark<'_>>| other.is_none_or(|other| !touches(&other.at, &mark.at));
        if free(marks.get(at)) && free(at.checked_sub(1).map(|before| &marks[before])) {
            marks.insert(at, mark);
        } else {
            apart.push(mark);
        }
    }
    let shared = marks.chunk_by(|a, b| reader.are_near(a, b));
    let mut out: Vec<Excerpt> = shared.chain(apart.chunks(1)).map(|group| reader.excerpt(group, places)).collect();
    out.sort_by_key(|excerpt| excerpt.at);
    out
}

/// The excerpts as text, two lines each: place and rules, then the words.
///
/// Removed text stands in `[-…-]`, added text in `{+…+}`; a `?` behind them says that the change
/// needs review. All text and `name` go through [`escape`] or [`visible_pair`].
pub fn render(name: &str, excerpts: &[Excerpt], look: ExcerptStyle) -> VisibleText {
    let mut out = VisibleText::default();
    for excerpt in excerpts {
        let place = shown!("{}:{}:{}", escape(name), excerpt.line, excerpt.column);
        let part = if excerpt.part == Part::Body { VisibleText::default() } else { shown!("  {}", escape(&excerpt.part.to_string())) };
        show!(out, "{}{}  {}\n    ", look.paint(PLACE, place), part, reasons(&excerpt.reasons, look));
        out.push(render_pieces(&excerpt.pieces, look));
        out.push("\n");
    }
    out
}

const PLACE: Style = Style::new().bold();
const REMOVED: Style = AnsiColor::Red.on_default().strikethrough();
const ADDED: Style = AnsiColor::Green.on_default();
const ASKED: Style = AnsiColor::Yellow.on_default();

impl ExcerptStyle {
    fn paint(self, style: Style, text: VisibleText) -> VisibleText {
        if self.colour { text.painted(style) } else { text }
    }
}

/// Each rule once, with the number of its changes and, for those that wait, a question mark.
fn reasons(reasons: &[ChangeReason], look: ExcerptStyle) -> VisibleText {
    let mut counted: Vec<(&str, bool, usize, Vec<ChangeId>)> = Vec::new();
    for reason in reasons {
        let is_pending = reason.fate == Fate::Pending;
        match counted.iter_mut().find(|(rule, of, ..)| *rule == &*reason.rule && *of == is_pending) {
            Some((.., times, ids)) => {
                *times += 1;
                ids.push(reason.id);
            }
            None => counted.push((&reason.rule, is_pending, 1, vec![reason.id])),
        }
    }
    let one = |(rule, is_pending, times, ids): &(&str, bool, usize, Vec<ChangeId>)| {
        let mut text = escape(rule);
        if *times > 1 {
            show!(text, " ×{}", times);
        }
        if *is_pending {
            text.push("?");
            if look.ids {
                for id in ids {
                    show!(text, " {}", id);
                }
            }
            text = look.paint(ASKED, text);
        }
        text
    };
    VisibleText::join(counted.iter().map(one), ", ")
}

/// The pieces of an excerpt in one line, marked and escaped as by [`render`].
pub fn render_pieces(pieces: &[ExcerptPiece], look: ExcerptStyle) -> VisibleText {
    let mut out = VisibleText::default();
    for piece in pieces {
        push_piece(&mut out, piece, look);
    }
    out
}

fn push_piece(out: &mut VisibleText, piece: &ExcerptPiece, look: ExcerptStyle) {
    match piece {
        ExcerptPiece::Cut => out.push("…"),
        ExcerptPiece::Kept(text) => out.push(unmistakable(&kept_shown(text, look.private))),
        ExcerptPiece::Replaced { before, after } => push_replaced(out, before, after, [REMOVED, ADDED], look),
        ExcerptPiece::Asked { before, after } => {
            push_replaced(out, before, after, [ASKED, ASKED], look);
            out.push(look.paint(ASKED, "?".into()));
        }
    }
}

fn push_replaced(out: &mut VisibleText, before: &str, after: &str, [removed, added]: [Style; 2], look: ExcerptStyle) {
    let [before, after] = pair_shown(before, after, look.private);
    if !before.is_empty() {
        out.push(look.paint(removed, shown!("[-{}-]", unmistakable(&before))));
    }
    if !after.is_empty() {
        out.push(look.paint(added, shown!("{{+{}+}}", unmistakable(&after))));
    }
}

/// A text that stays, shortened and escaped.
pub(super) fn kept_shown(text: &str, private: Private) -> VisibleText {
    private.name(escape(&shortened(text)))
}

/// What stood and what stands there, shortened, escaped and told apart; blanks at their ends as signs.
pub fn pair_shown(before: &str, after: &str, private: Private) -> [VisibleText; 2] {
    let (before, after) = visible_pair(&shortened(before), &shortened(after));
    [before, after].map(|shown| spaced(&private.name(shown)))
}

/// Blanks at the ends of a marked text as signs: between brackets they would not be seen.
fn spaced(shown: &VisibleText) -> VisibleText {
    let start = shown.len() - shown.trim_start_matches(' ').len();
    let end = shown.trim_end_matches(' ').len().max(start);
    VisibleText::repeated("␣", start) + shown.part(start..end) + VisibleText::repeated("␣", shown.len() - end)
}

/// The text without what this view itself writes round changes: a bracket of the text that stands
/// where it could be taken for one of ours is named.
fn unmistakable(shown: &VisibleText) -> VisibleText {
    shown.replaced("[-", "⟦U+005B⟧-").replaced("-]", "-⟦U+005D⟧").replaced("{+", "⟦U+007B⟧+").replaced("+}", "+⟦U+007D⟧")
}

/// A long text without its middle, and how much that was.
fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        return text.to_owned();
    }
    let ends = |count: usize| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    let start = border_before(text, ends(ENDS));
    let end = border_before(text, ends(length - ENDS)).max(start);
    format!("{}…({} characters)…{}", &text[..start], text[start..end].chars().count(), &text[end..])
}

/// The last border between grapheme clusters at or before `at`; `at` itself where a cluster has no
/// end in sight.
fn border_before(text: &str, at: usize) -> usize {
    let at = floor(text, at);
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    if cursor.is_boundary(text, 0).unwrap_or(true) {
        return at;
    }
    cursor.prev_boundary(text, 0).ok().flatten().filter(|border| at - border < CONTEXT).unwrap_or(at)
}

/// The last place at or before `at` that is not inside a code point.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The first place at or after `at` that is not inside a code point.
fn ceil(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// An applied hunk or a pending change, widened to whole words.
struct Mark<'a> {
    part: &'a Part,
    /// In bytes of the decoded source.
    at: Range<usize>,
    before: String,
    after: String,
    changes: Vec<PlacedChange<'a>>,
    is_pending: bool,
}

fn touches(a: &Range<usize>, b: &Range<usize>) -> bool {
    a == b || a.start < b.end && b.start < a.end || a.is_empty() && b.contains(&a.start) || b.is_empty() && a.contains(&b.start)
}

struct Reader<'a> {
    source: &'a str,
    layout: &'a DocumentLayout,
    changes: &'a [Change],
}

impl<'a> Reader<'a> {
    /// The hunks, widened to whole words; those that share a word are one.
    fn applied(&self, hunks: &'a [Hunk]) -> Vec<Mark<'a>> {
        let mut sorted: Vec<(Span<InSource>, &Hunk)> = hunks.iter().map(|hunk| (self.place(hunk), hunk)).collect();
        sorted.sort_by_key(|(place, _)| *place);
        let mut groups: Vec<(Range<usize>, Vec<&Hunk>)> = Vec::new();
        for (place, hunk) in sorted {
            let at = self.widened(&hunk.part, place.range());
            match groups.last_mut() {
                Some((last, members)) if at.start < last.end => {
                    last.end = last.end.max(at.end);
                    members.push(hunk);
                }
                _ => groups.push((at, vec![hunk])),
            }
        }
        groups.into_iter().map(|(at, members)| self.mark(at, &members)).collect()
    }

    /// Where a difference is in the decoded source.
    fn place(&self, hunk: &Hunk) -> Span<InSource> {
        source_span(self.layout, &hunk.part, hunk.original)
    }

    fn mark(&self, at: Range<usize>, hunks: &[&'a Hunk]) -> Mark<'a> {
        let mut after = String::new();
        let mut from = at.start;
        let mut changes = Vec::new();
        for hunk in hunks {
            let place = self.place(hunk);
            after.push_str(&self.source[from..place.start]);
            after.push_str(&hunk.after);
            from = place.end;
            changes.extend(hunk.changes.iter().map(|place| place.of(self.changes)));
        }
        after.push_str(&self.source[from..at.end]);
        Mark { part: &hunks[0].part, before: self.source[at.clone()].to_owned(), at, after, changes, is_pending: false }
    }

    /// A pending change shows what its pass saw, which earlier passes may have changed already.
    fn pending(&self, placed: PlacedChange<'a>) -> Mark<'a> {
        let change = placed.change;
        let span = source_span(self.layout, &change.part, placed.span()).range();
        let as_in_source = change.before == self.source[span.clone()];
        let at = if as_in_source { self.widened(&change.part, span.clone()) } else { span.clone() };
        let around = |text: &str| [&self.source[at.start..span.start], text, &self.source[span.end..at.end]].concat();
        Mark {
            part: &change.part,
            before: around(&change.before),
            after: around(change.result()),
            at,
            changes: vec![placed],
            is_pending: true,
        }
    }

    /// The place, and all of the words that it starts or ends in the middle of.
    fn widened(&self, part: &Part, at: Range<usize>) -> Range<usize> {
        let line = self.surroundings(part, &at);
        let words = word::words(&self.source[line.clone()]).map(|word| line.start + word.start..line.start + word.end);
        let mut wide = at.clone();
        for word in words.skip_while(|word| word.end <= at.start).take_while(|word| word.start < at.end) {
            wide = wide.start.min(word.start)..wide.end.max(word.end);
        }
        wide
    }

    /// The rest of the line at both sides of a place, as far as the field or body goes and the view
    /// may want to look: a few hundred bytes, since a line may be a whole book.
    fn surroundings(&self, part: &Part, at: &Range<usize>) -> Range<usize> {
        let bounds = self.bounds(part);
        let from = floor(self.source, at.start.saturating_sub(4 * CONTEXT)).max(bounds.start.min(at.start));
        let to = ceil(self.source, at.end + 4 * CONTEXT).min(bounds.end.max(at.end));
        let start = self.source[from..at.start].rfind('\n').map_or(from, |found| from + found + 1);
        let end = self.source[at.end..to].find('\n').map_or(to, |found| at.end + found);
        start..end
    }

    fn bounds(&self, part: &Part) -> Range<usize> {
        self.layout.place_of(part).unwrap_or(self.layout.slice).range()
    }

    fn are_near(&self, a: &Mark<'_>, b: &Mark<'_>) -> bool {
        let gap = a.at.end..b.at.start.max(a.at.end);
        a.part == b.part && gap.len() < CONTEXT && !self.source[gap].contains('\n')
    }

    fn excerpt(&self, group: &[Mark<'_>], places: &LineColumns<'_>) -> Excerpt {
        let (first, last) = (&group[0], &group[group.len() - 1]);
        let mut pieces = Vec::new();
        self.push_lead(&mut pieces, first);
        let mut at = first.at.start;
        for mark in group {
            push_kept(&mut pieces, &self.source[at..mark.at.start]);
            push_mark(&mut pieces, mark);
            at = mark.at.end;
        }
        self.push_tail(&mut pieces, last);
        let (line, column) = places.of(first.at.start);
        let changes = group.iter().flat_map(|mark| &mark.changes);
        let reasons = changes.map(|change| ChangeReason { id: change.id(), rule: change.rule.clone(), fate: change.fate }).collect();
        Excerpt { part: first.part.clone(), at: first.at.start, line, column, pieces, reasons }
    }

    fn push_lead(&self, pieces: &mut Vec<ExcerptPiece>, mark: &Mark<'_>) {
        let text = &self.source[self.surroundings(mark.part, &mark.at).start..mark.at.start];
        let kept = &text[tail_start(text)..];
        if kept.len() < text.len() {
            pieces.push(ExcerptPiece::Cut);
        }
        push_kept(pieces, kept);
    }

    fn push_tail(&self, pieces: &mut Vec<ExcerptPiece>, mark: &Mark<'_>) {
        let text = &self.source[mark.at.end..self.surroundings(mark.part, &mark.at).end];
        let kept = &text[..head_end(text)];
        push_kept(pieces, kept);
        if kept.len() < text.len() {
            pieces.push(ExcerptPiece::Cut);
        }
    }
}

/// Where the last words of a text start that fit into the context.
fn tail_start(text: &str) -> usize {
    if text.len() <= CONTEXT {
        return 0;
    }
    let from = ceil(text, text.len() - CONTEXT);
    match text[from..].find(char::is_whitespace).map(|found| from + found) {
        Some(blank) => text.len() - text[blank..].trim_start().len(),
        None => border_before(text, from),
    }
}

/// Where the first words of a text end that fit into the context.
fn head_end(text: &str) -> usize {
    if text.len() <= CONTEXT {
        return text.len();
    }
    let to = floor(text, CONTEXT);
    match text[..to].rfind(char::is_whitespace) {
        Some(blank) => text[..blank].trim_end().len(),
        None => border_before(text, to),
    }
}

fn push_kept(pieces: &mut Vec<ExcerptPiece>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(ExcerptPiece::Kept(kept)) = pieces.last_mut() {
        kept.push_str(text);
    } else {
        pieces.push(ExcerptPiece::Kept(text.to_owned()));
    }
}

/// A mark of several words is taken apart, so that only the words that differ are marked.
fn push_mark(pieces: &mut Vec<ExcerptPiece>, mark: &Mark<'_>) {
    let several = |text: &str| text.trim().contains(char::is_whitespace);
    let fits = mark.before.len().max(mark.after.len()) <= LONGEST_COMPARED;
    if !(fits && several(&mark.before) && several(&mark.after)) {
        return push_changed(pieces, &mark.before, &mark.after, mark.is_pending);
    }
    let (mut before, mut after) = (String::new(), String::new());
    for change in TextDiff::from_words(&*mark.before, &*mark.after).iter_all_changes() {
        match change.tag() {
            ChangeTag::Delete => before.push_str(change.value()),
            ChangeTag::Insert => after.push_str(change.value()),
            ChangeTag::Equal => {
                push_changed(pieces, &std::mem::take(&mut before), &std::mem::take(&mut after), mark.is_pending);
                push_kept(pieces, change.value());
            }
        }
    }
    push_changed(pieces, &before, &after, mark.is_pending);
}

/// Long texts are cut down to where they differ: shortened in the middle they could look alike.
fn push_changed(pieces: &mut Vec<ExcerptPiece>, before: &str, after: &str, is_pending: bool) {
    if before == after {
        return push_kept(pieces, before);
    }
    let is_long = before.len().max(after.len()) > LONGEST;
    let (start, end) = if is_long { shared_ends(before, after) } else { (0, 0) };
    push_kept(pieces, &before[..start]);
    let (before_middle, after_middle) = (before[start..before.len() - end].to_owned(), after[start..after.len() - end].to_owned());
    pieces.push(if is_pending {
        ExcerptPiece::Asked { before: before_middle, after: after_middle }
    } else {
        ExcerptPiece::Replaced { before: before_middle, after: after_middle }
    });
    push_kept(pieces, &before[before.len() - end..]);
}

/// How many bytes of whole grapheme clusters two texts share at their start and at their end.
fn shared_ends(a: &str, b: &str) -> (usize, usize) {
    let same = |(x, y): &(&str, &str)| x == y;
    let start: usize = a.graphemes(true).zip(b.graphemes(true)).take_while(same).map(|(x, _)| x.len()).sum();
    let end = a[start..].graphemes(true).rev().zip(b[start..].graphemes(true).rev()).take_while(same).map(|(x, _)| x.len()).sum();
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::super::visible::tests::{assert_inert, text};
    use super::*;
    use crate::report::samples::{WantedChange, cleaned, whole};
    use proptest::prelude::*;

    /// The view of a text in which each `(old, new, rule)` is replaced wherever it stands; a rule
    /// that ends with `?` only asks.
    fn view(source: &str, wanted: &[(&str, &str, &str)]) -> VisibleText {
        let document = whole(source);
        let mut edits = Vec::new();
        for (old, new, rule) in wanted {
            edits.extend(source.match_indices(old).map(|(at, _)| WantedChange {
                at: at..at + old.len(),
                with: (*new).to_owned(),
                rule: (*rule).into(),
            }));
        }
        edits.sort_by_key(|edit| (edit.at.start, edit.at.end));
        let cleaned = cleaned(source, &document, &edits);
        let excerpts = excerpts(source, &LineColumns::new(source.as_bytes()), &document, &cleaned.hunks, &cleaned.changes);
        render("n", &excerpts, ExcerptStyle::default())
    }

    #[test]
    fn a_change_inside_a_word_shows_the_whole_word_in_context() {
        let source = "Hamas had warned that if Isrfael continued his aggression in Rafah, there would be no ceasefire agreement.";
        assert_eq!(
            view(source, &[("f", "", "typos/f")]).lines().nth(1),
            Some(
                "    Hamas had warned that [-if-]{+i+} [-Isrfael-]{+Israel+} continued his aggression in [-Rafah-]{+Raah+}, there would be no [-ceasefire-]{+ceaseire+} agreement."
            )
        );
        assert_eq!(
            view(source, &[("Isrfael", "Israel", "typos/recurring/Isrfael")]),
            "n:1:26  typos/recurring/Isrfael\n    Hamas had warned that if [-Isrfael-]{+Israel+} continued his aggression in Rafah,…\n"
        );
    }

    #[test]
    fn changes_of_one_word_by_several_rules_are_one() {
        let shown = view("He said “don’t”.", &[("“", "\"", "q/double"), ("”", "\"", "q/double"), ("’", "'", "q/apostrophe")]);
        assert_eq!(shown, "n:1:9  q/double ×2, q/apostrophe\n    He said [-“-]{+\"+}[-don’t-]{+don't+}[-”-]{+\"+}.\n");
    }

    #[test]
    fn blanks_and_invisible_characters_are_seen() {
        assert_eq!(view("end.  The", &[("  ", " ", "s/run")]), "n:1:5  s/run\n    end.[-␣␣-]{+␣+}The\n");
        assert_eq!(view("a\u{A0}b", &[("\u{A0}", " ", "s/odd")]), "n:1:2  s/odd\n    a[-⟦U+00A0 NO-BREAK SPACE⟧-]{+␣+}b\n");
        assert_eq!(view("a \n", &[(" \n", "\n", "s/end")]), "n:1:2  s/end\n    a[-␣⏎-]{+⏎+}\n");
        assert_eq!(view("Isra\u{200B}el", &[("\u{200B}", "", "u/x")]), "n:1:5  u/x\n    Isra[-⟦U+200B ZERO WIDTH SPACE⟧-]el\n");
    }

    #[test]
    fn a_change_that_needs_review_is_a_question() {
        let shown = view("One.\nRead more: Two\nThree", &[("Read more: Two\n", "", "b/more?")]);
        assert_eq!(shown, "n:2:1  b/more?\n    [-Read more: Two⏎-]?Three\n");
    }

    #[test]
    fn a_pending_change_across_an_applied_one_stands_apart() {
        let shown = view("Read more:  Two\n", &[("Read more:  Two\n", "", "b/more?"), ("  ", " ", "s/run")]);
        assert_eq!(shown, "n:1:1  b/more?\n    [-Read more:  Two⏎-]?\nn:1:11  s/run\n    Read more:[-␣␣-]{+␣+}Two\n");
    }

    #[test]
    fn a_long_deletion_loses_its_middle() {
        let source = format!("{}end", "word ".repeat(100));
        let shown = view(&source, &[(&"word ".repeat(100), "", "x/long")]);
        assert!(shown.contains("word …(420 characters)…word word"), "{shown}");
        assert!(shown.chars().count() < 200, "{shown}");
    }

    #[test]
    fn several_words_are_compared_word_by_word() {
        let shown = view("The Israel Defence Forces said", &[("Israel Defence Forces", "Israel Defense Forces", "n/idf")]);
        assert_eq!(shown, "n:1:5  n/idf\n    The Israel [-Defence-]{+Defense+} Forces said\n");
    }

    #[test]
    fn far_changes_have_excerpts_of_their_own_and_near_ones_share() {
        let excerpts = |gap: usize| view(&format!("teh {}teh", "a b ".repeat(gap)), &[("teh", "the", "t/teh")]).lines().count() / 2;
        assert_eq!([excerpts(2), excerpts(9), excerpts(10), excerpts(100)], [1, 1, 2, 2]);
        assert_eq!(view("teh\nteh", &[("teh", "the", "t/teh")]).lines().count(), 4, "an excerpt stays in its line");
    }

    #[test]
    fn signs_of_the_view_in_the_text_are_named() {
        assert_eq!(view("[-a-] teh", &[("teh", "the", "t")]), "n:1:7  t\n    ⟦U+005B⟧-a-⟦U+005D⟧ [-teh-]{+the+}\n");
    }

    #[test]
    fn colours_are_there_where_they_are_wanted() {
        let document = whole("teh");
        let cleaned = cleaned("teh", &document, &[WantedChange { at: 0..3, with: "the".into(), rule: "t".into() }]);
        let excerpts = excerpts("teh", &LineColumns::new(b"teh"), &document, &cleaned.hunks, &cleaned.changes);
        let shown = render("n", &excerpts, ExcerptStyle { colour: true, ..ExcerptStyle::default() });
        assert!(shown.contains("\u{1b}[9m\u{1b}[31m[-teh-]\u{1b}[0m\u{1b}[32m{+the+}\u{1b}[0m"), "{shown:?}");
    }

    #[test]
    fn a_name_cannot_draw_on_the_screen() {
        assert!(render("\u{1B}[2J\n", &[], ExcerptStyle::default()).is_empty());
        let excerpt = Excerpt { part: Part::Field("\u{7}".into()), at: 0, line: 1, column: 1, pieces: Vec::new(), reasons: Vec::new() };
        assert_inert(&render("\u{1B}[2J\n", &[excerpt], ExcerptStyle::default()).replace('\n', ""));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn excerpts_of_any_text_are_inert_and_tell_changes_apart(
            lead in text(), before in text(), a in text(), b in text(), tail in text(), filler in 0..60_usize, asks: bool,
        ) {
            let source = format!("{lead}{}{before}{tail}", "x é ".repeat(filler));
            let at = source.len() - before.len() - tail.len()..source.len() - tail.len();
            let shown = [&a, &b].map(|with| {
                let document = whole(&source);
                let rule = if asks { "r?" } else { "r" }.into();
                let cleaned = cleaned(&source, &document, &[WantedChange { at: at.clone(), with: with.clone(), rule }]);
                let excerpts = excerpts(&source, &LineColumns::new(source.as_bytes()), &document, &cleaned.hunks, &cleaned.changes);
                render("n", &excerpts, ExcerptStyle::default())
            });
            for shown in &shown {
                assert_inert(&shown.replace('\n', ""));
            }
            prop_assert_eq!(a == b, shown[0] == shown[1], "{}", shown[0]);
            prop_assert_eq!(before == a, shown[0].is_empty(), "{}", shown[0]);
        }
    }
}
