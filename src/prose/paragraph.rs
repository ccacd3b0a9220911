//! Paragraphs: the widest context that a rule may look at.

use std::ops::Range;

use super::line;
use super::quotation::{is_double, is_single};

/// No window that a rule searches is longer, in bytes.
pub const WINDOW: usize = 64 * 1024;

/// How the paragraphs of a text are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// A blank line ends a paragraph.
    BlankLines,
    /// There is no blank line, and most lines end a sentence: each line is a paragraph.
    Lines,
    /// There is no blank line, and lines break anywhere: all is one paragraph.
    Whole,
}

/// The paragraphs of a text, in bytes, without the blank lines between them.
///
/// A paragraph ends at a blank line; in a text without blank lines whose lines mostly end a
/// sentence, at each line end.
pub fn paragraphs(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let layout = layout(text);
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let line = line::end_before_feed(text, at);
            if is_blank(&text[at..line]) {
                at = line + 1;
                continue;
            }
            let end = match layout {
                Layout::BlankLines => blank_line(text, at).unwrap_or(text.len()),
                Layout::Lines => line,
                Layout::Whole => text.len(),
            };
            let found = at..end;
            at = end + 1;
            return Some(found);
        }
        None
    })
}

/// The paragraphs of a text, those longer than [`WINDOW`] cut at white space.
///
/// A rule is searched for within a window, so that its cost is bounded however long a line is.
pub fn windows(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    paragraphs(text).flat_map(move |paragraph| {
        let mut at = paragraph.start;
        std::iter::from_fn(move || {
            let rest = paragraph.end.checked_sub(at).filter(|rest| *rest > 0)?;
            let end = if rest <= WINDOW { paragraph.end } else { cut(text, at, at + WINDOW) };
            let window = at..end;
            at = end;
            Some(window)
        })
    })
}

/// The last white space in `from..limit`, or the last character border if there is none.
fn cut(text: &str, from: usize, limit: usize) -> usize {
    let limit = (from + 1..=limit).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(limit);
    text[from..limit].rfind(char::is_whitespace).map(|at| from + at).filter(|at| *at > from).unwrap_or(limit)
}

/// Whether a line holds nothing but white space.
fn is_blank(line: &str) -> bool {
    // The first byte settles it for nearly all lines.
    !line.starts_with(|c: char| !c.is_whitespace()) && line.trim_start().is_empty()
}

/// Where the first blank line at or after `at` begins: the line feed before it.
fn blank_line(text: &str, at: usize) -> Option<usize> {
    let mut end = line::end_before_feed(text, at);
    while end < text.len() {
        let next = line::end_before_feed(text, end + 1);
        if is_blank(&text[end + 1..next]) && next < text.len() {
            return Some(end);
        }
        end = next;
    }
    None
}

fn layout(text: &str) -> Layout {
    let (mut lines, mut sentences) = (0, 0);
    let mut at = 0;
    while at < text.len() {
        let end = line::end_before_feed(text, at);
        let line = text[at..end].trim();
        if line.is_empty() && at > 0 && end < text.len() {
            return Layout::BlankLines;
        }
        lines += 1;
        sentences += usize::from(ends_sentence(line));
        at = end + 1;
    }
    if lines > 1 && sentences * 2 > lines { Layout::Lines } else { Layout::Whole }
}

fn ends_sentence(line: &str) -> bool {
    // Marks of every style alike, with a blank before them or not: what is a paragraph must not depend on what `quotes` does.
    let closes = |c: char| c.is_whitespace() || is_double(c) || is_single(c) || matches!(c, '«' | '»' | '‹' | '›' | ')' | ']');
    line.trim_end_matches(closes).ends_with(['.', '!', '?', '…', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        paragraphs(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn a_blank_line_ends_a_paragraph() {
        assert_eq!(split("One\ntwo.\n\nThree."), ["One\ntwo.", "Three."]);
        assert_eq!(split("One.\r\n \r\nTwo."), ["One.\r", "Two."]);
        assert_eq!(split("\n\n\nOne.\n\n\n\nTwo.\n\n"), ["One.", "Two."]);
    }

    #[test]
    fn lines_that_end_sentences_are_paragraphs() {
        assert_eq!(split("A headline\nOne sentence.\n\"Another.\"\n"), ["A headline", "One sentence.", "\"Another.\""]);
    }

    #[test]
    fn marks_of_every_style_end_a_sentence_alike() {
        for mark in ["\"", "”", "“", "„", "'", "‚", " \"", "″", "«", "\u{A0}»", "‹", "›"] {
            assert_eq!(split(&format!("He left.{mark}\nShe left.")).len(), 2, "{mark}");
        }
    }

    #[test]
    fn lines_that_break_anywhere_are_one_paragraph() {
        assert_eq!(split("One sentence that\ngoes on and\non. And on"), ["One sentence that\ngoes on and\non. And on"]);
    }

    #[test]
    fn a_long_paragraph_is_cut_at_white_space() {
        let text = "word ".repeat(40_000);
        let cut: Vec<_> = windows(&text).collect();
        assert_eq!(cut.len(), 4);
        assert_eq!(cut.first().map(|w| w.start), Some(0));
        assert!(cut.windows(2).all(|pair| pair[0].end == pair[1].start), "nothing is left out");
        assert!(cut.iter().all(|w| w.len() <= WINDOW));
        let unbroken = "é".repeat(100_000);
        assert!(windows(&unbroken).all(|w| unbroken.get(w.clone()).is_some() && w.len() <= WINDOW));
    }
}
