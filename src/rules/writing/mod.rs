//! Adds rules to the text of a rule file, and leaves all that stands there as it is.

mod row;
mod section;
mod tidy;

pub use row::{NewRow, NewRowError, TableState};
pub use section::NewPattern;
pub use tidy::{RowConflict, Tidied, tidy};
