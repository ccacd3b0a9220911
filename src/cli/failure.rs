//! Why a command did nothing.

use std::fmt;
use std::io;

/// Why a command did nothing.
#[derive(Debug)]
pub enum Failure {
    /// The usage, the rules or the output were refused.
    Refused {
        /// Errors already laid out for the screen.
        shown: Option<String>,
        /// What is wrong, where, and the way out; safe to show.
        message: String,
    },
    /// Standard output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// Refuses with a message that is safe to show.
    pub fn refused(message: impl fmt::Display) -> Self {
        Self::Refused { shown: None, message: message.to_string() }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
