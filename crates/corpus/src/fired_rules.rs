//! How often each rule fires in a corpus.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::batch::{self, Input, InputContent, RunEnd, RunObserver};
use crate::check::{Finding, FindingKind};
use crate::counted;
use crate::project::Settings;
use crate::run::RunError;
use emendo_core::cleaner::CleanedSource;
use emendo_core::edit::{ChangeId, Fate, RuleNumber};
use emendo_core::rules::{Find, Knowledge, Policies, Rule, RuleSpot};

/// A rule that proposes to change one byte of so many of a corpus takes too much for granted.
const LARGE_SHARE: u64 = 20;

/// A smaller corpus says nothing about shares, in bytes.
const SMALL_CORPUS: u64 = 10_000;

/// What became of what a rule proposed.
#[derive(Clone, Debug, Default)]
pub struct FiredCounts {
    /// Stands in the cleaned texts.
    pub applied: usize,
    /// Needs review.
    pub pending: usize,
    /// Another rule was first.
    pub superseded: usize,
    /// Lies where nothing may be changed.
    pub protected: usize,
    /// A decision forbids it.
    pub rejected: usize,
    /// The rules that were first, and how often.
    pub superseded_by: BTreeMap<Arc<str>, usize>,
    /// So many bytes would be replaced.
    bytes: u64,
}

impl FiredCounts {
    /// All proposals.
    pub fn all(&self) -> usize {
        self.applied + self.pending + self.superseded + self.protected + self.rejected
    }
}

/// How often each rule fires in a corpus.
#[derive(Default)]
pub struct FiredRules {
    /// So many sources were read.
    pub files: usize,
    /// What could not be cleaned: source and reason.
    pub problems: Vec<(String, String)>,
    /// What became of what each rule proposed.
    pub rules: BTreeMap<Arc<str>, FiredCounts>,
    /// The rules that are run and proposed nothing, own ones first.
    pub never: Vec<RuleNumber>,
    bytes: u64,
}

impl FiredRules {
    /// Cleans a corpus, writes nothing, and counts.
    ///
    /// # Errors
    /// When an input is not there, or the cleaner cannot be made.
    pub fn count(
        paths: &[PathBuf],
        settings: &Settings,
        threads: Option<NonZeroUsize>,
        observer: &mut dyn RunObserver,
    ) -> Result<(Self, RunEnd), RunError> {
        let cleaner = settings.cleaner()?;
        let listing = batch::listing(paths)?;
        let mut fired = Self::default();
        let ended = batch::run(&listing, &cleaner, &batch::threads(threads)?, observer, |inputs| {
            for input in &inputs {
                fired.add(input);
            }
            Ok::<_, RunError>(())
        })?;
        fired.never = fired.silent(settings);
        Ok((fired, ended))
    }

    fn add(&mut self, input: &Input<'_>) {
        match &input.what {
            InputContent::Read { report, .. } => {
                self.files += usize::from(report.text().is_some());
                self.problems.extend(report.problems().map(|problem| (report.name.clone(), problem.reason.clone())));
                self.add_changes(report);
            }
            InputContent::Unread { reason, .. } => self.problems.push((input.entry.name.clone(), reason.clone())),
            InputContent::Skipped { .. } => {}
        }
    }

    fn add_changes(&mut self, report: &CleanedSource) {
        self.bytes += report.text().map_or(0, |text| text.text.len() as u64);
        let rules: LazyCell<FxHashMap<ChangeId, &Arc<str>>, _> =
            LazyCell::new(|| report.placed().map(|(_, change)| (change.id(), &change.change.rule)).collect());
        for change in report.changes() {
            let counts = self.rules.entry(change.rule.clone()).or_default();
            let places = change.places.len();
            counts.bytes += (change.before.len() * places) as u64;
            match change.fate {
                Fate::Applied => counts.applied += places,
                Fate::Pending => counts.pending += places,
                Fate::Protected { .. } => counts.protected += places,
                Fate::Rejected => counts.rejected += places,
                Fate::Superseded { by } => {
                    counts.superseded += places;
                    if let Some(by) = rules.get(&by) {
                        *counts.superseded_by.entry(Arc::clone(by)).or_default() += places;
                    }
                }
            }
        }
    }

    /// The rules that are run under the settings and proposed nothing.
    fn silent(&self, settings: &Settings) -> Vec<RuleNumber> {
        let knowledge = &settings.knowledge;
        let policies = Policies::new(&knowledge.rules, &knowledge.chain, &settings.caps);
        let is_run = |(number, rule): &(RuleNumber, &Rule)| {
            !policies.is_off(*number) && rule.style.is_none_or(|style| style == settings.quotes) && !self.rules.contains_key(&rule.id)
        };
        let mut never: Vec<_> = knowledge.rules.iter().filter(is_run).map(|(number, _)| number).collect();
        never.sort_by_key(|number| {
            let origin = &knowledge.rules.get(*number).origin;
            (origin.shipped, &origin.file, origin.line)
        });
        never
    }

    /// The own rules that proposed nothing.
    pub fn own_never<'f>(&'f self, knowledge: &'f Knowledge) -> impl Iterator<Item = RuleNumber> + 'f {
        self.never.iter().copied().filter(|number| !knowledge.rules.get(*number).origin.shipped)
    }

    /// What the corpus shows to be doubtful about own rules: one that another is always before, and a pattern that claims a large
    /// share of the text.
    pub fn findings(&self, knowledge: &Knowledge) -> Vec<Finding> {
        let own = knowledge.rules.iter().filter(|(_, rule)| !rule.origin.shipped);
        own.filter_map(|(number, rule)| self.finding(number, rule, self.rules.get(&rule.id)?)).collect()
    }

    fn finding(&self, number: RuleNumber, rule: &Rule, counts: &FiredCounts) -> Option<Finding> {
        if counts.superseded == counts.all() {
            let by: Vec<&str> = counts.superseded_by.keys().map(|rule| &**rule).take(3).collect();
            let title = format!("The rule {} found something in the corpus, and another rule was always first.", rule.id);
            let label = format!("{}: {}", counted(counts.superseded, "place"), by.join(", "));
            let help = "Remove it, or let the other find less.";
            return Some(Finding::new(FindingKind::Shadowed, number, RuleSpot::Id, title).label(label).help(help));
        }
        let is_pattern = matches!(rule.find, Find::Pattern { .. });
        if is_pattern && self.bytes >= SMALL_CORPUS && counts.bytes >= self.bytes / LARGE_SHARE {
            let title = format!("The rule {} would replace {} % of the corpus.", rule.id, counts.bytes * 100 / self.bytes);
            let label = format!("matches at {}", counted(counts.all(), "place"));
            let help = "Let the pattern find less: add what stands before or behind, in groups that `becomes` gives back.";
            return Some(Finding::new(FindingKind::Greedy, number, RuleSpot::Find, title).label(label).help(help));
        }
        None
    }
}
