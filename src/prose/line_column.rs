//! Places as people name them.

use std::fmt;

use super::line;

/// A place in a text, counted from 1: lines end at line feeds, columns are code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The column, in code points.
    pub column: usize,
}

impl LineColumn {
    /// The place of the byte `at`. A byte inside a code point counts as its start.
    pub fn of(text: &str, at: usize) -> Self {
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let before = &text[..at];
        let start = line::start_after_feed(text, at);
        Self { line: line::number_by_feeds(text, at), column: 1 + before[start..].chars().count() }
    }

    /// The byte at this place, if the text reaches so far.
    pub fn byte_in(self, text: &str) -> Option<usize> {
        let start = match self.line.checked_sub(2) {
            None => 0,
            Some(skipped) => memchr::memchr_iter(b'\n', text.as_bytes()).nth(skipped)? + 1,
        };
        let line = &text[start..line::end_before_feed(text, start)];
        let column = self.column.checked_sub(1)?;
        line.char_indices().map(|(at, _)| at).chain([line.len()]).nth(column).map(|at| start + at)
    }
}

impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_code_points_from_one() {
        let text = "äb\n\nc";
        let places: Vec<_> = [0, 2, 3, 4, 5, 6].map(|at| LineColumn::of(text, at).to_string()).into();
        assert_eq!(places, ["1:1", "1:2", "1:3", "2:1", "3:1", "3:2"]);
        for at in [0, 2, 3, 4, 5, 6] {
            assert_eq!(LineColumn::of(text, at).byte_in(text), Some(at));
        }
        assert_eq!(LineColumn { line: 1, column: 9 }.byte_in(text), None);
        assert_eq!(LineColumn { line: 9, column: 1 }.byte_in(text), None);
    }
}
