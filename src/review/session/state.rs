//! How an item stands.

use serde::Serialize;

use super::Session;
use crate::review::decision::Verdict;

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It asks, and nobody has decided.
    Open,
    /// Its rule applies it, and nobody has decided.
    Applied,
    /// Readers want different things.
    Disputed,
    /// It is to be done.
    Accepted,
    /// Something else is to be put there.
    Replaced,
    /// It is to be left.
    Rejected,
}

impl State {
    /// All of them, what is to be decided first.
    pub const ALL: [State; 6] = [State::Open, State::Applied, State::Disputed, State::Accepted, State::Replaced, State::Rejected];

    /// The name, for people and programs.
    pub fn name(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Applied => "applied",
            State::Disputed => "disputed",
            State::Accepted => "accepted",
            State::Replaced => "replaced",
            State::Rejected => "rejected",
        }
    }

    /// Whether somebody has decided, and nobody against it.
    pub fn is_decided(self) -> bool {
        matches!(self, State::Accepted | State::Replaced | State::Rejected)
    }
}

impl Session {
    /// How an item stands.
    pub fn state(&self, item: usize) -> State {
        match self.wish(item) {
            None if self.items()[item].is_pending() => State::Open,
            None => State::Applied,
            Some(wish) if wish.is_disputed => State::Disputed,
            Some(wish) => match wish.verdict {
                Verdict::Reject => State::Rejected,
                Verdict::Replace => State::Replaced,
                Verdict::Accept | Verdict::Withdraw => State::Accepted,
            },
        }
    }
}
