//! A paragraph as its marks are read in it.

use std::ops::Range;

use crate::edit::Edit;

const NO_BREAK_SPACE: char = '\u{A0}';

/// A paragraph with its marks at their words, and where each part of it comes from.
///
/// Guillemets that the language prints are straight marks here, without the blanks that it prints in them: so a text reads
/// alike before and after they are printed, and what stands between them already is known for a quotation.
pub(super) struct Repaired {
    pub(super) text: String,
    /// Where a part begins here and in the text that it was copied from, and how long it is.
    parts: Vec<(usize, usize, usize)>,
}

impl Repaired {
    /// The paragraph at `at`. The edits are sorted; those that lie in it are made.
    ///
    /// `is_printed` says which guillemets and blanks are.
    pub(super) fn new(text: &str, at: Range<usize>, edits: &[Edit<'_>], is_printed: impl Fn(char) -> bool) -> Self {
        let mut repaired = Self { text: String::with_capacity(at.len()), parts: Vec::new() };
        let mut from = at.start;
        let first = edits.partition_point(|edit| edit.at.start < at.start);
        for edit in edits[first..].iter().take_while(|edit| edit.at.end <= at.end).filter(|edit| !edit.at.is_empty()) {
            if edit.at.start >= from {
                repaired.straighten(text, from..edit.at.start, &is_printed);
                repaired.text.push_str(&edit.with);
                from = edit.at.end;
            }
        }
        repaired.straighten(text, from..at.end, &is_printed);
        repaired
    }

    fn straighten(&mut self, text: &str, at: Range<usize>, is_printed: impl Fn(char) -> bool) {
        let has_blanks = is_printed(NO_BREAK_SPACE);
        let blank = |c: Option<char>| c.filter(|&c| has_blanks && matches!(c, ' ' | NO_BREAK_SPACE | '\u{202F}')).map_or(0, char::len_utf8);
        let mut from = at.start;
        for (start, c) in text[at.clone()].char_indices() {
            let Some((straight, opens)) = straight(c).filter(|_| is_printed(c)) else { continue };
            let start = at.start + start;
            let before = if opens { 0 } else { blank(text[from..start].chars().next_back()) };
            self.copy(text, from..start - before);
            self.text.push(straight);
            let end = start + c.len_utf8();
            from = end + if opens { blank(text[end..at.end].chars().next()) } else { 0 };
        }
        self.copy(text, from..at.end);
    }

    fn copy(&mut self, text: &str, at: Range<usize>) {
        self.parts.push((self.text.len(), at.start, at.len()));
        self.text.push_str(&text[at]);
    }

    /// Where what stands here comes from; nothing if an edit put it here.
    pub(super) fn origin(&self, at: &Range<usize>) -> Option<Range<usize>> {
        let after = self.parts.partition_point(|(here, ..)| *here <= at.start);
        let (here, origin, length) = self.parts[..after].last()?;
        (at.end <= here + length).then(|| origin + (at.start - here)..origin + (at.end - here))
    }
}

/// The mark that is typed for a guillemet, and whether it opens.
fn straight(c: char) -> Option<(char, bool)> {
    match c {
        '«' | '‹' => Some(('"', true)),
        '»' | '›' => Some(('"', false)),
        _ => None,
    }
}
