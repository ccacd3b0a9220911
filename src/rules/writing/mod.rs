//! Adds rules to the text of a rule file, and leaves all that stands there as it is.

mod row;
mod section;
mod tidy;

pub use row::{NewRow, NewRowError, TableState};
pub use section::NewPattern;
pub use tidy::{RowConflict, Tidied, tidy};

/// How the lines of a text end.
fn line_end(text: &str) -> &'static str {
    if text.split_inclusive('\n').next().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" }
}

/// The text with an end to its last line.
fn with_last_end(text: &str, end: &str) -> String {
    [text, if text.is_empty() || text.ends_with('\n') { "" } else { end }].concat()
}
