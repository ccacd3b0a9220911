//! What is doubtful in a rule set that keeps the laws.

use std::sync::Arc;

use emendo_core::edit::RuleNumber;
use emendo_core::rules::{Diagnostic, Knowledge, RuleSpot};

/// What is doubtful about a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Another rule does all that it does.
    Duplicate,
    /// Another rule is always first.
    Shadowed,
    /// Nothing ever runs it.
    NeverRuns,
    /// What it does depends on a rule of another pass.
    OrderDependent,
    /// Its pattern has nothing in it that is rare.
    Slow,
    /// Its pattern goes on over any number of words.
    Greedy,
    /// Its pattern takes much memory.
    Large,
}

impl FindingKind {
    /// The name for programs.
    pub fn name(self) -> &'static str {
        match self {
            FindingKind::Duplicate => "duplicate",
            FindingKind::Shadowed => "shadowed",
            FindingKind::NeverRuns => "never-runs",
            FindingKind::OrderDependent => "order-dependent",
            FindingKind::Slow => "slow",
            FindingKind::Greedy => "greedy",
            FindingKind::Large => "large",
        }
    }
}

/// Something doubtful, and where.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// The rule that it is about.
    pub rule: RuleNumber,
    /// The other rule that it is about.
    pub other: Option<RuleNumber>,
    /// The part of the rule.
    pub spot: RuleSpot,
    /// What is doubtful: one sentence.
    pub title: String,
    /// The reason, short; may be empty.
    pub label: String,
    /// The way out.
    pub help: String,
    /// The part of the pattern, in bytes of it.
    pub part: Option<std::ops::Range<usize>>,
}

impl Finding {
    /// About this part of a rule.
    pub fn new(kind: FindingKind, rule: RuleNumber, spot: RuleSpot, title: impl Into<String>) -> Self {
        Self { kind, rule, other: None, spot, title: title.into(), label: String::new(), help: String::new(), part: None }
    }

    /// And about another rule.
    pub fn beside(self, other: RuleNumber) -> Self {
        Self { other: Some(other), ..self }
    }

    /// With the reason.
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// With the way out.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// The rules that it is about.
    pub fn rules<'k>(&self, knowledge: &'k Knowledge) -> Vec<&'k Arc<str>> {
        [Some(self.rule), self.other].into_iter().flatten().map(|rule| &knowledge.rules.get(rule).id).collect()
    }

    /// As it is shown. The file is read up to the place: of many findings only those that are shown should be.
    pub fn diagnostic(&self, knowledge: &Knowledge) -> Diagnostic {
        let found = match &self.part {
            Some(part) => knowledge.diagnostic_in(self.rule, self.spot, part.clone(), self.title.clone()),
            None => knowledge.diagnostic(self.rule, self.spot, self.title.clone()),
        };
        found.label(self.label.clone()).help(self.help.clone()).warning()
    }
}
