//! The rows of a scanned page.

use std::ops::Range;

use crate::prose::line;

/// A page break: form feed.
pub(super) const PAGE_BREAK: char = '\u{C}';

/// A line with its end, or a page break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PrintedRow {
    /// What it holds, without blanks around and without the line end; empty if that is nothing.
    pub text: Range<usize>,
    /// Where it starts.
    pub start: usize,
    /// Where the next one starts.
    pub next: usize,
    /// What it is.
    pub kind: RowKind,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    /// A line with something on it.
    Text,
    /// A line with nothing on it.
    Blank,
    /// A form feed, which ends the line that it stands on.
    PageBreak,
}

/// All rows of a text, in order and without a gap.
pub(super) fn rows(text: &str) -> Vec<PrintedRow> {
    let mut rows = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(PAGE_BREAK) {
            rows.push(PrintedRow { text: at..at, start: at, next: at + 1, kind: RowKind::PageBreak });
            at += 1;
            continue;
        }
        let end = line::end_of(text, at);
        let (end, next) = match text[at..end].find(PAGE_BREAK) {
            Some(found) => (at + found, at + found),
            None => (end, line::after_end(text, end)),
        };
        let content = text[at..end].trim();
        let start = at + (text[at..end].len() - text[at..end].trim_start().len());
        let kind = if content.is_empty() { RowKind::Blank } else { RowKind::Text };
        rows.push(PrintedRow { text: start..start + content.len(), start: at, next, kind });
        at = next;
    }
    rows
}

/// Whether a sentence goes on from one row to the next: the first does not end one, and the second does not begin one.
pub(super) fn goes_on(before: &str, after: &str) -> bool {
    before.ends_with(|c: char| c.is_alphabetic() || matches!(c, ',' | ';') || is_hyphen(c)) && after.starts_with(char::is_lowercase)
}

/// What printers and scanners put where a word is cut at the end of a line: a hyphen of one kind or another, or the sign
/// that some scanners write for a hyphen that is not part of the word.
pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{AD}' | '¬')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_cover_the_text() {
        let text = "one \r\n\n\u{C}  two\u{C}three";
        let rows = rows(text);
        let kinds: Vec<_> = rows.iter().map(|row| (row.kind, &text[row.text.clone()])).collect();
        assert_eq!(
            kinds,
            [
                (RowKind::Text, "one"),
                (RowKind::Blank, ""),
                (RowKind::PageBreak, ""),
                (RowKind::Text, "two"),
                (RowKind::PageBreak, ""),
                (RowKind::Text, "three")
            ]
        );
        assert!(rows.windows(2).all(|pair| pair[0].next == pair[1].start));
        assert_eq!((rows[0].start, rows[5].next), (0, text.len()));
    }

    #[test]
    fn a_sentence_goes_on_or_not() {
        assert!(goes_on("he said,", "and left") && goes_on("the govern-", "ment"));
        assert!(!goes_on("he left.", "and") && !goes_on("he said", "Then") && !goes_on("", "a") && !goes_on("a", ""));
    }
}
