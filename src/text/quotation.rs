//! Which parts of a paragraph are somebody's words.

use std::ops::Range;

/// The quotations of a paragraph, in bytes, marks included.
pub fn quotations(paragraph: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = None;
    for (at, c) in paragraph.char_indices() {
        if matches!(c, '"' | '“' | '”') {
            match open.take() {
                None => open = Some(at),
                Some(start) => found.push(start..at + c.len_utf8()),
            }
        }
    }
    found
}
