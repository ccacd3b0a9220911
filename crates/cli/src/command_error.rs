//! Why a command did nothing.

use std::fmt;
use std::io;

use emendo_core::rules::Diagnostic;

/// Why a command did nothing.
#[derive(Debug)]
pub enum CommandError {
    /// The usage, the rules or the output were refused.
    ///
    /// What is wrong, where, and the way out; safe to show.
    Refused(String),
    /// The rule files have errors.
    Rules(Vec<Diagnostic>),
    /// Standard output cannot be written.
    Output(io::Error),
}

impl CommandError {
    /// Refuses with a message that is safe to show.
    pub fn refused(message: impl fmt::Display) -> Self {
        Self::Refused(message.to_string())
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
