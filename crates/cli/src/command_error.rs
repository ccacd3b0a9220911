//! Why a command did nothing.

use std::io;

use emendo_core::rules::Diagnostic;
use emendo_corpus::CorpusError;
use emendo_corpus::report::{VisibleText, escape};

/// Why a command did nothing.
#[derive(Debug)]
pub enum CommandError {
    /// The usage, the rules or the output were refused.
    ///
    /// What is wrong, where, and the way out.
    Refused(VisibleText),
    /// The rule files have errors.
    Rules(Vec<Diagnostic>),
    /// Standard output cannot be written.
    Output(io::Error),
}

impl CommandError {
    /// Refuses with a message.
    pub fn refused(message: impl Into<VisibleText>) -> Self {
        Self::Refused(message.into())
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<CorpusError> for CommandError {
    fn from(error: CorpusError) -> Self {
        match error.diagnostics() {
            Some(errors) => Self::Rules(errors.to_vec()),
            None => Self::Refused(VisibleText::join(error.lines().iter().map(|line| escape(line)), "\n")),
        }
    }
}

/// Errors that the library has as parts of [`CorpusError`].
macro_rules! from_parts {
    ($($part:path),* $(,)?) => {
        $(impl From<$part> for CommandError {
            fn from(error: $part) -> Self {
                CorpusError::from(error).into()
            }
        })*
    };
}

from_parts!(
    emendo_corpus::adopt::AdoptError,
    emendo_corpus::batch::BatchError,
    emendo_corpus::disk::IoFault,
    emendo_corpus::new_rules::NewRuleError,
    emendo_corpus::output::OutputError,
    emendo_corpus::project::ProjectError,
    emendo_corpus::review::ReviewError,
    emendo_corpus::run::RunError,
    emendo_corpus::selection::SelectionError,
    emendo_corpus::suggest::SuggestError,
    emendo_corpus::undo::UndoError,
);
