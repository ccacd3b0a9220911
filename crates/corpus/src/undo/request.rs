//! What is to be taken back, and the decisions that do it.

use std::collections::BTreeSet;

use super::UndoOptions;
use super::effect::{CleanedNow, DocumentNow};
use crate::clock;
use crate::selection::ChangeSelection;
use emendo_core::edit::{Change, Fate};
use emendo_core::review::decision::{Decision, DecisionScope, HAND, Verdict};
use emendo_core::review::session::{Reader, zone_name};
use emendo_core::review::{Decisions, Withdrawn, withdrawing};
use emendo_core::rules::{Rule, RuleSet};

/// What is to be taken back.
pub struct UndoRequest {
    what: What,
    /// How many decisions do not say when they were made, where that was asked.
    pub timeless: usize,
    /// How many decisions reach further than the documents that were named.
    pub wider: usize,
}

enum What {
    /// Decisions, and their lines.
    Decided(Vec<Withdrawn>, BTreeSet<usize>),
    /// What rules applied.
    Done { selection: ChangeSelection, added: Vec<Decision> },
}

impl UndoRequest {
    /// What the options come to, with what was done as the decisions are now.
    pub fn new(
        options: &UndoOptions,
        selection: &ChangeSelection,
        (decisions, rules): (&Decisions, &RuleSet),
        seen: &[CleanedNow],
        reader: &Reader,
    ) -> Self {
        if options.since.is_none() && options.by.is_none() {
            let rejected = Rejected { selection, decisions, rules, reader };
            let added = if selection.names_sources() { rejected.in_documents(seen) } else { rejected.everywhere(seen) };
            let what = What::Done { selection: selection.clone(), added };
            return Self { what, timeless: 0, wider: 0 };
        }
        let of = Of { options, selection, seen };
        let fits = |decision: &Decision| of.fits(decision) && of.is_since(decision) == Some(true) && of.is_in_documents(decision);
        let fitting = || decisions.iter().filter(|(_, decision)| of.fits(decision));
        let withdrawn = withdrawing(decisions, fits, reader);
        let lines = withdrawn.iter().map(|withdrawn| withdrawn.line).collect();
        Self {
            what: What::Decided(withdrawn, lines),
            timeless: fitting().filter(|(_, decision)| of.is_since(decision).is_none()).count(),
            wider: fitting()
                .filter(|(_, decision)| of.is_since(decision) == Some(true) && decision.scope.is_lasting())
                .filter(|(_, decision)| !of.is_in_documents(decision))
                .count(),
        }
    }

    /// The decisions to add.
    pub fn added(&self) -> Vec<&Decision> {
        match &self.what {
            What::Decided(withdrawn, _) => withdrawn.iter().flat_map(|withdrawn| &withdrawn.added).collect(),
            What::Done { added, .. } => added.iter().collect(),
        }
    }

    /// Their lines.
    pub fn lines(&self) -> String {
        self.added().into_iter().map(Decision::line).collect()
    }

    /// How many decisions are withdrawn, if decisions are.
    pub fn withdrawn(&self) -> Option<usize> {
        if let What::Decided(withdrawn, _) = &self.what { Some(withdrawn.len()) } else { None }
    }

    /// Whether a change is one of those that are to be taken back.
    pub fn holds(&self, source: &CleanedNow, change: &Change) -> bool {
        match &self.what {
            What::Decided(_, lines) => change.decision.is_some_and(|line| lines.contains(&line)),
            What::Done { selection, .. } => selection.wants_source(&source.name) && selection.wants_rule(&change.rule),
        }
    }
}

/// Which decisions were asked for.
struct Of<'a> {
    options: &'a UndoOptions,
    selection: &'a ChangeSelection,
    seen: &'a [CleanedNow],
}

impl Of<'_> {
    fn fits(&self, decision: &Decision) -> bool {
        self.selection.wants_rule(&decision.rule) && self.options.by.as_ref().is_none_or(|who| decision.who.as_ref() == Some(who))
    }

    /// Nothing if the decision does not tell.
    fn is_since(&self, decision: &Decision) -> Option<bool> {
        let Some(since) = self.options.since else { return Some(true) };
        Some(clock::instant(decision.when.as_deref()?)? >= since)
    }

    fn is_in_documents(&self, decision: &Decision) -> bool {
        let has = |source: &&CleanedNow, digest: &String| {
            source.digest == *digest || source.documents.iter().any(|document| document.digest.as_ref() == Some(digest))
        };
        let by_digest = || decision.digest.as_ref().and_then(|digest| self.seen.iter().find(|source| has(source, digest)));
        let name = decision.source.as_deref().or_else(|| by_digest().map(|source| &*source.name));
        !self.selection.names_sources() || !decision.scope.is_lasting() && name.is_some_and(|name| self.selection.wants_source(name))
    }
}

/// The decisions that reject what rules applied.
struct Rejected<'a> {
    selection: &'a ChangeSelection,
    decisions: &'a Decisions,
    rules: &'a RuleSet,
    reader: &'a Reader,
}

impl Rejected<'_> {
    /// Each rule as a whole.
    fn everywhere(&self, seen: &[CleanedNow]) -> Vec<Decision> {
        let applied = seen.iter().flat_map(|source| &source.documents).flat_map(|document| self.applied(document));
        let rules: BTreeSet<&str> = applied.map(|change| &*change.rule).collect();
        let rules = rules.into_iter().filter_map(|id| self.rules.by_id(id));
        let whole =
            |rule: &Rule| Decision { rule_digest: Some(rule.digest()), ..Decision::about(Verdict::Reject, DecisionScope::Rule, &rule.id) };
        let by_hand = seen.iter().flat_map(|source| self.by_hand(source));
        self.signed(rules.map(whole).chain(by_hand))
    }

    /// Each kind of change of each document.
    fn in_documents(&self, seen: &[CleanedNow]) -> Vec<Decision> {
        let mut all = Vec::new();
        for source in seen.iter().filter(|source| self.selection.wants_source(&source.name)) {
            for document in &source.documents {
                let mut kinds = BTreeSet::new();
                for change in self.applied(document).filter(|change| &*change.rule != HAND) {
                    let kind = (&*change.rule, &*change.before, &*change.after, zone_name(change.zone));
                    if !kinds.insert(kind) {
                        continue;
                    }
                    all.push(Decision {
                        before: Some(change.before.to_string()),
                        after: Some(change.after.to_string()),
                        zones: Some(vec![zone_name(change.zone).to_owned()]),
                        source: Some(source.name.clone()),
                        document: (!source.is_whole).then_some(document.number),
                        digest: document.digest.clone(),
                        ..Decision::about(Verdict::Reject, DecisionScope::Document, &change.rule)
                    });
                }
            }
            all.extend(self.by_hand(source));
        }
        self.signed(all.into_iter())
    }

    fn applied<'s>(&'s self, document: &'s DocumentNow) -> impl Iterator<Item = &'s Change> {
        document.changes.iter().filter(|change| change.fate == Fate::Applied && self.selection.wants_rule(&change.rule))
    }

    /// What a person corrected was decided for that place alone, and so is its end.
    fn by_hand<'s>(&'s self, source: &'s CleanedNow) -> impl Iterator<Item = Decision> + 's {
        let wanted = self.selection.wants_rule(HAND);
        source.documents.iter().filter(move |_| wanted).flat_map(|document| document.by_hand.iter().cloned())
    }

    fn signed(&self, decisions: impl Iterator<Item = Decision>) -> Vec<Decision> {
        let Reader { who, when, note } = self.reader;
        let signed = decisions.map(|decision| Decision { who: who.clone(), when: when.clone(), note: note.clone(), ..decision });
        self.decisions.replacing(signed.collect())
    }
}
