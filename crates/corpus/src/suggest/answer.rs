//! Proposals that are accepted or rejected.

use std::collections::BTreeSet;
use std::path::PathBuf;

use smol_str::SmolStr;

use super::SuggestError;
use super::proposal::{Fix, Proposal};
use super::reading::CorpusReading;
use crate::new_rules::{NewRule, NewRuleContent};
use emendo_core::rules::{Example, NewRow, PassName, Policy};

/// The proposals that somebody accepts and rejects.
pub struct ChosenProposals<'p> {
    /// Those that become rules.
    pub accepted: Vec<&'p Proposal>,
    /// Those that are never proposed again.
    pub rejected: Vec<&'p Proposal>,
}

impl<'p> ChosenProposals<'p> {
    /// The proposals with these ids.
    ///
    /// # Errors
    /// When one is not proposed, is both accepted and rejected, or cannot become a rule.
    pub fn of(accept: &[String], reject: &[String], all: &'p [Proposal]) -> Result<Self, SuggestError> {
        let (accepted, rejected) = (named(accept, all)?, named(reject, all)?);
        if let Some(id) = accept.iter().find(|id| reject.contains(id)) {
            return Err(SuggestError::Both(id.clone()));
        }
        for proposal in &accepted {
            if let Fix::Advice { write, .. } = &proposal.fix {
                return Err(SuggestError::Advice { id: proposal.id(), write: write.clone() });
            }
        }
        Ok(Self { accepted, rejected })
    }
}

/// The proposals with these ids.
fn named<'p>(ids: &[String], all: &'p [Proposal]) -> Result<Vec<&'p Proposal>, SuggestError> {
    let of = |id: &String| all.iter().find(|proposal| proposal.id() == *id).ok_or_else(|| SuggestError::NoProposal(id.clone()));
    ids.iter().collect::<BTreeSet<_>>().into_iter().map(of).collect()
}

impl Proposal {
    /// The rule, to be tried or added; nothing for what can become no rule with certainty.
    pub fn new_rule(&self) -> Option<NewRule> {
        let policy = self.asks.then_some(Policy::Ask);
        let row = |key: &str, form: &str| NewRow {
            key: key.to_owned(),
            forms: vec![form.to_owned()],
            why: Some(self.why.clone()),
            policy,
            ..NewRow::default()
        };
        match &self.fix {
            Fix::Words { wrong, right, case } => {
                let row = NewRow { case: case.map(str::to_owned), ..row(wrong, right) };
                Some(NewRule::rows(PassName::TYPOS, None, vec![row]))
            }
            Fix::Name { variant, canonical } => Some(NewRule::rows(PassName::NAMES, None, vec![row(canonical, variant)])),
            Fix::Pattern { pass, id, find, becomes, example } => {
                let mut new = NewRule::pattern(*pass, None, (find, becomes), Some(id));
                if let NewRuleContent::Pattern(pattern) = &mut new.new {
                    pattern.why.clone_from(&self.why);
                    pattern.policy = policy;
                    if let Some(before) = example {
                        pattern.examples = vec![Example { before: before.into(), after: SmolStr::default() }];
                    }
                }
                Some(new)
            }
            Fix::Advice { .. } => None,
        }
    }
}

impl CorpusReading<'_> {
    /// The files that examples of a proposal are cut from: those of its contexts, and those in which the right form stands.
    pub fn example_files(&self, proposal: &Proposal) -> Vec<PathBuf> {
        let spots = proposal.spots.iter().chain(&proposal.right_spots);
        let numbers: BTreeSet<u32> = spots.map(|spot| spot.source).collect();
        let entries = numbers.into_iter().filter_map(|number| self.listing.entries.get(number as usize));
        entries.map(|entry| self.listing.path(entry)).collect()
    }
}
