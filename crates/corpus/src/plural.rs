//! Numbers of things, in words.

use crate::report::VisibleText;
use crate::shown;

/// A number of things, in words: `1 file`, `2 files`.
pub fn counted(count: usize, thing: &'static str) -> VisibleText {
    shown!("{} {}{}", count, thing, if count == 1 { "" } else { "s" })
}
