//! Why a command of the library did nothing.
//!
//! Messages are raw: they may quote names and texts of a corpus. Whoever shows one escapes it, each of
//! [`CorpusError::lines`] by itself.

use emendo_core::rules::Diagnostic;

use crate::adopt::AdoptError;
use crate::batch::BatchError;
use crate::disk::{Clash, IoFault, RefusedOutput, WalkError, WriteError};
use crate::new_rules::NewRuleError;
use crate::output::OutputError;
use crate::project::ProjectError;
use crate::review::ReviewError;
use crate::selection::SelectionError;
use crate::suggest::SuggestError;
use crate::undo::UndoError;

/// Why a command of the library did nothing: what is wrong, where, and the way out.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// The system refused to read or write something.
    #[error(transparent)]
    Io(#[from] IoFault),
    /// An input cannot be found.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// A run over many sources cannot be started.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The project or its settings are wrong.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The rule files have errors, or break laws.
    #[error("The rules have errors.")]
    Rules(Vec<Diagnostic>),
    /// Two inputs would be written to the same output.
    #[error("Two inputs have the same output.")]
    Clashes(Vec<Clash>),
    /// The output folder was refused.
    #[error(transparent)]
    RefusedOutput(#[from] RefusedOutput),
    /// An output cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// An output folder cannot be read.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A new rule was refused.
    #[error(transparent)]
    NewRule(#[from] NewRuleError),
    /// No such change, rule or document was asked for.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// A review cannot be held.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// Nothing can be taken back.
    #[error(transparent)]
    Undo(#[from] UndoError),
    /// Nothing can be adopted.
    #[error(transparent)]
    Adopt(#[from] AdoptError),
    /// A proposal cannot be accepted or rejected.
    #[error(transparent)]
    Suggest(#[from] SuggestError),
}

impl CorpusError {
    /// The message, a sentence or a place for each line; none of them holds a line feed that was not in a name or text.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Clashes(clashes) => clashes.iter().map(ToString::to_string).collect(),
            Self::Project(ProjectError::Decisions { path, bad }) => {
                let path = path.display();
                let lines = bad.iter().map(|bad| format!("{path}:{}: {}", bad.line, bad.error));
                lines.chain([self.to_string()]).collect()
            }
            Self::Project(ProjectError::Formats(why)) => why.to_string().lines().map(str::to_owned).collect(),
            _ => vec![self.to_string()],
        }
    }
}
