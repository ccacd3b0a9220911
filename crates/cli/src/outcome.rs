//! How a run ended, and the one place where a number is made of it.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Everything was done.
    Done,
    /// `--check`, `verify` or `rules try` found something.
    Found,
    /// Nothing was done: the usage, the rules or the output were refused.
    Refused,
    /// All was done that could be, but some inputs are problems.
    Problems,
    /// Somebody interrupted the run; what was written is whole.
    Interrupted,
}

impl ExitStatus {
    /// The exit status.
    pub fn code(self) -> u8 {
        match self {
            ExitStatus::Done => 0,
            ExitStatus::Found => 1,
            ExitStatus::Refused => 2,
            ExitStatus::Problems => 3,
            ExitStatus::Interrupted => 130,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(outcome: ExitStatus) -> Self {
        ExitCode::from(outcome.code())
    }
}
