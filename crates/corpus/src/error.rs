//! Any error of the library, for callers that handle them alike.
//!
//! Messages are raw: they may quote names and texts of a corpus. Whoever shows one escapes it, each of
//! [`CorpusError::lines`] by itself.

use emendo_core::rules::Diagnostic;

use crate::adopt::AdoptError;
use crate::batch::BatchError;
use crate::disk::IoFault;
use crate::new_rules::NewRuleError;
use crate::output::OutputError;
use crate::project::ProjectError;
use crate::review::ReviewError;
use crate::run::RunError;
use crate::selection::SelectionError;
use crate::suggest::SuggestError;
use crate::undo::UndoError;

/// Why a command of the library did nothing: what is wrong, where, and the way out.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// The system refused to read or write something.
    #[error(transparent)]
    Io(#[from] IoFault),
    /// The inputs cannot be found, or no threads be started.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The project or its settings are wrong.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// Sources cannot be cleaned.
    #[error(transparent)]
    Run(#[from] RunError),
    /// An output folder cannot be read.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A new rule was refused.
    #[error(transparent)]
    NewRule(#[from] NewRuleError),
    /// No such rule or source was asked for.
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
        match (self, self.project()) {
            (Self::Run(RunError::Clashes(clashes)), _) => clashes.iter().map(ToString::to_string).collect(),
            (_, Some(ProjectError::Decisions { path, bad })) => {
                let path = path.display();
                let lines = bad.iter().map(|bad| format!("{path}:{}: {}", bad.line, bad.error));
                lines.chain([self.to_string()]).collect()
            }
            (_, Some(ProjectError::Formats(why))) => why.to_string().lines().map(str::to_owned).collect(),
            _ => vec![self.to_string()],
        }
    }

    /// What is wrong with the rule files, if they are.
    pub fn diagnostics(&self) -> Option<&[Diagnostic]> {
        match (self, self.project()) {
            (Self::NewRule(NewRuleError::Rules(errors)), _) | (_, Some(ProjectError::Rules(errors))) => Some(errors),
            _ => None,
        }
    }

    /// What is wrong with the project, if that is it, whichever command found it.
    fn project(&self) -> Option<&ProjectError> {
        match self {
            Self::Project(error)
            | Self::Run(RunError::Project(error))
            | Self::Review(ReviewError::Project(error))
            | Self::Undo(UndoError::Project(error))
            | Self::Adopt(AdoptError::Project(error))
            | Self::NewRule(NewRuleError::Project(error) | NewRuleError::Adopt(AdoptError::Project(error))) => Some(error),
            _ => None,
        }
    }
}
