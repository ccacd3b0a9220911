//! How a run ended, and the one place where a number is made of it.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
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

impl Outcome {
    /// The exit status.
    pub fn code(self) -> u8 {
        match self {
            Outcome::Done => 0,
            Outcome::Found => 1,
            Outcome::Refused => 2,
            Outcome::Problems => 3,
            Outcome::Interrupted => 130,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(outcome.code())
    }
}
