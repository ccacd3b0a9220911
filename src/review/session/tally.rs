//! What readers made of each rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::{Session, State};
use crate::review::sampling::CheckedSample;

/// What readers made of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// What it applies and nobody has decided on.
    pub applied: u64,
    /// What it asks and nobody has decided on.
    pub open: u64,
    /// What readers want different things of.
    pub disputed: u64,
    /// Accepted as the rule has it.
    pub accepted: u64,
    /// Accepted with another text.
    pub replaced: u64,
    /// Rejected.
    pub rejected: u64,
}

/// What a rule has earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Earned {
    /// It should ask: readers wanted something else too often.
    Ask,
    /// It may apply: readers wanted what it does.
    Apply,
}

/// So many places decided otherwise are no slip.
const FEW: u64 = 3;

impl Tally {
    /// What was decided, as a sample of all that the rule does. It is none that was drawn at random.
    pub fn decided(self) -> CheckedSample {
        CheckedSample { read: self.accepted + self.replaced + self.rejected, wrong: self.replaced + self.rejected }
    }

    /// What the rule has earned, if it applies by itself or asks now: to ask, once readers wanted something else in three places and
    /// in one of twenty; to apply, once they accepted it so often that fewer than one in twenty can be wrong (at 95 %).
    pub fn earned(self, applies: bool) -> Option<Earned> {
        let decided = self.decided();
        let is_doubtful = decided.wrong >= FEW && decided.wrong * 20 > decided.read;
        let is_sure = decided.most_wrong() < 0.05;
        match applies {
            true if is_doubtful => Some(Earned::Ask),
            false if is_sure && self.disputed == 0 => Some(Earned::Apply),
            _ => None,
        }
    }
}

impl Session {
    /// What readers made of each rule that proposed something, by its id. Changes that touch count for the first of their rules.
    pub fn tallies(&self) -> BTreeMap<Arc<str>, Tally> {
        let mut tallies: BTreeMap<Arc<str>, Tally> = BTreeMap::new();
        for (number, item) in self.items().iter().enumerate() {
            let tally = tallies.entry(item.change().rule.clone()).or_default();
            let count = match self.state(number) {
                State::Applied => &mut tally.applied,
                State::Open => &mut tally.open,
                State::Disputed => &mut tally.disputed,
                State::Accepted => &mut tally.accepted,
                State::Replaced => &mut tally.replaced,
                State::Rejected => &mut tally.rejected,
            };
            *count += 1;
        }
        tallies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_earns_what_readers_made_of_it() {
        let tally = |accepted, replaced, rejected| Tally { accepted, replaced, rejected, ..Tally::default() };
        for (tally, applies, earned) in [
            (tally(0, 0, 0), true, None),
            (tally(0, 0, 2), true, None),
            (tally(0, 1, 2), true, Some(Earned::Ask)),
            (tally(57, 0, 3), true, None),
            (tally(56, 0, 3), true, Some(Earned::Ask)),
            (tally(0, 0, 3), false, None),
            (tally(58, 0, 0), false, None),
            (tally(59, 0, 0), false, Some(Earned::Apply)),
            (tally(59, 0, 0), true, None),
            (tally(91, 0, 1), false, None),
            (tally(92, 0, 1), false, Some(Earned::Apply)),
        ] {
            assert_eq!(tally.earned(applies), earned, "{tally:?}");
        }
        let disputed = Tally { disputed: 1, ..tally(100, 0, 0) };
        assert_eq!(disputed.earned(false), None);
    }
}
