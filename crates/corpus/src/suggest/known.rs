//! What rules and people have said already.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::proposal::{Fix, Proposal, ProposalKind};
use crate::JsonLineError;
use emendo_core::rules::{Find, Policies, RuleSet};

/// A "no", as it stands in a line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "struct No")] // as messages about a line that is no object have it
pub struct RefusalLine {
    /// What the proposal was about.
    pub kind: String,
    /// What was taken for wrong.
    pub wrong: String,
    /// What was taken for right.
    pub right: String,
    /// Who said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
}

/// What needs no proposal any more.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Forms that a rule replaces already, in small letters.
    wrong: BTreeSet<String>,
    /// Forms that a rule arrives at.
    right: BTreeSet<String>,
    /// What patterns find.
    patterns: BTreeSet<String>,
    /// Forms that a table has as one: the form under which all of them go.
    same: BTreeMap<String, String>,
    /// Pairs that are not the same, each way.
    different: BTreeSet<(String, String)>,
    /// Proposals of other kinds that nobody wanted.
    unwanted: BTreeSet<(String, String, String)>,
}

impl Known {
    /// What these rules say; those that are off say nothing.
    pub fn of(rules: &RuleSet, policies: &Policies) -> Self {
        let mut known = Self::default();
        for (number, rule) in rules.iter() {
            let is_off = policies.is_off(number);
            match &rule.find {
                Find::Words { wrong, right, .. } if !is_off => {
                    known.wrong.insert(wrong.to_lowercase());
                    known.right.insert(right.to_string());
                    known.unite(wrong, right);
                }
                Find::Name { variant, canonical, not_same, .. } => {
                    if !is_off {
                        known.wrong.insert(variant.to_lowercase());
                        known.right.insert(canonical.to_string());
                        known.unite(variant, canonical);
                    }
                    for other in not_same {
                        known.part(variant, other);
                        known.part(canonical, other);
                    }
                }
                Find::Pattern { find, .. } if !is_off => {
                    known.patterns.insert(find.as_str().to_owned());
                }
                _ => {}
            }
        }
        known
    }

    /// Adds what people said no to.
    pub fn refuse(&mut self, no: &RefusalLine) {
        if no.kind == ProposalKind::Name.name() || no.kind == ProposalKind::Typo.name() {
            self.part(&no.wrong, &no.right);
        } else {
            self.unwanted.insert((no.kind.clone(), no.wrong.clone(), no.right.clone()));
        }
    }

    /// Whether a proposal tells nothing new, or was refused.
    pub fn has(&self, proposal: &Proposal) -> bool {
        let (wrong, right) = proposal.fix.pair();
        match proposal.kind {
            ProposalKind::Typo | ProposalKind::Name => {
                self.replaces(wrong) || self.right.contains(wrong) || self.are_different(wrong, right)
            }
            kind => {
                let unwanted = (kind.name().to_owned(), wrong.to_owned(), right.to_owned());
                self.replaces(wrong) || self.patterns.contains(wrong) || self.unwanted.contains(&unwanted)
            }
        }
    }

    /// The same proposal, that arrives where the rules would go on to.
    pub fn settled(&self, mut proposal: Proposal) -> Proposal {
        if let Fix::Name { canonical: right, .. } | Fix::Words { right, .. } = &mut proposal.fix {
            *right = self.name(right).to_owned();
        }
        proposal
    }

    /// Whether a rule has to do with this form already.
    fn replaces(&self, wrong: &str) -> bool {
        self.wrong.contains(&wrong.to_lowercase())
    }

    /// The name under which a form goes.
    fn name<'n>(&'n self, form: &'n str) -> &'n str {
        let mut name = form;
        // A chain of tables is short; one that came round would be refused when it was read.
        for _ in 0..8 {
            match self.same.get(name) {
                Some(next) if next != name => name = next,
                _ => break,
            }
        }
        name
    }

    fn unite(&mut self, variant: &str, canonical: &str) {
        self.same.insert(variant.to_owned(), canonical.to_owned());
    }

    fn part(&mut self, one: &str, other: &str) {
        self.different.insert((one.to_owned(), other.to_owned()));
        self.different.insert((other.to_owned(), one.to_owned()));
    }

    /// Whether two forms are known to mean two: themselves, what they are the same as, or the words in which they differ.
    fn are_different(&self, one: &str, other: &str) -> bool {
        let (one_name, other_name) = (self.name(one), self.name(other));
        self.different.iter().any(|(a, b)| {
            (self.name(a) == one_name && self.name(b) == other_name) || is_within(one, a) && is_within(other, b) && one != other
        })
    }
}

/// Whether whole words of `name` are `part`.
fn is_within(name: &str, part: &str) -> bool {
    name.len() > part.len() && format!(" {name} ").contains(&format!(" {part} "))
}

/// Reads the lines of a file of refusals.
///
/// # Errors
/// The first line that cannot be read.
pub fn refusals(text: &str) -> Result<Vec<RefusalLine>, JsonLineError> {
    let lines = (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty());
    lines.map(|(line, text)| serde_json::from_str(text).map_err(|error| JsonLineError { line, error })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suggest::occurrence::Occurrences;

    fn name(variant: &str, canonical: &str) -> Proposal {
        let fix = Fix::Name { variant: variant.into(), canonical: canonical.into() };
        Proposal::new(ProposalKind::Name, fix, &Occurrences::default(), 1.0)
    }

    fn no(wrong: &str, right: &str) -> RefusalLine {
        RefusalLine { kind: "name".into(), wrong: wrong.into(), right: right.into(), who: None }
    }

    #[test]
    fn a_no_holds_for_all_that_is_the_same() {
        let mut known = Known::default();
        known.unite("Moammar Gadhafi", "Muammar Gaddafi");
        known.refuse(&no("Saif Gaddafi", "Muammar Gaddafi"));
        assert!(known.has(&name("Saif Gaddafi", "Muammar Gaddafi")));
        assert!(known.has(&name("Muammar Gaddafi", "Saif Gaddafi")));
        assert!(known.are_different("Saif Gaddafi", "Moammar Gadhafi"), "it is the same as the other");
        assert!(known.are_different("Moammar Gadhafi", "Saif Gaddafi"));
        assert!(!known.has(&name("Saif Gadafi", "Saif Gaddafi")));
    }

    #[test]
    fn a_no_holds_for_longer_names_too() {
        let mut known = Known::default();
        known.refuse(&no("Jon Smith", "John Smith"));
        assert!(known.has(&name("Captain Jon Smith", "Captain John Smith")));
        assert!(!known.has(&name("Jon Smyth", "John Smyth")));
    }

    #[test]
    fn a_proposal_arrives_where_the_rules_go_on_to() {
        let mut known = Known::default();
        known.unite("Volodymyr Zelenskyy", "Volodymyr Zelensky");
        let settled = known.settled(name("Volodymir Zelenskyy", "Volodymyr Zelenskyy"));
        assert_eq!(settled.fix.pair(), ("Volodymir Zelenskyy", "Volodymyr Zelensky"));
    }

    #[test]
    fn refusals_are_lines() {
        let line = serde_json::to_string(&no("A", "B")).expect("it is text");
        assert_eq!(refusals(&format!("{line}\n\n{line}\n")).expect("they are well-formed"), [no("A", "B"), no("A", "B")]);
        assert_eq!(refusals(&format!("{line}\n\n{{\"kind\":1}}\n")).expect_err("the last is none").line, 3);
    }
}
