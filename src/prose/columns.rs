//! Columns that are laid out with blanks.

use std::ops::Range;

use super::{Marked, line};

/// Tells whether text that comes behind a place on its line stands in a column.
///
/// Once runs of blanks were made single, those that are left hold columns: who makes a word in front
/// of one longer or shorter moves it. Each line is looked at only once as long as the places come in
/// order.
pub struct Columns<'t> {
    text: &'t str,
    markup: Option<&'t Marked<'t>>,
    line: Range<usize>,
    /// Where the last run of two or more blanks in the line begins; its start if there is none.
    last_run: usize,
}

impl<'t> Columns<'t> {
    /// The columns of a field or body. Blanks in its code line nothing up outside of it.
    pub fn new(text: &'t str, markup: Option<&'t Marked<'t>>) -> Self {
        Self { text, markup, line: 0..0, last_run: 0 }
    }

    /// Whether a run of two or more blanks, and then something, comes at or after the byte `at` on its line.
    pub fn follow(&mut self, at: usize) -> bool {
        if !self.line.contains(&at) {
            let start = self.text[..at].rfind(line::is_end).map_or(0, |found| found + 1);
            let start = (start..=at).find(|start| self.text.is_char_boundary(*start)).unwrap_or(at);
            let end = self.text[at..].find(line::is_end).map_or(self.text.len(), |found| at + found);
            self.line = start..end.max(at + 1);
            self.last_run = self.last_run(start..end).unwrap_or(start);
        }
        self.last_run > self.line.start && at <= self.last_run
    }

    /// Where the last run of blanks between two words of a line begins, if it is more than one blank long.
    /// A run at the start of the line is an indent.
    fn last_run(&self, at: Range<usize>) -> Option<usize> {
        let line = self.text[at.clone()].trim_end();
        let mut end = line.len();
        loop {
            let blank = line[..end].rfind(char::is_whitespace)?;
            let start = line[..blank].trim_end().len();
            if start == 0 {
                return None;
            }
            let last = line[blank..].chars().next().map_or(0, char::len_utf8);
            let run = at.start + start..at.start + blank + last;
            let is_code = || self.markup.is_some_and(|markup| markup.is_fixed(&run));
            if self.text[run.clone()].chars().count() > 1 && !is_code() {
                return Some(run.start);
            }
            end = start;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_follows_where_a_run_of_blanks_does() {
        let text = "Mr X   1\nno run here  \n  an indent\na\u{a0} é b";
        let mut columns = Columns::new(text, None);
        let follow: Vec<_> = [0, 4, 5, 7, 9, 22, 25, 35, 39].map(|at| columns.follow(at)).into();
        assert_eq!(follow, [true, true, false, false, false, false, false, true, false]);
        assert!(!Columns::new("", None).follow(0) && !Columns::new("a  b", None).follow(4));
    }
}
